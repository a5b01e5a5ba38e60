"""From a class -> part assignment to a legal Plan."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from refactor.flow.arrays import array_facts
from refactor.flow.facts import index
from refactor.ir.program import Program
from refactor.isolate.assemble import class_plans, main_classes, mains, part_plans, tables_of
from refactor.isolate.beans import application_makers, home, unstartable
from refactor.isolate.contained.points import unresolved
from refactor.isolate.context import Analyses, Context
from refactor.isolate.eligible import eligibility
from refactor.isolate.knowledge import knowledge
from refactor.isolate.plan import HOME, Plan, Refusal
from refactor.isolate.repair import repair
from refactor.isolate.uses import places, uses
from refactor.isolate.warn import warnings
from refactor.partition.naming import RESERVED
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

_THIRD = Fraction(1, 3)


@dataclass(frozen=True, slots=True)
class LegaliseOptions:
    """What the user decides.

    `pins`: top-level classes that may not leave the part that the assignment gives them.
    `own`: classes that stay in one part although they could be replicated.
    `max_moved`: the share of the classes with state that repair may move.
    """

    project: str = ""
    pins: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    max_moved: Fraction = _THIRD
    first_port: int = 8081
    tables: Mapping[str, str] | None = None  # table -> part
    recorded: tuple[tuple[str, str], ...] = ()  # options to note in the plan


def analyse(program: Program, proxied_test_fields: frozenset[str] = frozenset()) -> Analyses:
    """before: a Program   after: everything about it that no assignment changes; pass it on to legalise several assignments

    `proxied_test_fields`: which fields of a proxy a test may access directly, because the target makes it work: "final"
    ones (whose values travel with the reference) and "any" others. None by default: such a test runs inside the part.
    """
    collecting = gc.isenabled()
    gc.disable()  # millions of small objects are made and all of them kept: a collection would only walk them
    try:
        return _analyse(program, proxied_test_fields)
    finally:
        if collecting:
            gc.enable()


def _analyse(program: Program, proxied_test_fields: frozenset[str]) -> Analyses:
    facts = index(program)
    known = knowledge()
    arrays = array_facts(facts, known.arrays)
    found = uses(facts)
    return Analyses(facts, known, arrays, eligibility(facts, known, arrays), found, places(facts, found), proxied_test_fields)


def legalise(
    program: Program,
    assignment: Mapping[str, str],
    options: LegaliseOptions | None = None,
    analyses: Analyses | None = None,
) -> Plan:
    """before: class -> part, as proposed or pinned   after: a Plan that no rule forbids, or one whose refusals say why not

    A plan with refusals must not be emitted. The result depends on the program, the mapping and the options only, not on
    the order in which the mapping lists them.
    """
    options = options or LegaliseOptions()
    analyses = analyses or analyse(program)
    check_assignment(analyses, assignment)
    given = {name: assignment[name] for name in sorted(assignment)}
    done = repair(analyses, given, options.pins & given.keys(), options.own & given.keys(), options.max_moved)
    ctx = done.context
    parts = sorted({p for n in given if (p := ctx.owner(n)) is not None})
    refusals = done.refusals or _collapsed(given, parts) or (unstartable(ctx) or unresolved(ctx) if len(parts) > 1 else ())
    plans = part_plans(ctx, done.placement.tests, parts, options.first_port)
    files = program.files
    return Plan(
        project=options.project,
        language=program.language,
        parts=tuple(replace(plan, tables=tables_of(plan.name, options.tables or {})) for plan in plans),
        classes=class_plans(ctx),
        tests=done.placement.tests,
        moves=done.moves,
        refusals=refusals,
        warnings=(*_lost(given, parts), *warnings(ctx)),
        options=(*options.recorded, *_homes(ctx)),
        inputs=tuple((path, files[path].sha256) for path in sorted(files)),
        mains=mains(ctx),
    )


def _homes(ctx: Context) -> tuple[tuple[str, str], ...]:
    """For classes that every part has: the part that makes the beans which they declare."""
    return tuple((f"{HOME}{cls}", part) for cls in sorted(ctx.analyses.once(application_makers)) if (part := home(ctx, cls)))


def check_assignment(analyses: Analyses, assignment: Mapping[str, str]) -> None:
    """Raises RefactorError (exit code 2) where a class is unassigned or unknown, or a part has the driver's name."""
    wanted = main_classes(analyses.facts)
    found = [
        Diagnostic("isolate/unassigned-class", Severity.ERROR, f"{name} has no part", analyses.facts.symbol(name).name_span)
        for name in wanted
        if name not in assignment
    ]
    known = set(wanted)
    found += [
        Diagnostic("isolate/unknown-class", Severity.ERROR, f"{name} is not a top-level class of the main sources")
        for name in sorted(assignment)
        if name not in known
    ]
    for part in sorted(p for p in set(assignment.values()) if p.lower() in RESERVED):
        found.append(Diagnostic("isolate/part-name", Severity.ERROR, f"no part can be called {part!r}", help="rename the part"))
    if found:
        raise RefactorError(found, exit_code=2)


def _collapsed(given: Mapping[str, str], parts: list[str]) -> tuple[Refusal, ...]:
    """Two and more parts were asked for, and all but one hold nothing that one place has to own."""
    if len(set(given.values())) > 1 and len(parts) < 2:
        names = ", ".join(sorted(set(given.values()) - set(parts)))
        return (Refusal("one-part", None, f"nothing is left to be owned by {names}: the cut would be one part", tuple(sorted(given))),)
    return ()


def _lost(given: Mapping[str, str], parts: list[str]) -> tuple[Diagnostic, ...]:
    return tuple(
        Diagnostic(
            "isolate/part-without-classes",
            Severity.WARNING,
            f"the part {part} has only classes that every user has a copy of; it is not emitted",
            help="give it a class with state, or leave it out",
        )
        for part in sorted(set(given.values()) - set(parts))
    )

