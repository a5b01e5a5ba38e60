"""Caches: every container has its own, so who fills, empties or reads one of a name is in one part.

A name that is not written down may be any of them: of a resolver's making, or an expression's. Names come from the annotations of a method,
its class, or a type above them, from composed annotations, and from calls to a manager.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from refactor.flow.facts import Facts
from refactor.frameworks.knowledge import Container, container
from refactor.frameworks.marks import Marked, marked, marks
from refactor.frameworks.views import lineage
from refactor.ir.program import Body
from refactor.ir.statements import Const, Copy, Invoke, Load, Local, Value
from refactor.ir.symbols import Annotation, ClassSymbol, Flags, MethodSymbol
from refactor.isolate.beans import beans_of, everywhere
from refactor.isolate.contained.pair import Pair
from refactor.isolate.context import Analyses
from refactor.support.source import Span

Names = frozenset[str]  # empty: any cache at all


@dataclass(frozen=True, slots=True)
class CacheUse:
    """Objects of `cls` use the caches of these names."""

    cls: str
    names: Names
    span: Span | None


def caches(analyses: Analyses) -> Iterator[Pair]:
    """before: @CacheEvict("prices") in p, @Cacheable("prices") in q   after: the pair of both"""
    facts = analyses.facts
    uses = cache_uses(analyses)
    own = [u for u in uses if not facts.is_test(facts.top[u.cls])]
    first: dict[str, CacheUse] = {}
    for use in own:
        for name in use.names:
            first.setdefault(name, use)
    anything = next((u for u in own if not u.names), None)
    for use in uses:
        is_test = facts.is_test(facts.top[use.cls])
        others = [first[n] for n in sorted(use.names) if n in first] if use.names or not is_test else own
        for other in [*([anything] if anything is not None else []), *others]:
            if facts.top[other.cls] != facts.top[use.cls]:
                shared = sorted(use.names & other.names)
                what = f"the cache {shared[0]}" if shared else "caches of any name"
                why = f"{use.cls} and {other.cls} use {what}, and each container has one of its own"
                yield Pair(facts.top[use.cls], other.cls, use.span, why)


def cache_uses(analyses: Analyses) -> tuple[CacheUse, ...]:
    """Every class whose objects use caches, in name order; tests that ask a manager are among them."""
    return analyses.once(_uses)


def _uses(analyses: Analyses) -> tuple[CacheUse, ...]:
    facts, known = analyses.facts, container()
    if not analyses.once(beans_of).beans:
        return ()
    found = [use for name in sorted(facts.top) for use in _annotated(facts, known, facts.symbol(name))]
    apart = analyses.once(everywhere)  # it does the same to each container's own
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if site.top not in apart and _asks(facts, known, call.method):
            names = [_text(facts, site.body, v) for v in call.args[:1]]
            found.append(CacheUse(site.top, frozenset(n for n in names if n is not None), call.span))
    return tuple(found)


def _asks(facts: Facts, known: Container, key: str | None) -> bool:
    owner, _, rest = (key or "").partition("#")
    return rest.partition("(")[0] in known.cache_calls and bool(known.cache_managers & facts.hierarchy.supertypes(owner))


def _annotated(facts: Facts, known: Container, cls: ClassSymbol) -> Iterator[CacheUse]:
    """The annotated methods that objects of a class have, its own and those of every type above it."""
    if cls.flags & Flags.ABSTRACT and not cls.is_interface:
        return
    if cls.is_interface and not known.repositories & facts.hierarchy.supertypes(cls.name):
        return
    given = _defaults(facts, known, cls)
    for above, _ in lineage(facts, cls.name):
        if above.name not in facts.top:
            continue
        defaults = given if given is not None else _defaults(facts, known, above)
        carriers: tuple[ClassSymbol | MethodSymbol, ...] = (above, *above.methods)
        for symbol in carriers:
            for mark in _marks(facts, known, symbol):
                yield CacheUse(cls.name, _names(known, mark, defaults), symbol.name_span or cls.name_span)


def _marks(facts: Facts, known: Container, symbol: Marked) -> Iterator[Annotation]:
    for mark in marks(facts, symbol, known.cache_marks):
        inner = [m for _, value in mark.values for m in (value if isinstance(value, tuple) else (value,)) if isinstance(m, Annotation)]
        yield from (m for m in inner if m.name in known.cache_marks)
        if not inner:
            yield mark


def _defaults(facts: Facts, known: Container, cls: ClassSymbol) -> Names | None:
    """What a class says for all its methods: names, or nothing at all if a resolver decides; None where it says nothing."""
    mark = marked(facts, cls, known.cache_defaults)
    if mark is None:
        return None
    if any(mark.value(a) for a in known.cache_deciders):
        return frozenset()
    return frozenset(_words(mark)) or None


def _names(known: Container, mark: Annotation, defaults: Names | None) -> Names:
    if any(mark.value(a) for a in known.cache_deciders):
        return frozenset()
    return frozenset(_words(mark)) or defaults or frozenset()


def _words(mark: Annotation) -> list[str]:
    """The names in an annotation; none where one of them is not known."""
    values = [mark.value(key) for key in ("cacheNames", "value", "cacheName")]
    items = [i for value in values if value is not None for i in (value if isinstance(value, tuple) else (value,))]
    return [i for i in items if isinstance(i, str) and i] if all(isinstance(i, str) for i in items) else []


def _text(facts: Facts, body: Body, value: Value, depth: int = 4) -> str | None:
    """The text that a value always is; None where it is not known."""
    if isinstance(value, Const):
        return value.value if isinstance(value.value, str) else None
    made = facts.definitions(body).get(value.name, ()) if isinstance(value, Local) else ()
    if len(made) == 1 and depth:
        if isinstance(made[0], Copy):
            return _text(facts, body, made[0].value, depth - 1)
        if isinstance(made[0], Load):
            field = facts.program.field(made[0].field)
            return field.constant if field is not None and isinstance(field.constant, str) else None
    return None
