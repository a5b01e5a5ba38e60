"""Starts the services on free loopback ports, waits until they answer, asks them, and stops every one of them."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from refactor.support.diagnostics import Diagnostic, Note, RefactorError, Severity
from refactor.support.process import Child, processor_seconds, start
from refactor.support.progress import doing

_STALL_SECONDS = 60.0
"""So long all services together may do nothing at all, and still be starting."""
_WORK = 0.02
"""The share of that time that they compute where they are doing something; a JVM that only waits takes far less."""
_TIMEOUT_SECONDS = 1800.0
_POLL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Service:
    """How one part is started: `command` in `folder`; address, peers and token come by the environment."""

    name: str
    folder: Path
    command: tuple[str, ...]


def free_ports(names: Sequence[str]) -> dict[str, int]:
    """One free loopback port per name. All are held until all are known, so they differ."""
    held = []
    try:
        for _ in names:
            sock = socket.socket()
            sock.bind(("127.0.0.1", 0))
            held.append(sock)
        return dict(zip(names, (s.getsockname()[1] for s in held), strict=True))
    finally:
        for sock in held:
            sock.close()


class Life:
    """Whether processes that start are still getting somewhere: they write to their logs, or compute."""

    def __init__(self, children: Mapping[str, Child], logs: Path) -> None:
        self._children, self._logs = children, logs
        self._since, self._seen = time.monotonic(), self._measure()

    def stalled(self) -> bool:
        written, computed = self._measure()
        now = time.monotonic()
        if written != self._seen[0] or computed - self._seen[1] >= _WORK * _STALL_SECONDS:
            self._since, self._seen = now, (written, computed)
        return now - self._since >= _STALL_SECONDS

    def _measure(self) -> tuple[int, float]:
        """Bytes in the logs, and seconds of processor; where the system does not tell these, time itself counts as work."""
        written = sum(path.stat().st_size for name in self._children if (path := self._logs / f"{name}.log").is_file())
        try:
            return written, sum(processor_seconds(child.pid) for child in self._children.values() if child.exit_code() is None)
        except OSError:
            return written, time.monotonic()


class Fleet:
    """The running services, as a context manager: leaving it (also by Ctrl-C) stops them all.

    `here` is the name of the process that will drive them: it gets a port too, so that they can call it back.
    """

    def __init__(
        self, services: Sequence[Service], here: str, logs: Path, *, base_port: int | None = None, timeout: float = _TIMEOUT_SECONDS
    ) -> None:
        self._timeout = timeout
        self._services = tuple(services)
        self._logs = logs
        self._children: dict[str, Child] = {}
        names = [s.name for s in services] + [here]
        self.ports = {n: base_port + i for i, n in enumerate(names)} if base_port else free_ports(names)
        self.token = secrets.token_hex(16)
        self.here = here
        self._waiting: set[str] = set()  # services whose start needs the driving process, which comes later

    def environment(self, name: str) -> dict[str, str]:
        """The environment of the process `name`: its own port, everybody's address, the shared token."""
        peers = ",".join(f"{n}=http://127.0.0.1:{p}" for n, p in sorted(self.ports.items()))
        own = str(self.ports[name])
        return {
            "REFACTOR_PEERS": peers,
            "REFACTOR_TOKEN": self.token,
            "REFACTOR_PART": name,
            "REFACTOR_PORT": own,
            "REFACTOR_CONSOLE": self.here,
            "REFACTOR_START_WAIT_MS": str(int(min(self._timeout, 1e6) * 1000)),
            "SERVER_PORT": own,
            "SERVER_ADDRESS": "127.0.0.1",
        }

    def __enter__(self) -> Fleet:
        try:
            for service in self._services:
                self._check_port(service.name)
                # What Tomcat unpacks belongs to this run; by itself it leaves a folder in the temporary directory for each.
                env = {**os.environ, **self.environment(service.name), "SERVER_TOMCAT_BASEDIR": str(self._logs / "tomcat" / service.name)}
                self._children[service.name] = start(
                    service.command, output=self._logs / f"{service.name}.log", cwd=service.folder, env=env
                )
            self._start_all()
        except BaseException:
            self.stop()
            raise
        return self

    def _start_all(self) -> None:
        """Wait until each answers. One that lives and makes progress is starting, however long it takes; `timeout` bounds it all."""
        deadline = time.monotonic() + self._timeout
        life = Life(self._children, self._logs)
        ready: list[str] = []
        with doing(lambda: f"{len(ready)} of {len(self._services)} services answer"):
            for service in self._services:
                self._wait_ready(service.name, deadline, life)
                ready.append(service.name)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        for name, child in self._children.items():
            child.stop()
            self._sweep(self.ports[name])
        self._children.clear()

    def _sweep(self, port: int) -> None:
        """Remove what an embedded Tomcat on this port made in the temporary directory: it does so at an orderly end only, if at all."""
        for folder in {tempfile.gettempdir(), "/tmp"}:
            for left in Path(folder).glob(f"tomcat*.{port}.*"):
                shutil.rmtree(left, ignore_errors=True)

    def dead(self) -> tuple[tuple[str, int], ...]:
        """(service, exit code) of those that ended although nobody stopped them."""
        codes = ((name, child.exit_code()) for name, child in self._children.items() if name not in self._waiting)
        return tuple((name, code) for name, code in codes if code is not None)

    def started(self) -> tuple[str, ...]:
        """The services that answer: all but those that waited in vain for the driving process, which never served them."""
        for name in sorted(self._waiting):
            with contextlib.suppress(OSError, ValueError):
                self.stats(name, timeout=_POLL_SECONDS)
                self._waiting.discard(name)
        return tuple(name for name in self._children if name not in self._waiting)

    def tail(self, name: str) -> str:
        """The end of one service's log."""
        return "\n".join(self._log(name).splitlines()[-15:])

    def _log(self, name: str) -> str:
        path = self._logs / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""

    def stats(self, name: str, *, timeout: float | None = None) -> Mapping[str, Any]:
        """`{"ids": n, "exported": {...}, "calls": {...}}` of one service; raises OSError where it does not answer.

        After a search for cycles that this service took part in, `rooted` and `garbage` say how many of the ids its trace
        explains: reachable from a root of some process, or from none.
        """
        found: Mapping[str, Any] = json.loads(self._request(name, "GET", "/refactor/stats", timeout=timeout))
        return found

    def collect(self, name: str) -> None:
        """Ask one service to collect garbage and to send what it releases."""
        self._request(name, "POST", "/refactor/collect")

    def collect_cycles(self, name: str) -> Mapping[str, Any]:
        """Ask one service to search all of them for garbage that is cyclic; the `cycles` of its answer, empty where it cannot."""
        answer = json.loads(self._request(name, "POST", "/refactor/collect", {"cycles": True}, timeout=self._timeout))
        found: Mapping[str, Any] = answer.get("cycles", {})
        return found

    def retire(self, name: str) -> None:
        """Ask one service to drop the beans of the program, which are roots of their own; one without a container has none."""
        try:
            self._request(name, "POST", "/refactor/retire")
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise

    def _request(self, name: str, method: str, path: str, body: Mapping[str, Any] | None = None, *, timeout: float | None = None) -> bytes:
        url = f"http://127.0.0.1:{self.ports[name]}{path}"
        data = json.dumps(body or {}).encode() if method == "POST" else None
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        # Who has answered once is waited for: a slow machine is not a dead service.
        request = urllib.request.Request(url, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=self._timeout if timeout is None else timeout) as response:
            answer: bytes = response.read()
        return answer

    def _check_port(self, name: str) -> None:
        port = self.ports[name]
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                message = f"port {port} for part {name!r} is taken: {error.strerror}"
                raise RefactorError(
                    [Diagnostic("verify/port-taken", Severity.ERROR, message, help="leave --base-port out to use free ports")], 3
                ) from error

    def _wait_ready(self, name: str, deadline: float, life: Life) -> None:
        child = self._children[name]
        while time.monotonic() < deadline and not life.stalled():
            if child.exit_code() is not None:
                break
            try:
                self.stats(name, timeout=_POLL_SECONDS)
                return
            except (OSError, urllib.error.URLError, ValueError):
                time.sleep(0.1)
            log = self._log(name)
            if any(f" waits for part {late}\n" in log for late in (self.here, *self._waiting)):
                self._waiting.add(name)
                return
        code = child.exit_code()
        silent = f"does nothing: no service wrote or computed for {_STALL_SECONDS:.0f} s"
        late = f"did not answer within {self._timeout:.0f} s"
        why = f"ended with exit code {code}" if code is not None else silent if life.stalled() else late
        log = f"its log: {self._logs / name}.log"
        found = Diagnostic("verify/service-did-not-start", Severity.ERROR, f"service {name!r} {why}", None, (Note(self.tail(name)),), log)
        raise RefactorError([found], 1)
