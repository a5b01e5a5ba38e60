"""Long work says what it is doing, and how far it is, where nothing was written to standard error for some seconds.

before: with doing(lambda: "12 of 57 test classes"): run(["mvn", "test"], ...)
after:  > running the tests placed in driver: 12 of 57 test classes (40 s)

A timer of the operating system interrupts the main thread, so it works in the middle of a computation, needs no thread (which would keep
the front end from using several processes), and nothing of it reaches child processes.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

_SILENCE_SECONDS = 8.0
_TICK_SECONDS = 1.0
_STDERR = 2


class _Beat:
    """What was said last and when; what is being done, the innermost last."""

    def __init__(self) -> None:
        self.said = "starting"
        self.since = self.spoken = time.monotonic()
        self.doing: list[Callable[[], str]] = []


_beat = _Beat()


def spoken(step: str | None = None) -> None:
    """Something was written to standard error; `step` where it says what begins now."""
    _beat.spoken = time.monotonic()
    if step is not None:
        _beat.said, _beat.since = step, _beat.spoken


@contextlib.contextmanager
def doing(status: Callable[[], str]) -> Iterator[None]:
    """While this is open, `status` says how far it is; an empty text says nothing."""
    _beat.doing.append(status)
    try:
        yield
    finally:
        _beat.doing.remove(status)


def line() -> str:
    """What is being done, how far it is, since when."""
    parts = []
    for status in tuple(_beat.doing):
        with contextlib.suppress(Exception):  # a status is never a reason to fail
            parts.append(status())
    told = ", ".join(p for p in parts if p)
    seconds = time.monotonic() - _beat.since
    return f"{_beat.said}{f': {told}' if told else ''} ({seconds:.0f} s)"


@contextlib.contextmanager
def heartbeat() -> Iterator[None]:
    """While this is open, no silence on standard error is longer than ten seconds. Does nothing where the timer is somebody else's."""
    free = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    if not free:
        yield
        return
    own, _beat.said = os.getpid(), "starting"
    _beat.since = _beat.spoken = time.monotonic()

    def tick(number: int, frame: FrameType | None) -> None:
        if os.getpid() == own and time.monotonic() - _beat.spoken >= _SILENCE_SECONDS:
            _beat.spoken = time.monotonic()
            with contextlib.suppress(OSError):
                os.write(_STDERR, f"> {line()}\n".encode(errors="replace"))  # not by sys.stderr, which may be in the middle of a line

    signal.signal(signal.SIGALRM, tick)
    signal.setitimer(signal.ITIMER_REAL, _TICK_SECONDS, _TICK_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
