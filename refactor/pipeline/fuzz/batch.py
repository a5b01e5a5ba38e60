"""One batch of generated programs: compiled together, read one by one, run as monoliths, then under each of their partitions."""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from refactor.frontend.java.library import JavaLibrary
from refactor.isolate.links import Link, must_link
from refactor.pipeline.fuzz.again import PATIENCE, settled_round
from refactor.pipeline.fuzz.choices import Choices, Seeded
from refactor.pipeline.fuzz.constructs import Uses, constructs
from refactor.pipeline.fuzz.cycles import may_cycle
from refactor.pipeline.fuzz.findings import Divergence, Report, Tell
from refactor.pipeline.fuzz.form import Program
from refactor.pipeline.fuzz.generate import program_of
from refactor.pipeline.fuzz.harness import MILLIS, Harness
from refactor.pipeline.fuzz.java_classes import java_sources, keeps_roots
from refactor.pipeline.fuzz.joined import joined
from refactor.pipeline.fuzz.partitions import one_part, partition
from refactor.pipeline.fuzz.rounds import INFRASTRUCTURE, HarnessFailed, Outcome, Subject, compile_all, run_round
from refactor.pipeline.fuzz.split import Read, Split, emitted, read, split
from refactor.pipeline.fuzz.unchecked import unchecked


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """`partitions`: how many a program is run under, besides the one-part one that every tenth program gets. `over_http`: how
    many of 100 programs run as real processes as well. `unchecked`: whether forbidden partitions are run too."""

    partitions: int = 2
    over_http: int = 12
    unchecked: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A program that was generated and read by the front end. `links`: what rules keep together in it. `expected`, `uses`: of the
    one run as a monolith. `across`: constructs that were run with a cut between their two sides."""

    seed: str
    package: str
    program: Program
    sources: Mapping[str, str]
    choices: Choices
    found: Read
    links: Sequence[Link]
    expected: str = ""
    uses: Uses = field(default_factory=lambda: Uses(frozenset()))
    across: set[str] = field(default_factory=set)


_Chosen = Mapping[str, tuple[_Candidate, Mapping[str, str]]]
"""Package -> the program, and its parts in this round."""


def run_batch(seeds: Sequence[str], options: BatchOptions, harness: Harness, scratch: Path, tell: Tell) -> Report:
    """before: seeds   after: what their programs showed; `tell` heard of every finding when it was made"""
    return _Batch(options, harness, scratch, tell).run(seeds)


@dataclass(slots=True)
class _Batch:
    options: BatchOptions
    harness: Harness
    scratch: Path
    tell: Tell
    report: Report = field(default_factory=Report)

    def run(self, seeds: Sequence[str]) -> Report:
        options = self.options
        candidates = self._monoliths(list(self._candidates(seeds, JavaLibrary((), 17))))
        for number in range(options.partitions + 1):
            chosen = {c.package: (c, p) for i, c in enumerate(candidates) if (p := _parts(c, number, i, options))}
            subjects = [s for c, p in chosen.values() if (s := self._subject(c, p, number)) is not None]
            if subjects:
                over_http = -(-options.over_http * len(seeds) // 100) if number == 0 else 0
                done = settled_round(self.harness, subjects, self.scratch / "round", over_http)
                self.report.over_http += len(done.round.over_http)
                self.report.circles_checked += done.round.circles_checked
                self.report.again.update(done.again.values())
                for subject in subjects:
                    candidate, parts = chosen[subject.package]
                    self._judged(candidate, parts, number, subject, done.round.outcomes[subject.package])
            if options.unchecked and number < options.partitions:
                live = {s.package for s in subjects}
                asked = chosen if number == 0 else {name: c for name, c in chosen.items() if name not in live}  # repaired; or refused
                self._unchecked(asked)
        return self.report

    def _found(self, divergence: Divergence) -> None:
        self.report.found(divergence)
        self.tell(divergence)

    def _judged(self, candidate: _Candidate, parts: Mapping[str, str], number: int, subject: Subject, outcome: Outcome) -> None:
        kind, detail = outcome.kind, outcome.detail
        if kind != INFRASTRUCTURE:
            self.report.splits += 1
            self.report.calls += outcome.calls
            self.report.one_part += len(set(parts.values())) == 1
            self.report.ids_checked += not (subject.keeps_roots or subject.circles)
            used = candidate.uses.across(_owners(subject.split)) - candidate.across
            self.report.across.update(used)
            candidate.across.update(used)
        if not kind and outcome.calls and len(set(parts.values())) == 1:
            kind, detail = "remote-calls", f"one part made {outcome.calls} remote calls"
        if kind:
            self._found(Divergence(kind, candidate.seed, detail, candidate.sources, parts, subject.expected, outcome.actual, number))

    def _unchecked(self, chosen: _Chosen) -> None:
        """Runs every forbidden partition as it was asked: those that were refused, and in the first round those that were repaired."""
        subjects: list[Subject] = []
        rules: dict[str, str] = {}
        for candidate, parts in chosen.values():
            plan, forbidden = unchecked(candidate.found, parts)
            if not forbidden:
                continue
            rules[candidate.package] = " + ".join(sorted(forbidden))
            try:
                made = emitted(candidate.found, plan, f"{candidate.package}.Main")
            except Exception:  # what the rules forbid need not be possible
                self.report.forbidden[rules[candidate.package]] += 1
                continue
            subjects.append(Subject(candidate.package, candidate.expected, made, True))
        if subjects:
            for package, outcome in run_round(self.harness, subjects, self.scratch / "unchecked").outcomes.items():
                if outcome.kind == INFRASTRUCTURE:
                    self.report.unmeasured += 1
                else:
                    self.report.forbidden[rules[package]] += 1
                    self.report.forbidden_but_equal[rules[package]] += not outcome.kind

    def _candidates(self, seeds: Sequence[str], library: JavaLibrary) -> Iterator[_Candidate]:
        shutil.rmtree(self.scratch / "src", ignore_errors=True)
        for seed in seeds:
            program = program_of(seed)
            package = f"fuzz.p{seed.replace('.', '_')}"
            sources = java_sources(program, package)
            self.report.programs += 1
            try:
                found = read(self.scratch / "src" / package, sources, library)
                links = must_link(found.analyses) if not found.program.diagnostics else ()
            except Exception:  # a crash of the front end is what this program looks for
                self._found(Divergence("front-end", seed, traceback.format_exc(), sources, {}))
                continue
            if found.program.diagnostics:
                said = "\n".join(str(d) for d in found.program.diagnostics[:5])
                self._found(Divergence("front-end", seed, said, sources, {}))
                continue
            yield _Candidate(seed, package, program, sources, Seeded(f"{seed} parts"), found, links)

    def _monoliths(self, candidates: Sequence[_Candidate]) -> list[_Candidate]:
        """Those that run as they are. A program that does not is a defect of the generator."""
        texts = {c.package: c.sources for c in candidates}
        classes = self.scratch / "plain"
        try:
            rejected = compile_all(self.harness, texts, self.scratch / "plain-src", classes)
        except HarnessFailed:  # once more, in another process
            try:
                rejected = compile_all(self.harness, texts, self.scratch / "plain-src", classes)
            except HarnessFailed as error:
                for c in candidates:
                    self._found(Divergence(INFRASTRUCTURE, c.seed, str(error), c.sources, {}))
                return []
        found = []
        for c in candidates:
            if c.package in rejected:
                self._found(Divergence("monolith", c.seed, rejected[c.package], c.sources, {}))
                continue
            ran = self.harness.plain(classes, f"{c.package}.Main")
            if ran.status != "ok":
                self.harness.stop()
                ran = self.harness.plain(classes, f"{c.package}.Main", PATIENCE * MILLIS)
                self.report.again.update(["monolith"] if ran.status == "ok" else [])
            if ran.status == "ok":
                uses = constructs(c.program, ran.text)
                found.append(replace(c, expected=ran.text, uses=uses))
                self.report.constructs.update(uses.here)
                together = joined(c.found.analyses, c.links, uses)
                self.report.two_sided.update(together.two_sided)
                self.report.joined.update(f"{use}: {rule}" for use, rule in together.by_rule)
            else:
                self._found(Divergence(INFRASTRUCTURE if ran.status == "silent" else "monolith", c.seed, ran.text, c.sources, {}))
                self.harness.stop()
        return found

    def _subject(self, candidate: _Candidate, parts: Mapping[str, str], number: int) -> Subject | None:
        try:
            made = split(candidate.found, parts, f"{candidate.package}.Main")
        except Exception:  # a crash of the compiler is what this program looks for
            self._found(Divergence("split", candidate.seed, traceback.format_exc(), candidate.sources, parts, round=number))
            return None
        if not isinstance(made, Split):
            self.report.refused.update({r.rule for r in made})
            return None
        self.report.moved.update(m.rule for m in made.moves)
        kept, circles = keeps_roots(candidate.program), may_cycle(candidate.program, _owners(made))
        return Subject(candidate.package, candidate.expected, made, kept, circles)


def _parts(candidate: _Candidate, number: int, index: int, options: BatchOptions) -> dict[str, str]:
    """The partition of one round; the last round is the one part of every tenth program."""
    units = [f"{candidate.package}.{unit}" for unit in candidate.program.units()]
    if number == options.partitions:
        return one_part(units) if index % 10 == 0 else {}
    return partition(candidate.choices, units, [link.classes for link in candidate.links])


def _owners(made: Split) -> dict[str, str]:
    """Simple class name -> part, of what one part owns."""
    return {c.name.rpartition(".")[2]: c.part for c in made.plan.classes if c.part is not None}
