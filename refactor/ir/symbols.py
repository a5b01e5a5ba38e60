"""Symbols: declarations of classes, methods, fields, from source, from libraries and from the platform alike.

A member's *key* is stable text: `a.B$C#m(Ljava/lang/String;I)V` for a method, `a.B#<init>(I)V` for a constructor,
`a.B#f:I` for a field. References name the DECLARING class's member by its key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntFlag
from typing import TYPE_CHECKING

from refactor.ir.types import ClassType, Type, TypeVar, descriptor
from refactor.support.fast_members import fast_members
from refactor.support.source import Span


@fast_members
class Flags(IntFlag):
    """Modifiers. The low bits are those of the JVM; the rest belong to the source only."""

    NONE = 0
    PUBLIC = 0x0001
    PRIVATE = 0x0002
    PROTECTED = 0x0004
    STATIC = 0x0008
    FINAL = 0x0010
    SYNCHRONIZED = 0x0020
    VOLATILE = 0x0040
    VARARGS = 0x0080
    TRANSIENT = 0x0100
    NATIVE = 0x0200
    ABSTRACT = 0x0400
    STRICT = 0x0800
    SYNTHETIC = 0x1000
    DEFAULT = 0x10000
    SEALED = 0x20000
    NON_SEALED = 0x40000

    if not TYPE_CHECKING:
        # A test of flags is a plain int: enum's own operator makes a member each time, 20 times as slow, and tests are everywhere.
        __and__ = int.__and__
        __rand__ = int.__rand__


@fast_members
class ClassKind(Enum):
    CLASS = "class"
    INTERFACE = "interface"
    ENUM = "enum"
    RECORD = "record"
    ANNOTATION = "annotation"


@fast_members
class Origin(Enum):
    """Where a class comes from: the application's main or test sources, a dependency, the platform."""

    MAIN = "main"
    TEST = "test"
    LIBRARY = "library"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Annotation:
    """`name` is the binary name of the annotation type (as written where unresolved).

    A value is a str / int / float / bool constant, ClassType (class literal), ("enum", class name, constant name),
    an Annotation, or a tuple of those. A single unnamed value has the name "value".
    """

    name: str
    values: tuple[tuple[str, object], ...] = ()
    span: Span | None = None

    def value(self, name: str = "value") -> object | None:
        return next((v for n, v in self.values if n == name), None)


@dataclass(frozen=True, slots=True)
class TypeParam:
    name: str
    bounds: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Param:
    name: str
    type: Type
    annotations: tuple[Annotation, ...] = ()
    flags: Flags = Flags.NONE


@dataclass(frozen=True, slots=True)
class FieldSymbol:
    """A field, an enum constant (`enum_constant`), or a record's field. `constant`: its compile-time constant (JLS 15.29)."""

    owner: str
    name: str
    type: Type
    flags: Flags = Flags.NONE
    constant: object | None = None
    annotations: tuple[Annotation, ...] = ()
    enum_constant: bool = False
    span: Span | None = None  # the whole declarator
    name_span: Span | None = None

    @property
    def key(self) -> str:
        return f"{self.owner}#{self.name}:{descriptor(self.type)}"


@dataclass(frozen=True, slots=True)
class MethodSymbol:
    """A method or a constructor (`<init>`). A static initialiser has no symbol; its Body has the key `a.B#<clinit>()V`.

    For an inner class's constructor the parameters are those written in the source (no outer instance), as javac's
    symbols have them. `implicit`: not written in the source (default constructor, record accessor, enum values/valueOf).
    """

    owner: str
    name: str
    params: tuple[Param, ...]
    result: Type
    type_params: tuple[TypeParam, ...] = ()
    throws: tuple[Type, ...] = ()
    flags: Flags = Flags.NONE
    annotations: tuple[Annotation, ...] = ()
    implicit: bool = False
    span: Span | None = None  # the whole declaration, modifiers and body included
    name_span: Span | None = None
    body_span: Span | None = None

    @property
    def descriptor(self) -> str:
        return f"({''.join(descriptor(p.type) for p in self.params)}){descriptor(self.result)}"

    @property
    def key(self) -> str:
        return f"{self.owner}#{self.name}{self.descriptor}"

    @property
    def is_constructor(self) -> bool:
        return self.name == "<init>"


@dataclass(frozen=True, slots=True)
class ClassSymbol:
    """A class of any kind and origin. Library classes have no spans.

    `outer` is the lexically enclosing class (binary name), also for local and anonymous classes; those have
    `enclosing_method` (key) set where they stand in a method. `top` is the top-level class: the unit of partition.
    """

    name: str
    kind: ClassKind
    flags: Flags
    origin: Origin
    type_params: tuple[TypeParam, ...] = ()
    superclass: ClassType | None = None
    interfaces: tuple[ClassType, ...] = ()
    permits: tuple[str, ...] = ()
    outer: str | None = None
    top: str = ""
    enclosing_method: str | None = None
    local: bool = False
    anonymous: bool = False
    fields: tuple[FieldSymbol, ...] = ()
    methods: tuple[MethodSymbol, ...] = ()
    record_components: tuple[Param, ...] = ()
    members: tuple[str, ...] = ()  # member classes (binary names), in source order
    annotations: tuple[Annotation, ...] = ()
    file: str = ""  # POSIX path relative to the project root
    module: str = ""
    span: Span | None = None
    name_span: Span | None = None
    body_span: Span | None = None

    @property
    def package(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def simple_name(self) -> str:
        return self.name.rpartition(".")[2].rpartition("$")[2]

    @property
    def is_interface(self) -> bool:
        return self.kind in (ClassKind.INTERFACE, ClassKind.ANNOTATION)

    @property
    def is_static_nested(self) -> bool:
        return self.outer is not None and bool(self.flags & Flags.STATIC)

    def type(self) -> ClassType:
        return ClassType(self.name, tuple(TypeVar(p.name, self.name, p.bounds) for p in self.type_params))

    def method(self, name: str, desc: str) -> MethodSymbol | None:
        return next((m for m in self.methods if m.name == name and m.descriptor == desc), None)

    def field(self, name: str) -> FieldSymbol | None:
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True, slots=True)
class SymbolKeys:
    """A parsed member key: `owner`, `name`, `descriptor` (field: type descriptor)."""

    owner: str
    name: str
    descriptor: str
    is_method: bool = field(default=False)


def parse_key(key: str) -> SymbolKeys:
    """Split a member key; raises ValueError for text that is not one."""
    owner, hash_, rest = key.partition("#")
    if not hash_:
        raise ValueError(f"not a member key: {key!r}")
    if "(" in rest:
        name, _, desc = rest.partition("(")
        return SymbolKeys(owner, name, "(" + desc, True)
    name, _, desc = rest.partition(":")
    return SymbolKeys(owner, name, desc, False)
