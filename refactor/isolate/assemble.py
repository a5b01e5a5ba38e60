"""From legal roles to a Plan: what every part owns, copies and proxies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from refactor.flow.facts import Facts
from refactor.frameworks.spring import remote_beans
from refactor.frameworks.xmlcontext import files_of
from refactor.ir.symbols import ClassKind, Flags, Origin
from refactor.isolate.beans import beans_of, everywhere, home
from refactor.isolate.context import Analyses, Context
from refactor.isolate.needs import contexts_of
from refactor.isolate.plan import DRIVER, ClassPlan, PartPlan, Passing, Role, TestPlan
from refactor.isolate.widening import wide_types, widens

_COPIED = frozenset({Passing.VALUE, Passing.ENUM, Passing.EXCEPTION})
_MAIN = frozenset({"([Ljava/lang/String;)V", "()V"})


def class_plans(ctx: Context) -> tuple[ClassPlan, ...]:
    """before: roles   after: one ClassPlan per top-level class of the main sources, with the passing of every class in it"""
    found = []
    for name in sorted(ctx.assignment):
        decision = ctx.roles[name]
        found.append(ClassPlan(name, decision.role, decision.part, passing_of(ctx, name), decision.reason))
    return tuple(found)


def passing_of(ctx: Context, top: str) -> tuple[tuple[str, Passing], ...]:
    """How instances of a top-level class and of every class in it cross the cut, by binary name."""
    decision = ctx.roles[top]
    found = []
    for name in ctx.facts.members[top]:
        passing = ctx.analyses.eligible.passing(ctx.facts, name, decision.role is Role.REPLICATED)
        if passing is Passing.ENUM and decision.local and ctx.facts.symbol(top).kind is ClassKind.ENUM:
            passing = Passing.REFERENCE  # nobody else knows the enum: a constant goes out and comes home as a handle
        found.append((name, passing))
    return tuple(found)


def part_plans(ctx: Context, tests: Iterable[TestPlan], parts: Iterable[str], first_port: int) -> tuple[PartPlan, ...]:
    """before: roles, test placement   after: per part the closure of what its sources mention; the driver last"""
    roots: dict[str, set[str]] = {part: set() for part in (*sorted(parts), DRIVER)}
    for name in ctx.assignment:
        owner = ctx.owner(name)
        if owner is not None:
            roots[owner].add(name)
    in_tests: dict[str, set[str]] = {part: set() for part in roots}
    for test in tests:
        for place in test.placements:
            in_tests[place] |= {test.name, *_named_for(ctx, test.name)}
    roots[DRIVER] |= {name for name, _ in mains(ctx)}
    applications = ctx.analyses.once(everywhere).keys() & ctx.assignment.keys()
    closure = _Closure(ctx)
    found = []
    for at, (part, names) in enumerate(roots.items()):
        owned = sorted(n for n in names if ctx.owner(n) == part)
        replicas, proxies = _with_beans(ctx, closure, part, names | in_tests[part] | {n for n in applications if ctx.owner(n) is None})
        port = 0 if part == DRIVER else first_port + at
        found.append(PartPlan(part, port, tuple(owned), tuple(sorted(replicas)), tuple(sorted(proxies))))
    return tuple(found)


def _named_for(ctx: Context, test: str) -> set[str]:
    """The application classes that the XML files of a test's context name: its container makes objects of them."""
    contexts = ctx.analyses.once(contexts_of)
    files = [f for n in ctx.facts.members[test] for f in files_of(ctx.facts, ctx.facts.symbol(n), contexts)] if contexts else []
    return {top for f in files for n in f.named if not ctx.facts.is_test(top := ctx.facts.top[n])}


def _with_beans(ctx: Context, closure: _Closure, part: str, roots: set[str]) -> tuple[set[str], set[str]]:
    """The closure of `roots` and of the beans that its code asks for: a bean of another part is a proxy of its class here."""
    facts, beans = ctx.facts, ctx.analyses.once(beans_of)
    wanted = set(roots)
    while True:
        replicas, proxies = closure.of(part, sorted(wanted))
        code = wanted - proxies | replicas
        asked = {facts.top[b.type] for b, _ in remote_beans(beans, facts, part, code, lambda cls: home(ctx, cls)) if b.type in facts.top}
        if asked <= wanted | replicas | proxies:
            return replicas, proxies
        wanted |= asked


