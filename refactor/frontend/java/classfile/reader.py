"""Class files to ClassSymbols: declarations only, code is never looked at.

before: the bytes of java/util/Map$Entry.class
after:  ClassSymbol("java.util.Map$Entry", INTERFACE, type_params (K, V), outer "java.util.Map", methods ...)

Simplifications: synthetic members, bridges and static initialisers are skipped, private members and member classes too
unless asked for; annotation defaults and type annotations are dropped; `superclass` of an interface is None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from refactor.frontend.java.classfile.annotations import character, read_annotations, read_parameter_annotations
from refactor.frontend.java.classfile.pool import ClassFormatError, ConstantPool
from refactor.frontend.java.classfile.signature import (
    MethodTypes,
    Scope,
    class_signature,
    class_type,
    field_descriptor,
    method_descriptor,
    method_signature,
    parse_type,
)
from refactor.ir.symbols import Annotation, ClassKind, ClassSymbol, FieldSymbol, Flags, MethodSymbol, Origin, Param, TypeParam
from refactor.ir.types import ClassType, Type, TypeVar, descriptor

_PRIVATE: Final = 0x0002
_STATIC: Final = 0x0008
_BRIDGE: Final = 0x0040
_INTERFACE: Final = 0x0200
_ABSTRACT: Final = 0x0400
_SYNTHETIC: Final = 0x1000
_ANNOTATION: Final = 0x2000
_ENUM: Final = 0x4000
_MANDATED: Final = 0x8000

_CLASS_FLAGS: Final = Flags.PUBLIC | Flags.PRIVATE | Flags.PROTECTED | Flags.STATIC | Flags.FINAL | Flags.ABSTRACT | Flags.SYNTHETIC
_ANNOTATIONS: Final = ("RuntimeVisibleAnnotations", "RuntimeInvisibleAnnotations")
_PARAMETER_ANNOTATIONS: Final = ("RuntimeVisibleParameterAnnotations", "RuntimeInvisibleParameterAnnotations")

FindClass = Callable[[str], ClassSymbol | None]
_Attributes = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Inner:
    """One entry of InnerClasses; `outer` is "" for local and anonymous classes, `simple` "" for anonymous ones."""

    outer: str
    simple: str
    access: int


def read_class(data: bytes, origin: Origin, *, file: str = "", private: bool = False, find: FindClass | None = None) -> ClassSymbol:
    """Read one class file. `find` answers for enclosing classes, whose type variables an inner class may mention.

    Raises ClassFormatError.
    """
    try:
        return _Reader(data, origin, file, private, find).read()
    except (IndexError, KeyError, UnicodeDecodeError) as error:
        raise ClassFormatError(f"broken class file: {error!r}") from error


class _Reader:
    __slots__ = ("_data", "_file", "_find", "_inner", "_is_inner", "_kind", "_name", "_origin", "_pool", "_private", "_scope")

    def __init__(self, data: bytes, origin: Origin, file: str, private: bool, find: FindClass | None) -> None:
        self._data = data
        self._origin = origin
        self._file = file
        self._private = private
        self._find = find
        self._pool = ConstantPool(data)

    def read(self) -> ClassSymbol:
        pool = self._pool
        at = pool.end
        access = self._u2(at)
        self._name = name = pool.class_name(self._u2(at + 2))
        parent = pool.reference(self._u2(at + 4))
        count = self._u2(at + 6)
        interfaces = tuple(class_type(pool.reference(self._u2(at + 8 + 2 * i))) for i in range(count))
        fields_at = at + 8 + 2 * count
        methods_at = self._skip_members(fields_at)
        attributes, _ = self._attributes(self._skip_members(methods_at))

        self._inner = inner = self._inner_classes(attributes)
        own = inner.get(name)
        if own:
            # The class's own access flags cannot say private, protected or static.
            access = (access & ~0xF) | own.access
        self._is_inner = own is not None and bool(own.outer) and not access & _STATIC
        self._kind = kind = _kind(access, attributes)
        outer, enclosing_method = self._outer(own, attributes)
        self._scope = Scope(name, self._outer_variable(outer) if self._is_inner else None)
        superclass: ClassType | None = class_type(parent) if parent else None
        signature = attributes.get("Signature")
        if signature:
            superclass, interfaces = class_signature(pool.utf8(self._u2(signature[0])), self._scope)
        if access & _INTERFACE:
            superclass = None
        flags = Flags(access) & _CLASS_FLAGS
        permitted = attributes.get("PermittedSubclasses")
        if permitted:
            flags |= Flags.SEALED
        return ClassSymbol(
            name=name,
            kind=kind,
            flags=flags,
            origin=self._origin,
            type_params=self._scope.params(),
            superclass=superclass,
            interfaces=interfaces,
            permits=self._class_list(permitted[0]) if permitted else (),
            outer=outer,
            top=self._top(name, outer),
            enclosing_method=enclosing_method,
            local=own is not None and not own.outer and bool(own.simple),
            anonymous=own is not None and not own.simple,
            fields=self._fields(fields_at),
            methods=self._methods(methods_at),
            record_components=self._record(attributes),
            members=tuple(n for n, i in inner.items() if i.outer == name and self._wanted(i.access)),
            annotations=self._annotations(attributes),
            file=self._file,
        )

    def _u2(self, at: int) -> int:
        return (self._data[at] << 8) | self._data[at + 1]

    def _wanted(self, access: int) -> bool:
        return not access & _SYNTHETIC and (self._private or not access & _PRIVATE)

    def _skip_members(self, at: int) -> int:
        data = self._data
        count = self._u2(at)
        at += 2
        for _ in range(count):
            attributes = (data[at + 6] << 8) | data[at + 7]
            at += 8
            for _ in range(attributes):
                at += 6 + int.from_bytes(data[at + 2 : at + 6])
        return at

    def _attributes(self, at: int) -> tuple[_Attributes, int]:
        """The content's offset and length of each attribute, by name, and the offset after all."""
        data, utf8 = self._data, self._pool.utf8
        count = (data[at] << 8) | data[at + 1]
        at += 2
        found: _Attributes = {}
        for _ in range(count):
            length = int.from_bytes(data[at + 2 : at + 6])
            found[utf8((data[at] << 8) | data[at + 1])] = (at + 6, length)
            at += 6 + length
        return found, at

    def _inner_classes(self, attributes: _Attributes) -> dict[str, _Inner]:
        place = attributes.get("InnerClasses")
        found: dict[str, _Inner] = {}
        if place:
            at = place[0] + 2
            for _ in range(self._u2(place[0])):
                simple = self._u2(at + 4)
                name = self._pool.class_name(self._u2(at))
                outer = self._pool.class_name(self._u2(at + 2))
                found[name] = _Inner(outer, self._pool.utf8(simple) if simple else "", self._u2(at + 6))
                at += 8
        return found

    def _outer(self, own: _Inner | None, attributes: _Attributes) -> tuple[str | None, str | None]:
        """The enclosing class and, for a local or anonymous class, the key of the enclosing method."""
        place = attributes.get("EnclosingMethod")
        if place:
            outer = self._pool.class_name(self._u2(place[0]))
            method = self._u2(place[0] + 2)
            if not method:
                return outer, None
            name, desc = self._pool.name_and_type(method)
            return outer, f"{outer}#{name}{desc}"
        return (own.outer or None if own else None), None

    def _top(self, name: str, outer: str | None) -> str:
        top = name
        while outer:
            top = outer
            entry = self._inner.get(outer)
            outer = entry.outer if entry else None
        return top

    def _outer_variable(self, outer: str | None) -> Callable[[str], TypeVar | None]:
        def look(name: str) -> TypeVar | None:
            at, seen = outer, 0
            while at and self._find and seen < 32:
                symbol = self._find(at)
                if symbol is None:
                    break
                for param in symbol.type_params:
                    if param.name == name:
                        return TypeVar(name, symbol.name, param.bounds)
                at, seen = symbol.outer, seen + 1
            return None

        return look

    def _class_list(self, at: int) -> tuple[str, ...]:
        return tuple(self._pool.class_name(self._u2(at + 2 + 2 * i)) for i in range(self._u2(at)))

    def _annotations(self, attributes: _Attributes) -> tuple[Annotation, ...]:
        found: tuple[Annotation, ...] = ()
        for name in _ANNOTATIONS:
            if name in attributes:
                found += read_annotations(self._data, attributes[name][0], self._pool)
        return found

    def _record(self, attributes: _Attributes) -> tuple[Param, ...]:
        place = attributes.get("Record")
        if not place:
            return ()
        count, at = self._u2(place[0]), place[0] + 2
        found = []
        for _ in range(count):
            name, desc = self._pool.utf8(self._u2(at)), self._pool.utf8(self._u2(at + 2))
            own, at = self._attributes(at + 4)
            found.append(Param(name, self._type(desc, own), self._annotations(own)))
        return tuple(found)

    def _type(self, desc: str, attributes: _Attributes) -> Type:
        signature = attributes.get("Signature")
        if signature:
            return parse_type(self._pool.utf8(self._u2(signature[0])), 0, self._scope)[0]
        return field_descriptor(desc)

    def _fields(self, at: int) -> tuple[FieldSymbol, ...]:
        count = self._u2(at)
        at += 2
        found = []
        for _ in range(count):
            access, name, desc = self._u2(at), self._u2(at + 2), self._u2(at + 4)
            attributes, at = self._attributes(at + 6)
            if self._wanted(access):
                found.append(self._field(access, self._pool.utf8(name), self._pool.utf8(desc), attributes))
        return tuple(found)

    def _field(self, access: int, name: str, desc: str, attributes: _Attributes) -> FieldSymbol:
        flags = Flags(access & 0x5F)
        if access & 0x80:
            flags |= Flags.TRANSIENT
        constant = None
        place = attributes.get("ConstantValue")
        if place:
            constant = self._pool.constant(self._u2(place[0]))
            if desc == "Z":
                constant = bool(constant)
            elif desc == "C":
                constant = character(constant)
        return FieldSymbol(
            self._name, name, self._type(desc, attributes), flags, constant, self._annotations(attributes), bool(access & _ENUM)
        )

    def _methods(self, at: int) -> tuple[MethodSymbol, ...]:
        count = self._u2(at)
        at += 2
        found = []
        for _ in range(count):
            access, name_at, desc_at = self._u2(at), self._u2(at + 2), self._u2(at + 4)
            attributes, at = self._attributes(at + 6)
            if self._wanted(access) and not access & _BRIDGE:
                name = self._pool.utf8(name_at)
                if name != "<clinit>":
                    found.append(self._method(access, name, self._pool.utf8(desc_at), attributes))
        return tuple(found)

    def _method(self, access: int, name: str, desc: str, attributes: _Attributes) -> MethodSymbol:
        types = method_descriptor(desc)
        if name == "<init>":
            types = self._source_params(types)
        scope = self._scope
        signature = attributes.get("Signature")
        throws: tuple[Type, ...] = ()
        type_params: tuple[TypeParam, ...] = ()
        if signature:
            # The owner of a method's variables is its key, whose descriptor is that of the source's parameters.
            erased = f"({''.join(descriptor(p) for p in types.params)}){descriptor(types.result)}"
            scope = Scope(f"{self._name}#{name}{erased}", self._scope.find)
            types = method_signature(self._pool.utf8(self._u2(signature[0])), scope)
            type_params = scope.params()
            throws = types.throws
        if not throws and "Exceptions" in attributes:
            throws = tuple(ClassType(n) for n in self._class_list(attributes["Exceptions"][0]))
        flags = Flags(access & 0x3F) | Flags(access & 0x0C80)
        if access & 0x100:
            flags |= Flags.NATIVE
        if self._kind in (ClassKind.INTERFACE, ClassKind.ANNOTATION) and not access & (_ABSTRACT | _STATIC | _PRIVATE):
            flags |= Flags.DEFAULT
        implicit = self._kind is ClassKind.ENUM and bool(access & _STATIC) and (
            (name == "values" and desc.startswith("()")) or (name == "valueOf" and desc.startswith("(Ljava/lang/String;)"))
        )
        return MethodSymbol(
            self._name,
            name,
            self._params(types.params, attributes),
            types.result,
            type_params,
            throws,
            flags,
            self._annotations(attributes),
            implicit,
        )

    def _source_params(self, types: MethodTypes) -> MethodTypes:
        """Drop what the compiler put in front: the outer instance of an inner class, name and ordinal of an enum."""
        drop = 2 if self._kind is ClassKind.ENUM else int(self._is_inner)
        return MethodTypes(types.params[drop:], types.result) if drop else types

    def _params(self, types: tuple[Type, ...], attributes: _Attributes) -> tuple[Param, ...]:
        if not types:
            return ()
        names = self._param_names(attributes)
        if len(names) != len(types):
            names = [f"arg{i}" for i in range(len(types))]
        annotations: list[tuple[Annotation, ...]] = [()] * len(types)
        for attribute in _PARAMETER_ANNOTATIONS:
            if attribute in attributes:
                found = read_parameter_annotations(self._data, attributes[attribute][0], self._pool)
                # Where a compiler counts the implicit leading parameters, the source's are the last ones.
                for back in range(1, min(len(found), len(types)) + 1):
                    annotations[-back] += found[-back]
        return tuple(Param(n, t, a) for n, t, a in zip(names, types, annotations, strict=True))

    def _param_names(self, attributes: _Attributes) -> list[str]:
        place = attributes.get("MethodParameters")
        names = []
        if place:
            at = place[0] + 1
            for _ in range(self._data[place[0]]):
                name = self._u2(at)
                if not self._u2(at + 2) & (_SYNTHETIC | _MANDATED) or self._kind is ClassKind.RECORD:
                    names.append(self._pool.utf8(name) if name else "")
                at += 4
        return names if all(names) else []


def _kind(access: int, attributes: _Attributes) -> ClassKind:
    if access & _ANNOTATION:
        return ClassKind.ANNOTATION
    if access & _INTERFACE:
        return ClassKind.INTERFACE
    if access & _ENUM:
        return ClassKind.ENUM
    return ClassKind.RECORD if "Record" in attributes else ClassKind.CLASS
