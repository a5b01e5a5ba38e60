"""Make an assignment legal by merging: what a rule wants together is moved together, the smaller side to the larger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from refactor.isolate.beans import everywhere
from refactor.isolate.context import Analyses, Context, Violation
from refactor.isolate.placement import Placement, place_tests
from refactor.isolate.plan import DRIVER, Move, Refusal
from refactor.isolate.roles import decide_roles
from refactor.isolate.rules import check_all


@dataclass(frozen=True, slots=True)
class Repaired:
    """The fix point: a context without violations, or the refusals that say why there is none."""

    context: Context
    placement: Placement
    moves: tuple[Move, ...]
    refusals: tuple[Refusal, ...]


class _Groups:
    """Union-find over class names; the smallest name stands for its group, so the result does not depend on the order."""

    def __init__(self, names: Iterable[str]) -> None:
        self._parent = {name: name for name in names}

    def find(self, name: str) -> str:
        root = name
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[name] != root:
            self._parent[name], name = root, self._parent[name]
        return root

    def union(self, names: Iterable[str]) -> bool:
        roots = sorted({self.find(name) for name in names})
        for root in roots[1:]:
            self._parent[root] = roots[0]
        return len(roots) > 1

    def groups(self) -> list[list[str]]:
        found: dict[str, list[str]] = {}
        for name in sorted(self._parent):
            found.setdefault(self.find(name), []).append(name)
        return [group for group in found.values() if len(group) > 1]


def repair(
    analyses: Analyses,
    assignment: Mapping[str, str],
    pins: frozenset[str],
    own: frozenset[str],
    max_moved: Fraction,
) -> Repaired:
    """before: class -> part   after: the nearest assignment that no rule forbids, or why it is refused

    Every round either joins two groups or keeps one more class owned; both can happen only finitely often. What is kept
    owned is found afresh after every join, so that the result depends on the final assignment only.
    """
    current = dict(assignment)
    kept = own
    groups = _Groups(current)
    causes: dict[str, Violation] = {}  # class -> the first violation that named it
    while True:
        context, placement, violations = evaluate(analyses, current, kept)
        if not violations:
            break
        joined = False
        for violation in violations:
            joined |= groups.union(violation.classes)
            for name in violation.classes:
                causes.setdefault(name, violation)
        copies = {c for v in violations for c in v.classes if c not in kept and context.owner(c) is None}
        refusals = _move(analyses, groups, current, pins, causes, violations)
        if refusals:
            return Repaired(context, placement, (), refusals)
        kept = own if joined else kept | copies
        if not joined and not copies:
            stuck = tuple(_refusal(v, "merging these classes does not repair it") for v in violations)
            return Repaired(context, placement, (), stuck)
    moves = tuple(_moved(assignment, current, causes))
    return Repaired(context, placement, moves, _too_much(analyses, assignment, context, moves, causes, max_moved))


def evaluate(
    analyses: Analyses, assignment: Mapping[str, str], kept: frozenset[str]
) -> tuple[Context, Placement, tuple[Violation, ...]]:
    """Roles, test placement and all violations of one assignment."""
    facts = analyses.facts
    in_driver = {name: frozenset({DRIVER}) for name in facts.members if facts.is_test(name)}
    roles = decide_roles(facts, analyses.eligible, assignment, in_driver, kept, analyses.once(everywhere))
    context = Context.of(analyses, assignment, roles)
    placement = place_tests(context)
    return context, placement, tuple(sorted({*check_all(context), *placement.violations}, key=Violation.order))


def _move(
    analyses: Analyses,
    groups: _Groups,
    current: dict[str, str],
    pins: frozenset[str],
    causes: Mapping[str, Violation],
    violations: tuple[Violation, ...],
) -> tuple[Refusal, ...]:
    """Put every group into one part; a group that is pinned to two parts is refused, with every violation that needs it."""
    refusals = []
    for group in groups.groups():
        fixed = sorted({current[name] for name in group if name in pins})
        if len(fixed) > 1:
            pinned = [name for name in group if name in pins]
            direct = [v for v in violations if len({current[n] for n in v.classes if n in pins}) > 1 and set(v.classes) <= set(group)]
            if direct:
                refusals += _distinct(_refusal(v, "they are pinned to different parts") for v in direct)
                continue
            by_part = "; ".join(f"{p}: {', '.join(n for n in pinned if current[n] == p)}" for p in fixed)
            refusals.append(_refusal(causes[pinned[0]], f"they are pinned to different parts ({by_part})", group))
            continue
        sizes = Counter(current[name] for name in group)
        weights: Counter[str] = Counter()
        for name in group:
            weights[current[name]] += _weight(analyses, name)
        target = fixed[0] if fixed else min(sizes, key=lambda part: (-sizes[part], -weights[part], part))
        for name in group:
            current[name] = target
    return tuple(refusals)


def _weight(analyses: Analyses, name: str) -> int:
    span = analyses.facts.symbol(name).span
    return span.end - span.start if span else 0


def _moved(before: Mapping[str, str], after: Mapping[str, str], causes: Mapping[str, Violation]) -> Iterable[Move]:
    for name in sorted(before):
        if before[name] != after[name]:
            cause = causes[name]
            yield Move(name, before[name], after[name], cause.rule, f"{cause.message}{f' ({cause.span})' if cause.span else ''}")


def _too_much(
    analyses: Analyses,
    before: Mapping[str, str],
    context: Context,
    moves: tuple[Move, ...],
    causes: Mapping[str, Violation],
    max_moved: Fraction,
) -> tuple[Refusal, ...]:
    """A cut that quietly becomes another one, or none, is refused with what would have to be merged."""
    stateful = {name for name in before if name not in analyses.eligible.category}
    had = {before[name] for name in stateful}
    has = {context.assignment[name] for name in stateful}
    emptied = had - has
    refusals = []
    by_source: dict[str, list[Move]] = {}
    for move in moves:
        if move.name in stateful:
            by_source.setdefault(move.source, []).append(move)
    for part in sorted(emptied):
        blamed = by_source.get(part, [])
        why = f"repairing it would leave no class with state in the part {part}"
        refusals += _distinct(_refusal(causes[m.name], why) for m in blamed)
    moved = [m for m in moves if m.name not in analyses.eligible.category]
    if not emptied and stateful and Fraction(len(moved), len(stateful)) > max_moved:
        why = f"repairing all would move {len(moved)} of {len(stateful)} classes with state"
        refusals += _distinct(_refusal(causes[m.name], why) for m in moved)
    return tuple(refusals)


def _distinct(refusals: Iterable[Refusal]) -> list[Refusal]:
    return list(dict.fromkeys(refusals))


def _refusal(violation: Violation, why: str, merge: Iterable[str] = ()) -> Refusal:
    return Refusal(
        violation.rule,
        violation.span,
        f"{violation.message}; {why}",
        tuple(merge) or violation.classes,
        help="put these classes into one part",
    )
