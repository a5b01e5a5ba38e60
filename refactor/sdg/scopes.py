"""Transactions: where they begin, and which tables they read and write until they end.

Declared ones (Spring's and JTA's @Transactional), those of EJB containers with their defaults, programmatic ones, and the one that
every Spring Data repository method opens where none is open. Simplifications: a programmatic transaction is the whole method that
begins or ends it; what a scope reaches is everything that the call graph says, but for methods that open a transaction of their own
or suspend the current one, and for what runs later or on another thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from refactor.flow.facts import Facts
from refactor.frameworks.knowledge import container
from refactor.ir.statements import Invoke, Local
from refactor.ir.symbols import Annotation, ClassSymbol, Flags, MethodSymbol, Origin
from refactor.sdg.calls import Calls, method_of
from refactor.sdg.knowledge import Persistence, persistence
from refactor.sdg.model import Access, TableFacts
from refactor.support.components import gathered, numbers
from refactor.support.source import Span


@dataclass(frozen=True, slots=True)
class Scope:
    """One transaction by its entry. `kind`: declared, container, programmatic or repository; `accesses`: all inside it."""

    entry: str
    kind: str
    how: str
    span: Span | None
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    accesses: tuple[Access, ...]


@dataclass(frozen=True, slots=True)
class _Opening:
    kind: str
    how: str
    span: Span | None
    alone: bool  # opens its own transaction even inside another one


def scopes(facts: Facts, calls: Calls, tables: TableFacts) -> tuple[Scope, ...]:
    """before: calls and table accesses   after: one Scope for each entry that touches a table, sorted by entry

    An entry that joins its callers' transactions is left out where every call of it comes out of another scope.
    """
    known = persistence()
    openings = _declared(facts, known)
    suspended = frozenset(m for m, o in openings.items() if o is None)
    opened = {m: o for m, o in openings.items() if o is not None}
    for method, opening in _programmatic(facts, known, calls, tables):
        if method not in suspended:
            opened.setdefault(method, opening)
    for method, opening in _repositories(facts, tables):
        opened.setdefault(method, opening)
    stops = suspended | {m for m, o in opened.items() if o.alone}
    order = sorted(opened)
    runs = within(_inside(facts, known, calls), order, stops)
    kept = (1 << len(order)) - 1
    for at in sorted(range(len(order)), key=lambda n: (opened[order[n]].kind != "repository", n)):
        others = kept & ~(1 << at)
        callers = calls.callers(order[at])
        if not opened[order[at]].alone and callers and all(runs.get(c, 0) & others for c in callers):
            kept = others
    accesses: dict[int, list[Access]] = {}
    for method in sorted(tables.by_method):
        found = [a for a in tables.by_method[method] if a.io]
        for at in numbers(runs.get(method, 0) & kept) if found else ():
            accesses.setdefault(at, []).extend(found)
    made = []
    for at in sorted(accesses):
        reads = tuple(sorted({a.table for a in accesses[at] if not a.crud.writes}))
        writes = tuple(sorted({a.table for a in accesses[at] if a.crud.writes}))
        opening = opened[order[at]]
        made.append(Scope(order[at], opening.kind, opening.how, opening.span, reads, writes, tuple(accesses[at])))
    return tuple(made)


def _inside(facts: Facts, known: Persistence, calls: Calls) -> dict[str, set[str]]:
    """Who calls whom on the same thread at once: only that can be the same transaction."""
    elsewhere = {m.key for n in facts.top for m in facts.symbol(n).methods if _mark(m.annotations, known.elsewhere)}
    found: dict[str, set[str]] = {}
    for edge in calls.edges:
        if edge.callee not in elsewhere and not edge.via.startswith(known.later):
            found.setdefault(edge.caller, set()).add(edge.callee)
    return found


def within(inside: Mapping[str, set[str]], entries: Sequence[str], stops: frozenset[str]) -> dict[str, int]:
    """before: who calls whom   after: for each method, the transactions that it runs inside, a bit for each entry's number

    All entries at once: a walk for each would be quadratic.
    """
    callers: dict[str, list[str]] = {}
    seen = set(entries)
    todo = list(entries)
    while todo:
        at = todo.pop()
        owner = at.partition("#")[0]
        for callee in sorted(inside.get(at, ())):
            # The container stands between two objects; within one class the call is direct.
            if callee not in stops or callee.partition("#")[0] == owner:
                callers.setdefault(callee, []).append(at)
                if callee not in seen:
                    seen.add(callee)
                    todo.append(callee)
    return gathered(callers, {entry: 1 << number for number, entry in enumerate(entries)})


def _declared(facts: Facts, known: Persistence) -> dict[str, _Opening | None]:
    """Methods that annotations or the EJB container make transactional; None: they run without a transaction."""
    found: dict[str, _Opening | None] = {}
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        if cls.origin is not Origin.MAIN:
            continue
        for method in cls.methods:
            if method.is_constructor or method.flags & Flags.STATIC:
                continue
            opening = _opening(facts, known, cls, method)
            if opening is not None:
                found[method.key] = opening[0]
    return found


def _opening(facts: Facts, known: Persistence, cls: ClassSymbol, method: MethodSymbol) -> tuple[_Opening | None] | None:
    """None: nothing is declared; (None,): declared to run without one."""
    marks = known.spring_transactional | known.jta_transactional
    mark = _mark(method.annotations, marks)
    if mark is None and method.flags & Flags.PUBLIC:
        above = (cls, *facts.hierarchy.superclasses(cls.name), *_interfaces(facts, cls))
        mark = next((m for c in above if (m := _mark(c.annotations, marks))), None)
    if mark is not None:
        return _of_word(known, mark, _word(mark.value("propagation")) or _word(mark.value()), "declared", method.name_span)
    ejb = _mark(cls.annotations, known.ejbs)
    if ejb is None or not method.flags & Flags.PUBLIC:
        return None
    management = _mark(cls.annotations, known.management)
    if management is not None and _word(management.value()) == "BEAN":
        return None
    attribute = _mark(method.annotations, known.attribute) or _mark(cls.annotations, known.attribute)
    how = attribute or ejb
    found = _of_word(known, how, _word(attribute.value()) if attribute else None, "container", method.name_span)
    if found[0] is not None and ejb.name in known.driven:
        return (replace(found[0], alone=True),)
    return found


def _of_word(known: Persistence, mark: Annotation, word: str | None, kind: str, span: Span | None) -> tuple[_Opening | None]:
    if word in known.no_transaction:
        return (None,)
    how = f"@{mark.name.rpartition('.')[2]}{f'({word})' if word else ''}"
    return (_Opening(kind, how, mark.span or span, word in known.new_transaction),)


def _interfaces(facts: Facts, cls: ClassSymbol) -> Iterator[ClassSymbol]:
    for name in sorted(facts.hierarchy.supertypes(cls.name) - {cls.name}):
        found = facts.program.classes.get(name)
        if found is not None and found.is_interface:
            yield found


def _mark(annotations: Iterable[Annotation], names: frozenset[str]) -> Annotation | None:
    return next((a for a in annotations if a.name in names), None)


def _word(value: object) -> str | None:
    return str(value[2]) if isinstance(value, tuple) and len(value) == 3 and value[0] == "enum" else None


def _programmatic(facts: Facts, known: Persistence, calls: Calls, tables: TableFacts) -> Iterator[tuple[str, _Opening]]:
    """Methods that begin or end a transaction themselves; a helper that does it on its parameter counts for its callers."""
    helpers: dict[str, _Opening] = {}
    for site in facts.sites(Invoke):
        call = site.statement
        if not isinstance(call, Invoke) or not call.method:
            continue
        owner, _, rest = call.method.partition("#")
        name = rest.partition("(")[0]
        if name not in known.demarcation.get(owner, ()):
            continue
        method = method_of(facts, site.body.key)
        opening = _Opening("programmatic", f"{owner.rpartition('.')[2]}.{name}", call.span, False)
        # A method that is given the work to do is no helper: the work is its caller's own code.
        on_parameter = not name.startswith("execute") and isinstance(call.receiver, Local) and call.receiver in site.body.params
        if on_parameter and method not in tables.by_method:
            helpers.setdefault(method, opening)
        else:
            yield method, opening
    for helper, opening in helpers.items():
        for caller in sorted(calls.callers(helper)):
            yield caller, opening


def _repositories(facts: Facts, tables: TableFacts) -> Iterator[tuple[str, _Opening]]:
    bases = container().repositories
    for method in tables.by_method:
        owner = method.partition("#")[0]
        cls = facts.program.classes.get(owner)
        if cls is not None and cls.is_interface and bases & facts.hierarchy.supertypes(owner):
            yield method, _Opening("repository", "Spring Data opens one where none is open", cls.name_span, False)
