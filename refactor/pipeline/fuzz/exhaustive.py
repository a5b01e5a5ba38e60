"""The small scopes as one run: every program of the tiny grammar under every partition, with its size."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from refactor.frontend.java.library import JavaLibrary
from refactor.pipeline.fuzz.cases import Case
from refactor.pipeline.fuzz.harness import Harness, Toolchain
from refactor.pipeline.fuzz.pool import Lost, in_pool
from refactor.pipeline.fuzz.rounds import INFRASTRUCTURE
from refactor.pipeline.fuzz.small import Scope, run_scopes, scopes

_SLICE = 22  # programs of one job
_Scopes = Mapping[int, Scope]


@dataclass(slots=True)
class Exhausted:
    """`splits`: programs under one partition that were run; `refused`: those that rules forbid, by rule; `cases`: what diverged.
    `unknown`: what could not be found out, because processes failed twice, with the cause."""

    programs: int = 0
    splits: int = 0
    calls: int = 0
    seconds: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)
    cases: list[Case] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def partitioned(self) -> int:
        """Pairs of a program and a partition."""
        return self.splits + sum(self.refused.values())


def run_exhaustive(
    tools: Toolchain,
    jobs: int,
    scratch: Path,
    progress: Callable[[str], None],
    tell: Callable[[Case], None],
    chosen: Mapping[int, Scope] | None = None,
) -> Exhausted:
    """before: nothing   after: what all programs of the grammar (or the chosen ones) showed under all their partitions

    `tell` hears of every divergence at the moment it is found.
    """
    numbered = list((chosen if chosen is not None else dict(enumerate(scopes()))).items())
    slices = [dict(numbered[first : first + _SLICE]) for first in range(0, len(numbered), _SLICE)]
    total = Exhausted()
    started = time.monotonic()
    for part in _slices(slices, jobs, partial(_slice, tools, scratch), tell):
        if isinstance(part, Lost):
            total.programs += len(part.task)
            total.unknown += [f"{scope}: {part.cause}" for scope in part.task.values()]
        else:
            total.programs += part.programs
            total.splits += part.splits
            total.calls += part.calls
            total.refused.update(part.refused)
            total.cases.extend(part.cases)
            total.unknown.extend(part.unknown)
        total.seconds = time.monotonic() - started
        said = f"{len(total.cases)} divergences, {len(total.unknown)} failures of the infrastructure"
        progress(f"{total.programs} of {len(numbered)} programs, {total.splits} splits, {said}")
    total.cases.sort(key=lambda case: case.package)
    return total


def _slices(
    slices: Sequence[_Scopes], jobs: int, work: Callable[[_Scopes, Callable[[Case], None]], Exhausted], tell: Callable[[Case], None]
) -> Iterator[Exhausted | Lost[_Scopes]]:
    if jobs == 1 or len(slices) == 1:
        yield from (work(each, tell) for each in slices)
    else:
        yield from in_pool(slices, jobs, work, tell)


def _slice(tools: Toolchain, scratch: Path, chosen: _Scopes, tell: Callable[[Case], None]) -> Exhausted:
    found = Exhausted(programs=len(chosen))
    folder = scratch / f"small-{min(chosen)}"
    with Harness(tools) as harness:
        for item, verdict in run_scopes(chosen, harness, JavaLibrary((), 17), folder, width=120):
            if verdict.kind == "refused":
                found.refused.update(sorted({r.rule for r in verdict.refusals})[:1])
                continue
            about = f"{chosen[int(item.package.rpartition('x')[2].partition('_')[0])]}\n{verdict.detail}"
            if verdict.kind == INFRASTRUCTURE:
                found.unknown.append(f"{about}, parts {dict(item.parts)}")
                continue
            found.splits += 1
            found.calls += verdict.calls
            if verdict.kind:
                found.cases.append(Case(about, verdict.kind, item.package, item.parts, item.sources, verdict.expected, verdict.actual))
                tell(found.cases[-1])
    return found
