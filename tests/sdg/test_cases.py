"""Golden cases: fixtures/sdg/*.case hold a program with its resources, and what is known of its tables, side by side.

A line `--- path` starts a file, `=== view` an expected output. `pytest --refresh` rewrites the outputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from refactor.flow.facts import index
from refactor.ir.program import Program
from refactor.sdg.build import build_sdg
from refactor.sdg.graph import Sdg
from tests.frontend.java.test_cases import read_case
from tests.sdg.conftest import Load

CASES = sorted((Path(__file__).parents[2] / "fixtures" / "sdg").glob("*.case"))


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_case(path: Path, loaded: Load, refresh: bool) -> None:
    head, sources, views = read_case(path.read_text(encoding="utf-8"))
    program = loaded(sources)
    sdg = _built(program)
    found = {view: "".join(f"{line}\n" for line in _lines(sdg, view)) for view in views}
    if refresh:
        texts = [head, *(f"--- {n}\n{t}" for n, t in sources.items()), *(f"=== {v}\n{t}" for v, t in found.items())]
        path.write_text("".join(texts), encoding="utf-8")
    assert found == views


def _built(program: Program) -> Sdg:
    sdg = build_sdg(program, index(program))
    sdg.check()
    return sdg


def _lines(sdg: Sdg, view: str) -> Iterator[str]:
    if view == "tables":
        for table in sdg.tables:
            yield f"{table.name} ({', '.join(table.columns)}) {' '.join(e.rpartition('.')[2] for e in table.entities)}".rstrip()
    elif view == "accesses":
        yield from dict.fromkeys(_access(sdg))
    elif view == "transactions":
        for scope in sdg.scopes:
            reads, writes = " ".join(scope.reads) or "-", " ".join(scope.writes) or "-"
            yield f"{_short(scope.entry)} {scope.kind} {scope.how}: reads {reads}; writes {writes}"
    elif view == "diagnostics":
        for diagnostic in sdg.diagnostics:
            yield f"{diagnostic.span.line if diagnostic.span else '-'} {diagnostic.id}: {diagnostic.message}"
    elif view == "edges":
        for edge in sdg.edges:
            a, b = sdg.nodes[edge.source].name, sdg.nodes[edge.target].name
            yield f"{edge.kind.value} {_short(a)} -> {_short(b)} {edge.label}".rstrip()
    else:
        raise AssertionError(f"no view {view}")


def _access(sdg: Sdg) -> Iterator[str]:
    for access in sdg.accesses:
        yield f"{_short(access.method)} {access.table} {access.crud.value} {access.source}{'' if access.io else ' (no query)'}"


def _short(key: str) -> str:
    return key.rpartition(".")[2] if "#" not in key else key.partition("(")[0].partition(":")[0].rpartition(".")[2]
