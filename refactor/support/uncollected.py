"""Work during which the cyclic garbage collector stands still."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Inside, millions of small objects are made and nearly all of them kept: a collection would only walk them, again and again.

    before and after: the collector is on if it was on
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
