"""A partition that somebody else made, in the form of a proposal: owners of tables, cut transactions, a reason for each class."""

from __future__ import annotations

import math
from collections.abc import Mapping

from refactor.partition.bounds import bounds
from refactor.partition.constraints import Constraints, contract
from refactor.partition.graph import ClassGraph, Labels
from refactor.partition.metrics import Evidence, cut_write_transactions, measure, table_owners, without_classes
from refactor.partition.partitioner import Options, Proposal
from refactor.partition.reasons import explain
from refactor.partition.transactions import WriteCut
from refactor.support.diagnostics import Diagnostic, Severity


def given_partition(
    graph: ClassGraph, labels: Labels, why: Mapping[str, str], owners: Mapping[str, str] | None = None, evidence: Evidence | None = None
) -> Proposal:
    """before: labels of classes of the graph, and where each comes from in words   after: the same labels as a Proposal

    `owners`: tables that the file gives to a part; the others belong to whom most of their writes come from. Classes without a
    part are left out of the picture and said.
    """
    labels = {n: labels[n] for n in sorted(graph.nodes) if n in labels}
    missing = sorted(set(graph.nodes) - labels.keys())
    placed = without_classes(graph.canonical(), missing)
    rules = Constraints(pins=labels, pin_reasons=why)
    tables = dict(sorted({**table_owners(placed, labels), **(owners or {})}.items()))
    cut = cut_write_transactions(placed, labels, tables)
    cap = max(1, math.floor(rules.max_share * max(1, len(labels))))
    # Nothing is known of other partitions here, so nothing is claimed of the cut but what it is.
    writes = WriteCut((), {}, {}, len(cut), 0, tuple(f"write transaction {entry} is cut" for entry in cut))
    metrics = measure(graph, labels, evidence)
    metrics["cut_write_transactions"] = float(len(cut))
    reasons = explain(placed, labels, tables, rules, writes, cap)
    notes = []
    if missing:
        named = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        message = f"{len(missing)} of {len(graph.nodes)} classes have no part: {named}"
        notes.append(Diagnostic("partition/unassigned", Severity.WARNING, message))
    wanted = Options()
    for name, bound, missed in (
        ("coupling", wanted.max_coupling, metrics["coupling"] > wanted.max_coupling),
        ("ned", wanted.max_ned, metrics["ned"] > wanted.max_ned),
        ("dtp", wanted.min_dtp, metrics["dtp"] < wanted.min_dtp),
        ("largest_share", rules.max_share, metrics["largest_share"] > rules.max_share),
    ):
        if missed:
            notes.append(Diagnostic("partition/target-missed", Severity.NOTE, f"{name} is {metrics[name]:.3f}, the target is {bound:g}"))
    best = bounds(placed, contract(placed.nodes, Constraints()), cap)
    return Proposal(labels, tables, (), reasons, metrics, writes, cut, placed, best, tuple(notes))
