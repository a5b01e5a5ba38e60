"""What both passes of the solver share: numbers for types, fields, signatures, allocation sites, call sites and globals.

A *global* is a variable that exists once: a static field, the one object of a merged type, what a framework makes of a type.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from refactor.ir.hierarchy import ClassHierarchy
from refactor.ir.program import Program
from refactor.ir.symbols import ClassSymbol, Flags, MethodSymbol
from refactor.ir.types import ArrayType, ClassType, IntersectionType, PrimitiveType, Type, TypeVar, WildcardType, erase
from refactor.pointsto.result import ObjectKind
from refactor.support.source import Span

OBJECT = "java.lang.Object"
BOXES = {
    "boolean": "java.lang.Boolean",
    "byte": "java.lang.Byte",
    "char": "java.lang.Character",
    "short": "java.lang.Short",
    "int": "java.lang.Integer",
    "long": "java.lang.Long",
    "float": "java.lang.Float",
    "double": "java.lang.Double",
}
# Classes whose objects hold no object of the application and never call it: one abstract object each, and no variable is solved for.
MERGED = frozenset(
    {
        "java.lang.String",
        "java.math.BigDecimal",
        "java.math.BigInteger",
        "java.util.UUID",
        "java.util.Date",
        "java.sql.Timestamp",
        "java.sql.Date",
        "java.sql.Time",
        "java.time.LocalDate",
        "java.time.LocalDateTime",
        "java.time.Instant",
        "java.time.Duration",
        "java.lang.StringBuilder",
        "java.lang.StringBuffer",
        "java.util.Locale",
        "java.util.regex.Pattern",
        "java.util.regex.Matcher",
        *BOXES.values(),
    }
)
THROWABLE = "java.lang.Throwable"
ANY = "<any>"  # the one content field of an object whose class has no model
CALLBACKS = "<fn>"  # call-backs that a library object keeps
ELEMENTS, KEY, VALUE = "[]", "key", "value"
CONTENT = (ELEMENTS, KEY, VALUE, ANY, CALLBACKS)


@dataclass(frozen=True, slots=True)
class Alloc:
    """One allocation site. `type`: a number of World.types. `function`: the body behind a lambda's one method.

    `literal`: the class that a class literal names. `automatic`: its fields hold whatever their types say (a library fills them).
    `proxy`: methods that nobody implements answer by type. `collapsed`: one field for all content.
    """

    number: int
    type: int
    kind: ObjectKind
    span: Span | None = None
    method: str | None = None
    function: str | None = None
    literal: str | None = None
    automatic: bool = False
    proxy: bool = False
    collapsed: bool = False
    written: Type | None = None
    label: str = ""


@dataclass(slots=True)
class TypeInfo:
    """A class or array type by number. `cls` is None for arrays and for classes that nobody can find."""

    number: int
    name: str
    cls: ClassSymbol | None
    is_app: bool
    supers: frozenset[str]
    complete: bool
    element: int = -1
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """A method as a call names it. `method` None: only name and number of arguments are known."""

    number: int
    owner: str
    name: str
    arity: int
    method: MethodSymbol | None


@dataclass(frozen=True, slots=True)
class Site:
    """A place that calls: in body `caller`; `reason` is set for calls by the world outside (entry points)."""

    number: int
    caller: str
    span: Span
    via: str = ""
    reason: str = ""


class World:
    """The tables. Numbers are given in order of first use, which depends on the program only."""

    def __init__(self, program: Program, structured: Iterable[str] = ()) -> None:
        self.program = program
        self.hierarchy = ClassHierarchy(program)
        self.types: list[TypeInfo] = []
        self._types: dict[str, int] = {}
        self.fields: list[str] = []
        self._fields: dict[str, int] = {}
        self.allocs: list[Alloc] = []
        self._allocs: dict[tuple[object, ...], int] = {}
        self.signatures: list[Signature] = []
        self._signatures: dict[tuple[str, int], int] = {}
        self.sites: list[Site] = []
        self._sites: dict[tuple[object, ...], int] = {}
        self.globals: list[tuple[object, ...]] = []
        self._globals: dict[tuple[object, ...], int] = {}
        self.structured = frozenset(structured)
        self._accepts: dict[tuple[int, int], bool] = {}
        self._supers: dict[str, tuple[frozenset[str], bool]] = {}
        self.object = self.type_named(OBJECT)
        self.any = self.field(ANY)
        self.elements, self.key, self.value = self.field(ELEMENTS), self.field(KEY), self.field(VALUE)
        self.callbacks = self.field(CALLBACKS)

    # -- types

    def supertypes(self, name: str) -> tuple[frozenset[str], bool]:
        """All supertypes of a class, itself included, and whether every one of them could be found."""
        found = self._supers.get(name)
        if found is None:
            self._supers[name] = (frozenset((name,)), True)
            cls = self.program.find(name)
            names, complete = {name, OBJECT}, cls is not None
            for parent in ClassHierarchy.direct_supertypes(cls) if cls else ():
                more, whole = self.supertypes(parent)
                names |= more
                complete = complete and whole
            found = self._supers[name] = (frozenset(names), complete)
        return found

    def type_named(self, name: str) -> int:
        """The number of a class by its binary name, or of an array (`a.B[]`)."""
        number = self._types.get(name)
        if number is None:
            if name.endswith("[]"):
                element = self.type_named(name[:-2])
                number = len(self.types)
                self.types.append(TypeInfo(number, name, None, False, frozenset((name, OBJECT)), True, element))
            else:
                number = len(self.types)
                supers, complete = self.supertypes(name)
                cls = self.program.find(name)
                self.types.append(TypeInfo(number, name, cls, name in self.program.classes, supers, complete, -1, name in MERGED))
            self._types[name] = number
        return number

    def type_of(self, type_: Type) -> int:
        """The number of a type's erasure; -1 for primitives, `void` and null."""
        name = self.name_of(type_)
        return -1 if name is None else self.type_named(name)

    @staticmethod
    def name_of(type_: Type) -> str | None:
        erased = erase(type_)
        if isinstance(erased, ClassType):
            return erased.name
        if isinstance(erased, ArrayType):
            dimensions, element = 0, erased
            at: Type = element
            while isinstance(at, ArrayType):
                dimensions, at = dimensions + 1, at.element
            inner = at.name if isinstance(at, ClassType | PrimitiveType) else OBJECT
            return inner + "[]" * dimensions
        return None if isinstance(erased, PrimitiveType) else OBJECT

    def is_throwable(self, type_: int) -> bool:
        return THROWABLE in self.types[type_].supers

    def accepts(self, of: int, wanted: int) -> bool:
        """Whether an object of type `of` may be where type `wanted` is asked for; library objects are of any library class."""
        if of == wanted or wanted == self.object or wanted < 0:
            return True
        key = (of, wanted)
        found = self._accepts.get(key)
        if found is None:
            found = self._accepts[key] = self._accept(self.types[of], self.types[wanted])
        return found

    def _accept(self, one: TypeInfo, other: TypeInfo) -> bool:
        if other.name in one.supers:
            return True
        if one.element >= 0 or other.element >= 0:
            both = one.element >= 0 and other.element >= 0
            return (both and (self.accepts(one.element, other.element) or one.element == self.object)) or (not both and one.name == OBJECT)
        if one.is_app:
            return not one.complete and not other.is_app
        if other.is_app or one.merged or other.merged:
            return False
        if THROWABLE in one.supers or THROWABLE in other.supers:
            return THROWABLE in one.supers and THROWABLE in other.supers and one.name in other.supers
        if one.name in (OBJECT, "java.lang.Class") or one.cls is None or other.cls is None:
            return True
        if bool(one.supers & self.structured) != bool(other.supers & self.structured):
            return False
        # A collection stands for its views; a library's object may be of any subclass, which may implement any interface.
        return one.cls.is_interface or other.cls.is_interface or one.name in other.supers or bool(other.supers & self.structured)

    def is_subtype(self, one: int, other: int) -> bool:
        """Statically: nothing has to be left out where a value of type `one` goes into a place of type `other`."""
        return other < 0 or one == other or other == self.object or (one >= 0 and self.types[other].name in self.types[one].supers)

    # -- other tables

    def field(self, key: str) -> int:
        number = self._fields.get(key)
        if number is None:
            number = self._fields[key] = len(self.fields)
            self.fields.append(key)
        return number

    def alloc(self, key: tuple[object, ...], type_: int, kind: ObjectKind, **more: object) -> Alloc:
        """The allocation site of this key, made at the first request."""
        number = self._allocs.get(key)
        if number is None:
            number = self._allocs[key] = len(self.allocs)
            info = self.types[type_]
            collapsed = kind is not ObjectKind.ARRAY and info.element < 0 and not info.is_app and not (info.supers & self.structured)
            more.setdefault("collapsed", collapsed)
            span = more.get("span")
            more.setdefault("label", f"{info.name}@{span}" if span is not None else info.name)
            self.allocs.append(Alloc(number, type_, kind, **more))  # type: ignore[arg-type]
        return self.allocs[number]

    def signature(self, owner: str, name: str, arity: int, method: MethodSymbol | None) -> int:
        key = (method.key if method is not None else f"{owner}#{name}", arity)
        number = self._signatures.get(key)
        if number is None:
            number = self._signatures[key] = len(self.signatures)
            self.signatures.append(Signature(number, owner, name, arity, method))
        return number

    def site(self, caller: str, span: Span, via: str = "", reason: str = "") -> int:
        key = (caller, span, via, reason)
        number = self._sites.get(key)
        if number is None:
            number = self._sites[key] = len(self.sites)
            self.sites.append(Site(number, caller, span, via, reason))
        return number

    def global_of(self, *key: object) -> int:
        """A global as an operand of instructions: negative, so that it is no local."""
        number = self._globals.get(key)
        if number is None:
            number = self._globals[key] = len(self.globals)
            self.globals.append(key)
        return ~number

    # -- what a type says of what a framework puts there

    def concrete(self, name: str) -> tuple[str, ...]:
        """The application classes that may be behind a type and can be made: itself and its subtypes."""
        found = []
        for sub in sorted(self.hierarchy.subtypes(name)):
            cls = self.program.classes.get(sub)
            if cls is not None and not cls.is_interface and not cls.flags & Flags.ABSTRACT and not cls.anonymous and not cls.local:
                found.append(sub)
        return tuple(found)

    def bound(self, type_: Type) -> Type:
        """before: ? extends Order, T extends Order   after: Order"""
        while True:
            if isinstance(type_, WildcardType):
                type_ = type_.upper or type_.lower or ClassType(OBJECT)
            elif isinstance(type_, TypeVar):
                type_ = type_.bounds[0] if type_.bounds else ClassType(OBJECT)
            elif isinstance(type_, IntersectionType):
                type_ = type_.parts[0]
            else:
                return type_

    def made(self, type_: Type) -> int | None:
        """The global that holds whatever a library or framework may make of a type; None for primitives."""
        type_ = self.bound(type_)
        name = self.name_of(type_)
        if name is None:
            return None
        if name in MERGED:
            return self.global_of("merged", name)
        if isinstance(type_, ClassType) and type_.args:
            type_ = ClassType(type_.name, tuple(self._shallow(a, 3) for a in type_.args))
            return self.global_of("made", name, type_)
        return self.global_of("made", name, erase(type_) if not isinstance(type_, ArrayType) else type_)

    def _shallow(self, type_: Type, depth: int) -> Type:
        type_ = self.bound(type_)
        if isinstance(type_, ClassType) and type_.args:
            return ClassType(type_.name, tuple(self._shallow(a, depth - 1) for a in type_.args) if depth else ())
        return type_
