"""Which method reads or writes which table, for a graph whose nodes are finer than classes."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.flow.facts import Facts
from refactor.partition.graph import TableEdge
from refactor.sdg.calls import resolved_calls
from refactor.sdg.scopes import scopes
from refactor.sdg.tables.collect import table_facts


def piece_accesses(facts: Facts) -> Iterator[tuple[str, TableEdge]]:
    """Table edges by method, once per transaction that the access is part of."""
    found = table_facts(facts)
    inside = set()
    for scope in scopes(facts, resolved_calls(facts, found.by_method), found):
        for access in scope.accesses:
            inside.add(access)
            yield access.method, _edge(facts, access.method, access.table, access.crud.writes, scope.entry)
    for access in found.accesses:
        if access.io and access not in inside:
            yield access.method, _edge(facts, access.method, access.table, access.crud.writes, None)


def _edge(facts: Facts, method: str, table: str, writes: bool, entry: str | None) -> TableEdge:
    owner = method.partition("#")[0]
    return TableEdge(facts.top.get(owner, owner), table, "WRITE" if writes else "READ", entry)
