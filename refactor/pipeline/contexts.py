"""The class graph with contexts, where points-to can afford it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from refactor.flow.facts import Facts
from refactor.ir.program import Program
from refactor.partition.classgraph import record_graph
from refactor.partition.graph import ClassGraph
from refactor.partition.weights import both_views
from refactor.pipeline.graph import graph_of


@dataclass(frozen=True, slots=True)
class Views:
    """`written`: the class graph, weights counted in the source. `records`: the same classes with call, data and heap records under their
    contexts, None where there are none, and then `why` says why. Tables and transactions are those of `written` in both.
    """

    written: ClassGraph
    records: ClassGraph | None
    why: str = ""

    @property
    def both(self) -> ClassGraph:
        """What a proposal with contexts looks at: each view has half of the weight."""
        return both_views(self.written, self.records) if self.records else self.written

    @property
    def measured(self) -> ClassGraph:
        """What answers are compared on: the graph that the published algorithms work on, where it is there."""
        return self.records or self.written


def views_of(program: Program, facts: Facts, written: ClassGraph) -> Views:
    """before: the class graph   after: it beside the record graph; points-to bounds its own work, so this ends"""
    sdg = graph_of(program, facts)
    if not sdg.contexts:
        return Views(written, None, next((d.message for d in sdg.diagnostics if d.id.startswith("sdg/")), "points-to found no contexts"))
    records = record_graph(sdg, facts)
    return Views(written, replace(records, tables=written.tables, table_edges=written.table_edges))
