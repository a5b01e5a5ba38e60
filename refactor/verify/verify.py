"""The proof by differential testing: the monolith is the oracle, its own tests and main programs are the inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from refactor.frontend.project.doctor import require_build_tools
from refactor.isolate.plan import Plan, ProgramPlan, Role
from refactor.verify.compare import compare_errors, compare_programs, compare_tests, counts, merge_groups
from refactor.verify.drive import build_split, drive_tests
from refactor.verify.kept import Kept
from refactor.verify.layout import read_layout
from refactor.verify.model import CaseId, Divergence, Outcome, Remote, Verdict
from refactor.verify.oracle import run_monolith
from refactor.verify.programs import run_on_monolith, run_on_split

Progress = Callable[[str], None]


def verify(out: Path, *, progress: Progress, timeout: float = 1800.0, base_port: int | None = None, fresh: bool = False) -> Verdict:
    """Build, start, drive, compare.

    before: OUT as `refactor split` left it
    after:  a Verdict over every test and every main program that the monolith has
    What an earlier run of the same inputs has finished is taken over, and said; not where `fresh`.
    Raises RefactorError where something could not be built or started; whatever was started is stopped in any case.
    """
    layout = read_layout(out.resolve())
    require_build_tools()
    kept = Kept(layout, fresh)
    progress("building the monolith and running its own tests")
    expected = kept.outcomes(lambda: run_monolith(layout, timeout=timeout), progress)
    progress("building the services")
    kept.build(lambda: build_split(layout, timeout=timeout), progress)

    groups: dict[str, Mapping[CaseId, Outcome]] = {}
    calls: Counter[str] = Counter()
    left: Counter[str] = Counter()
    rooted: Counter[str] = Counter()
    divergences: list[Divergence] = []
    uncompared: list[str] = []
    for group in layout.groups:
        progress(f"starting the services and running the tests placed in {group}")
        run_group = partial(drive_tests, layout, group, timeout=timeout, base_port=base_port)
        driven = kept.group(group, run_group, progress)
        groups[group] = driven.outcomes
        calls.update(driven.calls)
        left.update(driven.ids_left)
        rooted.update(driven.ids_rooted)
        divergences.extend(driven.divergences)
    runs = named_runs(layout.plan.programs)
    for name, program in runs:
        progress(f"running {name} on the monolith and on the services")
        reference = replace(run_on_monolith(layout, program, timeout=timeout), name=name)
        run, driven = run_on_split(layout, program, timeout=timeout, base_port=base_port)
        divergences.extend((*compare_programs(reference, run), *driven.divergences))
        errors = compare_errors(reference, run)
        if errors and compare_errors(reference, run_on_monolith(layout, program, timeout=timeout)):
            uncompared.append(f"main {name}: standard error, of which the monolith itself does not write the same twice")
        else:
            divergences.extend(errors)
        calls.update(driven.calls)
        left.update(driven.ids_left)
        rooted.update(driven.ids_rooted)

    homes = {test.name: test.placements[0] for test in layout.plan.tests if test.placements}
    actual, twice = merge_groups(groups, homes)
    divergences.extend((*twice, *compare_tests(expected, actual)))
    kept.finished()
    uncompared.extend(_not_run(layout.plan, expected))
    own = {f"{endpoint.cls}/{endpoint.operation}" for endpoint in layout.plan.endpoints}
    served = sorted(calls.items())
    replicated = tuple((c.name, c.reason) for c in layout.plan.classes if c.role is Role.REPLICATED)
    return Verdict(
        monolith=counts(expected),
        split=counts(actual),
        tests=tuple(str(test) for test in sorted(expected.keys() | actual.keys())),
        mains=tuple(name for name, _ in runs),
        divergences=tuple(divergences),
        remote=Remote(len(own), tuple(c for c in served if c[0] in own), tuple(c for c in served if c[0] not in own)),
        replicated=replicated,
        ids_left=tuple(sorted(left.items())),
        ids_rooted=tuple(sorted(rooted.items())),
        uncompared=tuple(uncompared),
    )


def named_runs(programs: Iterable[ProgramPlan]) -> tuple[tuple[str, ProgramPlan], ...]:
    """before: runs, maybe several of one main   after: a name of its own for each: `a.Main`, `a.Main (run 2)`"""
    seen: Counter[str] = Counter()
    found = []
    for program in programs:
        seen[program.main] += 1
        number = seen[program.main]
        found.append((program.main if number == 1 else f"{program.main} (run {number})", program))
    return tuple(found)


def _not_run(plan: Plan, expected: Mapping[CaseId, Outcome]) -> list[str]:
    """Test classes of which the monolith's own build reports nothing: abstract ones, and those that its settings leave out."""
    ran = {name for test in expected for name in (test.cls, test.cls.partition("$")[0])}
    silent = sorted(test.name for test in plan.tests if test.is_test and test.placements and test.name not in ran)
    if not silent:
        return []
    shown = ", ".join(silent[:5]) + (", ..." if len(silent) > 5 else "")
    return [f"{len(silent)} test classes that the monolith's own build does not run: {shown}"]
