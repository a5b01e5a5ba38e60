"""Program + policy + plug-ins -> PointsTo."""

from __future__ import annotations

import time
from collections.abc import Sequence

from refactor.ir.program import Program
from refactor.ir.statements import Invoke, Unsupported
from refactor.pointsto import code as c
from refactor.pointsto.answer import answer
from refactor.pointsto.build import Builder
from refactor.pointsto.core import Exhausted
from refactor.pointsto.plugin import Feed, Plugin
from refactor.pointsto.policies import Insensitive, KObject, Policy
from refactor.pointsto.program import Base, CallHook
from refactor.pointsto.result import PointsTo
from refactor.pointsto.solver import Solver
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.uncollected import uncollected

LIMIT = 20
BUDGET = 4_000_000
"""Constraints and changes of variables of one pass: ten times an application of 15,000 lines, half a minute and a gigabyte."""
_TWO_OBJECT = KObject()


def solve(
    program: Program, policy: Policy = _TWO_OBJECT, plugins: Sequence[Plugin] = (), limit: int = LIMIT, budget: int = BUDGET
) -> PointsTo:
    """before: a Program   after: what every variable and field may hold, and who calls whom

    A context-insensitive pass runs first; the policy's contexts are for methods with at most `limit` receiver objects, as
    introspective analyses do (Smaragdakis, Kastrinis and Balatsouras, PLDI 2014): one method with many receivers costs more than
    all others, and gains least. 0: no limit. Strings, boxed values and similar values are one object for each class, and so are
    exceptions; arrays have one element; what is thrown may be caught anywhere.

    Where the contexts take more than `budget` (0: no limit), the answer is that of the first pass, and a diagnostic says so.
    Raises Exhausted where even that takes more.
    """
    start = time.process_time()
    with uncollected():
        base = Base(program)
        feeds = [(plugin, Feed(base, plugin)) for plugin in plugins]
        for plugin, feed in feeds:
            plugin.facts(feed)
        base.call = _hook(feeds)
        last = _run(base, Insensitive(), feeds, None, budget)
        said = _unsupported(program)
        if not isinstance(policy, Insensitive):
            many = _many_receivers(last, limit)
            try:
                last = _run(base, policy, feeds, many, budget)
            except Exhausted:
                said = (_without_contexts(policy, budget), *said)
        return answer(last, time.process_time() - start, said)


def _without_contexts(policy: Policy, budget: int) -> Diagnostic:
    message = f"calls and objects are followed without contexts: {policy.name} takes more than {budget:,} steps on this program"
    help_ = "the graph holds every call that contexts would leave, and more"
    return Diagnostic("pointsto/without-contexts", Severity.NOTE, message, help=help_)


def _run(base: Base, policy: Policy, feeds: Sequence[tuple[Plugin, Feed]], many: frozenset[str] | None, budget: int) -> Solver:
    solver = Solver(base, policy, None if many is None else lambda key: key not in many)
    for _, feed in feeds:
        solver.run_code(feed.code)
    solver.solve(budget)
    return solver


def _many_receivers(solver: Solver, limit: int) -> frozenset[str]:
    """The bodies with more receiver objects than the limit; a function counts with the body around it."""
    if not limit:
        return frozenset()
    found = set()
    for number, (code, _) in enumerate(solver.instances):
        if code.this >= 0 and len(solver.sets.items[solver.points[solver.bases[number] + code.this]]) > limit:
            found.add(code.key)
    return frozenset(found)


def _hook(feeds: Sequence[tuple[Plugin, Feed]]) -> CallHook:
    def call(builder: Builder, invoke: Invoke, receiver: int | None, args: tuple[int | None, ...]) -> bool:
        if invoke.method is not None and invoke.method.partition("#")[0] in builder.world.program.classes:
            return False
        for plugin, feed in feeds:
            found = plugin.answer(feed, invoke)
            if found is not None:
                result = builder.target(invoke.target)
                if result is not None and invoke.target is not None:
                    for each in found:
                        builder.emit(c.Copy(result, each, builder.world.type_of(invoke.target.type), True))
                return True
        return False

    return call


def _unsupported(program: Program) -> tuple[Diagnostic, ...]:
    """What the front end could not lower: the graph may lack what it does."""
    found = []
    for body, statement in program.statements():
        if isinstance(statement, Unsupported):
            message = f"{body.key}: {statement.what}: what it does is not in the call graph"
            way_out = "is the library on the class path?"
            found.append(Diagnostic("pointsto/unsupported", Severity.WARNING, message, statement.span, help=way_out))
    return tuple(found)
