"""What the partitioner proposes, with nobody's help, goes through split and verify and passes.

The cuts of the other tests here are written down (`fixtures/subjects`); these are whatever the partitioner answers now.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from refactor.isolate.plan import DRIVER, Plan
from refactor.isolate.planfile import load_plan
from refactor.partition.partsfile import read_parts
from tests.subjects.test_applications import APPLICATIONS, CHECKOUTS, SUBJECTS, Application
from tests.subjects.test_libraries import CLI, TEXT, VALIDATOR, Library

REFACTOR = Path(sys.executable).parent / "refactor"
SHOP = SUBJECTS.parent / "apps" / "shop"


def test_the_shops_proposal_is_one_and_readable(tmp_path: Path) -> None:
    _proposed(str(SHOP), tmp_path)


@pytest.mark.slow
def test_the_shops_proposal_behaves_the_same(tmp_path: Path) -> None:
    build = tmp_path / "runs.toml"
    given = (SHOP / "parts.toml").read_text(encoding="utf-8")
    build.write_text(given[given.index("[[run]]") :], encoding="utf-8")
    _behaves_the_same(str(SHOP), tmp_path, 228, 228, build)


@pytest.mark.slow
@pytest.mark.parametrize("library", [pytest.param(x, id=x.name) for x in (CLI, VALIDATOR, TEXT)])
def test_the_proposal_for_a_library_behaves_the_same(library: Library, tmp_path: Path) -> None:
    _behaves_the_same(f"maven:{library.coordinates}", tmp_path, library.tests)


@pytest.mark.slow
@pytest.mark.parametrize("application", [pytest.param(a, id=a.name) for a in APPLICATIONS])
def test_the_proposal_for_an_application_behaves_the_same(application: Application, tmp_path: Path) -> None:
    checkout = Path(CHECKOUTS, application.name)
    if not CHECKOUTS or not checkout.is_dir():
        pytest.skip(f"no check-out of {application.name} in REFACTOR_SUBJECTS")
    root = tmp_path / application.name
    shutil.copytree(checkout, root, ignore=shutil.ignore_patterns(".git", "target"))
    application.prepare(root)
    build = tmp_path / "build.toml"
    args = read_parts(SUBJECTS / application.name / "parts.toml").build_args
    build.write_text(f"[build]\nargs = {json.dumps(args)}\n", encoding="utf-8")
    _behaves_the_same(str(root), tmp_path, application.run, application.passed, build)


def _behaves_the_same(path: str, tmp_path: Path, run: int, passed: int | None = None, given: Path | None = None) -> None:
    """`given`: a parts.toml that says how to build and what to run, and nothing about parts."""
    plan = _proposed(path, tmp_path, given)
    verdict: dict[str, Any] = json.loads(_refactor("verify", str(tmp_path / "out"), "--format", "json"))
    assert verdict["divergences"] == []
    assert verdict["tests"]["monolith"]["run"] == run
    assert passed in (None, verdict["tests"]["monolith"]["passed"])
    assert verdict["tests"]["split"] == verdict["tests"]["monolith"]
    assert len(verdict["mains"]) == len(plan.programs)
    assert not any(verdict["ids_left"].values()), verdict["ids_left"]
    assert verdict["remote"]["calls"] > 0
    assert verdict["verdict"] == "equal"


def _proposed(path: str, tmp_path: Path, given: Path | None = None) -> Plan:
    """Propose twice, split with what was written and without it; what comes out is one plan, without repairs."""
    parts, again = tmp_path / "parts.toml", tmp_path / "again.toml"
    more = ("--parts", str(given)) if given else ()
    _refactor("partition", path, "--no-cache", *more, "-o", str(parts), hash_seed="1")
    _refactor("partition", path, "--no-cache", *more, "-o", str(again), hash_seed="2")
    assert parts.read_bytes() == again.read_bytes()
    out, other = tmp_path / "out", tmp_path / "other"
    _refactor("split", path, "--parts", str(parts), "-o", str(out))
    _refactor("split", path, *more, "-o", str(other))
    text = (out / "plan.json").read_text(encoding="utf-8")
    assert (other / "plan.json").read_text(encoding="utf-8") == text
    plan = load_plan(text, "plan.json")
    assert not plan.refusals
    assert not plan.moves, "a proposal keeps the rules by itself"
    services = {p.name: p.owned for p in plan.parts if p.name != DRIVER}
    assert len(services) >= 3
    assert set(services) == {spec.name for spec in read_parts(parts).parts}, "every proposed part is a service"
    assert all(len(owned) >= 2 for owned in services.values()), services
    assert not [name for name in services if any(c.isdigit() for c in name)], "a number is no name"
    return plan


def _refactor(*arguments: str, hash_seed: str = "0") -> str:
    env = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run([REFACTOR, *arguments], capture_output=True, text=True, check=False, timeout=3600, env=env)
    assert done.returncode == 0, done.stderr[-5000:] + done.stdout[-5000:]
    return done.stdout
