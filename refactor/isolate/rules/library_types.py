"""A library object that can neither be copied nor reached through an interface is at best held and handed back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from refactor.ir.statements import Invoke, InvokeKind, Load, New
from refactor.ir.symbols import ClassKind
from refactor.ir.types import ArrayType, ClassType, Type, erase
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.uses import Use
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: q gives a library object of a concrete class to p, and p calls its methods   after: a violation naming both"""
    for use, callee, name in _handles(ctx):
        if use.user in ctx.roles:
            message = f"{name} has no way across the cut, and {use.user} and {callee} both work with it"
            yield Violation(RULE.id, use.span, message, tuple(sorted({use.user, callee})))


def test_handles(ctx: Context) -> Iterator[tuple[str, str, Span | None, str]]:
    """(test class, owned class, place, reason) where a test and a part work with one library object."""
    for use, callee, name in _handles(ctx):
        if use.user not in ctx.roles:
            yield use.user, callee, use.span, f"gives or gets {name}, which has no way across"


def _handles(ctx: Context) -> Iterator[tuple[Use, str, str]]:
    users = ctx.analyses.once(_operated)
    spots: dict[str, set[str]] = {}  # library class -> the parts that work with its objects
    for use, names in ctx.analyses.once(_travelling):
        for callee in use.callees:
            if ctx.remote(use.user, callee):
                # Where it was made is not known: it may be used in one of the two parts, and only held in the other.
                both = {p for p in (ctx.owner(callee), *ctx.places(use.user)) if p}
                for name in names:
                    if name not in spots:
                        spots[name] = {p for top in users.get(name, ()) for p in ctx.places(top)}
                    if len(spots[name] & both) > 1:
                        yield use, callee, name


def _travelling(analyses: Analyses) -> tuple[tuple[Use, tuple[str, ...]], ...]:
    """Every use of another class's member with objects in it that travel as opaque handles only, and their classes."""
    stuck = _Stuck(analyses)
    found = []
    for use in analyses.uses:
        names = {name for type_ in use.types if (name := stuck.of(type_)) is not None}
        if names:
            found.append((use, tuple(sorted(names))))
    return tuple(found)


class _Stuck:
    """The library class of an object that travels as an opaque handle only."""

    def __init__(self, analyses: Analyses) -> None:
        self._analyses = analyses
        self._memo: dict[str, bool] = {}

    def of(self, type_: Type) -> str | None:
        erased = erase(type_)
        while isinstance(erased, ArrayType):
            erased = erase(erased.element)
        if not isinstance(erased, ClassType) or erased.name in self._analyses.facts.top:
            return None
        name = erased.name
        if name not in self._memo:
            self._memo[name] = self._is_stuck(name)
        return name if self._memo[name] else None

    def _is_stuck(self, name: str) -> bool:
        known = self._analyses.known
        groups = (known.value, known.value_of, known.reference, known.copy_restore, known.functional, known.pinned)
        if any(name in group for group in groups):
            return False
        cls = self._analyses.facts.program.library.find(name)
        if cls is None:
            return True
        if cls.is_interface or cls.kind in (ClassKind.ENUM, ClassKind.RECORD):
            return False
        return known.throwable not in self._analyses.facts.hierarchy.supertypes(name)


def _operated(analyses: Analyses) -> Mapping[str, frozenset[str]]:
    """Library class -> the top-level classes that make instances of it, or call their methods or read their fields."""
    found: dict[str, set[str]] = {}
    for site in analyses.facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if call.kind in (InvokeKind.VIRTUAL, InvokeKind.SPECIAL) and call.method:
            for name in {call.method.partition("#")[0], call.receiver_type}:
                if name and name not in analyses.facts.top:
                    found.setdefault(name, set()).add(site.top)
    for site in analyses.facts.sites(New):
        new = cast(New, site.statement)
        if new.cls not in analyses.facts.top:
            found.setdefault(new.cls, set()).add(site.top)
    for site in analyses.facts.sites(Load):
        load = cast(Load, site.statement)
        owner = load.field.partition("#")[0]
        if load.receiver is not None and owner not in analyses.facts.top:
            found.setdefault(owner, set()).add(site.top)
    return {name: frozenset(tops) for name, tops in found.items()}


RULE = Rule("library-type", "library objects: by value, copy-restore, reference by interface, or opaque", check)
