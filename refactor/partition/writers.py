"""One component of tables and their writers: what groupings its rules allow, and what they cut."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from refactor.partition.constraints import Atoms, Constraints
from refactor.partition.graph import ClassGraph, TableEdge
from refactor.partition.metrics import write_sets

Grouping = tuple[int, ...]
"""A group number for each member of a component."""

_CLIMB_MEMBERS = 24  # beyond, looking at every pair again after every merge takes too long
_TIES = 256  # ways to decide ties between owners that are looked at; beyond, `exact` turns False


@dataclass(frozen=True, slots=True)
class WriteComponent:
    """Tables, the write edges on them, and their members: atoms, then the parts that tables are pinned to."""

    tables: tuple[str, ...]
    writes: tuple[TableEdge, ...]
    atoms: tuple[int, ...]
    parts: tuple[str, ...]


def write_components(graph: ClassGraph, atoms: Atoms, constraints: Constraints) -> Iterator[WriteComponent]:
    """Tables joined by a writing atom, a transaction, or a part that pins name. Ordered by first table."""
    writes = tuple(e for e in graph.table_edges if e.kind == "WRITE")
    near: dict[str, set[str]] = {}

    def join(a: str, b: str) -> None:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)

    for e in writes:
        atom = atoms.of[e.cls]
        pin = atoms.pin[atom]
        join(f"t{e.table}", f"a{atom}")
        join(f"t{e.table}", f"e{entry_of(e)}")
        if pin is not None:
            join(f"a{atom}", f"p{pin}")
        if e.table in constraints.table_pins:
            join(f"t{e.table}", f"p{constraints.table_pins[e.table]}")
    for component in connected(near, sorted(n for n in near if n[0] == "t")):
        tables = tuple(sorted(n[1:] for n in component if n[0] == "t"))
        members = tuple(sorted(int(n[1:]) for n in component if n[0] == "a"))
        parts = tuple(sorted({constraints.table_pins[t] for t in tables if t in constraints.table_pins}))
        yield WriteComponent(tables, tuple(e for e in writes if e.table in tables), members, parts)


def entry_of(edge: TableEdge) -> str:
    """The transaction of an edge; a write of unknown transaction is one of its class's own."""
    return edge.transaction if edge.transaction is not None else f"{edge.cls} (no known entry)"


def connected(near: dict[str, set[str]], starts: list[str]) -> Iterator[set[str]]:
    """The connected sets that contain one of `starts`."""
    seen: set[str] = set()
    for start in starts:
        if start not in seen:
            stack, found = [start], set()
            while stack:
                node = stack.pop()
                if node not in found:
                    found.add(node)
                    stack.extend(near[node])
            seen |= found
            yield found


