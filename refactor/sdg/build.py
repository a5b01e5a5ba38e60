"""From a Program to its system dependency graph."""

from __future__ import annotations

from refactor.flow.facts import Facts, index
from refactor.flow.opencalls import open_calls
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
    made.diagnostics += _unknown_lookups(facts)
    if points_to is not None:
        made.heap(points_to)
        made.diagnostics += points_to.diagnostics
    found = scopes(facts, calls, tables)
    made.transactions(tables, found)
    unreachable = tuple((u.method, u.reason) for u in calls.unreachable if made.is_main(u.method))
    return made.graph(calls.policy, tables, found, unreachable)


def _unknown_lookups(facts: Facts) -> list[Diagnostic]:
    """What is looked up by a name that no constant says, or made of a class that is not in the program."""
    message = "{}: what this means is said by no constant; the graph has what constants name, and may lack other calls"
    help_ = "a constant name, or a class literal, is followed"
    bodies = facts.program.bodies
    lookups = [one for one in open_calls(facts).lookups if facts.symbol(bodies[one.body].owner).origin is Origin.MAIN]
    return [Diagnostic("sdg/open-call", Severity.WARNING, message.format(one.via), one.span, help=help_) for one in lookups]


class _Builder:
    """Nodes and edges get numbers in the order in which they are found, and final ones when all are known."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._main = {name for name, top in facts.top.items() if facts.symbol(top).origin is Origin.MAIN}
        self._numbers: tuple[dict[str, int], ...] = tuple({} for _ in _NODE_KINDS)  # by kind: name -> number
        self._nodes: list[tuple[int, str]] = []
        self._spans: list[Span | None] = []
        self._contexts: dict[str, int] = {"": -1}
        self._edges: dict[_EdgeKey, tuple[Span | None, int]] = {}
        self.diagnostics: list[Diagnostic] = []

    def is_main(self, key: str) -> bool:
        return key.partition("#")[0] in self._main

    def methods(self, tables: TableFacts) -> None:
        for key, body in self._facts.program.bodies.items():
            if body.enclosing is None and self.is_main(key):
                self._node(_METHOD, key, body.span)
        for name in self._facts.top:
            for method in self._facts.symbol(name).methods if name in self._main else ():
                if not method.implicit:
                    self._node(_METHOD, method.key, method.span)
        for access in tables.accesses:
            self._node(_METHOD, access.method, access.span)
        for table in tables.tables:
            self._node(_TABLE, table.name, table.spans[0] if table.spans else None)

    def calls(self, calls: Calls) -> None:
        for call in calls.edges:
            if not (self.is_main(call.caller) and self.is_main(call.callee)):
                continue
            a, b = self._node(_METHOD, call.caller), self._node(_METHOD, call.callee)
            contexts = self._context(call.caller_context or ""), self._context(call.callee_context or "")
            self._add(a, b, _CALL, call.via, *contexts, call.span)
            if call.arguments:
                self._add(a, b, _DATA, "arguments", *contexts, call.span)
            if call.result:
                self._add(b, a, _DATA, "result", contexts[1], contexts[0], call.span)

    def fields(self, points_to: PointsTo | None) -> None:
        """A field that one method writes and another one reads, with a node for it in between."""
        labels = self._labels(points_to) if points_to else []
        for kind in (Store, Load):
            for site in self._facts.sites(kind):
                statement = site.statement
                if not isinstance(statement, Load | Store) or not self.is_main(statement.field) or not self.is_main(site.body.key):
                    continue
                field = self._numbers[_FIELD].get(statement.field)
                if field is None:
                    symbol = self._facts.program.field(statement.field)
                    field = self._node(_FIELD, statement.field, symbol.name_span if symbol else None)
                method = self._node(_METHOD, method_of(self._facts, site.body.key))
                contexts = points_to.reached.get(site.body.key, ()) if points_to else ()
                for context in [labels[c] for c in contexts] or [-1]:
                    if kind is Store:
                        self._add(method, field, _DATA, "write", context, -1, statement.span)
                    else:
                        self._add(field, method, _DATA, "read", -1, context, statement.span)

    def heap(self, points_to: PointsTo) -> None:
        """One method writes, another one reads the same part of the same abstract object."""
        labels = self._labels(points_to)
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
                        ends = self._node(_METHOD, writer), self._node(_METHOD, reader)
                        self._add(*ends, _HEAP, label, labels[a], labels[b], span)

    def transactions(self, tables: TableFacts, found: tuple[Scope, ...]) -> None:
        for access in tables.accesses:
            if access.io:
                ends = self._node(_METHOD, access.method), self._node(_TABLE, access.table)
                self._add(*ends, _TRANSACTION, access.crud.value, -1, -1, access.span)
        for scope in found:
            for table in sorted({*scope.reads, *scope.writes}):
                ends = self._node(_METHOD, scope.entry), self._node(_TABLE, table)
                self._add(*ends, _TRANSACTION, "entry", -1, -1, scope.span)

    def _node(self, kind: int, name: str, span: Span | None = None) -> int:
        numbers = self._numbers[kind]
        number = numbers.get(name)
        if number is None:
            number = numbers[name] = len(self._nodes)
            self._nodes.append((kind, name))
            self._spans.append(span)
        return number

    def _context(self, text: str) -> int:
        return self._contexts.setdefault(text, len(self._contexts) - 1)

    def _labels(self, points_to: PointsTo) -> list[int]:
        return [self._context(" > ".join(c)) for c in points_to.contexts]

    def _add(
        self, source: int, target: int, kind: int, label: str, source_context: int, target_context: int, span: Span | None
    ) -> None:
        if source == target:
            return
        key = kind, source, target, label, source_context, target_context
        known = self._edges.get(key)
        self._edges[key] = (span, 1) if known is None else (known[0], known[1] + 1)

    def graph(self, policy: str, tables: TableFacts, found: tuple[Scope, ...], unreachable: tuple[tuple[str, str], ...]) -> Sdg:
        order = sorted(range(len(self._nodes)), key=self._nodes.__getitem__)
        number = [0] * len(order)
        for at, old in enumerate(order):
            number[old] = at
        used = {c for key in self._edges for c in key[4:6] if c >= 0}
        contexts = sorted(text for text, c in self._contexts.items() if c in used)
        context = {self._contexts[text]: at for at, text in enumerate(contexts)} | {-1: -1}
        rows = [
            (kind, number[s], number[t], label, context[a], context[b], span, count)
            for (kind, s, t, label, a, b), (span, count) in self._edges.items()
        ]
        rows.sort(key=lambda row: row[:6])
        edges = [Edge(s, t, _EDGE_KINDS[kind], label, a, b, span, count) for kind, s, t, label, a, b, span, count in rows]
        nodes = tuple(Node(_NODE_KINDS[self._nodes[old][0]], self._nodes[old][1], self._spans[old]) for old in order)
        diagnostics = (*tables.diagnostics, *self.diagnostics)
        return Sdg("method", policy, nodes, tuple(edges), tuple(contexts), tables.tables, tables.accesses, found, unreachable, diagnostics)


_EdgeKey = tuple[int, int, int, str, int, int]  # kind, ends, label, contexts
# Numbers in place of members: they are hashed and compared for every edge.
_NODE_KINDS = tuple(NodeKind)
_METHOD, _FIELD, _TABLE = (_NODE_KINDS.index(kind) for kind in (NodeKind.METHOD, NodeKind.FIELD, NodeKind.TABLE))
_EDGE_KINDS = tuple(sorted(EdgeKind, key=lambda kind: kind.value))
_CALL, _DATA, _HEAP, _TRANSACTION = (_EDGE_KINDS.index(k) for k in (EdgeKind.CALL, EdgeKind.DATA, EdgeKind.HEAP, EdgeKind.TRANSACTION))
