"""The class graph: what partitioning sees of a program, whatever language it came from.

Simplifications, all of them deliberate:
- a node is a class; what its methods and fields do is summed onto it;
- an edge keeps its kind, a weight (number of records behind it) and the calling and called context, nothing else;
- a table edge joins a class to a database table, at most one READ and one WRITE per class, table and transaction.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

EdgeKind = Literal["call", "data", "heap", "inherit", "type", "field"]
AccessKind = Literal["READ", "WRITE"]
EDGE_KINDS: tuple[EdgeKind, ...] = ("call", "data", "heap", "inherit", "type", "field")

Labels = Mapping[str, str]
"""A partition as the algorithms pass it round: class name -> part name. A class without an entry is unassigned."""


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A dependency of `source` on `target`; a context is None where the analysis had none."""

    source: str
    target: str
    kind: EdgeKind
    weight: float = 1.0
    source_context: str | None = None
    target_context: str | None = None


@dataclass(frozen=True, slots=True)
class TableEdge:
    """`cls` reads or writes `table` inside `transaction` (the name of its entry, None where unknown)."""

    cls: str
    table: str
    kind: AccessKind
    transaction: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ClassGraph:
    """Classes, tables and the edges between them. Every edge end is a node or a table of the graph."""

    nodes: tuple[str, ...]
    edges: tuple[GraphEdge, ...] = ()
    tables: tuple[str, ...] = ()
    table_edges: tuple[TableEdge, ...] = ()

    def check(self) -> None:
        """Raises ValueError where an edge end is unknown, a node is doubled or a weight is not positive.

        Such a graph is a defect of whoever built it, not of the user's program.
        """
        nodes, tables = set(self.nodes), set(self.tables)
        if len(nodes) != len(self.nodes) or len(tables) != len(self.tables):
            raise ValueError("a class or a table occurs twice in the graph")
        for edge in self.edges:
            if edge.source not in nodes or edge.target not in nodes:
                raise ValueError(f"edge {edge.source} -> {edge.target} ends outside the graph")
            if not edge.weight > 0:
                raise ValueError(f"edge {edge.source} -> {edge.target} has weight {edge.weight}")
        for access in self.table_edges:
            if access.cls not in nodes or access.table not in tables:
                raise ValueError(f"table edge {access.cls} -> {access.table} ends outside the graph")
            if not access.weight > 0:
                raise ValueError(f"table edge {access.cls} -> {access.table} has weight {access.weight}")

    def canonical(self) -> ClassGraph:
        """The same graph with everything sorted: algorithms that promise order independence start here."""
        return ClassGraph(
            tuple(sorted(self.nodes)),
            tuple(sorted(self.edges, key=_edge_key)),
            tuple(sorted(self.tables)),
            tuple(sorted(self.table_edges, key=lambda e: (e.cls, e.table, e.kind, e.transaction or "", e.weight))),
        )


@dataclass(frozen=True, slots=True)
class Adjacency:
    """An undirected weighted graph on node numbers, parallel edges summed, no loops, neighbours ascending.

    The form every propagation works on: two lists per node instead of a dict per node, because sweeps read them
    millions of times.
    """

    names: tuple[str, ...]
    neighbours: list[list[int]] = field(repr=False)
    weights: list[list[float]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.names)


def _edge_key(edge: GraphEdge) -> tuple[str, str, str, str, str, float]:
    return edge.source, edge.target, edge.kind, edge.source_context or "", edge.target_context or "", edge.weight


def adjacency(names: Iterable[str], edges: Iterable[tuple[str, str, float]]) -> Adjacency:
    """Sum the edges into an undirected simple graph over `names`, in the order given.

    before: names a, b; edges a->b 2, b->a 1, a->a 5   after: a - b with weight 3
    """
    order = tuple(names)
    index = {name: at for at, name in enumerate(order)}
    rows: list[dict[int, list[float]]] = [{} for _ in order]
    for source, target, weight in edges:
        a, b = index[source], index[target]
        if a != b:
            rows[a].setdefault(b, []).append(weight)
            rows[b].setdefault(a, []).append(weight)
    neighbours = [sorted(row) for row in rows]
    # Sorting before summing makes the float sum independent of the order of the edges.
    weights = [[sum(sorted(rows[at][other])) for other in row] for at, row in enumerate(neighbours)]
    return Adjacency(order, neighbours, weights)


def without_contexts(graph: ClassGraph) -> ClassGraph:
    """The same graph with one edge for each pair of classes and kind, weights summed over contexts."""
    sums: dict[tuple[str, str, EdgeKind], list[float]] = {}
    for e in graph.edges:
        sums.setdefault((e.source, e.target, e.kind), []).append(e.weight)
    edges = tuple(GraphEdge(*key, math.fsum(sorted(sums[key]))) for key in sorted(sums))
    return ClassGraph(graph.nodes, edges, graph.tables, graph.table_edges)


def undirected(graph: ClassGraph) -> Adjacency:
    """All edges of the class graph, undirected and summed, in node order."""
    return adjacency(graph.nodes, ((e.source, e.target, e.weight) for e in graph.edges))


def with_tables(graph: ClassGraph, class_factor: float) -> Adjacency:
    """The whole graph plus the tables as nodes after the classes; class edges count `class_factor` times."""
    pairs = [(e.source, e.target, e.weight * class_factor) for e in graph.edges]
    accesses = {(e.cls, e.table, e.kind): 1.0 for e in graph.table_edges}
    pairs += [(cls, "\0" + table, weight) for (cls, table, _), weight in accesses.items()]
    return adjacency([*graph.nodes, *("\0" + table for table in graph.tables)], pairs)


def snapshots(graph: ClassGraph) -> list[Adjacency]:
    """One graph per context, in order of first appearance; the rest of the nodes stand isolated in it.

    An edge counts once for each of its two contexts, so twice in the snapshot where both are the same.
    Without any context at all the whole graph is the only snapshot.
    """
    by_context: dict[str, list[tuple[str, str, float]]] = {}
    for edge in graph.edges:
        if edge.source == edge.target:
            continue
        for context in (edge.source_context, edge.target_context):
            if context is not None:
                by_context.setdefault(context, []).append((edge.source, edge.target, edge.weight))
    if not by_context:
        return [undirected(graph)]
    return [adjacency(graph.nodes, edges) for edges in by_context.values()]
