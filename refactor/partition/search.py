"""Local search: place atoms into k parts of bounded size, for little cut weight and pure tables.

The objective, in shares so that its terms compare: internal edge weight / all weight, minus `TABLES` x table entropy,
plus a little for classes of one package being together (it decides where edges do not), minus a penalty for parts
below the least size. Deterministic: atoms, parts and neighbours are visited in fixed orders, and the perturbation
draws from a generator seeded by the caller.
"""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

TABLES = 1.0
PACKAGES = 0.04
UNDERSIZE = 0.6
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Instance:
    """What the search sees: atoms by number, edges already summed, everything sorted."""

    size: tuple[int, ...]
    near: tuple[tuple[tuple[int, float], ...], ...]
    tables: tuple[tuple[tuple[int, int], ...], ...]
    packages: tuple[tuple[tuple[int, int], ...], ...]
    fixed: tuple[int | None, ...]
    apart: tuple[frozenset[int], ...]

    @property
    def classes(self) -> int:
        return sum(self.size)


@dataclass(frozen=True, slots=True)
class Shape:
    """How many parts, the most classes each may have, and the least each should have."""

    caps: tuple[int, ...]
    least: int


class Search:
    """A placement being improved. `part[a]` is the part of atom a."""

    def __init__(self, instance: Instance, shape: Shape, part: Sequence[int]) -> None:
        self.instance = instance
        self.shape = shape
        self.part = list(part)
        k = len(shape.caps)
        self._weight = sum(w for row in instance.near for _, w in row) / 2 or 1.0
        self._classes = max(1, instance.classes)
        self._size = [0] * k
        self._conn: list[dict[int, float]] = [{} for _ in part]
        # Classes per table (or package) and part: table -> part -> classes.
        self._tables: dict[int, dict[int, int]] = {}
        self._packages: dict[int, dict[int, int]] = {}
        for atom, p in enumerate(self.part):
            self._size[p] += instance.size[atom]
            for other, w in instance.near[atom]:
                q = self.part[other]
                self._conn[atom][q] = self._conn[atom].get(q, 0.0) + w
            for counts, at in ((instance.tables[atom], self._tables), (instance.packages[atom], self._packages)):
                for key, n in counts:
                    row = at.setdefault(key, {})
                    row[p] = row.get(p, 0) + n
        self._table_total = {t: sum(row.values()) for t, row in self._tables.items()}
        self._package_share = {f: PACKAGES / (sum(row.values()) * self._classes) for f, row in self._packages.items()}
        self._table_share = {t: TABLES / (total * len(self._tables)) for t, total in self._table_total.items()}

    def gain(self, atom: int, q: int, sizes: bool = True) -> float:
        """What moving `atom` to part q adds to the objective; without `sizes`, as if another atom came back for it."""
        p = self.part[atom]
        conn = self._conn[atom].get
        value = (conn(q, 0.0) - conn(p, 0.0)) / self._weight
        instance = self.instance
        for table, n in instance.tables[atom]:
            row = self._tables[table]
            a, b = row[p], row.get(q, 0)
            value += self._table_share[table] * (_xlogx(a - n) + _xlogx(b + n) - _xlogx(a) - _xlogx(b))
        for package, n in instance.packages[atom]:
            row = self._packages[package]
            value += self._package_share[package] * n * (row.get(q, 0) - row[p] + n)
        size, least = instance.size[atom], self.shape.least
        p_size, q_size = self._size[p], self._size[q]
        if sizes and (p_size - size < least or q_size < least):
            before = short(p_size, least) + short(q_size, least)
            after = short(p_size - size, least) + short(q_size + size, least)
            value += UNDERSIZE * (before - after) / self._classes
        return value

    def candidates(self, atom: int) -> list[int]:
        """The parts where `atom` may gain: with a neighbour, a table or the package of it, or below the least size."""
        found = set(self._conn[atom])
        for table, _ in self.instance.tables[atom]:
            found.update(self._tables[table])
        for package, _ in self.instance.packages[atom]:
            found.update(self._packages[package])
        found.update(q for q, size in enumerate(self._size) if size < self.shape.least)
        found.discard(self.part[atom])
        return sorted(found)

    def allowed(self, atom: int, q: int, leaving: int | None = None) -> bool:
        """Whether rules let `atom` into q (once `leaving` has gone); the size bound is the caller's to check."""
        if self.instance.fixed[atom] is not None:
            return False
        part = self.part
        return all(part[b] != q or b == leaving for b in self.instance.apart[atom])

    def room(self, q: int) -> int:
        return self.shape.caps[q] - self._size[q]

    def empties(self, atom: int) -> bool:
        """Whether moving `atom` away would leave its part empty: a part asked for stays."""
        return self._size[self.part[atom]] == self.instance.size[atom]

    def move(self, atom: int, q: int) -> None:
        p = self.part[atom]
        self.part[atom] = q
        size = self.instance.size[atom]
        self._size[p] -= size
        self._size[q] += size
        for other, w in self.instance.near[atom]:
            conn = self._conn[other]
            conn[q] = conn.get(q, 0.0) + w
            left = conn[p] - w
            if left > _EPSILON:
                conn[p] = left
            else:
                del conn[p]
        for counts, at in ((self.instance.tables[atom], self._tables), (self.instance.packages[atom], self._packages)):
            for key, n in counts:
                row = at[key]
                row[q] = row.get(q, 0) + n
                if row[p] == n:
                    del row[p]
                else:
                    row[p] -= n

    def climb(self, start: Sequence[int], budget: int) -> float:
        """Move or swap while something improves, looking first at `start`; returns the total gain.

        Bounded by `budget` looks: rounding cannot make it run on.
        """
        total = 0.0
        queue = deque(start)
        waiting = set(start)
        by_part: list[set[int]] = [set() for _ in self.shape.caps]
        for atom, p in enumerate(self.part):
            by_part[p].add(atom)
        while queue and budget > 0:
            budget -= 1
            atom = queue.popleft()
            waiting.discard(atom)
            if self.instance.fixed[atom] is not None:
                continue
            p = self.part[atom]
            options = sorted((-self.gain(atom, q), q) for q in self.candidates(atom))
            done: tuple[int, ...] = ()
            for negative, q in options:
                if -negative <= _EPSILON:
                    # Where only the sizes of small parts speak against it, an exchange leaves those as they are.
                    other, found = self._exchange(atom, q, by_part[q])
                    if other is None:
                        continue
                    self.move(atom, q)
                    self.move(other, p)
                    by_part[p] ^= {atom, other}
                    by_part[q] ^= {atom, other}
                    total += found
                    done = (atom, other)
                    break
                if self.instance.size[atom] <= self.room(q) and not self.empties(atom) and self.allowed(atom, q):
                    self.move(atom, q)
                    by_part[p].discard(atom)
                    by_part[q].add(atom)
                    total -= negative
                    done = (atom,)
                    break
                # The move would gain but finds no room, or a rule in its way: look for an exchange.
                other, found = self._partner(atom, q, sorted(by_part[q]), -negative)
                if other is not None:
                    self.move(atom, q)
                    self.move(other, p)
                    by_part[p] ^= {atom, other}
                    by_part[q] ^= {atom, other}
                    total += found
                    done = (atom, other)
                    break
            for changed in done:
                for other, _ in self.instance.near[changed]:
                    if other not in waiting:
                        waiting.add(other)
                        queue.append(other)
                if changed not in waiting:
                    waiting.add(changed)
                    queue.append(changed)
        return total

    def _exchange(self, atom: int, q: int, there: set[int]) -> tuple[int | None, float]:
        """`_partner` where one of the two parts is small, so that sizes forbid what edges would have."""
        if self._size[self.part[atom]] - self.instance.size[atom] >= self.shape.least and self._size[q] >= self.shape.least:
            return None, 0.0
        gain = self.gain(atom, q, sizes=False)
        return self._partner(atom, q, sorted(there), gain) if gain > _EPSILON else (None, 0.0)

    def _partner(self, atom: int, q: int, candidates: list[int], gain: float) -> tuple[int | None, float]:
        """The atom of q whose exchange with `atom` gains most, None where none gains."""
        p = self.part[atom]
        size = self.instance.size
        weight = dict(self.instance.near[atom])
        best: tuple[float, int] | None = None
        least, most = size[atom] - self.room(q), size[atom] + self.room(p)
        fixed = self.instance.fixed
        for other in candidates:
            if not least <= size[other] <= most or fixed[other] is not None:
                continue
            rough = gain + self.gain(other, p, sizes=False) - 2 * weight.get(other, 0.0) / self._weight
            if rough > _EPSILON and (best is None or rough > best[0]) and self.allowed(atom, q, other) and self.allowed(other, p, atom):
                best = (rough, other)
        if best is None:
            return None, 0.0
        # The rough sum ignores shared tables, packages and sizes; do it, and undo it where the true gain is not one.
        first = self.gain(atom, q)
        self.move(atom, q)
        second = self.gain(best[1], p)
        self.move(atom, p)
        return (best[1], first + second) if first + second > _EPSILON else (None, 0.0)


