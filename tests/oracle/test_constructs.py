"""The front end against javac on programs that use every construct and many overloads: all references must agree."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from refactor.frontend.project.discover import discover
from tests.oracle.compare import Comparison, compare_project

PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture(scope="module")
def result() -> Comparison:
    return compare_project(discover(str(PROGRAMS)))


def test_javac_accepts_the_programs(result: Comparison) -> None:
    assert result.javac_errors == ()
    assert result.total > 900


def test_every_reference_is_javacs(result: Comparison) -> None:
    listed = "\n".join(map(str, result.disagreements))
    assert Counter(d.why for d in result.disagreements) == Counter(), f"{result.summary()}\n{listed}"
