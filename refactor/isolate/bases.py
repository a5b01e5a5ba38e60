"""Base classes whose code can be in several parts although their instances have state.

before: abstract class Entity { int id; int getId() { return id; } }, extended by Order in p and by Vet in q
after:  both parts have Entity's code; an Order lives in p as a whole, a Vet in q; a proxy of Order overrides all of Entity
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from refactor.flow.facts import Facts
from refactor.ir.statements import Copy, Invoke, InvokeKind, Load, Local, Return, Store, Value
from refactor.ir.symbols import ClassKind, ClassSymbol, Flags, MethodSymbol
from refactor.isolate.knowledge import Knowledge
from refactor.isolate.purity import Purity


def base_classes(
    facts: Facts, known: Knowledge, purity: Purity, made: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """before: Facts   after: top-level classes with state that have no instances of their own and never see another's fields

    A proxy of a subclass extends the copy, so nothing may run on the proxy itself: every method that is called on an object
    other than `this` can be overridden by the proxy, every field is used on `this` only, and the constructor has no effect.
    Statics and nested classes are judged elsewhere. `made`: class -> top-level classes that make instances of exactly it; a
    test may, where it touches nothing of the application that could send the instance elsewhere.
    """
    outside = _used_on_others(facts)
    found = {
        c.name
        for c in facts.program.classes.values()
        if c.kind is ClassKind.CLASS
        and c.outer is None
        and all(_keeps_to_itself(facts, c.name, user) for user in made.get(c.name, ()))
        and len(facts.members[c.name]) == 1
        and facts.hierarchy.subtypes(c.name) != {c.name}
        and _can_be_overridden(facts, c, outside)
        and _starts_quietly(facts, c, purity)
    }
    while True:
        out = {n for n in found if not _stands_on(facts, known, facts.symbol(n), found)}
        if not out:
            return frozenset(found)
        found -= out


def _keeps_to_itself(facts: Facts, name: str, user: str) -> bool:
    """Whether a test that makes instances of the class uses no application class but this one and its superclasses."""
    return facts.is_test(user) and facts.mentions_of(user) <= facts.hierarchy.supertypes(name)


def _stands_on(facts: Facts, known: Knowledge, cls: ClassSymbol, found: set[str]) -> bool:
    parent = cls.superclass.name if cls.superclass else "java.lang.Object"
    return parent in known.proxy_safe_superclasses or parent in found


def _used_on_others(facts: Facts) -> frozenset[str]:
    """Keys of instance fields and private methods that are used on an object other than `this`."""
    found: set[str] = set()

    def this(value: Value | None) -> bool:
        return isinstance(value, Local) and value.name == "this"

    for kind in (Load, Store):
        for site in facts.sites(kind):
            access = cast(Load | Store, site.statement)
            if access.receiver is not None and not this(access.receiver):
                found.add(access.field)
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if call.method and call.kind is InvokeKind.SPECIAL and not this(call.receiver):
            found.add(call.method)
    return frozenset(found)


def _can_be_overridden(facts: Facts, cls: ClassSymbol, outside: frozenset[str]) -> bool:
    if any(f.key in outside for f in cls.fields if not f.flags & Flags.STATIC):
        return False
    packages = {facts.symbol(n).package for n in facts.hierarchy.subtypes(cls.name)}
    for method in _instance_methods(cls):
        if method.flags & Flags.PRIVATE:
            if method.key in outside:
                return False
        elif method.flags & Flags.FINAL:
            return False
        elif not method.flags & (Flags.PUBLIC | Flags.PROTECTED) and len(packages) > 1:
            return False  # a proxy in another package cannot override it
    return True


def _instance_methods(cls: ClassSymbol) -> Iterator[MethodSymbol]:
    for method in cls.methods:
        if not method.is_constructor and not method.flags & Flags.STATIC:
            yield method


def _starts_quietly(facts: Facts, cls: ClassSymbol, purity: Purity) -> bool:
    """A proxy calls the constructor with the fewest parameters, with nulls: it must not mind, and nobody must notice."""
    constructors = [m for m in cls.methods if m.is_constructor]
    if any(purity.why_not(m.key) for m in constructors):
        return False
    if not constructors or any(not m.params and not m.flags & Flags.PRIVATE for m in constructors):
        return True
    bodies = [facts.program.bodies[m.key] for m in constructors if m.key in facts.program.bodies]
    return all(_is_plain(s) for body in bodies for s in body.statements)


def _is_plain(statement: object) -> bool:
    if isinstance(statement, Invoke):
        return statement.method is not None and "#<init>" in statement.method
    return isinstance(statement, Copy | Store | Return)
