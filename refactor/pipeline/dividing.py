"""Cuts that divide classes: what parts.toml names, and what improves the cut (`refactor partition --divide`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from refactor.isolate.context import Analyses
from refactor.isolate.finest import finest_cut
from refactor.isolate.pieces import Piece, Pieces, find_pieces
from refactor.motion.extract import extract
from refactor.motion.model import Motion
from refactor.partition.classgraph import class_graph
from refactor.partition.constraints import MustLink
from refactor.partition.graph import ClassGraph
from refactor.partition.partitioner import Options, propose
from refactor.partition.piecegraph import piece_graph
from refactor.pipeline.cut import Cut, CutRequest, constraints_of, propose_cut
from refactor.pipeline.divide import divided, refused, tree_of
from refactor.pipeline.load import Loaded
from refactor.pipeline.pieceaccesses import piece_accesses
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

Progress = Callable[[str], None]
Wanted = dict[str, dict[str, list[Piece]]]


def cut_of(loaded: Loaded, request: CutRequest, progress: Progress) -> Cut:
    """As `propose_cut`, where parts.toml may name pieces: the cut is then of the classes that they become.

    Raises RefactorError: exit code 1 where a piece cannot be moved, else as `propose_cut`.
    """
    given = request.given()
    with divided(loaded, given, None, progress) as after:
        if after.refusals:
            raise RefactorError(refused(after.refusals), 1)
        cut = propose_cut(after.program, replace(request, parts_file=after.parts_file))
        return replace(cut, pieces={p.name: p.pieces for p in after.pieces}, diagnostics=(*after.warnings, *cut.diagnostics))


def propose_divided(loaded: Loaded, request: CutRequest, progress: Progress) -> Cut:
    """before: a monolith   after: the better of two cuts: of its classes as they are, and with classes divided

    Which piece belongs where is proposed on the graph of pieces. What that would take out of a class is moved for trial, the
    result is read and cut like any program, so that every rule is asked about the classes that there would be; it wins only
    where it misses fewer of the targets, else where fewer write transactions are cut, else where less is remote.
    """
    best = cut_of(loaded, request, progress)
    if request.given() is not None and best.pieces:
        return best  # the user has said what to divide
    whole, analyses = best, best.analyses
    tried: set[tuple[str, ...]] = set()
    for pieces in _candidates(analyses):
        wanted = _outliers(analyses, pieces, request)
        motion = _movable(analyses, wanted)
        names = tuple(sorted(motion.names))
        if not names or names in tried:
            continue
        tried.add(names)
        progress(f"trying to divide {len({m.cls for m in motion.moved})} classes")
        with tree_of(loaded, motion.moved) as after:
            cut = propose_cut(after.program, request)
            cut = replace(cut, pieces={p.name: p.pieces for p in motion.moved})
        if _score(cut) < _score(best):
            best = cut
    return replace(best, diagnostics=(*best.diagnostics, _said(whole, best, len(tried))))


def _candidates(analyses: Analyses) -> tuple[Pieces, ...]:
    """Classes that a rule ties to others may stay whole, or be divided: then the rules are asked again about the pieces."""
    finest = finest_cut(analyses)
    linked = {cls for link in finest.links for cls in link.classes}
    return find_pieces(analyses, {*finest.copied, *linked}), find_pieces(analyses, finest.copied)


def _outliers(analyses: Analyses, pieces: Pieces, request: CutRequest) -> Wanted:
    """The pieces that a proposal on the graph of pieces puts elsewhere than most of their class."""
    graph = class_graph(analyses.facts.program, analyses.facts)
    rules = constraints_of(graph, finest_cut(analyses), request, None)
    fine = piece_graph(analyses.facts, pieces.node, tuple(piece_accesses(analyses.facts)), graph.tables)
    known = frozenset(fine.nodes)
    copied = {p.name: p.reason for group in pieces.pieces.values() for p in group if p.copied and p.name in known}
    copied |= {cls: why for cls, why in rules.copied_because.items() if cls in known}
    links = tuple(MustLink(link.classes, link.reason) for link in rules.must_link if known.issuperset(link.classes))
    wanted = replace(rules, must_link=links, replicated=frozenset(copied), copied_because=copied)
    labels = propose(fine, wanted, Options()).labels
    found: Wanted = {}
    for cls, group in pieces.pieces.items():
        moving = [p for p in group if not p.copied and p.name in labels]
        votes = Counter({labels[p.name]: 0 for p in moving})
        for p in moving:
            votes[labels[p.name]] += len(p.methods)
        home = max(sorted(votes), key=lambda part: votes[part], default="")
        for p in moving:
            if labels[p.name] != home and _gain(fine, labels, p, home) > 0:
                found.setdefault(cls, {}).setdefault(labels[p.name], []).append(p)
    return found


def _gain(graph: ClassGraph, labels: Mapping[str, str], piece: Piece, home: str) -> float:
    """How many calls and accesses become local when a piece leaves its class, less those that become remote.

    Who calls it still calls the class, and that calls the piece: only what the piece itself uses counts for it.
    """
    gain = 0.0
    for e in graph.edges:
        if e.source == piece.name:
            gain += {labels[piece.name]: 1, home: -1}.get(labels.get(e.target, ""), 0) * e.weight
        elif e.target == piece.name:
            gain -= e.weight
    for t in graph.table_edges:
        if t.cls == piece.name and any(o.table == t.table and labels.get(o.cls) == home and o.cls != t.cls for o in graph.table_edges):
            gain -= t.weight
    return gain


def _movable(analyses: Analyses, wanted: Wanted) -> Motion:
    """The motion of all that can be moved of what is wanted: a class with a refusal stays whole."""
    while True:
        motion = extract(analyses, wanted)
        stuck = {cls for r in motion.refusals for cls in r.merge}
        if not stuck:
            return motion
        wanted = {cls: groups for cls, groups in wanted.items() if cls not in stuck}


def _score(cut: Cut) -> tuple[int, float, float]:
    """Smaller is better: targets that are missed, write transactions that are cut, what is remote."""
    wanted, found = Options(), cut.metrics
    limits = (("largest_share", 0.4), ("ned", wanted.max_ned), ("coupling_remote", wanted.max_coupling))
    missed = sum(_of(found, name) > bound + 1e-9 for name, bound in limits) + (_of(found, "dtp", 1.0) < wanted.min_dtp - 1e-9)
    return missed, _of(found, "cut_write_transactions"), round(_of(found, "coupling_remote"), 6)


def _of(found: Mapping[str, float], name: str, otherwise: float = 0.0) -> float:
    return found.get(name, otherwise)


def _said(whole: Cut, best: Cut, tried: int) -> Diagnostic:
    """What dividing did for the cut, in words and numbers."""
    if best is whole:
        why = f"{tried} ways to divide classes were tried" if tried else "no class has methods that belong to other parts"
        return Diagnostic("partition/not-divided", Severity.NOTE, f"no class is divided: {why}, and none improves the cut")
    names = ", ".join(entry for entries in best.pieces.values() for entry in entries)
    pairs = ((name, _of(whole.metrics, name), _of(best.metrics, name)) for name in ("coupling_remote", "dtp", "ned"))
    numbers = ", ".join(f"{name} {before:.3f} -> {after:.3f}" for name, before, after in pairs)
    return Diagnostic("partition/divided", Severity.NOTE, f"divided: {names} ({numbers})")
