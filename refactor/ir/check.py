"""The IR's invariants: run after the front end in every test, and after any pass that makes IR.

Every local is a parameter, a capture or written before it is read; every member key names a member that exists; every span
lies inside its file; no type is left to be inferred; nested bodies exist.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from refactor.ir.program import Body, Program
from refactor.ir.statements import (
    Catch,
    Invoke,
    Lambda,
    Load,
    Local,
    LocalClass,
    Loop,
    New,
    Statement,
    Store,
    Switch,
    Try,
    children,
    walk,
)
from refactor.ir.symbols import ClassSymbol, FieldSymbol, MethodSymbol, parse_key
from refactor.ir.types import ArrayType, ClassType, IntersectionType, Type, TypeVar, WildcardType
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.source import Span


def check(program: Program) -> tuple[Diagnostic, ...]:
    """Every violation, as diagnostics `ir/...`; an empty tuple for a sound program."""
    return tuple(_Check(program).run())


class _Check:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.found: list[Diagnostic] = []
        self.sizes: dict[str, int] = {}
        self.names: dict[str, set[str]] = {}
        self.members: dict[str, set[str]] = {}

    def run(self) -> list[Diagnostic]:
        for cls in self.program.classes.values():
            self.symbol(cls)
        for body in self.program.bodies.values():
            self.names.setdefault(self.program.classes[body.owner].top, set()).update(_written(body))
        for key in sorted(self.program.bodies):
            self.body(self.program.bodies[key])
        for file, references in self.program.references.items():
            for reference in references:
                self.span(reference.span, f"reference in {file}")
                if reference.target is None and not reference.reason:
                    self.say("ir/no-reason", "a reference without target has no reason", reference.span)
                if reference.target is not None and "#" in reference.target:
                    self.key(reference.target, reference.span)
        return self.found

    def say(self, id: str, message: str, span: Span | None) -> None:
        self.found.append(Diagnostic(id, Severity.ERROR, message, span))

    # --- symbols

    def symbol(self, cls: ClassSymbol) -> None:
        self.span(cls.span, cls.name)
        if cls.outer is not None and cls.outer not in self.program.classes:
            self.say("ir/no-outer", f"{cls.name} stands in {cls.outer}, which does not exist", cls.span)
        if self.program.classes.get(cls.top) is None:
            self.say("ir/no-top", f"{cls.name} has no top-level class {cls.top}", cls.span)
        keys: set[str] = set()
        all_members: tuple[FieldSymbol | MethodSymbol, ...] = (*cls.fields, *cls.methods)
        for member in all_members:
            self.span(member.span, member.key)
            if member.key in keys:
                self.say("ir/duplicate-member", f"{member.key} is declared twice", member.span)
            keys.add(member.key)
        for field in cls.fields:
            self.type(field.type, field.span)
        for method in cls.methods:
            for type_ in (method.result, *(p.type for p in method.params)):
                self.type(type_, method.span)

    def span(self, span: Span | None, what: str) -> None:
        if span is None:
            return
        size = self.sizes.get(span.file)
        if size is None:
            size = self.sizes[span.file] = len(self.program.source(span.file)) if span.file in self.program.files else -1
        if not 0 <= span.start <= span.end <= size or span.line < 1 or span.column < 1:
            self.say("ir/bad-span", f"{what}: {span.start}..{span.end} is not in {span.file} ({size} bytes)", span)

    def type(self, type_: Type, span: Span | None) -> None:
        if not isinstance(type_, Type):
            self.say("ir/no-type", f"{type_!r} is not a type", span)
        elif _unfinished(type_):
            self.say("ir/unfinished-type", f"{type_} is not inferred", span)

    # --- bodies

    def body(self, body: Body) -> None:
        cls = self.program.classes.get(body.owner)
        if cls is None:
            self.say("ir/no-owner", f"the body {body.key} belongs to no class", body.span)
            return
        self.span(body.span, body.key)
        known = {"this", *(p.name for p in body.params)}
        if body.enclosing is not None and body.enclosing not in self.program.bodies:
            self.say("ir/no-enclosing", f"{body.key} stands in {body.enclosing}, which has no body", body.span)
        if self._captures(cls) or body.enclosing is not None:
            known |= self.names[cls.top]  # what an enclosing body wrote
        self.statements(body.statements, known, body)
        for statement in walk(body.statements):
            self.statement(statement)

    def _captures(self, cls: ClassSymbol) -> bool:
        at: ClassSymbol | None = cls
        while at is not None:
            if at.local or at.anonymous:
                return True
            at = self.program.classes.get(at.outer) if at.outer else None
        return False

    def statements(self, statements: tuple[Statement, ...], known: set[str], body: Body) -> None:
        """Definite use: a local is read only where some path may have written it before."""
        for statement in statements:
            for local in _reads(statement):
                if local.name not in known and not local.name.endswith(".this"):
                    self.say("ir/undefined-local", f"{body.key}: {local.name} is read before it is written", statement.span)
                    known.add(local.name)
            written = _target(statement)
            if written is not None:
                known.add(written.name)
            if isinstance(statement, Loop | Switch):
                for inner in children(statement):
                    known.update(_targets(inner))
            if isinstance(statement, Try):
                for clause in statement.catches:
                    known.add(clause.variable.name)
            for inner in children(statement):
                self.statements(inner, known, body)

    def statement(self, statement: Statement) -> None:
        self.span(statement.span, type(statement).__name__)
        match statement:
            case Load(field=key) | Store(field=key):
                self.key(key, statement.span)
            case Invoke(method=key):
                if key is not None:
                    self.key(key, statement.span)
                elif not statement.reason:
                    self.say("ir/no-reason", "an unresolved call has no reason", statement.span)
            case New(constructor=key, cls=name):
                if key is not None:
                    self.key(key, statement.span)
                    if self.program.find(name) is None:
                        self.say("ir/no-class", f"{name} does not exist", statement.span)
            case Lambda(body=key):
                if key not in self.program.bodies:
                    self.say("ir/no-body", f"{key} has no body", statement.span)
            case LocalClass(cls=name):
                if name not in self.program.classes:
                    self.say("ir/no-class", f"{name} does not exist", statement.span)
            case _:
                pass
        written = _target(statement)
        if written is not None:
            self.type(written.type, statement.span)

    def key(self, key: str, span: Span) -> None:
        try:
            parsed = parse_key(key)
        except ValueError:
            self.say("ir/bad-key", f"{key!r} is not a member key", span)
            return
        keys = self.members.get(parsed.owner)
        if keys is None:
            owner = self.program.find(parsed.owner)
            members: tuple[FieldSymbol | MethodSymbol, ...] = (*owner.fields, *owner.methods) if owner is not None else ()
            keys = self.members[parsed.owner] = {m.key for m in members}
        if key not in keys:
            self.say("ir/no-member", f"{key} does not exist", span)


@cache
def _locals_in(kind: Any) -> tuple[Callable[[object], Iterator[Local]], ...]:
    """One reader for each field of a statement class that may hold a value that is read."""
    readers: list[Callable[[object], Iterator[Local]]] = []
    for field in dataclasses.fields(kind):
        if field.name not in ("target", "span", "name_span", "captures", "handle", "variable"):
            readers.append(_reader(field.name))
    return tuple(readers)


def _reader(name: str) -> Callable[[object], Iterator[Local]]:
    def read(statement: object) -> Iterator[Local]:
        value = getattr(statement, name)
        if isinstance(value, Local):
            yield value
        elif isinstance(value, tuple):
            yield from (v for v in value if isinstance(v, Local))

    return read


def _reads(statement: Statement) -> Iterator[Local]:
    kind: Any = type(statement)
    for reader in _locals_in(kind):
        yield from reader(statement)
    if isinstance(statement, Lambda):
        yield from (c for c in statement.captures if c.name != "this")


def _target(statement: Statement) -> Local | None:
    target = getattr(statement, "target", None)
    return target if isinstance(target, Local) else None


def _targets(statements: tuple[Statement, ...]) -> set[str]:
    found = {t.name for t in map(_target, walk(statements)) if t is not None}
    for statement in walk(statements):
        if isinstance(statement, Try):
            found.update(c.variable.name for c in statement.catches if isinstance(c, Catch))
    return found


def _written(body: Body) -> set[str]:
    return {p.name for p in body.params} | _targets(body.statements)


def _unfinished(type_: Type) -> bool:
    match type_:
        case TypeVar(owner=owner):
            return owner.startswith("?")
        case ClassType(args=args):
            return any(_unfinished(a) for a in args)
        case ArrayType(element=element):
            return _unfinished(element)
        case WildcardType(upper=upper, lower=lower):
            return any(_unfinished(b) for b in (upper, lower) if b is not None)
        case IntersectionType(parts=parts):
            return any(_unfinished(p) for p in parts)
        case _:
            return False
