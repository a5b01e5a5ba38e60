"""Strongly connected components (R. Tarjan, Depth-first search and linear graph algorithms, 1972), without recursion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


def strongly_connected(edges: Mapping[str, Iterable[str]]) -> list[frozenset[str]]:
    """The components of a directed graph, those that others lead to first; nodes that are only named as targets count as well.

    before: {"a": ["b"], "b": ["a", "c"]}   after: [{"c"}, {"a", "b"}]
    """
    found: list[frozenset[str]] = []
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_: list[str] = []
    is_open: set[str] = set()
    for root in edges:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = []
        entering: str | None = root
        while entering is not None or work:
            if entering is not None:
                index[entering] = low[entering] = len(index)
                open_.append(entering)
                is_open.add(entering)
                work.append((entering, iter(edges.get(entering, ()))))
                entering = None
            node, rest = work[-1]
            for other in rest:
                if other not in index:
                    entering = other
                    break
                if other in is_open:
                    low[node] = min(low[node], index[other])
            if entering is not None:
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
            if low[node] == index[node]:
                group = [open_.pop()]
                while group[-1] != node:
                    group.append(open_.pop())
                is_open.difference_update(group)
                found.append(frozenset(group))
    return found


def gathered(edges: Mapping[str, Iterable[str]], own: Mapping[str, int]) -> dict[str, int]:
    """For every node the bits of all nodes that it leads to, its own included; in one pass, where a walk from each would be quadratic.

    before: {"a": ["b"], "b": ["c"]}, {"b": 1, "c": 2}   after: {"a": 3, "b": 3, "c": 2}
    """
    found: dict[str, int] = {}
    same: dict[int, int] = {}  # equal sets are one object
    for group in strongly_connected(edges):
        bits = 0
        for node in group:
            bits |= own.get(node, 0)
            for other in edges.get(node, ()):
                bits |= found.get(other, 0)
        if bits:
            found.update(dict.fromkeys(group, same.setdefault(bits, bits)))
    return {**own, **found}


def numbers(bits: int) -> Iterator[int]:
    """The numbers of the bits that are set, ascending."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
