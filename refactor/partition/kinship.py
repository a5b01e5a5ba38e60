"""Kinship: classes that use the same others belong together, even where none calls the other."""

from __future__ import annotations

from collections.abc import Mapping

from refactor.partition.graph import ClassGraph

KIN = 0.03
"""All kinship together, as a share of all edge weight: it decides where edges do not, as packages do."""

_MANY = 12  # what so many use says nothing about any two of them


def kinship(graph: ClassGraph) -> Mapping[tuple[str, str], float]:
    """before: who uses what   after: (class, class) in name order -> how much of what they use they alone share, sum 1

    Two controllers of the same page call neither each other nor anything that others do not; cut by edges alone, either can go
    anywhere. Bibliographic coupling (Kessler 1963), where a target that n classes use counts 1 / (n - 1) for each pair.
    """
    users: dict[str, set[str]] = {}
    for e in graph.edges:
        if e.source != e.target:
            users.setdefault(e.target, set()).add(e.source)
    found: dict[tuple[str, str], float] = {}
    for target in sorted(users):
        by = sorted(users[target])
        if 2 <= len(by) <= _MANY:
            for at, one in enumerate(by):
                for other in by[at + 1 :]:
                    found[(one, other)] = found.get((one, other), 0.0) + 1 / (len(by) - 1)
    total = sum(found[pair] for pair in sorted(found)) or 1.0
    return {pair: value / total for pair, value in sorted(found.items())}
