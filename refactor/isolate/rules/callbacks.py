"""A library calls back what it is given with objects of its own: where those are bound to their process, so is the class."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.rules.pinned_types import pinned_in
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: p gives its binder a validator of q, which the binder calls with its Errors   after: a violation naming both"""
    for user, cls, span, name in ctx.analyses.once(called_back):
        if ctx.remote(user, cls):
            message = f"{user} may give {cls} to a library, which calls it with {name}, and that belongs to one process"
            yield Violation(RULE.id, span, message, tuple(sorted({user, ctx.facts.top[cls]})))


def called_back(analyses: Analyses) -> tuple[tuple[str, str, Span | None, str], ...]:
    """(top-level class of the main sources, class that it mentions, the method that is called back, the pinned type in it)"""
    facts = analyses.facts
    found: list[tuple[str, str, Span | None, str]] = []
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        if cls.is_interface or facts.is_test(facts.top[name]):
            continue
        for method in cls.methods:
            bound = next((n for p in method.params if (n := pinned_in(analyses, p.type)) is not None), None)
            if bound is None or all(m.owner in facts.top for m in facts.dispatch.overridden(method)):
                continue
            kinds = {facts.top[n] for n in facts.hierarchy.subtypes(name) if n in facts.top}
            users = (u for u in sorted(facts.members) if not facts.is_test(u) and u != facts.top[name])
            found += [(user, name, method.name_span, bound) for user in users if facts.mentions_of(user) & kinds]
            break
    return tuple(found)


RULE = Rule("pinned-callback", "pinned library objects: a library does not hand them to a proxy", check)
