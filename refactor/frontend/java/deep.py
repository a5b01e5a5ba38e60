"""Threads with a large stack: deep expressions recurse."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

_STACK_BYTES = 512 << 20
_RECURSION = 200_000
_T = TypeVar("_T")


@contextmanager
def deep() -> Iterator[None]:
    """Inside, threads start with a large stack, recursion may use it, and the collector is off."""
    limit, size = sys.getrecursionlimit(), threading.stack_size()
    collecting = gc.isenabled()
    gc.disable()  # the trees hold cycles; a collection would only walk them
    threading.stack_size(_STACK_BYTES)
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        yield
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
        if collecting:
            gc.freeze()  # the first collection would walk all of the Program, and every later one again
            gc.enable()


def on_thread(work: Callable[[], _T]) -> _T:
    """`work()` on a thread of its own, which has ended on return; its exceptions are raised here."""
    done: list[_T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="java-front-end")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]
