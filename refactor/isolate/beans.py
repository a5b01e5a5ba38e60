"""Beans across parts: which application classes every part has, and which beans of others a part's code asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import cast

from refactor.flow.facts import annotated
from refactor.frameworks.knowledge import container
from refactor.frameworks.marks import carrier
from refactor.frameworks.model import Bean, BeanFacts
from refactor.frameworks.spring import made_once, spring_beans
from refactor.ir.statements import New
from refactor.ir.symbols import ClassSymbol, FieldSymbol, Flags
from refactor.ir.types import ClassType
from refactor.isolate.application import can_work_in_one_part, is_injected, works
from refactor.isolate.context import Analyses, Context
from refactor.isolate.plan import Refusal
from refactor.support.diagnostics import Diagnostic, Severity


def beans_of(analyses: Analyses) -> BeanFacts:
    """What a container knows of the program."""
    return spring_beans(analyses.facts)


def everywhere(analyses: Analyses) -> Mapping[str, str]:
    """Top-level class -> why every part has its own: every part is an application that starts, and serves, as the monolith did.

    Application classes, and configuration whose beans only the container itself uses, as long as they have no state and do nothing
    by themselves. The beans of the program that an application class declares are made in one part only: see `home`.
    """
    found = analyses.once(beans_of)
    if not found.applications:
        return {}
    facts = analyses.facts
    chosen = {}
    for name in sorted(facts.members):
        cls = facts.symbol(name)
        why = "" if facts.is_test(name) or _has_state(analyses, cls) else _why(analyses, found, cls)
        if why:
            chosen[name] = why
    while more := sorted(_helpers(analyses, found, chosen.keys())):
        chosen.update((name, "a class without state that only the container's own configuration makes objects of") for name in more)
    return chosen


def _helpers(analyses: Analyses, found: BeanFacts, chosen: Set[str]) -> Iterator[str]:
    """before: an application class that does `registry.addInterceptor(new Log())`   after: Log, which has no state and nobody else makes"""
    facts = analyses.facts
    makers: dict[str, set[str]] = {}
    for site in facts.sites(New):
        makers.setdefault(cast(New, site.statement).cls, set()).add(site.top)
    beans = {b.type for b in found.beans}
    for name in sorted(facts.members):
        made = makers.get(name)
        if not made or not made <= chosen or name in chosen or facts.is_test(name) or name in beans or name in analyses.eligible.category:
            continue
        line = [facts.symbol(n) for n in facts.hierarchy.supertypes(name) if n in facts.top]
        alone = all(n == name for n in facts.members[name])
        if alone and all(c.is_interface or not _has_state(analyses, c) for c in line):
            yield name


def home(ctx: Context, cls: str) -> str | None:
    """The part whose container makes the beans that a class declares; None where every container makes its own."""
    owner = ctx.owner(cls)
    top = ctx.facts.top.get(cls, cls)
    if owner is not None or top not in ctx.analyses.once(application_makers):
        return owner
    parts = {p for n in ctx.assignment if (p := ctx.owner(n)) is not None}
    return ctx.assignment[top] if ctx.assignment[top] in parts else min(parts, default=None)


def application_makers(analyses: Analyses) -> frozenset[str]:
    """The application classes in every part that declare beans of the program, or work when they start."""
    anywhere, found = analyses.once(everywhere), analyses.once(beans_of)
    own = {a.cls for a in found.applications} & anywhere.keys()
    working = frozenset(n for n in own if works(analyses, analyses.facts.symbol(n)))
    return working | frozenset(b.declared_in for b in found.beans if b.declared_in in own and _is_made_once(analyses, found, b))


def _is_made_once(analyses: Analyses, found: BeanFacts, bean: Bean) -> bool:
    return bean.type != bean.declared_in and made_once(found, analyses.facts, bean)


def _why(analyses: Analyses, found: BeanFacts, cls: ClassSymbol) -> str:
    known, facts = container(), analyses.facts
    if any(a.cls == cls.name for a in found.applications):
        return "" if _works(analyses, cls) else "the application itself: every part starts as it did"
    if any(_is_made_once(analyses, found, b) for b in found.declared_in(cls.name)):
        return ""
    if annotated(cls, known.configurations) or known.container_interfaces & facts.hierarchy.supertypes(cls.name):
        return "configuration of the container: every part has one"
    if annotated(cls, known.advice):
        return "advice for every controller: every part has some"
    acts = any("*" in s.concerns and s.types & facts.hierarchy.supertypes(cls.name) for s in known.serving)
    if acts and carrier(facts, cls, known.stereotypes) and all(n in analyses.eligible.category for n in facts.mentions_of(cls.name)):
        return "it acts on the beans of its container and has no state: every part has one"
    return ""


def _works(analyses: Analyses, cls: ClassSymbol) -> bool:
    """Whether it works in every part that has it."""
    return works(analyses, cls) and not can_work_in_one_part(analyses, cls)


def _has_state(analyses: Analyses, cls: ClassSymbol) -> bool:
    started = {a.cls for a in analyses.once(beans_of).applications}
    return cls.is_interface or any(
        not (_is_given(analyses, f) or (cls.name in started and is_injected(analyses, cls, f))) for f in cls.fields
    )


def _is_given(analyses: Analyses, field: FieldSymbol) -> bool:
    """A constant, a value that never changes, a logger, or what the container fills in."""
    known = container()
    if field.constant is not None or annotated(field, known.filled):
        return True
    if field.flags & (Flags.STATIC | Flags.FINAL) != Flags.STATIC | Flags.FINAL or not isinstance(field.type, ClassType):
        return False
    return field.type.name in known.stateless_types or field.type.name in analyses.known.value


def unstartable(ctx: Context) -> tuple[Refusal, ...]:
    """before: a program with a container   after: the refusal of any cut, where no application class can be in every part"""
    analyses = ctx.analyses
    found, anywhere = analyses.once(beans_of), analyses.once(everywhere)
    if not found.applications or any(a.cls in anywhere and ctx.owner(a.cls) is None for a in found.applications):
        return ()
    cls = analyses.facts.symbol(found.applications[0].cls)
    works = "runs code of its own while the container starts or lives"
    why = works if _works(analyses, cls) else "has state of its own" if _has_state(analyses, cls) else "is tied to one part by other rules"
    message = f"every part starts the application class {cls.name}, which {why}"
    return (Refusal("application", cls.name_span, message, (cls.name,), "move that into a class of its own, a bean like any other"),)


def contexts_apart(analyses: Analyses) -> tuple[Diagnostic, ...]:
    """before: tests with contexts of their own making   after: a warning for each, since the other parts' contexts are not made so"""
    facts, known = analyses.facts, container()
    found = []
    beans = analyses.once(beans_of)
    if beans.beans and not beans.applications:
        message = f"{len(beans.beans)} beans are declared, but no class starts their container (@SpringBootApplication): services do not"
        way_out = "keep classes that are injected into each other in one part"
        found.append(Diagnostic("isolate/container-not-started", Severity.WARNING, message, beans.beans[0].span, help=way_out))
    for name in sorted(facts.top) if beans.applications else ():
        cls = facts.symbol(name)
        if not facts.is_test(facts.top[name]):
            continue
        full = annotated(cls, known.full_context)
        own = annotated(cls, known.test_settings) or (full if full and any(full.value(v) for v in known.setting_values) else None)
        if own is not None:
            mark = own.name.rpartition(".")[2]
            message = f"the context of {name} has settings of its own (@{mark}), which the services beside it do not have"
            way_out = "put shared settings into the test resources"
            found.append(Diagnostic("isolate/test-settings", Severity.WARNING, message, own.span, help=way_out))
        new = annotated(cls, known.renewed)
        if new is not None:
            message = f"{name} asks for a new context; the services beside it keep theirs, with all that their beans hold"
            found.append(Diagnostic("isolate/context-kept", Severity.WARNING, message, new.span))
    return tuple(found)
