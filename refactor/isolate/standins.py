"""Stand-ins in tests: objects with a class's signatures and none of its code, which a proxy of the class serves as well as the class.

The object that stands in for one of a proxied class has no id: it works as long as it does not leave the test's process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, cast

from refactor.flow.facts import Facts, annotated, annotation_names
from refactor.ir.statements import Invoke, InvokeKind, New, Value
from refactor.ir.symbols import Annotation, ClassSymbol, FieldSymbol, Param
from refactor.ir.types import class_names
from refactor.isolate.context import Analyses, Context
from refactor.isolate.knowledge import Knowledge
from refactor.support.source import Span

_OBJECT = "java.lang.Object"


@dataclass(frozen=True, slots=True)
class Handover:
    """`user` (top-level) gives values of the types `given` to a member whose code may stand in the top-level classes `callees`."""

    user: str
    callees: frozenset[str]
    member: str
    given: frozenset[str]
    span: Span


class Marked(NamedTuple):
    """A field, a parameter or, by the class literals of its annotation, a class whose test gets mocks of the classes `names`."""

    mark: Annotation
    names: tuple[str, ...]
    span: Span | None
    symbol: FieldSymbol | Param | None


def mocks_of(known: Knowledge, cls: ClassSymbol) -> Iterator[Marked]:
    """before: @Mock Bank bank; void sells(@Mock Shop shop) {..}   after: both, with the annotation"""
    marks = known.annotations["mock_field"]
    places: list[tuple[FieldSymbol | Param, Span | None]] = [(f, f.name_span or f.span) for f in cls.fields]
    places += [(p, m.name_span or m.span) for m in cls.methods for p in m.params]
    for symbol, span in places:
        mark = annotated(symbol, marks)
        if mark is not None:
            yield Marked(mark, tuple(sorted(class_names(symbol.type))), span, symbol)
    for mark in cls.annotations:
        if mark.name in marks:
            yield Marked(mark, tuple(sorted({*annotation_names(mark)} - {mark.name})), mark.span, None)


def stand_in_field(known: Knowledge, field: FieldSymbol | Param) -> Annotation | None:
    """before: @Mock Bank bank;   after: the annotation, where all that it may say is a name"""
    mark = annotated(field, known.annotations["stand_in_field"])
    return mark if mark is not None and all(name == "name" for name, _ in mark.values) else None


def runs_own_code(facts: Facts, known: Knowledge) -> frozenset[str]:
    """The top-level test classes that tell some stand-in to run its class's own code."""
    calls = ((site.top, cast(Invoke, site.statement).method) for site in facts.sites(Invoke))
    return frozenset(top for top, method in calls if method is not None and known.sinks["own_code"].matches(method))


def leaves(ctx: Context, part: str, cls: str, tests: Iterable[str]) -> Handover | None:
    """before: a stand-in for `cls` in a test of `part`   after: where code of the part, or the tests, may hand it to another one

    By the static types of what is handed over; inside collections and as `Object` it is for the runtime to say no.
    """
    facts = ctx.facts
    own = set(tests)
    kin = {n for n in {*facts.hierarchy.supertypes(cls), *facts.hierarchy.subtypes(cls), cls} if n != _OBJECT}
    for handover in ctx.analyses.once(handovers):
        here = handover.user in own if facts.is_test(handover.user) else part in ctx.places(handover.user)
        if here and handover.given & kin and any(ctx.owner(callee) not in (None, part) for callee in handover.callees):
            return handover
    return None


def handovers(analyses: Analyses) -> tuple[Handover, ...]:
    """Every call of an application method or constructor that has arguments of classes, in the order of the bodies."""
    facts = analyses.facts
    found = []

    def add(user: str, key: str | None, span: Span, args: tuple[Value, ...], virtual: bool) -> None:
        owner = key.partition("#")[0] if key else ""
        if key is None or owner not in facts.top or not args:
            return
        method = facts.program.method(key)
        types = [a.type for a in args] + ([p.type for p in method.params] if method else [])
        given = frozenset(n for t in types for n in class_names(t)) - {_OBJECT}
        bodies = (*facts.dispatch.overriding(key), *facts.dispatch.functions(key)) if virtual else ()
        owners = {owner, *(facts.dispatch.subtypes(owner) if virtual else ()), *(facts.program.bodies[k].owner for k in bodies)}
        callees = frozenset(facts.top[n] for n in owners)
        if given:
            found.append(Handover(user, callees, key, given, span))

    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        add(site.top, call.method, call.name_span, call.args, call.kind in (InvokeKind.VIRTUAL, InvokeKind.INTERFACE))
    for site in facts.sites(New):
        new = cast(New, site.statement)
        add(site.top, new.constructor, new.name_span, new.args, False)
    return tuple(found)
