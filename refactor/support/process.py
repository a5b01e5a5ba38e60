"""Running child processes: bounded time, the whole process group killed, output captured to a file.

before: subprocess.run(["mvn", "test"], timeout=60)   a forked test JVM outlives the time-out and holds the pipe open
after:  run(["mvn", "test"], output=log, timeout=60)  returns after 60 s at the latest and nothing is left running
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from refactor.support.guard import release, watch

_GRACE_SECONDS = 2.0
NOT_FOUND = 127
"""Exit code of a `Finished` whose program is not on this machine, as a shell says it."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A child that has ended. `exit_code` is negative where a signal ended it, NOT_FOUND where it could not start."""

    argv: tuple[str, ...]
    exit_code: int
    output: Path
    seconds: float
    timed_out: bool

    @property
    def ok(self) -> bool:
        return self.exit_code == 0 and not self.timed_out

    def text(self) -> str:
        """Standard output and standard error, interleaved as they came."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def tail(self, lines: int = 20) -> str:
        """The last non-empty lines of the output: what an error message quotes."""
        return "\n".join([line for line in self.text().splitlines() if line.strip()][-lines:])


class Child:
    """A running child in its own process group. A context manager: leaving it kills the group."""

    __slots__ = ("_process", "_started", "argv", "output")

    def __init__(self, argv: tuple[str, ...], process: subprocess.Popen[bytes], output: Path, started: float) -> None:
        self.argv = argv
        self.output = output
        self._process = process
        self._started = started

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while the child runs."""
        return self._process.poll()

    def wait(self, timeout: float) -> Finished:
        """Wait at most `timeout` seconds, then kill. In both cases the rest of the group is killed too."""
        timed_out = False
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            timed_out = True
        finally:
            code = self.stop()
        return Finished(self.argv, code, self.output, time.monotonic() - self._started, timed_out)

    def stop(self, grace: float = _GRACE_SECONDS) -> int:
        """Ask the group to end, kill what is left after `grace` seconds, return the child's exit code."""
        if self._process.poll() is None:
            self._signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace)
        # The leader may have ended and left grandchildren behind; the group id stays theirs until the last one ends.
        self._signal(signal.SIGKILL)
        code = self._process.wait()
        release(self._process.pid)
        return code

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def __enter__(self) -> Child:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def start(argv: Sequence[str], *, output: Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Child:
    """Start a child with no standard input, both output streams appended to the fresh file `output`.

    `env` replaces the whole environment where given. Raises FileNotFoundError where the program is missing.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("wb") as sink:
        process = subprocess.Popen(
            list(argv),
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    watch(process.pid)
    return Child(tuple(argv), process, output, time.monotonic())


def run(argv: Sequence[str], *, output: Path, timeout: float, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Finished:
    """Run a child to its end, at most `timeout` seconds. A program that is not there gives exit code NOT_FOUND, not an exception."""
    try:
        child = start(argv, output=output, cwd=cwd, env=env)
    except (FileNotFoundError, PermissionError) as error:
        output.write_text(f"{error}\n", encoding="utf-8")
        return Finished(tuple(argv), NOT_FOUND, output, 0.0, False)
    return child.wait(timeout)


def processor_seconds(pid: int) -> float:
    """The processor time that a process has taken so far; raises OSError where the system does not tell it."""
    if not Path("/proc/self/stat").is_file():
        raise FileNotFoundError("/proc/self/stat")
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:  # it has just ended
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
