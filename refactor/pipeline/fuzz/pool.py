"""Tasks in several processes, each with what it started in one process group: nothing of it outlives the run, however that ends."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from refactor.support.guard import release, watch

T = TypeVar("T")
R = TypeVar("R")
_TRIES = 2
_NOTICE, _RESULT, _FAILED = range(3)


@dataclass(frozen=True, slots=True)
class Lost(Generic[T]):
    """A task whose process died every time it was tried."""

    task: T
    cause: str


@dataclass(slots=True)
class _Worker(Generic[T]):
    process: BaseProcess
    pipe: Connection
    task: T
    tries: int


def in_pool(
    tasks: Sequence[T],
    jobs: int,
    work: Callable[[T, Callable[[Any], None]], R],
    notice: Callable[[Any], None],
) -> Iterator[R | Lost[T]]:
    """before: tasks   after: their results in the order in which they are done

    `work` is called with a task and with a function whose argument reaches `notice` in this process at once; both cross processes by
    pickle. A process takes task after task. A task whose process dies is tried once more, in another one. An exception of `work` is
    raised here as a RuntimeError with its text. Leaving the iterator early ends all processes.
    """
    waiting = [(task, 1) for task in reversed(tasks)]
    running: dict[Connection, _Worker[T]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                worker = _start(work, *waiting.pop())
                running[worker.pipe] = worker
            for pipe in wait(list(running)):
                assert isinstance(pipe, Connection)
                worker = running[pipe]
                kind, value = _received(pipe)
                if kind == _NOTICE:
                    notice(value)
                elif kind == _FAILED:
                    raise RuntimeError(f"a process of the run failed:\n{value}")
                elif kind == _RESULT:
                    if waiting:
                        worker.task, worker.tries = waiting.pop()
                        _send(pipe, worker.task)
                    else:
                        _end(running.pop(pipe))
                    yield value
                else:
                    code = _end(running.pop(pipe))
                    if worker.tries < _TRIES:
                        waiting.append((worker.task, worker.tries + 1))
                    else:
                        yield Lost(worker.task, f"its process ended with exit code {code}, {_TRIES} times")
    finally:
        for worker in running.values():
            _end(worker)


def _start(work: Callable[[T, Callable[[Any], None]], R], task: T, tries: int) -> _Worker[T]:
    context = get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_main, args=(theirs, work))
    process.start()
    theirs.close()
    assert process.pid is not None
    watch(process.pid)
    _send(mine, task)
    return _Worker(process, mine, task, tries)


def _send(pipe: Connection, task: object) -> None:
    with contextlib.suppress(OSError):  # it has died: the answer that is missing tells so
        pipe.send(task)


def _main(pipe: Connection, work: Callable[[T, Callable[[Any], None]], R]) -> None:
    os.setpgid(0, 0)
    threading.Thread(target=_follow, daemon=True).start()
    while True:
        task = pipe.recv()
        try:
            answer: tuple[int, Any] = (_RESULT, work(task, lambda value: pipe.send((_NOTICE, value))))
        except Exception:
            answer = (_FAILED, traceback.format_exc())
        pipe.send(answer)


def _follow() -> None:
    """Ends with the parent: it may be gone before it, or its guard, knew of this process's group."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os.killpg(0, signal.SIGKILL)


def _received(pipe: Connection) -> tuple[int | None, Any]:
    try:
        kind, value = pipe.recv()
    except (EOFError, OSError):
        return None, None
    return kind, value


def _end(worker: _Worker[Any]) -> int | None:
    """Kills a process and its group, where it has not ended. The answer is its exit code."""
    process = worker.process
    assert process.pid is not None
    if process.exitcode is None:
        process.join(0.1)  # one that dies by itself closes its pipe first
    for kill in (os.killpg, os.kill):  # before it has a group of its own there is only the process
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(process.pid, signal.SIGKILL)
    process.join()
    release(process.pid)
    worker.pipe.close()
    return process.exitcode
