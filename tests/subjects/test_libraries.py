"""Real libraries, cut through the middle: their own tests say the same of the split program as of the monolith."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from refactor.isolate.plan import DRIVER, Plan, Role
from refactor.isolate.planfile import load_plan
from refactor.partition.partsfile import read_parts

REFACTOR = Path(sys.executable).parent / "refactor"
SUBJECTS = Path(__file__).parents[2] / "fixtures" / "subjects"
SHARE = 0.6  # of the classes that one part owns, at most


@dataclass(frozen=True, slots=True)
class Library:
    """`tests`: how many its own test suite has; `methods`: distinct methods of its classes called remotely, at least."""

    name: str
    coordinates: str
    tests: int
    methods: int = 60


CLI = Library("commons-cli", "commons-cli:commons-cli:1.11.0", 977)
VALIDATOR = Library("commons-validator", "commons-validator:commons-validator:1.10.1", 992)
TEXT = Library("commons-text", "org.apache.commons:commons-text:1.9", 1220)


@pytest.mark.parametrize(
    "library",
    [
        pytest.param(CLI, id=CLI.name),
        pytest.param(VALIDATOR, id=VALIDATOR.name, marks=pytest.mark.slow),
        pytest.param(TEXT, id=TEXT.name, marks=pytest.mark.slow),
    ],
)
def test_a_library_cut_in_three_behaves_the_same(library: Library, tmp_path: Path) -> None:
    parts = SUBJECTS / library.name / "parts.toml"
    out = tmp_path / "out"
    assert not read_parts(parts).exclude_tests
    split = _refactor("split", f"maven:{library.coordinates}", "--parts", str(parts), "-o", str(out))
    assert split.returncode == 0, split.stderr + split.stdout
    plan = load_plan((out / "plan.json").read_text(encoding="utf-8"), "plan.json")
    _is_cut_through_the_middle(plan)

    checked = _refactor("verify", str(out), "--format", "json")
    verdict: dict[str, Any] = json.loads(checked.stdout)
    assert verdict["divergences"] == []
    assert verdict["tests"]["monolith"]["run"] == library.tests
    assert verdict["tests"]["split"] == verdict["tests"]["monolith"]
    assert not any(verdict["ids_left"].values()), verdict["ids_left"]
    own = {f"{e.cls}/{e.operation}" for e in plan.endpoints}
    called = own & {path.removeprefix("/api/") for path in verdict["remote"]["by_endpoint"]}
    assert len(called) >= library.methods, sorted(called)
    assert verdict["verdict"] == "equal"
    assert checked.returncode == 0


def _is_cut_through_the_middle(plan: Plan) -> None:
    assert not plan.refusals
    owned = Counter(c.part for c in plan.classes if c.role is Role.OWNED)
    assert len(owned) == len([p for p in plan.parts if p.name != DRIVER])
    assert len(owned) >= 3
    assert max(owned.values()) <= SHARE * owned.total(), owned
    # Whatever is not where the cut put it, or is there more than once, says why.
    assert all(c.reason for c in plan.classes)
    assert all(m.reason for m in plan.moves)


def _refactor(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(REFACTOR), *args], capture_output=True, text=True, timeout=3600)
