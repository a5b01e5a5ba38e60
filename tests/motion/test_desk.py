"""The help desk: one class that does everything is divided over four parts, and its tests and its main say the same as before."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from refactor.support.resources import resource

REFACTOR = Path(sys.executable).parent / "refactor"


def run(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(REFACTOR), *map(str, args)], capture_output=True, text=True, timeout=1800, check=False)


def split(out: Path, *more: object) -> subprocess.CompletedProcess[str]:
    desk = resource("fixtures/apps/desk")
    return run("split", desk, "-o", out, *(more or ("--parts", desk / "parts.toml")))


def written(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_pieces_go_to_their_parts_and_a_plan_replays_them(tmp_path: Path) -> None:
    done = split(tmp_path / "one")
    assert done.returncode == 0, done.stdout + done.stderr
    plan = json.loads((tmp_path / "one" / "plan.json").read_text())
    parts = {c["name"]: c["part"] for c in plan["classes"]}
    assert {n: p for n, p in parts.items() if n.startswith("desk.Desk")} == {
        "desk.Desk": "desk",
        "desk.DeskBill": "billing",
        "desk.DeskNextNumber": "tickets",
        "desk.DeskRegister": "people",
    }
    assert [p["name"] for p in plan["pieces"]] == ["desk.DeskBill", "desk.DeskRegister", "desk.DeskNextNumber"]
    # The monolith that the services are compared with is the one from before.
    original = resource("fixtures/apps/desk") / "src/main/java/desk/Desk.java"
    assert (tmp_path / "one/monolith/src/main/java/desk/Desk.java").read_bytes() == original.read_bytes()
    assert not (tmp_path / "one/monolith/src/main/java/desk/DeskBill.java").exists()
    again = split(tmp_path / "two", "--plan", tmp_path / "one" / "plan.json")
    assert again.returncode == 0, again.stderr
    assert written(tmp_path / "one") == written(tmp_path / "two")


def test_a_dry_run_shows_the_motion(tmp_path: Path) -> None:
    desk = resource("fixtures/apps/desk")
    done = split(tmp_path / "out", "--parts", desk / "parts.toml", "--dry-run")
    assert done.returncode == 0
    assert "+++ b/src/main/java/desk/DeskRegister.java" in done.stdout
    assert "-    private int visits;" in done.stdout
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("desk.Desk~regster", "did you mean 'register'?"),
        ("desk.Desc~register", "did you mean 'desk.Desk'?"),
        ("desk.Desk~", "is no class pattern"),
    ],
)
def test_a_piece_that_is_none_is_wrong_use(tmp_path: Path, entry: str, said: str) -> None:
    parts = tmp_path / "parts.toml"
    parts.write_text(f'[parts.a]\nclasses = ["desk.**"]\n[parts.b]\nclasses = ["{entry}"]\n')
    done = split(tmp_path / "out", "--parts", parts)
    assert done.returncode == 2
    assert said in done.stderr


def test_one_group_in_two_parts_is_wrong_use(tmp_path: Path) -> None:
    parts = tmp_path / "parts.toml"
    parts.write_text('[parts.a]\nclasses = ["desk.**", "desk.Desk~register"]\n[parts.b]\nclasses = ["desk.Desk~names"]\n')
    done = split(tmp_path / "out", "--parts", parts)
    assert done.returncode == 2
    assert "one group of methods" in done.stderr


@pytest.mark.slow
def test_the_divided_desk_behaves_as_before(tmp_path: Path) -> None:
    assert split(tmp_path / "out").returncode == 0
    done = run("verify", tmp_path / "out", "--format", "json")
    verdict = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert verdict["tests"]["split"] == verdict["tests"]["monolith"]
    assert verdict["remote"]["endpoints_called"] > 40
    assert verdict["ids_left"] == 0
