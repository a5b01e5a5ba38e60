"""The value that every concern of a container gives: who is affected by which bean, and why."""

from __future__ import annotations

from typing import NamedTuple

from refactor.support.source import Span


class Pair(NamedTuple):
    """The code of the top-level class `user` works as it did only where the beans of the class `cls` are made."""

    user: str
    cls: str
    span: Span | None
    why: str


def short(name: str) -> str:
    return name.rpartition(".")[2]
