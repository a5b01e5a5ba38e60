"""One table: a proposal beside what the published algorithms and the trivial answer give on the same graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from refactor.partition.cargo import cargo_native
from refactor.partition.graph import ClassGraph, Labels
from refactor.partition.metrics import Evidence, measure, stability
from refactor.partition.partitioner import Options, Proposal
from refactor.partition.propagation import label_propagation, louvain
from refactor.partition.replication import remote_graph, with_homes

COLUMNS = (
    *("parts", "largest", "largest_share", "ned", "coupling", "coupling_remote", "dtp", "largest_share_remote", "ned_remote"),
    *("cut_write_transactions", "stability"),
)
REMOTE = ("coupling", "largest_share", "ned", "dtp")  # metrics that copies change most, reported both ways


@dataclass(frozen=True, slots=True)
class Row:
    """Means over the runs of one algorithm, by metric; stability is there only where there was more than one run."""

    name: str
    runs: int
    metrics: dict[str, float]


@dataclass(frozen=True, slots=True)
class Copies:
    """Classes that could be copied to every part, and what a call of one may run: what makes edges of a published answer local."""

    classes: frozenset[str] = frozenset()
    runs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def both_ways(graph: ClassGraph, labels: Labels, copies: Copies, evidence: Evidence | None = None) -> dict[str, float]:
    """Metrics with every class counted once and nothing copied; with the suffix `_remote`, those of what a cut makes remote.

    before: labels of every class   after: the same labels, measured on the whole graph and on that of the placed classes
    """
    placed = remote_graph(graph, copies.classes, copies.runs)
    remote = measure(placed, {n: labels[n] for n in placed.nodes if n in labels}, evidence)
    return {**measure(graph, labels, evidence), **{f"{name}_remote": remote[name] for name in REMOTE}}


def compare(
    graph: ClassGraph,
    proposals: Sequence[tuple[str, Proposal]],
    ks: Sequence[int] = (3, 5, 7, 9, 11, 13),
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    evidence: Evidence | None = None,
    copies: Copies | None = None,
) -> tuple[Row, ...]:
    """before: a graph and named proposals   after: a row for each, then CARGO, label propagation, Louvain, one part

    A proposal is measured with the copies that it makes, the others with `copies` (none by default).
    CARGO's stability is taken over the seeds at each k and then averaged: runs of different k are not meant to agree.
    """
    canonical, shared = graph.canonical(), copies or Copies()
    rows = [proposal_row(name, canonical, proposal, evidence) for name, proposal in proposals]
    by_k = [[cargo_native(canonical, k, s).labels for s in seeds] for k in ks]
    rows.append(_row(f"CARGO, K {min(ks)}..{max(ks)}", canonical, by_k, evidence, shared))
    rows.append(_row("CARGO, no K", canonical, [[cargo_native(canonical, None, s).labels for s in seeds]], evidence, shared))
    others: tuple[tuple[str, Callable[[ClassGraph, int], dict[str, str]]], ...] = (
        ("label propagation", label_propagation),
        ("Louvain", louvain),
    )
    for name, algorithm in others:
        rows.append(_row(name, canonical, [[algorithm(canonical, s) for s in seeds]], evidence, shared))
    rows.append(_row("one part", canonical, [[dict.fromkeys(canonical.nodes, "all")]], evidence, shared))
    return tuple(rows)


def proposal_row(name: str, graph: ClassGraph, proposal: Proposal, evidence: Evidence | None = None) -> Row:
    """A proposal on the graph it was made from; each copied class is counted in the part that it has most to do with."""
    labels = with_homes(graph, proposal.labels, proposal.replicated, 0.4, Options().max_ned)
    values = measure(graph, labels, evidence)
    values |= {f"{metric}_remote": proposal.metrics[metric] for metric in REMOTE}
    return Row(name, 1, {**values, "cut_write_transactions": float(len(proposal.cut_transactions))})


def _row(name: str, graph: ClassGraph, groups: list[list[dict[str, str]]], evidence: Evidence | None, copies: Copies) -> Row:
    runs = [both_ways(graph, labels, copies, evidence) for group in groups for labels in group]
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
