"""Some owned classes have no faithful proxy: whoever names one of them stays with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.ir.statements import Lambda
from refactor.ir.symbols import Flags
from refactor.ir.types import ClassType
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.unproxied import unproxied
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: q names the class `Worker extends Thread` of p   after: a violation naming Worker and its user"""
    for use in ctx.analyses.once(_named):
        user, cls, why = use
        if ctx.remote(user, cls):
            yield Violation(RULE.id, _span(ctx, user, cls), f"{user} uses {cls}, which cannot have a proxy: {why}", _pair(ctx, user, cls))
    for top in sorted(ctx.roles):
        cls_ = ctx.facts.symbol(top)
        if ctx.owner(top) is not None and top in ctx.analyses.eligible.throwables:
            for user in ctx.analyses.once(_users)[top]:
                if ctx.remote(user, top):
                    message = f"{user} uses the exception {top}, which cannot be copied: {ctx.roles[top].reason}"
                    yield Violation(RULE.id, _span(ctx, user, top), message, _pair(ctx, user, top))
        if ctx.owner(top) is not None and cls_.is_interface and any(_is_default(m.flags) for m in cls_.methods):
            for sub in sorted(ctx.facts.hierarchy.subtypes(top) - {top}):
                user = ctx.facts.top[sub]
                if user in ctx.roles and ctx.remote(user, top):
                    message = f"{sub} inherits default methods of {top}, which cannot be copied: {ctx.roles[top].reason}"
                    yield Violation(RULE.id, ctx.facts.symbol(sub).name_span, message, _pair(ctx, user, top))
            for user, name, span in ctx.analyses.once(_functions):
                if ctx.facts.top[name] == top and ctx.remote(user, top):
                    message = f"{user} makes a function of {name}, whose default methods cannot be copied: {ctx.roles[top].reason}"
                    yield Violation(RULE.id, span, message, _pair(ctx, user, top))


def _functions(analyses: Analyses) -> tuple[tuple[str, str, Span], ...]:
    """(top-level class, interface of the application, place) of every lambda and method reference of the main sources."""
    facts = analyses.facts
    found = []
    for site in facts.sites(Lambda):
        statement = cast(Lambda, site.statement)
        type_ = statement.interface
        if isinstance(type_, ClassType) and not facts.is_test(site.top):
            for above in sorted(facts.hierarchy.supertypes(type_.name)):
                if above in facts.top:
                    found.append((site.top, above, statement.span))
    return tuple(found)


def _is_default(flags: Flags) -> bool:
    return not flags & (Flags.ABSTRACT | Flags.STATIC | Flags.PRIVATE)


def _pair(ctx: Context, user: str, cls: str) -> tuple[str, ...]:
    return tuple(sorted({user, ctx.facts.top[cls]}))


def _span(ctx: Context, user: str, cls: str) -> Span | None:
    """Where `user` first names the class, as far as statements tell; else the class's own place."""
    return ctx.analyses.place(user, ctx.facts.top[cls]) or ctx.facts.symbol(cls).name_span


def _named(analyses: Analyses) -> tuple[tuple[str, str, str], ...]:
    """(user, class, why the class has no proxy) of every naming from another top-level class of the main sources."""
    facts = analyses.facts
    odd = analyses.once(unproxied)
    found = set()
    for name, mentioned in facts.mentions.items():
        user = facts.top[name]
        if not facts.is_test(user):
            found |= {(user, cls, odd[cls]) for cls in mentioned & odd.keys() if facts.top[cls] != user}
    return tuple(sorted(found))


def _users(analyses: Analyses) -> dict[str, tuple[str, ...]]:
    """Top-level class -> the top-level classes of the main sources that name it."""
    facts = analyses.facts
    found: dict[str, set[str]] = {top: set() for top in facts.members}
    for user in facts.members:
        if not facts.is_test(user):
            for top in facts.mentions_of(user):
                found[top].add(user)
    return {top: tuple(sorted(names)) for top, names in found.items()}


RULE = Rule("no-proxy", "proxies mirror the hierarchy and forward everything; what cannot be forwarded is not proxied", check)
