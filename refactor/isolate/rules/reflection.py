"""Reflection and serialisation see a proxy's members, not the class's: they stay with the classes that they look into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from refactor.flow.facts import Facts
from refactor.ir.types import class_names
from refactor.isolate.byname import by_name
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.subjects import subjects
from refactor.support.source import Span

_WORDS = {
    "reflect": "reflects on",
    "fields": "reads the fields of",
    "mock": "makes a subclass of",
    "stand_in": "makes a subclass of",
    "literal": "hands to a library the class literal of",
}


@dataclass(frozen=True, slots=True)
class _Look:
    user: str
    cls: str
    span: Span | None
    what: str


def check(ctx: Context) -> Iterator[Violation]:
    """before: q serialises an object of p's class, or an object that holds one   after: a violation naming both"""
    for look in ctx.analyses.once(_looks):
        if ctx.remote(look.user, look.cls):
            message = f"{look.user} {look.what} {look.cls}, of which it has only a proxy"
            yield Violation(RULE.id, look.span, message, tuple(sorted({look.user, ctx.facts.top[look.cls]})))


def _looks(analyses: Analyses) -> tuple[_Look, ...]:
    facts = analyses.facts
    found: dict[tuple[str, str], _Look] = {}
    deep: dict[str, tuple[str, ...]] = {}
    for subject in subjects(facts, analyses.known):
        if facts.is_test(subject.top) or subject.kind == "lock":
            continue
        what = f"{_WORDS[subject.kind]} (by {subject.what})"
        names = [subject.cls]
        if subject.kind == "fields":
            if subject.cls not in deep:
                deep[subject.cls] = object_graph(facts, subject.cls)
            names = list(deep[subject.cls])
        for name in names:
            for cls in (name, *sorted(facts.hierarchy.subtypes(name) - {name})):
                if facts.top[cls] != subject.top:
                    found.setdefault((subject.top, cls), _Look(subject.top, cls, subject.span, what))
    for name_use in by_name(analyses):
        if name_use.user != facts.top[name_use.cls]:
            what = f"loads classes by name, and {name_use.where} names"
            found.setdefault((name_use.user, name_use.cls), _Look(name_use.user, name_use.cls, name_use.span, what))
    return tuple(found[key] for key in sorted(found))


def object_graph(facts: Facts, start: str) -> tuple[str, ...]:
    """Application classes whose objects are reached from one of `start` through fields, by the fields' types."""
    found = {start}
    todo = [start]
    while todo:
        name = todo.pop()
        for cls in (facts.symbol(n) for n in facts.hierarchy.supertypes(name) | facts.hierarchy.subtypes(name) if n in facts.top):
            for field in cls.fields:
                for used in class_names(field.type):
                    if used in facts.top and used not in found:
                        found.add(used)
                        todo.append(used)
    return tuple(sorted(found))


RULE = Rule("reflection", "no reflection, serialisation or library code that reads fields on proxied classes", check)
