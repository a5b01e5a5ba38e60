"""From legal roles to a Plan: what every part owns, copies and proxies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from refactor.flow.facts import Facts
from refactor.ir.symbols import Flags, Origin
from refactor.isolate.context import Context
from refactor.isolate.eligible import Eligibility
from refactor.isolate.plan import DRIVER, ClassPlan, PartPlan, Passing, Role, TestPlan

_COPIED = frozenset({Passing.VALUE, Passing.ENUM, Passing.EXCEPTION})


def class_plans(ctx: Context) -> tuple[ClassPlan, ...]:
    """before: roles   after: one ClassPlan per top-level class of the main sources, with the passing of every class in it"""
    found = []
    for name in sorted(ctx.assignment):
        decision = ctx.roles[name]
        found.append(ClassPlan(name, decision.role, decision.part, passing_of(ctx, name), decision.reason))
    return tuple(found)


def passing_of(ctx: Context, top: str) -> tuple[tuple[str, Passing], ...]:
    """How instances of a top-level class and of every class in it cross the cut, by binary name."""
    replicated = ctx.roles[top].role is Role.REPLICATED
    return tuple((name, ctx.analyses.eligible.passing(ctx.facts, name, replicated)) for name in ctx.facts.members[top])


def part_plans(ctx: Context, tests: Iterable[TestPlan], parts: Iterable[str], first_port: int) -> tuple[PartPlan, ...]:
    """before: roles, test placement   after: per part the closure of what its sources mention; the driver last"""
    roots: dict[str, set[str]] = {part: set() for part in (*sorted(parts), DRIVER)}
    for name in ctx.assignment:
        owner = ctx.owner(name)
        if owner is not None:
            roots[owner].add(name)
    in_tests: dict[str, set[str]] = {part: set() for part in roots}
    for test in tests:
        for place in test.placements:
            in_tests[place].add(test.name)
    roots[DRIVER] |= {name for name, _ in mains(ctx)}
    copied = _copied_members(ctx.facts, ctx.analyses.eligible, ctx)
    found = []
    ports = iter(range(first_port, first_port + len(roots)))
    for part, names in roots.items():
        owned = sorted(n for n in names if ctx.owner(n) == part)
        replicas, proxies = _closure(ctx, part, [*sorted(names), *sorted(in_tests[part])], copied)
        port = 0 if part == DRIVER else next(ports)
        found.append(PartPlan(part, port, tuple(owned), tuple(sorted(replicas)), tuple(sorted(proxies))))
    return tuple(found)


def mains(ctx: Context) -> tuple[tuple[str, str | None], ...]:
    """Classes of the main sources with a `main` that starts a program, and the part that owns each (None: replicated)."""
    found = []
    for name in sorted(ctx.assignment):
        for method in ctx.facts.symbol(name).methods:
            if method.name == "main" and method.flags & Flags.STATIC and method.flags & Flags.PUBLIC and method.descriptor in _MAIN:
                found.append((name, ctx.owner(name)))
                break
    return tuple(found)


_MAIN = frozenset({"([Ljava/lang/String;)V", "()V"})


def _closure(ctx: Context, part: str, roots: list[str], copied: Mapping[str, frozenset[str]]) -> tuple[set[str], set[str]]:
    """Replicas and proxies: full text of what is here counts, of a proxy only its header and what is not private."""
    replicas: set[str] = set()
    proxies: set[str] = set()
    full = [n for n in roots if ctx.owner(n) in (None, part)]
    partial = [n for n in roots if ctx.owner(n) not in (None, part)]
    replicas.update(n for n in full if n in ctx.assignment and ctx.owner(n) is None)
    proxies.update(partial)
    seen = {*full, *partial}
    while full or partial:
        if full:
            mentioned = ctx.facts.mentions_of(full.pop())
        else:
            name = partial.pop()
            mentioned = ctx.facts.signature_mentions(name) | copied.get(name, frozenset())
        for name in mentioned:
            if name in seen or name not in ctx.assignment:
                continue  # test classes are placed by themselves
            seen.add(name)
            owner = ctx.owner(name)
            if owner is None:
                replicas.add(name)
                full.append(name)
            elif owner == part:
                full.append(name)
            else:
                proxies.add(name)
                partial.append(name)
    return replicas, proxies


def _copied_members(facts: Facts, eligible: Eligibility, ctx: Context) -> Mapping[str, frozenset[str]]:
    """What the nested values, enums and exceptions of owned classes mention: a proxy keeps them whole."""
    found: dict[str, frozenset[str]] = {}
    for top in ctx.assignment:
        if ctx.owner(top) is not None and len(facts.members[top]) > 1:
            names: set[str] = set()
            for name, passing in passing_of(ctx, top):
                if passing in _COPIED and name != top:
                    names.update(facts.top[n] for n in facts.mentions.get(name, ()))
            names.discard(top)
            if names:
                found[top] = frozenset(names)
    return found


def main_classes(facts: Facts) -> tuple[str, ...]:
    """The top-level classes of the main sources, sorted: what an assignment has to place."""
    return tuple(sorted(n for n in facts.members if facts.symbol(n).origin is Origin.MAIN))
