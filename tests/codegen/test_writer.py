"""Output appears whole or not at all, and only where it may."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from refactor.codegen.writer import MARKER, Tree, write_tree
from refactor.support.diagnostics import RefactorError


def _tree(**files: str) -> Tree:
    tree = Tree()
    for name, text in files.items():
        tree.text(name.replace("__", "/"), text)
    return tree


def _read(out: Path) -> dict[str, str]:
    return {p.relative_to(out).as_posix(): p.read_text() for p in sorted(out.rglob("*")) if p.is_file() and p.name != MARKER}


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert write_tree(_tree(a="1", b__c="2"), out) == ("a", "b/c")
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*")}
    assert write_tree(_tree(a="1", b__c="2"), out) == ()
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*")} == before


def test_update_replaces_removes_and_keeps_build_output(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_tree(_tree(a="1", b__c="2", b__target__x="old"), out)
    (out / "b" / "built").mkdir()
    (out / "b" / "built" / "x.class").write_text("compiled")
    assert write_tree(_tree(a="1", b__d="3"), out) == ("b/d", "b/c", "b/target/x")
    assert _read(out) == {"a": "1", "b/d": "3", "b/built/x.class": "compiled"}
    assert not (out / "b" / "target").exists()


@pytest.mark.parametrize("name", ["notes.txt", "src/Main.java"])
def test_foreign_folder_is_refused(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    (out / name).parent.mkdir(parents=True)
    (out / name).write_text("mine")
    with pytest.raises(RefactorError) as raised:
        write_tree(_tree(a="1"), out)
    assert raised.value.exit_code == 2
    assert _read(out) == {name: "mine"}


def test_failure_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write_tree(_tree(a="1"), out)
    written = []

    def fail(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) == 2:
            raise OSError("no space left on device")
        return os.write(os.open(path, os.O_CREAT | os.O_WRONLY), data)

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="no space"):
        write_tree(_tree(a="2", b="3"), out)
    assert _read(out) == {"a": "1"}
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_paths_stay_inside_and_differences_are_errors() -> None:
    tree = _tree(a="1")
    tree.text("a", "1")
    with pytest.raises(ValueError, match="two different"):
        tree.text("a", "2")
    for path in ("../a", "/a", "b/../../a"):
        with pytest.raises(ValueError, match="inside"):
            tree.text(path, "x")
