"""How far a running Maven is, from the log that it writes.

before: "Downloaded from central: ..", "Building shop 1 [2/7]", "Running shop.OrderTest"
after:  "41 artefacts fetched, module 2 of 7 (shop), 12 of 57 test classes, 120 tests"
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from refactor.frontend.project.mvn_log import plain

_BUILDING = re.compile(r"^\[INFO\] Building (.+?)\s+\[(\d+)/(\d+)\]")
_ALONE = re.compile(r"^\[INFO\] Building (?!jar:)(\S.*\S)\s*$")
_RUNNING = re.compile(r"^\[INFO\] Running ")
_RAN = re.compile(r"Tests run: (\d+),.*(?: -- in | - in |Time elapsed)")
_GOAL = re.compile(r"^\[INFO\] --- ([\w.\-]+?):[\w.\-]+:(\w[\w\-]*)")


class MavenProgress:
    """Reads what was added to the log since it was asked last."""

    def __init__(self, log: Path, test_classes: int = 0) -> None:
        self._log = log
        self._test_classes = test_classes
        self._start()

    def _start(self) -> None:
        self._at = 0
        self._rest = b""
        self._fetched = self._classes = self._tests = 0
        self._module = self._goal = ""

    def __call__(self) -> str:
        self._read()
        parts = []
        if self._fetched:
            parts.append(f"{self._fetched} artefacts fetched")
        if self._module:
            parts.append(self._module)
        if self._classes:
            of = f" of {self._test_classes}" if self._test_classes >= self._classes else ""
            parts.append(f"{self._classes}{of} test classes, {self._tests} tests")
        elif self._goal:
            parts.append(self._goal)
        return ", ".join(parts)

    def _read(self) -> None:
        size = self._log.stat().st_size
        if size < self._at:  # the second run, with the network, begins the log again
            self._start()
        with self._log.open("rb") as log:
            log.seek(self._at)
            added = self._rest + log.read(size - self._at)
        self._at = size
        *lines, self._rest = added.split(b"\n")
        for line in lines:
            self._line(plain(line.decode(errors="replace")))

    def _line(self, line: str) -> None:
        if "Downloaded from " in line:
            self._fetched += 1
        elif (match := _BUILDING.match(line)) is not None:
            self._module = f"module {match[2]} of {match[3]} ({match[1]})"
        elif (match := _ALONE.match(line)) is not None:
            self._module = match[1]
        elif _RUNNING.match(line):
            self._classes += 1
        elif (match := _RAN.search(line)) is not None:
            self._tests += int(match[1])
        elif (match := _GOAL.match(line)) is not None:
            self._goal = f"{match[1]}:{match[2]}"


def progress_of(log: Path, test_classes: int = 0) -> Callable[[], str]:
    """A status for `support.progress.doing`."""
    return MavenProgress(log, test_classes)
