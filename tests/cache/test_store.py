"""The store is bounded: what was used last stays."""

from __future__ import annotations

import os
import time
from pathlib import Path

from refactor.pipeline.cache.manifest import Manifest
from refactor.pipeline.cache.store import Draft, entries


def put(folder: Path, name: str, content: bytes, state: str = "", limit: int = 1 << 20) -> None:
    draft = Draft(str(folder), name, limit)
    draft.write(content)
    draft.keep(Manifest([], [], (state,), (), (), b"", b""))


def names(folder: Path) -> set[str]:
    return {path.parent.name for path in folder.glob("*/*")}


def age(folder: Path, name: str, seconds: float) -> None:
    for path in (folder / name).iterdir():
        os.utime(path, (time.time() - seconds, time.time() - seconds))


def test_round_trip(tmp_path: Path) -> None:
    put(tmp_path, "a", b"frames" * 1000, "x")
    (entry,) = entries(str(tmp_path), "a")
    assert entry.frames() == b"frames" * 1000
    assert entry.manifest.listed == ("x",)
    assert not list(entries(str(tmp_path), "b"))


def test_the_oldest_go_first(tmp_path: Path) -> None:
    for number, name in enumerate("abcd"):
        put(tmp_path, name, b"x" * 3000, limit=10_000)
        age(tmp_path, name, 100 - number)
    assert names(tmp_path) == {"b", "c", "d"}
    next(iter(entries(str(tmp_path), "b"))).used()
    put(tmp_path, "e", b"x" * 3000, limit=10_000)
    assert names(tmp_path) == {"b", "d", "e"}


def test_few_states_of_one_question(tmp_path: Path) -> None:
    for number in range(9):
        put(tmp_path, "a", b"x", str(number))
        time.sleep(0.01)
    assert [e.manifest.listed for e in entries(str(tmp_path), "a")] == [("8",), ("7",), ("6",), ("5",)]


def test_too_large_an_answer_is_not_kept(tmp_path: Path) -> None:
    put(tmp_path, "a", b"x" * 6000, limit=10_000)
    assert not list(tmp_path.iterdir())


def test_abandoned_drafts_go(tmp_path: Path) -> None:
    old, new = tmp_path / ".draft-old", tmp_path / ".draft-new"
    old.write_bytes(b"x")
    new.write_bytes(b"x")
    os.utime(old, (0, 0))
    put(tmp_path, "a", b"x")
    assert not old.exists()
    assert new.exists()


def test_a_draft_that_is_dropped_leaves_nothing(tmp_path: Path) -> None:
    draft = Draft(str(tmp_path), "a", 1 << 20)
    draft.write(b"x")
    draft.drop()
    draft.drop()
    assert not list(tmp_path.iterdir())
