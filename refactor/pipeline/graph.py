"""From a Program to the system dependency graph."""

from __future__ import annotations

from refactor.flow.facts import Facts
from refactor.frameworks.plugins.all import plugins
from refactor.ir.program import Program
from refactor.pointsto.solve import solve
from refactor.sdg.build import build_sdg
from refactor.sdg.graph import Sdg


def graph_of(program: Program, facts: Facts, precise: bool = True) -> Sdg:
    """before: a Program   after: its SDG, method view

    `precise`: calls, contexts and heap edges from points-to (2-object-sensitive); else calls by class hierarchy, which takes a
    fraction of the time and knows neither contexts nor what is unreachable.
    """
    return build_sdg(program, facts, points_to=solve(program, plugins=plugins()) if precise else None)
