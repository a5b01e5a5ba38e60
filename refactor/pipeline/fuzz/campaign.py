"""Many generated programs through the compiler and both runs; everything that does not agree is a divergence."""

from __future__ import annotations

import math
import shutil
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, fields
from multiprocessing import get_context
from pathlib import Path

from refactor.frontend.java.library import JavaLibrary
from refactor.isolate.links import must_link
from refactor.pipeline.fuzz.choices import Choices, Seeded
from refactor.pipeline.fuzz.constructs import Uses, constructs
from refactor.pipeline.fuzz.cycles import may_cycle
from refactor.pipeline.fuzz.form import Program
from refactor.pipeline.fuzz.generate import generate
from refactor.pipeline.fuzz.harness import Harness, Toolchain
from refactor.pipeline.fuzz.java_classes import java_sources, keeps_roots
from refactor.pipeline.fuzz.partitions import one_part, partition
from refactor.pipeline.fuzz.rounds import Outcome, Subject, run_round
from refactor.pipeline.fuzz.split import Read, Split, emitted, read, split
from refactor.pipeline.fuzz.unchecked import unchecked

Progress = Callable[[str], None]
_HARNESSES: list[Harness] = []  # of a worker process: its JVMs end with it


@dataclass(frozen=True, slots=True)
class Divergence:
    """One program under one partition that does not say what the monolith says. `kind`: trace, compile, hang, ids, remote-calls,
    start, front-end, split, monolith (the generated program itself is not what it should be)."""

    kind: str
    seed: str
    detail: str
    sources: Mapping[str, str]
    parts: Mapping[str, str]
    expected: str = ""
    actual: str = ""


