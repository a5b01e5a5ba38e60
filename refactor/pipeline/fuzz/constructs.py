"""Which constructs a program uses, and which of them cross a cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from refactor.pipeline.fuzz.form import (
    Anonymous,
    Assign,
    Call,
    Class,
    Convert,
    Equal,
    Field,
    FieldOf,
    IsA,
    Lambda,
    Lock,
    Method,
    New,
    Op,
    Program,
    Same,
    Throw,
    Try,
    Type,
    Update,
)  # fmt: skip

Use = tuple[str, str | None]  # a construct, and the class on its other side


def constructs(program: Program, assignment: Mapping[str, str] | None = None) -> Counter[str]:
    """before: a program and, perhaps, class -> part (simple names)   after: construct -> uses; `name across` where a cut is between"""
    found: Counter[str] = Counter()
    for owner, use, other in _uses(program):
        found[use] += 1
        if assignment is not None and other is not None:
            mine, theirs = assignment.get(owner), assignment.get(other.partition(".")[0])
            if mine is not None and theirs is not None and mine != theirs:
                found[f"{use} across"] += 1
    return found


def _uses(program: Program) -> Iterator[tuple[str, str, str | None]]:
    for cls in program.classes:
        for use, other in _class(cls):
            yield cls.name, use, other
    for node in _nodes(program.main):
        for use, other in _use(node):
            yield "Main", use, other


def _class(cls: Class) -> Iterator[Use]:
    yield f"{cls.kind} class" if cls.kind in ("inner", "nested", "abstract") else cls.kind, None
    if cls.parent:
        yield "inheritance", cls.parent
    for name in cls.interfaces:
        yield "implements", name
    if cls.static_init:
        yield "static initialiser", None
    if cls.equality:
        yield "equals and hashCode", None
    for node in _nodes((cls.fields, cls.constructors, cls.methods, cls.constants, cls.static_init, cls.init)):
        yield from _use(node)
    for nested in cls.nested:
        yield from _class(nested)


def _use(node: object) -> Iterator[Use]:
    match node:
        case Call(receiver=receiver, cls=cls):
            yield "static call" if receiver is None else "call", cls
        case New(cls=cls):
            yield "creation", cls
        case Anonymous(cls=cls):
            yield "anonymous class", cls
        case Lambda(type=type_):
            yield "lambda", type_.name
        case Assign(target=FieldOf(receiver=receiver, cls=cls)):
            yield "static write" if receiver is None else "field write", cls
        case Update(target=FieldOf(receiver=receiver, cls=cls)):
            yield "static compound assignment" if receiver is None else "compound assignment", cls
        case FieldOf(receiver=receiver, cls=cls):
            yield "static read" if receiver is None else "field read", cls
        case Method(synchronized=True):
            yield "synchronized method", None
        case Method(varargs=True):
            yield "varargs", None
        case Field(static=True, final=final):
            yield "static final field" if final else "static field", None
        case Throw():
            yield "throw", None
        case Op(op="wrap"):
            yield "wrapped exception", None
        case Op(op=op, on=on) if op in ("at", "item", "get", "put", "add"):
            yield on.type.name, None
        case _:
            yield from _plain(node)


def _plain(node: object) -> Iterator[Use]:
    names = {Same: "identity", Equal: "equality", IsA: "instance test", Lock: "monitor", Try: "try", Convert: "conversion"}
    name = names.get(type(node))
    if name is not None:
        yield name, None


def _nodes(root: object) -> Iterator[object]:
    """Every dataclass below a value, types left out."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            stack.extend(reversed(node))
        elif is_dataclass(node) and not isinstance(node, Type):
            yield node
            stack.extend(getattr(node, f.name) for f in reversed(fields(node)))
