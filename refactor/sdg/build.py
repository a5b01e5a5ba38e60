"""From a Program to its system dependency graph."""

from __future__ import annotations

from refactor.flow.facts import Facts, index
from refactor.ir.program import Program
from refactor.ir.statements import Load, Store
from refactor.ir.symbols import Origin
from refactor.pointsto.result import AccessKind, ObjectKind, PointsTo
from refactor.sdg.calls import Calls, method_of, points_to_calls, resolved_calls
from refactor.sdg.graph import Edge, EdgeKind, Node, NodeKind, Sdg
from refactor.sdg.model import TableFacts
from refactor.sdg.scopes import Scope, scopes
from refactor.sdg.tables.collect import table_facts
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.source import Span

_PAIRS = 20_000
"""Writers times readers of one object's field, above which its pairs are not written out (a process-wide registry)."""


def build_sdg(
    program: Program,
    facts: Facts | None = None,
    tables: TableFacts | None = None,
    calls: Calls | None = None,
    points_to: PointsTo | None = None,
) -> Sdg:
    """before: a Program   after: methods, fields and tables of its main sources, and the edges between them

    `calls` replaces the call graph; by default it is that of `points_to`, else by class hierarchy. Heap edges and contexts need
    `points_to`; without it the fields that methods share stand for the heap.
    """
    facts = facts or index(program)
    tables = tables or table_facts(facts)
    if calls is None:
        bodiless = tables.by_method
        calls = points_to_calls(facts, points_to, bodiless) if points_to else resolved_calls(facts, bodiless)
    made = _Builder(facts)
    made.methods(tables)
    made.calls(calls)
    made.fields(points_to)
    if points_to is not None:
        made.heap(points_to)
        made.diagnostics += points_to.diagnostics
    found = scopes(facts, calls, tables)
    made.transactions(tables, found)
    unreachable = tuple((u.method, u.reason) for u in calls.unreachable if made.is_main(u.method))
    return made.graph(calls.policy, tables, found, unreachable)


