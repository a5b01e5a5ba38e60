"""A transaction runs in one process: whoever reads or writes data inside it stays with where it begins."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.flow.facts import annotated
from refactor.ir.symbols import ClassSymbol, Flags, MethodSymbol
from refactor.isolate.context import Analyses, Context, Rule, Violation, calls
from refactor.isolate.rules.mapped import mapper_interfaces
from refactor.isolate.sessions import asking
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: a method of p begins a transaction and calls, through others, a data user of q   after: a violation naming both"""
    for start, span, user, what in ctx.analyses.once(paths):
        if start != user and (ctx.remote(start, user) or ctx.remote(user, start)):
            message = f"a transaction that begins in {start} goes on in {user}, which {what}"
            yield Violation(RULE.id, span, message, tuple(sorted({start, user})))


def begins(analyses: Analyses) -> tuple[tuple[ClassSymbol, MethodSymbol], ...]:
    """Every method of the main sources in which a transaction begins, with its class."""
    facts = analyses.facts
    marks = analyses.known.annotations["transactional"]
    starts = analyses.known.sinks["transaction"]
    programmatic = frozenset(key for key, used in calls(analyses).library.items() if any(starts.matches(member) for member in used))
    return tuple(
        (cls, method)
        for name in sorted(facts.top)
        if not facts.is_test(facts.top[name])
        for cls in (facts.symbol(name),)
        for method in cls.methods
        if not method.flags & Flags.ABSTRACT
        and (method.key in programmatic or (not method.is_constructor and _transactional(analyses, cls, method, marks)))
    )


def paths(analyses: Analyses) -> tuple[tuple[str, Span | None, str, str], ...]:
    """(class where a transaction begins, place, class that uses data inside it, what it does), once per pair.

    A transaction begins with an annotated method, or with a library call anywhere in a method: the whole method counts.
    """
    facts = analyses.facts
    starts = analyses.once(begins)
    if not starts:
        return ()
    users = data_users(analyses)
    graph = calls(analyses)
    asked = analyses.once(asking)
    found: dict[tuple[str, str], tuple[Span | None, str]] = {}
    for cls, method in starts:
        reached = graph.reach((method.key,))
        for key in sorted(reached & users.keys()):
            user = facts.top[facts.program.bodies[key].owner]
            if not facts.is_test(user):
                found.setdefault((facts.top[cls.name], user), (method.name_span, users[key]))
        for repository in sorted({r for key in reached & asked.keys() for r in asked[key]}):
            found.setdefault((facts.top[cls.name], facts.top[repository]), (method.name_span, "reads and writes tables"))
    return tuple((start, found[start, user][0], user, found[start, user][1]) for start, user in sorted(found))


def _transactional(analyses: Analyses, cls: ClassSymbol, method: MethodSymbol, marks: frozenset[str]) -> bool:
    if annotated(method, marks):
        return True
    if not method.flags & Flags.PUBLIC:
        return False
    facts = analyses.facts
    return any(annotated(facts.symbol(n), marks) for n in facts.hierarchy.supertypes(cls.name) if n in facts.top) or any(
        annotated(above, marks) for above in facts.dispatch.overridden(method)
    )


def data_users(analyses: Analyses) -> dict[str, str]:
    """Body -> what it calls of a persistence API, for every body that calls one directly."""
    facts, known = analyses.facts, analyses.known
    mapped = analyses.once(mapper_interfaces)
    found: dict[str, str] = {}
    for key, used in calls(analyses).library.items():
        for member in sorted(used):
            owner = member.partition("#")[0]
            if owner in known.persistence_users:
                found.setdefault(key, f"uses {owner.rpartition('.')[2]}")
    for use in analyses.uses:
        owner = use.member.partition("#")[0]
        if owner in mapped or known.spring_data & facts.hierarchy.supertypes(owner):
            for body in facts.bodies.get(use.user, ()):
                if body.span.file == use.span.file and body.span.start <= use.span.start < body.span.end:
                    found.setdefault(body.key, f"uses {owner.rpartition('.')[2]}")
    return found


RULE = Rule("transaction", "a transactional path that crosses parts is found and repaired (co-located) or refused", check)
