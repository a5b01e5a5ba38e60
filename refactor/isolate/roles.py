"""Which top-level classes are replicated, under one assignment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from refactor.flow.facts import Facts
from refactor.isolate.eligible import Category, Eligibility
from refactor.isolate.plan import DRIVER, Role


@dataclass(frozen=True, slots=True)
class RoleDecision:
    """`places`: the parts whose code needs the class itself (a replica), or the one part that owns it."""

    role: Role
    part: str | None
    places: frozenset[str]
    reason: str


def decide_roles(
    facts: Facts,
    eligible: Eligibility,
    assignment: Mapping[str, str],
    test_places: Mapping[str, frozenset[str]],
    kept: frozenset[str] = frozenset(),
) -> Mapping[str, RoleDecision]:
    """before: class -> part   after: class -> owned or replicated, and where its code is needed

    A class that may be replicated stays owned by its part where no other part needs its code. `kept` are classes that a
    pin or a repair keeps owned although they could be replicated. Tests count as users of interfaces, exceptions, enums
    and values, not of stateless classes: a proxy serves them as well.
    """
    candidates = {name for name in eligible.category if name not in kept}
    places = _needed_in(facts, eligible, assignment, test_places, candidates)
    found: dict[str, RoleDecision] = {}
    for name in sorted(assignment):
        part = assignment[name]
        category = eligible.category.get(name)
        if name not in candidates:
            why = eligible.why_owned.get(name) or f"kept in one part although it is replicable ({category.value if category else ''})"
            found[name] = RoleDecision(Role.OWNED, part, frozenset({part}), why)
            continue
        needed = places[name]
        assert category is not None
        if needed <= {part}:
            why = f"{category.value}, but only {part} needs it" if needed else f"{category.value}, but nobody outside needs it"
            found[name] = RoleDecision(Role.OWNED, part, frozenset({part}), why)
        else:
            found[name] = RoleDecision(Role.REPLICATED, None, needed, category.value)
    return found


def _needed_in(
    facts: Facts,
    eligible: Eligibility,
    assignment: Mapping[str, str],
    test_places: Mapping[str, frozenset[str]],
    candidates: set[str],
) -> Mapping[str, frozenset[str]]:
    """The least solution of: a class is needed where the code of a class that mentions it is, proxies included."""
    places: dict[str, set[str]] = {name: set() for name in candidates}
    present: dict[str, frozenset[str]] = {n: frozenset({p}) for n, p in assignment.items() if n not in candidates}
    todo: list[tuple[str, frozenset[str]]] = [*present.items(), *test_places.items()]
    proxied: dict[str, set[str]] = {}
    tests = {name for name in facts.members if facts.is_test(name)}
    while todo:
        user, parts = todo.pop()
        is_test = user in tests
        for name in facts.mentions_of(user):
            if name in candidates:
                if is_test and not eligible.category[name].must:
                    continue
                _add(places, name, parts, todo)
            elif name in assignment:
                # A proxy of an owned class in another part mentions what the signatures of the class mention.
                _spread(facts, eligible, name, parts - {assignment[name]}, assignment, candidates, proxied, places, todo)
    return {name: frozenset(found) for name, found in places.items()}


def _spread(
    facts: Facts,
    eligible: Eligibility,
    name: str,
    parts: frozenset[str],
    assignment: Mapping[str, str],
    candidates: set[str],
    proxied: dict[str, set[str]],
    places: dict[str, set[str]],
    todo: list[tuple[str, frozenset[str]]],
) -> None:
    queue: list[tuple[str, Iterable[str]]] = [(name, parts)]
    while queue:
        current, wanted = queue.pop()
        new = set(wanted) - proxied.setdefault(current, set())
        if not new:
            continue
        proxied[current] |= new
        for mentioned in facts.signature_mentions(current):
            if mentioned in candidates:
                if eligible.category[mentioned] is not Category.STATELESS:
                    _add(places, mentioned, frozenset(new), todo)
            elif mentioned in assignment:
                queue.append((mentioned, new - {assignment[mentioned]}))


def _add(places: dict[str, set[str]], name: str, parts: frozenset[str], todo: list[tuple[str, frozenset[str]]]) -> None:
    new = parts - places[name]
    if new:
        places[name] |= new
        todo.append((name, frozenset(new)))


def places_of(decisions: Mapping[str, RoleDecision], name: str) -> frozenset[str]:
    """Where the code of an application class runs; the driver for what is not in the plan (tests)."""
    found = decisions.get(name)
    return found.places if found else frozenset({DRIVER})
