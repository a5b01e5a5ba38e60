"""From a Program to a graph whose nodes are classes, or pieces of classes where their methods could be placed one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import cast

from refactor.flow.facts import Facts
from refactor.ir.program import Body
from refactor.ir.statements import Invoke, InvokeKind, Load, New, Store
from refactor.ir.symbols import Origin
from refactor.partition.graph import ClassGraph, EdgeKind, GraphEdge, TableEdge

Node = Callable[[str, str], str]
"""(member key, its top-level class) -> node. For the class graph: always the class."""


def piece_graph(
    facts: Facts, node: Node, accesses: Iterable[tuple[str, TableEdge]] = (), tables: tuple[str, ...] = ()
) -> ClassGraph:
    """before: Facts, and where each member belongs   after: calls and field accesses of the main sources between nodes

    A call counts once, in equal shares for every body that it may run (class hierarchy analysis), so that a call through an
    interface is an edge to what implements it. `accesses`: table edges by the method that has them.
    """
    weights: dict[tuple[str, str, EdgeKind], list[float]] = {}
    nodes: set[str] = set()
    bodies = facts.program.bodies
    main = frozenset(n for n in facts.members if facts.symbol(n).origin is Origin.MAIN)
    owners: dict[str, str] = {}
    for top in sorted(main):
        divided = {node(b.key, top) for b in facts.bodies.get(top, ()) if b.enclosing is None} - {top}
        nodes |= divided or {top}
        for body in facts.bodies.get(top, ()):
            owners[body.key] = _owner(body, top, node, bodies)

    def add(source: str, keys: Iterable[str], kind: EdgeKind) -> None:
        found = tuple(keys)
        for key in found:
            top = facts.top_of_member(key)
            if top in main:
                target = owners.get(key) or node(key, top)
                if source != target:
                    weights.setdefault((source, target, kind), []).append(1 / len(found))

    targets: dict[tuple[str, bool], tuple[str, ...]] = {}

    def runs(key: str | None, virtual: bool) -> tuple[str, ...]:
        if key is None:
            return ()
        if (key, virtual) not in targets:
            targets[key, virtual] = _runs(facts, key, virtual)
        return targets[key, virtual]

    for site in facts.sites(Invoke):
        if site.top in main:
            call = cast(Invoke, site.statement)
            add(owners[site.body.key], runs(call.method, call.kind in (InvokeKind.VIRTUAL, InvokeKind.INTERFACE)), "call")
    for site in facts.sites(New):
        if site.top in main:
            new = cast(New, site.statement)
            add(owners[site.body.key], (new.constructor or f"{new.cls}#<init>()V",), "call")
    for kind in (Load, Store):
        for site in facts.sites(kind):
            if site.top in main:
                add(owners[site.body.key], (cast(Load | Store, site.statement).field,), "field")
    edges = []
    for (source, target, what), shares in sorted(weights.items()):
        if source in nodes and target in nodes:
            edges.append(GraphEdge(source, target, what, sum(sorted(shares))))
    found = {}
    for method, e in accesses:
        at = owners.get(method, e.cls)
        if at in nodes:
            found[at, e.table, e.kind, e.transaction] = TableEdge(at, e.table, e.kind, e.transaction, e.weight)
    return ClassGraph(tuple(sorted(nodes)), tuple(edges), tables, tuple(found[k] for k in sorted(found, key=str)))


def _owner(body: Body, top: str, node: Node, bodies: Mapping[str, Body]) -> str:
    """A lambda belongs where the method around it does."""
    while body.enclosing is not None and body.enclosing in bodies:
        body = bodies[body.enclosing]
    return node(body.key, top)


def _runs(facts: Facts, key: str, virtual: bool) -> tuple[str, ...]:
    """The bodies that a call of a method may run; the method itself where none is known."""
    if not virtual or facts.top_of_member(key) is None:
        return (key,)
    found = (*facts.dispatch.overriding(key), *facts.dispatch.functions(key))
    return tuple(k for k in found if not facts.is_test(facts.top[facts.program.bodies[k].owner])) or (key,)


def gather(graph: ClassGraph, labels: Mapping[str, str], class_of: Mapping[str, str]) -> tuple[ClassGraph, dict[str, str]]:
    """before: a placed graph of pieces   after: one node for all pieces of a class in one part, as the code would have it, and its part

    What a partition with pieces is measured on: sizes count a class once in each part that has some of it.
    """
    name = {n: f"{class_of[n]}@{labels[n]}" if n in class_of else n for n in labels}
    found = {name[n]: part for n, part in labels.items()}
    weights: dict[tuple[str, str, EdgeKind], list[float]] = {}
    for e in graph.edges:
        if e.source in name and e.target in name and name[e.source] != name[e.target]:
            weights.setdefault((name[e.source], name[e.target], e.kind), []).append(e.weight)
    edges = tuple(GraphEdge(s, t, k, sum(sorted(w))) for (s, t, k), w in sorted(weights.items()))
    accesses = {(name[e.cls], e.table, e.kind, e.transaction): e for e in graph.table_edges if e.cls in name}
    tables = tuple(TableEdge(c, t, k, x, e.weight) for (c, t, k, x), e in sorted(accesses.items(), key=str))
    return ClassGraph(tuple(sorted(found)), edges, graph.tables, tables), found
