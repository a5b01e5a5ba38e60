"""Label propagation with an active queue: the same answer for any hash seed and any order of the input.

Only a node with a neighbour that changed is looked at again, so the work falls with every pass instead of staying one
sweep over all edges. `louvain` and `leiden` are here for comparison only.
"""

from __future__ import annotations

import random
from collections import deque
from typing import TYPE_CHECKING

from refactor.partition.graph import Adjacency, ClassGraph, undirected
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

if TYPE_CHECKING:
    import networkx as nx


def label_propagation(graph: ClassGraph, rng_seed: int) -> dict[str, str]:
    """before: a class graph in any order   after: class -> community, each named by its first class"""
    whole = undirected(graph.canonical())
    labels = propagate(whole, rng_seed)
    first: dict[int, str] = {}
    for at, label in enumerate(labels):
        first.setdefault(label, whole.names[at])
    return {name: first[labels[at]] for at, name in enumerate(whole.names)}


def propagate(graph: Adjacency, rng_seed: int) -> list[int]:
    """A label (a node number) per node.

    before: every node its own label   after: no node has a label that weighs less among its neighbours than another

    Deterministic given the order of `graph`: the queue starts in one seeded order, ties keep the current label and
    else go to the label that comes first in a seeded ranking (a plain smallest-number rule would sweep one label
    through the graph). Ends because every change raises the weight inside labels.
    """
    size = len(graph)
    rng = random.Random(rng_seed)
    rank = list(range(size))
    rng.shuffle(rank)
    # Labels are ranks themselves: comparing two tied labels is then comparing two numbers.
    labels = list(rank)
    order = [at for at in range(size) if graph.neighbours[at]]
    rng.shuffle(order)
    waiting = bytearray(size)
    for at in order:
        waiting[at] = 1
    queue = deque(order)
    neighbours, weights = graph.neighbours, graph.weights
    unit = all(weight == 1.0 for row in weights for weight in row)
    while queue:
        at = queue.popleft()
        waiting[at] = 0
        near = neighbours[at]
        scores: dict[int, float] = {}
        if unit:
            for other in near:
                label = labels[other]
                scores[label] = scores.get(label, 0) + 1
        else:
            for other, weight in zip(near, weights[at], strict=True):
                label = labels[other]
                scores[label] = scores.get(label, 0.0) + weight
        most = max(scores.values())
        if scores.get(labels[at]) == most:
            continue
        best = min([label for label, score in scores.items() if score == most])
        labels[at] = best
        for other in near:
            # A neighbour that already has the label cannot be moved by one more vote for it.
            if not waiting[other] and labels[other] != best:
                waiting[other] = 1
                queue.append(other)
    by_rank = [0] * size
    for at, label in enumerate(rank):
        by_rank[label] = at
    return [by_rank[label] for label in labels]


def louvain(graph: ClassGraph, rng_seed: int) -> dict[str, str]:
    """networkx's Louvain on the undirected graph. Sorted on the way in and out, so order does not matter."""
    import networkx as nx  # here and below: importing it takes longer than most commands need

    view = _networkx(graph)
    found = nx.community.louvain_communities(view, weight="weight", seed=rng_seed)
    return _named(found)


def leiden(graph: ClassGraph, rng_seed: int) -> dict[str, str]:
    """networkx's Leiden, which needs a networkx backend that has one; refused with exit code 3 where none is installed."""
    import networkx as nx

    try:
        found = nx.community.leiden_communities(_networkx(graph), weight="weight", seed=rng_seed)
    except (NotImplementedError, AttributeError) as error:
        raise RefactorError(
            [
                Diagnostic(
                    "partition/leiden-missing",
                    Severity.ERROR,
                    f"this networkx has no Leiden of its own: {error}",
                    help="install a networkx backend that implements leiden_communities, or use --algorithm louvain",
                )
            ],
            exit_code=3,
        ) from error
    return _named(found)


def _networkx(graph: ClassGraph) -> nx.Graph[str]:
    import networkx as nx

    whole = undirected(graph.canonical())
    view: nx.Graph[str] = nx.Graph()
    view.add_nodes_from(whole.names)
    for at, name in enumerate(whole.names):
        for other, weight in zip(whole.neighbours[at], whole.weights[at], strict=True):
            if at < other:
                view.add_edge(name, whole.names[other], weight=weight)
    return view


def _named(communities: list[set[str]]) -> dict[str, str]:
    return {name: min(group) for group in communities for name in sorted(group)}
