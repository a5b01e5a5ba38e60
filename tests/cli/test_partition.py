"""`refactor partition` and `refactor metrics`: JSON, the comparison, pieces, the HTML report."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.cli.conftest import Run


def test_a_proposal_has_parts_reasons_and_both_couplings(monolith: Path, refactor: Run) -> None:
    done = refactor("partition", monolith, "--k", "2", "--format", "json")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    classes = sorted(c for part in data["parts"] for c in part["classes"])
    assert classes == sorted(data["reasons"])
    assert all(data["reasons"].values())
    assert {"coupling", "coupling_remote", "ned", "ned_remote"} <= data["metrics"].keys()


def test_the_comparison_has_our_rows_beside_the_published_ones(monolith: Path, refactor: Run) -> None:
    done = refactor("partition", monolith, "--compare", "--format", "json")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    names = [row["name"] for row in data["rows"]]
    assert names[:6] == [f"{what}, rules {kept}" for what in ("proposed", "with contexts", "pieces") for kept in ("kept", "not kept")]
    assert names[6:] == ["CARGO, K 3..13", "CARGO, no K", "label propagation", "Louvain", "one part"]
    assert data["same"] is True
    assert data["orders"] == 20
    assert data["without_contexts"] == ""
    assert all("sites_remote" in row["metrics"] for row in data["rows"])
    assert "coupling_remote" in refactor("partition", monolith, "--compare").stdout


def test_pieces_are_listed_with_reasons(monolith: Path, refactor: Run) -> None:
    data = json.loads(refactor("partition", monolith, "--pieces", "--format", "json").stdout)
    assert data["schema"] == "partition-pieces/1"
    assert all(entry["why"] for entry in data["whole"])


def test_metrics_writes_a_report_with_every_class_and_its_reasons(monolith: Path, tmp_path: Path, refactor: Run) -> None:
    report = tmp_path / "report.html"
    done = refactor("metrics", monolith, "--parts", tmp_path / "parts.toml", "--html", report, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["metrics"]["parts"] == 2
    page = report.read_text(encoding="utf-8")
    assert "<svg" in page
    assert "<script" not in page
    assert "shop.till.Till" in page
    assert "pinned to &#x27;till&#x27;" in page


def test_the_page_has_the_numbers_of_the_console_and_the_project_s_name(monolith: Path, tmp_path: Path, refactor: Run) -> None:
    page = tmp_path / "page.html"
    done = refactor("partition", f"{monolith}/src/..", "--k", "2", "--html", page, "--format", "json")
    assert done.returncode == 0, done.stderr
    data, text = json.loads(done.stdout), page.read_text(encoding="utf-8")
    shown = dict(re.findall(r'<tr><td><code>(\w+)</code></td><td class="n">([\d.-]+)</td>', text))
    assert shown == {name: f"{value:.3f}" for name, value in data["metrics"].items()}
    assert "<title>monolith</title>" in text
    assert f"{sum(len(part['classes']) for part in data['parts'])} classes in {len(data['parts'])} parts" in text
    for part in data["parts"]:
        assert f'id="part-{part["name"]}">{part["name"]} <span class="muted">({len(part["classes"])}' in text
        assert f"<title>{part['name']}: {len(part['classes'])} classes" in text
    printed = refactor("partition", monolith, "--k", "2").stdout
    rows = {line.split()[0]: line for line in printed.partition("metric ")[2].splitlines()[1:]}
    assert rows.keys() == data["metrics"].keys()
    assert all(len(line.split()) > 2 for line in rows.values()), "each metric is explained"


def test_more_parts_than_there_are_groups_of_classes(monolith: Path, refactor: Run) -> None:
    done = refactor("partition", monolith, "--k", "9", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["parts"]) < 9
    assert "9 parts were asked for" in done.stderr
    assert "ask for fewer parts" in done.stderr
    assert "keep classes apart" not in done.stderr