class WriteProblem:
    """Scores and searches groupings of one component's members."""

    def __init__(self, component: WriteComponent, atoms: Atoms, constraints: Constraints, cap: int) -> None:
        self._component = component
        self._atoms = atoms
        self._cap = cap
        self._members = len(component.atoms) + len(component.parts)
        self._pin = [atoms.pin[a] for a in component.atoms] + list(component.parts)
        classes = tuple(sorted({e.cls for e in component.writes}))
        self._graph = ClassGraph(classes, (), component.tables, component.writes)
        self._position = {c: component.atoms.index(atoms.of[c]) for c in classes}
        self._pinned = {t: constraints.table_pins[t] for t in component.tables if t in constraints.table_pins}
        self._sets = tuple(write_sets(self._graph).values())
        self.exact = True
        self._entries: dict[str, set[str]] = {}
        for e in component.writes:
            self._entries.setdefault(entry_of(e), set()).add(e.cls)
        names = {p for p in self._pin if p is not None}
        # Every atom that pins put into a part counts there, whether it writes or not.
        self._there = {name: frozenset(a for a, pin in enumerate(atoms.pin) if pin == name) for name in names}

    def position(self, cls: str) -> int:
        return self._position[cls]

    def groups(self, grouping: Grouping) -> list[set[int]]:
        """The members of each group, in order of first member."""
        found: dict[int, set[int]] = {}
        for member, group in enumerate(grouping):
            found.setdefault(group, set()).add(member)
        return list(found.values())

    def home(self, grouping: Grouping, group: set[int]) -> str | None:
        """The part that a pin of one of its members gives to the group."""
        return min((pin for m in group if (pin := self._pin[m]) is not None), default=None)

    def labels(self, grouping: Grouping) -> dict[str, str]:
        """Part name per writing class: its home, else a name of the group's own."""
        home: dict[int, str] = {}
        for member, group in enumerate(grouping):
            pin = self._pin[member]
            if pin is not None:
                home[group] = min(pin, home.get(group, pin))
        return {c: home.get(grouping[at], f"\0{grouping[at]}") for c, at in self._position.items()}

    def allowed(self, grouping: Grouping) -> bool:
        """Whether rules, pins and the size bound let these groups be. An atom alone is always allowed."""
        by_part: dict[str, set[int]] = {}
        for number, group in enumerate(self.groups(grouping)):
            pins = {pin for m in group if (pin := self._pin[m]) is not None}
            if len(pins) > 1:
                return False
            part = pins.pop() if pins else f"\0{number}"
            inside = {self._component.atoms[m] for m in group if m < len(self._component.atoms)}
            by_part.setdefault(part, set(self._there.get(part, ()))).update(inside)
        atoms = self._atoms
        for part, inside in by_part.items():
            if any(atoms.apart[a] & inside for a in inside):
                return False
            size = sum(atoms.size(a) for a in inside)
            forced = sum(atoms.size(a) for a in self._there.get(part, ()))
            if size > max(self._cap, forced) and len(inside) > 1:
                return False
        return True

    def score(self, grouping: Grouping) -> tuple[int, int, int]:
        """Cut transactions; then transactions whose writers are spread; then the number of groups."""
        labels = self.labels(grouping)
        spread = sum(len({labels[c] for c in classes}) > 1 for classes in self._entries.values())
        return self._best_owners(labels)[0], spread, len(set(grouping))

    def owners(self, grouping: Grouping) -> dict[str, str]:
        """The owning label of each table that is not pinned."""
        return {t: p for t, p in self._best_owners(self.labels(grouping))[1].items() if t not in self._pinned}

    def _best_owners(self, labels: dict[str, str]) -> tuple[int, dict[str, str]]:
        """The fewest cut transactions over all owners with most write weight, and these owners: a tie is ours to decide."""
        votes: dict[str, dict[str, list[float]]] = {}
        for e in self._component.writes:
            votes.setdefault(e.table, {}).setdefault(labels[e.cls], []).append(e.weight)
        choices = []
        for table in self._component.tables:
            sums = {label: math.fsum(w) for label, w in votes[table].items()}
            tied = sorted(label for label, total in sums.items() if total == max(sums.values()))
            choices.append([self._pinned[table]] if table in self._pinned else tied)
        if math.prod(len(c) for c in choices) > _TIES:
            self.exact = False
        best: tuple[int, tuple[str, ...]] | None = None
        for chosen in islice(product(*choices), _TIES):
            owner = dict(zip(self._component.tables, chosen, strict=True))
            cut = sum(len({owner[t] for t in tables}) > 1 for tables in self._sets)
            best = (cut, chosen) if best is None else min(best, (cut, chosen))
        assert best is not None, "every table of a component has a writer"
        return best[0], dict(zip(self._component.tables, best[1], strict=True))

    def natural(self) -> Grouping:
        """What shares a table or a transaction is one group, whatever pins say."""
        near: dict[str, set[str]] = {}
        count = len(self._component.atoms)
        for e in self._component.writes:
            for other in (f"m{self._position[e.cls]}", f"e{entry_of(e)}"):
                near.setdefault(f"t{e.table}", set()).add(other)
                near.setdefault(other, set()).add(f"t{e.table}")
        for table, part in self._pinned.items():
            member = f"m{count + self._component.parts.index(part)}"
            near[f"t{table}"].add(member)
            near.setdefault(member, set()).add(f"t{table}")
        result = [0] * self._members
        for number, found in enumerate(connected(near, [f"m{m}" for m in range(self._members)])):
            for node in found:
                if node[0] == "m":
                    result[int(node[1:])] = number
        return tuple(result)

    def search(self) -> tuple[Grouping, int]:
        """The best grouping of all, and how many were looked at."""
        tried = 0
        best: tuple[tuple[int, int, int], Grouping] | None = None
        for grouping in set_partitions(self._members):
            tried += 1
            if self.allowed(grouping):
                found = (self.score(grouping), grouping)
                best = found if best is None else min(best, found)
        assert best is not None, "every atom alone is always allowed"
        return best[1], tried

    def merge(self) -> Grouping:
        """Greedy: members that share most transactions first; then, where there are few, the best merge while one helps."""
        shared: dict[tuple[int, int], int] = {}
        for classes in self._entries.values():
            found = sorted({self._position[c] for c in classes})
            for at, a in enumerate(found):
                for b in found[at + 1 :]:
                    shared[a, b] = shared.get((a, b), 0) + 1
        now = tuple(range(self._members))
        best = (self.score(now), now)
        for a, b in sorted(shared, key=lambda pair: (-shared[pair], pair)):
            merged = _merged(now, now[a], now[b])
            if merged != now and self.allowed(merged):
                now = merged
                best = min(best, (self.score(now), now))
        if self._members <= _CLIMB_MEMBERS:
            best = min(best, self._climb(tuple(range(self._members))), self._climb(best[1]))
        return best[1]

    def _climb(self, now: Grouping) -> tuple[tuple[int, int, int], Grouping]:
        score = self.score(now)
        while True:
            present = sorted(set(now))
            options = [_merged(now, a, b) for at, a in enumerate(present) for b in present[at + 1 :]]
            scored = [(self.score(option), option) for option in options if self.allowed(option)]
            if not scored or min(scored)[0] >= score:
                return score, now
            score, now = min(scored)

    def lower_bound(self) -> int:
        """Transactions that write two tables with one writing atom each, where the rules keep these two atoms apart."""
        writers: dict[str, set[int]] = {}
        tables_of: dict[str, set[str]] = {}
        for e in self._component.writes:
            writers.setdefault(e.table, set()).add(self._atoms.of[e.cls])
            tables_of.setdefault(entry_of(e), set()).add(e.table)
        sole = {t: next(iter(found)) for t, found in writers.items() if len(found) == 1 and t not in self._pinned}
        return sum(self._forced(sorted({sole[t] for t in tables if t in sole})) for tables in tables_of.values())

    def _forced(self, found: list[int]) -> bool:
        atoms = self._atoms
        for at, a in enumerate(found):
            for b in found[at + 1 :]:
                one, other = atoms.pin[a], atoms.pin[b]
                if b in atoms.apart[a] or (one is not None and other is not None and one != other):
                    return True
        return False


def _merged(grouping: Grouping, a: int, b: int) -> Grouping:
    return tuple(min(a, b) if g in (a, b) else g for g in grouping)


def set_partitions(count: int) -> Iterator[Grouping]:
    """All set partitions of `count` things as restricted growth strings: (0, 0), (0, 1) for two."""

    def grow(prefix: Grouping, groups: int) -> Iterator[Grouping]:
        if len(prefix) == count:
            yield prefix
            return
        for group in range(groups + 1):
            yield from grow((*prefix, group), max(groups, group + 1))

    return grow((), 0)