def improve(instance: Instance, shape: Shape, start: Sequence[int], rounds: int, rng_seed: int) -> tuple[list[int], float]:
    """Iterated local search from `start`.

    before: a placement that respects rules and caps   after: another one, never worse, and its gain over the start
    Each round shakes a few atoms into parts with room, climbs, and is undone where that lost.
    """
    search = Search(instance, shape, start)
    count = len(instance.size)
    budget = 60 * count + 1000
    best_gain = now = search.climb(range(count), budget)
    best = list(search.part)
    rng = random.Random(rng_seed)
    free = [a for a in range(count) if instance.fixed[a] is None]
    k = len(shape.caps)
    if k < 2 or len(free) < 2:
        return best, best_gain
    for _ in range(rounds):
        shaken: list[int] = []
        seed_atom = rng.choice(free)
        ring = [seed_atom, *(other for other, _ in instance.near[seed_atom])]
        rng.shuffle(ring)
        for atom in ring[: rng.randrange(2, 7)]:
            q = rng.randrange(k)
            if q == search.part[atom] or not search.allowed(atom, q):
                continue
            if instance.size[atom] > search.room(q) or search.empties(atom):
                others = [o for o in free if search.part[o] == q and o not in shaken]
                if not others:
                    continue
                other, p = rng.choice(others), search.part[atom]
                fits = instance.size[atom] - instance.size[other] <= search.room(q)
                fits = fits and instance.size[other] - instance.size[atom] <= search.room(p)
                if not (fits and search.allowed(atom, q, other) and search.allowed(other, p, atom)):
                    continue
                now += search.gain(other, p)
                search.move(other, p)
                shaken.append(other)
            now += search.gain(atom, q)
            search.move(atom, q)
            shaken.append(atom)
        now += search.climb(shaken + [o for a in shaken for o, _ in instance.near[a]][:50], budget)
        if now > best_gain + _EPSILON:
            best_gain, best = now, list(search.part)
        elif now < best_gain - _EPSILON:
            for atom, p in enumerate(best):
                if search.part[atom] != p:
                    search.move(atom, p)
            now = best_gain
    return best, best_gain


def _xlogx(n: int) -> float:
    return n * math.log(n) if n > 1 else 0.0


def short(size: int, least: int) -> float:
    """How bad it is that a part is small: 1 + 2 + ... for each class it lacks, so that one class alone is worse than two small parts."""
    lack = max(0, least - size)
    return lack * (lack + 1) / 2
