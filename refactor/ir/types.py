"""Types of the IR: nominal, generic, with erasure and JVM-style descriptors.

Class names are *binary* names everywhere (`shop.order.Order$Line`): one spelling, whatever the source language.
Simplifications: type annotations are dropped; an inner class's type does not repeat its outer class's arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from refactor.support.fast_init import fast_init

PRIMITIVE_CODES: Final[dict[str, str]] = {
    "boolean": "Z",
    "byte": "B",
    "char": "C",
    "short": "S",
    "int": "I",
    "long": "J",
    "float": "F",
    "double": "D",
    "void": "V",
}


@fast_init
@dataclass(frozen=True, slots=True)
class PrimitiveType:
    """A primitive, or `void`."""

    name: str


@fast_init
@dataclass(frozen=True, slots=True)
class ClassType:
    """A class or interface with its type arguments; no arguments: raw or not generic."""

    name: str
    args: tuple[Type, ...] = ()


@fast_init
@dataclass(frozen=True, slots=True)
class ArrayType:
    """An array of `element` (one dimension; nest for more)."""

    element: Type


@fast_init
@dataclass(frozen=True, slots=True)
class TypeVar:
    """A type variable. `owner` is the declaring class's binary name or the declaring method's key.

    Name and owner are its identity; `bounds` may mention the variable itself (`T extends Comparable<T>`) and take no part.
    """

    name: str
    owner: str
    bounds: tuple[Type, ...] = field(default=(), compare=False, repr=False)


@fast_init
@dataclass(frozen=True, slots=True)
class WildcardType:
    """`?`, `? extends bound` (upper) or `? super bound` (lower)."""

    upper: Type | None = None
    lower: Type | None = None


@fast_init
@dataclass(frozen=True, slots=True)
class IntersectionType:
    """`A & B`, from bounds and casts."""

    parts: tuple[Type, ...]


@fast_init
@dataclass(frozen=True, slots=True)
class NullType:
    """The type of `null`."""


@fast_init
@dataclass(frozen=True, slots=True)
class UnknownType:
    """What could not be resolved; `reason` says why and is carried into diagnostics."""

    reason: str = ""


Type = PrimitiveType | ClassType | ArrayType | TypeVar | WildcardType | IntersectionType | NullType | UnknownType

VOID: Final = PrimitiveType("void")
BOOLEAN: Final = PrimitiveType("boolean")
INT: Final = PrimitiveType("int")
LONG: Final = PrimitiveType("long")
DOUBLE: Final = PrimitiveType("double")
OBJECT: Final = ClassType("java.lang.Object")
STRING: Final = ClassType("java.lang.String")
NULL: Final = NullType()


def erase(type_: Type) -> PrimitiveType | ClassType | ArrayType | NullType | UnknownType:
    """The erasure (JLS 4.6): no arguments, a variable becomes its leftmost bound, arrays of erased elements."""
    match type_:
        case ClassType(name, args):
            return type_ if not args else ClassType(name)
        case ArrayType(element):
            return ArrayType(erase(element))
        case TypeVar(_, _, bounds):
            return erase(bounds[0]) if bounds else OBJECT
        case WildcardType(upper, _):
            return erase(upper) if upper is not None else OBJECT
        case IntersectionType(parts):
            return erase(parts[0])
        case _:
            return type_


def descriptor(type_: Type) -> str:
    """The erased JVM field descriptor (JVMS 4.3.2): `int` -> `I`, `String[]` -> `[Ljava/lang/String;`."""
    if isinstance(type_, ClassType):  # by hand, the most frequent first: keys of members are made of these
        return f"L{type_.name.replace('.', '/')};"
    if isinstance(type_, PrimitiveType):
        return PRIMITIVE_CODES[type_.name]
    if isinstance(type_, ArrayType):
        return "[" + descriptor(type_.element)
    if isinstance(type_, NullType | UnknownType):
        return "Ljava/lang/Object;"
    return descriptor(erase(type_))


def class_names(type_: Type) -> frozenset[str]:
    """Every class named anywhere inside `type_`, bounds and arguments included (a variable's bounds once)."""
    found: set[str] = set()
    _collect(type_, found, set())
    return frozenset(found)


def _collect(type_: Type, found: set[str], seen: set[tuple[str, str]]) -> None:
    match type_:
        case ClassType(name, args):
            found.add(name)
            for arg in args:
                _collect(arg, found, seen)
        case ArrayType(element):
            _collect(element, found, seen)
        case TypeVar(name, owner, bounds):
            if (name, owner) not in seen:
                seen.add((name, owner))
                for bound in bounds:
                    _collect(bound, found, seen)
        case WildcardType(upper, lower):
            for limit in (upper, lower):
                if limit is not None:
                    _collect(limit, found, seen)
        case IntersectionType(parts):
            for part in parts:
                _collect(part, found, seen)
        case _:
            pass
