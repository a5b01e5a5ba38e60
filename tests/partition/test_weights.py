"""Two views of one program as one graph, and homes of copies."""

from __future__ import annotations

from refactor.partition.graph import ClassGraph, GraphEdge, TableEdge, without_contexts
from refactor.partition.replication import with_homes
from refactor.partition.weights import both_views

WRITTEN = ClassGraph(
    ("a", "b", "c"),
    (GraphEdge("a", "b", "call", 3.0), GraphEdge("b", "c", "call", 1.0), GraphEdge("a", "c", "type", 2.0)),
    ("t",),
    (TableEdge("a", "t", "WRITE", "a#run"),),
)
RECORDS = ClassGraph(
    ("a", "b", "c"),
    (GraphEdge("b", "c", "call", 60.0, "x", "y"), GraphEdge("b", "c", "call", 20.0, "z", "y"), GraphEdge("a", "b", "data", 20.0)),
)


def test_each_view_has_half_of_what_runs() -> None:
    both = both_views(WRITTEN, RECORDS)
    weights = {(e.source, e.target, e.kind): e.weight for e in both.edges}
    assert weights == {("a", "b", "call"): 750.0, ("b", "c", "call"): 250.0 + 800.0, ("a", "b", "data"): 200.0, ("a", "c", "type"): 500.0}
    assert (both.tables, both.table_edges) == (WRITTEN.tables, WRITTEN.table_edges)


def test_the_order_of_edges_changes_nothing() -> None:
    other = ClassGraph(RECORDS.nodes, RECORDS.edges[::-1])
    assert both_views(WRITTEN, other) == both_views(WRITTEN, RECORDS)


def test_contexts_are_summed() -> None:
    edges = without_contexts(RECORDS).edges
    assert edges == (GraphEdge("a", "b", "data", 20.0), GraphEdge("b", "c", "call", 80.0))


def test_copies_do_not_push_a_large_part_over_its_bound() -> None:
    """The large part is beyond what NED forgives already: it may grow to its bound, and no further."""
    owned = {f"big{n}": "big" for n in range(38)} | {f"small{n}": f"small{n % 3}" for n in range(30)}
    copies = [f"copy{n}" for n in range(32)]
    graph = ClassGraph(tuple(sorted([*owned, *copies])), tuple(GraphEdge("big0", c, "call", 5.0) for c in copies))
    homes = with_homes(graph, owned, copies, 0.4, 0.34)
    assert len(homes) == 100
    assert sum(part == "big" for part in homes.values()) == 40
