"""The signatures of a program's classes: what bodies may refer to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from refactor.pipeline.fuzz.form import (
    BOOL,
    BYTE,
    CHAR,
    DOUBLE,
    FLOAT,
    FUNCTIONS,
    INT,
    LONG,
    OBJECT,
    PINNED,
    SHORT,
    STR,
    Field,
    Type,
    Variable,
    is_variable,
    substitute,
)  # fmt: skip

SIMPLE = (INT, LONG, DOUBLE, BOOL, CHAR, STR, BYTE, SHORT, FLOAT)


@dataclass(frozen=True, slots=True)
class Signature:
    """A method as its callers see it. Its first parameter, the depth, is not listed. `variables`: type variables of its own."""

    name: str
    params: tuple[Type, ...]
    result: Type
    static: bool = False
    abstract: bool = False
    overloaded: bool = False
    varargs: bool = False
    private: bool = False
    synchronized: bool = False
    variables: tuple[Variable, ...] = ()

    def of(self, table: dict[str, Type]) -> Signature:
        """The signature with types in place of variables."""
        if not table:
            return self
        return replace(self, params=tuple(substitute(p, table) for p in self.params), result=substitute(self.result, table))


@dataclass(frozen=True, slots=True)
class Keeper:
    """What an object of the class keeps for threads, and the methods (without a depth) by which others reach it.

    `guard`: what makes its counter safe: synchronized, block, lock, write (of a read-write lock), atomic. `holds`: its lock can be held
    over calls. `local`: the type of its thread-local, whose value is asked for with `initial` or null before any is set.
    """

    guard: str
    holds: str = ""
    local: Type | None = None
    initial: bool = False


@dataclass(slots=True)
class Shape:
    """One class. `order` counts up: constructors and initialisers create objects of lower classes only.

    `variables`: of a generic class. `supers`: with arguments, those of its superclass and interfaces that are generic.
    `starts`: it has methods that start threads, which only the main program calls.
    """

    name: str
    kind: str
    order: int
    parent: str | None = None
    interfaces: list[str] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    methods: list[Signature] = field(default_factory=list)
    built_with: tuple[Type, ...] = ()
    constants: list[str] = field(default_factory=list)
    outer: str | None = None
    equality: bool = False
    bare: bool = False  # has a constructor without arguments that calls the other one
    variables: tuple[Variable, ...] = ()
    supers: list[Type] = field(default_factory=list)
    keeper: Keeper | None = None
    starts: bool = False

    @property
    def type(self) -> Type:
        return Type(self.name, tuple(Type(name) for name, _ in self.variables))

    @property
    def is_concrete(self) -> bool:
        return self.kind in ("class", "nested", "record", "exception")

    def bound_by(self, type_: Type) -> dict[str, Type]:
        """What the variables of the class stand for in the type."""
        return {name: arg for (name, _), arg in zip(self.variables, type_.args, strict=False)}


@dataclass(slots=True)
class Shapes:
    """All classes by name, in order of creation. `simple.Inner` is the name of an inner class. `bounds`: of every type variable."""

    table: dict[str, Shape] = field(default_factory=dict)
    bounds: dict[str, Type | None] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Shape:
        return self.table[name]

    def __contains__(self, name: str) -> bool:
        return name in self.table

    def of_kind(self, *kinds: str) -> list[Shape]:
        return [s for s in self.table.values() if s.kind in kinds]

    def erased(self, type_: Type) -> Type:
        """The bound of a variable; any other type as it is."""
        bound = self.bounds.get(type_.name) if is_variable(type_) else type_
        return bound if bound is not None else OBJECT

    def chain(self, type_: Type) -> Iterator[tuple[Shape, Type]]:
        """The class and its superclasses with their arguments, nearest first."""
        at: Type | None = self.erased(type_)
        while at is not None and at.name in self.table:
            shape = self.table[at.name]
            yield shape, at
            at = self._super(shape, shape.parent, at) if shape.parent else None

    def supertypes(self, type_: Type) -> Iterator[tuple[Shape, Type]]:
        """The type, its superclasses and all their interfaces, with their arguments."""
        for shape, at in self.chain(type_):
            yield shape, at
            yield from self._interfaces(shape, at)

    def _interfaces(self, shape: Shape, at: Type) -> Iterator[tuple[Shape, Type]]:
        for name in shape.interfaces:
            above = self._super(shape, name, at)
            yield self.table[name], above
            yield from self._interfaces(self.table[name], above)

    @staticmethod
    def _super(shape: Shape, name: str, at: Type) -> Type:
        declared = next((t for t in shape.supers if t.name == name), Type(name))
        return substitute(declared, shape.bound_by(at))

    def is_subtype(self, type_: Type, of: Type) -> bool:
        if type_ == of:
            return True
        if of == OBJECT:
            return type_ not in SIMPLE and type_.name not in PINNED | FUNCTIONS
        known = type_.name in self.table or is_variable(type_)
        return known and any(above == of for _, above in self.supertypes(type_))

    def concrete_subtypes(self, of: Type) -> list[tuple[Shape, Type]]:
        """What can be made where the type is wanted; of a generic class only what the wanted arguments say."""
        found = []
        for shape in self.table.values():
            made = of if shape.name == of.name else Type(shape.name, tuple(STR for _ in shape.variables))
            if shape.is_concrete and self.is_subtype(made, of):
                found.append((shape, made))
        return found

    def fields(self, type_: Type) -> Iterator[tuple[Shape, Field]]:
        for shape, at in self.chain(type_):
            bound = shape.bound_by(at)
            for f in shape.fields:
                yield shape, replace(f, type=substitute(f.type, bound)) if bound else f

    def methods(self, type_: Type) -> Iterator[tuple[Shape, Signature]]:
        """Every method that can be called on the type: the nearest declaration of each."""
        seen = set()
        for shape, at in self.supertypes(type_):
            bound = shape.bound_by(at)
            for m in shape.methods:
                found = m.of(bound)
                if (found.name, found.params) not in seen:
                    seen.add((found.name, found.params))
                    yield shape, found

    def has_equality(self, type_: Type) -> bool:
        """Whether equals and hashCode of the class depend on values only."""
        return any(shape.equality for shape, _ in self.chain(type_))

    def function(self, type_: Type) -> Signature | None:
        """The one abstract method of an interface, its own or inherited; None where it has none, several, or a generic one."""
        if type_.name not in self.table or self.table[type_.name].kind != "interface":
            return None
        found = [m for _, m in self.methods(type_) if m.abstract]
        return found[0] if len(found) == 1 and not found[0].variables else None
