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
