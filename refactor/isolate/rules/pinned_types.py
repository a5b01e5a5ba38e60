"""Objects bound to a thread, a transaction, a request or the process do not cross: their users stay together."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.ir.types import class_names
from refactor.isolate.context import Context, Rule, Violation


def check(ctx: Context) -> Iterator[Violation]:
    """before: q calls `save(Connection)` of p   after: a violation naming both classes and the type"""
    for use in ctx.analyses.uses:
        for callee in use.callees:
            if use.user in ctx.roles and ctx.remote(use.user, callee):
                names = sorted(n for type_ in use.types for n in class_names(type_) if n in ctx.known.pinned and n not in ctx.facts.top)
                atomic_field = "(" not in use.member and all(n in ctx.known.atomic for n in names)
                if names and not atomic_field:  # such a field is the business of the rule on volatile fields
                    message = f"{use.user} hands {names[0]} over to or takes it from {callee}, and it belongs to one process"
                    yield Violation(RULE.id, use.span, message, tuple(sorted({use.user, callee})))


RULE = Rule("pinned-type", "pinned library objects (Connection, EntityManager, HttpServletRequest ..): their users stay together", check)
