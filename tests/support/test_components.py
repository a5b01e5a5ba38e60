"""Strongly connected components are those of networkx."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from refactor.support.components import gathered, numbers, strongly_connected

_NODES = st.sampled_from("abcdefgh")


@given(st.dictionaries(_NODES, st.lists(_NODES, max_size=4)))
def test_same_components_as_networkx(edges: dict[str, list[str]]) -> None:
    graph = nx.DiGraph([(a, b) for a, found in edges.items() for b in found])
    graph.add_nodes_from(edges)
    assert sorted(map(sorted, strongly_connected(edges))) == sorted(map(sorted, nx.strongly_connected_components(graph)))


def test_targets_come_first_and_depth_does_not_matter() -> None:
    assert strongly_connected({"a": ["b"], "b": ["a", "c"]}) == [frozenset("c"), frozenset("ab")]
    long = {str(n): [str(n + 1)] for n in range(50_000)}
    assert len(strongly_connected(long)) == 50_001


@given(st.dictionaries(_NODES, st.lists(_NODES, max_size=4)), st.dictionaries(_NODES, st.integers(0, 15)))
def test_what_a_walk_from_each_node_would_gather(edges: dict[str, list[str]], own: dict[str, int]) -> None:
    graph = nx.DiGraph([(a, b) for a, found in edges.items() for b in found])
    graph.add_nodes_from([*edges, *own])
    found = gathered(edges, own)
    for node in graph:
        bits = 0
        for reached in [node, *nx.descendants(graph, node)]:
            bits |= own.get(reached, 0)
        assert found.get(node, 0) == bits
        assert sum(1 << at for at in numbers(bits)) == bits
