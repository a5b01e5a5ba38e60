"""Coarsen an instance: small groups of atoms that belong together move as one, where single moves would only lose."""

from __future__ import annotations

from refactor.partition.search import Instance

_DOMINANT = 0.5  # a neighbour with at least this share of an atom's edge weight takes it in


def coarsen(instance: Instance, limit: int) -> tuple[Instance, tuple[int, ...]] | None:
    """before: atoms   after: groups of at most `limit` classes as the atoms of a smaller instance, and atom -> group

    None where nothing can be grouped. An atom joins the neighbour that has most of its edges, weakest atoms first, so
    that leaves gather round what they serve before hubs fill up. Fixed atoms and atoms that some rule keeps apart
    stay alone: a group then has no rule of its own to check.
    """
    count = len(instance.size)
    leader = list(range(count))
    size = list(instance.size)
    strength = [sum(w for _, w in row) for row in instance.near]

    def find(atom: int) -> int:
        while leader[atom] != atom:
            atom = leader[atom]
        return atom

    for atom in sorted(range(count), key=lambda a: (strength[a], a)):
        if instance.fixed[atom] is not None or instance.apart[atom]:
            continue
        own = find(atom)
        for other, weight in sorted(instance.near[atom], key=lambda pair: (-pair[1], pair[0])):
            if weight < _DOMINANT * strength[atom]:
                break
            group = find(other)
            if group != own and instance.fixed[other] is None and not instance.apart[other] and size[group] + size[own] <= limit:
                leader[own] = group
                size[group] += size[own]
                break
    roots = sorted({find(a) for a in range(count)})
    if len(roots) == count:
        return None
    number = {root: at for at, root in enumerate(roots)}
    group_of = tuple(number[find(a)] for a in range(count))
    near: list[dict[int, float]] = [{} for _ in roots]
    tables: list[dict[int, int]] = [{} for _ in roots]
    packages: list[dict[int, int]] = [{} for _ in roots]
    sizes = [0] * len(roots)
    fixed: list[int | None] = [None] * len(roots)
    apart: list[set[int]] = [set() for _ in roots]
    for atom in range(count):
        group = group_of[atom]
        sizes[group] += instance.size[atom]
        for other, weight in instance.near[atom]:
            if group_of[other] != group:
                near[group][group_of[other]] = near[group].get(group_of[other], 0.0) + weight
        for rows, counts in ((tables, instance.tables[atom]), (packages, instance.packages[atom])):
            for key, n in counts:
                rows[group][key] = rows[group].get(key, 0) + n
        if instance.fixed[atom] is not None:
            fixed[group] = instance.fixed[atom]
        apart[group] |= {group_of[b] for b in instance.apart[atom]}
    smaller = Instance(
        tuple(sizes),
        tuple(tuple(sorted(row.items())) for row in near),
        tuple(tuple(sorted(row.items())) for row in tables),
        tuple(tuple(sorted(row.items())) for row in packages),
        tuple(fixed),
        tuple(frozenset(a) for a in apart),
    )
    return smaller, group_of
