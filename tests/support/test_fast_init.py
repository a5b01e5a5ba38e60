"""fast_init changes how a frozen dataclass is made, and nothing else."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from refactor.support.fast_init import GUARDED, fast_init
from refactor.support.source import Span


@fast_init
@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 2
    note: str = field(default="", compare=False)


def test_positional_keyword_and_default_arguments() -> None:
    assert (Point(1).x, Point(1).y, Point(x=3, y=4).y) == (1, 2, 4)
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Point(1, 2, "", 4)  # type: ignore[call-arg]


def test_it_stays_frozen_comparable_and_copyable() -> None:
    point = Point(1, 2, "a")
    with pytest.raises(FrozenInstanceError):
        point.x = 3  # type: ignore[misc]
    assert point == Point(1, 2, "b")
    assert hash(point) == hash(Point(1, 2))
    assert replace(point, y=5) == Point(1, 5)
    assert pickle.loads(pickle.dumps(Span("a", 1, 2, 3, 4))) == copy.deepcopy(Span("a", 1, 2, 3, 4)) == Span("a", 1, 2, 3, 4)


def test_fields_that_it_cannot_serve_are_refused() -> None:
    with pytest.raises(TypeError, match="only plain fields"):

        @fast_init
        @dataclass(frozen=True, slots=True)
        class Bad:
            items: list[int] = field(default_factory=list)


def test_outside_of_tests_an_assignment_is_the_type_checkers_to_find(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(GUARDED)

    @fast_init
    @dataclass(frozen=True, slots=True)
    class Quick:
        x: int
        y: int = 2

    point = Quick(1)
    assert (point.x, point.y, point) == (1, 2, Quick(1))
    assert hash(point) == hash(Quick(1, 2))
    assert copy.deepcopy(point) == replace(point) == point
    point.x = 3  # type: ignore[misc]
    assert point == Quick(3)
