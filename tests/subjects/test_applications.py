"""Real applications, which are not part of this repository: their own tests say the same of the split program as of the monolith.

`REFACTOR_SUBJECTS` names a folder with check-outs, each under the name of its repository; without it these tests are skipped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REFACTOR = Path(sys.executable).parent / "refactor"
SUBJECTS = Path(__file__).parents[2] / "fixtures" / "subjects"
CHECKOUTS = os.environ.get("REFACTOR_SUBJECTS", "")


def _as_it_is(_: Path) -> None:
    pass


def _without_browser(root: Path) -> None:
    """Drives a browser against a server that the build downloads; its two libraries cannot be resolved everywhere."""
    (root / "src/test/java/org/mybatis/jpetstore/ScreenTransitionIT.java").unlink()
    pom = (root / "pom.xml").read_text(encoding="utf-8")
    for artifact in ("selenide", "htmlunit3-driver"):
        pom = re.sub(rf"<dependency>\s*<groupId>[^<]*</groupId>\s*<artifactId>{artifact}</artifactId>.*?</dependency>", "", pom, flags=re.S)
    (root / "pom.xml").write_text(pom, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Application:
    """`run`, `passed`: what its own test suite says on Java 17."""

    name: str
    run: int
    passed: int
    prepare: Callable[[Path], None] = _as_it_is


APPLICATIONS = (
    Application("dddsample-core", 131, 128),
    Application("jpetstore-6", 98, 98, _without_browser),
    Application("spring-framework-petclinic", 75, 75),
    Application("spring-petclinic", 57, 55),
)


@pytest.mark.slow
@pytest.mark.parametrize("application", [pytest.param(a, id=a.name) for a in APPLICATIONS])
def test_an_application_in_parts_behaves_the_same(application: Application, tmp_path: Path) -> None:
    checkout = Path(CHECKOUTS, application.name)
    if not CHECKOUTS or not checkout.is_dir():
        pytest.skip(f"no check-out of {application.name} in REFACTOR_SUBJECTS")
    root, out = tmp_path / application.name, tmp_path / "out"
    shutil.copytree(checkout, root, ignore=shutil.ignore_patterns(".git", "target"))
    application.prepare(root)
    _refactor("split", str(root), "--parts", str(SUBJECTS / application.name / "parts.toml"), "-o", str(out))
    plan: dict[str, Any] = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert len([p for p in plan["parts"] if p["owned"]]) >= 3
    assert not plan["moves"]
    verdict: dict[str, Any] = json.loads(_refactor("verify", str(out), "--format", "json"))
    assert verdict["divergences"] == []
    assert (verdict["tests"]["monolith"]["run"], verdict["tests"]["monolith"]["passed"]) == (application.run, application.passed)
    assert verdict["tests"]["split"] == verdict["tests"]["monolith"]
    assert verdict["verdict"] == "equal"


def _refactor(*arguments: str) -> str:
    done = subprocess.run([REFACTOR, *arguments], capture_output=True, text=True, check=False, timeout=3600)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout
