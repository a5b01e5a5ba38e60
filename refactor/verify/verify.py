"""The proof by differential testing: the monolith is the oracle, its own tests and main programs are the inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from refactor.frontend.project.doctor import require_build_tools
from refactor.isolate.plan import Role
from refactor.verify.compare import compare_errors, compare_programs, compare_tests, counts
from refactor.verify.drive import build_split, drive_tests
from refactor.verify.layout import read_layout
from refactor.verify.model import CaseId, Divergence, Outcome, Remote, Verdict
from refactor.verify.oracle import run_monolith
from refactor.verify.programs import run_on_monolith, run_on_split

Progress = Callable[[str], None]


def verify(out: Path, *, progress: Progress, timeout: float = 1800.0, base_port: int | None = None) -> Verdict:
    """Build, start, drive, compare.

    before: OUT as `refactor split` left it
    after:  a Verdict over every test and every main program that the monolith has
    Raises RefactorError where something could not be built or started; whatever was started is stopped in any case.
    """
    layout = read_layout(out.resolve())
    require_build_tools()
    progress("building the monolith and running its own tests")
    expected = run_monolith(layout, timeout=timeout)
    progress("building the services")
    build_split(layout, timeout=timeout)

    actual: dict[CaseId, Outcome] = {}
    calls: Counter[str] = Counter()
    left: Counter[str] = Counter()
    rooted: Counter[str] = Counter()
    divergences: list[Divergence] = []
    uncompared: list[str] = []
    for group in layout.groups:
        progress(f"starting the services and running the tests placed in {group}")
        driven = drive_tests(layout, group, timeout=timeout, base_port=base_port)
        actual.update(driven.outcomes)
        calls.update(driven.calls)
        left.update(driven.ids_left)
        rooted.update(driven.ids_rooted)
        divergences.extend(driven.divergences)
    for program in layout.plan.programs:
        progress(f"running {program.main} on the monolith and on the services")
        reference = run_on_monolith(layout, program, timeout=timeout)
        run, driven = run_on_split(layout, program, timeout=timeout, base_port=base_port)
        divergences.extend((*compare_programs(reference, run), *driven.divergences))
        errors = compare_errors(reference, run)
        if errors and compare_errors(reference, run_on_monolith(layout, program, timeout=timeout)):
            uncompared.append(f"main {program.main}: standard error, of which the monolith itself does not write the same twice")
        else:
            divergences.extend(errors)
        calls.update(driven.calls)
        left.update(driven.ids_left)
        rooted.update(driven.ids_rooted)

    divergences.extend(compare_tests(expected, actual))
    replicated = tuple((c.name, c.reason) for c in layout.plan.classes if c.role is Role.REPLICATED)
    return Verdict(
        monolith=counts(expected),
        split=counts(actual),
        tests=tuple(str(test) for test in sorted(expected.keys() | actual.keys())),
        mains=tuple(program.main for program in layout.plan.programs),
        divergences=tuple(divergences),
        remote=Remote(len(layout.plan.endpoints), tuple(sorted(calls.items()))),
        replicated=replicated,
        ids_left=tuple(sorted(left.items())),
        ids_rooted=tuple(sorted(rooted.items())),
        uncompared=tuple(uncompared),
    )
