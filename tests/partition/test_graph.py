from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given

from refactor.partition.graph import ClassGraph, GraphEdge, TableEdge, snapshots, undirected, with_tables
from refactor.partition.graphfile import dump_graph, load_graph
from refactor.support.diagnostics import RefactorError
from tests.partition.graphs import SHARED, class_graphs, shuffled, two_triangles

OWN = '{{"schema": "class-graph/1", "nodes": ["a"], "edges": [{}], "tables": [], "table_edges": []}}'


def test_undirected_sums_parallel_edges_and_drops_loops() -> None:
    edges = (GraphEdge("a", "b", "call", 2.0), GraphEdge("b", "a", "data", 1.0), GraphEdge("a", "a", "call", 5.0))
    whole = undirected(ClassGraph(("a", "b", "c"), edges))
    assert whole.neighbours == [[1], [0], []]
    assert whole.weights == [[3.0], [3.0], []]


def test_snapshot_counts_an_edge_once_per_context() -> None:
    edges = (GraphEdge("a", "b", "call", 1.0, "x", "x"), GraphEdge("b", "c", "call", 1.0, "x", "y"))
    x, y = snapshots(ClassGraph(("a", "b", "c"), edges))
    assert x.neighbours == [[1], [0, 2], [1]]
    assert x.weights == [[2.0], [2.0, 1.0], [1.0]]
    assert y.neighbours == [[], [2], [1]]


def test_tables_join_once_per_kind() -> None:
    graph = ClassGraph(
        ("a", "b"),
        (GraphEdge("a", "b", "call", 1.0),),
        ("t",),
        (TableEdge("a", "t", "READ", "e1"), TableEdge("a", "t", "READ", "e2"), TableEdge("a", "t", "WRITE", "e1")),
    )
    whole = with_tables(graph, 2.0)
    assert whole.neighbours[0] == [1, 2]
    assert whole.weights[0] == [2.0, 2.0]


@given(class_graphs())
def test_file_round_trip(graph: ClassGraph) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "g.json"
        path.write_text(dump_graph(graph))
        assert load_graph(path) == graph


@given(class_graphs())
def test_canonical_forgets_the_order(graph: ClassGraph) -> None:
    assert shuffled(graph, 1).canonical() == graph.canonical()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Expecting property name"),
        ("[]", "neither"),
        (OWN.format('["a", "b", "call", 1, null, null]'), "ends outside"),
        (OWN.format('["a", "a", "calls", 1, null, null]'), "unknown edge kind"),
        ('{"nodes": ["a", "b"], "edges": [["a", "b", 2.0]], "contexts": [[["a", "b", 3.0]]], "transaction_edges": []}', "twice its weight"),
    ],
)
def test_unreadable_graphs_are_input_errors(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "g.json"
    path.write_text(text)
    with pytest.raises(RefactorError) as caught:
        load_graph(path)
    assert caught.value.exit_code == 4
    assert message in str(caught.value)


def test_published_form_gives_back_its_snapshots(tmp_path: Path) -> None:
    contexts = [[["a", "b", 3.0], ["b", "c", 2.0]], [["a", "b", 2.0]], [["a", "b", 1.0]]]
    data = {"nodes": ["a", "b", "c"], "edges": [["a", "b", 3.0], ["b", "c", 1.0]], "contexts": contexts}
    data["transaction_edges"] = [["a", "DATABASE_t"], ["a", "DATABASE_t"], ["b", "DATABASE_t"]]
    path = tmp_path / "sdg.json"
    path.write_text(json.dumps(data))
    graph = load_graph(path)
    assert [e.kind for e in graph.table_edges] == ["READ", "WRITE", "READ"]
    assert [s.weights for s in snapshots(graph)] == [[[3.0], [3.0, 2.0], [2.0]], [[2.0], [2.0], []], [[1.0], [1.0], []]]


@pytest.mark.skipif(not SHARED.exists(), reason="the published DayTrader data is not here")
def test_published_daytrader_graph_is_read_whole() -> None:
    path = SHARED / "daytrader8_class_sdg.json"
    raw = json.loads(path.read_text())
    graph = load_graph(path)
    assert (len(graph.nodes), len(graph.tables), len(graph.table_edges)) == (96, 6, 40)
    assert sum(e.weight for e in graph.edges) == sum(w for _, _, w in raw["edges"]) == 1688
    found = []
    for shot in snapshots(graph):
        rows = [(a, b, w) for a in range(96) for b, w in zip(shot.neighbours[a], shot.weights[a], strict=True) if a < b]
        found.append(sorted((shot.names[a], shot.names[b], w) for a, b, w in rows))
    wanted = []
    for context in raw["contexts"]:
        sums: dict[tuple[str, str], float] = {}
        for a, b, w in context:
            sums[min(a, b), max(a, b)] = sums.get((min(a, b), max(a, b)), 0.0) + w
        wanted.append(sorted((a, b, w) for (a, b), w in sums.items()))
    assert sorted(found) == sorted(wanted)


def test_two_triangles_is_a_sound_graph() -> None:
    two_triangles().check()
