"""The small scopes as one run: every program of the tiny grammar under every partition, with its size."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from refactor.frontend.java.library import JavaLibrary
from refactor.pipeline.fuzz.cases import Case
from refactor.pipeline.fuzz.harness import Harness, Toolchain
from refactor.pipeline.fuzz.small import Scope, run_scopes, scopes

_SLICE = 22  # programs of one job


@dataclass(slots=True)
class Exhausted:
    """`splits`: programs under one partition that were run; `refused`: those that rules forbid, by rule; `cases`: what diverged."""

    programs: int = 0
    splits: int = 0
    calls: int = 0
    seconds: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)
    cases: list[Case] = field(default_factory=list)

    @property
    def partitioned(self) -> int:
        """Pairs of a program and a partition."""
        return self.splits + sum(self.refused.values())


def run_exhaustive(tools: Toolchain, jobs: int, progress: Callable[[str], None], chosen: Mapping[int, Scope] | None = None) -> Exhausted:
    """before: nothing   after: what all programs of the grammar (or the chosen ones) showed under all their partitions"""
    numbered = list((chosen if chosen is not None else dict(enumerate(scopes()))).items())
    slices = [dict(numbered[first : first + _SLICE]) for first in range(0, len(numbered), _SLICE)]
    total = Exhausted()
    started = time.monotonic()
    for part in _slices(slices, tools, jobs):
        total.programs += part.programs
        total.splits += part.splits
        total.calls += part.calls
        total.refused.update(part.refused)
        total.cases.extend(part.cases)
        total.seconds = time.monotonic() - started
        progress(f"{total.programs} of {len(numbered)} programs, {total.splits} splits, {len(total.cases)} divergences")
    total.cases.sort(key=lambda case: case.package)
    return total


def _slices(slices: Sequence[Mapping[int, Scope]], tools: Toolchain, jobs: int) -> Iterator[Exhausted]:
    if jobs == 1 or len(slices) == 1:
        yield from (_slice(each, tools) for each in slices)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        waiting = [pool.submit(_slice, each, tools) for each in slices]
        yield from (done.result() for done in as_completed(waiting))


def _slice(chosen: Mapping[int, Scope], tools: Toolchain) -> Exhausted:
    found = Exhausted(programs=len(chosen))
    with Harness(tools) as harness, tempfile.TemporaryDirectory(prefix="fuzz-small-") as scratch:
        for item, verdict in run_scopes(chosen, harness, JavaLibrary((), 17), Path(scratch), width=120):
            if verdict.kind == "refused":
                found.refused.update(sorted({r.rule for r in verdict.refusals})[:1])
                continue
            found.splits += 1
            found.calls += verdict.calls
            if verdict.kind:
                about = f"{chosen[int(item.package.rpartition('x')[2].partition('_')[0])]}\n{verdict.detail}"
                found.cases.append(Case(about, verdict.kind, item.package, item.parts, item.sources, verdict.expected, verdict.actual))
    return found
