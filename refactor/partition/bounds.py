"""What no partition can be better than: said beside a proposal that misses a target."""

from __future__ import annotations

import math
from dataclasses import dataclass

from refactor.partition.constraints import Atoms
from refactor.partition.graph import ClassGraph, undirected


@dataclass(frozen=True, slots=True)
class Bounds:
    """`largest`: classes that rules alone put into one part. `coupling`: the least that any partition with these rules has in
    which no part has more than `cap` classes. Both hold for every partition; neither need be reached by one.
    """

    largest: int
    coupling: float
    cap: int


def bounds(graph: ClassGraph, atoms: Atoms, cap: int) -> Bounds:
    """before: a graph, its classes contracted by rules, the most classes a part may have   after: Bounds

    An atom's part holds at most `cap` classes (or the atom alone), so the weight that the atom keeps inside is at most that of
    its best neighbours up to that size, a neighbour counted in fractions (the knapsack's linear relaxation). The rest is cut;
    half the sum over atoms, since a cut edge is seen from both ends.
    """
    rows: list[dict[int, float]] = [{} for _ in atoms.members]
    total = 0.0
    whole = undirected(graph)
    for at, name in enumerate(whole.names):
        a = atoms.of[name]
        for other, weight in zip(whole.neighbours[at], whole.weights[at], strict=True):
            total += weight / 2
            b = atoms.of[whole.names[other]]
            if a != b:
                rows[a][b] = rows[a].get(b, 0.0) + weight
    cut = []
    for atom, row in enumerate(rows):
        room = float(max(0, cap - atoms.size(atom)))
        outside = 0.0
        for other, weight in sorted(row.items(), key=lambda pair: (-pair[1] / atoms.size(pair[0]), pair[0])):
            size = atoms.size(other)
            if other in atoms.apart[atom]:
                outside += weight
                continue
            taken = min(1.0, room / size)
            room -= taken * size
            outside += weight * (1 - taken)
        cut.append(outside / 2)
    largest = max((atoms.size(a) for a in range(len(atoms.members))), default=0)
    return Bounds(largest, math.fsum(cut) / total if total else 0.0, cap)
