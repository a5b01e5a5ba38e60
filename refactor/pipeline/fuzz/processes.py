"""The same parts as real processes over HTTP: what the bulk leaves out is the sockets, and this share has them."""

from __future__ import annotations

import base64
import json
import os
import socket
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from refactor.pipeline.fuzz.jvm import Jvm

_FLAGS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx256m", "-Xss2m")


class Processes:
    """One JVM per part; a context manager. Everything raises `jvm.Silent` where a process ends or does not answer in time."""

    def __init__(self, classes: Mapping[str, Path], class_path: str, seconds: float = 60.0) -> None:
        self._classes, self._class_path, self._seconds = classes, class_path, seconds
        self._running: dict[str, Jvm] = {}

    def __enter__(self) -> Processes:
        ports = _free_ports(len(self._classes))
        peers = ",".join(f"{name}=http://127.0.0.1:{port}" for name, port in zip(self._classes, ports, strict=True))
        environment = {**os.environ, "REFACTOR_TOKEN": "fuzz", "REFACTOR_PEERS": peers, "REFACTOR_RELEASE_MS": "50"}
        try:
            for name, folder in self._classes.items():
                words = [*_FLAGS, "-cp", os.pathsep.join((str(folder), self._class_path)), "refactor.runtime.PartMain"]
                self._running[name] = Jvm(words, environment)
            for jvm in self._running.values():
                jvm.line(self._seconds)  # "ready"
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        for jvm in self._running.values():
            jvm.end()
        self._running.clear()

    def run(self, part: str, main: str) -> str:
        """The output of a main class in the process of a part."""
        return self._ask(part, main)

    def left(self, tries: int = 20) -> dict[str, dict[str, int]]:
        """Part -> class -> objects that other parts still hold, after everybody collected garbage, cycles over parts included.

        It goes on for `tries` rounds as long as the objects get fewer, and for seven rounds, slower and slower, where they do not: a busy
        machine tells of collected objects late.
        """
        found: dict[str, dict[str, int]] = {}
        counts: list[int] = []
        for attempt in range(tries):
            found = {}
            for i, part in enumerate(self._running):
                stats = json.loads(self._ask(part, "cycles" if attempt % 3 == 1 and i == 0 else ""))
                if stats["exported"]:
                    found[part] = stats["exported"]
            counts.append(sum(n for classes in found.values() for n in classes.values()))
            if not found or counts[-8:] == [counts[-1]] * 8:
                break
            time.sleep(0.1 * len([n for n in counts if n == counts[-1]]))
        return found

    def _ask(self, part: str, line: str) -> str:
        return base64.b64decode(self._running[part].ask(line, self._seconds)).decode("utf-8", "replace")


def _free_ports(count: int) -> Sequence[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
