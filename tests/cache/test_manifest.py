"""An answer is never given after something that it was made from has changed, whatever it is and however it was read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refactor.pipeline.cache import manifest
from refactor.pipeline.cache.manifest import Manifest, manifest_of, still_true
from refactor.support.trace import Trace, read_environment

NAMES = ("a.txt", "b.txt", "pom.xml")
FOLDERS = ("", "src", "src/deep", "target")


def program(root: Path) -> str:
    """Reads as the compiler does: walks, looks, opens, measures, resolves; its answer tells all that it saw."""
    seen = []
    for folder, folders, files in os.walk(root, followlinks=True):
        folders[:] = sorted(f for f in folders if f != "target")
        for name in sorted(files):
            path = Path(folder, name)
            if name.endswith(".txt") and path.is_file():
                seen.append(f"{path.relative_to(root)}={path.read_text()}")
    seen.append(f"pom {(root / 'pom.xml').is_file()} {(root / 'src' / 'pom.xml').exists()}")
    big = root / "target" / "a.txt"
    seen.append(f"size {big.stat().st_size if big.is_file() else None}")
    seen.append(f"real {os.path.realpath(root / 'link').removeprefix(os.path.realpath(root))}")
    return "\n".join(seen)


Change = Callable[[Path], None]


def write(name: str, folder: str, text: str, kept: bool) -> Change:
    def change(root: Path) -> None:
        path = root / folder / name
        if path.is_dir():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.stat() if path.exists() else None
        path.write_text(text)
        if kept and before is not None:
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # same time, often the same size

    return change


def replaced(name: str, folder: str, text: str) -> Change:
    def change(root: Path) -> None:
        path = root / folder / name
        if path.is_file():
            fresh = path.with_suffix(".new")
            fresh.write_text(text)
            shutil.copystat(path, fresh)
            fresh.replace(path)

    return change


def removed(name: str, folder: str) -> Change:
    def change(root: Path) -> None:
        path = root / folder / name
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()

    return change


def folder_instead(name: str, folder: str) -> Change:
    def change(root: Path) -> None:
        removed(name, folder)(root)
        (root / folder / name).mkdir(parents=True)

    return change


def linked(name: str, folder: str) -> Change:
    def change(root: Path) -> None:
        (root / "link").unlink(missing_ok=True)
        (root / "link").symlink_to(root / folder / name)

    return change


def changes() -> st.SearchStrategy[Change]:
    names, folders, texts = st.sampled_from(NAMES), st.sampled_from(FOLDERS), st.sampled_from(["x", "y", "xx", ""])
    return st.one_of(
        st.builds(write, names, folders, texts, st.booleans()),
        st.builds(replaced, names, folders, texts),
        st.builds(removed, names, folders),
        st.builds(folder_instead, names, folders),
        st.builds(linked, names, folders),
    )


TICK = 0.012
"""Seconds after which a file system's clock has moved on."""


@given(st.lists(changes(), max_size=12))
@settings(max_examples=200, deadline=None)
def test_no_stale_answer_about_the_users_folder(steps: list[Change]) -> None:
    check(steps, inside=True, pause=0)


@given(st.lists(changes(), max_size=8))
@settings(max_examples=25, deadline=None)
def test_no_stale_answer_about_another_folder(steps: list[Change]) -> None:
    check(steps, inside=False, pause=TICK)


def check(steps: list[Change], *, inside: bool, pause: float) -> None:
    """After every change, what is still held to be true gives the answer of a fresh run."""
    kept: list[tuple[Manifest, str]] = []
    was, manifest._RACE_NS = manifest._RACE_NS, 0
    try:
        with tempfile.TemporaryDirectory() as scratch:
            root = Path(scratch)
            for step in [lambda _: None, *steps]:
                time.sleep(pause)
                step(root)
                now = program(root)
                for found, answer in kept:
                    assert not still_true(found) or answer == now
                with Trace() as trace:
                    assert program(root) == now
                found = manifest_of(trace, [scratch] if inside else [])
                assert found is not None
                assert still_true(found)
                kept.append((found, now))
    finally:
        manifest._RACE_NS = was


def test_an_unchanged_tree_is_true_again_after_changes_and_back(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with Trace() as trace:
        program(tmp_path)
    found = manifest_of(trace, [str(tmp_path)])
    assert found is not None
    (tmp_path / "a.txt").write_text("y")
    assert not still_true(found)
    (tmp_path / "a.txt").write_text("x")
    assert still_true(found)
    (tmp_path / "README").write_text("no input, but a name in a folder that was listed")
    assert not still_true(found)


def test_a_file_outside_that_is_written_anew_with_the_same_content(tmp_path: Path, cache: Path) -> None:
    """As where a CI restores a local repository: the stamp is another one, the content decides."""
    (tmp_path / "a.jar").write_text("x")
    with Trace() as trace:
        (tmp_path / "a.jar").read_text()
    found = manifest_of(trace, [])
    assert found is not None
    (tmp_path / "b.jar").write_text("x")
    (tmp_path / "b.jar").replace(tmp_path / "a.jar")
    assert still_true(found)
    (tmp_path / "a.jar").write_text("y")
    assert not still_true(found)


def test_what_changes_during_the_run_is_not_kept(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with Trace() as trace:
        (tmp_path / "a.txt").read_text()
        (tmp_path / "a.txt").write_text("y")
    assert manifest_of(trace, [str(tmp_path)]) is None
    with Trace() as trace:
        os.listdir(tmp_path)
        (tmp_path / "b.txt").write_text("y")
    assert manifest_of(trace, [str(tmp_path)]) is None


def test_what_was_written_just_before_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with Trace() as trace:
        (tmp_path / "a.txt").read_text()
    assert manifest_of(trace, [str(tmp_path)]) is None


def test_a_run_that_starts_a_program_is_not_kept(tmp_path: Path, cache: Path) -> None:
    with Trace() as trace:
        subprocess.run([sys.executable, "-c", ""], check=True, timeout=60)
    assert manifest_of(trace, []) is None


def test_the_whole_environment_where_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with Trace() as trace:
        read_environment()
    found = manifest_of(trace, [])
    assert found is not None
    assert still_true(found)
    monkeypatch.setenv("TERM", "another")
    assert not still_true(found)


def test_many_files_on_two_threads(tmp_path: Path, cache: Path) -> None:
    for number in range(1500):
        (tmp_path / f"{number}.txt").write_text(str(number))
    with Trace() as trace:
        program(tmp_path)
    found = manifest_of(trace, [str(tmp_path)])
    assert found is not None
    assert len(found.files) > 10
    assert still_true(found)
    for number in (0, 700, 1499):
        text = (tmp_path / f"{number}.txt").read_text()
        (tmp_path / f"{number}.txt").write_text("!" * len(text))
        assert not still_true(found)
        (tmp_path / f"{number}.txt").write_text(text)
        assert still_true(found)
