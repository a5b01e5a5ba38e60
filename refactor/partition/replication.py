"""The graph of what can really be remote: copied classes leave it, and what a copy does is done by its users.

A copied class is in every part that needs it, so an edge to it is never cut. What its own code calls is: the copy in the
user's part makes that call. And where it is an interface, who calls it runs the code of a class below it. Leaving copied
classes out with all their edges would hide both.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from refactor.partition.graph import ClassGraph, EdgeKind, GraphEdge, Labels
from refactor.partition.metrics import LARGE, SMALL

RUN_TIME: frozenset[EdgeKind] = frozenset({"call", "data", "heap", "field"})
"""Kinds of edges that carry something while the program runs; naming a type across a cut costs a proxy, not a call."""

_ROUNDS = 40  # chains of copies that call copies; what is left after that many is lost in rounding
_LEAST = 1e-9


def remote_graph(graph: ClassGraph, copied: Iterable[str], runs: Mapping[str, tuple[str, ...]] | None = None) -> ClassGraph:
    """before: every class, every edge   after: the classes that one part has to own, and the edges that a cut makes remote

    `copied`: the classes that are copied to every part. `runs`: for those, the classes whose code a call of it may run
    (an interface's implementations); the weight is shared equally among them. What the copy calls itself is shared among
    its users by their weight; a copy that no placed class uses calls nothing here.
    Edges that only name a type are left out, unless the graph has no others.
    """
    out = frozenset(copied) & set(graph.nodes)
    carries = RUN_TIME if any(e.kind in RUN_TIME for e in graph.edges) else frozenset(e.kind for e in graph.edges)
    edges = [e for e in graph.edges if e.kind in carries]
    if not out:
        return graph if len(edges) == len(graph.edges) else ClassGraph(graph.nodes, tuple(edges), graph.tables, graph.table_edges)
    nodes = tuple(n for n in graph.nodes if n not in out)
    below = _placed_below(out, runs or {}, frozenset(nodes))
    users = _users(edges, out)
    found: list[GraphEdge] = []
    for e in edges:
        targets = below.get(e.target, ()) if e.target in out else ((e.target, 1.0),)
        sources = users.get(e.source, {}) if e.source in out else {e.source: 1.0}
        whole = e.source not in out and e.target not in out
        for target, part in targets:
            for source, share in sorted(sources.items()):
                if whole:
                    found.append(e)
                elif source != target:
                    found.append(GraphEdge(source, target, e.kind, e.weight * part * share, e.source_context, e.target_context))
    accesses = tuple(e for e in graph.table_edges if e.cls not in out)
    return ClassGraph(nodes, tuple(e for e in found if e.weight > _LEAST), graph.tables, accesses)


def with_homes(graph: ClassGraph, labels: Labels, copied: Iterable[str], max_share: float = 1.0, max_ned: float = 1.0) -> dict[str, str]:
    """before: labels of the placed classes   after: a part for the copied ones too, as if each had one place only

    What the measures without replication are taken on, and where parts.toml lists a copied class. It goes where most of
    its edge weight is, to a part that it does not push over the sizes that NED calls extreme where there is one: the place
    of a copy is free. Copies that are tied to each other only follow one another.
    """
    left = sorted(set(copied) & set(graph.nodes) - labels.keys())
    homes = _Homes(dict(labels), len(labels) + len(left), max_share, max_ned)
    near: dict[str, list[tuple[str, float]]] = {cls: [] for cls in left}
    for e in graph.edges:
        for one, other in ((e.source, e.target), (e.target, e.source)):
            if one in near and one != other:
                near[one].append((other, e.weight))
    votes = {cls: homes.votes(near[cls]) for cls in left}
    most = {cls: max(votes[cls].values(), default=0.0) for cls in left}
    while most and homes.sizes:
        # The one with the most to lose chooses first; one that is tied to nothing placed only where all are.
        cls = min(most, key=lambda c: (not votes[c], -most[c], c))
        homes.place(cls, votes[cls])
        del most[cls]
        for other in {other for other, _ in near[cls]} & most.keys():
            votes[other] = homes.votes(near[other])
            most[other] = max(votes[other].values(), default=0.0)
    return homes.labels


class _Homes:
    """Labels that grow, with the sizes of the parts."""

    def __init__(self, labels: dict[str, str], total: int, max_share: float, max_ned: float) -> None:
        self.labels = labels
        self.sizes = Counter(labels.values())
        self._cap = math.floor(max_share * total)
        self._extreme = math.floor(max_ned * total)

    def votes(self, near: list[tuple[str, float]]) -> dict[str, float]:
        found: dict[str, list[float]] = {}
        for other, weight in near:
            if other in self.labels:
                found.setdefault(self.labels[other], []).append(weight)
        return {part: math.fsum(sorted(weights)) for part, weights in found.items()}

    def place(self, cls: str, votes: Mapping[str, float]) -> None:
        parts = sorted(self.sizes, key=lambda p: (-votes.get(p, 0.0), self.sizes[p] if not votes else 0, p))
        part = next((p for p in parts if self._fits(p)), None) or self._largest_with_room() or parts[0]
        self.labels[cls] = part
        self.sizes[part] += 1

    def _largest_with_room(self) -> str | None:
        """Where nothing fits, a part that is extreme already suffers least."""
        big = [p for p, size in self.sizes.items() if LARGE < size < self._cap]
        return min(big, key=lambda p: (-self.sizes[p], p), default=None)

    def _fits(self, part: str) -> bool:
        size = self.sizes[part] + 1
        if size <= LARGE:
            return size <= max(1, self._cap)
        extreme = sum(s for p, s in self.sizes.items() if not SMALL <= s <= LARGE)
        if extreme > self._extreme:
            # Missed already: where it is large already, one more does no harm, and elsewhere it would.
            return LARGE + 1 < size <= self._cap
        return size <= self._cap and extreme + (1 if size > LARGE + 1 else size) <= self._extreme


def _placed_below(
    out: frozenset[str], runs: Mapping[str, tuple[str, ...]], placed: frozenset[str]
) -> dict[str, tuple[tuple[str, float], ...]]:
    """For a copied class, the placed ones among those whose code runs, each with its share."""
    found = {}
    for cls in sorted(out):
        below = sorted(set(runs.get(cls, ())))
        found[cls] = tuple((name, 1 / len(below)) for name in below if name in placed)
    return found


def _users(edges: list[GraphEdge], out: frozenset[str]) -> dict[str, dict[str, float]]:
    """For a copied class, the placed classes on whose behalf its code runs, in shares of its incoming weight."""
    direct: dict[str, dict[str, list[float]]] = {}
    for e in edges:
        if e.target in out and e.source != e.target:
            direct.setdefault(e.target, {}).setdefault(e.source, []).append(e.weight)
    weights = {cls: {user: math.fsum(sorted(found)) for user, found in by_user.items()} for cls, by_user in direct.items()}
    shares: dict[str, dict[str, float]] = {cls: {} for cls in weights}
    for _ in range(_ROUNDS):
        following: dict[str, dict[str, float]] = {}
        for cls, by_user in sorted(weights.items()):
            total = math.fsum(sorted(by_user.values()))
            found: dict[str, list[float]] = {}
            for user, weight in sorted(by_user.items()):
                for one, share in shares.get(user, {}).items() if user in out else ((user, 1.0),):
                    found.setdefault(one, []).append(share * weight / total)
            following[cls] = {one: math.fsum(sorted(parts)) for one, parts in sorted(found.items())}
        if following == shares:
            break
        shares = following
    return shares
