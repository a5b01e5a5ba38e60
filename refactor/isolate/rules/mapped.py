"""What MyBatis does to the objects that a mapper takes and gives, beyond their setters, needs the objects beside the mapper's user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from refactor.frameworks.mybatis import hidden, mappers
from refactor.ir.types import class_names
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.rules.reflection import object_graph
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: q uses a mapper whose cache serialises objects of p's class   after: a violation naming both"""
    for user, cls, span, why in ctx.analyses.once(mapped):
        if user in ctx.roles and ctx.remote(user, cls):
            message = f"{why}, and {user}, which uses the mapper, has only a proxy of it"
            yield Violation(RULE.id, span, message, tuple(sorted({user, ctx.facts.top[cls]})))


def mapper_interfaces(analyses: Analyses) -> Mapping[str, bool]:
    """The mappers of the program -> whether they have a cache that copies."""
    return mappers(analyses.facts.program)


def mapped(analyses: Analyses) -> tuple[tuple[str, str, Span, str], ...]:
    """(user of a mapper, tests included, class, place, why) for every class whose objects MyBatis reaches behind the setters."""
    facts = analyses.facts
    known = analyses.once(mapper_interfaces)
    found: dict[tuple[str, str], tuple[Span, str]] = {}
    for use in analyses.uses:
        mapper = use.member.partition("#")[0]
        if mapper not in known:
            continue
        graph = {n for t in use.types for start in class_names(t) if start in facts.top for n in object_graph(facts, start)}
        for name in sorted(graph):
            if facts.symbol(name).is_interface or facts.is_test(facts.top[name]):
                continue
            serialises = f"the cache of the mapper {mapper} serialises {name}"
            why = serialises if known[mapper] else hidden(facts, name) and f"MyBatis {hidden(facts, name)}"
            if why and facts.top[name] != use.user:
                found.setdefault((use.user, name), (use.span, why))
    return tuple((user, name, *found[user, name]) for user, name in sorted(found))


RULE = Rule("mapped-object", "no reflection, serialisation or library code that reads fields on proxied classes", check)
