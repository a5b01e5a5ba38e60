"""An embedded database lives in one process: whoever works with it stays there, for two processes would have two databases."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.flow.facts import annotated
from refactor.frameworks.knowledge import container
from refactor.isolate.context import Analyses, Context, Rule, Violation, calls
from refactor.isolate.datastores import groups
from refactor.isolate.rules.mapped import mapper_interfaces
from refactor.isolate.rules.readers import readers
from refactor.isolate.rules.transactions import data_users
from refactor.isolate.sessions import asking, sessions_travel
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: repositories of p and of q over one embedded H2   after: a violation naming both"""
    found = ctx.analyses.once(users)
    if found is None:
        return
    engine, classes = found
    for group in ctx.analyses.once(shared):
        first = next((name for name in sorted(group) if ctx.owner(name)), None)
        for name in sorted(group):
            if first is not None and (ctx.remote(name, first) or ctx.remote(first, name)):
                span, what = classes[name]
                message = f"{name} {what}, as {first} does, and {engine} is embedded: two parts would have two databases"
                yield Violation(RULE.id, span, message, tuple(sorted({first, name})))


def shared(analyses: Analyses) -> tuple[frozenset[str], ...]:
    """The users of the embedded database, in groups: parts with different groups do with a database each."""
    found = analyses.once(users)
    return groups(analyses, found[1]) if found is not None and len(found[1]) > 1 else ()


def users(analyses: Analyses) -> tuple[str, dict[str, tuple[Span | None, str]]] | None:
    """The embedded engine and the top-level classes that work with its data, sorted; None where there is no such engine."""
    facts, known = analyses.facts, container()
    engine = next((name for driver, name in known.embedded if facts.program.find(driver) is not None), None)
    if engine is None:
        return None
    found: dict[str, tuple[Span | None, str]] = {}
    apart = {cls for cls, _ in analyses.once(readers)}
    served = analyses.once(sessions_travel) and not analyses.once(mapper_interfaces)
    for key, what in data_users(analyses).items():
        top = facts.top[facts.program.bodies[key].owner]
        if top not in apart and not (served and _only_asks(analyses, key)):
            found.setdefault(top, (None, what))
    mapped = analyses.once(mapper_interfaces)
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        repository = cls.is_interface and (known.repositories & facts.hierarchy.supertypes(name) or annotated(cls, known.repository_marks))
        if (repository and not annotated(cls, known.not_repositories)) or name in mapped:
            found[facts.top[name]] = (cls.name_span, "reads and writes tables")
    return engine, {name: found[name] for name in sorted(found) if not facts.is_test(name)}


def _only_asks(analyses: Analyses, body: str) -> bool:
    """Whether all that a body has to do with data is done by repositories, which are beans of the part that has the data."""
    used = (m.partition("#")[0] for m in calls(analyses).library.get(body, ()))
    owners = {n for n in used if n in analyses.known.persistence_users}
    return owners <= analyses.once(_above_repositories)


def _above_repositories(analyses: Analyses) -> frozenset[str]:
    asked = {r for names in analyses.once(asking).values() for r in names}
    return frozenset(n for r in asked for n in analyses.facts.hierarchy.supertypes(r))


RULE = Rule("embedded-database", "an embedded database is never silently doubled: the parts that use its tables are merged", check)
