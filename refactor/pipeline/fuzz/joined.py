"""Which constructs of a program no partition may cut, and by which rule: an unexplained zero in the table would say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from refactor.isolate.assemble import main_classes
from refactor.isolate.context import Analyses
from refactor.isolate.links import Link
from refactor.isolate.repair import evaluate
from refactor.pipeline.fuzz.constructs import Uses


@dataclass(frozen=True, slots=True)
class Joined:
    """`two_sided`: constructs with uses whose two sides are different classes, both owned by a part. `by_rule`: (construct, rule) where
    the rule keeps together the two sides of all these uses."""

    two_sided: frozenset[str]
    by_rule: frozenset[tuple[str, str]]


def joined(analyses: Analyses, links: Sequence[Link], uses: Uses) -> Joined:
    """before: a program, what rules keep together in it (`isolate.links.must_link`), its constructs   after: its Joined"""
    context, _, _ = evaluate(analyses, {name: name for name in main_classes(analyses.facts)}, frozenset())
    owned = {_simple(name) for name in main_classes(analyses.facts) if context.owner(name) is not None}
    groups = tied(links)
    pairs: dict[str, set[frozenset[str]]] = {}
    for user, use, other in uses.places:
        if other is not None and other != user and {user, other} <= owned:
            pairs.setdefault(use, set()).add(frozenset((user, other)))
    by_rule = {
        (use, rule)
        for use, cut in pairs.items()
        for rule, together in groups.items()
        if all(any(pair <= group for group in together) for pair in cut)
    }
    return Joined(frozenset(pairs), frozenset(by_rule))


def tied(links: Sequence[Link]) -> dict[str, list[frozenset[str]]]:
    """before: B with A by a rule, C with B by the same   after: rule -> {A, B, C}; simple names, groups without a common class apart"""
    found: dict[str, list[frozenset[str]]] = {}
    for link in links:
        group = frozenset(map(_simple, link.classes))
        known = found.get(link.rule, [])
        apart = [other for other in known if not other & group]
        found[link.rule] = [*apart, group.union(*(other for other in known if other & group))]
    return found


def _simple(name: str) -> str:
    return name.rpartition(".")[2]
