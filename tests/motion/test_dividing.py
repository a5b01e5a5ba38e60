"""Which classes a proposal divides: methods that use another part's classes, and no data class because of its setters."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from refactor.partition.partsfile import assign, parse_parts
from refactor.partition.partswriter import format_parts
from refactor.pipeline.cut import CutRequest
from refactor.pipeline.dividing import cut_of, propose_divided
from refactor.pipeline.load import load_program
from refactor.support.resources import resource

REFACTOR = Path(sys.executable).parent / "refactor"


def monolith(folder: Path) -> Path:
    """Two subjects of five classes each, and one class that does something for both."""
    root = folder / "src" / "app"
    for subject in ("bird", "fish"):
        (root / subject).mkdir(parents=True)
        name = subject.capitalize()
        for at in range(5):
            other = f"{name}{(at + 1) % 5}"
            code = f"package app.{subject};\npublic class {name}{at} {{\n    private int n;\n    private {other} next;\n"
            code += f"    public void next({other} o) {{ next = o; }}\n"
            code += "    public int up(int d) { n++; return d == 0 || next == null ? n : next.up(d - 1) + next.up(0); }\n}\n"
            (root / subject / f"{name}{at}.java").write_text(code)
    lines = ["package app;", "import app.bird.*;", "import app.fish.*;", "public class Keeper {"]
    for subject in ("bird", "fish"):
        name = subject.capitalize()
        lines.append(f"    private int {subject}s;")
        lines.append(f"    public int {subject}(int d) {{")
        lines += [f"        {name}{at} v{at} = new {name}{at}();" for at in range(5)]
        lines += [f"        v{at}.next(v{at + 1}); {subject}s += v{at}.up(d);" for at in range(4)]
        lines += [f"        return {subject}s;", "    }"]
    (root / "Keeper.java").write_text("\n".join([*lines, "}", ""]))
    main = "package app;\npublic class Main {\n    public static void main(String[] a) {\n        Keeper k = new Keeper();\n"
    (root / "Main.java").write_text(main + "        System.out.println(k.bird(1) + k.fish(2));\n    }\n}\n")
    return folder


def test_a_class_for_two_subjects_is_divided_between_them(tmp_path: Path) -> None:
    loaded = load_program(str(monolith(tmp_path)), progress=lambda _: None)
    request = CutRequest(max_share=0.7)
    whole, cut = cut_of(loaded, request, lambda _: None), propose_divided(loaded, request, lambda _: None)
    assert cut.metrics["coupling_remote"] < whole.metrics["coupling_remote"]
    (entries,) = cut.pieces.values()
    (moved,) = cut.pieces
    assert entries in (("app.Keeper~bird",), ("app.Keeper~fish",))
    subject = entries[0].partition("~")[2]
    assert cut.labels[moved] == cut.labels[f"app.{subject}.{subject.capitalize()}1"] != cut.labels["app.Keeper"]
    text = cut.parts_toml()
    assert f'"{entries[0]}"' in text
    again = cut_of(loaded, CutRequest(parts_file=parse_parts(text)), lambda _: None)
    assert again.labels == cut.labels
    assert again.pieces == cut.pieces


def test_without_the_option_no_class_is_divided(tmp_path: Path) -> None:
    loaded = load_program(str(monolith(tmp_path)), progress=lambda _: None)
    assert not cut_of(loaded, CutRequest(), lambda _: None).pieces


def test_pieces_are_written_beside_the_classes_of_their_part() -> None:
    labels = {"a.A": "one", "a.B": "one", "b.C": "two"}
    text = format_parts(labels, pieces={"a.A~find": "two", "a.A~count": "three"})
    found = parse_parts(text)
    assert found.pieces() == (("three", found.parts[1].patterns[0]), ("two", found.parts[2].patterns[1]))
    after = found.in_place({"a.A~find": ("a.AFind",), "a.A~count": ("a.ACount",)})
    assert assign(after, [*labels, "a.AFind", "a.ACount"]).assigned == {**labels, "a.AFind": "two", "a.ACount": "three"}


@pytest.mark.parametrize("more", [(), ("--divide",)])
def test_partition_takes_a_parts_file_with_pieces(tmp_path: Path, more: tuple[str, ...]) -> None:
    desk = resource("fixtures/apps/desk")
    command = [str(REFACTOR), "partition", str(desk), "--parts", str(desk / "parts.toml"), "--format", "json", *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    parts = {p["name"]: p["classes"] for p in json.loads(done.stdout)["parts"]}
    assert "desk.Desk~register" in parts["people"]


def test_metrics_measures_the_classes_that_pieces_become() -> None:
    desk = resource("fixtures/apps/desk")
    command = [str(REFACTOR), "metrics", str(desk), "--parts", str(desk / "parts.toml"), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["metrics"]["parts"] == 4
