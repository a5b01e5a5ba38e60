"""Scopes: what a simple name means where it stands, for types (JLS 6.4.1, 6.5.5, 7.5).

A chain of scopes runs from the innermost block out to the file. A class's own scope knows its type parameters and finds
member types through its supertypes; the file knows imports and its package.
"""

from __future__ import annotations

from typing import Any

from refactor.frontend.java import tree as t
from refactor.frontend.java.classes import HEADER, HEADER_RUNNING, Cls, World
from refactor.frontend.java.files import Source
from refactor.ir.program import Reference, RefKind
from refactor.ir.symbols import Flags
from refactor.ir.types import ArrayType, ClassType, PrimitiveType, Type, TypeVar, UnknownType, WildcardType

PRIMITIVES = {n: PrimitiveType(n) for n in ("boolean", "byte", "char", "short", "int", "long", "float", "double", "void")}
_UNBOUNDED = WildcardType()


class Scope:
    """One block, method, class or file. `cls` is set in a class's own scope; `owner` is the class whose text this is."""

    __slots__ = ("body", "cls", "file", "owner", "parent", "static", "types", "vars")

    def __init__(self, parent: Scope | None, owner: Cls | None, file: FileScope) -> None:
        self.parent, self.owner, self.file = parent, owner, file
        self.cls: Cls | None = None
        self.vars: dict[str, t.Var] | None = None
        self.types: dict[str, Cls | TypeVar] | None = None
        self.static: bool = parent.static if parent is not None else False
        self.body: object = parent.body if parent is not None else None

    def child(self) -> Scope:
        return Scope(self, self.owner, self.file)

    def declare(self, var: t.Var) -> None:
        if self.vars is None:
            self.vars = {var.name: var}
        else:
            self.vars[var.name] = var

    def declare_type(self, name: str, type_: Cls | TypeVar) -> None:
        if self.types is None:
            self.types = {name: type_}
        else:
            self.types[name] = type_


class FileScope:
    """Imports and package of one file."""

    __slots__ = (
        "_found", "demand", "methods", "package", "references", "single", "source", "static_demand", "static_single", "statics", "world",
    )  # fmt: skip

    def __init__(self, world: World, source: Source, unit: t.Unit) -> None:
        self.world, self.source, self.package = world, source, unit.package
        self.references: list[Reference] = []
        self.single: dict[str, t.Import] = {}
        self.demand: list[str] = []
        self.static_single: dict[str, list[t.Import]] = {}
        self.static_demand: list[str] = []
        self.statics: dict[str, list[Cls]] = {}
        self.methods: dict[Any, Any] = {}  # memo of statically imported methods (calls.py)
        self._found: dict[str, Cls | None] = {}
        for item in unit.imports:
            if item.static:
                if item.demand:
                    self.static_demand.append(item.name)
                else:
                    self.static_single.setdefault(item.name.rpartition(".")[2], []).append(item)
            elif item.demand:
                self.demand.append(item.name)
            else:
                self.single.setdefault(item.name.rpartition(".")[2], item)

    def find(self, name: str) -> Cls | None:
        """A type by its simple name as seen outside of any class."""
        if name in self._found:
            return self._found[name]
        found = self._look(name)
        if self.world.entered or found is not None:
            self._found[name] = found
        return found

    def _look(self, name: str) -> Cls | None:
        world = self.world
        item = self.single.get(name)
        if item is not None:
            found = canonical(world, item.name)
            if found is not None:
                return found
        for static in self.static_single.get(name, ()):
            holder = canonical(world, static.name.rpartition(".")[0])
            found = member_type(world, holder, name) if holder is not None else None
            if found is not None:
                return found
        found = world.find(f"{self.package}.{name}" if self.package else name)
        if found is not None:
            return found
        for package in self.demand:
            found = world.find(f"{package}.{name}")
            if found is None and not world.is_package(package):
                holder = canonical(world, package)
                found = member_type(world, holder, name) if holder is not None else None
            if found is not None and (found.flags & Flags.PUBLIC or found.source is not None):
                return found
        for package in self.static_demand:
            holder = canonical(world, package)
            found = member_type(world, holder, name) if holder is not None else None
            if found is not None:
                return found
        return world.find(f"java.lang.{name}")

    def static_holders(self, name: str) -> list[Cls]:
        """The classes whose static member `name` an import makes visible, single imports first."""
        found = self.statics.get(name)
        if found is None:
            found = []
            for item in self.static_single.get(name, ()):
                holder = canonical(self.world, item.name.rpartition(".")[0])
                if holder is not None:
                    found.append(holder)
            self.statics[name] = found
        return found

    def static_demand_holders(self) -> list[Cls]:
        found = self.statics.get("*")
        if found is None:
            holders = (canonical(self.world, name) for name in self.static_demand)
            found = self.statics["*"] = [h for h in holders if h is not None]
        return found


