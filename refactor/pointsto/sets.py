"""Hash-consed sets of small integers: a set is a number, equal sets have equal numbers, operations are remembered."""

from __future__ import annotations

from collections.abc import Callable

NOTHING = 0


class Sets:
    """Every set that a run has seen, by number; number 0 is the empty set. Numbers follow the order of first use."""

    def __init__(self) -> None:
        self.items: list[frozenset[int]] = [frozenset()]
        self._numbers: dict[frozenset[int], int] = {frozenset(): NOTHING}
        self._unions: dict[int, int] = {}
        self._differences: dict[int, int] = {}
        self._singles: dict[int, int] = {}
        self._kept: dict[tuple[int, int], int] = {}

    def of(self, items: frozenset[int]) -> int:
        number = self._numbers.get(items)
        if number is None:
            number = self._numbers[items] = len(self.items)
            self.items.append(items)
        return number

    def single(self, item: int) -> int:
        number = self._singles.get(item)
        if number is None:
            number = self._singles[item] = self.of(frozenset((item,)))
        return number

    def union(self, one: int, other: int) -> int:
        if one == other or not other:
            return one
        if not one:
            return other
        key = (one << 32) | other if one < other else (other << 32) | one
        number = self._unions.get(key)
        if number is None:
            number = self._unions[key] = self.of(self.items[one] | self.items[other])
        return number

    def minus(self, one: int, other: int) -> int:
        """What is in `one` and not in `other`."""
        if one == other or not one:
            return NOTHING
        if not other:
            return one
        key = (one << 32) | other
        number = self._differences.get(key)
        if number is None:
            number = self._differences[key] = self.of(self.items[one] - self.items[other])
        return number

    def mapped(self, one: int, kind: int, image: Callable[[int], int]) -> int:
        """The union of the sets `image(item)`; `kind` names the function, which must answer the same every time."""
        key = (one, kind)
        number = self._kept.get(key)
        if number is None:
            number = NOTHING
            singles = True
            found: list[int] = []
            for item in self.items[one]:
                part = image(item)
                if part == self.single(item):
                    found.append(item)
                elif part:
                    singles = False
                    number = self.union(number, part)
            kept = self.of(frozenset(found)) if len(found) != len(self.items[one]) else one
            number = kept if singles else self.union(kept, number)
            self._kept[key] = number
        return number
