"""One table: a proposal beside what the published algorithms and the trivial answer give on the same graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from refactor.partition.cargo import cargo_native
from refactor.partition.graph import ClassGraph, Labels, without_contexts
from refactor.partition.metrics import Evidence, coupling, measure, stability
from refactor.partition.partitioner import Options, Proposal
from refactor.partition.propagation import label_propagation, louvain
from refactor.partition.replication import remote_graph, with_homes

COLUMNS = (
    *("parts", "largest", "largest_share", "ned", "coupling", "coupling_remote", "sites_remote", "dtp"),
    *("largest_share_remote", "ned_remote", "cut_write_transactions", "stability"),
)
SITES = "sites_remote"  # the same as coupling_remote, counted in places of the source
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


def both_ways(
    graph: ClassGraph, labels: Labels, copies: Copies, evidence: Evidence | None = None, sites: ClassGraph | None = None
) -> dict[str, float]:
    """Metrics with every class counted once and nothing copied; with the suffix `_remote`, those of what a cut makes remote.

    `sites`: the graph whose weights count places of the source, where `graph` counts something else.

    before: labels of every class   after: the same labels, measured on the whole graph and on that of the placed classes
    """
    placed = remote_graph(graph, copies.classes, copies.runs)
    own = {n: labels[n] for n in placed.nodes if n in labels}
    remote = measure(placed, own, evidence)
    values = {**measure(graph, labels, evidence), **{f"{name}_remote": remote[name] for name in REMOTE}}
    written = sites if sites is not None else graph
    return values | {SITES: coupling(remote_graph(written, copies.classes, copies.runs), own)}


def compare(
    graph: ClassGraph,
    proposals: Sequence[tuple[str, Proposal]],
    ks: Sequence[int] = (3, 5, 7, 9, 11, 13),
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    evidence: Evidence | None = None,
    copies: Copies | None = None,
    sites: ClassGraph | None = None,
) -> tuple[Row, ...]:
    """before: a graph and named proposals   after: a row for each, then CARGO, label propagation, Louvain, one part

    A proposal is measured with the copies that it makes, the others with `copies` (none by default).
    CARGO's stability is taken over the seeds at each k and then averaged: runs of different k are not meant to agree.
    """
    canonical, shared = graph.canonical(), copies or Copies()
    rows = [proposal_row(name, canonical, proposal, evidence) for name, proposal in proposals]
    whole = without_contexts(canonical)  # contexts mean nothing to a metric
    by_k = [[cargo_native(canonical, k, s).labels for s in seeds] for k in ks]
    rows.append(_row(f"CARGO, K {min(ks)}..{max(ks)}", whole, by_k, evidence, shared, sites))
    rows.append(_row("CARGO, no K", whole, [[cargo_native(canonical, None, s).labels for s in seeds]], evidence, shared, sites))
    others: tuple[tuple[str, Callable[[ClassGraph, int], dict[str, str]]], ...] = (
        ("label propagation", label_propagation),
        ("Louvain", louvain),
    )
    for name, algorithm in others:
        rows.append(_row(name, whole, [[algorithm(canonical, s) for s in seeds]], evidence, shared, sites))
    rows.append(_row("one part", whole, [[dict.fromkeys(canonical.nodes, "all")]], evidence, shared, sites))
    return tuple(rows)


def proposal_row(
    name: str,
    graph: ClassGraph,
    proposal: Proposal,
    evidence: Evidence | None = None,
    measured: ClassGraph | None = None,
    copies: Copies | None = None,
    sites: ClassGraph | None = None,
) -> Row:
    """A proposal made from `graph`; each copied class is counted in the part that it has most to do with.

    `measured`: the graph to measure on where it is another one, with the copies that the proposal makes.
    """
    labels = with_homes(graph, proposal.labels, proposal.replicated, 0.4, Options().max_ned)
    if measured is not None and copies is not None:
        values = both_ways(without_contexts(measured), labels, copies, evidence, sites)
    else:
        values = measure(graph, labels, evidence)
        values |= {f"{metric}_remote": proposal.metrics[metric] for metric in REMOTE}
    return Row(name, 1, {**values, "cut_write_transactions": float(len(proposal.cut_transactions))})


def _row(
    name: str,
    whole: ClassGraph,
    groups: list[list[dict[str, str]]],
    evidence: Evidence | None,
    copies: Copies,
    sites: ClassGraph | None,
) -> Row:
    runs = [both_ways(whole, labels, copies, evidence, sites) for group in groups for labels in group]
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