class _Builder:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._nodes: dict[tuple[NodeKind, str], Span | None] = {}
        self._edges: dict[tuple[tuple[NodeKind, str], tuple[NodeKind, str], EdgeKind, str, str, str], tuple[Span | None, int]] = {}
        self.diagnostics: list[Diagnostic] = []

    def is_main(self, key: str) -> bool:
        top = self._facts.top.get(key.partition("#")[0])
        return top is not None and self._facts.symbol(top).origin is Origin.MAIN

    def methods(self, tables: TableFacts) -> None:
        for key, body in self._facts.program.bodies.items():
            if body.enclosing is None and self.is_main(key):
                self._nodes[NodeKind.METHOD, key] = body.span
        for name in self._facts.top:
            for method in self._facts.symbol(name).methods if self.is_main(name) else ():
                if not method.implicit:
                    self._nodes.setdefault((NodeKind.METHOD, method.key), method.span)
        for access in tables.accesses:
            self._nodes.setdefault((NodeKind.METHOD, access.method), access.span)
        for table in tables.tables:
            self._nodes[NodeKind.TABLE, table.name] = table.spans[0] if table.spans else None

    def calls(self, calls: Calls) -> None:
        for call in calls.edges:
            if not (self.is_main(call.caller) and self.is_main(call.callee)):
                continue
            a, b = (NodeKind.METHOD, call.caller), (NodeKind.METHOD, call.callee)
            contexts = call.caller_context or "", call.callee_context or ""
            self._add(a, b, EdgeKind.CALL, call.via, *contexts, call.span)
            if call.arguments:
                self._add(a, b, EdgeKind.DATA, "arguments", *contexts, call.span)
            if call.result:
                self._add(b, a, EdgeKind.DATA, "result", contexts[1], contexts[0], call.span)

    def fields(self, points_to: PointsTo | None) -> None:
        """A field that one method writes and another one reads, with a node for it in between."""
        labels = [" > ".join(c) for c in points_to.contexts] if points_to else []
        for kind in (Store, Load):
            for site in self._facts.sites(kind):
                statement = site.statement
                if not isinstance(statement, Load | Store) or not self.is_main(statement.field) or not self.is_main(site.body.key):
                    continue
                symbol = self._facts.program.field(statement.field)
                method, field = (NodeKind.METHOD, method_of(self._facts, site.body.key)), (NodeKind.FIELD, statement.field)
                self._nodes.setdefault(field, symbol.name_span if symbol else None)
                contexts = points_to.reached.get(site.body.key, ()) if points_to else ()
                for context in [labels[c] for c in contexts] or [""]:
                    if kind is Store:
                        self._add(method, field, EdgeKind.DATA, "write", context, "", statement.span)
                    else:
                        self._add(field, method, EdgeKind.DATA, "read", "", context, statement.span)

    def heap(self, points_to: PointsTo) -> None:
        """One method writes, another one reads the same part of the same abstract object."""
        labels = [" > ".join(c) for c in points_to.contexts]
        touched: dict[tuple[int, str], tuple[dict[tuple[str, int], Span], dict[tuple[str, int], Span]]] = {}
        for access in points_to.accesses:
            if access.object is None or not self.is_main(access.method):
                continue  # static fields have their own nodes
            if points_to.objects[access.object].kind is ObjectKind.MERGED:
                continue
            writers, readers = touched.setdefault((access.object, access.field), ({}, {}))
            key = method_of(self._facts, access.method), access.context
            (writers if access.kind is AccessKind.WRITE else readers).setdefault(key, access.span)
        for (number, field), (writers, readers) in touched.items():
            label = points_to.objects[number].label
            if len(writers) * len(readers) > _PAIRS:
                message = f"{len(writers)} writers and {len(readers)} readers share {field.partition('#')[2] or 'the state'} of {label}"
                help_ = "their pairs are not in the graph; the field's own edges are"
                self.diagnostics.append(Diagnostic("sdg/heap-pairs", Severity.NOTE, message, points_to.objects[number].span, help=help_))
                continue
            for (writer, a), span in writers.items():
                for reader, b in readers:
                    if writer != reader:
                        ends = (NodeKind.METHOD, writer), (NodeKind.METHOD, reader)
                        self._add(*ends, EdgeKind.HEAP, label, labels[a], labels[b], span)

    def transactions(self, tables: TableFacts, found: tuple[Scope, ...]) -> None:
        for access in tables.accesses:
            if access.io:
                ends = (NodeKind.METHOD, access.method), (NodeKind.TABLE, access.table)
                self._add(*ends, EdgeKind.TRANSACTION, access.crud.value, "", "", access.span)
        for scope in found:
            for table in sorted({*scope.reads, *scope.writes}):
                self._add((NodeKind.METHOD, scope.entry), (NodeKind.TABLE, table), EdgeKind.TRANSACTION, "entry", "", "", scope.span)

    def _add(
        self,
        source: tuple[NodeKind, str],
        target: tuple[NodeKind, str],
        kind: EdgeKind,
        label: str,
        source_context: str,
        target_context: str,
        span: Span | None,
    ) -> None:
        if source == target:
            return
        self._nodes.setdefault(source, None)
        self._nodes.setdefault(target, None)
        key = source, target, kind, label, source_context, target_context
        first, count = self._edges.get(key, (span, 0))
        self._edges[key] = first, count + 1

    def graph(self, policy: str, tables: TableFacts, found: tuple[Scope, ...], unreachable: tuple[tuple[str, str], ...]) -> Sdg:
        kinds = list(NodeKind)
        order = sorted(self._nodes, key=lambda n: (kinds.index(n[0]), n[1]))
        number = {node: at for at, node in enumerate(order)}
        contexts = sorted({c for key in self._edges for c in key[4:6] if c})
        context = {text: at for at, text in enumerate(contexts)} | {"": -1}
        edges = [
            Edge(number[s], number[t], kind, label, context[a], context[b], span, count)
            for (s, t, kind, label, a, b), (span, count) in self._edges.items()
        ]
        edges.sort(key=lambda e: (e.kind.value, e.source, e.target, e.label, e.source_context, e.target_context))
        nodes = tuple(Node(kind, name, self._nodes[kind, name]) for kind, name in order)
        diagnostics = (*tables.diagnostics, *self.diagnostics)
        return Sdg("method", policy, nodes, tuple(edges), tuple(contexts), tables.tables, tables.accesses, found, unreachable, diagnostics)
