"""Partitions of a program's classes: some that the rules like, some that they do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from refactor.pipeline.fuzz.choices import Choices, chance, pick

NAMES = ("a", "b", "c")


def partition(choices: Choices, units: Sequence[str], links: Iterable[Sequence[str]] = (), respect: int = 75) -> dict[str, str]:
    """before: class names, and groups that a rule wants together   after: class -> part; in `respect` percent the groups are kept"""
    names = NAMES[: choices.integer(2, len(NAMES))]
    labels = {unit: pick(choices, names) for unit in units}
    if chance(choices, respect):
        for _ in range(len(units)):  # again and again, because groups may share members
            before = dict(labels)
            for group in links:
                known = [g for g in group if g in labels]
                for member in known[1:]:
                    labels[member] = labels[known[0]]
            if labels == before:
                break
    return labels


def one_part(units: Sequence[str]) -> dict[str, str]:
    return dict.fromkeys(units, NAMES[0])


def all_partitions(units: Sequence[str], most: int) -> Iterator[dict[str, str]]:
    """Every way to put the units into at most `most` parts, each once: the first unit is in the first part, and so on."""

    def extend(done: list[int], used: int) -> Iterator[list[int]]:
        if len(done) == len(units):
            yield done
            return
        for label in range(min(used + 1, most)):
            yield from extend([*done, label], max(used, label + 1))

    for labels in extend([], 0):
        yield {unit: f"p{label}" for unit, label in zip(units, labels, strict=True)}
