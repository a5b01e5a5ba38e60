"""The write cut against brute force: every partition of every class, on small graphs."""

from __future__ import annotations

import math
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from refactor.partition.constraints import CannotLink, Constraints, contract
from refactor.partition.graph import ClassGraph, TableEdge
from refactor.partition.metrics import cut_write_transactions
from refactor.partition.transactions import keep_writes_whole
from refactor.partition.writers import set_partitions
from refactor.support.diagnostics import RefactorError


@st.composite
def write_problems(draw: st.DrawFn) -> tuple[ClassGraph, Constraints]:
    nodes = tuple(f"a.N{at}" for at in range(draw(st.integers(2, 6))))
    node = st.sampled_from(nodes)
    tables = ("T1", "T2", "T3")
    access = st.builds(
        TableEdge, node, st.sampled_from(tables), st.just("WRITE"), st.sampled_from(["e1", "e2", "e3", None]), st.sampled_from([1.0, 2.0])
    )
    accesses = tuple(draw(st.lists(access, min_size=1, max_size=7)))
    apart = draw(st.lists(st.tuples(node, node).filter(lambda p: p[0] != p[1]), max_size=3))
    pins = draw(st.dictionaries(node, st.sampled_from(["x", "y"]), max_size=2))
    rules = Constraints(
        cannot_link=tuple(CannotLink(a, b, "rule") for a, b in apart),
        pins=pins,
        table_pins=draw(st.dictionaries(st.sampled_from(tables), st.sampled_from(["x", "y", "z"]), max_size=2)),
        max_share=draw(st.sampled_from([0.35, 0.5, 0.7, 1.0])),
    )
    return ClassGraph(nodes, (), tables, accesses), rules


def owners_with_most_weight(graph: ClassGraph, labels: dict[str, str]) -> list[dict[str, str]]:
    """Every way to give each written table to a part with most write weight."""
    choices: dict[str, list[str]] = {}
    for table in sorted({e.table for e in graph.table_edges}):
        weight = {p: sum(e.weight for e in graph.table_edges if e.table == table and labels[e.cls] == p) for p in set(labels.values())}
        choices[table] = [p for p, w in weight.items() if w == max(weight.values())]
    return [dict(zip(choices, chosen, strict=True)) for chosen in product(*choices.values())]


def least_cut(graph: ClassGraph, rules: Constraints, cap: int) -> int:
    """The fewest cut transactions over all partitions that keep the rules, by trying them all.

    Every group may be any of the parts that pins name, or one without a name.
    """
    parts = sorted({*rules.pins.values(), *rules.table_pins.values()})
    pinned = {p: sum(part == p for part in rules.pins.values()) for p in parts}
    best = math.inf
    for grouping in set_partitions(len(graph.nodes)):
        groups = sorted(set(grouping))
        if any(grouping[graph.nodes.index(p.one)] == grouping[graph.nodes.index(p.other)] for p in rules.cannot_link):
            continue
        for names in product([None, *parts], repeat=len(groups)):
            given = [n for n in names if n is not None]
            if len(set(given)) < len(given):
                continue  # a named part is one group
            labels = {c: names[g] or f"_{g}" for c, g in zip(graph.nodes, grouping, strict=True)}
            if any(labels[c] != part for c, part in rules.pins.items()):
                continue
            if any(grouping.count(g) > max(cap, pinned.get(names[g] or "", 0)) for g in groups):
                continue
            for owners in owners_with_most_weight(graph, labels):
                best = min(best, len(cut_write_transactions(graph, labels, {**owners, **rules.table_pins})))
    return int(best)


@settings(deadline=None, max_examples=150)
@given(write_problems())
def test_cut_is_the_brute_force_minimum_wherever_it_says_so(problem: tuple[ClassGraph, Constraints]) -> None:
    graph, rules = problem
    cap = max(1, math.floor(rules.max_share * len(graph.nodes)))
    try:
        atoms = contract(graph.nodes, rules)
    except RefactorError:
        return
    found = keep_writes_whole(graph, atoms, rules, cap)
    least = least_cut(graph, rules, cap)
    assert found.bound <= least
    assert found.bound == found.cut == least, "six atoms are searched exhaustively"


def test_set_partitions_are_all_there_once() -> None:
    for count, bell in enumerate((1, 1, 2, 5, 15, 52, 203)):
        found = list(set_partitions(count))
        assert len(found) == len(set(found)) == bell
        assert all(a < b for a, b in pairwise(found))


@settings(deadline=None, max_examples=40)
@given(write_problems())
def test_greedy_and_its_bound_enclose_the_optimum(problem: tuple[ClassGraph, Constraints]) -> None:
    """The path for large components, forced on small ones by lowering the limit of the exhaustive search."""
    graph, rules = problem
    cap = max(1, math.floor(rules.max_share * len(graph.nodes)))
    try:
        atoms = contract(graph.nodes, rules)
    except RefactorError:
        return
    found = keep_writes_whole(graph, atoms, rules, cap, exhaustive=0)
    assert found.bound <= least_cut(graph, rules, cap) <= found.cut
