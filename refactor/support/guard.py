"""Children do not outlive this process, however it ends: even where it is killed and can stop nothing itself.

A small process reads, from a pipe whose other end only this one holds, which process groups run and which folders are scratch. When the
pipe closes, it kills the groups and removes the folders.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What was killed may write for a moment, and its own children may learn of it later than this one: so removing is tried again.
_SCRIPT = """
import os, shutil, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
groups, folders = set(), set()
for line in sys.stdin:
    sign, kind, what = line[0], line[1], line[2:-1]
    known = groups if kind == "g" else folders
    known.add(what) if sign == "+" else known.discard(what)
for group in groups:
    try:
        os.killpg(int(group), signal.SIGKILL)
    except OSError:
        pass
for attempt in range(20 if folders else 0):
    for folder in folders:
        shutil.rmtree(bytes.fromhex(folder), ignore_errors=True)
    time.sleep(0.1)
"""


class _Guard:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def say(self, word: str) -> None:
        with self._lock:
            # A forked copy of this process has children of its own, and so a guard of its own.
            if self._process is None or self._owner != os.getpid():
                self._process = subprocess.Popen(
                    [sys.executable, "-S", "-E", "-c", _SCRIPT],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
                self._owner = os.getpid()
            assert self._process.stdin is not None
            try:
                self._process.stdin.write(f"{word}\n".encode())
                self._process.stdin.flush()
            except OSError:  # somebody killed the guard: the next child gets a new one
                self._process = None


_guard = _Guard()


def watch(group: int) -> None:
    """before: a process group that runs   after: it ends when this process does, if not before"""
    _guard.say(f"+g{group}")


def release(group: int) -> None:
    """The group has ended; its number may soon be another's."""
    _guard.say(f"-g{group}")


@contextmanager
def scratch(prefix: str) -> Iterator[Path]:
    """A new folder in the temporary directory that is gone when the block is left, or when this process ends in any other way."""
    folder = tempfile.mkdtemp(prefix=prefix)
    name = os.fsencode(folder).hex()
    _guard.say(f"+f{name}")
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _guard.say(f"-f{name}")
