"""The same parts as real processes over HTTP: what the bulk leaves out is the sockets, and this share has them."""

from __future__ import annotations

import base64
import json
import os
import select
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

_FLAGS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx256m", "-Xss2m")


class Processes:
    """One JVM per part; a context manager."""

    def __init__(self, classes: Mapping[str, Path], class_path: str, seconds: float = 60.0) -> None:
        self._classes, self._class_path, self._seconds = classes, class_path, seconds
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Processes:
        ports = _free_ports(len(self._classes))
        peers = ",".join(f"{name}=http://127.0.0.1:{port}" for name, port in zip(self._classes, ports, strict=True))
        environment = {**os.environ, "REFACTOR_TOKEN": "fuzz", "REFACTOR_PEERS": peers, "REFACTOR_RELEASE_MS": "50"}
        try:
            for name, folder in self._classes.items():
                command = ["java", *_FLAGS, "-cp", os.pathsep.join((str(folder), self._class_path)), "refactor.runtime.PartMain"]
                pipe = subprocess.PIPE
                self._running[name] = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment)
            for name in self._classes:
                if self._line(name) != "ready":
                    raise RuntimeError(f"the process of part {name} did not start")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()
        self._running.clear()

    def run(self, part: str, main: str) -> str | None:
        """The output of a main class in the process of a part; None where it did not end in time."""
        said = self._ask(part, main)
        return None if said is None else base64.b64decode(said).decode("utf-8", "replace")

    def left(self, tries: int = 20) -> dict[str, dict[str, int]]:
        """Part -> class -> objects that other parts still hold, after everybody collected garbage, cycles over parts included.

        It goes on for `tries` rounds as long as the objects get fewer, and for four rounds where they do not.
        """
        found: dict[str, dict[str, int]] = {}
        counts: list[int] = []
        for attempt in range(tries):
            found = {}
            for i, part in enumerate(self._running):
                said = self._ask(part, "cycles" if attempt % 3 == 1 and i == 0 else "")
                stats = json.loads(base64.b64decode(said)) if said else {"exported": {}}
                if stats["exported"]:
                    found[part] = stats["exported"]
            counts.append(sum(n for classes in found.values() for n in classes.values()))
            if not found or counts[-5:] == [counts[-1]] * 5:
                break
        return found

    def _ask(self, part: str, line: str) -> str | None:
        process = self._running[part]
        assert process.stdin is not None
        process.stdin.write((line + "\n").encode())
        process.stdin.flush()
        return self._line(part)

    def _line(self, part: str) -> str | None:
        process = self._running[part]
        assert process.stdout is not None
        deadline = time.monotonic() + self._seconds
        if not select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]:
            return None
        return process.stdout.readline().decode().strip() or None


def _free_ports(count: int) -> Sequence[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
