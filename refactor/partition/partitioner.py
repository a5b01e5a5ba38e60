"""Propose a partition that does not collapse: bounded parts, whole write transactions, pure tables, little coupling."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from refactor.partition.bounds import Bounds, bounds
from refactor.partition.coarsen import coarsen
from refactor.partition.constraints import Atoms, Constraints, check_constraints, contract
from refactor.partition.graph import ClassGraph, undirected
from refactor.partition.kinship import KIN, kinship
from refactor.partition.metrics import LARGE, SMALL, coupling, cut_write_transactions, dtp, measure, ned, table_owners
from refactor.partition.naming import name_parts
from refactor.partition.reasons import explain
from refactor.partition.replication import remote_graph, with_homes
from refactor.partition.search import Instance, Shape, improve, short
from refactor.partition.start import Undecided, grow, separate
from refactor.partition.transactions import WriteCut, keep_writes_whole
from refactor.support.diagnostics import Diagnostic, Note, RefactorError, Severity

_SEED = 0  # of the search's own random numbers: a constant, so that there is one answer
_GROUPS_SHOWN, _NAMES_SHOWN = 3, 3  # in what is said where rules leave fewer groups than parts are asked for
_SHORT, _LONG = 2, 8  # relative effort on every shape, and on the best of them
LOOSE, SCRAPS = 0.02, 0.3
_WIDER = (0.05, 0.1)  # of all classes: how much larger a part may be tried that rules alone make too large
BOUNDS = 4.0  # a share beyond a target weighs several times as much as the edges that it could save: targets come first
OVERFLOW = 1.0  # each class beyond the bound outweighs whatever else a partition has
MISSING = 1.0  # a part fewer than wanted weighs as much as all edges cut: one part is no answer


@dataclass(frozen=True, slots=True)
class Options:
    """The targets: what a proposal is judged by, and reported against. There is no seed: the answer is one for each graph."""

    max_coupling: float = 0.10
    max_ned: float = 0.34
    min_dtp: float = 0.95


@dataclass(frozen=True, slots=True)
class Proposal:
    """A partition and why. `labels` has every class of the graph except the replicated ones, each exactly once.

    `metrics` are those of the placed classes on `placed`, the graph of what a cut makes remote (`replication.remote_graph`).
    """

    labels: dict[str, str]
    tables: dict[str, str]
    replicated: tuple[str, ...]
    reasons: dict[str, tuple[str, ...]]
    metrics: dict[str, float]
    write_cut: WriteCut
    cut_transactions: tuple[str, ...]
    placed: ClassGraph = field(repr=False)
    bounds: Bounds
    diagnostics: tuple[Diagnostic, ...] = field(default=())

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """Part name -> its classes, both in name order."""
        found: dict[str, list[str]] = {}
        for cls, part in sorted(self.labels.items()):
            found.setdefault(part, []).append(cls)
        return {part: tuple(found[part]) for part in sorted(found)}


def propose(graph: ClassGraph, constraints: Constraints | None = None, options: Options | None = None) -> Proposal:
    """before: a class graph and rules   after: a Proposal that keeps every rule

    The same for any order of nodes, edges and rules. Raises RefactorError where constraints are wrong (exit code 2) or
    contradict each other (exit code 1).
    """
    rules, wanted = constraints or Constraints(), options or Options()
    check_constraints(graph, rules)
    graph = graph.canonical()
    placed = remote_graph(graph, rules.replicated, rules.runs).canonical()
    # 1. What rules keep together is one atom.
    atoms = contract(placed.nodes, rules)
    rules, fewer = _no_more_than_groups(atoms, rules)
    # 2. What writes in one transaction stays in one part, as far as rules and sizes let it. Shares are of all classes: a copied one
    # counts once, and its place is free (`replication.with_homes`).
    cap = max(1, math.floor(rules.max_share * len(graph.nodes)))
    writes = keep_writes_whole(placed, atoms, rules, cap)
    # 3. Search over numbers and sizes of parts.
    names = sorted({*rules.pins.values(), *rules.table_pins.values()})
    atoms, numbers = _place(placed, rules, writes, wanted, names)
    if numbers is None and (writes.glue or writes.homes):
        # Whole transactions need more parts than k: the rules come first, and what is then cut is said.
        writes = replace(writes, glue=(), homes={}, bound=0, proofs=(*writes.proofs, f"given up: {rules.k} parts cannot be had with it"))
        atoms, numbers = _place(placed, rules, writes, wanted, names)
    if numbers is None:
        raise _too_few(atoms, rules)
    # 4. Names, owners of tables, reasons.
    by_number = {c: n for atom, n in enumerate(numbers) for c in atoms.members[atom]}
    owners = _owners(placed, by_number, writes)
    labels, tables = name_parts(by_number, owners, names, rules.table_pins)
    tables |= rules.table_pins
    metrics = measure(placed, labels)
    cut = cut_write_transactions(placed, labels, tables)
    writes = replace(writes, cut=max(writes.cut, len(cut)))
    metrics["cut_write_transactions"] = float(len(cut))
    reasons = explain(placed, labels, tables, rules, writes, cap)
    best = bounds(placed, contract(placed.nodes, rules), cap)
    homes = with_homes(graph, labels, rules.replicated, rules.max_share, wanted.max_ned)
    notes = tuple(_judge(labels, rules, wanted, metrics | {"ned": ned(homes, graph.nodes)}, best, len(graph.nodes)))
    notes += (*fewer, *_homeless(labels, rules))
    labels, tables = dict(sorted(labels.items())), dict(sorted(tables.items()))
    return Proposal(labels, tables, tuple(sorted(rules.replicated)), reasons, metrics, writes, cut, placed, best, notes)


def _place(
    graph: ClassGraph, rules: Constraints, writes: WriteCut, options: Options, names: list[str]
) -> tuple[Atoms, list[int] | None]:
    """The atoms with what the write transactions add, and a part number for each."""
    atoms = contract(graph.nodes, replace(rules, pins={**writes.homes, **rules.pins}), writes.glue)
    fixed = tuple(names.index(pin) if pin is not None else None for pin in atoms.pin)
    return atoms, _search(graph, atoms, _instance(graph, atoms, fixed), rules, options, len(names))


def _with_kin(instance: Instance, atoms: Atoms, kin: Mapping[tuple[str, str], float]) -> Instance:
    """The instance whose edges have kinship on top: `KIN` of all their weight."""
    scale = KIN * (sum(w for row in instance.near for _, w in row) / 2 or 1.0)
    rows = [dict(row) for row in instance.near]
    for (one, other), value in kin.items():
        a, b = atoms.of[one], atoms.of[other]
        if a != b:
            for x, y in ((a, b), (b, a)):
                rows[x][y] = rows[x].get(y, 0.0) + scale * value
    return replace(instance, near=tuple(tuple(sorted(row.items())) for row in rows))


def _no_more_than_groups(atoms: Atoms, rules: Constraints) -> tuple[Constraints, tuple[Diagnostic, ...]]:
    """before: k = 9, and rules that leave 3 groups of classes   after: k = 3, and what keeps the largest groups together

    A pinned part may have no class (it owns tables), so there may be as many parts as names that pins give.
    """
    named = len({*rules.pins.values(), *rules.table_pins.values()})
    most = max(1, len(atoms.members), named)
    if rules.k is None or rules.k <= most:
        return rules, ()
    large = sorted((m for m in atoms.members if len(m) > 1), key=lambda m: (-len(m), m))[:_GROUPS_SHOWN]
    notes = []
    for members in large:
        shown = ", ".join(members[:_NAMES_SHOWN]) + (f" and {len(members) - _NAMES_SHOWN} more" if len(members) > _NAMES_SHOWN else "")
        why = dict.fromkeys(link.reason for link in rules.must_link if link.classes[0] in members and len(set(link.classes)) > 1)
        said = "; ".join(list(why)[:_NAMES_SHOWN]) + (f"; and {len(why) - _NAMES_SHOWN} more" if len(why) > _NAMES_SHOWN else "")
        notes.append(Note(f"{len(members)} classes stay together: {shown}" + (f" ({said})" if said else "")))
    copied = f", and {len(rules.replicated)} are copied to every part" if rules.replicated else ""
    groups = f"{len(atoms.members)} group{'s' if len(atoms.members) != 1 else ''}"
    message = f"{rules.k} parts were asked for; there are {groups} of classes that can be placed apart{copied}, so there are {most} parts"
    help_ = "ask for fewer parts" + (", or change what keeps the classes of a group together" if large else "")
    found = Diagnostic("partition/fewer-parts", Severity.WARNING, message, notes=tuple(notes), help=help_)
    return replace(rules, k=most), (found,)


def _too_few(atoms: Atoms, rules: Constraints) -> RefactorError:
    message = f"the {sum(map(len, atoms.apart)) // 2} rules that keep classes apart need more than {rules.k} parts"
    return RefactorError([Diagnostic("partition/too-few-parts", Severity.ERROR, message, help="allow more parts, or give up a rule")], 1)


def _instance(graph: ClassGraph, atoms: Atoms, fixed: tuple[int | None, ...]) -> Instance:
    """The graph between atoms, in numbers."""
    count = len(atoms.members)
    rows: list[dict[int, float]] = [{} for _ in range(count)]
    whole = undirected(graph)
    for at, name in enumerate(whole.names):
        a = atoms.of[name]
        for other, weight in zip(whole.neighbours[at], whole.weights[at], strict=True):
            b = atoms.of[whole.names[other]]
            if a != b:
                rows[a][b] = rows[a].get(b, 0.0) + weight
    table_number = {t: n for n, t in enumerate(graph.tables)}
    packages = {p: n for n, p in enumerate(sorted({c.rpartition(".")[0] for c in graph.nodes}))}
    accesses = sorted({(e.table, e.cls) for e in graph.table_edges})
    tables: list[dict[int, int]] = [{} for _ in range(count)]
    for table, cls in accesses:
        row = tables[atoms.of[cls]]
        row[table_number[table]] = row.get(table_number[table], 0) + 1
    families: list[dict[int, int]] = [{} for _ in range(count)]
    for atom, members in enumerate(atoms.members):
        for cls in members:
            number = packages[cls.rpartition(".")[0]]
            families[atom][number] = families[atom].get(number, 0) + 1
    return Instance(
        tuple(len(m) for m in atoms.members),
        tuple(tuple(sorted(row.items())) for row in rows),
        tuple(tuple(sorted(row.items())) for row in tables),
        tuple(tuple(sorted(row.items())) for row in families),
        fixed,
        atoms.apart,
    )


def _search(graph: ClassGraph, atoms: Atoms, instance: Instance, rules: Constraints, options: Options, pinned: int) -> list[int] | None:
    """Try every shape shortly, the most promising ones longer, and keep the cheapest; None where no shape can be filled."""
    count = len(instance.size)
    if count == 0:
        return []
    wanted = _least_parts(instance, rules, pinned)
    cap, everything = _cap(instance, rules), instance.classes + len(rules.replicated)
    broken = max(instance.size) > rules.max_share * everything
    dear = 1.0 if broken else BOUNDS  # targets that rules break are no reason to break up what belongs together
    kin = kinship(graph)
    guided = _with_kin(instance, atoms, kin)

    def cost(part: list[int]) -> tuple[float, list[int]]:
        labels = {c: str(part[atom]) for atom, members in enumerate(atoms.members) for c in members}
        oversize = dear * max(0.0, ned(labels, graph.nodes) * instance.classes / everything - options.max_ned)
        impure = dear * max(0.0, options.min_dtp - dtp(graph, labels))
        # Of equal partitions, rather one whose parts hang together than one that packs strangers into a part.
        loose = LOOSE * _fragments(instance, part) / max(1, len(labels))
        sizes = Counter(labels.values()).values()
        least = min(rules.min_size, len(labels) // len(sizes)) if sizes else 0
        small = SCRAPS * sum(short(size, least) for size in sizes) / max(1, len(labels))
        missing = MISSING * max(0, wanted - len(sizes))
        # A shape with many parts may leave no room for a large atom: what then overflows is no answer where another shape holds.
        beyond = sorted(max(0, size - cap) for size in sizes)
        over = OVERFLOW * sum(beyond[:-1])
        # Where rules keep more together than a part may have, that bound is broken in any case: to add to it is only dear.
        over += (BOUNDS / everything if broken else OVERFLOW) * sum(beyond[-1:])
        strange = KIN * sum(value for (a, b), value in kin.items() if labels[a] != labels[b])
        return round(coupling(graph, labels) + oversize + impure + loose + small + missing + over + strange, 9), part

    tried: list[tuple[float, list[int], Shape]] = []
    groups = coarsen(guided, min(rules.min_size, cap))
    for shape in _shapes(instance, rules, options, pinned):
        placed = _separate(instance, len(shape.caps), rules)
        if placed is None:
            continue
        starts = [grow(guided, shape, placed, range(len(shape.caps)))]
        if groups is not None and len(groups[0].size) >= len(shape.caps):
            # What single moves cannot do, small groups can: place and improve those first, then their atoms.
            smaller, group_of = groups
            above = {group_of[a]: p for a, p in placed.items()}
            coarse = grow(smaller, shape, above, range(len(shape.caps)))
            coarse, _ = improve(smaller, shape, coarse, _rounds(count, _LONG), _SEED)
            starts.append([coarse[g] for g in group_of])
        for start in starts:
            part, _ = improve(guided, shape, start, _rounds(count, _SHORT), _SEED)
            value, part = cost(part)
            tried.append((value, part, shape))
    if not tried:
        return None
    tried.sort(key=lambda t: (t[0], t[1]))
    best = tried[0][:2]
    for value, part, shape in tried[:4]:
        longer, _ = improve(guided, shape, part, _rounds(count, _LONG), _SEED + 1)
        best = min(best, (value, part), cost(longer))
    return best[1]


def _fragments(instance: Instance, part: list[int]) -> int:
    """Connected pieces beyond one that the parts consist of; an atom without any edge is no piece."""
    seen = [not row for row in instance.near]
    found = -len({p for p, row in zip(part, instance.near, strict=True) if row})
    for start in range(len(part)):
        if seen[start]:
            continue
        found += 1
        seen[start] = True
        stack = [start]
        while stack:
            atom = stack.pop()
            for other, _ in instance.near[atom]:
                if not seen[other] and part[other] == part[start]:
                    seen[other] = True
                    stack.append(other)
    return found


def _rounds(atoms: int, share: int) -> int:
    """Rounds of shaking: many where a round is cheap, a handful on thousands of atoms."""
    return max(2, min(8 * share, 800 * share // max(1, atoms)))


def _separate(instance: Instance, k: int, rules: Constraints) -> dict[int, int] | None:
    try:
        return separate(instance, k)
    except Undecided:
        if rules.k is None:
            return None  # a shape with more parts will be found easier to fill
        message = f"no placement into {k} parts was found in bounded time for the rules that keep classes apart"
        raise RefactorError([Diagnostic("partition/undecided", Severity.ERROR, message, help="allow more parts")], exit_code=1) from None


def _shapes(instance: Instance, rules: Constraints, options: Options, pinned: int) -> Iterator[Shape]:
    """The numbers and caps of parts worth a try.

    One part may be larger than NED's 20 classes (to the share that NED's target leaves, or to max_share), the others
    stay within it; k goes from the least that holds everything to three more.
    """
    count, total = len(instance.size), instance.classes
    everything = total + len(rules.replicated)
    cap = _cap(instance, rules)
    fixed_size = [0] * pinned
    for atom, p in enumerate(instance.fixed):
        if p is not None:
            fixed_size[p] += instance.size[atom]
    clique = max((len(a) + 1 for a in instance.apart if a), default=1)
    least_k = _least_parts(instance, rules, pinned)
    # Pins may name more parts than there are atoms: a part of tables alone stays empty, and the number of a pinned one stands.
    floor = max((p + 1 for p in instance.fixed if p is not None), default=1)
    usual = min(cap, LARGE)
    seen: set[Shape] = set()
    wider = {math.floor(cap + share * everything) for share in _WIDER} if max(instance.size) > rules.max_share * everything else set()
    for big in sorted({usual, min(cap, max(usual, math.floor(options.max_ned * everything))), cap, *wider}):
        needed = 1 + max(0, -(-(total - big) // usual))
        extra = (0,) if rules.k is not None else (0, 1, 2, 3) if total < 150 else (0, 3)
        if rules.k is None and max(instance.size) > rules.max_share * everything:
            extra = (-1, *extra)  # one atom is most of it: the rest may not fill as many parts as are wanted
        for more in extra:
            k = rules.k if rules.k is not None else max(floor, min(count, max(least_k, needed) + more))
            others = usual if big + usual * (k - 1) >= total else max(cap, -(-total // k))
            # Whole atoms do not always fill a bound to the brim; a bound that k alone makes impossible gives way.
            least = max(1, min(rules.min_size, total // k))
            for large in sorted({0, pinned}) if pinned and k > pinned else (0,):
                caps = [max(others, big) if p == large else others for p in range(k)]
                caps = [max(c, fixed_size[p]) if p < pinned else c for p, c in enumerate(caps)]
                shape = Shape(tuple(caps), least)
                if k <= max(count, floor) and shape not in seen:
                    seen.add(shape)
                    yield shape
    if rules.k is None and clique > 1:
        for k in range(least_k, min(count, clique + least_k) + 1):
            shape = Shape((max(usual, -(-total // k)),) * k, max(1, min(rules.min_size, total // k)))
            if shape not in seen:
                seen.add(shape)
                yield shape


def _cap(instance: Instance, rules: Constraints) -> int:
    """The most classes that a part may have: what `max_share` says, or the largest atom."""
    return max(1, math.floor(rules.max_share * (instance.classes + len(rules.replicated))), max(instance.size))


def _least_parts(instance: Instance, rules: Constraints, pinned: int) -> int:
    """Four parts, or three for fewer than 40 classes, copied ones included; never more than there are atoms or are asked for."""
    usual = 4 if instance.classes + len(rules.replicated) >= 40 else 3
    least = max(pinned, min(len(instance.size), usual))
    return least if rules.k is None else min(least, rules.k)


def _owners(graph: ClassGraph, numbers: Mapping[str, int], writes: WriteCut) -> dict[str, int]:
    """The owner group's part for a written table, the readers' for the others."""
    readers = {t: int(p) for t, p in table_owners(graph, {c: str(n) for c, n in numbers.items()}).items()}
    return readers | {t: numbers[c] for t, c in writes.owners.items()}


def _homeless(labels: Mapping[str, str], rules: Constraints) -> Iterator[Diagnostic]:
    """Tables pinned to a part that got no class: there were fewer classes than parts, or rules put them elsewhere."""
    for part in sorted(set(rules.table_pins.values()) - set(labels.values())):
        owned = ", ".join(t for t, p in sorted(rules.table_pins.items()) if p == part)
        message = f"part {part!r} owns {owned} and has no class"
        yield Diagnostic("partition/table-without-classes", Severity.ERROR, message, help="pin a class to it, or the table elsewhere")


def _judge(
    labels: Mapping[str, str], rules: Constraints, options: Options, metrics: Mapping[str, float], best: Bounds, everything: int
) -> Iterator[Diagnostic]:
    """Say plainly which bounds and targets the proposal does not reach."""
    sizes: dict[str, int] = {}
    for part in labels.values():
        sizes[part] = sizes.get(part, 0) + 1
    for part, size in sorted(sizes.items()):
        if size > best.cap:
            message = f"part {part!r} has {size} classes, more than max_share allows ({best.cap} of {everything})"
            if best.largest > best.cap:
                message += f"; rules keep {best.largest} together, so no partition that keeps them has a smaller largest part"
            yield Diagnostic("partition/part-too-large", Severity.WARNING, message, help="rules or pins keep them together")
        elif size < rules.min_size and len(labels) >= SMALL * len(sizes):
            message = f"part {part!r} has {size} classes, fewer than {rules.min_size}"
            yield Diagnostic("partition/part-too-small", Severity.NOTE, message, help="merge it into another part, or accept it")
    # By the names that the commands print: coupling and dtp are measured on what a cut makes remote.
    coupled, uneven, pure = metrics["coupling"], metrics["ned"], metrics["dtp"]
    misses = [
        f"{name} {value:.3f} ({word} {bound})"
        for name, value, word, bound, missed in (
            ("coupling_remote", coupled, "at most", options.max_coupling, coupled > options.max_coupling),
            ("ned", uneven, "at most", options.max_ned, uneven > options.max_ned),
            ("dtp_remote", pure, "at least", options.min_dtp, pure < options.min_dtp),
        )
        if missed
    ]
    if misses and coupled > options.max_coupling:
        misses.append(f"with these rules and parts of at most {best.cap} classes, coupling_remote is never below {best.coupling:.3f}")
    if misses:
        message = "the best partition found misses its targets: " + ", ".join(misses)
        yield Diagnostic("partition/target-missed", Severity.WARNING, message, help="see the reasons of the classes at the borders")
