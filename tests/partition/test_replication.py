"""Copied classes: what leaves the graph, what takes its place, and where a copy is counted when nothing is copied."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.partition.graph import ClassGraph, GraphEdge, TableEdge
from refactor.partition.metrics import coupling
from refactor.partition.replication import remote_graph, with_homes
from tests.partition.graphs import class_graphs, shuffled


def weights(graph: ClassGraph) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for e in graph.edges:
        found[e.source, e.target] = found.get((e.source, e.target), 0.0) + e.weight
    return found


def test_a_copy_calls_for_its_users_in_shares_of_their_weight() -> None:
    edges = (GraphEdge("a", "s", "call", 3.0), GraphEdge("b", "s", "call", 1.0), GraphEdge("s", "c", "call", 8.0))
    found = remote_graph(ClassGraph(("a", "b", "c", "s"), edges), {"s"})
    assert found.nodes == ("a", "b", "c")
    assert weights(found) == pytest.approx({("a", "c"): 6.0, ("b", "c"): 2.0})
    # Left out with its edges, the copy would have hidden every one of these calls.
    assert coupling(found, {"a": "x", "b": "x", "c": "y"}) == 1.0


def test_a_call_of_a_copied_interface_runs_what_is_below_it() -> None:
    edges = (GraphEdge("a", "i", "call", 4.0), GraphEdge("a", "i", "type", 9.0), GraphEdge("one", "i", "inherit", 1.0))
    graph = ClassGraph(("a", "i", "one", "two", "copied"), edges)
    assert weights(remote_graph(graph, {"i"}, {"i": ("one", "two")})) == pytest.approx({("a", "one"): 2.0, ("a", "two"): 2.0})
    # What a call may run as a copy is local for its share.
    assert weights(remote_graph(graph, {"i", "copied"}, {"i": ("one", "copied")})) == pytest.approx({("a", "one"): 2.0})


def test_copies_that_call_copies_in_circles() -> None:
    ends = (("a", "s", 1.0), ("s", "t", 1.0), ("t", "s", 1.0), ("t", "b", 5.0))
    edges = tuple(GraphEdge(a, b, "call", w) for a, b, w in ends)
    assert weights(remote_graph(ClassGraph(("a", "b", "s", "t"), edges), {"s", "t"})) == pytest.approx({("a", "b"): 5.0})


def test_a_copy_that_nobody_uses_calls_nothing() -> None:
    graph = ClassGraph(("a", "s"), (GraphEdge("s", "a", "call", 2.0),), ("T",), (TableEdge("a", "T", "READ"),))
    found = remote_graph(graph, {"s"})
    assert (found.edges, found.table_edges) == ((), graph.table_edges)


def test_naming_a_type_is_not_remote_unless_there_is_nothing_else() -> None:
    named = GraphEdge("a", "b", "type", 2.0)
    called = GraphEdge("a", "b", "call", 1.0)
    assert remote_graph(ClassGraph(("a", "b"), (named, called)), ()).edges == (called,)
    assert remote_graph(ClassGraph(("a", "b"), (named,)), ()).edges == (named,)


@given(class_graphs(min_nodes=3), st.integers(0, 9), st.data())
def test_no_order_matters_and_no_weight_is_invented(graph: ClassGraph, rng_seed: int, data: st.DataObject) -> None:
    copied = frozenset(data.draw(st.lists(st.sampled_from(graph.nodes), max_size=4)))
    runs = {c: tuple(data.draw(st.lists(st.sampled_from(graph.nodes), max_size=3, unique=True))) for c in copied}
    found = remote_graph(graph.canonical(), copied, runs)
    found.check()
    assert set(found.nodes) == set(graph.nodes) - copied
    assert math.fsum(e.weight for e in found.edges) <= math.fsum(e.weight for e in graph.edges) + 1e-6
    assert remote_graph(shuffled(graph, rng_seed).canonical(), copied, runs) == found
    labels = {n: f"p{at % 3}" for at, n in enumerate(found.nodes)}
    homes = with_homes(graph.canonical(), labels, copied, 0.5, 0.34)
    assert labels.items() <= homes.items()
    assert set(homes) == (set(graph.nodes) if labels else set())
    assert with_homes(shuffled(graph, rng_seed).canonical(), labels, copied, 0.5, 0.34) == homes


def test_a_home_is_where_the_weight_is_while_the_part_stays_of_a_good_size() -> None:
    nodes = [f"x{at}" for at in range(20)] + [f"y{at}" for at in range(6)]
    labels = {n: n[0] for n in nodes}
    edges = tuple(GraphEdge(a, b, "call", w) for a, b, w in (("c1", "x0", 5.0), ("c2", "x0", 1.0), ("c3", "y0", 1.0)))
    graph = ClassGraph((*nodes, "c1", "c2", "c3"), edges)
    homes = with_homes(graph, labels, {"c1", "c2", "c3"}, 1.0, 1.0)
    assert (homes["c1"], homes["c2"], homes["c3"]) == ("x", "x", "y")
    # A 21st class would make x a part of an extreme size.
    assert with_homes(graph, labels, {"c1", "c2", "c3"}, 1.0, 0.3)["c1"] == "y"
