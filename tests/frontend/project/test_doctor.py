"""What the machine has, and the command for what it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.frontend.project.doctor import at_least, checks
from tests.frontend.project.conftest import fake_maven


def test_a_bare_machine(home: Path, programs: Path) -> None:
    found = {c.name: c for c in checks()}
    assert list(found) == ["python", "tree-sitter-java", "jdk", "maven", "git", "docker"]
    assert {n for n, c in found.items() if c.found} == {"python", "tree-sitter-java"}
    assert all(c.fix for c in found.values())
    assert found["jdk"].fix == "apt-get install openjdk-17-jdk-headless"
    assert not found["docker"].required


@pytest.mark.parametrize(("version", "enough"), [("3.6.2", False), ("3.6.3", True), ("3.8.7", True), ("4.0.0-rc-1", True)])
def test_an_old_version_is_not_found_but_shown(home: Path, programs: Path, version: str, enough: bool) -> None:
    fake_maven(programs, f"echo 'Apache Maven {version} (abc)'")
    maven = next(c for c in checks() if c.name == "maven")
    assert (maven.found, maven.version) == (enough, version)


def test_a_program_that_fails_is_not_found(home: Path, programs: Path) -> None:
    fake_maven(programs, "echo 'Apache Maven 3.8.7'; exit 1")
    assert not next(c for c in checks() if c.name == "maven").found


def test_versions_compare_as_numbers() -> None:
    assert at_least("17.0.9+9", (17,))
    assert at_least("0.23.10", (0, 23))
    assert not at_least("3.10", (3, 11))
    assert not at_least("", (1,))
