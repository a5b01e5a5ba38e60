"""Small hand-made Programs, for rules that should not depend on any front end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path

from refactor.ir.program import Body, Library, Program, SourceFile
from refactor.ir.statements import Const, Copy, Invoke, InvokeKind, Load, Local, New, Return, Statement, Store, Value
from refactor.ir.symbols import Annotation, ClassKind, ClassSymbol, FieldSymbol, Flags, MethodSymbol, Origin, Param
from refactor.ir.types import INT, OBJECT, STRING, VOID, ClassType, Type
from refactor.support.source import Span

_AT = count(1)


def span(file: str = "src/X.java") -> Span:
    at = next(_AT)
    return Span(file, at * 10, at * 10 + 5, at, 1)


class StubLibrary(Library):
    """Knows the classes it is given and java.lang.Object."""

    def __init__(self, *classes: ClassSymbol) -> None:
        self._classes = {c.name: c for c in classes}
        self._classes.setdefault("java.lang.Object", ClassSymbol("java.lang.Object", ClassKind.CLASS, Flags.PUBLIC, Origin.PLATFORM))
        for name, parent in (
            ("java.lang.Throwable", "java.lang.Object"),
            ("java.lang.Exception", "java.lang.Throwable"),
            ("java.lang.RuntimeException", "java.lang.Exception"),
        ):
            self._classes.setdefault(
                name, ClassSymbol(name, ClassKind.CLASS, Flags.PUBLIC, Origin.PLATFORM, superclass=ClassType(parent), top=name)
            )

    def find(self, name: str) -> ClassSymbol | None:
        return self._classes.get(name)


def field(name: str, type_: Type = INT, flags: Flags = Flags.NONE, constant: object | None = None, **more: object) -> FieldSymbol:
    return FieldSymbol("", name, type_, flags, constant, span=span(), name_span=span(), **more)  # type: ignore[arg-type]


def method(
    name: str,
    params: tuple[Type, ...] = (),
    result: Type = VOID,
    flags: Flags = Flags.PUBLIC,
    annotations: tuple[Annotation, ...] = (),
    body: tuple[Statement, ...] | None = (),
) -> tuple[MethodSymbol, tuple[Statement, ...] | None]:
    made = tuple(Param(f"p{i}", t) for i, t in enumerate(params))
    return MethodSymbol("", name, made, result, flags=flags, annotations=annotations, span=span(), name_span=span()), body


def cls(
    name: str,
    *members: FieldSymbol | tuple[MethodSymbol, tuple[Statement, ...] | None],
    kind: ClassKind = ClassKind.CLASS,
    extends: str = "java.lang.Object",
    implements: tuple[str, ...] = (),
    origin: Origin = Origin.MAIN,
    flags: Flags = Flags.PUBLIC,
    annotations: tuple[Annotation, ...] = (),
    outer: str | None = None,
    file: str | None = None,
    anonymous: bool = False,
    clinit: tuple[Statement, ...] = (),
) -> tuple[ClassSymbol, dict[str, Body]]:
    """A class with its bodies. A class without a constructor gets an implicit one."""
    path = file or f"src/{(outer or name).partition('$')[0].replace('.', '/')}.java"
    fields = tuple(replace(m, owner=name) for m in members if isinstance(m, FieldSymbol))
    pairs = [(replace(m[0], owner=name), m[1]) for m in members if isinstance(m, tuple)]
    if kind is ClassKind.CLASS and not any(m.is_constructor for m, _ in pairs):
        pairs.append((MethodSymbol(name, "<init>", (), VOID, flags=Flags.PUBLIC, implicit=True), ()))
    symbol = ClassSymbol(
        name,
        kind,
        flags,
        origin,
        superclass=None if kind in (ClassKind.INTERFACE, ClassKind.ANNOTATION) else ClassType(extends),
        interfaces=tuple(ClassType(i) for i in implements),
        outer=outer,
        top=(outer or name).partition("$")[0],
        anonymous=anonymous,
        fields=fields,
        methods=tuple(m for m, _ in pairs),
        annotations=annotations,
        file=path,
        span=span(path),
        name_span=span(path),
    )
    bodies = {}
    for made, statements in pairs:
        if statements is not None:
            params = tuple(Local(p.name, p.type) for p in made.params)
            bodies[made.key] = Body(made.key, name, params, statements, span(path))
    if clinit:
        key = f"{name}#<clinit>()V"
        bodies[key] = Body(key, name, (), clinit, span(path))
    return symbol, bodies


def program(*parts: tuple[ClassSymbol, Mapping[str, Body]], library: Library | None = None) -> Program:
    classes = {c.name: c for c, _ in parts}
    files: dict[str, SourceFile] = {}
    for symbol in classes.values():
        tops = tuple(sorted(c.name for c in classes.values() if c.file == symbol.file and c.outer is None))
        files[symbol.file] = SourceFile(symbol.file, "", symbol.origin, symbol.package, tops, "0" * 64)
    bodies = {key: body for _, made in parts for key, body in made.items()}
    return Program(Path("/nowhere"), "java", files, classes, bodies, {}, library or StubLibrary())


# Statements, by what they do.


def this(type_: str = "java.lang.Object") -> Local:
    return Local("this", ClassType(type_))


def local(name: str, type_: Type | str = OBJECT) -> Local:
    return Local(name, ClassType(type_) if isinstance(type_, str) else type_)


def literal(name: str) -> Const:
    return Const(ClassType(name), ClassType("java.lang.Class", (ClassType(name),)))


def text(value: str) -> Const:
    return Const(value, STRING)


def call(
    key: str,
    *args: Value,
    on: Value | None = None,
    into: Local | None = None,
    kind: InvokeKind | None = None,
) -> Invoke:
    how = kind or (InvokeKind.STATIC if on is None else InvokeKind.VIRTUAL)
    of = on.type.name if on is not None and isinstance(on.type, ClassType) else None
    return Invoke(span(), span(), into, how, on, key, args, of)


def new(name: str, *args: Value, into: Local | None = None, key: str | None = None) -> New:
    return New(span(), span(), into or Local(f"new{next(_AT)}", ClassType(name)), name, ClassType(name), key or f"{name}#<init>()V", args)


def load(key: str, on: Value | None = None, into: Local | None = None) -> Load:
    return Load(span(), span(), into or Local(f"got{next(_AT)}", OBJECT), on, key)


def store(key: str, value: Value, on: Value | None = None, compound: bool = False) -> Store:
    return Store(span(), span(), on, key, value, compound)


def copy(target: Local, value: Value) -> Copy:
    return Copy(span(), target, value)


def back(value: Value | None = None) -> Return:
    return Return(span(), value)


ONE = Const(1, INT)


def mark(name: str, **values: object) -> Annotation:
    return Annotation(name, tuple(values.items()), span())
