"""Where each class of the test sources runs: in the driver, or inside the one part whose code it needs locally."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from refactor.flow.facts import Facts
from refactor.isolate.byname import NamedClass, tests_by_name
from refactor.isolate.context import Analyses, Context, Violation, calls
from refactor.isolate.needs import Need, is_suite, is_test_class, test_needs
from refactor.isolate.plan import DRIVER, TestPlan
from refactor.isolate.rules.library_types import test_handles
from refactor.isolate.rules.shared_arrays import test_crossings
from refactor.isolate.standins import leaves
from refactor.support.components import gathered, numbers

RULE_ID = "test-needs-one-part"


@dataclass(frozen=True, slots=True)
class Placement:
    """The placed test classes, and the tests that need two parts at once."""

    tests: tuple[TestPlan, ...]
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class _TestGraph:
    tests: tuple[str, ...]
    uses: Mapping[str, frozenset[str]]  # test class -> test classes that it needs to have beside it, transitively, itself included
    needs: Mapping[str, tuple[Need, ...]]  # the first need for each class, the test's own before those of its helpers
    runs: frozenset[str]
    suites: frozenset[str]


def place_tests(ctx: Context) -> Placement:
    """before: roles   after: a place for every test class; two needed parts are a violation

    The first placement of a class is where its own tests run; in further ones it is there for its users.
    """
    graph = ctx.analyses.once(_graph)
    violations: list[Violation] = []
    more: dict[str, list[Need]] = {}
    for test, cls, span, reason in (*test_crossings(ctx), *test_handles(ctx)):
        more.setdefault(test, []).append(Need(test, cls, span, reason))
    home: dict[str, tuple[str, str]] = {}
    run = {used for name in graph.runs - graph.suites for used in graph.uses[name]}
    for name in graph.tests:
        needs = [*graph.needs[name], *(n for used in sorted(graph.uses[name] & more.keys()) for n in more[used])]
        first = _parts(ctx, graph.uses[name], needs)
        # What no test runs decides nothing: it is compiled beside the first class that it needs.
        if len(first) > 1 and name in run:
            places = sorted(first)
            wanted = tuple(sorted({ctx.facts.top[first[p].cls] for p in places}))
            why = "; ".join(f"{first[p].reason} of {p}" for p in places)
            violations.append(Violation(RULE_ID, first[places[0]].span, f"{name} needs {len(places)} parts locally: {why}", wanted))
        part = min(first, default=DRIVER)
        idle = f"; it needs {', '.join(sorted(first))} locally, but no test runs it" if len(first) > 1 and name not in run else ""
        home[name] = part, first[part].reason + idle if first else "works with proxies alone"
    users: dict[str, set[str]] = {}
    for name in graph.tests:
        if name in graph.runs and name not in graph.suites:
            for used in graph.uses[name]:
                users.setdefault(used, set()).add(home[name][0])
    tests = tuple(_plan(name, graph, home, users.get(name, set())) for name in graph.tests)
    return Placement(tests, tuple(violations))


def _parts(ctx: Context, tests: frozenset[str], needs: Sequence[Need]) -> Mapping[str, Need]:
    """before: what a test needs   after: the parts that it needs, each with the first reason; at best one, at worst all

    A stand-in for a class of another part will do where the test does not hand it on to other parts.
    """
    first: dict[str, Need] = {}
    firm: dict[str, Need] = {}
    wished: dict[str, Need] = {}
    for need in needs:
        part = ctx.owner(need.cls)
        if part is not None and need.wish:
            wished.setdefault(part, need)
        elif part is not None:
            first.setdefault(part, need)
            if not need.stand_in:
                firm.setdefault(part, need)
    if not first:
        return wished  # where there are two, no place keeps the compared values what they were
    if len(first) < 2 or len(firm) > 1:
        return first
    for here in sorted(firm or {*first, *ctx.parts}, key=lambda p: (p not in first, p)):
        foreign = {n.cls for n in needs if n.stand_in and ctx.owner(n.cls) not in (None, here)}
        if not any(leaves(ctx, here, cls, tests) for cls in sorted(foreign)):
            return {here: first.get(here) or next(iter(first.values()))}
    return first


def _softness(need: Need) -> int:
    return 2 if need.wish else 1 if need.stand_in else 0


def _plan(name: str, graph: _TestGraph, home: Mapping[str, tuple[str, str]], users: set[str]) -> TestPlan:
    part, reason = home[name]
    if name in graph.suites:
        return TestPlan(name, (), False, "a suite: the classes that it lists run by themselves")
    if name in graph.runs:
        return TestPlan(name, (part, *sorted(users - {part})), True, reason)
    if users:
        return TestPlan(name, tuple(sorted(users)), False, "goes with its users")
    return TestPlan(name, (part,), False, reason)


def _graph(analyses: Analyses) -> _TestGraph:
    facts, known = analyses.facts, analyses.known
    tests = tuple(sorted(name for name in facts.members if facts.is_test(name)))
    by_file: dict[str, set[str]] = {}
    for name in tests:
        by_file.setdefault(facts.symbol(name).file or name, set()).add(name)
    direct = {name: _beside(facts, name, by_file) for name in tests}
    own: dict[str, dict[str, Need]] = {name: {} for name in tests}
    for need in sorted(test_needs(analyses), key=_softness):
        if need.field not in analyses.proxied_test_fields:
            own[need.test].setdefault(facts.top[need.cls], need)
    suites = frozenset(name for name in tests if is_suite(facts, name))
    uses = _closures(direct, suites)
    for need, named in _loads(analyses, uses):
        own[need.test].setdefault(facts.top[need.cls], need)
        direct[need.test] |= named
    uses = _closures(direct, suites)
    needs: dict[str, tuple[Need, ...]] = {}
    for name in tests:
        first = dict(own[name])
        for used in sorted(uses[name]):
            for cls, need in own[used].items():
                if cls not in first or _softness(need) < _softness(first[cls]):
                    first[cls] = need
        needs[name] = tuple(first.values())
    return _TestGraph(
        tests,
        uses,
        needs,
        frozenset(name for name in tests if is_test_class(facts, known, name)),
        suites,
    )


def _loads(analyses: Analyses, uses: Mapping[str, frozenset[str]]) -> Iterator[tuple[Need, frozenset[str]]]:
    """Tests that run code of the program which loads classes of the tests by name: (need for the loader, those classes)."""
    facts = analyses.facts
    loaders: dict[str, list[NamedClass]] = {}
    for named in tests_by_name(analyses):
        loaders.setdefault(named.user, []).append(named)
    if not loaders:
        return
    order = sorted(loaders)
    runs = calls(analyses).reaching([loaders[loader][0].bodies for loader in order])
    for name in sorted(uses):
        ran = 0
        for used in uses[name]:
            for body in facts.bodies.get(used, ()):
                ran |= runs.get(body.key, 0)
        for i, loader in enumerate(order):
            if ran >> i & 1:
                first = loaders[loader][0]
                reason = f"runs {loader}, which loads {first.cls} by the name in {first.where}"
                yield Need(name, loader, first.span, reason), frozenset(facts.top[n.cls] for n in loaders[loader])


def _beside(facts: Facts, name: str, by_file: Mapping[str, set[str]]) -> frozenset[str]:
    mentioned = {used for used in facts.mentions_of(name) if facts.is_test(used)}
    return frozenset(mentioned | by_file[facts.symbol(name).file or name])


def _closures(direct: Mapping[str, frozenset[str]], suites: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Every test class with those that it needs beside it, transitively; a suite needs none and is needed by none."""
    between = {name: () if name in suites else sorted(used - suites) for name, used in direct.items()}
    names = list(direct)
    reached = gathered(between, {name: 1 << at for at, name in enumerate(names)})
    sets = {bits: frozenset(names[at] for at in numbers(bits)) for bits in set(reached.values())}
    return {name: sets[reached[name]] for name in names}
