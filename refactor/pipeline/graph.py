"""From a Program to the system dependency graph."""

from __future__ import annotations

from dataclasses import replace

from refactor.flow.facts import Facts
from refactor.frameworks.plugins.all import plugins
from refactor.ir.program import Program
from refactor.pointsto.core import Exhausted
from refactor.pointsto.result import PointsTo
from refactor.pointsto.solve import BUDGET, solve
from refactor.sdg.build import build_sdg
from refactor.sdg.graph import Sdg
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.uncollected import uncollected


def graph_of(program: Program, facts: Facts, precise: bool = True) -> Sdg:
    """before: a Program   after: its SDG, method view

    `precise`: calls, contexts and heap edges from points-to (2-object-sensitive); else calls by class hierarchy, which takes a
    fraction of the time and knows neither contexts nor what is unreachable. A program without any entry point, as libraries are, and
    one that is too large for points-to have calls by class hierarchy in any case; a diagnostic says so.
    """
    with uncollected():
        found, why = _points_to(program) if precise else (None, None)
        sdg = build_sdg(program, facts, points_to=found)
    return replace(sdg, diagnostics=(why, *sdg.diagnostics)) if why else sdg


def _points_to(program: Program) -> tuple[PointsTo | None, Diagnostic | None]:
    """The answer, or why there is none."""
    try:
        found = solve(program, plugins=plugins())
    except Exhausted:
        message = f"calls are those of the class hierarchy: points-to takes more than {BUDGET:,} steps on this program"
        help_ = "every call that can happen is in the graph; contexts, heap edges and what is unreachable are not"
        return None, Diagnostic("sdg/too-large-for-points-to", Severity.NOTE, message, help=help_)
    if not found.entries:
        message = "calls are those of the class hierarchy: no main, test, bean, servlet or other entry point was found to start from"
        help_ = "every call that can happen is in the graph; contexts, heap edges and what is unreachable are not"
        return None, Diagnostic("sdg/no-entry-point", Severity.NOTE, message, help=help_)
    return found, None
