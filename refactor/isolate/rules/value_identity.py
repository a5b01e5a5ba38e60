"""Two strings, boxes or the like that are compared by identity: the ways that they take stay inside one process, where no copy is made.

A copy is another object, even of a constant. Followed: locals, arguments, results, fields. What comes out of a library's container is
not: for that there is a warning at the comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

from refactor.flow.facts import flat
from refactor.ir.program import Body
from refactor.ir.statements import (
    Binary,
    Cast,
    Const,
    Copy,
    If,
    Invoke,
    InvokeKind,
    Load,
    Local,
    New,
    Return,
    Statement,
    Store,
    Unary,
    Value,
)
from refactor.ir.symbols import ClassKind, Flags
from refactor.ir.types import ClassType, Type, erase
from refactor.isolate.context import Analyses, Context, Rule, Violation
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
    ways: _Ways | None = None
    for site in facts.sites(Binary):
        binary = cast(Binary, site.statement)
        if binary.op not in ("==", "!=") or facts.is_test(site.top) or not all(is_value(analyses, v) for v in (binary.left, binary.right)):
            continue
        if any(_is_null(analyses, site.body, v) for v in (binary.left, binary.right)) or _saves_an_equals(analyses, site.body, binary):
            continue
        ways = ways or _Ways(analyses)
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


def _saves_an_equals(analyses: Analyses, body: Body, binary: Binary) -> bool:
    """Whether equals is asked where the two are not the same: x == y || x.equals(y), x != y && (x == null || !x.equals(y))."""
    facts = analyses.facts
    results = {s.target.name for s in facts.uses(body).get(binary.target.name, ()) if isinstance(s, Copy)}
    for statement, _, _ in flat(body.statements):
        if isinstance(statement, If) and isinstance(statement.condition, Local) and statement.condition.name in results:
            same, rest = (statement.then, statement.orelse) if binary.op == "==" else (statement.orelse, statement.then)
            last = rest[-1] if rest else None
            if not same and isinstance(last, Copy) and last.target.name == statement.condition.name:
                return _is_equals(analyses, body, [s for s, _, _ in flat(rest)], binary)
    return False


def _is_equals(analyses: Analyses, body: Body, steps: list[Statement], binary: Binary) -> bool:
    """Whether the steps do nothing but look for null and compare the two by equals, whose negation they answer for `!=`."""
    asked = [s for s in steps if isinstance(s, Invoke)]
    negated = {v.name for s in steps if isinstance(s, Unary) and isinstance(v := s.value, Local)}
    if len(asked) != 1 or not all(isinstance(s, Load | Binary | Unary | Copy | If | Invoke) for s in steps):
        return False
    call = asked[0]
    if "#equals(Ljava/lang/Object;)Z" not in (call.method or "") or call.receiver is None or call.target is None:
        return False
    compared = {_source(analyses, body, binary.left), _source(analyses, body, binary.right)}
    given = {_source(analyses, body, call.receiver), _source(analyses, body, call.args[0])}
    return compared == given and (call.target.name in negated) == (binary.op == "!=")


def _source(analyses: Analyses, body: Body, value: Value) -> str:
    """A local, or a field of one, that a value was read from."""
    if not isinstance(value, Local):
        return repr(value)
    made = analyses.facts.definitions(body).get(value.name, ())
    match list(made):
        case [Load(field=key, receiver=Local(name=name))]:
            return f"{name}.{key}"
        case _:
            return value.name


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
class _Ways:
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

    def _bodies(self, key: str | None, virtual: bool) -> list[str]:
        owner, _, rest = (key or "").partition("#")
        names = self.analyses.facts.hierarchy.subtypes(owner) if virtual and owner in self.analyses.facts.top else {owner}
        return [k for n in sorted(names) if (k := f"{n}#{rest}") in self.analyses.facts.program.bodies]

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
