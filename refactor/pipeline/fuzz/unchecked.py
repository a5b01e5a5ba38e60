"""A partition exactly as asked, whatever the rules say: to measure how often they forbid what would have worked."""

from __future__ import annotations

from collections.abc import Mapping

from refactor.isolate.assemble import class_plans, mains, part_plans
from refactor.isolate.legalise import check_assignment
from refactor.isolate.plan import Plan
from refactor.isolate.repair import evaluate
from refactor.pipeline.fuzz.split import Read


def unchecked(found: Read, assignment: Mapping[str, str]) -> tuple[Plan, frozenset[str]]:
    """before: class -> part   after: the plan without any repair, and the rules that forbid it (none: it is legal)"""
    check_assignment(found.analyses, assignment)
    given = {name: assignment[name] for name in sorted(assignment)}
    context, placement, violations = evaluate(found.analyses, given, frozenset())
    parts = sorted({part for name in given if (part := context.owner(name)) is not None})
    files = found.program.files
    plan = Plan(
        project="fuzz",
        language=found.program.language,
        parts=part_plans(context, placement.tests, parts, 8081),
        classes=class_plans(context),
        tests=placement.tests,
        inputs=tuple((path, files[path].sha256) for path in sorted(files)),
        mains=mains(context),
    )
    return plan, frozenset(v.rule for v in violations)
