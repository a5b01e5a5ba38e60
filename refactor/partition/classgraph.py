"""From a Program to the class graphs that partitioning works on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import cast

from refactor.flow.facts import Facts, index, signature_types
from refactor.ir.program import Program
from refactor.ir.statements import Invoke, Load, New, Store
from refactor.ir.symbols import ClassSymbol, Origin
from refactor.ir.types import class_names
from refactor.partition.graph import ClassGraph, EdgeKind, GraphEdge, TableEdge
from refactor.sdg.calls import resolved_calls
from refactor.sdg.graph import EdgeKind as SdgEdgeKind
from refactor.sdg.graph import NodeKind, Sdg
from refactor.sdg.model import Access, TableFacts
from refactor.sdg.scopes import Scope, scopes
from refactor.sdg.tables.collect import table_facts
from refactor.sdg.views import class_view
from refactor.support.uncollected import uncollected

_Add = Callable[[str, "str | None", EdgeKind], None]
_KINDS: dict[SdgEdgeKind, EdgeKind] = {SdgEdgeKind.CALL: "call", SdgEdgeKind.DATA: "data", SdgEdgeKind.HEAP: "heap"}


def class_graph(program: Program, facts: Facts | None = None, tables: TableFacts | None = None) -> ClassGraph:
    """before: a Program   after: one node per top-level class of the main sources, edges weighted by how often and how tightly

    `call`: calls, constructor calls and method references written in the source; `field`: field accesses; `inherit`: one
    per superclass or interface; `type`: one per member whose signature or type names the class. What a nested class does
    is its top-level class's. Tables with their accesses and transactions are found in the source and its resources too.
    """
    with uncollected():
        return _class_graph(program, facts, tables)


def _class_graph(program: Program, facts: Facts | None, tables: TableFacts | None) -> ClassGraph:
    facts = facts or index(program)
    nodes = tuple(sorted(n for n in facts.members if facts.symbol(n).origin is Origin.MAIN))
    known = frozenset(nodes)
    weights: Counter[tuple[str, str, EdgeKind]] = Counter()

    def add(source: str, target: str | None, kind: EdgeKind) -> None:
        if target is not None and target != source and source in known and target in known:
            weights[source, target, kind] += 1

    for site in facts.sites(Invoke):
        add(site.top, facts.top_of_member(cast(Invoke, site.statement).method), "call")
    for site in facts.sites(New):
        add(site.top, facts.top.get(cast(New, site.statement).cls), "call")
    for kind in (Load, Store):
        for site in facts.sites(kind):
            add(site.top, facts.top_of_member(cast(Load | Store, site.statement).field), "field")
    for name, top in facts.top.items():
        _declared(facts, facts.symbol(name), top, add)
    edges = tuple(GraphEdge(s, t, k, float(weights[s, t, k])) for s, t, k in sorted(weights))
    found = tables if tables is not None else table_facts(facts)
    names = tuple(t.name for t in found.tables)
    if not found.accesses:
        return ClassGraph(nodes, edges, names)
    opened = scopes(facts, resolved_calls(facts, found.by_method), found)
    return ClassGraph(nodes, edges, names, _class_edges(table_edges(facts, found.accesses, opened), known))


def record_graph(sdg: Sdg, facts: Facts) -> ClassGraph:
    """before: the method view of the SDG   after: CARGO's class graph: call, data and heap records with their contexts, and tables

    Without points-to there are no contexts and no heap records, and the whole graph is the only snapshot.
    """
    spans = {n: facts.symbol(n).name_span for n in facts.members if facts.symbol(n).origin is Origin.MAIN}
    view = class_view(sdg, facts.top, spans)
    classes = [n.name for n in view.nodes if n.kind is NodeKind.CLASS]
    weights: Counter[tuple[str, str, EdgeKind, str | None, str | None]] = Counter()
    for e in view.edges:
        if e.kind in _KINDS:
            contexts = view.context(e.source_context), view.context(e.target_context)
            weights[view.nodes[e.source].name, view.nodes[e.target].name, _KINDS[e.kind], *contexts] += e.weight
    order = sorted(weights, key=lambda w: (w[0], w[1], w[2], w[3] or "", w[4] or ""))
    edges = tuple(GraphEdge(s, t, k, float(weights[s, t, k, a, b]), a, b) for s, t, k, a, b in order)
    accesses = _class_edges(table_edges(facts, sdg.accesses, sdg.scopes), frozenset(classes))
    return ClassGraph(tuple(classes), edges, tuple(t.name for t in sdg.tables), accesses)


def table_edges(facts: Facts, accesses: Iterable[Access], opened: Iterable[Scope]) -> tuple[tuple[str, TableEdge], ...]:
    """before: accesses and transactions   after: (the accessing method, its class's edge), each once, sorted

    The transaction is the key of its entry, None for what runs in no known transaction.
    """
    found: dict[tuple[str, TableEdge], None] = {}
    inside: set[Access] = set()
    for scope in opened:
        for access in scope.accesses:
            inside.add(access)
            found[access.method, _edge(facts, access, scope.entry)] = None
    for access in accesses:
        if access.io and access not in inside:
            found[access.method, _edge(facts, access, None)] = None
    return tuple(sorted(found, key=lambda f: (f[1].cls, f[1].table, f[1].kind, f[1].transaction or "", f[0])))


def _edge(facts: Facts, access: Access, transaction: str | None) -> TableEdge:
    owner = access.method.partition("#")[0]
    return TableEdge(facts.top.get(owner, owner), access.table, "WRITE" if access.crud.writes else "READ", transaction)


def _class_edges(edges: Iterable[tuple[str, TableEdge]], known: frozenset[str]) -> tuple[TableEdge, ...]:
    """One READ and one WRITE at most for each accessing class, table and transaction."""
    return tuple(dict.fromkeys(e for _, e in edges if e.cls in known))


def _declared(facts: Facts, cls: ClassSymbol, top: str, add: _Add) -> None:
    for parent in facts.hierarchy.direct_supertypes(cls):
        add(top, facts.top.get(parent), "inherit")
    members = [(f.type,) for f in cls.fields] + [signature_types(m) for m in cls.methods if not m.implicit]
    for types in members:
        named = {facts.top[n] for type_ in types for n in class_names(type_) if n in facts.top}
        for target in named:
            add(top, target, "type")
