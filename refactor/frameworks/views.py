"""Supertypes with their type arguments, as a class sees them."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.flow.facts import Facts
from refactor.ir.dispatch import substitute
from refactor.ir.symbols import ClassSymbol
from refactor.ir.types import ClassType, Type


def lineage(facts: Facts, name: str) -> Iterator[tuple[ClassSymbol, dict[str, Type]]]:
    """A class and everything above it, the library's too, each once, with its type variables as the class binds them.

    before: class Archive extends Forwarder<Placed>   after: (Archive, {}), (Forwarder, {"E": Placed}), ...
    A variable that a raw type leaves open is not among them.
    """
    todo: list[tuple[str, dict[str, Type]]] = [(name, {})]
    seen: set[str] = set()
    while todo:
        current, view = todo.pop(0)
        cls = facts.program.find(current)
        if cls is None or current in seen:
            continue
        seen.add(current)
        yield cls, view
        for parent in (*([cls.superclass] if cls.superclass else []), *cls.interfaces):
            todo.append((parent.name, _bound(facts, parent, view)))


def seen_as(facts: Facts, type_: Type, of: frozenset[str]) -> ClassType | None:
    """The supertype among `of` of a class type, with its arguments; without arguments where they are open."""
    if not isinstance(type_, ClassType):
        return None
    own = _bound(facts, type_, {})
    for cls, view in lineage(facts, type_.name):
        if cls.name in of:
            given = own if cls.name == type_.name else {n: substitute(t, own) for n, t in view.items()}
            args = tuple(given[p.name] for p in cls.type_params if p.name in given)
            return ClassType(cls.name, args if len(args) == len(cls.type_params) else ())
    return None


def _bound(facts: Facts, parent: ClassType, view: dict[str, Type]) -> dict[str, Type]:
    holder = facts.program.find(parent.name)
    if holder is None or len(parent.args) != len(holder.type_params):
        return {}
    return {p.name: substitute(a, view) for p, a in zip(holder.type_params, parent.args, strict=True)}
