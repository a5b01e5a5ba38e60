"""The pipeline of `refactor split`, one line per pass."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from refactor.codegen.spring.boot import check_boot
from refactor.codegen.spring.edits import plan_edits
from refactor.codegen.spring.emit import emit
from refactor.frontend.project.discover import COORDINATES_PREFIX
from refactor.frontend.project.exclude import exclude_tests
from refactor.frontend.project.model import Project
from refactor.ir.program import Program
from refactor.isolate.legalise import LegaliseOptions, legalise
from refactor.isolate.plan import DRIVER, Plan, ProgramPlan
from refactor.isolate.planfile import load_plan
from refactor.motion.tree import rewritten
from refactor.partition.partsfile import PartsFile, RunSpec, read_parts
from refactor.pipeline.cut import Cut, CutRequest, propose_cut
from refactor.pipeline.divide import Divided, divided
from refactor.pipeline.load import Loaded, load_program
from refactor.pipeline.reading import unknown_types, unread
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.source import apply_edits

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SplitRequest:
    """What `refactor split` was asked."""

    path: str
    out: Path
    ref: str | None = None
    parts_file: Path | None = None
    k: int | None = None
    seed_partition: Path | None = None
    seed: int = 0
    plan_file: Path | None = None
    dry_run: bool = False
    jobs: int | None = None
    accept_unread: bool = False


@dataclass(frozen=True, slots=True)
class SplitResult:
    """`emitted` is false for a dry run and where the plan has refusals."""

    plan: Plan
    out: Path
    emitted: bool
    diff: str
    diagnostics: tuple[Diagnostic, ...]


def run_split(request: SplitRequest, progress: Progress) -> SplitResult:
    """before: a monolith at `request.path`   after: service trees in `request.out`, or refusals and nothing written"""
    parts_file = read_parts(request.parts_file) if request.parts_file else None
    properties = properties_of(parts_file)
    if not request.dry_run:
        check_outside(request.path, request.out)
    loaded = load_program(request.path, ref=request.ref, properties=properties, jobs=request.jobs, progress=progress)
    _check_read(loaded)
    _check_names(loaded)
    accepted = _check_understood(loaded, request.accept_unread)
    check_boot(loaded.project)
    loaded = Loaded(exclude_tests(loaded.project, parts_file.exclude_tests if parts_file else ()), loaded.program)
    replay = load_plan(request.plan_file.read_text(encoding="utf-8"), str(request.plan_file)) if request.plan_file else None
    # Named pieces become classes first; everything after that reads the monolith which came out of it.
    with divided(loaded, parts_file, replay, progress) as after:
        result = _split(request, loaded, after, replay, progress)
    return replace(result, diagnostics=(*accepted, *result.diagnostics))


def _split(request: SplitRequest, original: Loaded, given: Divided, replay: Plan | None, progress: Progress) -> SplitResult:
    project, program = given.project, given.program
    found: list[Diagnostic] = [*project.diagnostics, *program.diagnostics, *given.warnings]
    if given.refusals:
        plan = Plan(project.name, program.language, (), (), refusals=given.refusals)
    elif replay is not None:
        progress(f"replaying {request.plan_file}")
        plan = replayed(replay, str(request.plan_file), program)
    else:
        progress("proposing parts")
        cut = propose_cut(program, CutRequest(given.parts_file, request.k, request.seed, request.seed_partition))
        found.extend(cut.diagnostics)
        progress("checking every rule")
        plan = legal_plan(project, program, cut, (("accept-unread", "true"),) if request.accept_unread else ())
        plan = replace(plan if plan.refusals else plan_edits(program, plan), pieces=given.pieces)
    if plan.refusals:
        return SplitResult(plan, request.out, False, "", (*found, *plan.warnings))
    diff = "".join((*motion_diff(original.program, plan), *edit_diff(program, plan))) if request.dry_run else ""
    if not request.dry_run:
        progress(f"writing {len(plan.parts)} modules")
        emit(project, program, plan, request.out, oracle=original.project)
    return SplitResult(plan, request.out, not request.dry_run, diff, (*found, *plan.warnings))


def check_outside(path: str, out: Path) -> None:
    """Raises RefactorError (exit code 2) where one of the two folders lies in the other: the user's repository is never written to."""
    if path.startswith(COORDINATES_PREFIX):
        return
    source, target = Path(path).expanduser().resolve(), out.expanduser().resolve()
    if target.is_relative_to(source) or source.is_relative_to(target):
        where = "in" if target.is_relative_to(source) else "around"
        message = f"-o {out} lies {where} PATH ({source}), which is never written to"
        help_ = f"name a folder beside it, for example {source.parent / (source.name + '-services')}"
        raise RefactorError([Diagnostic("split/out-inside-path", Severity.ERROR, message, help=help_)], 2)


