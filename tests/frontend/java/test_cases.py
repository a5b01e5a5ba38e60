"""Golden cases: fixtures/frontend/*.case hold sources and what the front end makes of them, side by side.

A line `--- path` starts a source, `=== view` an expected output. `pytest --refresh` rewrites the outputs.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.ir.printer import print_body, print_type
from refactor.ir.program import Program
from refactor.ir.symbols import ClassSymbol
from tests.frontend.java.sources import load_text

CASES = sorted((Path(__file__).parents[3] / "fixtures" / "frontend").glob("*.case"))


def read_case(text: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Head comment, sources by path, expected outputs by view."""
    head: list[str] = []
    sources: dict[str, list[str]] = {}
    views: dict[str, list[str]] = {}
    current = head
    for line in text.splitlines(keepends=True):
        if line.startswith("--- "):
            current = sources.setdefault(line[4:].strip(), [])
        elif line.startswith("=== "):
            current = views.setdefault(line[4:].strip(), [])
        else:
            current.append(line)
    return "".join(head), {k: "".join(v) for k, v in sources.items()}, {k: "".join(v) for k, v in views.items()}


def render(program: Program, view: str) -> str:
    if view == "bodies":
        return "\n".join(print_body(program.bodies[key]) for key in sorted(program.bodies))
    if view == "classes":
        return "".join(_class(c) for c in sorted(program.classes.values(), key=lambda c: c.name))
    if view == "references":
        found = (r for file in sorted(program.references) for r in program.references[file])
        return "".join(f"{r.span} {r.kind.value} {r.target or '? ' + r.reason}\n" for r in found)
    assert view == "diagnostics", f"no view {view}"
    return "".join(d.render() + "\n" for d in program.diagnostics)


def _class(cls: ClassSymbol) -> str:
    flags = "|".join(sorted(f.name or "" for f in type(cls.flags) if f & cls.flags and f.value))
    parents = ", ".join(print_type(p) for p in (*([cls.superclass] if cls.superclass else []), *cls.interfaces))
    inside = f" in {cls.enclosing_method}" if cls.enclosing_method else ""
    lines = [f"{cls.kind.value} {cls.name} [{flags}] : {parents}{inside}"]
    for annotation in cls.annotations:
        lines.append(f"  @{annotation.name} {dict(annotation.values)}")
    for field in cls.fields:
        constant = f" = {field.constant!r}" if field.constant is not None else ""
        lines.append(f"  field {field.name}: {print_type(field.type)}{constant}")
    for method in cls.methods:
        params = ", ".join(f"{p.name}: {print_type(p.type)}" for p in method.params)
        lines.append(f"  {'implicit ' if method.implicit else ''}{method.name}({params}): {print_type(method.result)}")
    return "\n".join(lines) + "\n"


def test_there_are_cases() -> None:
    assert len(CASES) >= 10


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.stem)
def test_case(case: Path, tmp_path: Path, refresh: bool) -> None:
    head, sources, views = read_case(case.read_text(encoding="utf-8"))
    assert views, "a case without expected output tests nothing"
    program = load_text(tmp_path, sources)
    actual = {view: render(program, view) for view in views}
    if refresh:
        text = head + "".join(f"--- {k}\n{v}" for k, v in sources.items()) + "".join(f"=== {k}\n{v}" for k, v in actual.items())
        case.write_text(text, encoding="utf-8")
    else:
        assert actual == views
