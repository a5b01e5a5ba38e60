"""What a web request changed in its open persistence context is written with the request's next transaction: both in one part.

A request that touches entities of one part and commits in another would leave unwritten there what the monolith writes.
"""

from __future__ import annotations

from collections.abc import Iterator

from refactor.isolate.context import Analyses, Context, Rule, Violation, calls
from refactor.isolate.rules.transactions import begins, data_users
from refactor.isolate.sessions import asking, entities, requests, sessions_travel
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: a handler changes an entity of p and saves one of q   after: a violation naming the entity and q's repository"""
    for one, other, span, why in ctx.analyses.once(pairs):
        if ctx.remote(one, other) or ctx.remote(other, one):
            yield Violation(RULE.id, span, why, tuple(sorted({one, other})))


def pairs(analyses: Analyses) -> tuple[tuple[str, str, Span | None, str], ...]:
    """(class of entities that a request touches, class that may commit during it, the handler's place, why)"""
    if not analyses.once(sessions_travel):
        return ()  # the rule on persistence contexts keeps all of them together
    facts, graph = analyses.facts, calls(analyses)
    persistent, asked, users = analyses.once(entities), analyses.once(asking), data_users(analyses)
    starts = {method.key: facts.top[cls.name] for cls, method in analyses.once(begins)}
    found: dict[tuple[str, str], tuple[Span | None, str]] = {}
    for handler, run, bound in analyses.once(requests):
        reached = graph.reach(run)
        touched = {facts.top[n] for n in bound | ({facts.program.bodies[k].owner for k in reached} & persistent)}
        commits = {facts.top[r] for k in reached & asked.keys() for r in asked[k]} | {starts[k] for k in reached & starts.keys()}
        commits |= {facts.top[facts.program.bodies[k].owner] for k in reached & users.keys() if k not in asked}
        method = facts.program.method(handler)
        for entity in sorted(touched):
            for other in sorted(commits - {entity}):
                why = f"{handler.partition('(')[0].replace('#', '.')} may change {entity}, and {other} may write its persistence context"
                found.setdefault((entity, other), (method.name_span if method else None, why))
    return tuple((one, other, *found[one, other]) for one, other in sorted(found))


RULE = Rule("open-session", "a persistence context does not cross parts", check)
