"""Code and files that declare beans which nothing else tells of: what they declare may be anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from refactor.flow.facts import annotated
from refactor.frameworks.knowledge import container
from refactor.frameworks.model import BeanKind
from refactor.ir.statements import Invoke
from refactor.isolate.beans import beans_of
from refactor.isolate.contained.pair import Pair
from refactor.isolate.context import Analyses
from refactor.support.source import Span


@dataclass(frozen=True, slots=True)
class Source:
    """The class `top` declares beans in code."""

    top: str
    why: str
    span: Span | None


def sources(analyses: Analyses) -> tuple[Source, ...]:
    """Every class of the main sources that declares beans in code, or has a file declare them."""
    facts, known = analyses.facts, container()
    found: dict[str, Source] = {}
    for name in sorted(facts.top):
        cls, top = facts.symbol(name), facts.top[name]
        if facts.is_test(top) or cls.is_interface:
            continue
        if known.registrars & facts.hierarchy.supertypes(name):
            found.setdefault(top, Source(top, "it declares beans in code", cls.name_span))
        elif mark := annotated(cls, known.bean_files):
            found.setdefault(top, Source(top, f"@{mark.name.rpartition('.')[2]} declares beans in a file", mark.span))
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        owner, _, rest = (call.method or "").partition("#")
        if rest.partition("(")[0] in known.register_calls and owner.startswith("org.springframework.") and not facts.is_test(site.top):
            found.setdefault(site.top, Source(site.top, "it declares beans in code", call.span))
    for bean in analyses.once(beans_of).beans:
        if bean.kind is BeanKind.FACTORY and bean.type == "java.lang.Object":
            top = facts.top[bean.declared_in]
            found.setdefault(top, Source(top, "what its factory makes is not known", bean.span))
    return tuple(found[top] for top in sorted(found))


def registered(analyses: Analyses) -> Iterator[Pair]:
    """What code that declares beans names may be a bean of its container."""
    facts = analyses.facts
    for source in analyses.once(sources):
        for name in sorted(facts.mentions_of(source.top)):
            if not facts.is_test(name) and name not in analyses.eligible.category:
                yield Pair(name, source.top, source.span, f"{source.top} may make a bean of {name}: {source.why}")
