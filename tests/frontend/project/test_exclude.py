"""`[build] exclude_tests` reaches the Surefire configuration that both programs get."""

from __future__ import annotations

from pathlib import Path

from refactor.frontend.project.discover import discover
from refactor.frontend.project.exclude import exclude_tests
from refactor.frontend.project.pom import oracle_module


def plain(root: Path) -> Path:
    (root / "src" / "a").mkdir(parents=True)
    (root / "src" / "a" / "A.java").write_text("package a; class A {}\n")
    return root


def test_nothing_to_exclude_changes_nothing(tmp_path: Path) -> None:
    project = discover(str(plain(tmp_path / "m")))
    assert exclude_tests(project, ()) is project


def test_patterns_stand_in_the_oracles_pom_beside_the_default(tmp_path: Path) -> None:
    project = exclude_tests(discover(str(plain(tmp_path / "m"))), ["**/BrowserIT.java"])
    oracle_module(project, tmp_path / "oracle")
    pom = (tmp_path / "oracle" / "pom.xml").read_text()
    assert "<exclude>**/BrowserIT.java</exclude>" in pom
    assert "<exclude>**/*$*</exclude>" in pom
