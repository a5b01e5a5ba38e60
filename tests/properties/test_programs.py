"""Generated programs are what they promise to be: the same from the same decisions, and the same on every run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from refactor.pipeline.fuzz.choices import Seeded
from refactor.pipeline.fuzz.constructs import CONSTRUCTS, constructs
from refactor.pipeline.fuzz.form import Program
from refactor.pipeline.fuzz.generate import generate
from refactor.pipeline.fuzz.java_classes import java_sources

needs_java = pytest.mark.skipif(shutil.which("javac") is None, reason="javac is not installed")


def test_equal_seeds_make_equal_programs() -> None:
    for i in range(20):
        assert generate(Seeded(str(i))) == generate(Seeded(str(i)))
    assert len({generate(Seeded(str(i))) for i in range(20)}) == 20


def test_programs_use_every_construct() -> None:
    """What only a run shows (aliasing, cycles, exceptions that cross calls) is counted by the campaign."""
    used: set[str] = set()
    for i in range(120):
        used |= constructs(generate(Seeded(f"all{i}"))).here
    assert used <= set(CONSTRUCTS)
    assert set(CONSTRUCTS) - used == {"aliasing", "object cycle", "exception through a call"}


def test_the_trace_tells_of_aliasing_cycles_and_exceptions_across_a_cut() -> None:
    heap = [" rootC0=#0 rootC1=#1", "#0: is=C0 c0f0=#1", "#1: is=C1 c1f0=#0 c1f1=#2 c1f2=#2", "#2: is=C0 c0f0=#2"]
    trace = "\n".join([*heap, "  at C1.m0 Main.run"])
    uses = constructs(Program((), ()), trace)
    assert {"aliasing", "object cycle", "exception through a call"} == uses.here
    assert uses.across({"C0": "a", "C1": "b", "Main": "a"}) == uses.here
    assert uses.across({"C0": "a", "C1": "a", "Main": "a"}) == set()


@needs_java
def test_programs_compile_and_say_the_same_twice(tmp_path: Path) -> None:
    files = []
    for i in range(3):
        for name, text in java_sources(generate(Seeded(f"jvm{i}")), f"fuzz.p{i}").items():
            path = tmp_path / "src" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            files.append(str(path))
    out = tmp_path / "out"
    subprocess.run(["javac", "-nowarn", "-d", str(out), *files], check=True, timeout=120)
    for i in range(3):
        command = ["java", "-XX:TieredStopAtLevel=1", "-cp", str(out), f"fuzz.p{i}.Main"]
        first, second = (subprocess.run(command, capture_output=True, check=True, timeout=60).stdout for _ in range(2))
        assert first == second
        assert first.endswith(b"\n")
