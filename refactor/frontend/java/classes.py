"""Cls: one class as the resolver sees it, from source or from a class file alike; World: all of them by binary name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from refactor.frontend.java.files import Source
from refactor.frontend.java.tree import ClassDecl
from refactor.ir.symbols import ClassKind, ClassSymbol, FieldSymbol, Flags, MethodSymbol, Origin, Param, parse_key
from refactor.ir.types import OBJECT, ClassType, Type, TypeVar

if TYPE_CHECKING:
    from refactor.frontend.java.scopes import Scope


class TypeLibrary(Protocol):
    """What the resolver asks of classes outside the sources."""

    def find(self, name: str) -> ClassSymbol | None: ...
    def package_exists(self, package: str) -> bool: ...


class Opened(Protocol):
    """A class whose members come one by one (classfile.reader.OpenedClass)."""

    @property
    def header(self) -> ClassSymbol: ...
    @property
    def fields(self) -> Mapping[str, FieldSymbol]: ...
    @property
    def methods(self) -> Mapping[str, list[MethodSymbol]]: ...


@runtime_checkable
class OpeningLibrary(Protocol):
    """A library that need not decode whole classes (library.JavaLibrary)."""

    def open(self, name: str) -> Opened | None: ...


NEW, HEADER_RUNNING, HEADER, MEMBERS_RUNNING, DONE = range(5)


class Cls:
    """One class. Of a source class the header is known from state HEADER on and the members from DONE on."""

    __slots__ = (
        "anonymous", "by_name", "decl", "descriptor", "enclosing_method", "fields", "flags", "inherited_types", "inner", "interfaces",
        "is_interface", "kind", "local", "lookups", "members", "methods", "name", "origin", "outer", "package", "permits",
        "record_components", "scope", "simple", "source", "state", "superclass", "supertypes_", "symbol", "top", "tparams", "type_",
    )  # fmt: skip

    def __init__(self, name: str, simple: str, kind: ClassKind, flags: Flags, origin: Origin) -> None:
        self.name, self.simple, self.kind, self.flags, self.origin = name, simple, kind, flags, origin
        self.is_interface = kind is ClassKind.INTERFACE or kind is ClassKind.ANNOTATION
        self.package = name.rpartition(".")[0]
        self.tparams: tuple[TypeVar, ...] = ()
        self.superclass: ClassType | None = None
        self.interfaces: tuple[ClassType, ...] = ()
        self.permits: tuple[str, ...] = ()
        self.fields: dict[str, FieldSymbol] = {}
        self.methods: dict[str, list[MethodSymbol]] = {}
        self.members: dict[str, str] = {}
        self.record_components: tuple[Param, ...] = ()
        self.outer: Cls | None = None
        self.top = name
        self.local = self.anonymous = False
        self.inner = False  # has an enclosing instance
        self.enclosing_method: str | None = None
        self.decl: ClassDecl | None = None
        self.source: Source | None = None
        self.scope: Scope | None = None
        self.symbol: ClassSymbol | None = None
        self.state = NEW
        self.type_: ClassType | None = None
        self.by_name: dict[str, Any] = {}  # memo of member look-ups (members.py)
        self.lookups: dict[Any, Any] = {}  # memo of type relations (relations.py)
        self.inherited_types: dict[str, Any] = {}
        self.supertypes_: dict[str, ClassType] | None = None
        self.descriptor: Any = False

    @property
    def type(self) -> ClassType:
        """The class applied to its own variables."""
        found = self.type_
        if found is None:
            found = self.type_ = ClassType(self.name, self.tparams)
        return found

    def parents(self) -> tuple[ClassType, ...]:
        """Superclass first, then interfaces."""
        return (self.superclass, *self.interfaces) if self.superclass is not None else self.interfaces

    def __repr__(self) -> str:
        return f"Cls({self.name})"


class World:
    """Every class by binary name: sources first, then the library."""

    def __init__(self, library: TypeLibrary) -> None:
        self.library = library
        self.sources: dict[str, Cls] = {}
        self.packages: set[str] = set()
        self._classes: dict[str, Cls | None] = {}
        self._packages: dict[str, bool] = {}
        self._bounds: dict[tuple[str, str], tuple[Type, ...]] = {}
        self.initialisers: dict[int, Any] = {}
        """id of a FieldSymbol -> its initialiser and scope, until somebody asked for its constant."""
        self.formals: dict[int, Any] = {}
        self.chosen: dict[Any, Any] = {}
        """Memo of overload resolution (overloads.py)."""
        self._keys: dict[int, tuple[str, FieldSymbol | MethodSymbol]] = {}
        self.entered = False
        """Whether all headers are known, so that look-ups may be kept."""

    def find(self, name: str) -> Cls | None:
        """The class by its binary name."""
        try:
            return self._classes[name]
        except KeyError:
            found = self._classes[name] = self._from_library(name)
            return found

    def _from_library(self, name: str) -> Cls | None:
        if isinstance(self.library, OpeningLibrary):
            opened = self.library.open(name)
            if opened is None:
                return None
            cls = self._wrap(opened.header)
            # Read only, and decoded name by name: most members of a library class are never asked for.
            cls.fields = cast("dict[str, FieldSymbol]", opened.fields)
            cls.methods = cast("dict[str, list[MethodSymbol]]", opened.methods)
            return cls
        symbol = self.library.find(name)
        return self._wrap(symbol) if symbol is not None else None

    def add(self, cls: Cls) -> None:
        self.sources[cls.name] = cls
        self._classes[cls.name] = cls

    def add_package(self, package: str) -> None:
        while package and package not in self.packages:
            self.packages.add(package)
            package = package.rpartition(".")[0]

    def is_package(self, name: str) -> bool:
        found = self._packages.get(name)
        if found is None:
            found = self._packages[name] = name in self.packages or self.library.package_exists(name)
        return found

    def key(self, member: FieldSymbol | MethodSymbol) -> str:
        """`member.key`, computed once."""
        found = self._keys.get(id(member))
        if found is None:
            found = self._keys[id(member)] = (member.key, member)
        return found[0]

    def _wrap(self, symbol: ClassSymbol) -> Cls:
        cls = Cls(symbol.name, symbol.simple_name, symbol.kind, symbol.flags, symbol.origin)
        cls.tparams = tuple(TypeVar(p.name, symbol.name, p.bounds) for p in symbol.type_params)
        cls.superclass = symbol.superclass if not cls.is_interface else None
        cls.interfaces = symbol.interfaces
        cls.permits = symbol.permits
        cls.record_components = symbol.record_components
        cls.symbol = symbol
        cls.top = symbol.top or symbol.name
        for field in symbol.fields:
            cls.fields.setdefault(field.name, field)
        methods = cls.methods
        for method in symbol.methods:
            if not method.flags & 0x1000:  # synthetic: bridges and the like are invisible to source
                known = methods.get(method.name)
                if known is None:
                    methods[method.name] = [method]
                else:
                    known.append(method)
        cut = len(symbol.name) + 1
        cls.members = {m[cut:]: m for m in symbol.members}
        cls.inner = symbol.outer is not None and not symbol.flags & Flags.STATIC and not cls.is_interface
        cls.state = DONE
        if symbol.outer is not None:
            cls.outer = self.find(symbol.outer)
        return cls

    def bounds(self, variable: TypeVar) -> tuple[Type, ...]:
        """The declared bounds; (Object,) where there are none. Looks them up where the variable was written inside its own."""
        if variable.bounds:
            return variable.bounds
        key = (variable.owner, variable.name)
        found = self._bounds.get(key)
        if found is None:
            found = self._bounds[key] = self._declared_bounds(variable) or (OBJECT,)
        return found

    def _declared_bounds(self, variable: TypeVar) -> tuple[Type, ...]:
        if "#" in variable.owner:
            parsed = parse_key(variable.owner)
            cls = self.find(parsed.owner)
            for method in cls.methods.get(parsed.name, ()) if cls else ():
                if method.descriptor == parsed.descriptor:
                    return next((p.bounds for p in method.type_params if p.name == variable.name), ())
            return ()
        cls = self.find(variable.owner) if variable.owner else None
        return next((p.bounds for p in cls.tparams if p.name == variable.name), ()) if cls else ()
