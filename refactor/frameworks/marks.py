"""Annotations that a declaration carries itself or through other annotations, the program's or a library's.

before: @JsonComponent class PriceJson, of which Boot's class file says @Component     after: it is marked as @Component

A composed annotation speaks for the one that it carries: with an attribute of the same name, or with one that @AliasFor names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import Facts, annotated
from refactor.ir.symbols import Annotation, ClassSymbol, FieldSymbol, MethodSymbol, Param
from refactor.ir.types import ClassType

Marked = ClassSymbol | MethodSymbol | FieldSymbol | Param

_ALIAS = frozenset({"org.springframework.core.annotation.AliasFor"})
_PLATFORM = ("java.lang.", "kotlin.")


def marked(facts: Facts, symbol: Marked, names: frozenset[str]) -> Annotation | None:
    """The first annotation of `symbol` that is one of `names`, else the first one that it carries, with what the carrier says for it."""
    return next(marks(facts, symbol, names), None)


def marks(facts: Facts, symbol: Marked, names: frozenset[str]) -> Iterator[Annotation]:
    """Every annotation of `symbol` that is one of `names`, then every one that it carries, at the place of the carrier."""
    for own in symbol.annotations:
        if own.name in names:
            yield own
    for own in symbol.annotations:
        for path in carried(facts, own.name):
            if path[-1].name in names:
                yield _composed(facts, own, path)


def carrier(facts: Facts, symbol: Marked, names: frozenset[str]) -> Annotation | None:
    """The annotation of `symbol` itself that is one of `names` or carries one."""
    direct = annotated(symbol, names)
    return direct or next((a for a in symbol.annotations if any(p[-1].name in names for p in carried(facts, a.name))), None)


def carried(facts: Facts, name: str) -> tuple[tuple[Annotation, ...], ...]:
    """The annotations that an annotation's own declaration carries, directly or through each other: the way to each."""
    known = cast(dict[str, tuple[tuple[Annotation, ...], ...]], facts.memo.setdefault("marks", {}))
    if name not in known:
        known[name] = tuple(_paths(facts, name, {name}))
    return known[name]


def _paths(facts: Facts, name: str, seen: set[str]) -> Iterator[tuple[Annotation, ...]]:
    cls = facts.program.find(name)
    for each in cls.annotations if cls is not None else ():
        if each.name not in seen and not each.name.startswith(_PLATFORM):
            seen.add(each.name)
            yield (each,)
            for path in _paths(facts, each.name, seen):
                yield (each, *path)


def _composed(facts: Facts, own: Annotation, path: tuple[Annotation, ...]) -> Annotation:
    """The last annotation of `path` with what those before it say for it."""
    speaker = own
    for at, each in enumerate(path):
        values = dict(each.values)
        declared = facts.program.find(speaker.name)
        for attribute in declared.methods if declared is not None else ():
            given = speaker.value(attribute.name)
            if given is None:
                continue
            alias = annotated(attribute, _ALIAS)
            of = alias.value("annotation") if alias is not None else None
            if isinstance(of, ClassType) and alias is not None:
                if of.name == each.name:
                    values[str(alias.value("attribute") or alias.value("value") or attribute.name)] = given
                elif any(later.name == of.name for later in path[at + 1 :]):
                    values.setdefault(attribute.name, given)  # handed on by name: what is said for a later one gets there
            elif attribute.name != "value":
                values[attribute.name] = given
        speaker = Annotation(each.name, tuple(values.items()), own.span)
    return speaker
