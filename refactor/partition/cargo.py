"""CARGO (Nitin et al., ASE 2022) as its authors implemented it: the reference this project is measured against.

It is here for comparison and as a seed; `partitioner` is what proposes partitions. It collapses: one part is optimal
under the metrics it was published with.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from refactor.partition.graph import Adjacency, ClassGraph, Labels, snapshots, with_tables

UNLABELLED = -1


@dataclass(frozen=True, slots=True)
class CargoResult:
    """`labels` covers every class of the graph; `leftover` are those no label reached (put into the smallest part)."""

    labels: dict[str, str]
    leftover: tuple[str, ...]


def cargo_native(graph: ClassGraph, k: int | None, rng_seed: int) -> CargoResult:
    """Unsupervised mode.

    before: no labels   after: at most k parts; without k every class starts as a part of its own
    """
    count = len(graph.nodes)
    return _run(graph, [at % k if k is not None else at for at in range(count)], random.Random(rng_seed))


def cargo_refine(graph: ClassGraph, seed_partition: Labels, rng_seed: int) -> CargoResult:
    """Refinement mode.

    before: a partition that covers some classes   after: its labels spread over the graph
    Raises ValueError where the seed partition labels no class of the graph: there is nothing to spread.
    """
    number: dict[str, int] = {}
    for node in graph.nodes:
        if node in seed_partition:
            number.setdefault(seed_partition[node], len(number))
    if not number:
        raise ValueError("the seed partition labels no class of the graph")
    start = [number[seed_partition[n]] if n in seed_partition else UNLABELLED for n in graph.nodes]
    return _run(graph, start, random.Random(rng_seed), {at: name for name, at in number.items()})


def _run(graph: ClassGraph, start: list[int], rng: random.Random, names: Mapping[int, str] | None = None) -> CargoResult:
    """Steps 6 to 9: the transaction phase, the context phase in one random order, the leftovers."""
    if not graph.nodes:
        return CargoResult({}, ())
    labels = start
    if graph.table_edges:
        # The authors re-expand an already undirected graph into both directions, which doubles the class weights.
        whole = with_tables(graph, class_factor=2.0)
        labels = spread(whole, labels + [UNLABELLED] * len(graph.tables), rng)[: len(graph.nodes)]
    contexts = snapshots(graph)
    rng.shuffle(contexts)
    for snapshot in contexts:
        labels = spread(snapshot, labels, rng)
    leftover = [at for at, label in enumerate(labels) if label == UNLABELLED]
    sizes: dict[int, int] = {}
    for label in labels:
        if label != UNLABELLED:
            sizes[label] = sizes.get(label, 0) + 1
    smallest = min(sorted(sizes), key=lambda label: sizes[label])
    final = [smallest if label == UNLABELLED else label for label in labels]
    named = {node: (names[label] if names else str(label)) for node, label in zip(graph.nodes, final, strict=True)}
    return CargoResult(named, tuple(graph.nodes[at] for at in leftover))


def spread(graph: Adjacency, start: list[int], rng: random.Random) -> list[int]:
    """Label propagation in place: shuffled sweeps until one changes nothing.

    A node keeps its label where that ties for the most neighbouring weight, else takes a random one of the best.
    Ends: each change strictly raises the weight inside labels, of which there are finitely many arrangements.
    """
    labels = list(start)
    order = [at for at in range(len(graph)) if graph.neighbours[at]]
    active = True
    while active:
        active = False
        rng.shuffle(order)
        for at in order:
            scores: dict[int, float] = {}
            for other, weight in zip(graph.neighbours[at], graph.weights[at], strict=True):
                label = labels[other]
                if label != UNLABELLED:
                    scores[label] = scores.get(label, 0.0) + weight
            if not scores:
                continue
            most = max(scores.values())
            if scores.get(labels[at]) != most:
                labels[at] = rng.choice([label for label, score in scores.items() if score == most])
                active = True
    return labels

