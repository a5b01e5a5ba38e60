"""Volatile and lock-free fields are only touched by code of their own process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from refactor.ir.symbols import Flags
from refactor.ir.types import ClassType, erase
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.support.source import Span


@dataclass(frozen=True, slots=True)
class _Access:
    user: str
    owner: str
    span: Span
    field: str


def check(ctx: Context) -> Iterator[Violation]:
    """before: q reads the volatile field `ready` of p's class   after: a violation naming both classes"""
    for access in ctx.analyses.once(_accesses):
        if ctx.remote(access.user, access.owner):
            message = f"{access.user} touches {access.field}, which is volatile or atomic, from another process"
            yield Violation(RULE.id, access.span, message, tuple(sorted({access.user, ctx.facts.top[access.owner]})))


def _accesses(analyses: Analyses) -> tuple[_Access, ...]:
    facts = analyses.facts
    found = []
    for use in analyses.uses:
        if "(" not in use.member and not facts.is_test(use.user):
            field = facts.program.field(use.member)
            type_ = erase(field.type) if field else None
            atomic = isinstance(type_, ClassType) and type_.name in analyses.known.atomic
            if field is not None and (field.flags & Flags.VOLATILE or atomic):
                found.append(_Access(use.user, field.owner, use.span, f"{field.owner}.{field.name}"))
    return tuple(found)


RULE = Rule("remote-volatile", "volatile or lock-free fields are not touched remotely", check)
