"""One table: a proposal beside what the published algorithms and the trivial answer give on the same graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from refactor.partition.cargo import cargo_native
from refactor.partition.graph import ClassGraph
from refactor.partition.metrics import Evidence, measure, stability
from refactor.partition.partitioner import Proposal
from refactor.partition.propagation import label_propagation, louvain

COLUMNS = (
    *("parts", "largest", "largest_share", "coupling", "cohesion_cargo", "dtp", "ned", "sm", "icp"),
    *("cut_write_transactions", "stability"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """Means over the runs of one algorithm, by metric; stability is there only where there was more than one run."""

    name: str
    runs: int
    metrics: dict[str, float]


def compare(
    graph: ClassGraph,
    proposals: Sequence[tuple[str, Proposal]],
    ks: Sequence[int] = (3, 5, 7, 9, 11, 13),
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    evidence: Evidence | None = None,
) -> tuple[Row, ...]:
    """before: a graph and named proposals   after: a row for each, then CARGO, label propagation, Louvain, one part

    A proposal that copies classes is measured on the graph without them, as its own metrics are.
    CARGO's stability is taken over the seeds at each k and then averaged: runs of different k are not meant to agree.
    """
    canonical = graph.canonical()
    rows = []
    for name, proposal in proposals:
        values = measure(proposal.placed, proposal.labels, evidence)
        rows.append(Row(name, 1, {**values, "cut_write_transactions": float(len(proposal.cut_transactions))}))
    by_k = [[cargo_native(canonical, k, s).labels for s in seeds] for k in ks]
    rows.append(_row(f"CARGO, K {min(ks)}..{max(ks)}", canonical, by_k, evidence))
    rows.append(_row("CARGO, no K", canonical, [[cargo_native(canonical, None, s).labels for s in seeds]], evidence))
    others: tuple[tuple[str, Callable[[ClassGraph, int], dict[str, str]]], ...] = (
        ("label propagation", label_propagation),
        ("Louvain", louvain),
    )
    for name, algorithm in others:
        rows.append(_row(name, canonical, [[algorithm(canonical, s) for s in seeds]], evidence))
    rows.append(_row("one part", canonical, [[dict.fromkeys(canonical.nodes, "all")]], evidence))
    return tuple(rows)


def _row(name: str, graph: ClassGraph, groups: list[list[dict[str, str]]], evidence: Evidence | None) -> Row:
    runs = [measure(graph, labels, evidence) for group in groups for labels in group]
    means = {metric: fmean(run[metric] for run in runs) for metric in runs[0]}
    if all(len(group) > 1 for group in groups):
        means["stability"] = fmean(stability(group) for group in groups)
    return Row(name, len(runs), means)


def format_rows(rows: Sequence[Row], columns: Sequence[str] = COLUMNS) -> str:
    """The table as aligned text, one row a line."""
    head = ["algorithm", "runs", *columns]
    body = [[row.name, str(row.runs), *(_figure(row.metrics.get(c), c) for c in columns)] for row in rows]
    widths = [max(len(line[at]) for line in (head, *body)) for at in range(len(head))]
    lines = []
    for line in (head, *body):
        cells = [cell.ljust(w) if at == 0 else cell.rjust(w) for at, (cell, w) in enumerate(zip(line, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def _figure(value: float | None, column: str) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if column in ("parts", "largest", "cut_write_transactions") else f"{value:.3f}"
