"""From a Program to a class -> part assignment: what the user pinned, what rules link, what the partitioner proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from refactor.ir.program import Program
from refactor.isolate.context import Analyses
from refactor.isolate.finest import FinestCut, finest_cut
from refactor.isolate.legalise import analyse
from refactor.partition.cargo import cargo_native, cargo_refine
from refactor.partition.classgraph import class_graph
from refactor.partition.comparison import proposal_row
from refactor.partition.constraints import Constraints, MustLink
from refactor.partition.formats import SeedPartition, read_seed_partition
from refactor.partition.graph import ClassGraph
from refactor.partition.metrics import measure
from refactor.partition.partitioner import Options, Proposal, propose
from refactor.partition.partsfile import PartialAssignment, PartsFile, assign, read_parts
from refactor.partition.partswriter import format_parts
from refactor.partition.propagation import label_propagation, louvain
from refactor.partition.replication import with_homes
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity


@dataclass(frozen=True, slots=True)
class CutRequest:
    """What the user asks for.

    `parts_file` (a file, or its content) pins classes; `seed_partition` starts from published labels; `k` bounds the number.
    """

    parts_file: Path | PartsFile | None = None
    k: int | None = None
    seed: int = 0
    seed_partition: Path | None = None
    max_share: float = 0.4
    algorithm: str = "default"

    def given(self) -> PartsFile | None:
        """What parts.toml says; raises RefactorError where it cannot be read."""
        return read_parts(self.parts_file) if isinstance(self.parts_file, Path) else self.parts_file


@dataclass(frozen=True, slots=True)
class Cut:
    """An assignment of every top-level class, with reasons. `pinned` are those that parts.toml names.

    `pieces`: class that code motion made -> the entries of parts.toml (`a.b.C~find`) that ask for it.
    """

    labels: Mapping[str, str]
    table_owners: Mapping[str, str]
    pinned: frozenset[str]
    reasons: Mapping[str, tuple[str, ...]]
    metrics: Mapping[str, float]
    diagnostics: tuple[Diagnostic, ...]
    analyses: Analyses
    parts_file: PartsFile | None = None
    proposal: Proposal | None = None
    pieces: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def named(self, cls: str) -> str:
        """A class as parts.toml calls it."""
        return ", ".join(self.pieces.get(cls, (cls,)))

    def parts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(part, its classes), both in name order."""
        names = sorted(set(self.labels.values()))
        return tuple((name, tuple(sorted(c for c, p in self.labels.items() if p == name))) for name in names)

    def tables(self, part: str) -> tuple[str, ...]:
        return tuple(sorted(t for t, p in self.table_owners.items() if p == part))

    def parts_toml(self) -> str:
        """The cut as a parts.toml that gives exactly this assignment back."""
        given = self.parts_file or PartsFile(())
        copied = self.proposal.replicated if self.proposal else ()
        labels = {cls: part for cls, part in self.labels.items() if cls not in self.pieces}
        pieces = {entry: self.labels[cls] for cls, entries in self.pieces.items() for entry in entries}
        build = (given.build_args, given.exclude_tests)
        return format_parts(labels, self.table_owners, *build, runs=given.runs, copied=copied, pieces=pieces)


def propose_cut(program: Program, request: CutRequest) -> Cut:
    """before: a Program and what the user wants   after: a Cut in which every top-level class of the main sources has a part

    Raises RefactorError: exit code 4 where there is no class at all, 2 where parts.toml does not fit the program.
    """
    graph = class_graph(program)
    if not graph.nodes:
        raise RefactorError([Diagnostic("split/no-classes", Severity.ERROR, "no class of the main sources could be read")], 4)
    # The runtime's agent gives tests every field of a proxy (codegen.spring.world.World.woven).
    analyses = analyse(program, frozenset({"final", "any"}))
    parts_file = request.given()
    given = assign(parts_file, graph.nodes, graph.tables or None) if parts_file else None
    if given and any(d.severity is Severity.ERROR for d in given.diagnostics):
        raise RefactorError(given.diagnostics, 2)
    if given and not given.unassigned:
        return _as_written(graph, given, analyses, parts_file)
    if request.seed_partition or request.algorithm != "default":
        return _published(graph, request, given, analyses, parts_file)
    finest = finest_cut(analyses)
    constraints = constraints_of(graph, finest, request, given)
    found = propose(graph, constraints, Options())
    labels = with_homes(graph, found.labels, found.replicated, request.max_share, Options().max_ned)
    numbers = proposal_row("", graph, found).metrics | {"copied": float(len(found.replicated))}
    return Cut(labels, found.tables, frozenset(constraints.pins), found.reasons, numbers, found.diagnostics, analyses, parts_file, found)


def constraints_of(graph: ClassGraph, finest: FinestCut, request: CutRequest, given: PartialAssignment | None) -> Constraints:
    """What the legaliser and the user ask of a partition of `graph`.

    A class that touches a table is placed even where its code could be copied: the part that owns the table does the access.
    With pins, a link between what is pinned apart is left to the legaliser, which says what it breaks.
    """
    pins = dict(given.assigned) if given else {}
    placed = {e.cls for e in graph.table_edges} | pins.keys()
    copied = {cls: why for cls, why in finest.copied.items() if cls not in placed}
    links = tuple(MustLink(link.classes, link.reason) for link in finest.links)
    return Constraints(
        must_link=links,
        pins=pins,
        pin_reasons=dict(given.reasons) if given else {},
        table_pins=dict(given.tables) if given else {},
        replicated=frozenset(copied),
        copied_because=copied,
        runs=finest.runs,
        max_share=request.max_share,
        k=request.k,
        min_size=2 if len(graph.nodes) < 40 else 5,
    )


def _as_written(graph: ClassGraph, given: PartialAssignment, analyses: Analyses, parts_file: PartsFile | None) -> Cut:
    reasons = {cls: (f"parts.toml: {why}",) for cls, why in given.reasons.items()}
    labels = dict(given.assigned)
    return Cut(labels, given.tables, frozenset(labels), reasons, measure(graph, labels), given.diagnostics, analyses, parts_file)


def _published(
    graph: ClassGraph, request: CutRequest, given: PartialAssignment | None, analyses: Analyses, parts_file: PartsFile | None
) -> Cut:
    """The algorithms of the literature, for comparison: pins are laid over their result."""
    labels, why = _labels(graph, request)
    pins = given.assigned if given else {}
    merged = {**labels, **pins}
    reasons = {cls: ((f"parts.toml: {pins[cls]}",) if cls in pins else (why,)) for cls in merged}
    return Cut(merged, {}, frozenset(pins), reasons, measure(graph, merged), (), analyses, parts_file)


def _labels(graph: ClassGraph, request: CutRequest) -> tuple[dict[str, str], str]:
    if request.seed_partition:
        seed: SeedPartition = read_seed_partition(request.seed_partition, graph.nodes)
        return dict(cargo_refine(graph, seed.labels, request.seed).labels), f"CARGO refinement of {request.seed_partition.name}"
    if request.algorithm == "cargo":
        return dict(cargo_native(graph, request.k, request.seed).labels), "CARGO"
    if request.algorithm == "louvain":
        return louvain(graph, request.seed), "Louvain"
    return label_propagation(graph, request.seed), "label propagation"
