"""A trace knows what is read, listed and looked at, whichever way; what is written or its own is no input."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from refactor.support.trace import Trace, current


def _read(path: str, mode: str = "r", buffering: int = -1) -> object:
    with open(path, mode, buffering) as file:
        return file.read()


LOOKS: dict[str, Callable[[str], object]] = {
    "Path.is_file": lambda p: Path(p).is_file(),
    "Path.exists": lambda p: Path(p).exists(),
    "Path.stat": lambda p: Path(p).stat() if os.path.lexists(p) else None,
    "os.path.isdir": os.path.isdir,
    "os.path.exists": os.path.exists,
    "os.path.getsize": lambda p: os.path.getsize(p) if os.path.lexists(p) else None,
    "os.access": lambda p: os.access(p, os.R_OK),
    "shutil.which": lambda p: shutil.which(os.path.basename(p), path=os.path.dirname(p)),
}
READS: dict[str, Callable[[str], object]] = {
    "open": lambda p: _read(p, "r"),
    "Path.read_bytes": lambda p: Path(p).read_bytes(),
    "os.open": lambda p: os.close(os.open(p, os.O_RDONLY)),
    "unbuffered": lambda p: _read(p, "rb", 0),
}
LISTS: dict[str, Callable[[str], object]] = {
    "os.listdir": os.listdir,
    "os.scandir": lambda p: list(os.scandir(p)),
    "os.walk": lambda p: list(os.walk(p)),
    "Path.iterdir": lambda p: list(Path(p).iterdir()),
    "Path.rglob": lambda p: list(Path(p).rglob("*.x")),
    "glob": lambda p: glob.glob(f"{p}/*"),
}


@pytest.mark.parametrize("way", LOOKS)
@pytest.mark.parametrize("there", [True, False])
def test_looks(tmp_path: Path, way: str, there: bool) -> None:
    path = tmp_path / "a.txt"
    if there:
        path.write_text("x")
    with Trace() as trace:
        LOOKS[way](str(path))
    assert (str(path) in trace.looked) or (not there and way in ("Path.stat", "os.path.getsize"))


@pytest.mark.parametrize("way", READS)
def test_reads(tmp_path: Path, way: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    with Trace() as trace:
        READS[way](str(path))
    assert trace.opened.keys() == {str(path)}
    before, _ = trace.opened[str(path)]
    assert before is not None
    assert before[2] == 1


@pytest.mark.parametrize("way", LISTS)
def test_lists(tmp_path: Path, way: str) -> None:
    (tmp_path / "in").mkdir()
    with Trace() as trace:
        LISTS[way](str(tmp_path))
    assert str(tmp_path) in trace.listed


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with Trace() as trace, pytest.raises(FileNotFoundError):
        _read(str(tmp_path / "a.txt"))
    assert trace.opened[str(tmp_path / "a.txt")][0] is None


def test_links(tmp_path: Path) -> None:
    (tmp_path / "to").write_text("x")
    (tmp_path / "link").symlink_to("to")
    with Trace() as trace:
        os.path.realpath(tmp_path / "link")
        assert (tmp_path / "link").is_symlink()
    assert str(tmp_path / "link") in trace.linked


def test_relative_paths_are_those_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("x")
    with Trace() as trace:
        _read("a.txt")
        os.listdir()
        os.path.exists("b.txt")
    assert trace.opened.keys() == {str(tmp_path / "a.txt")}
    assert trace.listed.keys() == {f"{tmp_path}/."}
    assert trace.looked == {str(tmp_path / "b.txt")}


def test_no_input(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.txt").write_text("x")
    with Trace((str(own),)) as trace:
        (own / "a.txt").read_text()
        (tmp_path / "out.txt").write_text("y")
        with open(tmp_path / "out.txt", "ab") as more:
            more.write(b"z")
        _read("/dev/null")
    assert not trace.opened
    assert not trace.programs


def test_programs(tmp_path: Path) -> None:
    with Trace() as trace:
        subprocess.run([sys.executable, "-c", ""], check=True, timeout=60)
    assert trace.programs


def test_outside_of_a_trace_nothing_is_replaced(tmp_path: Path) -> None:
    real = os.stat
    with Trace():
        assert os.stat is not real
        assert current() is not None
    assert os.stat is real
    assert current() is None
