"""Quality of a partition. Where two papers give one name to two formulas, both are here under distinct names.

CARGO: Nitin et al., ASE 2022, and the authors' code. Mono2Micro: Kalia et al., FSE 2021. All logarithms are natural.
`labels` maps a class to its part; a class without a part is unassigned. Classes that are copied to every part
(replicated) have no part either: leave them, and their edges, out of the graph first (`without_classes`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from refactor.partition.graph import ClassGraph, Labels

SMALL, LARGE = 5, 20  # the part sizes NED calls not extreme


@dataclass(frozen=True, slots=True)
class Evidence:
    """What some metrics need beside the graph, by class: use cases, and call counts seen at run time."""

    use_cases: Mapping[str, Sequence[str]]
    calls: Mapping[tuple[str, str], float]


def without_classes(graph: ClassGraph, left_out: Iterable[str]) -> ClassGraph:
    """The graph without these classes and every edge that touches one."""
    out = frozenset(left_out)
    if not out:
        return graph
    return ClassGraph(
        tuple(n for n in graph.nodes if n not in out),
        tuple(e for e in graph.edges if e.source not in out and e.target not in out),
        graph.tables,
        tuple(e for e in graph.table_edges if e.cls not in out),
    )


def measure(graph: ClassGraph, labels: Labels, evidence: Evidence | None = None) -> dict[str, float]:
    """Every metric by name, in a fixed order. ICP falls back to the graph's call edges where no calls were recorded.

    The BCP pair is left out where nobody gave use cases: there is no honest value for it.
    """
    assigned = [n for n in graph.nodes if n in labels]
    sizes = Counter(labels[n] for n in assigned)
    calls = evidence.calls if evidence and evidence.calls else static_calls(graph)
    result = {
        "parts": float(len(sizes)),
        "largest": float(max(sizes.values(), default=0)),
        "largest_share": max(sizes.values(), default=0) / len(assigned) if assigned else 0.0,
        "coverage": len(assigned) / len(graph.nodes) if graph.nodes else 1.0,
        "coupling": coupling(graph, labels),
        "coupling_paper": coupling_paper(graph, labels),
        "cohesion_cargo": cohesion_cargo(graph, labels),
        "cohesion_paper": cohesion_paper(graph, labels),
        "icp": icp(calls, labels),
        "icp_mono2micro": icp_mono2micro(calls, labels),
        "dtp": dtp(graph, labels),
        "table_entropy": table_entropy(graph, labels),
        "ned": ned(labels, graph.nodes),
        "sm": structural_modularity(graph, labels),
        "ifn": interface_number(graph, labels),
        "cut_write_transactions": float(len(cut_write_transactions(graph, labels))),
    }
    if evidence and evidence.use_cases:
        result["bcp_cargo"] = bcp_cargo(evidence.use_cases, labels)
        result["bcp_mono2micro"] = bcp_mono2micro(evidence.use_cases, labels)
    return result


def static_calls(graph: ClassGraph) -> dict[tuple[str, str], float]:
    """Call edges of the graph, by pair of classes."""
    weights: dict[tuple[str, str], list[float]] = {}
    for e in graph.edges:
        if e.kind == "call":
            weights.setdefault((e.source, e.target), []).append(e.weight)
    return {pair: math.fsum(found) for pair, found in sorted(weights.items())}


def _flows(graph: ClassGraph, labels: Labels) -> tuple[dict[str, float], dict[str, float]]:
    """Per part: weight of its internal edges, weight of its edges to other parts. Loops do not count.

    A part whose classes are all outside the graph is there, without edges: the published figures count such parts.
    """
    inside: dict[str, list[float]] = {part: [] for part in sorted(set(labels.values()))}
    outside: dict[str, list[float]] = {part: [] for part in inside}
    for e in graph.edges:
        a, b = labels.get(e.source), labels.get(e.target)
        if a is None or b is None or e.source == e.target:
            continue
        if a == b:
            inside[a].append(e.weight)
        else:
            outside[a].append(e.weight)
            outside[b].append(e.weight)
    return {p: math.fsum(w) for p, w in inside.items()}, {p: math.fsum(w) for p, w in outside.items()}


def coupling(graph: ClassGraph, labels: Labels) -> float:
    """external / (external + internal) edge weight. An edge with one unassigned end is external, with two internal."""
    external: list[float] = []
    internal: list[float] = []
    for e in graph.edges:
        if e.source != e.target:
            (internal if labels.get(e.source) == labels.get(e.target) else external).append(e.weight)
    cut, kept = math.fsum(external), math.fsum(internal)
    return cut / (cut + kept) if cut + kept else 0.0


def coupling_paper(graph: ClassGraph, labels: Labels) -> float:
    """As the CARGO paper words it: every part's outside edges, summed over parts, by all edges (twice the cut)."""
    _, outside = _flows(graph, labels)
    total = math.fsum(e.weight for e in graph.edges if e.source != e.target)
    return math.fsum(outside.values()) / total if total else 0.0


