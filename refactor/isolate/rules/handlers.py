"""A web handler's arguments and results are filled and read by reflection: a proxy will do where this is by public properties only."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.flow.facts import annotated
from refactor.frameworks.knowledge import container
from refactor.frameworks.properties import looks_inside, obstacle
from refactor.frameworks.views import lineage
from refactor.ir.dispatch import substitute
from refactor.ir.types import class_names
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.rules.reflection import object_graph
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: a controller of q takes an object of p's class from a form   after: a violation naming both classes"""
    for handler, cls, span, what in ctx.analyses.once(bound):
        why = ctx.analyses.once(obstacles)[cls]
        if why and ctx.remote(handler, cls):
            message = f"the container binds {cls} to {what}, {handler} has only a proxy of it, and {why}"
            yield Violation(RULE.id, span, message, tuple(sorted({handler, ctx.facts.top[cls]})))


def obstacles(analyses: Analyses) -> dict[str, str]:
    """Bound class -> why the container needs the object itself; "" where its public properties are all that it uses."""
    inside = looks_inside(analyses.facts)
    why = f"{inside} lets it look at fields" if inside else ""
    return {cls: why or obstacle(analyses.facts, cls) for _, cls, _, _ in analyses.once(bound)}


def written_in_order(ctx: Context) -> Iterator[Diagnostic]:
    """A warning for every handler whose result, as JSON, may list the properties of proxied objects in another order."""
    known, facts = container(), ctx.facts
    if facts.program.find(known.in_field_order) is None:
        return
    for handler, cls, span, what in ctx.analyses.once(bound):
        top = facts.symbol(handler)
        method = next((m for m in top.methods if m.name_span == span), None)
        as_body = annotated(top, known.bodies) or (method is not None and annotated(method, known.bodies))
        if as_body and ctx.remote(handler, cls):
            message = f"{what} writes objects of {cls}, of which its part has proxies: the order of their properties may differ"
            way_out = "say the order (@JsonPropertyOrder), or keep the classes together"
            yield Diagnostic("isolate/property-order", Severity.WARNING, message, span, help=way_out)


def bound(analyses: Analyses) -> tuple[tuple[str, str, Span | None, str], ...]:
    """(handler class, bound class, place, method) for every handler method's parameters and results."""
    facts = analyses.facts
    marks = analyses.known.annotations["handler"]
    found: dict[tuple[str, str], tuple[Span | None, str]] = {}
    for name in sorted(facts.top):
        # Handlers of superclasses too, as the class's type arguments make them: `go(T)` of Base<T> is `go(Order)` of a Base<Order>.
        for cls, view in lineage(facts, name) if not facts.is_test(facts.top[name]) else ():
            for method in cls.methods if cls.name in facts.top else ():
                if not annotated(method, marks):
                    continue
                types = [substitute(t, view) for t in (*(p.type for p in method.params), method.result)]
                for start in sorted({n for t in types for n in class_names(t) if n in facts.top}):
                    for used in object_graph(facts, start):
                        if facts.top[used] != facts.top[name]:
                            found.setdefault((facts.top[name], used), (method.name_span, f"{name}.{method.name}"))
    return tuple((handler, used, *found[handler, used]) for handler, used in sorted(found))


RULE = Rule("handler-binding", "no reflection on proxied classes, the container's own included", check)
