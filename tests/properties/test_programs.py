"""Generated programs are what they promise to be: the same from the same decisions, and the same on every run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from refactor.pipeline.fuzz.choices import Seeded
from refactor.pipeline.fuzz.generate import generate
from refactor.pipeline.fuzz.java_classes import java_sources

needs_java = pytest.mark.skipif(shutil.which("javac") is None, reason="javac is not installed")


def test_equal_seeds_make_equal_programs() -> None:
    for i in range(20):
        assert generate(Seeded(str(i))) == generate(Seeded(str(i)))
    assert len({generate(Seeded(str(i))) for i in range(20)}) == 20


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
