"""Java processes that answer lines with lines. They end with this process, however it ends."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

from refactor.support.guard import release, watch


class Silent(Exception):
    """The process ended, or did not answer in time: that says nothing about the program that it ran. `late`: it still runs."""

    def __init__(self, message: str, *, late: bool) -> None:
        super().__init__(message)
        self.late = late


class Jvm:
    """A running Java process in a group of its own."""

    def __init__(self, flags: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        pipe = subprocess.PIPE
        command = ["java", *flags]
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=env, start_new_session=True)
        watch(self._process.pid)

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def ask(self, line: str, seconds: float) -> str:
        """Sends a line, waits for the next one. Raises Silent."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{line}\n".encode())
            self._process.stdin.flush()
        except OSError as error:
            raise self._ended() from error
        return self.line(seconds)

    def line(self, seconds: float) -> str:
        """The next line that it says. Raises Silent."""
        assert self._process.stdout is not None
        deadline = time.monotonic() + seconds
        while not select.select([self._process.stdout], [], [], min(1.0, max(0.0, deadline - time.monotonic())))[0]:
            if time.monotonic() >= deadline:
                raise Silent(f"the Java process did not answer within {seconds:.0f} s", late=True)
        said = self._process.stdout.readline()
        if not said:
            raise self._ended()
        return said.decode().rstrip("\n")

    def _ended(self) -> Silent:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return Silent(f"the Java process ended with exit code {self._process.wait(10)}", late=False)
        return Silent("the Java process closed its output", late=False)

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        release(self._process.pid)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(OSError):
                stream.close()
