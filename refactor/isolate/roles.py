"""Which top-level classes are replicated, under one assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from refactor.flow.facts import Facts
from refactor.isolate.eligible import Category, Eligibility
from refactor.isolate.plan import DRIVER, Role
from refactor.isolate.widening import wide_types, widens
from refactor.support.components import numbers


@dataclass(frozen=True, slots=True)
class RoleDecision:
    """`places`: the parts whose code needs the class itself (a replica), or the one part that owns it.

    `local`: owned although it could be replicated, because nobody else mentions it.
    """

    role: Role
    part: str | None
    places: frozenset[str]
    reason: str
    local: bool = False


# Copies of these may arrive anywhere inside an object of a wider type, so the code is everywhere or nowhere else.
_TRAVELLING = frozenset({Category.VALUE, Category.ENUM, Category.EXCEPTION})


def decide_roles(
    facts: Facts,
    eligible: Eligibility,
    assignment: Mapping[str, str],
    test_places: Mapping[str, frozenset[str]],
    kept: frozenset[str] = frozenset(),
    forced: Mapping[str, str] | None = None,
) -> Mapping[str, RoleDecision]:
    """before: class -> part   after: class -> owned or replicated, and where its code is needed

    A class that may be replicated stays owned by its part where no other part needs its code. Exceptions are needed
    everywhere, since they are thrown through callers that do not name them. `kept` are classes that a pin or a repair keeps
    owned although they could be replicated. Tests count as users of interfaces, exceptions, enums and values, not of
    stateless classes: a proxy serves them as well. `forced`: those that every part has whoever mentions them, with the reason.
    """
    everywhere = frozenset({*assignment.values(), DRIVER})
    everyones = {name: why for name, why in (forced or {}).items() if name in assignment and name not in kept}
    candidates = {name for name in (*eligible.category, *everyones) if name not in kept} - _idle_bases(facts, eligible, assignment)
    places = _Needs(facts, eligible, assignment, candidates, everywhere).solve(test_places, frozenset(everyones))
    found: dict[str, RoleDecision] = {}
    for name in sorted(assignment):
        part = assignment[name]
        category = eligible.category.get(name)
        if name in everyones:
            found[name] = RoleDecision(Role.REPLICATED, None, everywhere, everyones[name])
        elif name not in candidates or category is None:
            kind = category.value if category else ""
            why = eligible.why_owned.get(name) or f"kept in one part, although it could be replicated ({kind})"
            if category is Category.BASE and name not in kept:
                why = "it has state, and all its subclasses are in its part"
            found[name] = RoleDecision(Role.OWNED, part, frozenset({part}), why)
        elif places[name] <= {part}:
            why = f"{category.value}, but only {part} needs it" if places[name] else f"{category.value}, but no other class names it"
            found[name] = RoleDecision(Role.OWNED, part, frozenset({part}), why, local=True)
        else:
            found[name] = RoleDecision(Role.REPLICATED, None, places[name], category.value)
    return found


def _idle_bases(facts: Facts, eligible: Eligibility, assignment: Mapping[str, str]) -> set[str]:
    """Base classes whose owned subclasses are all in their own part: nothing is gained by a copy."""
    found = set()
    for name, category in eligible.category.items():
        if category is Category.BASE:
            below = {facts.top[n] for n in facts.hierarchy.subtypes(name)} & assignment.keys()
            if all(assignment[n] == assignment[name] for n in below):
                found.add(name)
    return found


class _Needs:
    """The least solution of: a class is needed where the code of a class that mentions it is, proxies included.

    Sets of parts are bits of an integer: where every class is a part of its own there are as many parts as classes.
    """

    def __init__(
        self, facts: Facts, eligible: Eligibility, assignment: Mapping[str, str], candidates: set[str], everywhere: frozenset[str]
    ) -> None:
        self._facts = facts
        self._eligible = eligible
        self._candidates = candidates
        self._parts = sorted(everywhere)
        self._bit = {part: 1 << i for i, part in enumerate(self._parts)}
        self._home = {name: self._bit[part] for name, part in assignment.items()}
        self._everywhere = (1 << len(self._parts)) - 1
        self._places = dict.fromkeys(candidates, 0)
        self._proxied: dict[str, int] = {}
        self._todo: dict[str, int] = {}  # what a class's code has been newly needed in, since it was last looked at
        # Who receives a value by an interface of it needs the value's class as well.
        self._below: dict[str, list[str]] = {}
        for name in candidates:
            if eligible.category.get(name) in _TRAVELLING:
                for above in facts.hierarchy.supertypes(name):
                    if above != name and above in facts.top:
                        self._below.setdefault(facts.top[above], []).append(name)

    def solve(self, test_places: Mapping[str, frozenset[str]], forced: frozenset[str]) -> Mapping[str, frozenset[str]]:
        self._todo.update((n, bit) for n, bit in self._home.items() if n not in self._candidates)
        for name, parts in test_places.items():
            self._todo[name] = self._todo.get(name, 0) | sum(self._bit[p] for p in parts)
        wide = wide_types(self._facts)
        for name in sorted(self._candidates):
            if name in forced or self._eligible.category[name] is Category.EXCEPTION:
                self._add(name, self._everywhere)
            elif self._eligible.category[name] in _TRAVELLING and widens(self._facts, wide, name):
                self._add(name, self._everywhere)  # an `Object` parameter takes it to code that does not mention it
        unnamed = sorted(self._candidates)
        while self._todo or unnamed:
            if not self._todo:
                # What no other class names is owned by its part after all, and what it mentions is needed there.
                name = unnamed.pop()
                if not self._places[name] & ~self._home[name]:
                    self._todo[name] = self._home[name]
                continue
            self._visit(*self._todo.popitem())
        named: dict[int, frozenset[str]] = {}
        for places in self._places.values():
            if places not in named:
                named[places] = frozenset(self._parts[at] for at in numbers(places))
        return {name: named[places] for name, places in self._places.items()}

    def _visit(self, user: str, parts: int) -> None:
        is_test = user not in self._home
        self._add_below(user, parts)
        if user in self._candidates:
            for below in self._subclasses(user):
                self._spread(below, parts & ~self._home[below])
        for name in self._facts.mentions_of(user):
            if name in self._candidates:
                category = self._eligible.category.get(name)
                if not is_test or (category is not None and category.must):
                    self._add(name, parts)
            elif name in self._home:
                # A proxy of an owned class in another part mentions what the signatures of the class mention.
                self._spread(name, parts & ~self._home[name])

    def _subclasses(self, name: str) -> list[str]:
        """Owned classes below a copied class: whoever has the copy may be given one of them, and needs its proxy."""
        if self._facts.symbol(name).is_interface:
            return []
        tops = {self._facts.top[n] for n in self._facts.hierarchy.subtypes(name)} - {name}
        return sorted(n for n in tops if n in self._home and n not in self._candidates)

    def _spread(self, name: str, parts: int) -> None:
        queue = [(name, parts)]
        while queue:
            current, wanted = queue.pop()
            new = wanted & ~self._proxied.get(current, 0)
            if not new:
                continue
            self._proxied[current] = self._proxied.get(current, 0) | new
            self._add_below(current, new)
            for mentioned in self._facts.signature_mentions(current):
                if mentioned in self._candidates:
                    if self._eligible.category.get(mentioned) is not Category.STATELESS:
                        self._add(mentioned, new)
                elif mentioned in self._home:
                    queue.append((mentioned, new & ~self._home[mentioned]))

    def _add(self, name: str, parts: int) -> None:
        places = self._places[name]
        wanted = parts
        if self._eligible.category.get(name) in _TRAVELLING and (places | parts) & ~self._home[name]:
            wanted = self._everywhere
        new = wanted & ~places
        if new:
            self._places[name] = places | new
            self._todo[name] = self._todo.get(name, 0) | new

    def _add_below(self, name: str, parts: int) -> None:
        for below in self._below.get(name, ()):
            self._add(below, parts)
