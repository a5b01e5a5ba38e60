"""Processes for the shares of the front end: forked from one that has declared everything, they send back what they found.

A forked process starts with all trees and symbols, at the price of the pages that it writes to. Only what is asked of it comes back:
references as plain tuples (marshal), which are most of it, and the rest as objects (pickle).
"""

from __future__ import annotations

import copyreg
import io
import marshal
import os
import pickle
import signal
import struct
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from refactor.frontend.java.deep import on_thread
from refactor.frontend.java.share import Share
from refactor.ir.program import Reference, RefKind
from refactor.ir.types import TypeVar
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.source import Span
from refactor.support.trace import current

_HEADER = struct.Struct("<?QQ")
"""Whether the share is done, and the lengths of the two parts that follow; else the first is the text of the failure."""


_WORTH = 1_500_000
"""Bytes of source for which a process is worth its start and the way home of what it finds."""
_MOST = 4
"""What one process does alone, parsing and declaring, takes longer than a smaller share would."""


def can_fork() -> bool:
    """Whether this process can be copied safely: the system can, and no other thread may hold a lock."""
    return hasattr(os, "fork") and threading.active_count() == 1


def fitting(size: int) -> int:
    """How many processes fit `size` bytes of source: one for small applications, which gain nothing; for large ones one a core."""
    return max(1, min(_cores(), _MOST, size // _WORTH))


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def divide(sizes: Sequence[int], count: int) -> list[list[int]]:
    """Positions of `sizes` in at most `count` lists of about equal sums, the largest first to the least (Graham 1969, LPT).

    before: [5, 1, 4], 2   after: [[0], [1, 2]]
    """
    shares: list[list[int]] = [[] for _ in range(max(1, min(count, len(sizes))))]
    sums = [0] * len(shares)
    for at in sorted(range(len(sizes)), key=lambda i: (-sizes[i], i)):
        least = sums.index(min(sums))
        shares[least].append(at)
        sums[least] += sizes[at]
    return [sorted(share) for share in shares]


def in_processes(count: int, take: Callable[[int], Share]) -> list[Share]:
    """The shares 0 to `count` - 1: the first taken in this process, each other one in a process forked from it.

    Each is taken on a thread with a large stack. Raises RefactorError `java/worker-died` where a process ends without an answer,
    RuntimeError with its traceback where it failed.
    """
    running: list[tuple[int, int]] = []
    try:
        for at in range(1, count):
            running.append(_start(at, take, [pipe for _, pipe in running]))
        shares = [on_thread(lambda: take(0))]
        while running:
            process, pipe = running[0]
            parts = _read(pipe)
            running.pop(0)
            shares.append(_answer(parts, _ended(process, pipe)))
        return shares
    finally:
        for process, pipe in running:
            os.kill(process, signal.SIGKILL)
            _ended(process, pipe)


def _start(at: int, take: Callable[[int], Share], others: Sequence[int]) -> tuple[int, int]:
    """(process, pipe to read its answer from)."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    status = 1
    try:
        for pipe in (reading, *others):
            os.close(pipe)
        trace = current()
        if trace is not None:
            trace.forget()
        with open(writing, "wb", buffering=0) as out:
            for part in _parts(lambda: take(at)):
                left = memoryview(part)
                while left:
                    left = left[out.write(left) or 0 :]
        status = 0
    finally:
        os._exit(status)  # neither the parent's handlers nor its buffers are this process's


def _parts(take: Callable[[], Share]) -> tuple[bytes, ...]:
    try:
        one, two = on_thread(lambda: encode(take()))
    except Exception:
        text = traceback.format_exc().encode("utf-8", "backslashreplace")
        return _HEADER.pack(False, len(text), 0), text
    return _HEADER.pack(True, len(one), len(two)), one, two


def _read(pipe: int) -> list[bytearray]:
    """The header and what it announces, as far as it came: hundreds of megabytes, which are not copied."""
    with open(pipe, "rb", buffering=0, closefd=False) as source:
        header = _fill(source, _HEADER.size)
        _, one, two = _HEADER.unpack(header) if len(header) == _HEADER.size else (False, 0, 0)
        return [header, _fill(source, one), _fill(source, two)]


def _fill(source: io.RawIOBase | io.FileIO, size: int) -> bytearray:
    data = bytearray(size)
    view, at = memoryview(data), 0
    while at < size and (count := source.readinto(view[at:])):
        at += count
    view.release()
    del data[at:]
    return data


def _ended(process: int, pipe: int) -> int:
    os.close(pipe)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _answer(parts: list[bytearray], code: int) -> Share:
    header, first, rest = parts
    done, one, two = _HEADER.unpack(header) if len(header) == _HEADER.size else (False, 0, 0)
    if code or not header or (len(first), len(rest)) != (one, two):
        how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        message = f"a process of --jobs {how} before it had read its share of the files"
        help_ = "is there enough memory? --jobs 1 needs least"
        raise RefactorError([Diagnostic("java/worker-died", Severity.ERROR, message, help=help_)], 3)
    if not done:
        raise RuntimeError(f"a process of --jobs failed:\n{first.decode()}")
    parts.clear()
    return decode(first, rest)


# --- a share as bytes

_KINDS = tuple(RefKind)


def encode(share: Share) -> tuple[bytes, bytes]:
    """The references, and all else. Deep bodies recurse: on a thread with a large stack."""
    number = {kind: at for at, kind in enumerate(_KINDS)}
    rows = [
        (path, [(number[r.kind], s.start, s.end, s.line, s.column, r.within, r.target, r.reason) for r in found for s in (r.span,)])
        for path, found in share.references.items()
    ]
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, 5)
    pickler.dispatch_table = _REDUCERS
    trace = current()
    read = trace.found() if trace is not None else None
    pickler.dump((read, share.bodies, share.inside, share.constants, share.said, share.library))
    return marshal.dumps(rows), buffer.getvalue()


def decode(references: bytes | bytearray, rest: bytes | bytearray) -> Share:
    """The inverse of `encode`."""
    kinds = _KINDS
    found = {
        path: tuple([Reference(kinds[r[0]], Span(path, r[1], r[2], r[3], r[4]), r[5], r[6], r[7]) for r in rows])
        for path, rows in marshal.loads(references)
    }
    read, *others = pickle.loads(rest)
    trace = current()
    if trace is not None and read is not None:
        trace.join(read)  # the files of class folders that only the other process opened
    return Share(found, *others)


def _variable(variable: TypeVar) -> tuple[Any, ...]:
    return TypeVar, (variable.name, variable.owner), variable.bounds, None, None, _bind


def _bind(variable: TypeVar, bounds: tuple[Any, ...]) -> None:
    object.__setattr__(variable, "bounds", bounds)


_REDUCERS = {**copyreg.dispatch_table, TypeVar: _variable}
"""A variable's bounds may mention it (`T extends Comparable<T>`): they follow once it is made."""
