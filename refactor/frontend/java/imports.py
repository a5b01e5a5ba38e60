"""What the import declarations of a file name of the application's own code (JLS 7.5)."""

from __future__ import annotations

from collections.abc import Collection

from refactor.frontend.java import tree as t
from refactor.frontend.java.classes import Cls, World
from refactor.frontend.java.files import Source
from refactor.frontend.java.scopes import member_type
from refactor.ir.program import Import


def imports_of(world: World, packages: Collection[str], source: Source) -> tuple[Import, ...]:
    """before: import shop.Order.Line; import shop.desk.*; import java.util.List;   after: the class shop.Order$Line, the package shop.desk

    `packages`: those of the application's classes.
    """
    assert source.unit is not None
    found = (_import(world, packages, source, item) for item in source.unit.imports)
    return tuple(i for i in found if i is not None)


def _import(world: World, packages: Collection[str], source: Source, item: t.Import) -> Import | None:
    span = source.span(item.start, item.end)
    named, rest = _application_class(world, item.name)
    if named is None:
        of_package = item.demand and not item.static and item.name in packages
        return Import(span, item.name, on_demand=True, is_package=True) if of_package else None
    inherited = False
    while rest:
        inner = member_type(world, named, rest[0])
        if inner is None or (item.static and not item.demand and len(rest) == 1):
            break
        if rest[0] not in named.members:
            return Import(span, named.name, rest[0], item.demand, inherited=True)
        named, rest = inner, rest[1:]
    if item.demand:
        return Import(span, named.name, on_demand=True, inherited=True)
    member = rest[0] if rest else ""
    inherited = bool(member) and member not in named.members and member not in named.fields and member not in named.methods
    return Import(span, named.name, member, inherited=inherited)


def _application_class(world: World, dotted: str) -> tuple[Cls | None, tuple[str, ...]]:
    """The top-level class of the sources at the start of a name, and what follows it."""
    words = dotted.split(".")
    for end in range(len(words), 0, -1):
        found = world.sources.get(".".join(words[:end]))
        if found is not None:
            return found, tuple(words[end:])
    return None, ()
