"""Two strings, boxes or the like that are compared by identity: the ways that they take stay inside one process, where no copy is made.

A copy is another object, even of a constant. Followed: locals, arguments, results, fields. What comes out of a library's container is
not: for that there is a warning at the comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import cast

from refactor.ir.program import Body
from refactor.ir.statements import (
    Binary,
    Cast,
    Const,
    Copy,
    Invoke,
    InvokeKind,
    Load,
    Local,
    New,
    Return,
    Store,
    Value,
)
from refactor.ir.symbols import ClassKind, Flags
from refactor.ir.types import ClassType, Type, erase
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.samecourse import saves_work_only
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: class Q { boolean f(P p) { return p.name() == NAME; } } in q, P in p   after: a violation naming P and Q"""
    for one, other, span, message in ctx.analyses.once(pairs):
        if ctx.remote(one, other) or ctx.remote(other, one):
            yield Violation(RULE.id, span, message, tuple(sorted({one, other})))


def pairs(analyses: Analyses) -> tuple[tuple[str, str, Span, str], ...]:
    """(top-level class, another one to or from which a value goes that is compared by identity, where it is, why)"""
    facts = analyses.facts
    found: dict[tuple[str, str], tuple[Span, str]] = {}
    ways: Ways | None = None
    for site in facts.sites(Binary):
        binary = cast(Binary, site.statement)
        if binary.op not in ("==", "!=") or facts.is_test(site.top) or not all(is_value(analyses, v) for v in (binary.left, binary.right)):
            continue
        if any(_is_null(analyses, site.body, v) for v in (binary.left, binary.right)):
            continue
        if saves_work_only(facts, site.body, binary, partial(_is_total, analyses)):
            continue
        ways = ways or Ways(analyses)
        name = cast(ClassType, erase(binary.left.type)).name.rpartition(".")[2]
        for value in (binary.left, binary.right):
            for one, other in sorted(ways.of(site.body, value)):
                why = f"{site.top} compares objects of {name} by {binary.op}, and one goes from {other} to {one}, where it would be a copy"
                found.setdefault((one, other), (binary.span, why))
    main = ((one, other) for one, other in sorted(found) if not facts.is_test(one) and not facts.is_test(other))
    return tuple((one, other, *found[one, other]) for one, other in main)


def _is_null(analyses: Analyses, body: Body, value: Value) -> bool:
    """Whether a value is read from a constant that is null under a name."""
    made = analyses.facts.definitions(body).get(value.name, ()) if isinstance(value, Local) else ()
    match list(made):
        case [Load(field=key)] if (symbol := analyses.facts.program.field(key)) is not None and symbol.flags & Flags.FINAL:
            stored = analyses.facts.stores_of(key)
            return bool(stored) and all(isinstance(s.value, Const) and s.value.value is None for s in stored)
        case _:
            return False


def _is_total(analyses: Analyses, call: Invoke) -> bool:
    """Whether a library call answers by the contents of values, always, and changes nothing."""
    owner, _, rest = (call.method or "").partition("#")
    name = rest.partition("(")[0]
    if owner == "java.util.Objects":
        return name in ("equals", "hashCode", "toString", "isNull", "nonNull") and all(_copied(analyses, a.type) for a in call.args)
    if name in ("equals", "hashCode", "toString", "compareTo"):
        return owner in analyses.known.value or (call.receiver is not None and _copied(analyses, call.receiver.type))
    return analyses.known.total.matches(call.method)


def is_value(analyses: Analyses, value: Value) -> bool:
    """Whether a value is one of a type whose objects are copied; null, classes and constants of enumerations are the same everywhere."""
    if isinstance(value, Const) and value.value is None:
        return False
    return _copied(analyses, value.type)


def _copied(analyses: Analyses, type_: Type) -> bool:
    erased = erase(type_)
    if not isinstance(erased, ClassType) or erased.name not in analyses.known.value or erased.name == "java.lang.Class":
        return False
    symbol = analyses.facts.program.find(erased.name)
    return symbol is None or symbol.kind is not ClassKind.ENUM