def cohesion_cargo(graph: ClassGraph, labels: Labels) -> float:
    """Mean over parts of 2i / (2i + e), as CARGO's code has it; a part without any edge counts 0."""
    inside, outside = _flows(graph, labels)
    return _mean(2 * inside[p] / (2 * inside[p] + outside[p]) if inside[p] + outside[p] else 0.0 for p in inside)


def cohesion_paper(graph: ClassGraph, labels: Labels) -> float:
    """Mean over parts of i / (i + e), as CARGO's paper has it; a part without any edge counts 0."""
    inside, outside = _flows(graph, labels)
    return _mean(inside[p] / (inside[p] + outside[p]) if inside[p] + outside[p] else 0.0 for p in inside)


def _between(calls: Mapping[tuple[str, str], float], labels: Labels) -> tuple[list[float], list[float]]:
    cut: list[float] = []
    every: list[float] = []
    for (a, b), volume in calls.items():
        if a != b and a in labels and b in labels:
            every.append(volume)
            if labels[a] != labels[b]:
                cut.append(volume)
    return cut, every


def icp(calls: Mapping[tuple[str, str], float], labels: Labels) -> float:
    """Calls between parts / all calls between two assigned classes."""
    cut, every = _between(calls, labels)
    return math.fsum(cut) / math.fsum(every) if every else 0.0


def icp_mono2micro(calls: Mapping[tuple[str, str], float], labels: Labels) -> float:
    """As `icp`, each pair of classes weighted ln(volume) + 1; a volume below one call counts as one call."""
    cut, every = _between(calls, labels)
    total = math.fsum(math.log(max(v, 1.0)) + 1 for v in every)
    return math.fsum(math.log(max(v, 1.0)) + 1 for v in cut) / total if total else 0.0


def _use_cases_by_part(use_cases: Mapping[str, Sequence[str]], labels: Labels) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for cls, part in labels.items():
        found.setdefault(part, Counter()).update(use_cases.get(cls, ()))
    return found


def bcp_cargo(use_cases: Mapping[str, Sequence[str]], labels: Labels) -> float:
    """Mean over parts of the entropy of their use-case counts (CARGO); a part without use cases counts 0."""
    return _mean(entropy(counts.values()) for counts in _use_cases_by_part(use_cases, labels).values())


def bcp_mono2micro(use_cases: Mapping[str, Sequence[str]], labels: Labels) -> float:
    """Mean over parts of ln(number of distinct use cases); a part without use cases counts 0."""
    return _mean(math.log(len(c)) if c else 0.0 for c in _use_cases_by_part(use_cases, labels).values())


def table_entropy(graph: ClassGraph, labels: Labels) -> float:
    """Mean over tables of the entropy of the parts of the classes that access them (CARGO's "DB").

    Every class counts once per table; all unassigned accessors count as one further part.
    """
    accessors: dict[str, set[str]] = {}
    for e in graph.table_edges:
        accessors.setdefault(e.table, set()).add(e.cls)
    return _mean(entropy(Counter(labels.get(cls) for cls in classes).values()) for classes in accessors.values())


def dtp(graph: ClassGraph, labels: Labels) -> float:
    """Database transactional purity: 1 - `table_entropy`. 1 where nothing touches a table."""
    return 1.0 - table_entropy(graph, labels)


def ned(labels: Labels, classes: Iterable[str]) -> float:
    """Non-extreme distribution: 1 - share of the assigned classes in parts of 5 to 20 classes."""
    sizes = Counter(labels[c] for c in classes if c in labels).values()
    total = sum(sizes)
    return 1.0 - sum(s for s in sizes if SMALL <= s <= LARGE) / total if total else 0.0


