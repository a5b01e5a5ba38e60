"""What a partition has to respect, and the contraction of the classes into atoms that are placed as one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from refactor.partition.graph import ClassGraph
from refactor.support.diagnostics import Diagnostic, Note, RefactorError, Severity


@dataclass(frozen=True, slots=True)
class MustLink:
    """These classes stay in one part, because of `reason` (a clause: "A extends B, which has state")."""

    classes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class CannotLink:
    """These two classes go to different parts."""

    one: str
    other: str
    reason: str


@dataclass(frozen=True, slots=True)
class Constraints:
    """Rules from the compiler's passes and from people.

    `pins` and `table_pins` name parts; `pin_reasons` may say for a class which line of parts.toml pinned it.
    `replicated` classes are copied to every part that needs them and have no part of their own; `copied_because` may say
    why, and `runs` names for an interface the classes whose code a call of it may run.
    `max_share` bounds a part's share of all classes, copied ones included; it gives way only to one atom, or pins, larger than it.
    A part smaller than `min_size` is avoided where the rest allows.
    """

    must_link: tuple[MustLink, ...] = ()
    cannot_link: tuple[CannotLink, ...] = ()
    pins: Mapping[str, str] = field(default_factory=dict)
    pin_reasons: Mapping[str, str] = field(default_factory=dict)
    table_pins: Mapping[str, str] = field(default_factory=dict)
    replicated: frozenset[str] = frozenset()
    copied_because: Mapping[str, str] = field(default_factory=dict)
    runs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    max_share: float = 0.40
    min_size: int = 5
    k: int | None = None


@dataclass(frozen=True, slots=True)
class Atoms:
    """The contraction: `members[i]` are the classes of atom i, in name order; atoms are ordered by first member."""

    members: tuple[tuple[str, ...], ...]
    of: dict[str, int]
    pin: tuple[str | None, ...]
    apart: tuple[frozenset[int], ...]

    def size(self, atom: int) -> int:
        return len(self.members[atom])


def check_constraints(graph: ClassGraph, constraints: Constraints) -> None:
    """Raises RefactorError (exit code 2) where constraints name what the graph lacks, or are out of range."""
    nodes, tables = set(graph.nodes), set(graph.tables)
    named: list[tuple[str, str]] = [(c, "must_link") for group in constraints.must_link for c in group.classes]
    named += [(c, "cannot_link") for pair in constraints.cannot_link for c in (pair.one, pair.other)]
    named += [(c, "pins") for c in constraints.pins] + [(c, "replicated") for c in constraints.replicated]
    found = [_wrong(f"{where} names {cls}, which is no class of the graph") for cls, where in sorted(set(named)) if cls not in nodes]
    found += [_wrong(f"table_pins names {t}, which is no table of the graph") for t in sorted(constraints.table_pins) if t not in tables]
    for cls, where in sorted(set(named)):
        if cls in constraints.replicated and where != "replicated":
            found.append(_wrong(f"{cls} is replicated to every part and named in {where}; it cannot be both"))
    if not 0 < constraints.max_share <= 1:
        found.append(_wrong(f"max_share {constraints.max_share} is not in (0, 1]"))
    if constraints.min_size < 1:
        found.append(_wrong(f"min_size {constraints.min_size} is below 1"))
    names = {*constraints.pins.values(), *constraints.table_pins.values()}
    if constraints.k is not None and constraints.k < max(1, len(names)):
        found.append(_wrong(f"k = {constraints.k} is less than the {max(1, len(names))} parts that pins name"))
    if found:
        raise RefactorError(found, exit_code=2)


def contract(classes: Iterable[str], constraints: Constraints, more: Iterable[MustLink] = ()) -> Atoms:
    """Contract must-link groups (and `more`) into atoms.

    before: a, b, c; must link a-b; c pinned to x   after: atoms (a, b) and (c) with pin x
    Raises RefactorError (exit code 1: the answer is no) where the rules contradict each other, naming the rules.
    """
    order = sorted(classes)
    parent = {cls: cls for cls in order}

    def find(cls: str) -> str:
        while parent[cls] != cls:
            parent[cls] = parent[parent[cls]]
            cls = parent[cls]
        return cls

    for group in (*constraints.must_link, *more):
        for cls in group.classes[1:]:
            a, b = sorted((find(group.classes[0]), find(cls)))
            parent[b] = a
    groups: dict[str, list[str]] = {}
    for cls in order:
        groups.setdefault(find(cls), []).append(cls)
    members = tuple(tuple(group) for group in groups.values())
    of = {cls: at for at, group in enumerate(members) for cls in group}
    found: list[Diagnostic] = []
    pins: list[str | None] = []
    for group_members in members:
        wanted = {constraints.pins[c]: c for c in group_members if c in constraints.pins}
        pins.append(min(wanted) if wanted else None)
        if len(wanted) > 1:
            first, *others = sorted(wanted.items())
            for other in others:
                what = " and ".join(f"{cls} is pinned to {part!r}" for part, cls in (first, other))
                found.append(_contradiction(f"{what}, but they must stay together", _chain(first[1], other[1], constraints)))
    apart: list[set[int]] = [set() for _ in members]
    for pair in constraints.cannot_link:
        a_at, b_at = of[pair.one], of[pair.other]
        if a_at == b_at:
            what = f"{pair.one} and {pair.other} must be apart ({pair.reason}) and together"
            found.append(_contradiction(what, _chain(pair.one, pair.other, constraints)))
        elif pins[a_at] is not None and pins[a_at] == pins[b_at]:
            found.append(_contradiction(f"{pair.one} and {pair.other} must be apart ({pair.reason}) and are pinned to {pins[a_at]!r}"))
        else:
            apart[a_at].add(b_at)
            apart[b_at].add(a_at)
    if found:
        raise RefactorError(found, exit_code=1)
    return Atoms(members, of, tuple(pins), tuple(frozenset(a) for a in apart))


def _chain(start: str, end: str, constraints: Constraints) -> tuple[Note, ...]:
    """before: a-b, b-c, b-d must be together   after, for a and c: the shortest way, a-b and b-c, a note for each rule on it"""
    groups: dict[str, list[MustLink]] = {}
    for group in constraints.must_link:
        for cls in group.classes:
            groups.setdefault(cls, []).append(group)
    came: dict[str, tuple[str, MustLink] | None] = {start: None}
    todo = deque([start])
    while todo and end not in came:
        at = todo.popleft()
        for group in groups.get(at, ()):
            for cls in group.classes:
                if cls not in came:
                    came[cls] = (at, group)
                    todo.append(cls)
    found: list[Note] = []
    step = came.get(end)
    at = end
    while step is not None:
        found.append(Note(f"{step[0]} stays with {at}: {step[1].reason}"))
        at, step = step[0], came[step[0]]
    return tuple(reversed(found))


def _wrong(message: str) -> Diagnostic:
    return Diagnostic("partition/constraint-wrong", Severity.ERROR, message, help="correct the constraint")


def _contradiction(message: str, chain: tuple[Note, ...] = ()) -> Diagnostic:
    way_out = "pin them to one part" + (", or change the code so that one of these no longer holds" if chain else "")
    return Diagnostic("partition/constraint-contradiction", Severity.ERROR, message, notes=chain, help=way_out)