def mains(ctx: Context) -> tuple[tuple[str, str | None], ...]:
    """Classes of the main sources with a `main` that starts a program, and the part that owns each (None: replicated)."""
    found = []
    for name in sorted(ctx.assignment):
        for method in ctx.facts.symbol(name).methods:
            if method.name == "main" and method.flags & Flags.STATIC and method.flags & Flags.PUBLIC and method.descriptor in _MAIN:
                found.append((name, ctx.owner(name)))
                break
    return tuple(found)


def _wide(analyses: Analyses) -> frozenset[str]:
    return wide_types(analyses.facts)


class _Closure:
    """What a part has to have of the application, from what its sources mention."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._everywhere: set[str] = set()  # replicated values, enums and exceptions; owners of nested exceptions
        self._copied: dict[str, frozenset[str]] = {}  # owned class -> what the nested classes that its proxy keeps whole mention
        self._nested: dict[str, set[str]] = {}  # class -> owned classes with a nested value, enum or exception below it
        facts, wide = ctx.facts, ctx.analyses.once(_wide)
        for top in ctx.assignment:
            if ctx.owner(top) is None:
                if any(p in _COPIED for n, p in passing_of(ctx, top) if n == top) and DRIVER in ctx.places(top):
                    self._everywhere.add(top)
                if not facts.symbol(top).is_interface:
                    # Whoever has a copy of a base class may be given an object of any class below it.
                    below = {facts.top[n] for n in facts.hierarchy.subtypes(top)} & ctx.assignment.keys()
                    self._nested.setdefault(top, set()).update(n for n in below if ctx.owner(n) is not None)
                continue
            names: set[str] = set()
            for name, passing in passing_of(ctx, top):
                by_copy = passing in (Passing.ENUM, Passing.VALUE) and not facts.symbol(name).flags & Flags.PRIVATE
                if by_copy and widens(facts, wide, name):
                    self._everywhere.add(top)  # an `Object` parameter takes it to code that does not mention it
                if passing in _COPIED and name != top:
                    names.update(facts.top[n] for n in facts.mentions.get(name, ()))
                    if passing is Passing.EXCEPTION and not facts.symbol(name).flags & Flags.PRIVATE:
                        self._everywhere.add(top)
                    for above in facts.hierarchy.supertypes(name):
                        if above in facts.top and facts.top[above] != top:
                            self._nested.setdefault(facts.top[above], set()).add(top)
            names.discard(top)
            if names:
                self._copied[top] = frozenset(names)

    def of(self, part: str, roots: list[str]) -> tuple[set[str], set[str]]:
        """Replicas and proxies: the full text of what is here counts, of a proxy only its header and what is not private."""
        ctx = self._ctx
        replicas: set[str] = set()
        proxies: set[str] = set()
        seen: set[str] = set()
        todo = [*roots, *sorted(self._everywhere)]
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            todo.extend(self._nested.get(name, ()))
            if name not in ctx.assignment:
                # Test classes that a test mentions are placed by themselves.
                todo.extend(n for n in ctx.facts.mentions_of(name) if n in ctx.assignment)
                continue
            owner = ctx.owner(name)
            if owner is None:
                replicas.add(name)
            if owner in (None, part):
                mentioned: Iterable[str] = ctx.facts.mentions_of(name)
            else:
                proxies.add(name)
                mentioned = ctx.facts.signature_mentions(name) | self._copied.get(name, frozenset())
            todo.extend(n for n in mentioned if n in ctx.assignment)
        return replicas, proxies


def main_classes(facts: Facts) -> tuple[str, ...]:
    """The top-level classes of the main sources, sorted: what an assignment has to place."""
    return tuple(sorted(n for n in facts.members if facts.symbol(n).origin is Origin.MAIN))


def tables_of(part: str, tables: Mapping[str, str]) -> tuple[str, ...]:
    """The tables that `part` owns, sorted."""
    return tuple(sorted(table for table, owner in tables.items() if owner == part))