@dataclass(slots=True)
class Ways:
    """Where values come from, over the whole program: a step is a body and a value in it."""

    analyses: Analyses
    _callers: dict[str, list[tuple[Body, tuple[Value, ...]]]] = field(default_factory=dict)
    _returns: dict[str, list[Value]] = field(default_factory=dict)
    _stores: dict[str, list[tuple[Body, Value]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        facts = self.analyses.facts
        for site in facts.sites(Invoke):
            call = cast(Invoke, site.statement)
            for key in self._bodies(call.method, call.kind in (InvokeKind.VIRTUAL, InvokeKind.INTERFACE)):
                self._callers.setdefault(key, []).append((site.body, call.args))
        for site in facts.sites(New):
            new = cast(New, site.statement)
            self._callers.setdefault(new.constructor or "", []).append((site.body, new.args))
        for site in facts.sites(Return):
            value = cast(Return, site.statement).value
            if value is not None:
                self._returns.setdefault(site.body.key, []).append(value)
        for site in facts.sites(Store):
            store = cast(Store, site.statement)
            self._stores.setdefault(store.field, []).append((site.body, store.value))

    def _bodies(self, key: str | None, virtual: bool) -> tuple[str, ...]:
        facts = self.analyses.facts
        if key is None:
            return ()
        if not virtual:
            return (key,) if key in facts.program.bodies else ()
        return (*facts.dispatch.overriding(key), *facts.dispatch.functions(key))

    def of(self, body: Body, value: Value) -> set[tuple[str, str]]:
        """(class that the value comes to, class that it comes from) of every step between two top-level classes."""
        top = self.analyses.facts.top
        found: set[tuple[str, str]] = set()
        seen: set[tuple[str, str]] = set()
        todo = [(body, value)]
        while todo:
            at, now = todo.pop()
            if not isinstance(now, Local) or (at.key, now.name) in seen:
                continue
            seen.add((at.key, now.name))
            for there, given, owner in self._before(at, now):
                steps = [top[at.owner], *([top[owner]] if owner else []), top[there.owner]]
                found.update((a, b) for a, b in pairwise(steps) if a != b)
                todo.append((there, given))
        return found

    def _before(self, body: Body, value: Local) -> Iterator[tuple[Body, Value, str | None]]:
        """The values that this one may be, each in its body, and the class whose field it went through."""
        facts = self.analyses.facts
        bodies = facts.program.bodies
        for number, parameter in enumerate(body.params):
            if parameter.name == value.name:
                yield from ((b, args[number], None) for b, args in self._callers.get(body.key, ()) if number < len(args))
        if body.enclosing is not None and body.enclosing in bodies and not facts.definitions(body).get(value.name):
            yield bodies[body.enclosing], value, None
        for made in facts.definitions(body).get(value.name, ()):
            match made:
                case Copy(value=inner) | Cast(value=inner):
                    yield body, inner, None
                case Invoke(method=str(key), kind=kind):
                    for callee in self._bodies(key, kind in (InvokeKind.VIRTUAL, InvokeKind.INTERFACE)):
                        yield from ((bodies[callee], v, None) for v in self._returns.get(callee, ()))
                    if key.partition("#")[0] not in facts.top:
                        # It may give back what it was given: trim, valueOf, requireNonNull.
                        given = (*made.args, *((made.receiver,) if made.receiver is not None else ()))
                        yield from ((body, v, None) for v in given if _copied(self.analyses, v.type))
                case Load(field=key) if key.partition("#")[0] in facts.top:
                    symbol = facts.program.field(key)
                    if symbol is None or symbol.constant is None:  # a constant of the class is in every copy and proxy of it
                        yield from ((b, v, key.partition("#")[0]) for b, v in self._stores.get(key, ()))
                case _:
                    pass


RULE = Rule("value-identity", "strings and boxes by copy: what is compared by identity is not copied", check)
