"""Where the generator's decisions come from: a seeded source for the bulk, Hypothesis for properties and shrinking."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar

T = TypeVar("T")


class Choices(Protocol):
    """A source of bounded integers; smaller ones mean simpler programs."""

    def integer(self, low: int, high: int) -> int: ...


class Seeded:
    """Decisions of a pseudo-random generator: equal seeds, equal programs."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def integer(self, low: int, high: int) -> int:
        return self._random.randint(low, high)


def pick(choices: Choices, items: Sequence[T]) -> T:
    """One of the items; the first is the simplest."""
    return items[choices.integer(0, len(items) - 1)]


def chance(choices: Choices, percent: int) -> bool:
    """True in about `percent` of 100 cases; False is the simpler answer."""
    return choices.integer(0, 99) >= 100 - percent
