"""Descriptors and generic signatures (JVMS 4.3, 4.7.9.1) to types.

before: <T:Ljava/lang/Object;>(Ljava/util/List<-TT;>;)TT;
after:  T, params (List<? super T>,), result T

Simplifications: the arguments of an outer class are dropped from an inner class's type; inside its own bounds a type
variable stands without bounds (`T extends Comparable<T>` would not end otherwise).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from refactor.ir.symbols import TypeParam
from refactor.ir.types import ArrayType, ClassType, PrimitiveType, Type, TypeVar, WildcardType

PRIMITIVES: Final[dict[str, PrimitiveType]] = {
    code: PrimitiveType(name)
    for code, name in {
        "Z": "boolean",
        "B": "byte",
        "C": "char",
        "S": "short",
        "I": "int",
        "J": "long",
        "F": "float",
        "D": "double",
        "V": "void",
    }.items()
}
_ANY: Final = WildcardType()


class Scope:
    """The type variables of one class or method; `parent` looks further out."""

    __slots__ = ("_active", "_bounds", "_done", "_owner", "_parent")

    def __init__(self, owner: str, parent: Callable[[str], TypeVar | None] | None = None) -> None:
        self._owner = owner
        self._parent = parent
        self._bounds: dict[str, tuple[str, ...]] = {}
        self._done: dict[str, TypeVar] = {}
        self._active: list[str] = []

    def declare(self, name: str, bounds: tuple[str, ...]) -> None:
        self._bounds[name] = bounds

    def find(self, name: str) -> TypeVar | None:
        """The variable with its bounds; without them while its own bounds are being read."""
        bounds = self._bounds.get(name)
        if bounds is None:
            return self._parent(name) if self._parent else None
        if not bounds or name in self._active:
            return TypeVar(name, self._owner)
        known = self._done.get(name)
        if known is None:
            self._active.append(name)
            known = TypeVar(name, self._owner, tuple(parse_type(b, 0, self)[0] for b in bounds))
            self._active.pop()
            if not self._active:  # inside other bounds the variable may have been cut short
                self._done[name] = known
        return known

    def params(self) -> tuple[TypeParam, ...]:
        found = []
        for name in self._bounds:
            variable = self.find(name)
            found.append(TypeParam(name, variable.bounds if variable else ()))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class MethodTypes:
    params: tuple[Type, ...]
    result: Type
    throws: tuple[Type, ...] = ()


def parse_type(text: str, at: int, scope: Scope | None) -> tuple[Type, int]:
    """One type from `text[at:]`; returns it and the offset after it."""
    code = text[at]
    if code == "L":
        return _class_type(text, at, scope)
    if code == "T":
        end = text.index(";", at)
        name = text[at + 1 : end]
        return (scope.find(name) if scope else None) or TypeVar(name, ""), end + 1
    if code == "[":
        element, at = parse_type(text, at + 1, scope)
        return ArrayType(element), at
    return PRIMITIVES[code], at + 1


def _class_type(text: str, at: int, scope: Scope | None) -> tuple[Type, int]:
    semicolon = text.index(";", at)
    angle = text.find("<", at, semicolon)
    if angle < 0:
        return class_type(text[at + 1 : semicolon]), semicolon + 1
    name = text[at + 1 : angle]
    at = angle
    args: tuple[Type, ...] = ()
    while True:
        code = text[at]
        if code == "<":
            at += 1
            found: list[Type] = []
            while text[at] != ">":
                arg, at = _type_argument(text, at, scope)
                found.append(arg)
            args = tuple(found)
            at += 1
        elif code == ".":  # Outer<A>.Inner<B>: the arguments of Outer are dropped
            end = at + 1
            while text[end] not in "<.;":
                end += 1
            name += "$" + text[at + 1 : end]
            args = ()
            at = end
        else:
            return ClassType(name.replace("/", "."), args), at + 1


def _type_argument(text: str, at: int, scope: Scope | None) -> tuple[Type, int]:
    code = text[at]
    if code == "*":
        return _ANY, at + 1
    if code == "+":
        bound, at = parse_type(text, at + 1, scope)
        return WildcardType(upper=bound), at
    if code == "-":
        bound, at = parse_type(text, at + 1, scope)
        return WildcardType(lower=bound), at
    return parse_type(text, at, scope)


@lru_cache(maxsize=1 << 16)
def class_type(internal: str) -> ClassType:
    """`java/util/Map$Entry` -> ClassType("java.util.Map$Entry"), shared."""
    return ClassType(internal.replace("/", "."))


@lru_cache(maxsize=1 << 16)
def field_descriptor(text: str) -> Type:
    """A field descriptor: no generics."""
    return parse_type(text, 0, None)[0]


@lru_cache(maxsize=1 << 16)
def method_descriptor(text: str) -> MethodTypes:
    """A method descriptor: no generics."""
    return _method_types(text, 0, None)


def class_signature(text: str, scope: Scope) -> tuple[ClassType, tuple[ClassType, ...]]:
    """A ClassSignature: declares the variables in `scope`, returns the superclass and the interfaces."""
    at = type_params(text, scope)
    parents: list[ClassType] = []
    while at < len(text):
        parent, at = parse_type(text, at, scope)
        assert isinstance(parent, ClassType)
        parents.append(parent)
    return parents[0], tuple(parents[1:])


def method_signature(text: str, scope: Scope) -> MethodTypes:
    """A MethodSignature: declares the method's variables in `scope`, returns the types."""
    return _method_types(text, type_params(text, scope), scope)


def type_params(text: str, scope: Scope) -> int:
    """Declare `<T:bound:bound U:...>` at the start of `text`; returns the offset after it, 0 where there is none."""
    if text[0] != "<":
        return 0
    at = 1
    while text[at] != ">":
        colon = text.index(":", at)
        name = text[at:colon]
        at = colon
        bounds = []
        while text[at] == ":":
            at += 1
            if text[at] != ":":  # `T::I`: no class bound
                # Read with no scope: only the extent of the bound matters until all names are known.
                end = parse_type(text, at, None)[1]
                bounds.append(text[at:end])
                at = end
        if bounds == ["Ljava/lang/Object;"]:
            bounds = []
        scope.declare(name, tuple(bounds))
    return at + 1


def _method_types(text: str, at: int, scope: Scope | None) -> MethodTypes:
    at += 1
    params: list[Type] = []
    while text[at] != ")":
        param, at = parse_type(text, at, scope)
        params.append(param)
    result, at = parse_type(text, at + 1, scope)
    throws: list[Type] = []
    while at < len(text):
        thrown, at = parse_type(text, at + 1, scope)
        throws.append(thrown)
    return MethodTypes(tuple(params), result, tuple(throws))
