"""The checker finds each kind of violation that it promises to find, and nothing in sound programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from refactor.ir.check import check
from refactor.ir.program import Body, Program
from refactor.ir.statements import Copy, Invoke, Lambda, Load, Local, New, Statement
from refactor.ir.types import INT, TypeVar
from refactor.support.source import Span
from tests.frontend.java.sources import load_text

SOURCE = """class A {
    int x;
    int f(int y) { Runnable r = () -> g(y); return x + new A().f(y); }
    void g(int z) {}
}"""
F = "A#f(I)I"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return load_text(tmp_path, {"A.java": SOURCE})


def with_body(program: Program, key: str, change: Callable[[Statement], Statement]) -> Program:
    body = program.bodies[key]
    changed = dataclasses.replace(body, statements=tuple(change(s) for s in body.statements))
    return dataclasses.replace(program, bodies={**program.bodies, key: changed})


def ids(program: Program) -> set[str]:
    return {d.id for d in check(program)}


def replace(kind: type[Statement], **fields: object) -> Callable[[Statement], Statement]:
    return lambda s: dataclasses.replace(s, **fields) if isinstance(s, kind) else s  # type: ignore[arg-type]


def test_a_sound_program(program: Program) -> None:
    assert check(program) == ()
    assert {type(s) for _, s in program.statements()} >= {Load, New, Invoke, Lambda}


@pytest.mark.parametrize(
    ("expected", "change"),
    [
        ("ir/no-member", replace(Load, field="A#y:I")),
        ("ir/no-member", replace(Invoke, method="B#f(I)I")),
        ("ir/bad-key", replace(Load, field="x")),
        ("ir/no-reason", replace(Invoke, method=None)),
        ("ir/no-class", replace(New, cls="B")),
        ("ir/no-body", replace(Lambda, body="A#lambda$9")),
        ("ir/undefined-local", replace(Load, receiver=Local("nobody", INT))),
        ("ir/undefined-local", replace(Lambda, captures=(Local("nobody", INT),))),
        ("ir/unfinished-type", replace(Load, target=Local("$9", TypeVar("T", "?1")))),
        ("ir/bad-span", replace(Load, span=Span("A.java", 5, 5000, 1, 1))),
        ("ir/bad-span", replace(Load, span=Span("B.java", 1, 2, 1, 1))),
    ],
)
def test_a_violation_is_found(program: Program, expected: str, change: Callable[[Statement], Statement]) -> None:
    assert expected in ids(with_body(program, F, change))


def test_a_read_before_any_write_is_found_in_nested_statements(tmp_path: Path) -> None:
    program = load_text(tmp_path, {"A.java": "class A { int f(boolean b) { int x; if (b) { x = 1; } else { x = 2; } return x; } }"})
    assert check(program) == ()
    (key,) = [k for k in program.bodies if "#f(" in k]
    body = program.bodies[key]
    swapped = dataclasses.replace(body, statements=tuple(reversed(body.statements)))
    assert ids(dataclasses.replace(program, bodies={**program.bodies, key: swapped})) == {"ir/undefined-local"}


def test_a_body_without_class_and_a_member_twice(program: Program) -> None:
    span = program.bodies[F].span
    orphan = Body("B#f()V", "A", (), (Copy(span, Local("a", INT), Local("b", INT)),), span, enclosing="A#nothing()V")
    assert "ir/no-enclosing" in ids(dataclasses.replace(program, bodies={**program.bodies, orphan.key: orphan}))
    cls = program.classes["A"]
    double = dataclasses.replace(cls, fields=cls.fields * 2)
    assert "ir/duplicate-member" in ids(dataclasses.replace(program, classes={"A": double}))
