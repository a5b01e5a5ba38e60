"""A cache of its own, and the program called in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from refactor.cli import main as program
from refactor.cli.start import run
from refactor.pipeline.cache import key, manifest

Call = Callable[..., tuple[int, str, str, bool]]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder; files count as settled the moment they are written."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("REFACTOR_NO_CACHE", raising=False)
    monkeypatch.setattr(manifest, "_RACE_NS", 0)
    monkeypatch.setattr(key, "_program", lambda _: b"this program")  # which somebody may be working on
    return tmp_path / "cache" / "refactor-compiler" / "answers"


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """`refactor ARGS` -> exit code, stdout, stderr, whether the work was done (else the answer was a kept one)."""

    def start(*arguments: object) -> tuple[int, str, str, bool]:
        worked = []
        real = program.main

        def main(obj: object) -> None:
            worked.append(True)
            real(obj=obj)

        monkeypatch.setattr(sys, "argv", ["refactor", *map(str, arguments)])
        with monkeypatch.context() as patched:
            patched.setattr(program, "main", main)
            try:
                run()
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err, bool(worked)

    return start
