"""From a Program to the system dependency graph, with the best call graph there is."""

from __future__ import annotations

from refactor.flow.facts import Facts
from refactor.ir.program import Program
from refactor.sdg.build import build_sdg
from refactor.sdg.graph import Sdg


def graph_of(program: Program, facts: Facts) -> Sdg:
    """before: a Program   after: its SDG, method view"""
    return build_sdg(program, facts)
