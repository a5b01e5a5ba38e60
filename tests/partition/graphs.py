"""Small class graphs for the partition tests, written by hand or drawn by Hypothesis."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import strategies as st

from refactor.partition.graph import ClassGraph, GraphEdge, TableEdge

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "daytrader"
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "partition"


def two_triangles() -> ClassGraph:
    """Two triangles of weight 3 joined by one edge of weight 1; a table each."""
    edges = []
    for side in "pq":
        for a, b in (("A", "B"), ("B", "C"), ("C", "A")):
            edges.append(GraphEdge(f"{side}.{a}", f"{side}.{b}", "call", 3.0, f"c{side}", f"c{side}"))
    edges.append(GraphEdge("p.A", "q.A", "call", 1.0, "cp", "cq"))
    accesses = [TableEdge("p.A", "ORDERS", "WRITE", "p.A"), TableEdge("q.A", "STOCK", "WRITE", "q.A")]
    accesses.append(TableEdge("q.B", "STOCK", "READ", "q.B"))
    return ClassGraph(tuple(f"{s}.{c}" for s in "pq" for c in "ABC"), tuple(edges), ("ORDERS", "STOCK"), tuple(accesses))


def shuffled(graph: ClassGraph, rng_seed: int) -> ClassGraph:
    """The same graph with everything in another order."""
    rng = random.Random(rng_seed)

    def mix(items: tuple) -> tuple:  # type: ignore[type-arg]
        found = list(items)
        rng.shuffle(found)
        return tuple(found)

    return ClassGraph(mix(graph.nodes), mix(graph.edges), mix(graph.tables), mix(graph.table_edges))


@st.composite
def class_graphs(draw: st.DrawFn, min_nodes: int = 1, max_nodes: int = 24) -> ClassGraph:
    """Any class graph: packages, parallel edges, loops, contexts, tables with shared transactions."""
    count = draw(st.integers(min_nodes, max_nodes))
    nodes = tuple(f"app.{'abc'[at % 3]}.N{at}" for at in range(count))
    node = st.sampled_from(nodes)
    context = st.sampled_from([None, "c1", "c2"])
    kind = st.sampled_from(["call", "data", "heap"])
    access = st.sampled_from(["READ", "WRITE"])
    edges = draw(
        st.lists(
            st.builds(GraphEdge, node, node, kind, st.sampled_from([1.0, 2.0, 0.1, 7.5]), context, context),
            max_size=3 * count,
        )
    )
    tables = ("T1", "T2", "T3", "T4")
    accesses = draw(
        st.lists(
            st.builds(TableEdge, node, st.sampled_from(tables), access, st.sampled_from([None, "e1", "e2", "e3"])),
            max_size=8,
        )
    )
    return ClassGraph(nodes, tuple(edges), tables, tuple(accesses))
