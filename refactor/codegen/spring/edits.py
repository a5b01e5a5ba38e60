"""Source edits for direct field accesses across parts."""

from __future__ import annotations

from dataclasses import replace

from refactor.codegen.spring.endpoints import endpoint_plans
from refactor.codegen.spring.world import world
from refactor.ir.program import Program
from refactor.isolate.plan import Plan


def plan_edits(program: Program, plan: Plan) -> Plan:
    return replace(plan, endpoints=endpoint_plans(world(program, plan)))
