"""Keep write transactions whole: which classes to glue so that the fewest transactions write tables of several parts.

A transaction is cut where the tables it writes have more than one owning part. A table's owner is, by
`metrics.table_owners`, the part with most of its writers' weight; so all of it depends on where the writing classes go.
Tables and the classes that write them fall into components, and components do not influence each other:
- a component that fits into one part as a whole has 0 cut transactions, and nothing is below 0: proved;
- a component that does not (rules, pins or the size bound forbid it) of at most 9 atoms is searched exhaustively, all
  set partitions: proved;
- a larger one is merged greedily and reported with its lower bound: transactions that the rules alone cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from refactor.partition.constraints import Atoms, Constraints, MustLink
from refactor.partition.graph import ClassGraph, TableEdge
from refactor.partition.metrics import cut_write_transactions, table_owners

EXHAUSTIVE_ATOMS = 9  # 21,147 set partitions


@dataclass(frozen=True, slots=True)
class WriteCut:
    """The result over all components. `proofs` has a sentence for each component; `bound` <= the optimum <= `cut`."""

    glue: tuple[MustLink, ...]
    owners: dict[str, str]
    cut: int
    bound: int
    proofs: tuple[str, ...]

    @property
    def optimal(self) -> bool:
        return self.cut == self.bound


def keep_writes_whole(graph: ClassGraph, atoms: Atoms, constraints: Constraints, cap: int) -> WriteCut:
    """before: atoms from the rules alone   after: further must-links, and for each written table its owning class

    `owners` maps a table to a class of the owning group: the part that class ends up in owns the table. Later passes
    may put two groups into one part, which can only lower the cut.
    """
    writes = [e for e in graph.table_edges if e.kind == "WRITE"]
    glue: list[MustLink] = []
    owners: dict[str, str] = {}
    proofs: list[str] = []
    cut = bound = 0
    for tables, members in _components(writes, atoms):
        inside = [e for e in writes if e.table in tables]
        local = ClassGraph(tuple(sorted({e.cls for e in inside})), (), tables, tuple(inside))
        name = ", ".join(tables)
        pinned = {t: constraints.table_pins[t] for t in tables if t in constraints.table_pins}
        problem = _Problem(local, atoms, members, cap, pinned)
        together = tuple([0] * len(members))
        if problem.allowed(together) and problem.score(together)[0] == 0:
            best, low, how = together, 0, "0, the least there can be: all its writers fit into one part"
        elif len(members) <= EXHAUSTIVE_ATOMS:
            best, low, tried = problem.search()
            how = f"{low}, proved by trying all {tried} ways to group its {len(members)} writing groups"
        else:
            best = problem.merge()
            low = problem.lower_bound()
            reached = problem.score(best)[0]
            how = f"{reached}, " + ("equal to its lower bound" if reached == low else f"not proved: the lower bound is {low}")
        cut += problem.score(best)[0]
        bound += low
        proofs.append(f"write transactions on {name}: cut {how}")
        groups: dict[int, list[int]] = {}
        for member, group in zip(members, best, strict=True):
            groups.setdefault(group, []).append(member)
        for group_atoms in groups.values():
            if len(group_atoms) > 1:
                classes = tuple(sorted(c for a in group_atoms for c in atoms.members[a] if c in local.nodes))
                glue.append(MustLink(classes, f"transactions that write {name} stay whole"))
        for table, owner in problem.owners(best).items():
            owners[table] = next(c for c in local.nodes if best[members.index(atoms.of[c])] == owner)
    return WriteCut(tuple(glue), owners, cut, bound, tuple(proofs))


class _Problem:
    """One component: its atoms are numbered 0.. in order, a grouping gives each a group number."""

    def __init__(self, graph: ClassGraph, atoms: Atoms, members: tuple[int, ...], cap: int, pinned: Mapping[str, str]) -> None:
        self._graph = graph
        self._atoms = atoms
        self._members = members
        self._cap = cap
        self._pinned = pinned
        self._position = {c: members.index(atoms.of[c]) for c in graph.nodes}
        self._entries: dict[str, set[str]] = {}
        for e in graph.table_edges:
            self._entries.setdefault(e.transaction if e.transaction is not None else e.cls, set()).add(e.cls)

    def allowed(self, grouping: tuple[int, ...]) -> bool:
        """Whether rules, pins and the size bound let these groups be. An atom alone is always allowed."""
        groups: dict[int, list[int]] = {}
        for member, group in zip(self._members, grouping, strict=True):
            groups.setdefault(group, []).append(member)
        for found in groups.values():
            if len(found) == 1:
                continue
            pins = {self._atoms.pin[a] for a in found} - {None}
            if len(pins) > 1 or any(self._atoms.apart[a] & set(found) for a in found):
                return False
            if not pins and sum(self._atoms.size(a) for a in found) > self._cap:
                return False
        return True

    def _labels(self, grouping: tuple[int, ...]) -> dict[str, str]:
        names = [self._atoms.pin[m] for m in self._members]
        pin_of = {group: name for group, name in zip(grouping, names, strict=True) if name is not None}
        return {c: pin_of.get(grouping[at], f"\0{grouping[at]}") for c, at in self._position.items()}

    def score(self, grouping: tuple[int, ...]) -> tuple[int, int, int]:
        """Cut transactions; then transactions whose writers are spread; then the number of groups."""
        labels = self._labels(grouping)
        owners = {**table_owners(self._graph, labels), **self._pinned}
        spread = sum(len({labels[c] for c in classes}) > 1 for classes in self._entries.values())
        return len(cut_write_transactions(self._graph, labels, owners)), spread, len(set(grouping))

    def owners(self, grouping: tuple[int, ...]) -> dict[str, int]:
        """Owning group of each table that is not pinned elsewhere."""
        labels = self._labels(grouping)
        group_of = {labels[c]: grouping[at] for c, at in sorted(self._position.items(), reverse=True)}
        return {t: group_of[p] for t, p in table_owners(self._graph, labels).items()}

    def search(self) -> tuple[tuple[int, ...], int, int]:
        """The best grouping, its cut, and how many groupings were looked at."""
        tried = 0
        best: tuple[tuple[int, int, int], tuple[int, ...]] | None = None
        for grouping in _set_partitions(len(self._members)):
            tried += 1
            if self.allowed(grouping):
                found = (self.score(grouping), grouping)
                best = found if best is None else min(best, found)
        assert best is not None, "every atom alone is always allowed"
        return best[1], best[0][0], tried

    def merge(self) -> tuple[int, ...]:
        """Greedy: from all apart, the merge that improves the score most, until none does."""
        now = tuple(range(len(self._members)))
        while True:
            options = []
            present = sorted(set(now))
            for at, a in enumerate(present):
                for b in present[at + 1 :]:
                    merged = tuple(a if g == b else g for g in now)
                    if self.allowed(merged):
                        options.append((self.score(merged), merged))
            if not options or min(options)[0] >= self.score(now):
                return now
            now = min(options)[1]

    def lower_bound(self) -> int:
        """Transactions that write two tables with one writing atom each, where the rules keep these two atoms apart."""
        writers: dict[str, set[int]] = {}
        for e in self._graph.table_edges:
            writers.setdefault(e.table, set()).add(self._atoms.of[e.cls])
        sole = {t: next(iter(found)) for t, found in writers.items() if len(found) == 1 and t not in self._pinned}
        tables_of: dict[str, set[str]] = {}
        for e in self._graph.table_edges:
            tables_of.setdefault(e.transaction if e.transaction is not None else f"{e.cls} (no known entry)", set()).add(e.table)
        return sum(self._forced(sorted({sole[t] for t in tables if t in sole})) for tables in tables_of.values())

    def _forced(self, found: list[int]) -> bool:
        atoms = self._atoms
        for at, a in enumerate(found):
            for b in found[at + 1 :]:
                one, other = atoms.pin[a], atoms.pin[b]
                if b in atoms.apart[a] or (one is not None and other is not None and one != other):
                    return True
        return False


def _components(writes: list[TableEdge], atoms: Atoms) -> Iterator[tuple[tuple[str, ...], tuple[int, ...]]]:
    """Connected sets of written tables with the atoms that write them: joined by a shared writer or transaction."""
    near: dict[str, set[str]] = {}
    for e in writes:
        entry = "e" + (e.transaction if e.transaction is not None else f"{e.cls} (no known entry)")
        for a, b in (("t" + e.table, f"a{atoms.of[e.cls]}"), ("t" + e.table, entry)):
            near.setdefault(a, set()).add(b)
            near.setdefault(b, set()).add(a)
    seen: set[str] = set()
    for start in sorted(n for n in near if n[0] == "t"):
        if start in seen:
            continue
        stack, component = [start], set()
        while stack:
            node = stack.pop()
            if node not in component:
                component.add(node)
                stack.extend(near[node])
        seen |= component
        tables = tuple(sorted(n[1:] for n in component if n[0] == "t"))
        yield tables, tuple(sorted(int(n[1:]) for n in component if n[0] == "a"))


def _set_partitions(count: int) -> Iterator[tuple[int, ...]]:
    """All set partitions of `count` things as restricted growth strings: (0, 0), (0, 1) for two."""

    def grow(prefix: list[int], groups: int) -> Iterator[tuple[int, ...]]:
        if len(prefix) == count:
            yield tuple(prefix)
            return
        for group in range(groups + 1):
            yield from grow([*prefix, group], max(groups, group + 1))

    return grow([], 0)