def _check_read(loaded: Loaded) -> None:
    """Raises RefactorError (exit code 4) where something could not be read without which the program is another one."""
    errors = [d for d in (*loaded.project.diagnostics, *loaded.program.diagnostics) if d.severity is Severity.ERROR]
    if errors:
        raise RefactorError(errors, 4)


def _check_names(loaded: Loaded) -> None:
    """Raises RefactorError (exit code 4) where main sources name types that are nowhere: no part of them would compile.

    What discovery said is told as well: a generator that did not run is often the cause.
    """
    unknown = unknown_types(loaded.program)
    if unknown is not None:
        raise RefactorError([unknown, *loaded.project.diagnostics], 4)


def _check_understood(loaded: Loaded, accept: bool) -> tuple[Diagnostic, ...]:
    """Raises RefactorError (exit code 4) where no rule can see what main code does, unless the user accepts it."""
    found = unread(loaded.program, Severity.WARNING if accept else Severity.ERROR)
    if found is not None and not accept:
        raise RefactorError([found], 4)
    return (found,) if found is not None else ()


def legal_plan(project: Project, program: Program, cut: Cut, recorded: tuple[tuple[str, str], ...] = ()) -> Plan:
    """before: a cut   after: the Plan that no rule forbids, with the programs to compare"""
    options = LegaliseOptions(project=project.name, pins=cut.pinned, tables=cut.table_owners, recorded=recorded)
    plan = legalise(program, cut.labels, options, cut.analyses)
    runs = cut.parts_file.runs if cut.parts_file else ()
    return replace(plan, programs=tuple(program_plan(project, program, plan, run) for run in runs))


def program_plan(project: Project, program: Program, plan: Plan, run: RunSpec) -> ProgramPlan:
    """Where a `[[run]]` runs; raises RefactorError (exit code 2) where its class has no main."""
    places = dict(plan.mains)
    if run.main not in places:
        message = f"{run.main} is no class of the main sources with a main method"
        known = ", ".join(places) or "none"
        raise RefactorError([Diagnostic("parts/unknown-main", Severity.ERROR, message, run.span, help=f"classes with a main: {known}")], 2)
    name = program.files[program.classes[run.main].file].module
    module = next(m.path for m in project.modules if m.name == name)
    return ProgramPlan(run.main, places[run.main] or DRIVER, module, run.args, run.stdin)


def properties_of(parts_file: PartsFile | None) -> dict[str, str]:
    """`-Dname=value` of [build] args as properties of the build; raises RefactorError (exit code 2) for anything else."""
    found: dict[str, str] = {}
    for arg in parts_file.build_args if parts_file else ():
        name, equals, value = arg.removeprefix("-D").partition("=")
        if not arg.startswith("-D") or not name:
            raise RefactorError(
                [Diagnostic("parts/build-args", Severity.ERROR, f"[build] args: {arg!r} is not of the form -Dname=value")], 2
            )
        found[name] = value if equals else "true"
    return found


def replayed(plan: Plan, name: str, program: Program) -> Plan:
    """A plan read back; raises RefactorError (exit code 2) where the sources are no longer those it was made from."""
    changed = [file for file, digest in plan.inputs if file not in program.files or program.files[file].sha256 != digest]
    changed += sorted(set(program.files) - {file for file, _ in plan.inputs})
    if changed:
        message = f"{name} was made from other sources: {', '.join(changed[:5])}{' ...' if len(changed) > 5 else ''}"
        raise RefactorError(
            [Diagnostic("plan/stale", Severity.ERROR, message, help="run `refactor split` without --plan to make a new one")], 2
        )
    return plan


def motion_diff(program: Program, plan: Plan) -> Iterator[str]:
    """What code motion changes in the monolith before it is split, and the new files, as unified diffs."""
    new = {p.file for p in plan.pieces}
    for path, after in sorted(rewritten(program, plan.pieces).items()):
        before = b"" if path in new else program.source(path)
        old, now = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (before, after))
        yield from difflib.unified_diff(old, now, "/dev/null" if path in new else f"a/{path}", f"b/{path}")


def edit_diff(program: Program, plan: Plan) -> Iterator[str]:
    """What changes in the user's own sources, as unified diffs, one per part and file."""
    for part, file in sorted({(e.part, e.edit.file) for e in plan.edits}):
        before = program.source(file)
        after = apply_edits(before, [e.edit for e in plan.edits if (e.part, e.edit.file) == (part, file)])
        old, new = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (before, after))
        yield from difflib.unified_diff(old, new, f"a/{file}", f"{part}/{file}")
