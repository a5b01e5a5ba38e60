"""An embedded database lives in one process: whoever works with it stays there, for two processes would have two databases."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.flow.facts import annotated
from refactor.frameworks.knowledge import container
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.rules.mapped import mapper_interfaces
from refactor.isolate.rules.readers import readers
from refactor.isolate.rules.transactions import data_users
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: repositories of p and of q over one embedded H2   after: a violation naming both"""
    found = ctx.analyses.once(users)
    if found is None:
        return
    engine, classes = found
    first = next((name for name in classes if ctx.owner(name)), None)
    for name, (span, what) in classes.items():
        if first is not None and (ctx.remote(name, first) or ctx.remote(first, name)):
            message = f"{name} {what}, as {first} does, and {engine} is embedded: two parts would have two databases"
            yield Violation(RULE.id, span, message, tuple(sorted({first, name})))


def users(analyses: Analyses) -> tuple[str, dict[str, tuple[Span | None, str]]] | None:
    """The embedded engine and the top-level classes that work with its data, sorted; None where there is no such engine."""
    facts, known = analyses.facts, container()
    engine = next((name for driver, name in known.embedded if facts.program.find(driver) is not None), None)
    if engine is None:
        return None
    found: dict[str, tuple[Span | None, str]] = {}
    apart = {cls for cls, _ in analyses.once(readers)}
    for key, what in data_users(analyses).items():
        top = facts.top[facts.program.bodies[key].owner]
        if top not in apart:
            found.setdefault(top, (None, what))
    mapped = analyses.once(mapper_interfaces)
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        repository = cls.is_interface and (known.repositories & facts.hierarchy.supertypes(name) or annotated(cls, known.repository_marks))
        if (repository and not annotated(cls, known.not_repositories)) or name in mapped:
            found[facts.top[name]] = (cls.name_span, "reads and writes tables")
    return engine, {name: found[name] for name in sorted(found) if not facts.is_test(name)}


RULE = Rule("embedded-database", "an embedded database is never silently doubled: the parts that use its tables are merged", check)
