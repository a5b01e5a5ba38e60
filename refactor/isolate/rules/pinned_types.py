"""Objects bound to a thread, a transaction, a request or the process do not cross: their users stay together."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.ir.types import Type, class_names
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.uses import Use


def check(ctx: Context) -> Iterator[Violation]:
    """before: q calls `save(Connection)` of p   after: a violation naming both classes and the type"""
    for use, name in ctx.analyses.once(handovers):
        for callee in use.callees if use.user in ctx.roles else ():
            if ctx.remote(use.user, callee):
                message = f"{use.user} hands {name} over to or takes it from {callee}, and it belongs to one process"
                yield Violation(RULE.id, use.span, message, tuple(sorted({use.user, callee})))


def handovers(analyses: Analyses) -> tuple[tuple[Use, str], ...]:
    """Every use of another class's member with a pinned type in it, and the type; tests included."""
    memo: dict[Type, str | None] = {}
    found = []
    for use in analyses.uses:
        for type_ in use.types:
            if type_ not in memo:
                memo[type_] = pinned_in(analyses, type_)
            name = memo[type_]
            # A volatile or atomic field is the business of the rule on such fields.
            if name is not None and ("(" in use.member or name not in analyses.known.atomic):
                found.append((use, name))
                break
    return tuple(found)


def pinned_in(analyses: Analyses, type_: Type) -> str | None:
    """The library class, of those in a type and above them, whose objects do not cross; the first by name."""
    known, top = analyses.known, analyses.facts.top
    # A type that is known itself (Class, a value) is what it is known as, whatever it extends; exceptions are copied.
    crossing = (known.value, known.value_of, known.duplicable, known.functional, known.reference, known.copy_restore, known.opaque)
    named = {n for n in class_names(type_) if n not in top}
    unknown = {n for n in named if n in known.pinned.exact() or not any(n in c for c in crossing)}
    hierarchy = analyses.facts.hierarchy
    pinned = {a for n in unknown for a in hierarchy.supertypes(n) if a not in top and a in known.pinned}
    return min((n for n in pinned if known.throwable not in hierarchy.supertypes(n)), default=None)


RULE = Rule("pinned-type", "pinned library objects (Connection, EntityManager, HttpServletRequest ..): their users stay together", check)
