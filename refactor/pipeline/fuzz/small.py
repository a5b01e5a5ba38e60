"""Small scopes, exhaustively: every program of a tiny grammar under every partition of its classes.

The grammar: two or three classes in a ring of references; the main program calls `run` of the first; `run` does one action on
another class, whose `step` does one action on a third or on the caller. An action is one of ACTIONS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from refactor.ir.program import Library
from refactor.pipeline.fuzz.cycles import may_cycle
from refactor.pipeline.fuzz.form import (
    BOOL,
    INT,
    Assign,
    Binary,
    Call,
    Catch,
    Class,
    Constructor,
    Do,
    Expr,
    Field,
    FieldOf,
    If,
    Let,
    Lit,
    Lock,
    Log,
    LogError,
    Make,
    Method,
    Name,
    New,
    Op,
    Program,
    Return,
    Same,
    Stmt,
    This,
    Throw,
    Try,
    Type,
    Update,
    list_of,
)  # fmt: skip
from refactor.pipeline.fuzz.harness import Harness
from refactor.pipeline.fuzz.java_classes import java_sources
from refactor.pipeline.fuzz.judge import Item, Verdict, judge
from refactor.pipeline.fuzz.partitions import all_partitions

ACTIONS = ("nothing", "call", "write", "update", "create", "identity", "static", "throw", "list", "lock", "keep")
_D = Name("d", INT)
_X = Name("x", INT)


@dataclass(frozen=True, slots=True)
class Scope:
    """One program of the grammar: how many classes, and what `run` and `step` do."""

    classes: int
    run: str
    step: str


def scopes() -> Iterator[Scope]:
    """All programs of the grammar."""
    for count in (2, 3):
        for run in ACTIONS:
            for step in ACTIONS:
                yield Scope(count, run, step)


def program_of(scope: Scope) -> Program:
    """before: Scope(2, "call", "write")   after: A.run calls B.step, which writes a field of A"""
    names = ["A", "B", "C"][: scope.classes]
    classes = []
    for i, name in enumerate(names):
        other = names[(i + 1) % len(names)]
        run = _method("run", name, other, scope.run)
        step = _method("step", name, other, scope.step)
        classes.append(Class(name, "class", fields=_fields(name, other), constructors=(_constructor(name),), methods=(run, step)))
    steps: list[Stmt] = [Let(f"o{n}", New(n, ()), Type(n)) for n in names]
    for i, n in enumerate(names):
        other = names[(i + 1) % len(names)]
        steps.append(Assign(FieldOf(Name(f"o{n}", Type(n)), n, f"to{n}", Type(other)), Name(f"o{other}", Type(other))))
    call = Call(Name("oA", Type("A")), "A", "run", (Lit(INT, 3), Lit(INT, 5)), INT)
    error = Name("error", Type("any"))
    steps.append(Try((Log("result", (call,)),), (Catch("any", "error", (LogError(error, frames=True),)),)))
    return Program(tuple(classes), tuple(steps), tuple(Name(f"o{n}", Type(n)) for n in names))


def _fields(name: str, other: str) -> tuple[Field, ...]:
    return (
        Field(f"to{name}", Type(other)),
        Field(f"count{name}", INT),
        Field(f"kept{name}", Type(other)),
        Field(f"list{name}", list_of(Type(other)), Make(list_of(Type(other)), ())),
        Field(f"made{name}", INT, static=True),
    )


def _constructor(name: str) -> Constructor:
    return Constructor((), (Update(FieldOf(None, name, f"made{name}", INT), "++"),))


def _method(method: str, name: str, other: str, action: str) -> Method:
    stop = If(Binary("<=", _D, Lit(INT, 0), BOOL), (Return(Lit(INT, 0)),))
    label = Log(f"{name}.{method}", (_X,))
    return Method(method, (_D, _X), INT, (stop, label, *_body(name, other, action)))


def _body(name: str, other: str, action: str) -> tuple[Stmt, ...]:
    this = This(Type(name))
    target = FieldOf(this, name, f"to{name}", Type(other))
    counter = FieldOf(target, other, f"count{other}", INT)
    step = Call(target, other, "step", (Binary("-", _D, Lit(INT, 1), INT), Binary("+", _X, Lit(INT, 1), INT)), INT)
    after: Expr = _X
    body: tuple[Stmt, ...]
    match action:
        case "call":
            body, after = (), step
        case "write":
            body, after = (Assign(counter, _X), Do(step)), counter
        case "update":
            body, after = (Update(counter, "+", step), Update(counter, "++")), counter
        case "create":
            body = (Assign(FieldOf(this, name, f"to{name}", Type(other)), New(other, ())), Log("made", (Op("isnull", target, (), BOOL),)))
        case "identity":
            kept = FieldOf(this, name, f"kept{name}", Type(other))
            body = (Assign(kept, target), Do(step), Log("same", (Same(kept, target),)))
        case "static":
            body, after = (Update(FieldOf(None, other, f"made{other}", INT), "+", _X), Do(step)), FieldOf(None, other, f"made{other}", INT)
        case "throw":
            thrown = Throw(Op("error", Lit(Type("str"), "thrown"), (), Type("any")))
            body = (Do(step), If(Binary(">", _X, Lit(INT, 0), BOOL), (thrown,)))
        case "list":
            held = FieldOf(this, name, f"list{name}", list_of(Type(other)))
            body = (Do(Op("add", held, (target,), BOOL)), Do(step), Log("has", (Op("contains", held, (target,), BOOL),)))
        case "lock":
            body = (Lock(this, (Do(step),)),)
        case "keep":
            body = (Assign(FieldOf(this, name, f"kept{name}", Type(other)), target), Do(step))
        case _:
            body = ()
    return (*body, Return(after))


def items_of(scope: Scope, number: int, most: int = 3) -> Iterator[Item]:
    """The program under every partition of its classes and main program into at most `most` parts; the trace, the dump and
    what both know stay with the main program."""
    program = program_of(scope)
    names = [c.name for c in program.classes]
    for i, parts in enumerate(all_partitions(["Main", *names], most)):
        package = f"fuzz.x{number}_{i}"
        labels = {**parts, "T": parts["Main"], "D": parts["Main"], "N": parts["Main"]}
        circle = may_cycle(program, labels)
        yield Item(package, java_sources(program, package), {f"{package}.{n}": p for n, p in labels.items()}, circle)


def run_scopes(
    chosen: Mapping[int, Scope], harness: Harness, library: Library, scratch: Path, width: int = 60
) -> Iterator[tuple[Item, Verdict]]:
    """Every chosen program under all its partitions, `width` at a time."""
    waiting: list[Item] = []
    for number, scope in chosen.items():
        waiting.extend(items_of(scope, number))
    for first in range(0, len(waiting), width):
        batch = waiting[first : first + width]
        yield from zip(batch, judge(batch, harness, library, scratch), strict=True)
        harness.stop()
