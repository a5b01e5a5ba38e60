"""Beans across parts: which application classes every part has, and which beans of others a part's code asks for."""

from __future__ import annotations

from collections.abc import Mapping

from refactor.flow.facts import annotated
from refactor.frameworks.knowledge import container
from refactor.frameworks.model import BeanFacts
from refactor.frameworks.spring import spring_beans
from refactor.ir.symbols import ClassSymbol, FieldSymbol, Flags
from refactor.ir.types import ClassType
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
    asked = _asked(analyses, found)
    chosen = {}
    for name in sorted(analyses.facts.members):
        cls = analyses.facts.symbol(name)
        why = "" if analyses.facts.is_test(name) or _has_state(analyses, cls) else _why(analyses, found, cls, asked)
        if why:
            chosen[name] = why
    return chosen


def home(ctx: Context, cls: str) -> str | None:
    """The part whose container makes the beans that a class declares; None where every container makes its own."""
    owner = ctx.owner(cls)
    top = ctx.facts.top.get(cls, cls)
    if owner is not None or top not in ctx.analyses.once(application_makers):
        return owner
    parts = {p for n in ctx.assignment if (p := ctx.owner(n)) is not None}
    return ctx.assignment[top] if ctx.assignment[top] in parts else min(parts, default=None)


def application_makers(analyses: Analyses) -> frozenset[str]:
    """The application classes in every part that declare beans of the program."""
    anywhere, found = analyses.once(everywhere), analyses.once(beans_of)
    own = {a.cls for a in found.applications} & anywhere.keys()
    return frozenset(b.declared_in for b in found.beans if b.declared_in in own and b.type != b.declared_in)


def _why(analyses: Analyses, found: BeanFacts, cls: ClassSymbol, asked: frozenset[str]) -> str:
    known = container()
    if any(a.cls == cls.name for a in found.applications):
        return "" if _works(analyses, cls) else "the application itself: every part starts as it did"
    made = [b for b in found.beans if b.declared_in == cls.name and b.type != cls.name]
    for bean in made:
        infrastructure = bean.type.startswith(known.infrastructure) or bean.type.endswith(known.infrastructure_suffixes)
        if bean.type in analyses.facts.top or not infrastructure or bean.type in asked:
            return ""
    if annotated(cls, known.configurations) or known.container_interfaces & analyses.facts.hierarchy.supertypes(cls.name):
        return "configuration of the container: every part has one"
    if annotated(cls, known.advice):
        return "advice for every controller: every part has some"
    return ""


def _works(analyses: Analyses, cls: ClassSymbol) -> bool:
    known = container()
    return bool(known.works & analyses.facts.hierarchy.supertypes(cls.name)) or any(annotated(m, known.work_marks) for m in cls.methods)


def _asked(analyses: Analyses, found: BeanFacts) -> frozenset[str]:
    """Library types that code of the program gets injected, with everything below them that a bean is known by."""
    facts = analyses.facts
    types = {i.type for i in found.injections if i.type not in facts.top}
    return frozenset(b.type for b in found.beans for t in types if b.type == t or facts.hierarchy.is_subtype(b.type, t))


def _has_state(analyses: Analyses, cls: ClassSymbol) -> bool:
    return cls.is_interface or any(not _is_given(analyses, f) for f in cls.fields)


def _is_given(analyses: Analyses, field: FieldSymbol) -> bool:
    """A constant, a value that never changes, a logger, or what the container fills in."""
    known = container()
    if field.constant is not None or annotated(field, known.filled):
        return True
    if field.flags & (Flags.STATIC | Flags.FINAL) != Flags.STATIC | Flags.FINAL or not isinstance(field.type, ClassType):
        return False
    return field.type.name in known.stateless_types or field.type.name in analyses.known.value


def unstartable(analyses: Analyses) -> tuple[Refusal, ...]:
    """before: a program with a container   after: the refusal of any cut, where no application class can be in every part"""
    found, anywhere = analyses.once(beans_of), analyses.once(everywhere)
    if not found.applications or any(a.cls in anywhere for a in found.applications):
        return ()
    cls = analyses.facts.symbol(found.applications[0].cls)
    why = "runs code of its own while the container starts or lives" if _works(analyses, cls) else "has state of its own"
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
