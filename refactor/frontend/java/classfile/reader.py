"""Class files to ClassSymbols: declarations only, code is never looked at.

before: the bytes of java/util/Map$Entry.class
after:  ClassSymbol("java.util.Map$Entry", INTERFACE, type_params (K, V), outer "java.util.Map", methods ...)

Simplifications: synthetic members, bridges and static initialisers are skipped, private members and member classes too
unless asked for; annotation defaults and type annotations are dropped; `superclass` of an interface is None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from refactor.frontend.java.classfile.layout import ANNOTATION, ENUM, INTERFACE, PRIVATE, STATIC, SYNTHETIC, Attributes, Layout
from refactor.frontend.java.classfile.members import LazyMembers, MemberDecoder
from refactor.frontend.java.classfile.pool import ClassFormatError
from refactor.frontend.java.classfile.signature import Scope, class_signature, class_type
from refactor.ir.symbols import ClassKind, ClassSymbol, FieldSymbol, Flags, MethodSymbol, Origin, Param
from refactor.ir.types import ClassType, TypeVar

_CLASS_FLAGS: Final = Flags.PUBLIC | Flags.PRIVATE | Flags.PROTECTED | Flags.STATIC | Flags.FINAL | Flags.ABSTRACT | Flags.SYNTHETIC

FindClass = Callable[[str], ClassSymbol | None]
Broken = Callable[[Exception], None]


@dataclass(frozen=True, slots=True)
class _Inner:
    """One entry of InnerClasses; `outer` is "" for local and anonymous classes, `simple` "" for anonymous ones."""

    outer: str
    simple: str
    access: int


@dataclass(frozen=True, slots=True)
class OpenedClass:
    """A class file whose members are decoded on demand. `header` has everything but fields and methods."""

    header: ClassSymbol
    fields: Mapping[str, FieldSymbol]
    methods: Mapping[str, list[MethodSymbol]]
    _order: Callable[[], ClassSymbol]

    def symbol(self) -> ClassSymbol:
        """The whole class, members in the order of the file. Raises ClassFormatError."""
        return self._order()


def read_class(data: bytes, origin: Origin, *, file: str = "", private: bool = False, find: FindClass | None = None) -> ClassSymbol:
    """Read one class file. `find` answers for enclosing classes, whose type variables an inner class may mention.

    Raises ClassFormatError.
    """
    return open_class(data, origin, file=file, private=private, find=find).symbol()


def open_class(
    data: bytes, origin: Origin, *, file: str = "", private: bool = False, find: FindClass | None = None, broken: Broken | None = None
) -> OpenedClass:
    """Read the header of one class file and index its members. `broken` hears of members that cannot be decoded later.

    Raises ClassFormatError.
    """
    try:
        return _Header(Layout(data, private), origin, file, find).opened(broken or (lambda _: None))
    except (IndexError, KeyError, UnicodeDecodeError) as error:
        raise ClassFormatError(f"broken class file: {error!r}") from error


class _Header:
    __slots__ = ("_file", "_find", "_inner", "_layout", "_origin")

    def __init__(self, layout: Layout, origin: Origin, file: str, find: FindClass | None) -> None:
        self._layout = layout
        self._origin = origin
        self._file = file
        self._find = find
        self._inner: dict[str, _Inner] = {}

    def opened(self, broken: Broken) -> OpenedClass:
        layout = self._layout
        pool, attributes, at = layout.pool, layout.attributes, layout.start
        access = layout.u2(at)
        name = pool.class_name(layout.u2(at + 2))
        parent = pool.reference(layout.u2(at + 4))
        interfaces = tuple(class_type(pool.reference(layout.u2(at + 8 + 2 * i))) for i in range(layout.u2(at + 6)))
        self._inner = inner = self._inner_classes(attributes)
        own = inner.get(name)
        if own:
            # The class's own access flags cannot say private, protected or static.
            access = (access & ~0xF) | own.access
        is_inner = own is not None and bool(own.outer) and not access & STATIC
        kind = _kind(access, attributes)
        outer, enclosing_method = self._outer(own, attributes)
        scope = Scope(name, self._outer_variable(outer) if is_inner else None)
        superclass: ClassType | None = class_type(parent) if parent else None
        signature = attributes.get("Signature")
        if signature:
            superclass, interfaces = class_signature(layout.text(signature[0]), scope)
        if access & INTERFACE:
            superclass = None
        flags = Flags(access) & _CLASS_FLAGS
        permitted = attributes.get("PermittedSubclasses")
        if permitted:
            flags |= Flags.SEALED
        decoder = MemberDecoder(layout, name, kind, is_inner, scope)
        header = ClassSymbol(
            name=name,
            kind=kind,
            flags=flags,
            origin=self._origin,
            type_params=scope.params(),
            superclass=superclass,
            interfaces=interfaces,
            permits=layout.class_list(permitted[0]) if permitted else (),
            outer=outer,
            top=self._top(name, outer),
            enclosing_method=enclosing_method,
            local=own is not None and not own.outer and bool(own.simple),
            anonymous=own is not None and not own.simple,
            record_components=self._record(attributes, decoder),
            members=tuple(n for n, i in inner.items() if i.outer == name and self._wanted(i.access)),
            annotations=layout.annotations(attributes),
            file=self._file,
        )
        return OpenedClass(
            header,
            LazyMembers(layout.fields, lambda places: decoder.field(places[0]), broken),
            LazyMembers(layout.methods, lambda places: [decoder.method(at) for at in places], broken),
            lambda: _whole(header, layout, decoder),
        )

    def _wanted(self, access: int) -> bool:
        return not access & SYNTHETIC and (self._layout.private or not access & PRIVATE)

    def _inner_classes(self, attributes: Attributes) -> dict[str, _Inner]:
        layout, pool = self._layout, self._layout.pool
        place = attributes.get("InnerClasses")
        found: dict[str, _Inner] = {}
        if place:
            at = place[0] + 2
            for _ in range(layout.u2(place[0])):
                simple = layout.u2(at + 4)
                name = pool.class_name(layout.u2(at))
                found[name] = _Inner(pool.class_name(layout.u2(at + 2)), pool.utf8(simple) if simple else "", layout.u2(at + 6))
                at += 8
        return found

    def _outer(self, own: _Inner | None, attributes: Attributes) -> tuple[str | None, str | None]:
        """The enclosing class and, for a local or anonymous class, the key of the enclosing method."""
        place = attributes.get("EnclosingMethod")
        if place:
            outer = self._layout.pool.class_name(self._layout.u2(place[0]))
            method = self._layout.u2(place[0] + 2)
            if not method:
                return outer, None
            name, desc = self._layout.pool.name_and_type(method)
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

    def _record(self, attributes: Attributes, decoder: MemberDecoder) -> tuple[Param, ...]:
        place = attributes.get("Record")
        if not place:
            return ()
        layout = self._layout
        at = place[0] + 2
        found = []
        for _ in range(layout.u2(place[0])):
            name, desc = layout.text(at), layout.text(at + 2)
            own, at = layout.attributes_at(at + 4)
            found.append(Param(name, decoder.type(desc, own), layout.annotations(own)))
        return tuple(found)


def _whole(header: ClassSymbol, layout: Layout, decoder: MemberDecoder) -> ClassSymbol:
    try:
        fields = tuple(decoder.field(at) for at in sorted(at for places in layout.fields.values() for at in places))
        methods = tuple(decoder.method(at) for at in sorted(at for places in layout.methods.values() for at in places))
    except (IndexError, KeyError, UnicodeDecodeError, ValueError) as error:
        raise ClassFormatError(f"broken class file: {error!r}") from error
    return replace(header, fields=fields, methods=methods)


def _kind(access: int, attributes: Attributes) -> ClassKind:
    if access & ANNOTATION:
        return ClassKind.ANNOTATION
    if access & INTERFACE:
        return ClassKind.INTERFACE
    if access & ENUM:
        return ClassKind.ENUM
    return ClassKind.RECORD if "Record" in attributes else ClassKind.CLASS
