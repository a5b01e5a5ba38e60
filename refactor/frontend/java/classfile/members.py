"""Fields and methods of a class file, each decoded when its name is first asked for.

before: the bytes of java/util/Map.class, "getOrDefault"
after:  [MethodSymbol("java.util.Map", "getOrDefault", (Object, V), V, DEFAULT ..)]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeVar, overload

from refactor.frontend.java.classfile.annotations import character, read_parameter_annotations
from refactor.frontend.java.classfile.layout import ABSTRACT, ENUM, MANDATED, PRIVATE, STATIC, SYNTHETIC, Attributes, Layout
from refactor.frontend.java.classfile.pool import ClassFormatError
from refactor.frontend.java.classfile.signature import (
    MethodTypes,
    Scope,
    field_descriptor,
    method_descriptor,
    method_signature,
    parse_type,
)
from refactor.ir.symbols import Annotation, ClassKind, FieldSymbol, Flags, MethodSymbol, Param, TypeParam
from refactor.ir.types import ClassType, Type, descriptor

_PARAMETER_ANNOTATIONS: Final = ("RuntimeVisibleParameterAnnotations", "RuntimeInvisibleParameterAnnotations")
V = TypeVar("V")
T = TypeVar("T")


class LazyMembers(Mapping[str, V]):
    """name -> members of that name, decoded and kept when first asked for; names in file order.

    A name whose members cannot be decoded is reported once to `broken` and then is not there.
    """

    __slots__ = ("_broken", "_decode", "_known", "_places")

    def __init__(self, places: Mapping[str, list[int]], decode: Callable[[list[int]], V], broken: Callable[[Exception], None]) -> None:
        self._places = dict(places)
        self._decode = decode
        self._broken = broken
        self._known: dict[str, V] = {}

    def __getitem__(self, name: str) -> V:
        known = self._known.get(name)
        if known is None:
            try:
                known = self._known[name] = self._decode(self._places[name])
            except (IndexError, UnicodeDecodeError, ClassFormatError, ValueError) as error:
                del self._places[name]
                self._broken(error)
                raise KeyError(name) from error
        return known

    @overload
    def get(self, name: str, /) -> V | None: ...
    @overload
    def get(self, name: str, /, default: V | T) -> V | T: ...
    def get(self, name: str, /, default: object = None) -> object:
        known = self._known.get(name)
        if known is not None:
            return known
        if name not in self._places:
            return default
        try:
            return self[name]
        except KeyError:
            return default

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        return name in self._places


class MemberDecoder:
    """Decodes single members of one class."""

    __slots__ = ("_inner", "_kind", "_layout", "_name", "_scope")

    def __init__(self, layout: Layout, name: str, kind: ClassKind, inner: bool, scope: Scope) -> None:
        self._layout = layout
        self._name = name
        self._kind = kind
        self._inner = inner
        self._scope = scope

    def field(self, at: int) -> FieldSymbol:
        layout = self._layout
        access, name, desc = layout.u2(at), layout.text(at + 2), layout.text(at + 4)
        attributes, _ = layout.attributes_at(at + 6)
        constant = None
        place = attributes.get("ConstantValue")
        if place:
            constant = layout.pool.constant(layout.u2(place[0]))
            if desc == "Z":
                constant = bool(constant)
            elif desc == "C":
                constant = character(constant)
        type_ = self.type(desc, attributes)
        annotations = layout.annotations(attributes)
        return FieldSymbol(self._name, name, type_, _field_flags(access), constant, annotations, bool(access & ENUM))

    def type(self, desc: str, attributes: Attributes) -> Type:
        """The generic type where there is one, else that of the descriptor."""
        signature = attributes.get("Signature")
        if signature:
            return parse_type(self._layout.text(signature[0]), 0, self._scope)[0]
        return field_descriptor(desc)

    def method(self, at: int) -> MethodSymbol:
        layout = self._layout
        access, name, desc = layout.u2(at), layout.text(at + 2), layout.text(at + 4)
        attributes, _ = layout.attributes_at(at + 6)
        types = method_descriptor(desc)
        if name == "<init>":
            types = self._source_params(types)
        signature = attributes.get("Signature")
        throws: tuple[Type, ...] = ()
        type_params: tuple[TypeParam, ...] = ()
        if signature:
            # The owner of a method's variables is its key, whose descriptor is that of the source's parameters.
            if name == "<init>":
                desc = f"({''.join(descriptor(p) for p in types.params)})V"
            scope = Scope(f"{self._name}#{name}{desc}", self._scope.find)
            types = method_signature(layout.text(signature[0]), scope)
            type_params = scope.params()
            throws = types.throws
        if not throws and "Exceptions" in attributes:
            throws = tuple(ClassType(n) for n in layout.class_list(attributes["Exceptions"][0]))
        flags = _method_flags(access)
        if self._kind in (ClassKind.INTERFACE, ClassKind.ANNOTATION) and not access & (ABSTRACT | STATIC | PRIVATE):
            flags |= Flags.DEFAULT
        return MethodSymbol(
            self._name,
            name,
            self._params(types.params, attributes),
            types.result,
            type_params,
            throws,
            flags,
            layout.annotations(attributes),
            self._kind is ClassKind.ENUM and bool(access & STATIC) and _is_enum_method(name, desc),
        )

    def _source_params(self, types: MethodTypes) -> MethodTypes:
        """Drop what the compiler put in front: the outer instance of an inner class, name and ordinal of an enum."""
        drop = 2 if self._kind is ClassKind.ENUM else int(self._inner)
        return MethodTypes(types.params[drop:], types.result) if drop else types

    def _params(self, types: tuple[Type, ...], attributes: Attributes) -> tuple[Param, ...]:
        if not types:
            return ()
        names = self._param_names(attributes)
        if len(names) != len(types):
            names = [f"arg{i}" for i in range(len(types))]
        annotations: list[tuple[Annotation, ...]] = [()] * len(types)
        for attribute in _PARAMETER_ANNOTATIONS:
            if attribute in attributes:
                found = read_parameter_annotations(self._layout.data, attributes[attribute][0], self._layout.pool)
                # Where a compiler counts the implicit leading parameters, the source's are the last ones.
                for back in range(1, min(len(found), len(types)) + 1):
                    annotations[-back] += found[-back]
        return tuple(Param(n, t, a) for n, t, a in zip(names, types, annotations, strict=True))

    def _param_names(self, attributes: Attributes) -> list[str]:
        place = attributes.get("MethodParameters")
        names = []
        if place:
            layout = self._layout
            at = place[0] + 1
            for _ in range(layout.data[place[0]]):
                name = layout.u2(at)
                if not layout.u2(at + 2) & (SYNTHETIC | MANDATED) or self._kind is ClassKind.RECORD:
                    names.append(layout.pool.utf8(name) if name else "")
                at += 4
        return names if all(names) else []


def _is_enum_method(name: str, desc: str) -> bool:
    return (name == "values" and desc.startswith("()")) or (name == "valueOf" and desc.startswith("(Ljava/lang/String;)"))


@lru_cache(maxsize=1024)
def _field_flags(access: int) -> Flags:
    flags = Flags(access & 0x5F)
    return flags | Flags.TRANSIENT if access & 0x80 else flags


@lru_cache(maxsize=1024)
def _method_flags(access: int) -> Flags:
    flags = Flags(access & 0x0CBF)
    return flags | Flags.NATIVE if access & 0x100 else flags
