"""What a container does with a bean besides injecting it happens in one container only: whoever is affected stays with the bean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import annotated
from refactor.frameworks.knowledge import container
from refactor.frameworks.pointcuts import may_concern
from refactor.ir.statements import New
from refactor.ir.types import ClassType
from refactor.isolate.beans import application_makers, beans_of, everywhere, home
from refactor.isolate.contained.acting import acting
from refactor.isolate.contained.caches import caches
from refactor.isolate.contained.events import events
from refactor.isolate.contained.pair import Pair
from refactor.isolate.contained.points import points
from refactor.isolate.contained.sources import registered
from refactor.isolate.context import Analyses, Context, Rule, Violation


def check(ctx: Context) -> Iterator[Violation]:
    """before: a filter in p, a controller in q; an event published in p, its listener in q   after: a violation naming both"""
    makers = ctx.analyses.once(application_makers)
    for user, cls, span, why in ctx.analyses.once(pairs):
        made_by = home(ctx, cls)
        places = ctx.places(user) if user not in makers else frozenset({home(ctx, user)})
        if made_by is not None and not places <= {made_by}:
            yield Violation(RULE.id, span, why, tuple(sorted({user, ctx.facts.top[cls]})))


def pairs(analyses: Analyses) -> tuple[Pair, ...]:
    """Every class of the main sources with the bean that concerns it, whatever the partition."""
    if not analyses.once(beans_of).beans:
        return ()
    found: dict[tuple[str, str], Pair] = {}
    facts, anywhere = analyses.facts, analyses.once(everywhere)
    alike = anywhere.keys() - analyses.once(application_makers)  # what every container has is served by each
    served = (*_made(analyses), *_aspects(analyses), *points(analyses), *acting(analyses), *registered(analyses))
    for pair in (*(p for p in served if p.user not in alike), *events(analyses), *caches(analyses)):
        top = facts.top[pair.cls]
        if pair.user != top and not facts.is_test(pair.user) and not facts.is_test(top):
            found.setdefault((pair.user, top), pair._replace(cls=top))
    return tuple(found[key] for key in sorted(found))


def _made(analyses: Analyses) -> Iterator[Pair]:
    """What a method makes and returns as a bean is injected, initialised and intercepted by the container that calls the method."""
    facts, known = analyses.facts, container()
    makers = {
        method.key: (facts.top[name], method)
        for name in sorted(facts.top)
        for method in facts.symbol(name).methods
        if annotated(method, known.methods)
    }
    for site in facts.sites(New):
        made = cast(New, site.statement).cls
        maker = makers.get(site.body.key)
        result = maker[1].result if maker is not None else None
        if maker is not None and made in facts.top and isinstance(result, ClassType) and facts.hierarchy.is_subtype(made, result.name):
            yield Pair(maker[0], made, site.statement.span, f"{maker[0]} makes the bean {maker[1].name} of {made}")


def _aspects(analyses: Analyses) -> Iterator[Pair]:
    """An aspect works in the container that makes the beans which its expressions may mean."""
    facts, known = analyses.facts, container()
    for name in sorted(facts.top):
        if annotated(facts.symbol(name), known.aspects):
            for bean in analyses.once(beans_of).beans:
                if bean.declared_in != name and may_concern(facts, facts.symbol(name), bean):
                    yield Pair(facts.top[bean.declared_in], name, bean.span, f"the aspect {name} may concern the bean {bean.name}")


RULE = Rule("container", "a bean is injected as a proxy of the owner's; nothing else that a container does crosses parts", check)
