"""Uses of another part's fields in every kind of expression: the parts compile, and print what the monolith prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.codegen.spring.assignments import snippets, sources
from tests.codegen.spring.toy import compile_parts, run_monolith, run_split, toy


def _check(folder: Path, runtime: str, texts: tuple[str, ...]) -> None:
    split = toy(folder, sources(texts), {"far": ["far.Cells", "far.Box"], "near": ["near.Desk"]})
    expected = run_monolith(split, "near.Desk").split("@@")[1:]
    compile_parts(split, runtime)
    given = run_split(split, runtime, "near.Desk", "near").split("@@")[1:]
    wrong = [f"{texts[i]}\n  {e}\n  {g}" for i, (e, g) in enumerate(zip(expected, given, strict=True)) if e != g]
    assert not wrong, "\n".join(wrong[:20])
    assert len(expected) == len(texts)


def test_some_uses_of_fields_of_another_part(tmp_path: Path, runtime: str) -> None:
    _check(tmp_path, runtime, snippets()[::11])


@pytest.mark.slow
def test_fields_of_another_part_are_variables(tmp_path: Path, runtime: str) -> None:
    _check(tmp_path, runtime, snippets())
