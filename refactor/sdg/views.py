"""The same graph seen from further away: by class, by table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

from refactor.sdg.graph import Edge, EdgeKind, Node, NodeKind, Sdg
from refactor.support.source import Span

_Key = tuple[int, int, EdgeKind, str, int, int]


def class_view(sdg: Sdg, tops: Mapping[str, str], spans: Mapping[str, Span | None]) -> Sdg:
    """before: the method view, class -> its top-level class, the nodes with their places   after: one node per top-level class

    An edge's weight is the number of distinct records behind it: methods and contexts of a call or of passed data, and the object
    of a heap record (CARGO's class graph, Nitin et al., ASE 2022); a field's reader depends on the class that has it.
    """
    names = sorted(spans)
    tables = [n for n in sdg.nodes if n.kind is NodeKind.TABLE]
    nodes = [*(Node(NodeKind.CLASS, name, spans[name]) for name in names), *tables]
    number = {(n.kind, n.name): at for at, n in enumerate(nodes)}
    of: list[int | None] = []
    for node in sdg.nodes:
        key = (node.kind, node.name) if node.kind is NodeKind.TABLE else (NodeKind.CLASS, tops.get(node.name.partition("#")[0], ""))
        of.append(number.get(key))
    found: dict[_Key, tuple[Span | None, int]] = {}
    for edge in sdg.edges:
        a, b = of[edge.source], of[edge.target]
        if a is None or b is None or a == b:
            continue
        label = "" if edge.kind is EdgeKind.HEAP else edge.label
        if edge.kind is EdgeKind.DATA and edge.label == "read":
            a, b = b, a  # who reads a class's field depends on the class
        key_ = a, b, edge.kind, label, edge.source_context, edge.target_context
        span, count = found.get(key_, (edge.span, 0))
        found[key_] = span, count + 1
    return replace(sdg, view="class", nodes=tuple(nodes), edges=_edges(found))


def table_view(sdg: Sdg) -> Sdg:
    """before: any view   after: one node per table; an edge joins two tables that one transaction touches

    Its label says how: "written together" where both are written by it; its weight counts such transactions.
    """
    nodes = tuple(n for n in sdg.nodes if n.kind is NodeKind.TABLE)
    number = {n.name: at for at, n in enumerate(nodes)}
    found: dict[_Key, tuple[Span | None, int]] = {}
    for scope in sdg.scopes:
        for a, b in combinations(sorted({*scope.reads, *scope.writes}), 2):
            label = "written together" if {a, b} <= set(scope.writes) else "together"
            key = number[a], number[b], EdgeKind.TRANSACTION, label, -1, -1
            span, count = found.get(key, (scope.span, 0))
            found[key] = span, count + 1
    return replace(sdg, view="table", nodes=nodes, edges=_edges(found), contexts=())


def _edges(found: Mapping[_Key, tuple[Span | None, int]]) -> tuple[Edge, ...]:
    made = [Edge(*key, span, count) for key, (span, count) in found.items()]
    made.sort(key=lambda e: (e.kind.value, e.source, e.target, e.label, e.source_context, e.target_context))
    return tuple(made)
