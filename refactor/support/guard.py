"""Children do not outlive this process, however it ends: even where it is killed and can stop nothing itself.

A small process reads, from a pipe whose other end only this one holds, which process groups run. When the pipe closes, it kills them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

_SCRIPT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
groups = set()
for line in sys.stdin:
    (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
for group in groups:
    try:
        os.killpg(group, signal.SIGKILL)
    except OSError:
        pass
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
    _guard.say(f"+{group}")


def release(group: int) -> None:
    """The group has ended; its number may soon be another's."""
    _guard.say(f"-{group}")
