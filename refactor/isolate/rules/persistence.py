"""Entities, their relations, their repositories and those who ask them share one persistence context."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import Facts, annotated
from refactor.ir.statements import Load
from refactor.ir.types import class_names
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.rules.readers import is_lazy, readers
from refactor.isolate.sessions import sessions_travel
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: an entity in p refers to one in q, or q asks p's repository   after: a violation naming both classes"""
    for one, other, span, why in ctx.analyses.once(pairs):
        if ctx.remote(one, other) or ctx.remote(other, one):
            yield Violation(RULE.id, span, why, tuple(sorted({one, other})))


def pairs(analyses: Analyses) -> tuple[tuple[str, str, Span | None, str], ...]:
    """Pairs of top-level classes that share a persistence context, with the place and the reason."""
    facts, known = analyses.facts, analyses.known
    persistent = {n for n in facts.top if annotated(facts.symbol(n), known.annotations["persistent"])}
    found: dict[tuple[str, str], tuple[Span | None, str]] = {}

    def link(one: str, other: str, span: Span | None, why: str) -> None:
        a, b = facts.top[one], facts.top[other]
        if a != b and not facts.is_test(a) and not facts.is_test(b):
            found.setdefault((min(a, b), max(a, b)), (span, why))

    for name in sorted(persistent):
        # A superclass needs no line here: one that is owned is kept beside its subclasses by the rule on superclasses.
        for field in facts.symbol(name).fields:
            for used in sorted(class_names(field.type) & persistent):
                link(name, used, field.name_span, f"the entity {name} refers to {used}")
    repositories = [n for n in sorted(facts.top) if known.spring_data & facts.hierarchy.supertypes(n)]
    for name in repositories:
        cls = facts.symbol(name)
        for interface in cls.interfaces:
            for used in sorted(class_names(interface) & persistent):
                link(name, used, cls.name_span, f"the repository {name} keeps {used}")
    asked = frozenset(repositories)
    lazy = _lazy_readers(facts, persistent)
    apart = analyses.once(readers)
    for use in analyses.uses if not analyses.once(sessions_travel) else ():
        owner = use.member.partition("#")[0]
        if owner in asked and (use.user, owner) not in apart:
            link(use.user, owner, use.span, f"{use.user} works in the persistence context of {owner}")
        elif use.member in lazy:
            link(use.user, owner, use.span, f"{use.user} follows the lazy relation {lazy[use.member]} of {owner}")
    return tuple((one, other, *found[one, other]) for one, other in sorted(found))


def _lazy_readers(facts: Facts, persistent: set[str]) -> dict[str, str]:
    """Methods of entities that read a lazily loaded relation: member key -> the relation's name."""
    lazy = {f.key: f.name for n in persistent for f in facts.symbol(n).fields if is_lazy(f)}
    found = dict(lazy)
    for site in facts.sites(Load):
        key = cast(Load, site.statement).field
        if key in lazy and site.body.owner == key.partition("#")[0]:
            found.setdefault(site.body.key, lazy[key])
    return found


RULE = Rule("persistence-context", "a persistence context does not cross parts", check)
