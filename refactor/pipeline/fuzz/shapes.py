"""The signatures of a program's classes, decided before any body: what bodies may refer to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from refactor.pipeline.fuzz.choices import Choices, chance, pick
from refactor.pipeline.fuzz.form import (
    BOOL,
    BUILT_IN,
    BYTE,
    CHAR,
    DOUBLE,
    FLOAT,
    INT,
    LONG,
    OBJECT,
    SHORT,
    STR,
    Field,
    Type,
    array,
    list_of,
    map_of,
)  # fmt: skip

SIMPLE = (INT, LONG, DOUBLE, BOOL, CHAR, STR, BYTE, SHORT, FLOAT)


@dataclass(frozen=True, slots=True)
class Signature:
    """A method as its callers see it. Its first parameter, the depth, is not listed."""

    name: str
    params: tuple[Type, ...]
    result: Type
    static: bool = False
    abstract: bool = False
    overloaded: bool = False
    varargs: bool = False
    private: bool = False
    synchronized: bool = False


@dataclass(slots=True)
class Shape:
    """One class. `order` counts up: constructors and initialisers create objects of lower classes only."""

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

    @property
    def type(self) -> Type:
        return Type(self.name)

    @property
    def is_concrete(self) -> bool:
        return self.kind in ("class", "nested", "record", "exception")


@dataclass(slots=True)
class Shapes:
    """All classes by name, in order of creation. `simple.Inner` is the name of an inner class."""

    table: dict[str, Shape] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Shape:
        return self.table[name]

    def __contains__(self, name: str) -> bool:
        return name in self.table

    def of_kind(self, *kinds: str) -> list[Shape]:
        return [s for s in self.table.values() if s.kind in kinds]

    def chain(self, name: str) -> Iterator[Shape]:
        """The class and its superclasses, nearest first."""
        at: str | None = name
        while at is not None:
            yield self.table[at]
            at = self.table[at].parent

    def supertypes(self, name: str) -> Iterator[Shape]:
        for shape in self.chain(name):
            yield shape
            for interface in shape.interfaces:
                yield self.table[interface]

    def is_subtype(self, name: Type, of: Type) -> bool:
        if name == of or (of == OBJECT and name not in SIMPLE):
            return True
        return name.name in self.table and any(s.name == of.name for s in self.supertypes(name.name))

    def concrete_subtypes(self, of: Type) -> list[Shape]:
        return [s for s in self.table.values() if s.is_concrete and self.is_subtype(s.type, of)]

    def fields(self, name: str) -> Iterator[tuple[Shape, Field]]:
        for shape in self.chain(name):
            for f in shape.fields:
                yield shape, f

    def methods(self, name: str) -> Iterator[tuple[Shape, Signature]]:
        """Every method that can be called on the class: the nearest declaration of each."""
        seen = set()
        for shape in self.supertypes(name):
            for m in shape.methods:
                if (m.name, m.params) not in seen:
                    seen.add((m.name, m.params))
                    yield shape, m

    def has_equality(self, name: str) -> bool:
        """Whether equals and hashCode of the class depend on values only."""
        return name in self.table and any(s.equality for s in self.chain(name))

    def functional(self) -> list[Shape]:
        """Interfaces with exactly one abstract method."""
        return [s for s in self.of_kind("interface") if sum(m.abstract for m in s.methods) == 1]


def shapes(choices: Choices) -> Shapes:
    """before: nothing   after: two to six classes and what they declare"""
    found = Shapes()
    for i in range(choices.integer(0, 2)):
        _add(found, Shape(f"I{i}", "interface", 0))
    if chance(choices, 45):
        _add(found, _enum(choices))
    if chance(choices, 45):
        kinds = [INT, STR, LONG, DOUBLE, CHAR]
        parts = [Field(f"r{i}", pick(choices, kinds), final=True) for i in range(choices.integer(1, 3))]
        _add(found, Shape("R0", "record", 0, fields=parts, built_with=tuple(p.type for p in parts)))
    if chance(choices, 60):
        _add(found, Shape("X0", "exception", 0, fields=[Field("code", INT, final=True)], built_with=(STR, INT)))
    count = choices.integer(2, 4)
    for i in range(count):
        _add(found, _class(choices, found, i))
    if "R0" in found and chance(choices, 30):
        _with_reference(choices, found["R0"])
    for shape in found.of_kind("interface"):
        _interface(choices, found, shape)
    for shape in found.of_kind("class", "abstract"):
        _members(choices, found, shape)
    for shape in found.of_kind("record", "enum"):
        shape.methods.append(_signature(choices, found, f"m{shape.name}"))
    if found.of_kind("class") and chance(choices, 40):
        _nested(choices, found)
    return found


def _add(found: Shapes, shape: Shape) -> None:
    found.table[shape.name] = shape


def _enum(choices: Choices) -> Shape:
    fields = [Field("weight", INT, final=True)]
    if chance(choices, 40):
        fields.append(Field("hits", INT))
    return Shape("E0", "enum", 0, fields=fields, constants=["RED", "GREEN", "BLUE"][: choices.integer(2, 3)])


def _with_reference(choices: Choices, record: Shape) -> None:
    record.fields.append(Field("rc", Type("C0"), final=True))
    record.built_with = (*record.built_with, Type("C0"))
    record.order = 1


def _class(choices: Choices, found: Shapes, i: int) -> Shape:
    shape = Shape(f"C{i}", "class", i + 1)
    parents = found.of_kind("class", "abstract")
    if parents and chance(choices, 30):
        shape.parent = pick(choices, parents).name
    elif chance(choices, 15) and i < 2:
        shape.kind = "abstract"
    interfaces = found.of_kind("interface")
    if interfaces and chance(choices, 60):
        shape.interfaces = [pick(choices, interfaces).name]
    shape.equality = shape.parent is None and chance(choices, 25)
    return shape


def field_type(choices: Choices, found: Shapes) -> Type:
    """The type of a field: a value, a reference, an array, a list or a map."""
    kind = choices.integer(0, 9)
    if kind < 4:
        return pick(choices, SIMPLE)
    if kind < 7:
        return reference(choices, found)
    if kind < 8:
        return array(pick(choices, (INT, LONG, STR, DOUBLE, Type("C0"))))
    element = reference(choices, found) if chance(choices, 50) else pick(choices, (INT, STR, LONG))
    return list_of(element) if kind < 9 else map_of(element)


def reference(choices: Choices, found: Shapes) -> Type:
    """A class of the program, or any object."""
    names = [s.name for s in found.table.values() if s.kind in ("class", "abstract", "interface", "enum", "record")]
    return Type(pick(choices, names))


def parameter(choices: Choices, found: Shapes) -> Type:
    kind = choices.integer(0, 11)
    if kind < 5:
        return pick(choices, SIMPLE)
    if kind < 10:
        return reference(choices, found)
    if kind < 11:
        return pick(choices, (list_of(INT), map_of(INT), list_of(STR), OBJECT))
    return array(pick(choices, (INT, STR, DOUBLE)))


def _signature(choices: Choices, found: Shapes, name: str) -> Signature:
    params = tuple(parameter(choices, found) for _ in range(choices.integer(0, 2)))
    return Signature(name, params, parameter(choices, found), synchronized=chance(choices, 8))


def _interface(choices: Choices, found: Shapes, shape: Shape) -> None:
    first = _signature(choices, found, f"a{shape.name}")
    shape.methods.append(replace(first, abstract=True, synchronized=False))
    if chance(choices, 35):
        second = _signature(choices, found, f"b{shape.name}")
        shape.methods.append(replace(second, abstract=chance(choices, 50), synchronized=False))


def _members(choices: Choices, found: Shapes, shape: Shape) -> None:
    tag = shape.name.lower()
    for i in range(choices.integer(1, 4)):
        type_ = field_type(choices, found)
        final = chance(choices, 20)
        shape.fields.append(Field(f"{tag}f{i}", type_, final=final, private=not final and chance(choices, 25)))
    for i in range(choices.integer(0, 2)):
        final = chance(choices, 35)
        type_ = pick(choices, (INT, STR, LONG)) if final and chance(choices, 50) else field_type(choices, found)
        shape.fields.append(Field(f"{tag}s{i}", type_, static=True, final=final))
    fields = [f.type for f in shape.fields if not f.static]
    own = tuple(t for t in fields if t in SIMPLE or t.name not in BUILT_IN)[: choices.integer(0, 2)]
    shape.built_with = own
    shape.bare = bool(own) and chance(choices, 40)
    for i in range(choices.integer(1, 3)):
        signature = _signature(choices, found, f"m{i}")
        if any((m.name, m.params) == (signature.name, signature.params) for s in found.supertypes(shape.name) for m in s.methods):
            continue
        if any(m.name == signature.name and m.static for s in found.supertypes(shape.name) for m in s.methods):
            continue
        inherited = any(m.name == signature.name for s in found.supertypes(shape.name) for m in s.methods)
        static = not inherited and chance(choices, 20)
        if static:
            signature = replace(signature, static=True, name=f"{tag}{signature.name}")
        shape.methods.append(replace(signature, overloaded=inherited))
    if chance(choices, 35):
        _overloads(choices, found, shape)
    if shape.kind == "abstract":
        shape.methods.append(replace(_signature(choices, found, f"{tag}abs"), abstract=True, synchronized=False))
    if chance(choices, 15):
        shape.methods.append(Signature(f"{tag}va", (array(pick(choices, (INT, STR))),), INT, varargs=True))


def _overloads(choices: Choices, found: Shapes, shape: Shape) -> None:
    kinds: list[Type] = [INT, LONG, DOUBLE, CHAR, STR, OBJECT, Type("C0")]
    chosen = {pick(choices, kinds) for _ in range(choices.integer(2, 3))}
    for type_ in sorted(chosen, key=lambda t: t.name):
        shape.methods.append(Signature(f"{shape.name.lower()}over", (type_,), STR, overloaded=True))


def _nested(choices: Choices, found: Shapes) -> None:
    outer = pick(choices, found.of_kind("class"))
    kind = pick(choices, ("inner", "nested"))
    name = f"{outer.name}.In"
    fields = [Field("in0", pick(choices, SIMPLE)), Field("in1", reference(choices, found))]
    shape = Shape(name, kind, outer.order, fields=fields, outer=outer.name)
    functional = found.functional()
    if functional and chance(choices, 50):
        shape.interfaces = [pick(choices, functional).name]
    shape.methods.append(_signature(choices, found, "mIn"))
    _add(found, shape)
    outer.methods.append(Signature("makeIn", (), Type(name)))
