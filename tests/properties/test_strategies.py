"""Properties of the generator itself, over programs that Hypothesis draws."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

pytest.importorskip("hypothesis")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refactor.frontend.java.library import JavaLibrary
from refactor.pipeline.fuzz.cases import Case, dump_case, load_case, renamed
from refactor.pipeline.fuzz.constructs import constructs
from refactor.pipeline.fuzz.form import Program
from refactor.pipeline.fuzz.java_classes import java_sources
from refactor.pipeline.fuzz.partitions import all_partitions
from refactor.pipeline.fuzz.split import read
from refactor.pipeline.fuzz.strategies import programs

LIBRARY = JavaLibrary((), 17)
LENIENT = settings(
    max_examples=12, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip


@LENIENT
@given(programs())
def test_the_front_end_reads_every_program_completely(program: Program) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = read(Path(folder), java_sources(program, "drawn"), LIBRARY).program
    assert not found.diagnostics
    assert {c.name for c in found.top_level()} == {f"drawn.{unit}" for unit in program.units()}
    unresolved = [r for references in found.references.values() for r in references if r.target is None]
    assert not unresolved


@LENIENT
@given(programs(), st.sampled_from(("a", "b")))
def test_nothing_crosses_a_cut_where_there_is_none(program: Program, part: str) -> None:
    uses = constructs(program)
    assert uses.here
    assert not uses.across(dict.fromkeys(program.units(), part))


@LENIENT
@given(programs())
def test_a_case_reads_back_and_can_be_renamed(program: Program) -> None:
    sources = java_sources(program, "fuzz.s")
    case = Case("two\nlines", "trace", "fuzz.s", {f"fuzz.s.{u}": "a" for u in program.units()}, sources, "x\n", "y\n")
    assert load_case(dump_case(case)).sources == case.sources
    assert renamed(case, "fuzz.other").sources == java_sources(program, "fuzz.other")


def test_all_partitions_are_all_and_each_once() -> None:
    found = [tuple(p.values()) for p in all_partitions("abcd", 4)]
    assert len(found) == len(set(found)) == 15  # the Bell number of 4
    assert len(list(all_partitions("abcd", 2))) == 8
