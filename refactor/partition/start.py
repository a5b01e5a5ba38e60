"""Starting placements for the local search: rules first, then growth from the strongest atoms."""

from __future__ import annotations

from collections.abc import Sequence

from refactor.partition.search import Instance, Shape

_COLOUR_STEPS = 200_000


class Undecided(Exception):
    """The colouring search was cut off: neither a placement nor a proof that there is none."""


def separate(instance: Instance, k: int) -> dict[int, int] | None:
    """Parts for the atoms that some rule keeps apart.

    before: which atoms are apart, which are fixed   after: a part for each, None where k parts are provably too few
    Backtracking in order of fewest choices; raises Undecided after a bounded number of steps.
    """
    placed = {a: p for a, p in enumerate(instance.fixed) if p is not None}
    todo = [a for a, apart in enumerate(instance.apart) if apart and a not in placed]
    steps = 0

    def choices(atom: int) -> list[int]:
        taken = {placed[b] for b in instance.apart[atom] if b in placed}
        used = max(placed.values(), default=-1) + 1
        # Parts beyond the first unused one are the same as it.
        return [p for p in range(min(k, used + 1)) if p not in taken]

    def solve() -> bool:
        nonlocal steps
        open_atoms = [a for a in todo if a not in placed]
        if not open_atoms:
            return True
        steps += 1
        if steps > _COLOUR_STEPS or len(open_atoms) > 900:
            raise Undecided
        atom = min(open_atoms, key=lambda a: (len(choices(a)), -len(instance.apart[a]), a))
        for p in choices(atom):
            placed[atom] = p
            if solve():
                return True
            del placed[atom]
        return False

    for a, p in list(placed.items()):
        if any(placed.get(b) == p for b in instance.apart[a]):
            return None
    return placed if solve() else None


def grow(instance: Instance, shape: Shape, placed: dict[int, int], order: Sequence[int]) -> list[int]:
    """Fill the parts one after the other, each by what ties most to it.

    before: the atoms that rules placed; parts in the order to fill   after: a part for every atom
    A part is grown to its cap, but leaves the parts after it their least size. What fits nowhere goes where there is
    most room, over the cap: the caller reports that.
    """
    part: list[int | None] = [placed.get(a) for a in range(len(instance.size))]
    sizes = [0] * len(shape.caps)
    for atom, p in placed.items():
        sizes[p] += instance.size[atom]
    strength = [sum(w for _, w in row) for row in instance.near]
    left = sum(instance.size[a] for a, p in enumerate(part) if p is None)
    for at, p in enumerate(order):
        after = order[at + 1 :]
        keep = sum(max(0, shape.least - sizes[q]) for q in after)
        room_after = sum(max(0, shape.caps[q] - sizes[q]) for q in after)
        # Even out what remains among equal parts rather than leave the last one the scraps.
        alike = [q for q in after if shape.caps[q] == shape.caps[p]]
        even = -(-(left + sizes[p] + sum(sizes[q] for q in alike)) // (len(alike) + 1))
        target = min(shape.caps[p], max(even, left + sizes[p] - room_after) if alike else left + sizes[p] - keep)
        tie: dict[int, float] = {}
        families: dict[int, int] = {}
        for atom, q in enumerate(part):
            if q == p:
                _join(instance, atom, tie, families)
        while sizes[p] < target:
            room = target - sizes[p]
            # Neighbours of the part first; only where none is left, any atom, by package and strength.
            for pool in (tie, range(len(part))):
                fit = [a for a in pool if part[a] is None and instance.size[a] <= room and all(part[b] != p for b in instance.apart[a])]
                if fit:
                    break
            if not fit:
                break
            atom = min(fit, key=lambda a: (-tie.get(a, 0.0), -_family(instance, a, families), -strength[a], a))
            part[atom] = p
            sizes[p] += instance.size[atom]
            left -= instance.size[atom]
            _join(instance, atom, tie, families)
    for atom in sorted((a for a, q in enumerate(part) if q is None), key=lambda a: (-instance.size[a], a)):
        free = [p for p in order if all(part[b] != p for b in instance.apart[atom])]
        p = max(free, key=lambda q: (min(shape.caps[q] - sizes[q], instance.size[atom]), _tied(instance, part, atom, q), -q))
        part[atom] = p
        sizes[p] += instance.size[atom]
    return [p for p in part if p is not None]


def _family(instance: Instance, atom: int, families: dict[int, int]) -> float:
    return sum(n * families.get(key, 0) for key, n in instance.packages[atom]) / instance.size[atom]


def _join(instance: Instance, atom: int, tie: dict[int, float], families: dict[int, int]) -> None:
    for other, w in instance.near[atom]:
        tie[other] = tie.get(other, 0.0) + w
    for key, n in instance.packages[atom]:
        families[key] = families.get(key, 0) + n


def _tied(instance: Instance, part: Sequence[int | None], atom: int, p: int) -> float:
    return sum(w for other, w in instance.near[atom] if part[other] == p)
