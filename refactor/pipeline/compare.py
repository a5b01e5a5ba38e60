"""`refactor partition --compare`: the proposal beside other ways to cut the same program, with what is proved of each."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from refactor.ir.program import Program
from refactor.isolate.context import Analyses
from refactor.isolate.finest import FinestCut, finest_cut
from refactor.isolate.legalise import analyse
from refactor.isolate.pieces import Pieces, find_pieces
from refactor.partition.classgraph import class_graph
from refactor.partition.comparison import REMOTE, SITES, Copies, Row, compare, proposal_row
from refactor.partition.constraints import Constraints, MustLink
from refactor.partition.graph import ClassGraph, TableEdge
from refactor.partition.metrics import cut_write_transactions, measure
from refactor.partition.partitioner import Options, Proposal, propose
from refactor.partition.piecegraph import gather, piece_graph
from refactor.pipeline.contexts import Views, views_of
from refactor.pipeline.cut import CutRequest, constraints_of
from refactor.pipeline.pieceaccesses import piece_accesses

T = TypeVar("T")
Progress = Callable[[str], None]
KEPT, FREE = "rules kept", "rules not kept"


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of ours: its proposal, the numbers, and in words what it misses, how near, and what is proved."""

    name: str
    proposal: Proposal
    row: Row
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`rows`: ours, then the published algorithms and the one-part answer, on one graph. `pieces`: what could be divided, and why not.

    `orders`: how many orders of the input were tried, and `same` whether all of them gave the first answer. `why`: why there are no
    contexts, where there are none.
    """

    rows: tuple[Row, ...]
    answers: tuple[Answer, ...]
    pieces: Pieces
    orders: int
    same: bool
    why: str = ""


def compare_cuts(program: Program, request: CutRequest, progress: Progress, orders: int = 20) -> Comparison:
    """before: a Program   after: a Comparison

    Everything is measured on the record graph (calls, data and heap records under their contexts), which is what CARGO runs on; on the
    class graph where points-to cannot afford it. "with contexts": proposed by both views, not by the source's alone.
    "rules kept": what the legaliser ties together stays together, so that `split` can emit it. "rules not kept": what the graph
    alone would allow, were every rule's cause repaired first. "pieces": classes divided by method (`refactor partition --divide`).
    """
    analyses = analyse(program, frozenset({"final", "any"}))
    graph = class_graph(program, analyses.facts)
    finest = finest_cut(analyses)
    kept = constraints_of(graph, finest, request, None)
    free = unruled(kept, graph, finest)
    progress("following calls under their contexts")
    views = views_of(program, analyses.facts, graph)
    progress("proposing with and without the rules")
    answers = [_answer(f"proposed, {KEPT}", graph, views, kept), _answer(f"proposed, {FREE}", graph, views, free)]
    if views.records:
        both = views.both
        answers += [_answer(f"with contexts, {KEPT}", both, views, kept), _answer(f"with contexts, {FREE}", both, views, free)]
    linked = {cls for link in finest.links for cls in link.classes}
    progress("dividing classes into pieces")
    accesses, tables = tuple(piece_accesses(analyses.facts)), graph.tables
    found = find_pieces(analyses, finest.copyable)
    for name, pieces, rules in ((KEPT, find_pieces(analyses, {*finest.copied, *linked}), kept), (FREE, found, free)):
        answers.append(_piece_answer(f"pieces, {name}", analyses, pieces, rules, accesses, tables, views.records is None))
    progress(f"proposing again for {orders} orders of the input")
    same = all(_shuffled(graph, kept, seed).labels == answers[0].proposal.labels for seed in range(orders))
    same = same and all(_shuffled(graph, free, seed).labels == answers[1].proposal.labels for seed in range(orders))
    if views.records:
        same = same and all(_shuffled(views.both, kept, seed).labels == answers[2].proposal.labels for seed in range(orders))
    progress("running the published algorithms")
    copies = Copies(free.replicated, free.runs)
    rows = (*(a.row for a in answers), *compare(views.measured, (), copies=copies, sites=views.written))
    return Comparison(rows, tuple(answers), found, orders, same, views.why)


def pieces_of(program: Program) -> Pieces:
    """before: a Program   after: which of its classes could be divided if no rule of the legaliser tied them as a whole"""
    analyses = analyse(program, frozenset({"final", "any"}))
    return find_pieces(analyses, finest_cut(analyses).copyable)


def unruled(kept: Constraints, graph: ClassGraph, finest: FinestCut) -> Constraints:
    """The same wishes without the legaliser's rules, and with everything copied that has no state itself."""
    touched = {e.cls for e in graph.table_edges}
    copied = {cls: why for cls, why in finest.copyable.items() if cls not in touched}
    return replace(kept, must_link=(), replicated=frozenset(copied), copied_because=copied)


