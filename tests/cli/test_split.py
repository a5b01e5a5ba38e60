"""`refactor split` is deterministic, replayable, and touches neither the monolith nor anything on a dry run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.cli.conftest import Run


def digest(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_same_input_same_bytes_and_a_second_run_changes_nothing(monolith: Path, tmp_path: Path, refactor: Run) -> None:
    before = digest(monolith)
    args = ("split", monolith, "--parts", tmp_path / "parts.toml")
    assert refactor(*args, "-o", tmp_path / "one").returncode == 0
    assert refactor(*args, "-o", tmp_path / "two", env={"PYTHONHASHSEED": "7"}).returncode == 0
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    stamps = {p: p.stat().st_mtime_ns for p in (tmp_path / "one").rglob("*") if p.is_file()}
    assert refactor(*args, "-o", tmp_path / "one").returncode == 0
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "one").rglob("*") if p.is_file()} == stamps
    assert digest(monolith) == before


def test_the_untouched_source_is_byte_identical(monolith: Path, tmp_path: Path, refactor: Run) -> None:
    out = tmp_path / "out"
    assert refactor("split", monolith, "-o", out, "--parts", tmp_path / "parts.toml").returncode == 0
    original = (monolith / "src" / "shop" / "stock" / "Stock.java").read_bytes()
    assert (out / "stock" / "src" / "main" / "java" / "shop" / "stock" / "Stock.java").read_bytes() == original


def test_a_dry_run_writes_nothing_and_prints_the_edits(monolith: Path, tmp_path: Path, refactor: Run) -> None:
    done = refactor("split", monolith, "-o", tmp_path / "out", "--parts", tmp_path / "parts.toml", "--dry-run")
    assert done.returncode == 0
    assert not (tmp_path / "out").exists()
    assert "-        stock.left -= n;" in done.stdout
    assert "cell$left" in done.stdout


def test_a_plan_replays_to_the_same_bytes(monolith: Path, tmp_path: Path, refactor: Run) -> None:
    assert refactor("split", monolith, "-o", tmp_path / "one", "--parts", tmp_path / "parts.toml").returncode == 0
    done = refactor("split", monolith, "-o", tmp_path / "two", "--plan", tmp_path / "one" / "plan.json")
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


def test_a_plan_of_other_sources_is_refused(monolith: Path, tmp_path: Path, refactor: Run) -> None:
    assert refactor("split", monolith, "-o", tmp_path / "one", "--parts", tmp_path / "parts.toml").returncode == 0
    stock = monolith / "src" / "shop" / "stock" / "Stock.java"
    stock.write_text(stock.read_text().replace("10", "11"))
    done = refactor("split", monolith, "-o", tmp_path / "two", "--plan", tmp_path / "one" / "plan.json")
    assert done.returncode == 2
    assert "Stock.java" in done.stderr
    assert not (tmp_path / "two").exists()


def test_json_has_the_documented_fields(monolith: Path, tmp_path: Path, refactor: Run) -> None:
    done = refactor("split", monolith, "-o", tmp_path / "out", "--parts", tmp_path / "parts.toml", "--format", "json")
    data = json.loads(done.stdout)
    assert data["schema"] == "split/1"
    assert {"parts", "moves", "edits", "refusals"} <= data.keys()
    assert {p["name"] for p in data["parts"]} == {"stock", "till", "driver"}


def test_a_cut_that_cannot_be_kept_is_refused_with_a_way_out(monolith: Path, tmp_path: Path, refactor: Run) -> None:
    till = monolith / "src" / "shop" / "till" / "Till.java"
    till.write_text(till.read_text().replace("stock.left -= n;", "synchronized (stock) { stock.left -= n; }"))
    done = refactor("split", monolith, "-o", tmp_path / "out", "--parts", tmp_path / "parts.toml", "--format", "json")
    assert done.returncode == 1
    (refusal, *_) = json.loads(done.stdout)["refusals"]
    assert refusal["file"] == "src/shop/till/Till.java"
    assert refusal["line"] == 14
    assert set(refusal["merge"]) == {"shop.till.Till", "shop.stock.Stock"}
    assert not (tmp_path / "out").exists()
