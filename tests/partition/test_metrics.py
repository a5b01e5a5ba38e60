from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.partition import metrics
from refactor.partition.graph import ClassGraph, GraphEdge, TableEdge
from tests.partition.graphs import class_graphs, shuffled, two_triangles

SPLIT = {n: n[0] for n in two_triangles().nodes}
ONE = dict.fromkeys(two_triangles().nodes, "all")


def test_values_by_hand_on_two_triangles() -> None:
    found = metrics.measure(two_triangles(), SPLIT)
    assert found["coupling"] == pytest.approx(1 / 19)
    assert found["coupling_paper"] == pytest.approx(2 / 19)
    assert found["cohesion_cargo"] == pytest.approx(18 / 19)
    assert found["cohesion_paper"] == pytest.approx(9 / 10)
    assert found["icp"] == pytest.approx(1 / 19)
    assert found["icp_mono2micro"] == pytest.approx(1 / (1 + 6 * (math.log(3) + 1)))
    assert found["dtp"] == 1.0
    assert found["ned"] == 1.0
    assert found["sm"] == pytest.approx(3 / 9 - 1 / 18)
    assert found["ifn"] == 0.5
    assert (found["parts"], found["largest"], found["coverage"]) == (2, 3, 1)


def test_one_part_is_optimal_under_the_papers_own_metrics() -> None:
    """The known flaw of coupling, cohesion, ICP and DTP; NED and the largest share are what shows it."""
    found = metrics.measure(two_triangles(), ONE)
    assert (found["coupling"], found["cohesion_cargo"], found["icp"], found["dtp"]) == (0, 1, 0, 1)
    assert found["largest_share"] == 1


def test_bcp_variants() -> None:
    use_cases = {"p.A": ["buy", "sell"], "p.B": ["buy"], "q.A": ["quote"]}
    assert metrics.bcp_cargo(use_cases, SPLIT) == pytest.approx(metrics.entropy([2, 1]) / 2)
    assert metrics.bcp_mono2micro(use_cases, SPLIT) == pytest.approx(math.log(2) / 2)


def test_dtp_counts_each_class_once_and_unassigned_ones_apart() -> None:
    accesses = (TableEdge("a", "t", "READ"), TableEdge("a", "t", "WRITE"), TableEdge("b", "t", "READ"), TableEdge("c", "t", "READ"))
    graph = ClassGraph(("a", "b", "c"), (), ("t",), accesses)
    assert metrics.dtp(graph, {"a": "1", "b": "1", "c": "2"}) == pytest.approx(1 - metrics.entropy([2, 1]))
    assert metrics.dtp(graph, {"a": "1", "b": "1"}) == pytest.approx(1 - metrics.entropy([2, 1]))


def test_edges_of_unassigned_classes() -> None:
    graph = ClassGraph(("a", "b", "c"), (GraphEdge("a", "b", "call", 2.0), GraphEdge("b", "c", "call", 1.0)))
    assert metrics.coupling(graph, {"a": "1"}) == pytest.approx(2 / 3)
    assert metrics.measure(graph, {"a": "1"})["coverage"] == pytest.approx(1 / 3)


def test_cut_write_transactions_follow_the_tables_owner() -> None:
    accesses = (
        TableEdge("a", "orders", "WRITE", "buy"),
        TableEdge("b", "stock", "WRITE", "buy"),
        TableEdge("b", "stock", "WRITE", "restock"),
        TableEdge("a", "stock", "READ", "show"),
    )
    graph = ClassGraph(("a", "b"), (), ("orders", "stock"), accesses)
    assert metrics.cut_write_transactions(graph, {"a": "1", "b": "2"}) == ("buy",)
    assert metrics.cut_write_transactions(graph, {"a": "1", "b": "1"}) == ()
    assert metrics.cut_write_transactions(graph, {"a": "1", "b": "2"}, {"orders": "1", "stock": "1"}) == ()


def test_adjusted_rand_known_values() -> None:
    one = {c: "x" if c in "abc" else "y" for c in "abcdef"}
    other = {c: "x" if c in "ab" else "y" if c in "cd" else "z" for c in "abcdef"}
    assert metrics.adjusted_rand(one, one) == 1
    assert metrics.adjusted_rand(one, other) == pytest.approx(0.24242424, abs=1e-8)  # scikit-learn's documented example
    assert metrics.stability([one]) == 1
    assert metrics.stability([one, one, other]) == pytest.approx((1 + 2 * 0.24242424) / 3, abs=1e-8)


def test_replicated_classes_are_left_out_with_their_edges() -> None:
    smaller = metrics.without_classes(two_triangles(), ["p.A"])
    assert "p.A" not in smaller.nodes
    assert all("p.A" not in (e.source, e.target) for e in smaller.edges)
    assert all(e.cls != "p.A" for e in smaller.table_edges)


@given(class_graphs(), st.data())
def test_metrics_do_not_depend_on_part_names_or_order(graph: ClassGraph, data: st.DataObject) -> None:
    labels = {n: data.draw(st.sampled_from("abcd")) for n in graph.nodes}
    names = data.draw(st.permutations("abcd"))
    renamed = {n: "abcd"[names.index(part)] for n, part in labels.items()}
    uses = {n: [n[-1], "x"] for n in graph.nodes[::2]}
    evidence = metrics.Evidence(uses, {})
    before = metrics.measure(graph, labels, evidence)
    after = metrics.measure(shuffled(graph, 5), renamed, evidence)
    # A table written equally from two parts is owned by the first by name, so only that metric may see names.
    del before["cut_write_transactions"], after["cut_write_transactions"]
    assert after == pytest.approx(before)


@given(class_graphs(), st.data())
def test_metrics_stay_in_range(graph: ClassGraph, data: st.DataObject) -> None:
    labels = {n: data.draw(st.sampled_from("abc")) for n in graph.nodes if data.draw(st.booleans())}
    found = metrics.measure(graph, labels)
    for name in ("coupling", "cohesion_cargo", "cohesion_paper", "icp", "icp_mono2micro", "ned", "coverage", "largest_share"):
        assert 0 <= found[name] <= 1, name
    assert found["dtp"] <= 1
    assert all(math.isfinite(v) for v in found.values())
    assert metrics.adjusted_rand(labels, labels) == 1