def canonical(world: World, name: str) -> Cls | None:
    """A class by its canonical name (`java.util.Map.Entry`): the longest package first."""
    found = world.find(name)
    if found is not None:
        return found
    outer, dot, simple = name.rpartition(".")
    if not dot:
        return None
    holder = canonical(world, outer)
    return member_type(world, holder, simple) if holder is not None else None


def member_type(world: World, cls: Cls, name: str) -> Cls | None:
    """A member type of `cls`, inherited ones included (JLS 8.5)."""
    own = cls.members.get(name)
    if own is not None:
        return world.find(own)
    cached = cls.inherited_types.get(name, False)
    if cached is not False:
        return cached  # type: ignore[no-any-return]
    if cls.state < HEADER and cls.state != HEADER_RUNNING:
        from refactor.frontend.java.headers import header  # headers need scopes: the one knot of the front end

        header(world, cls)
    found: Cls | None = None
    for parent in cls.parents():
        holder = world.find(parent.name)
        if holder is not None and holder is not cls:
            found = member_type(world, holder, name)
            if found is not None:
                break
    if world.entered:
        cls.inherited_types[name] = found
    return found


def find_type(scope: Scope, name: str) -> Cls | TypeVar | None:
    """What a simple type name means in `scope`."""
    at: Scope | None = scope
    world = scope.file.world
    while at is not None:
        if at.types is not None and name in at.types:
            return at.types[name]
        if at.cls is not None:
            found = member_type(world, at.cls, name)
            if found is not None:
                return found
        at = at.parent
    return scope.file.find(name)


def resolve(scope: Scope, node: t.TypeNode) -> Type:
    """The type that `node` names; UnknownType with a reason where it names none. Kept on the node."""
    found = node.type
    if found is None:
        if isinstance(node, t.TName):
            found = _resolve_name(scope, node)
        elif isinstance(node, t.TPrim):
            found = PRIMITIVES[node.name]
        elif isinstance(node, t.TArray):
            found = ArrayType(resolve(scope, node.element))
        elif isinstance(node, t.TWild):
            if node.bound is None:
                found = _UNBOUNDED
            else:
                bound = resolve(scope, node.bound)
                found = WildcardType(lower=bound) if node.is_super else WildcardType(upper=bound)
        else:
            found = UnknownType("unknown syntax")
        node.type = found
    return found


def _resolve_name(scope: Scope, node: t.TName) -> Type:
    parts = node.parts
    world = scope.file.world
    first = parts[0]
    found: Cls | TypeVar | None = find_type(scope, first.name)
    index = 0
    if found is None and len(parts) > 1:
        name = first.name
        for index in range(1, len(parts)):
            name += "." + parts[index].name
            found = world.find(name)
            if found is not None:
                break
    if found is None:
        return _unknown(scope, node, parts[-1], f"no type {'.'.join(p.name for p in parts)}")
    if isinstance(found, TypeVar):
        return found
    type_refer(scope, parts[index].start, parts[index].end, found.name)
    args = _arguments(scope, parts[index])
    for part in parts[index + 1 :]:
        inner = member_type(world, found, part.name)
        if inner is None:
            return _unknown(scope, node, part, f"no member type {part.name} in {found.name}")
        found = inner
        type_refer(scope, part.start, part.end, found.name)
        args = _arguments(scope, part)
    return ClassType(found.name, args)


def _arguments(scope: Scope, part: t.Part) -> tuple[Type, ...]:
    return tuple([resolve(scope, a) for a in part.args]) if part.args else ()


def _unknown(scope: Scope, node: t.TName, part: t.Part, reason: str) -> Type:
    type_refer(scope, part.start, part.end, None, reason)
    for p in node.parts:
        _arguments(scope, p)
    return UnknownType(reason)


def type_refer(scope: Scope, start: int, end: int, target: str | None, reason: str = "") -> None:
    """Record the use of a type name."""
    file = scope.file
    within = scope.owner.name if scope.owner is not None else ""
    file.references.append(Reference(RefKind.TYPE, file.source.span(start, end), within, target, reason))
