from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings

from refactor.partition.graph import ClassGraph, adjacency, undirected
from refactor.partition.propagation import label_propagation, leiden, louvain, propagate
from refactor.support.diagnostics import RefactorError
from tests.partition.graphs import class_graphs, shuffled, two_triangles

TRIANGLES = [{"p.A", "p.B", "p.C"}, {"q.A", "q.B", "q.C"}]


def groups(labels: dict[str, str]) -> list[set[str]]:
    return sorted(({n for n in labels if labels[n] == label} for label in set(labels.values())), key=min)


def test_finds_the_triangles() -> None:
    assert groups(label_propagation(two_triangles(), 1)) == TRIANGLES
    assert groups(louvain(two_triangles(), 1)) == TRIANGLES


@settings(deadline=None)
@given(class_graphs())
def test_same_answer_for_any_input_order(graph: ClassGraph) -> None:
    assert label_propagation(shuffled(graph, 3), 5) == label_propagation(graph, 5)
    assert louvain(shuffled(graph, 3), 5) == louvain(graph, 5)


@settings(deadline=None)
@given(class_graphs())
def test_ends_where_no_node_prefers_another_label(graph: ClassGraph) -> None:
    whole = undirected(graph)
    labels = propagate(whole, 9)
    for at, near in enumerate(whole.neighbours):
        scores: dict[int, float] = {}
        for other, weight in zip(near, whole.weights[at], strict=True):
            scores[labels[other]] = scores.get(labels[other], 0.0) + weight
        assert not scores or scores.get(labels[at], 0.0) == pytest.approx(max(scores.values()))


def test_isolated_nodes_stay_alone() -> None:
    assert propagate(adjacency(["a", "b"], []), 0) == [0, 1]


def test_same_bytes_for_any_hash_seed() -> None:
    program = (
        "import json; from tests.partition.graphs import *; from refactor.partition.propagation import *;"
        "from refactor.partition.partitioner import *;"
        "g = two_triangles(); p = propose(g);"
        "print(json.dumps([label_propagation(g, 4), louvain(g, 4), p.labels, p.reasons]))"
    )
    outputs = set()
    for seed in ("0", "1", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", program]
        outputs.add(subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120).stdout)
    assert len(outputs) == 1
    assert json.loads(outputs.pop())[0]


def test_leiden_works_or_says_what_is_missing() -> None:
    try:
        found = groups(leiden(two_triangles(), 1))
    except RefactorError as error:
        refusal = error
    else:
        assert found == TRIANGLES
        return
    assert refusal.exit_code == 3
    assert refusal.diagnostics[0].id == "partition/leiden-missing"
