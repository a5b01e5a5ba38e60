"""CARGO against its authors' figures (fixtures/partition/daytrader_cargo_facts.json says where they come from)."""

from __future__ import annotations

import random
from dataclasses import replace
from statistics import mean

import pytest
from hypothesis import given

from refactor.partition.cargo import UNLABELLED, cargo_native, cargo_refine, spread
from refactor.partition.graph import ClassGraph, GraphEdge, undirected
from refactor.partition.metrics import measure
from tests.partition.agreement import metric_values, native_runs, refinements, shared_means
from tests.partition.daytrader import BASELINES, FACTS, daytrader, evidence
from tests.partition.graphs import SHARED, class_graphs, two_triangles

needs_daytrader = pytest.mark.skipif(not SHARED.exists(), reason="the published DayTrader data is not here")


@needs_daytrader
def test_metrics_equal_the_authors_to_three_decimals() -> None:
    figures = list(metric_values())
    assert len(figures) == 5 * len(FACTS["metric_values"])
    assert [f.line() for f in figures if not f.agrees] == []


@needs_daytrader
def test_thirty_native_runs_lie_within_one_deviation_of_the_authors() -> None:
    figures = list(native_runs())
    assert {f.metric for f in figures} == set(FACTS["native"])
    figures += shared_means()
    assert [f.line() for f in figures if not f.agrees] == []


@needs_daytrader
def test_runs_without_k_lie_within_one_deviation_of_the_authors() -> None:
    runs = [measure(daytrader(), cargo_native(daytrader(), None, s).labels, evidence()) for s in range(42, 52)]
    for metric, (center, deviation) in FACTS["unique"].items():
        assert abs(mean(run[metric] for run in runs) - center) <= deviation, metric


@needs_daytrader
def test_refinement_moves_as_far_and_in_the_direction_of_the_authors() -> None:
    # As many runs as the authors' figures come from: with five, one odd run decides the mean.
    figures = list(refinements())
    assert [f.line() for f in figures if not f.agrees] == []
    directions = {"coupling": -1, "dtp": 1, "largest": 1}
    moved = [f for f in figures if f.metric in directions and f.before is not None]
    assert len(moved) == 3 * len(BASELINES)
    assert [f.line() for f in moved if directions[f.metric] * (f.ours - (f.before or 0.0)) <= 0] == []


def without_contexts(graph: ClassGraph, *more: str) -> ClassGraph:
    return ClassGraph((*graph.nodes, *more), tuple(replace(e, source_context=None, target_context=None) for e in graph.edges))


def test_native_without_k_finds_the_two_triangles() -> None:
    labels = cargo_native(without_contexts(two_triangles()), None, 1).labels
    assert len({labels[n] for n in labels if n[0] == "p"}) == 1
    assert labels["p.A"] != labels["q.A"]


def test_a_snapshot_that_shows_one_edge_only_pulls_across() -> None:
    """How CARGO collapses: in the context `cq`, p.A has no neighbour but q.A, however strong its ties elsewhere."""
    for seed in range(5):
        labels = cargo_native(two_triangles(), None, seed).labels
        assert labels["p.A"] == labels["q.A"]
        assert labels["p.B"] != labels["q.B"]


def test_refinement_spreads_names_and_puts_the_unreached_into_the_smallest_part() -> None:
    graph = without_contexts(two_triangles(), "lonely")
    found = cargo_refine(graph, {"p.A": "front", "q.A": "back", "q.B": "back", "p.B": "front"}, 3)
    assert found.leftover == ("lonely",)
    assert {n: found.labels[n] for n in two_triangles().nodes} == {n: "front" if n[0] == "p" else "back" for n in two_triangles().nodes}
    assert found.labels["lonely"] in ("front", "back")


def test_refinement_needs_a_seed_that_fits() -> None:
    with pytest.raises(ValueError, match="labels no class"):
        cargo_refine(two_triangles(), {"x.Y": "1"}, 0)


@given(class_graphs())
def test_native_covers_every_class_keeps_to_k_and_repeats(graph: ClassGraph) -> None:
    once = cargo_native(graph, 3, 11)
    assert set(once.labels) == set(graph.nodes)
    assert len(set(once.labels.values())) <= 3
    assert cargo_native(graph, 3, 11) == once


@given(class_graphs())
def test_spread_ends_where_no_node_prefers_another_label(graph: ClassGraph) -> None:
    whole = undirected(graph)
    labels = spread(whole, [at % 3 - 1 for at in range(len(whole))], random.Random(2))
    for at, near in enumerate(whole.neighbours):
        scores: dict[int, float] = {}
        for other, weight in zip(near, whole.weights[at], strict=True):
            if labels[other] != UNLABELLED:
                scores[labels[other]] = scores.get(labels[other], 0.0) + weight
        assert not scores or scores.get(labels[at], 0.0) == pytest.approx(max(scores.values()))


def test_empty_graph() -> None:
    assert cargo_native(ClassGraph(()), 3, 0).labels == {}
    assert cargo_native(ClassGraph(("a",), (GraphEdge("a", "a", "call"),)), None, 0).labels == {"a": "0"}
