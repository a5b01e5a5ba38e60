"""A class stays with an owned superclass: an object's state is never split over two processes."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.ir.symbols import Origin
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.support.source import Span


def extends(analyses: Analyses) -> tuple[tuple[str, str, Span | None, str], ...]:
    """(top-level class of the subclass, application superclass, place, subclass) over all classes, nested ones included."""
    facts = analyses.facts
    found = []
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        parent = cls.superclass.name if cls.superclass else None
        if cls.origin is Origin.MAIN and parent is not None and parent in facts.top and facts.top[parent] != facts.top[name]:
            found.append((facts.top[name], parent, cls.name_span or cls.span, name))
    return tuple(found)


def check(ctx: Context) -> Iterator[Violation]:
    """before: B in q extends A, which p owns   after: a violation naming A and B"""
    for top, parent, span, name in ctx.analyses.once(extends):
        if ctx.remote(top, parent):
            classes = tuple(sorted({top, ctx.facts.top[parent]}))
            yield Violation(RULE.id, span, f"{name} extends {parent}, which {ctx.owner(parent)} owns", classes)


RULE = Rule("stateful-superclass", "an object lives in exactly one process, its superclass's state included", check)
