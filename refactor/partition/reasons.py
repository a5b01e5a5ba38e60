"""Say in words why each class is where it is, from the graph and the rules, not from the search's memory."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from refactor.partition.constraints import Constraints
from refactor.partition.graph import ClassGraph, Labels, undirected
from refactor.partition.transactions import WriteCut

_NAMED = 3  # neighbours that a reason spells out


def explain(
    graph: ClassGraph, labels: Labels, tables: Mapping[str, str], rules: Constraints, writes: WriteCut, cap: int
) -> dict[str, tuple[str, ...]]:
    """before: a finished partition   after: for each class at least one reason: rules, then tables, then edges, then package"""
    sizes: dict[str, int] = {}
    for part in labels.values():
        sizes[part] = sizes.get(part, 0) + 1
    together: dict[str, list[str]] = {}
    for group in (*rules.must_link, *writes.glue):
        members = dict.fromkeys(group.classes)
        for cls in members if len(members) > 1 else ():
            said = together.setdefault(cls, [])
            if len(said) < _NAMED:  # a class may be tied to thousands
                others = list(islice((c for c in members if c != cls), _NAMED))
                said.append(f"stays with {_list(others, len(members) - 1)}: {group.reason}")
    apart: dict[str, list[str]] = {}
    for pair in rules.cannot_link:
        apart.setdefault(pair.one, []).append(f"apart from {_short(pair.other)}: {pair.reason}")
        apart.setdefault(pair.other, []).append(f"apart from {_short(pair.one)}: {pair.reason}")
    accesses: dict[str, dict[str, set[str]]] = {}
    for e in graph.table_edges:
        accesses.setdefault(e.cls, {}).setdefault(e.table, set()).add(e.kind)
    packages: dict[tuple[str, str], int] = {}
    package_sizes: dict[str, int] = {}
    for cls, part in labels.items():
        package = cls.rpartition(".")[0]
        packages[package, part] = packages.get((package, part), 0) + 1
        package_sizes[package] = package_sizes.get(package, 0) + 1
    whole = undirected(graph)
    why_copied = rules.copied_because
    result: dict[str, tuple[str, ...]] = {
        cls: (f"copied to every part that needs it: {why_copied.get(cls, 'it has no state')}",) for cls in sorted(rules.replicated)
    }
    for at, cls in enumerate(whole.names):
        part = labels[cls]
        found: list[str] = []
        if cls in rules.pins:
            why = rules.pin_reasons.get(cls)
            found.append(f"pinned to {part!r}" + (f" by {why}" if why else ""))
        found += together.get(cls, [])
        found += apart.get(cls, [])[:_NAMED]
        found += _table_reasons(accesses.get(cls, {}), part, tables)
        near = [(whole.names[o], w) for o, w in zip(whole.neighbours[at], whole.weights[at], strict=True)]
        found += _edge_reasons(near, cls, part, labels, sizes, cap)
        if not near:
            package = cls.rpartition(".")[0]
            here, all_of_it = packages[package, part], package_sizes[package]
            found.append(f"depends on no class and none on it; {here} of the {all_of_it} classes of its package are here")
        result[cls] = tuple(found)
    return result


def _table_reasons(accesses: Mapping[str, set[str]], part: str, tables: Mapping[str, str]) -> list[str]:
    found = []
    for verb, kinds in (("writes", {"WRITE"}), ("reads", {"READ"})):
        named = [t for t, seen in sorted(accesses.items()) if ("WRITE" in seen) == (kinds == {"WRITE"})]
        home = [t for t in named if tables.get(t) == part]
        away = [t for t in named if tables.get(t) != part]
        if home:
            found.append(f"{verb} {', '.join(home)}, owned here")
        if away:
            found.append(f"{verb} {', '.join(f'{t} of {tables.get(t)!r}' for t in away)}, through its owner")
    return found


def _edge_reasons(near: list[tuple[str, float]], cls: str, part: str, labels: Labels, sizes: Mapping[str, int], cap: int) -> list[str]:
    if not near:
        return []
    total = sum(w for _, w in near)
    by_part: dict[str, float] = {}
    for other, w in near:
        by_part[labels[other]] = by_part.get(labels[other], 0.0) + w
    inside = by_part.get(part, 0.0)
    ranked = sorted(((w, other) for other, w in near if labels[other] == part), key=lambda p: (-p[0], p[1]))
    found = []
    if ranked:
        named = ", ".join(f"{_short(other)} {w:g}" for w, other in ranked[:_NAMED])
        found.append(f"{inside:g} of its edge weight {total:g} stays here ({100 * inside / total:.0f} %): {named}")
    stronger = sorted(((w, p) for p, w in by_part.items() if p != part and w > inside), key=lambda x: (-x[0], x[1]))
    if stronger:
        weight, other = stronger[0]
        full = f"part {other!r}, which has {sizes[other]} classes (at most {cap} allowed, more than 20 count as too large)"
        found.append(f"its strongest tie, {weight:g} of {total:g}, is to {full}: sizes, tables or rules keep it here")
    elif not ranked:
        found.append(f"none of its edge weight {total:g} stays here: sizes, tables or rules decide")
    return found


def _short(cls: str) -> str:
    return cls.rpartition(".")[2]


def _list(first: list[str], number: int) -> str:
    shown = ", ".join(_short(c) for c in first)
    return shown + (f" and {number - len(first)} more" if number > len(first) else "")