@dataclass(slots=True)
class Report:
    """`splits`: partitions that were run; `ids_checked`: those whose id tables have to be empty in the end.

    `constructs`: how many programs use each; `across`: how many of them were run with it across a cut. `one_part`: splits that
    had to run without any remote call. `circles_checked`: splits whose circles over several processes had to be found and dropped.
    `refused`: partitions that were not run, by rule; `moved`: classes that rules moved. `forbidden`: partitions that were run
    exactly as asked although exactly these rules forbid it; `forbidden_but_equal`: those of them that showed no difference. What
    one run does not show may still be there: the share is an upper bound.
    """

    programs: int = 0
    splits: int = 0
    calls: int = 0
    over_http: int = 0
    ids_checked: int = 0
    seconds: float = 0.0
    divergences: list[Divergence] = field(default_factory=list)
    one_part: int = 0
    circles_checked: int = 0
    constructs: Counter[str] = field(default_factory=Counter)
    across: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    forbidden: Counter[str] = field(default_factory=Counter)
    forbidden_but_equal: Counter[str] = field(default_factory=Counter)

    def add(self, other: Report) -> None:
        """Counts what another run found as found by this one; the times are not added."""
        for f in fields(self):
            mine, theirs = getattr(self, f.name), getattr(other, f.name)
            if f.name == "seconds":
                continue
            if isinstance(mine, int):
                setattr(self, f.name, mine + theirs)
            elif isinstance(mine, Counter):
                mine.update(theirs)
            else:
                mine.extend(theirs)

    @property
    def per_minute(self) -> float:
        return 60 * self.programs / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class CampaignOptions:
    """`partitions`: how many a program is run under, besides the one-part one that every tenth program gets. `over_http`: how
    many of 100 programs run as real processes as well. `jobs`: how many batches run at the same time.
    `minutes`: after how many no further batch is begun; 0: never."""

    programs: int = 200
    seed: int = 0
    batch: int = 50
    partitions: int = 2
    over_http: int = 12
    unchecked: bool = True
    jobs: int = 1
    minutes: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A program that was generated and, once `found` is there, read by the front end."""

    seed: str
    package: str
    program: Program
    sources: Mapping[str, str]
    choices: Choices
    found: Read
    uses: list[Uses] = field(default_factory=list)  # of the one run as a monolith
    across: set[str] = field(default_factory=set)  # constructs that were run with a cut between their two sides


def run_campaign(options: CampaignOptions, tools: Toolchain, progress: Progress) -> Report:
    """before: a seed   after: what `programs` programs of that seed showed. Deterministic but for the figures of time."""
    report = Report()
    started = time.monotonic()
    batches = [
        [f"{options.seed}.{n}" for n in range(first, min(first + options.batch, options.programs))]
        for first in range(0, options.programs, options.batch)
    ]
    for part in _reports(batches, options, tools, started + 60 * options.minutes if options.minutes else math.inf):
        report.add(part)
        report.seconds = time.monotonic() - started
        found = f"{len(report.divergences)} divergences, {report.per_minute:.0f} programs a minute"
        progress(f"{report.programs} programs, {report.splits} splits, {found}")
    report.divergences.sort(key=lambda d: (d.seed, d.kind))
    return report


def _reports(batches: Sequence[Sequence[str]], options: CampaignOptions, tools: Toolchain, deadline: float) -> Iterator[Report]:
    """One report per batch, in the order in which they are done. After the deadline no further batch is begun."""
    if options.jobs == 1 or len(batches) == 1:
        with Harness(tools) as harness:
            yield from (_one_report(seeds, options, harness) for seeds in batches if time.monotonic() < deadline)
        return
    with ProcessPoolExecutor(options.jobs, get_context("spawn"), _start_worker, (tools,)) as pool:
        waiting = [pool.submit(_report_of, seeds, options, deadline) for seeds in batches]
        yield from (done.result() for done in as_completed(waiting))


def _start_worker(tools: Toolchain) -> None:
    _HARNESSES.append(Harness(tools))


def _report_of(seeds: Sequence[str], options: CampaignOptions, deadline: float) -> Report:
    return _one_report(seeds, options, _HARNESSES[0]) if time.monotonic() < deadline else Report()


def _one_report(seeds: Sequence[str], options: CampaignOptions, harness: Harness) -> Report:
    report = Report()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        batch(seeds, options, harness, JavaLibrary((), 17), Path(scratch), report)
    harness.stop()  # threads of old processes wait in their runtime; a new virtual machine has none
    return report


def batch(seeds: Sequence[str], options: CampaignOptions, harness: Harness, library: JavaLibrary, scratch: Path, report: Report) -> None:
    """Programs of one batch: compiled together, read one by one, run as monoliths, then under each of their partitions."""
    shutil.rmtree(scratch / "src", ignore_errors=True)
    candidates = list(_candidates(seeds, library, scratch, report))
    expected = _monoliths(candidates, harness, scratch, report)
    for number in range(options.partitions + 1):
        chosen = {c.package: (c, p) for i, c in enumerate(candidates) if c.package in expected and (p := _parts(c, number, i, options))}
        subjects = [s for c, p in chosen.values() if (s := _subject(c, p, expected[c.package], report)) is not None]
        if subjects:
            done = run_round(harness, subjects, scratch / "round", -(-options.over_http * len(seeds) // 100) if number == 0 else 0)
            report.over_http += done.over_http
            report.circles_checked += done.circles_checked
            for subject in subjects:
                candidate, parts = chosen[subject.package]
                _judged(candidate, parts, subject, done.outcomes[subject.package], report)
        if options.unchecked and number < options.partitions:
            live = {s.package for s in subjects}
            asked = chosen if number == 0 else {name: c for name, c in chosen.items() if name not in live}  # repaired; or refused
            _unchecked(asked, expected, harness, scratch, report)


def _judged(candidate: Candidate, parts: Mapping[str, str], subject: Subject, outcome: Outcome, report: Report) -> None:
    report.splits += 1
    report.calls += outcome.calls
    report.one_part += len(set(parts.values())) == 1
    used = candidate.uses[0].across(_owners(subject.split)) - candidate.across
    report.across.update(used)
    candidate.across.update(used)
    kind, detail = outcome.kind, outcome.detail
    if not kind and outcome.calls and len(set(parts.values())) == 1:
        kind, detail = "remote-calls", f"one part made {outcome.calls} remote calls"
    if kind:
        found = Divergence(kind, candidate.seed, detail, candidate.sources, parts, subject.expected, outcome.actual)
        report.divergences.append(found)


def _unchecked(
    chosen: Mapping[str, tuple[Candidate, Mapping[str, str]]],
    expected: Mapping[str, str],
    harness: Harness,
    scratch: Path,
    report: Report,
) -> None:
    """Runs every forbidden partition as it was asked: those that were refused, and in the first round those that were repaired."""
    subjects: list[Subject] = []
    rules: dict[str, str] = {}
    for candidate, parts in chosen.values():
        plan, forbidden = unchecked(candidate.found, parts)
        if not forbidden:
            continue
        rules[candidate.package] = " + ".join(sorted(forbidden))
        report.forbidden[rules[candidate.package]] += 1
        try:
            made = emitted(candidate.found, plan, f"{candidate.package}.Main")
        except Exception:  # what the rules forbid need not be possible
            continue
        subjects.append(Subject(candidate.package, expected[candidate.package], made, True))
    if subjects:
        outcomes = run_round(harness, subjects, scratch / "unchecked").outcomes
        report.forbidden_but_equal.update(rules[package] for package, outcome in outcomes.items() if not outcome.kind)


def _candidates(seeds: Sequence[str], library: JavaLibrary, scratch: Path, report: Report) -> Iterator[Candidate]:
    for seed in seeds:
        program = generate(Seeded(seed))
        package = f"fuzz.p{seed.replace('.', '_')}"
        sources = java_sources(program, package)
        report.programs += 1
        try:
            found = read(scratch / "src" / package, sources, library)
        except Exception:  # a crash of the front end is what this program looks for
            report.divergences.append(Divergence("front-end", seed, traceback.format_exc(), sources, {}))
            continue
        if found.program.diagnostics:
            said = "\n".join(str(d) for d in found.program.diagnostics[:5])
            report.divergences.append(Divergence("front-end", seed, said, sources, {}))
            continue
        yield Candidate(seed, package, program, sources, Seeded(f"{seed} parts"), found)


def _monoliths(candidates: Sequence[Candidate], harness: Harness, scratch: Path, report: Report) -> dict[str, str]:
    """Package -> the trace of the program as it is. A program that fails here is a defect of the generator."""
    classes = scratch / "plain"
    shutil.rmtree(classes, ignore_errors=True)
    files = [scratch / "src" / c.package / name for c in candidates for name in c.sources]
    answer = harness.compile(files, classes) if files else None
    if answer is not None and answer.status != "ok":
        raise RuntimeError(f"a generated program does not compile:\n{answer.text[:3000]}")
    found = {}
    for c in candidates:
        ran = harness.plain(classes, f"{c.package}.Main")
        if ran.status == "ok":
            found[c.package] = ran.text
            c.uses.append(constructs(c.program, ran.text))
            report.constructs.update(c.uses[0].here)
        else:
            report.divergences.append(Divergence("monolith", c.seed, ran.text, c.sources, {}))
            harness.stop()
    return found


def _parts(candidate: Candidate, number: int, index: int, options: CampaignOptions) -> dict[str, str]:
    """The partition of one round; the last round is the one part of every tenth program."""
    units = [f"{candidate.package}.{unit}" for unit in candidate.program.units()]
    if number == options.partitions:
        return one_part(units) if index % 10 == 0 else {}
    return partition(candidate.choices, units, [link.classes for link in must_link(candidate.found.analyses)])


def _subject(candidate: Candidate, parts: Mapping[str, str], expected: str, report: Report) -> Subject | None:
    try:
        made = split(candidate.found, parts, f"{candidate.package}.Main")
    except Exception:  # a crash of the compiler is what this program looks for
        report.divergences.append(Divergence("split", candidate.seed, traceback.format_exc(), candidate.sources, parts))
        return None
    if not isinstance(made, Split):
        report.refused.update({r.rule for r in made})
        return None
    report.moved.update(m.rule for m in made.moves)
    kept, circles = keeps_roots(candidate.program), may_cycle(candidate.program, _owners(made))
    report.ids_checked += not (kept or circles)
    return Subject(candidate.package, expected, made, kept, circles)


def _owners(made: Split) -> dict[str, str]:
    """Simple class name -> part, of what one part owns."""
    return {c.name.rpartition(".")[2]: c.part for c in made.plan.classes if c.part is not None}
