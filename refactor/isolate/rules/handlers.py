"""A web handler's arguments and results are filled and read by reflection: their classes stay with the handler."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.flow.facts import annotated
from refactor.ir.types import class_names
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.rules.reflection import object_graph
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: a controller of q takes an object of p's class from a form   after: a violation naming both classes"""
    for handler, cls, span, what in ctx.analyses.once(bound):
        if ctx.remote(handler, cls):
            message = f"the container binds {cls} to {what}, and {handler} has only a proxy of it"
            yield Violation(RULE.id, span, message, tuple(sorted({handler, ctx.facts.top[cls]})))


def bound(analyses: Analyses) -> tuple[tuple[str, str, Span | None, str], ...]:
    """(handler class, bound class, place, method) for every handler method's parameters and results."""
    facts = analyses.facts
    marks = analyses.known.annotations["handler"]
    found: dict[tuple[str, str], tuple[Span | None, str]] = {}
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        for method in cls.methods:
            if facts.is_test(facts.top[name]) or not annotated(method, marks):
                continue
            types = [p.type for p in method.params] + [method.result]
            for start in sorted({n for t in types for n in class_names(t) if n in facts.top}):
                for used in object_graph(facts, start):
                    if facts.top[used] != facts.top[name]:
                        found.setdefault((facts.top[name], used), (method.name_span, f"{name}.{method.name}"))
    return tuple((handler, used, *found[handler, used]) for handler, used in sorted(found))


RULE = Rule("handler-binding", "no reflection on proxied classes, the container's own included", check)
