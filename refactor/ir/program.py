"""The Program: every declaration, body and reference of one monolith, language-neutral."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from refactor.ir.statements import Local, Statement, walk
from refactor.ir.symbols import ClassSymbol, FieldSymbol, MethodSymbol, Origin, parse_key
from refactor.support.diagnostics import Diagnostic
from refactor.support.fast_init import fast_init
from refactor.support.fast_members import fast_members
from refactor.support.source import Span


@dataclass(frozen=True, slots=True)
class Import:
    """What one import declaration of application code names, whether anything uses it or not: a class, a member of one (`member`),
    everything in one (`on_demand`), or all classes of a package (`name` is the package, `is_package`).

    `inherited`: the named member is declared in a supertype of the class, or may be (`on_demand`): whoever drops the class loses it.
    """

    span: Span
    name: str  # the binary name of the class, as written: the heir where the member is inherited
    member: str = ""
    on_demand: bool = False
    is_package: bool = False
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One parsed file. `classes`: its top-level classes. `source` is read lazily by `Program.source`.

    `imports`: those that name application code, in source order. They name things, they do not use them: no Reference stands for one.
    """

    path: str
    module: str
    origin: Origin
    package: str
    classes: tuple[str, ...]
    sha256: str
    imports: tuple[Import, ...] = ()


@fast_init
@dataclass(frozen=True, slots=True)
class Body:
    """The code of one method, constructor, initialiser (`<clinit>`, field initialisers of instances are in every
    constructor that does not call this()), lambda or method reference. `key` is the method's key, `a.B#<clinit>()V`,
    `a.B#lambda$3` or `a.B#reference$3`. `enclosing` is the key of the body around a lambda or reference. The initialisers of
    an anonymous class stand in the body of `a.B$1#<init>()V`, which has no symbol. Implicit constructors and a record's
    implicit methods have bodies, enum values() and valueOf() have none.
    """

    key: str
    owner: str
    params: tuple[Local, ...]
    statements: tuple[Statement, ...]
    span: Span
    enclosing: str | None = None


@fast_members
class RefKind(Enum):
    CALL = "call"
    NEW = "new"
    METHOD_REF = "method_ref"
    FIELD = "field"
    TYPE = "type"


@fast_init
@dataclass(frozen=True, slots=True)
class Reference:
    """One use of a name in the source. `span` is the member's name (cli.md, `refactor index`); target None: unresolved."""

    kind: RefKind
    span: Span
    within: str  # class (binary name) whose text holds the use
    target: str | None  # member key, or class name for TYPE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """Everything the passes above know of the monolith.

    `classes` holds every class of the application's sources, nested, local and anonymous ones included. `library` answers
    for all others: `library.find(name)` reads a signature only when somebody asks.
    """

    root: Path
    language: str
    files: Mapping[str, SourceFile]
    classes: Mapping[str, ClassSymbol]
    bodies: Mapping[str, Body]
    references: Mapping[str, tuple[Reference, ...]]  # by file
    library: Library
    diagnostics: tuple[Diagnostic, ...] = ()

    def find(self, name: str) -> ClassSymbol | None:
        """A class of any origin by its binary name."""
        return self.classes.get(name) or self.library.find(name)

    def source(self, path: str) -> bytes:
        """The bytes of one file of the project."""
        return (self.root / path).read_bytes()

    def top_level(self, origin: Origin = Origin.MAIN) -> tuple[ClassSymbol, ...]:
        """The top-level classes of one source set, sorted by name: the units of partition."""
        return tuple(sorted((c for c in self.classes.values() if c.outer is None and c.origin is origin), key=lambda c: c.name))

    def members_of(self, top: str) -> tuple[ClassSymbol, ...]:
        """A top-level class and everything nested in it (local and anonymous classes included), sorted by name."""
        return tuple(sorted((c for c in self.classes.values() if c.top == top), key=lambda c: c.name))

    def bodies_of(self, top: str) -> Iterator[Body]:
        """All bodies whose owner stands inside the top-level class `top`, sorted by key."""
        names = {c.name for c in self.members_of(top)}
        for key in sorted(self.bodies):
            if self.bodies[key].owner in names:
                yield self.bodies[key]

    def method(self, key: str) -> MethodSymbol | None:
        parsed = parse_key(key)
        owner = self.find(parsed.owner)
        return owner.method(parsed.name, parsed.descriptor) if owner else None

    def field(self, key: str) -> FieldSymbol | None:
        parsed = parse_key(key)
        owner = self.find(parsed.owner)
        return owner.field(parsed.name) if owner else None

    def statements(self) -> Iterator[tuple[Body, Statement]]:
        """Every statement of every body, bodies in key order."""
        for key in sorted(self.bodies):
            for statement in walk(self.bodies[key].statements):
                yield self.bodies[key], statement


class Library:
    """Signatures of classes outside the application; a front end subclasses it."""

    def find(self, name: str) -> ClassSymbol | None:
        """The class by its binary name, or None. Cached by the implementation."""
        raise NotImplementedError

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What could not be read so far."""
        return ()
