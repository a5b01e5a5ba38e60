"""Edge weights from two views of one program: how often a thing is written, and how often it happens.

The class graph counts places in the source. Points-to counts records: who calls whom, hands over what and touches which object,
under each pair of contexts (`classgraph.record_graph`). The first knows nothing of what runs, the second counts one generic method
a hundred times. A proposal looks at both.
"""

from __future__ import annotations

import math
from dataclasses import replace

from refactor.partition.graph import ClassGraph, EdgeKind, GraphEdge
from refactor.partition.replication import RUN_TIME

_WHOLE = 1000.0
"""The weight of everything that runs, in each of the two halves. Only shares count."""


def both_views(written: ClassGraph, records: ClassGraph) -> ClassGraph:
    """before: the class graph and the record graph of one program   after: one graph in which each has half of the run-time weight

    Contexts are summed; what only names a type, tables and transactions are those of `written`.
    """
    sums: dict[tuple[str, str, EdgeKind], list[float]] = {}
    for graph in (written, records):
        total = math.fsum(sorted(e.weight for e in graph.edges if e.kind in RUN_TIME))
        for e in graph.edges:
            sums.setdefault((e.source, e.target, e.kind), []).append(e.weight * _WHOLE / total if total else e.weight)
    known = frozenset(written.nodes)
    edges = [GraphEdge(*key, math.fsum(sorted(sums[key]))) for key in sorted(sums) if known.issuperset(key[:2])]
    return replace(written, edges=tuple(edges))
