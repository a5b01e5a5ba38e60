"""Many generated programs through the compiler and both runs; everything that does not agree is a divergence."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from refactor.pipeline.fuzz.batch import BatchOptions, run_batch
from refactor.pipeline.fuzz.findings import Divergence, Report, Tell
from refactor.pipeline.fuzz.generate import THREADS, program_of
from refactor.pipeline.fuzz.harness import Harness, Toolchain
from refactor.pipeline.fuzz.java_classes import java_sources
from refactor.pipeline.fuzz.pool import Lost, in_pool
from refactor.pipeline.fuzz.rounds import INFRASTRUCTURE

Progress = Callable[[str], None]
_HARNESSES: list[Harness] = []  # of a worker process: a compiler that is warm from the batch before; it ends with the process


@dataclass(frozen=True, slots=True)
class CampaignOptions:
    """`batch`: how many programs are compiled together. `jobs`: how many batches run at the same time.
    `minutes`: after how many no further batch is begun; 0: never. `threads`: how many of 100 programs have a second thread.
    The others: see `BatchOptions`."""

    programs: int = 200
    seed: int = 0
    batch: int = 50
    partitions: int = 2
    over_http: int = 12
    unchecked: bool = True
    jobs: int = 1
    minutes: float = 0.0
    threads: int = 25


def run_campaign(options: CampaignOptions, tools: Toolchain, scratch: Path, progress: Progress, tell: Tell) -> Report:
    """before: a seed   after: what `programs` programs of that seed showed. Deterministic but for the figures of time.

    `tell` hears of every finding at the moment it is made; what is written below `scratch` is the caller's to remove.
    """
    report = Report()
    heard = 0
    started = time.monotonic()

    def said(divergence: Divergence) -> None:
        nonlocal heard
        heard += 1
        progress(f"found: {divergence.kind} of seed {divergence.seed}; {heard} findings so far")
        tell(divergence)

    batches = [
        [seed_of(options, n) for n in range(first, min(first + options.batch, options.programs))]
        for first in range(0, options.programs, options.batch)
    ]
    deadline = time.time() + 60 * options.minutes if options.minutes else math.inf  # the same clock in all processes
    for part in _reports(batches, options, tools, scratch, deadline, said):
        report.add(part)
        report.seconds = time.monotonic() - started
        found = f"{len(report.divergences)} divergences, {len(report.infrastructure)} failures of the infrastructure"
        progress(f"{report.programs} programs, {report.splits} splits, {found}, {report.per_minute:.0f} programs a minute")
    report.divergences.sort(key=lambda d: (d.seed, d.round, d.kind))
    report.infrastructure.sort(key=lambda d: (d.seed, d.round))
    return report


def seed_of(options: CampaignOptions, number: int) -> str:
    """The seed of one program: of 100 in a row, `threads` have a second thread."""
    threaded = (number + 1) * options.threads // 100 > number * options.threads // 100
    return f"{options.seed}.{number}{THREADS if threaded else ''}"


def _reports(
    batches: Sequence[Sequence[str]], options: CampaignOptions, tools: Toolchain, scratch: Path, deadline: float, tell: Tell
) -> Iterator[Report]:
    """One report per batch, in the order in which they are done. After the deadline no further batch is begun."""
    work = partial(_report_of, BatchOptions(options.partitions, options.over_http, options.unchecked), tools, scratch, deadline)
    if options.jobs == 1 or len(batches) == 1:
        try:
            yield from (work(seeds, tell) for seeds in batches)
        finally:
            _close()
        return
    for done in in_pool(batches, options.jobs, work, tell):
        yield _lost(done, tell) if isinstance(done, Lost) else done


def _report_of(options: BatchOptions, tools: Toolchain, scratch: Path, deadline: float, seeds: Sequence[str], tell: Tell) -> Report:
    if time.time() >= deadline:
        return Report()
    if not _HARNESSES:
        _HARNESSES.append(Harness(tools))
    harness = _HARNESSES[0]
    with tempfile.TemporaryDirectory(prefix="batch-", dir=scratch) as folder:
        report = run_batch(seeds, options, harness, Path(folder), tell)
    harness.stop()  # threads of old processes wait in their runtime; a new virtual machine has none
    return report


def _close() -> None:
    while _HARNESSES:
        _HARNESSES.pop().__exit__(None, None, None)


def _lost(batch: Lost[Sequence[str]], tell: Tell) -> Report:
    """A batch whose worker died twice: every program of it is one of which nothing is known."""
    report = Report(programs=len(batch.task))
    for seed in batch.task:
        sources = java_sources(program_of(seed), f"fuzz.p{seed.replace('.', '_')}")
        failure = Divergence(INFRASTRUCTURE, seed, batch.cause, sources, {})
        report.found(failure)
        tell(failure)
    return report
