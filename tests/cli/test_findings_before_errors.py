"""What discovery found is told also where reading fails afterwards: it is often the cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.pipeline import load
from refactor.pipeline.load import load_program
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

POM = "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version></project>"


def test_the_cause_stands_before_the_consequence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src/main/kotlin").mkdir(parents=True)
    (tmp_path / "src/main/java").mkdir(parents=True)
    (tmp_path / "src/main/java/A.java").write_text("class A { }", encoding="utf-8")
    (tmp_path / "pom.xml").write_text(POM, encoding="utf-8")
    monkeypatch.setenv("PATH", "")

    def fails(*_: object, **__: object) -> None:
        raise RefactorError([Diagnostic("project/unversioned-dependency", Severity.ERROR, "no version")], 4)

    monkeypatch.setattr(load, "load_project", fails)
    with pytest.raises(RefactorError) as raised:
        load_program(str(tmp_path), progress=lambda _: None)
    ids = [d.id for d in raised.value.diagnostics]
    assert raised.value.exit_code == 4
    assert ids[-1] == "project/unversioned-dependency"
    assert "project/other-language" in ids[:-1]
