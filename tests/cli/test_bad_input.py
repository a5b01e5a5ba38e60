"""Bad input gets a clear message and its documented exit code, and nothing is half-written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import PARTS, Run


def test_an_empty_folder(tmp_path: Path, refactor: Run) -> None:
    (tmp_path / "empty").mkdir()
    done = refactor("split", tmp_path / "empty", "-o", tmp_path / "out")
    assert done.returncode == 4
    assert "error[" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_without_java(tmp_path: Path, refactor: Run) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "README.txt").write_text("no code")
    assert refactor("split", tmp_path / "docs", "-o", tmp_path / "out").returncode == 4


def test_a_path_that_does_not_exist(tmp_path: Path, refactor: Run) -> None:
    done = refactor("index", tmp_path / "nowhere")
    assert done.returncode == 4
    assert "nowhere" in done.stderr


def test_a_file_with_a_syntax_error_is_reported_and_the_run_goes_on(monolith: Path, tmp_path: Path, refactor: Run) -> None:
    broken = monolith / "src" / "shop" / "stock" / "Broken.java"
    broken.write_text("package shop.stock;\n\nclass Broken {\n    int x = ;\n}\n")
    done = refactor("index", monolith)
    assert done.returncode == 4
    assert "Broken.java:4:" in done.stderr
    assert "java/syntax-error" in done.stderr
    symbols = {json.loads(line)["symbol"] for line in done.stdout.splitlines()}
    assert "shop.stock.Stock" in symbols


def test_an_unreadable_file(monolith: Path, refactor: Run) -> None:
    (monolith / "src" / "shop" / "stock" / "Gone.java").symlink_to("nowhere.java")  # unreadable for root as well
    done = refactor("index", monolith)
    assert done.returncode == 4
    assert "Gone.java" in done.stderr
    assert "shop.stock.Stock" in done.stdout


@pytest.mark.parametrize(
    "command",
    [
        ("graph", "--calls", "hierarchy"),
        ("partition", "--no-cache"),
        ("partition", "--pieces"),
        ("metrics", "--parts", "parts.toml"),
    ],
    ids=" ".join,
)
def test_an_answer_from_part_of_the_files_is_given_and_ends_with_4(
    monolith: Path, tmp_path: Path, refactor: Run, command: tuple[str, ...]
) -> None:
    words = [tmp_path / word if word == "parts.toml" else word for word in command[1:]]
    assert refactor(command[0], monolith, *words).returncode == 0
    (monolith / "src" / "shop" / "stock" / "Broken.java").write_text("package shop.stock;\nclass Broken { int x = ; }\n")
    done = refactor(command[0], monolith, *words, "--format", "json")
    assert done.returncode == 4, done.stderr
    assert "Broken.java:2:" in done.stderr
    assert json.loads(done.stdout)["schema"].startswith(command[0])


def test_a_proposal_says_how_many_types_are_not_resolved(monolith: Path, refactor: Run) -> None:
    assert json.loads(refactor("partition", monolith, "--format", "json").stdout)["unresolved_types"] == 0
    odd = "package shop.stock;\nclass Odd { Nowhere a; Nowhere b() { return a; } }\n"
    (monolith / "src" / "shop" / "stock" / "Odd.java").write_text(odd)
    done = refactor("partition", monolith, "--format", "json")
    assert json.loads(done.stdout)["unresolved_types"] == 2
    assert "2 names of types in the main sources are not resolved" in done.stderr
    assert "Odd.java:2:" in done.stderr


@pytest.mark.parametrize("out", ["", "out", "deep/er/out", "../monolith/out", "link/out"])
def test_the_user_s_folder_is_not_written_to(monolith: Path, tmp_path: Path, refactor: Run, out: str) -> None:
    (tmp_path / "link").symlink_to(monolith)
    target = tmp_path / out if out.startswith("link") else monolith / out
    before = sorted(tmp_path.rglob("*"))
    done = refactor("split", monolith, "-o", target, "--parts", tmp_path / "parts.toml")
    assert done.returncode == 2
    assert "split/out-inside-path" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_a_path_with_dots_is_the_folder_it_names(monolith: Path, tmp_path: Path, refactor: Run) -> None:
    dotted = monolith / "src" / ".." / ".." / monolith.name
    done = refactor("split", dotted, "-o", tmp_path / "src" / ".." / "out", "--parts", tmp_path / "parts.toml")
    assert done.returncode == 0, done.stderr
    assert "outside" not in done.stderr
    assert json.loads((tmp_path / "out" / "plan.json").read_text())["project"] == "monolith"


def test_bytes_that_are_no_text(monolith: Path, refactor: Run) -> None:
    (monolith / "src" / "shop" / "stock" / "Odd.java").write_bytes(b'package shop.stock; class Odd { String s = "\xff\xfe\x00"; }\x00')
    done = refactor("index", monolith)
    assert done.returncode == 4
    assert "shop.stock.Stock" in done.stdout


def test_two_classes_of_one_name(monolith: Path, refactor: Run) -> None:
    twin = monolith / "other" / "shop" / "stock" / "Stock.java"
    twin.parent.mkdir(parents=True)
    twin.write_text("package shop.stock;\npublic class Stock {}\n")
    done = refactor("index", monolith)
    assert "java/duplicate-class" in done.stderr


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (PARTS.replace("shop.stock.*", "shop.stok.*"), "shop.stok.*"),
        (PARTS + "\n[parts.none]\nclasses = []\n", "none"),
        (PARTS.replace("[parts.till]", "[parts.till"), "parts.toml:1"),
        (PARTS.replace("shop.app.Main", "shop.app.Mian"), "shop.app.Mian"),
    ],
)
def test_parts_that_do_not_fit(monolith: Path, tmp_path: Path, refactor: Run, parts: str, said: str) -> None:
    file = tmp_path / "parts.toml"
    file.write_text(parts)
    done = refactor("split", monolith, "-o", tmp_path / "out", "--parts", file)
    assert done.returncode in (2, 4)
    assert said in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_output_folder_of_somebody_else(monolith: Path, tmp_path: Path, refactor: Run) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.tex").write_text("precious")
    done = refactor("split", monolith, "-o", out, "--parts", tmp_path / "parts.toml")
    assert done.returncode == 2
    assert [p.name for p in out.iterdir()] == ["thesis.tex"]


def test_verify_of_a_folder_that_is_no_output(tmp_path: Path, refactor: Run) -> None:
    done = refactor("verify", tmp_path)
    assert done.returncode == 2
    assert "plan.json" in done.stderr


@pytest.mark.parametrize(("there", "missing"), [((), "Maven"), (("java", "javac", "bash", "sh"), "Maven"), (("mvn", "bash", "sh"), "JDK")])
def test_what_the_machine_lacks_is_named(monolith: Path, tmp_path: Path, refactor: Run, there: tuple[str, ...], missing: str) -> None:
    out = tmp_path / "out"
    assert refactor("split", monolith, "-o", out, "--parts", tmp_path / "parts.toml").returncode == 0
    bare = tmp_path / "bin"
    bare.mkdir()
    for name in there:
        (bare / name).symlink_to(str(shutil.which(name)))
    done = refactor("verify", out, env={"PATH": str(bare), "JAVA_HOME": str(tmp_path / "nowhere")})
    assert done.returncode == 3
    assert missing in done.stderr
    assert "apt-get install" in done.stderr


def test_wrong_use(refactor: Run) -> None:
    assert refactor("split", ".").returncode == 2
    assert refactor("explode").returncode == 2
