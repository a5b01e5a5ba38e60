"""Read class graphs from files: this project's own JSON, and the published class-level SDG of CARGO's loader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from refactor.partition.graph import EDGE_KINDS, ClassGraph, EdgeKind, GraphEdge, TableEdge
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

SCHEMA = "class-graph/1"
SDG_SCHEMA = "sdg/1"


def load_graph(path: Path) -> ClassGraph:
    """before: a JSON file of either form   after: a checked ClassGraph

    A file that is not one of them ends the command with exit code 4.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        _unreadable(path, str(error))
    try:
        if isinstance(data, dict) and data.get("schema") == SCHEMA:
            graph = _own(data)
        elif isinstance(data, dict) and data.get("schema") == SDG_SCHEMA and data.get("view") == "class":
            graph = _class_view(data)
        elif isinstance(data, dict) and {"nodes", "edges", "contexts", "transaction_edges"} <= set(data):
            graph = _published_sdg(data)
        else:
            forms = "the SDG's class view, nor a class-level SDG (nodes, edges, contexts, transaction_edges)"
            _unreadable(path, f'neither "schema": "{SCHEMA}", nor {forms}')
        graph.check()
    except (KeyError, TypeError, ValueError) as error:
        _unreadable(path, f"{type(error).__name__}: {error}")
    return graph


def dump_graph(graph: ClassGraph) -> str:
    """The graph as JSON text that `load_graph` reads back unchanged."""
    data = {
        "schema": SCHEMA,
        "nodes": list(graph.nodes),
        "edges": [[e.source, e.target, e.kind, e.weight, e.source_context, e.target_context] for e in graph.edges],
        "tables": list(graph.tables),
        "table_edges": [[e.cls, e.table, e.kind, e.transaction, e.weight] for e in graph.table_edges],
    }
    return json.dumps(data, indent=1) + "\n"


def _own(data: dict[str, Any]) -> ClassGraph:
    edges = []
    for source, target, kind, weight, source_context, target_context in data["edges"]:
        if kind not in EDGE_KINDS:
            raise ValueError(f"unknown edge kind {kind!r}")
        edges.append(GraphEdge(source, target, kind, float(weight), source_context, target_context))
    accesses = []
    for cls, table, kind, transaction, weight in data["table_edges"]:
        if kind not in ("READ", "WRITE"):
            raise ValueError(f"unknown table access {kind!r}")
        accesses.append(TableEdge(cls, table, kind, transaction, float(weight)))
    return ClassGraph(tuple(data["nodes"]), tuple(edges), tuple(data["tables"]), tuple(accesses))


def _class_view(data: dict[str, Any]) -> ClassGraph:
    """What `refactor graph -o x.json` writes: nodes by number, edges by kind, accesses, and the accesses of each transaction."""
    nodes = [(node[0], node[1]) for node in data["nodes"]]
    contexts: list[str | None] = [*data["contexts"], None]  # -1: none
    weights: dict[tuple[str, str, EdgeKind, str | None, str | None], float] = {}
    kinds: tuple[EdgeKind, ...] = ("call", "data", "heap")
    for kind in kinds:
        for source, target, _, a, b, _, weight in data["edges"][kind]:
            key = nodes[source][1], nodes[target][1], kind, contexts[a], contexts[b]
            weights[key] = weights.get(key, 0.0) + float(weight)
    edges = tuple(GraphEdge(s, t, kind, weight, a, b) for (s, t, kind, a, b), weight in weights.items())
    classes = tuple(name for what, name in nodes if what == "class")
    known = frozenset(classes)
    found: dict[TableEdge, None] = {}
    inside = {number for t in data["transactions"] for number in t["accesses"]}
    owned = [(number, t["entry"]) for t in data["transactions"] for number in t["accesses"]]
    for number, transaction in [*owned, *((n, None) for n in range(len(data["accesses"])) if n not in inside)]:
        access = data["accesses"][number]
        cls = _top_of(access["method"].partition("#")[0], known)
        if access["io"] and cls is not None:
            found[TableEdge(cls, access["table"], "READ" if access["crud"] == "R" else "WRITE", transaction)] = None
    order = sorted(found, key=lambda e: (e.cls, e.table, e.kind, e.transaction or ""))
    return ClassGraph(classes, edges, tuple(t["name"] for t in data["tables"]), tuple(order))


def _top_of(cls: str, known: frozenset[str]) -> str | None:
    """before: a.Order$Line   after: a.Order, the class of the graph that it stands in"""
    while cls not in known and "$" in cls:
        cls = cls.rpartition("$")[0]
    return cls if cls in known else None


def _published_sdg(data: dict[str, Any]) -> ClassGraph:
    """The published file gives, per edge, its total and its weight in each context's snapshot, and no kinds.

    A record of the SDG has two contexts and adds one to each of their snapshots, so an edge's snapshot weights sum to
    twice its total. Which contexts were paired is not in the file, and no snapshot depends on it: pairing them off in
    order gives edges with exactly the published totals and snapshots. Kinds are not in the file either; every edge is
    given as `call`. A class and table listed twice is a READ and a WRITE, listed once a READ. The class of a
    transaction edge is the transaction's entry.
    """
    shares: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for at, snapshot in enumerate(data["contexts"]):
        for source, target, weight in snapshot:
            shares.setdefault((source, target), []).append((f"context{at}", float(weight)))
    edges: list[GraphEdge] = []
    for source, target, total in data["edges"]:
        found = shares.pop((source, target), [])
        if sum(weight for _, weight in found) != 2 * total:
            raise ValueError(f"the contexts of {source} -> {target} do not sum to twice its weight {total}")
        edges.extend(GraphEdge(source, target, "call", weight, a, b) for a, b, weight in _pair_off(found))
    if shares:
        raise ValueError(f"{len(shares)} edges of contexts are not edges of the graph")
    seen: dict[tuple[str, str], int] = {}
    accesses: list[TableEdge] = []
    for cls, node in data["transaction_edges"]:
        table = node.removeprefix("DATABASE_")
        times = seen[cls, table] = seen.get((cls, table), 0) + 1
        if times > 2:
            raise ValueError(f"{cls} -> {table} is listed more than twice")
        accesses.append(TableEdge(cls, table, "READ" if times == 1 else "WRITE", cls))
    tables = tuple(dict.fromkeys(access.table for access in accesses))
    return ClassGraph(tuple(data["nodes"]), tuple(edges), tables, tuple(accesses))


def _pair_off(shares: list[tuple[str, float]]) -> Iterator[tuple[str, str, float]]:
    """before: [(c1, 3), (c2, 1)]   after: (c1, c1, 1), (c1, c2, 1): each context keeps its share, records are whole."""
    pending: str | None = None
    for context, share in shares:
        if share != int(share):
            raise ValueError(f"the weight {share} in {context} is not a number of records")
        left = int(share)
        if pending is not None and left:
            yield pending, context, 1.0
            pending, left = None, left - 1
        if left // 2:
            yield context, context, float(left // 2)
        if left % 2:
            pending = context


def _unreadable(path: Path, why: str) -> NoReturn:
    raise RefactorError(
        [
            Diagnostic(
                "partition/graph-unreadable",
                Severity.ERROR,
                f"{path}: {why}",
                help="give a class graph written by `refactor graph -o x.json`, or CARGO's class-level SDG",
            )
        ],
        exit_code=4,
    )
