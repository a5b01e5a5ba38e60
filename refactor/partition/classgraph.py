"""From a Program to the class graph that partitioning works on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import cast

from refactor.flow.facts import Facts, index, signature_types
from refactor.ir.program import Program
from refactor.ir.statements import Invoke, Load, MethodHandle, New, Store
from refactor.ir.symbols import ClassSymbol, Origin
from refactor.ir.types import class_names
from refactor.partition.graph import ClassGraph, EdgeKind, GraphEdge

_Add = Callable[[str, "str | None", EdgeKind], None]


def class_graph(program: Program, facts: Facts | None = None) -> ClassGraph:
    """before: a Program   after: one node per top-level class of the main sources, edges weighted by how often and how tightly

    `call`: calls, constructor calls and method references written in the source; `field`: field accesses; `inherit`: one
    per superclass or interface; `type`: one per member whose signature or type names the class. What a nested class does
    is its top-level class's. Contexts and tables are left to the analyses that know them.
    """
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
    for site in facts.sites(MethodHandle):
        add(site.top, facts.top_of_member(cast(MethodHandle, site.statement).method), "call")
    for kind in (Load, Store):
        for site in facts.sites(kind):
            add(site.top, facts.top_of_member(cast(Load | Store, site.statement).field), "field")
    for name, top in facts.top.items():
        _declared(facts, facts.symbol(name), top, add)
    edges = tuple(GraphEdge(s, t, k, float(weights[s, t, k])) for s, t, k in sorted(weights))
    return ClassGraph(nodes, edges)


def _declared(facts: Facts, cls: ClassSymbol, top: str, add: _Add) -> None:
    for parent in facts.hierarchy.direct_supertypes(cls):
        add(top, facts.top.get(parent), "inherit")
    members = [(f.type,) for f in cls.fields] + [signature_types(m) for m in cls.methods if not m.implicit]
    for types in members:
        named = {facts.top[n] for type_ in types for n in class_names(type_) if n in facts.top}
        for target in named:
            add(top, target, "type")
