"""What a container does with a bean besides injecting it happens in one container only: whoever is affected stays with the bean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import Facts, annotated
from refactor.frameworks.knowledge import container
from refactor.frameworks.model import Bean
from refactor.frameworks.pointcuts import may_concern
from refactor.frameworks.spring import candidates
from refactor.ir.statements import New
from refactor.ir.types import ClassType, class_names
from refactor.isolate.beans import application_makers, beans_of, everywhere, home
from refactor.isolate.contained.caches import caches
from refactor.isolate.contained.events import events
from refactor.isolate.contained.pair import Pair, short
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
    served = (*_collected(analyses), *_made(analyses), *_aspects(analyses), *_unshareable(analyses))
    working = (*events(analyses), *caches(analyses))
    for pair in (*(p for p in served if p.user not in anywhere), *working):
        top = facts.top[pair.cls]
        if pair.user != top and not facts.is_test(pair.user) and not facts.is_test(top):
            found.setdefault((pair.user, top), pair._replace(cls=top))
    return tuple(found[key] for key in sorted(found))


def _collected(analyses: Analyses) -> Iterator[Pair]:
    """Filters, interceptors, resolvers and the like concern every controller; a converter those that speak of its type."""
    facts, known = analyses.facts, container()
    controllers = [n for n in sorted(facts.top) if annotated(facts.symbol(n), known.controllers)]
    for bean in analyses.once(beans_of).beans:
        above = {bean.type, *facts.hierarchy.supertypes(bean.type)}
        what = sorted(above & known.collected)
        types = _converted(facts, bean, known.converters) if above & known.converters else set()
        for name in controllers if what or types else ():
            top = facts.top[name]
            if what:
                yield Pair(top, bean.declared_in, bean.span, f"the container serves {name} with the {short(what[0])} {bean.name}")
            elif types & facts.mentions_of(top):
                yield Pair(top, bean.declared_in, bean.span, f"the container binds arguments of {name} with {bean.name}")


def _converted(facts: Facts, bean: Bean, converters: frozenset[str]) -> set[str]:
    """The application classes among the type arguments of a converter."""
    cls = facts.program.classes.get(bean.type)
    types = [t for t in (cls.interfaces if cls else ()) if t.name in converters]
    return {facts.top[n] for t in types for a in t.args for n in class_names(a) if n in facts.top}


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


def _unshareable(analyses: Analyses) -> Iterator[Pair]:
    """A bean that cannot be a proxy, because its class is a library's that does not cross, or its scope is one request's."""
    facts, known, beans = analyses.facts, analyses.known, analyses.once(beans_of)
    for injection in beans.injections:
        top = facts.top[injection.user]
        for bean in candidates(beans, facts, injection.type):
            if bean.scope not in ("singleton", "prototype"):
                why = f"{injection.what} gets {bean.name}, of which there is one per {bean.scope}"
                yield Pair(top, bean.declared_in, injection.span, why)
            elif bean.type not in facts.top:
                above = {bean.type, *facts.hierarchy.supertypes(bean.type)}
                asked = injection.type
                crosses = asked in known.reference or asked in known.value or asked in known.functional
                if asked not in facts.top and (not crosses or any(n in known.pinned for n in above)):
                    why = f"{injection.what} gets {bean.name}, and a {short(bean.type)} cannot leave its process"
                    yield Pair(top, bean.declared_in, injection.span, why)


RULE = Rule("container", "a bean is injected as a proxy of the owner's; nothing else that a container does crosses parts", check)
