"""Which uses of threads, locks over calls and thread-locals a program has, and between which classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from refactor.pipeline.fuzz.form import Call, Class, Hold, Threads

THREAD_CONSTRUCTS: Final = (
    "second thread", "threads at the same time", "thread waited for by join", "thread waited for by latch", "thread waited for by executor",
    "synchronised counter of two threads", "lock held over calls", "read-write lock held over calls", "lock asked for by another thread",
    "thread-local", "thread-local removed", "thread-local in two threads",
)  # fmt: skip
"""Of a thread: who starts it and what it calls; of what a keeper keeps: who calls the keeper, and the keeper."""

_LOCALS = frozenset({"keep", "kept", "forget"})
Use = tuple[str, str | None]


def thread_uses(node: object, calls: Iterator[Call], classes: Mapping[str, Class]) -> Iterator[Use]:
    """before: a node of a body, and the calls below it   after: its uses, each with the class on the other side"""
    match node:
        case Hold(on=on, mode=mode):
            yield "lock held over calls" if mode == "lock" else "read-write lock held over calls", on.type.name
        case Threads(how=how, together=together):
            for call in calls:
                yield "threads at the same time" if together else "second thread", call.cls
                yield f"thread waited for by {how}", call.cls
                if _kept_by(call, classes):
                    if call.name in _LOCALS:
                        yield "thread-local in two threads", call.cls
                    if call.name == "attempt":
                        yield "lock asked for by another thread", call.cls
                    if call.name == "bump" and together:
                        yield "synchronised counter of two threads", call.cls
        case Call(cls=cls, name=name) if _kept_by(node, classes) and name in _LOCALS:
            yield "thread-local removed" if name == "forget" else "thread-local", cls


def _kept_by(call: Call, classes: Mapping[str, Class]) -> bool:
    found = classes.get(call.cls)
    return found is not None and any(m.name == "bump" for m in found.methods)
