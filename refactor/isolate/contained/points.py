"""Injection points: a bean of another part is injected as a proxy, as long as a declaration elsewhere can say all that the choice needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from refactor.frameworks.knowledge import container
from refactor.frameworks.model import Bean, BeanKind, Injection
from refactor.frameworks.spring import asked_beans
from refactor.frameworks.springbeans import LOWEST
from refactor.ir.types import ClassType
from refactor.isolate.beans import beans_of
from refactor.isolate.contained.pair import Pair, short
from refactor.isolate.contained.sources import sources
from refactor.isolate.context import Analyses, Context
from refactor.isolate.plan import Refusal


def points(analyses: Analyses) -> Iterator[Pair]:
    """before: p asks for a lazy bean of q, or for all of a type whose order is not said   after: the pair of both"""
    facts, beans = analyses.facts, analyses.once(beans_of)
    for injection in beans.injections:
        top = facts.top[injection.user]
        found = asked_beans(beans, facts, injection)
        mixed = injection.many and len(found) > 1 and not _ordered(found)
        for bean in found:
            why = _stays(analyses, injection, bean, len(found) > 1)
            if not why and mixed:
                why = "one of several, in an order that only their own container knows: @Order says it"
            if why:
                yield Pair(top, bean.declared_in, injection.span, f"{injection.what} gets {bean.name}, {why}")
        if not found and injection.type in facts.top and injection.required:
            for source in analyses.once(sources):
                why = f"{injection.what} may get its {short(injection.type)} from {source.top}: {source.why}"
                yield Pair(top, source.top, injection.span, why)


def _ordered(found: Sequence[Bean]) -> bool:
    """Whether every bean has a place of its own; who says none comes last."""
    return len({LOWEST if b.order is None else b.order for b in found}) == len(found)


def _stays(analyses: Analyses, injection: Injection, bean: Bean, several: bool) -> str:
    """Why a bean cannot be injected elsewhere; empty if it can."""
    facts, known, framework = analyses.facts, analyses.known, container()
    above = {bean.type, *facts.hierarchy.supertypes(bean.type)}
    if bean.scope not in ("singleton", "prototype"):
        return f"of which there is one per {bean.scope}"
    if bean.doubts:
        return f"of which its container alone knows enough: {bean.doubts[0]}"
    gathered = sorted(above & framework.gathered)
    if gathered:
        return f"and a container gathers every {short(gathered[0])} that it has, a proxy too"
    if several and bean.kind is BeanKind.METHOD and isinstance(bean.written, ClassType) and bean.written.args:
        return "which type arguments tell from others: a declaration elsewhere has none"
    if bean.type not in facts.top:
        asked = injection.type
        crosses = asked in known.reference or asked in known.value or asked in known.functional
        if asked not in facts.top and (not crosses or any(n in known.pinned for n in above)):
            return f"and a {short(bean.type)} cannot leave its process"
    return ""


def unresolved(ctx: Context) -> tuple[Refusal, ...]:
    """before: a constructor of a bean whose parameter no known bean, or more than one, fits   after: a refusal with its place

    Where all that may be meant is in one part, its container does as the monolith's did.
    """
    facts, beans = ctx.facts, ctx.analyses.once(beans_of)
    if not beans.applications:
        return ()
    makers = {b.declared_in for b in beans.beans}
    found: dict[tuple[str, str, str], Refusal] = {}
    for injection in beans.injections:
        top = facts.top[injection.user]
        if not injection.required or injection.user not in makers or facts.is_test(top) or injection.type not in facts.top:
            continue
        fitting = asked_beans(beans, facts, injection)
        if fitting:
            chosen = _chosen(injection, fitting)
            places = {ctx.owner(name) for name in (top, *(b.declared_in for b in fitting))}
            wrong = len(chosen) > 1 and len(places) > 1
            what = f"{', '.join(b.name for b in chosen)} all fit" if wrong else ""
            merge = tuple(sorted({top, *(facts.top[b.declared_in] for b in chosen)}))
        else:
            what = "" if ctx.analyses.once(sources) else "no class, method or list of the main sources is known to declare one"
            merge = tuple(sorted({top, facts.top[injection.type]}))
        if what:
            message = f"{injection.what} of {injection.user} asks for a bean of {injection.type}, and {what}"
            way_out = "say which with @Qualifier or @Primary" if fitting else "declare it with a stereotype or a @Bean method"
            refusal = Refusal("injection", injection.span, message, merge, way_out)
            found.setdefault((injection.user, injection.type, injection.label), refusal)
    return tuple(found[key] for key in sorted(found))


def _chosen(injection: Injection, found: Sequence[Bean]) -> Sequence[Bean]:
    """What is left of several candidates after all that decides between them; one where it is decided when the program starts."""
    left = [b for b in found if all(q in (b.name, *b.aliases, *b.qualifiers) for q in injection.qualifiers)] or list(found)
    left = [b for b in left if b.declared_in != injection.user or b.type != injection.user] or left
    open_ = injection.marks or (isinstance(injection.written, ClassType) and injection.written.args)
    if open_ or any(b.conditions or b.profiles or b.doubts or b.order is not None for b in left):
        return left[:1]
    primary = [b for b in left if b.primary]
    named = [b for b in left if injection.label in (b.name, *b.aliases)]
    return primary if len(primary) == 1 else named if len(named) == 1 else left