def structural_modularity(graph: ClassGraph, labels: Labels) -> float:
    """SM (Jin et al., Mono2Micro): mean i/N^2 over parts, minus mean e/(2 N1 N2) over pairs of parts.

    i and e count pairs of classes joined by at least one edge, as the papers do, not weights.
    """
    sizes = Counter(labels[n] for n in graph.nodes if n in labels)
    inside: Counter[str] = Counter()
    between: Counter[tuple[str, str]] = Counter()
    for source, target in {(e.source, e.target) for e in graph.edges}:
        if source == target or source not in labels or target not in labels:
            continue
        a, b = sorted((labels[source], labels[target]))
        if a == b:
            inside[a] += 1
        else:
            between[a, b] += 1
    if not sizes:
        return 0.0
    cohesive = _mean(inside[p] / size**2 for p, size in sizes.items())
    pairs = len(sizes) * (len(sizes) - 1) / 2
    coupled = math.fsum(n / (2 * sizes[a] * sizes[b]) for (a, b), n in between.items())
    return cohesive - (coupled / pairs if pairs else 0.0)


def interface_number(graph: ClassGraph, labels: Labels) -> float:
    """IFN: mean over parts of the number of their classes that another part calls.

    A graph without call edges (only other dependencies known) counts every incoming edge.
    """
    only_calls = any(e.kind == "call" for e in graph.edges)
    published = {
        e.target
        for e in graph.edges
        if (e.kind == "call" or not only_calls) and e.source in labels and e.target in labels and labels[e.source] != labels[e.target]
    }
    parts = {labels[n] for n in graph.nodes if n in labels}
    return len(published) / len(parts) if parts else 0.0


def table_owners(graph: ClassGraph, labels: Labels) -> dict[str, str]:
    """The part that owns each table: most write weight, then most read weight, then the first name."""
    votes: dict[str, dict[str, tuple[list[float], list[float]]]] = {}
    for e in graph.table_edges:
        if e.cls in labels:
            writes, reads = votes.setdefault(e.table, {}).setdefault(labels[e.cls], ([], []))
            (writes if e.kind == "WRITE" else reads).append(e.weight)
    return {
        table: min(by_part, key=lambda p: (-math.fsum(by_part[p][0]), -math.fsum(by_part[p][1]), p))
        for table, by_part in sorted(votes.items())
    }


def write_sets(graph: ClassGraph) -> dict[str, frozenset[str]]:
    """Tables written by each transaction. A write of unknown transaction is one of its class's own."""
    found: dict[str, set[str]] = {}
    for e in graph.table_edges:
        if e.kind == "WRITE":
            found.setdefault(e.transaction if e.transaction is not None else f"{e.cls} (no known entry)", set()).add(e.table)
    return {entry: frozenset(tables) for entry, tables in sorted(found.items())}


def cut_write_transactions(graph: ClassGraph, labels: Labels, owners: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Entries of the transactions that write tables of more than one part. `owners` overrides `table_owners`."""
    owner = owners if owners is not None else table_owners(graph, labels)
    return tuple(entry for entry, tables in write_sets(graph).items() if len({owner[t] for t in tables if t in owner}) > 1)


def adjusted_rand(one: Labels, other: Labels) -> float:
    """Agreement of two partitions on their common classes: 1 the same, 0 as by chance (Hubert and Arabie)."""
    common = [c for c in one if c in other]
    joint = Counter((one[c], other[c]) for c in common)
    rows, columns = Counter(one[c] for c in common), Counter(other[c] for c in common)
    pairs = sum(math.comb(n, 2) for n in joint.values())
    a, b = (sum(math.comb(n, 2) for n in side.values()) for side in (rows, columns))
    total = math.comb(len(common), 2)
    if not total or a + b in (0, 2 * total):
        return 1.0  # both all alone, or both all together: the same partition
    expected = a * b / total
    return (pairs - expected) / ((a + b) / 2 - expected)


def stability(runs: Sequence[Labels]) -> float:
    """Mean adjusted Rand index over all pairs of runs; 1 for fewer than two."""
    pairs = [(a, b) for at, a in enumerate(runs) for b in runs[at + 1 :]]
    return _mean(adjusted_rand(a, b) for a, b in pairs) if pairs else 1.0


def entropy(counts: Iterable[int]) -> float:
    """Natural-log entropy of a histogram; 0 for an empty one."""
    found = [c for c in counts if c > 0]
    total = sum(found)
    # + 0.0 turns the -0.0 of a single-valued histogram into 0.0.
    return -math.fsum(c / total * math.log(c / total) for c in found) + 0.0


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return math.fsum(found) / len(found) if found else 0.0
