"""Beans across parts: which application classes every part has, and which beans of others a part's code asks for."""

from __future__ import annotations

from refactor.frameworks.model import BeanFacts
from refactor.frameworks.spring import spring_beans
from refactor.ir.symbols import Flags
from refactor.isolate.context import Analyses


def beans_of(analyses: Analyses) -> BeanFacts:
    """What a container knows of the program."""
    return spring_beans(analyses.facts)


def everywhere(analyses: Analyses) -> frozenset[str]:
    """Application classes that only configure: every part is an application of its own, and starts as the monolith did.

    One that declares beans, or has state, is owned like any other class.
    """
    found = analyses.once(beans_of)
    chosen = set()
    for application in found.applications:
        cls = analyses.facts.symbol(application.cls)
        state = any(f.constant is None for f in cls.fields if not (f.flags & Flags.STATIC and f.flags & Flags.FINAL))
        makes = any(b.declared_in == application.cls and b.type != application.cls for b in found.beans)
        if cls.outer is None and not state and not makes:
            chosen.add(application.cls)
    return frozenset(chosen)