def _answer(name: str, graph: ClassGraph, views: Views, rules: Constraints) -> Answer:
    """Proposed on `graph`, measured on that of the views."""
    proposal = propose(graph, rules)
    copies = Copies(rules.replicated, rules.runs)
    row = proposal_row(name, graph, proposal, measured=views.measured, copies=copies, sites=views.written)
    return Answer(name, proposal, row, tuple(_notes(proposal, rules, row)))


def _piece_answer(
    name: str,
    analyses: Analyses,
    pieces: Pieces,
    rules: Constraints,
    accesses: Iterable[tuple[str, TableEdge]],
    tables: tuple[str, ...],
    alone: bool,
) -> Answer:
    """As `_answer`, on the graph of pieces; measured with the pieces of a class that share a part as one class.

    `alone`: the other rows are measured on places of the source too; else this one has no record graph to be measured on.
    """
    graph = piece_graph(analyses.facts, pieces.node, accesses, tables)
    known = frozenset(graph.nodes)
    copied = {p.name: p.reason for group in pieces.pieces.values() for p in group if p.copied and p.name in known}
    copied |= {cls: why for cls, why in rules.copied_because.items() if cls in known}
    links = tuple(MustLink(link.classes, link.reason) for link in rules.must_link if known.issuperset(link.classes))
    class_of = {p.name: p.cls for group in pieces.pieces.values() for p in group}
    # The bound is on pieces, the share that counts is of classes: pieces of one class that meet in a part are one class of it.
    for share in (rules.max_share, 0.9 * rules.max_share, 0.8 * rules.max_share):
        wanted = replace(rules, must_link=links, replicated=frozenset(copied), copied_because=copied, max_share=share)
        proposal = propose(graph, wanted)
        placed, labels = gather(proposal.placed, proposal.labels, class_of)
        numbers = measure(placed, labels)
        if numbers["largest_share"] <= rules.max_share:
            break
    cut = cut_write_transactions(placed, labels, proposal.tables)
    remote = {f"{metric}_remote": numbers[metric] for metric in REMOTE if alone or metric != "coupling"}
    remote[SITES] = numbers["coupling"]
    whole = {metric: numbers[metric] for metric in ("parts", "largest", "dtp")}
    row = Row(name, 1, {**whole, **remote, "cut_write_transactions": float(len(cut))})
    return Answer(name, proposal, row, tuple(_notes(proposal, rules, row)))


def _notes(proposal: Proposal, rules: Constraints, row: Row) -> Iterator[str]:
    """What a proposal misses and how near it is; every cut write transaction; the proofs."""
    wanted, found = Options(), row.metrics
    targets = (
        ("largest_share" if "ned" in found else "largest_share_remote", rules.max_share, 1),
        ("ned" if "ned" in found else "ned_remote", wanted.max_ned, 1),
        ("coupling_remote" if "coupling_remote" in found else "sites_remote", wanted.max_coupling, 1),
        ("dtp_remote", wanted.min_dtp, -1),
    )
    missed = [f"{name} {found[name]:.3f} instead of {bound:g}" for name, bound, sign in targets if sign * (found[name] - bound) > 1e-9]
    classes = len(proposal.labels)
    if missed:
        best = proposal.bounds
        yield f"misses {', '.join(missed)}"
        yield (
            f"bounds: rules alone keep {best.largest} of {classes} placed classes in one part; with parts of at most {best.cap}"
            f" its own graph has at least {best.coupling:.3f} of its weight cut"
        )
    for entry in proposal.cut_transactions:
        yield f"cut write transaction: {entry}"
    yield from proposal.write_cut.proofs


def _shuffled(graph: ClassGraph, rules: Constraints, seed: int) -> Proposal:
    """The proposal for another order of nodes, edges, tables and rules."""
    rng = random.Random(seed)

    def mix(items: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(rng.sample(items, len(items)))

    other = ClassGraph(mix(graph.nodes), mix(graph.edges), mix(graph.tables), mix(graph.table_edges))
    return propose(other, replace(rules, must_link=mix(rules.must_link)))
