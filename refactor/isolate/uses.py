"""Every use of a member of another top-level class, with the types of what goes over."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, cast

from refactor.flow.facts import Facts, Site
from refactor.ir.statements import Cast, InstanceOf, Invoke, InvokeKind, Load, New, Statement, Store, Value
from refactor.ir.types import Type, class_names
from refactor.support.source import Span


class Use(NamedTuple):
    """`user` (top-level) uses `member`; its code stands in, or may be dispatched to, the other top-level classes `callees`.

    `types`: declared and actual types of arguments, and of the result or the field's value; those of what may run as well, where
    type arguments make them narrower.
    """

    user: str
    callees: tuple[str, ...]
    member: str
    span: Span
    types: tuple[Type, ...]
    loops: int
    guarded: bool
    kind: type


def uses(facts: Facts) -> tuple[Use, ...]:
    """before: Facts   after: every use of another top-level application class's member, in the order of the bodies"""
    found: list[Use] = []
    targets: dict[str, tuple[str, ...]] = {}
    declared: dict[str, tuple[Type, ...]] = {}
    program = facts.program

    def callees(key: str, virtual: bool) -> tuple[str, ...]:
        known = targets.get(key)
        if known is None:
            owner = facts.top_of_member(key)
            tops = {owner} if owner is not None else set()
            if virtual:
                bodies = (*facts.dispatch.overriding(key), *facts.dispatch.functions(key))
                tops |= {facts.top[program.bodies[k].owner] for k in bodies}
            known = targets[key] = tuple(sorted(tops))
        return known

    def types_of(key: str) -> tuple[Type, ...]:
        known = declared.get(key)
        if known is None:
            if "(" in key:
                methods = [m for k in (key, *facts.dispatch.overriding(key)) if (m := program.method(k)) is not None]
                of_methods = [t for m in methods for t in (*(p.type for p in m.params), m.result)]
                of_functions = [p.type for k in facts.dispatch.functions(key) for p in program.bodies[k].params]
                known = tuple(dict.fromkeys((*of_methods, *of_functions)))
            else:
                field = program.field(key)
                known = (field.type,) if field else ()
            declared[key] = known
        return known

    def add(site: Site, key: str | None, span: Span, values: tuple[Value | None, ...], virtual: bool) -> None:
        if key is None:
            return
        others = tuple(t for t in callees(key, virtual) if t != site.top)
        if others and key.partition("#")[0] in facts.top:
            # Actual types may be narrower than the declared ones: both are looked at.
            given = types_of(key)
            actual = tuple(v.type for v in values if v is not None and v.type not in given)
            found.append(Use(site.top, others, key, span, (*given, *actual), site.loops, site.guarded, type(site.statement)))

    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        virtual = call.kind in (InvokeKind.VIRTUAL, InvokeKind.INTERFACE)
        add(site, call.method, call.name_span, (*call.args, call.target), virtual)
    for site in facts.sites(New):
        new = cast(New, site.statement)
        add(site, new.constructor, new.name_span, new.args, False)
    for kind in (Load, Store):
        for site in facts.sites(kind):
            access = cast(Load | Store, site.statement)
            add(site, access.field, access.name_span, (access.target if isinstance(access, Load) else access.value,), False)
    return tuple(found)


def places(facts: Facts, found: tuple[Use, ...]) -> Callable[[str, str], Span | None]:
    """(user, other top-level class) -> where the user's code first uses it, by its statements."""
    first: dict[tuple[str, str], Span] = {}

    def note(user: str, other: str | None, span: Span) -> None:
        if other is not None and other != user:
            at = first.get((user, other))
            if at is None or (span.file, span.start) < (at.file, at.start):
                first[user, other] = span

    for use in found:
        note(use.user, facts.top_of_member(use.member), use.span)
    for site in facts.sites(New):
        new = cast(New, site.statement)
        note(site.top, facts.top.get(new.cls), new.name_span)
    for kind in (Cast, InstanceOf):
        for site in facts.sites(kind):
            statement: Statement = site.statement
            for name in class_names(cast(Cast | InstanceOf, statement).type):
                note(site.top, facts.top.get(name), statement.span)
    return lambda user, other: first.get((user, other))
