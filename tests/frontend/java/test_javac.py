"""The golden cases against javac itself: the references of every case that javac 17 compiles are javac's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.frontend.java.sources import load_text
from tests.frontend.java.test_cases import CASES, read_case
from tests.oracle.compare import compare
from tests.oracle.javac_oracle import ask

NOT_JAVA_17 = {"errors", "patterns", "switches"}


@pytest.mark.slow
@pytest.mark.parametrize("case", [c for c in CASES if c.stem not in NOT_JAVA_17], ids=lambda p: p.stem)
def test_references_are_those_of_javac(case: Path, tmp_path: Path) -> None:
    _, sources, _ = read_case(case.read_text(encoding="utf-8"))
    program = load_text(tmp_path, sources)
    answer = ask(tmp_path, [tmp_path / name for name in sources], ["--release", "17"])
    assert answer.errors == []
    result = compare(program, answer)
    assert result.total > 0
    assert result.disagreements == (), "\n".join(map(str, result.disagreements))


@pytest.mark.slow
def test_classes_inside_code_have_the_names_that_javac_gives_them(tmp_path: Path) -> None:
    import subprocess

    expected, actual = set(), set()
    for case in CASES:
        if case.stem in NOT_JAVA_17:
            continue
        root = tmp_path / case.stem
        program = load_text(root, read_case(case.read_text(encoding="utf-8"))[1])
        out = root / "out"
        subprocess.run(["javac", "-nowarn", "-d", str(out), *(str(root / f) for f in program.files)], check=True, capture_output=True)
        expected |= {f"{case.stem}: {p.relative_to(out).with_suffix('')}" for p in out.rglob("*.class")}
        actual |= {f"{case.stem}: {c.replace('.', '/')}" for c in program.classes}
    # What only javac has are classes it generates for switches over enums and for access to private constructors.
    assert actual <= expected
    assert all(name.rpartition("$")[2].isdigit() for name in expected - actual)
