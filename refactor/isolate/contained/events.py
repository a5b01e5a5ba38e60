"""Events: a container tells its own listeners, so who publishes and who listens are in one.

Listeners are reached as annotated methods (inherited ones too, with their type arguments), as listener objects (classes, lambdas, method
references, what methods make) and by registration; events are published by calls, by method references, as results of listeners, and by
repositories for what an entity has registered. What is published as any object may be any event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from refactor.flow.facts import Facts
from refactor.frameworks.knowledge import Container, container
from refactor.frameworks.marks import marked
from refactor.frameworks.model import BeanKind
from refactor.frameworks.springbeans import literals
from refactor.frameworks.views import lineage, seen_as
from refactor.ir.dispatch import substitute
from refactor.ir.program import Body
from refactor.ir.statements import Invoke, Lambda, Local, NewArray, Value
from refactor.ir.symbols import ClassSymbol, Flags, MethodSymbol
from refactor.ir.types import ArrayType, ClassType, IntersectionType, PrimitiveType, Type, TypeVar, WildcardType, class_names, erase
from refactor.isolate.beans import beans_of
from refactor.isolate.contained.pair import Pair, short
from refactor.isolate.context import Analyses
from refactor.support.source import Span

Kinds = frozenset[str]  # names of classes; empty: any event at all


@dataclass(frozen=True, slots=True)
class Listener:
    """Beans of `cls` hear events of these classes; `answers`: what they publish in turn, None if nothing."""

    cls: str
    hears: Kinds
    answers: Kinds | None
    span: Span | None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Code of `top` publishes events of these classes."""

    top: str
    sends: Kinds
    span: Span | None


def events(analyses: Analyses) -> tuple[Pair, ...]:
    """before: an event published in p, its listener in q   after: the pair of both; tests that publish or listen are among the users"""
    return analyses.once(_events)


def _events(analyses: Analyses) -> tuple[Pair, ...]:
    return tuple(_pairs(analyses)) if analyses.once(beans_of).beans else ()


def _pairs(analyses: Analyses) -> Iterator[Pair]:
    facts, known = analyses.facts, container()
    listening = tuple(_listeners(facts, known))
    if not listening:
        return
    sent = [*_publishers(facts, known), *_registered(analyses, known)]
    sent += [Publisher(facts.top[each.cls], each.answers, each.span) for each in listening if each.answers is not None]
    for publisher in sent:
        for listener in listening:
            if _meet(facts, publisher.sends, listener.hears):
                what = ", ".join(sorted(short(n) for n in publisher.sends)) or "events of any class"
                why = f"{publisher.top} publishes {what} at {publisher.span}, which {listener.cls} listens to"
                yield Pair(publisher.top, listener.cls, listener.span, why)
    controllers = sorted({facts.top[n] for n in facts.top if marked(facts, facts.symbol(n), known.controllers)})
    for listener in listening:
        if not listener.hears or any(n not in facts.top and not n.startswith(known.life_events) for n in listener.hears):
            for top in controllers:
                yield Pair(top, listener.cls, listener.span, f"{listener.cls} listens to what the container of {top} publishes by itself")
    for name in sorted(facts.top):
        if facts.is_test(facts.top[name]) and marked(facts, facts.symbol(name), known.recorders):
            for publisher in sent:
                yield Pair(facts.top[name], publisher.top, publisher.span, f"{name} records the events that {publisher.top} publishes")


def _listeners(facts: Facts, known: Container) -> Iterator[Listener]:
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        if not cls.is_interface:
            yield from _of_class(facts, known, cls)
        for method in cls.methods:
            made = seen_as(facts, method.result, known.listener_interfaces) if marked(facts, method, known.methods) else None
            if made is not None:
                yield Listener(name, _heard(known, made.args), None, method.name_span)
    for site in facts.sites(Lambda):
        function = cast(Lambda, site.statement)
        listens = seen_as(facts, function.interface, known.listener_interfaces)
        if listens is not None:
            yield Listener(site.top, _heard(known, listens.args), None, function.span)
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        owner, _, rest = (call.method or "").partition("#")
        if rest.partition("(")[0] in known.listener_calls and owner.startswith(known.own_events):
            for value in call.args:
                for item in _items(facts, site.body, value):
                    listens = seen_as(facts, item, known.listener_interfaces)
                    if listens is not None:
                        yield Listener(site.top, _heard(known, listens.args), None, call.span)


def _items(facts: Facts, body: Body, value: Value) -> tuple[Type, ...]:
    """The types of what a call is given: of each element where it is an array that is written there, as of `listeners(a, b)`."""
    if not isinstance(value.type, ArrayType):
        return (value.type,)
    made = facts.definitions(body).get(value.name, []) if isinstance(value, Local) else []
    elements = [s.elements for s in made if isinstance(s, NewArray) and s.elements is not None]
    return tuple(e.type for e in elements[0]) if len(elements) == len(made) == 1 else (value.type.element,)


def _of_class(facts: Facts, known: Container, cls: ClassSymbol) -> Iterator[Listener]:
    if cls.flags & Flags.ABSTRACT:
        return
    for above, view in lineage(facts, cls.name):
        if above.name in known.listener_interfaces:
            args = tuple(view[p.name] for p in above.type_params if p.name in view)
            yield Listener(cls.name, _heard(known, args), None, cls.name_span)
        for method in above.methods:
            mark = marked(facts, method, known.listeners)
            if mark is not None:
                listed = frozenset(literals(mark))
                types = tuple(substitute(p.type, view) for p in method.params[:1])
                yield Listener(cls.name, listed or _heard(known, types), _answered(method, view), method.name_span or cls.name_span)


def _answered(method: MethodSymbol, view: dict[str, Type]) -> Kinds | None:
    """What a listener's result publishes: itself, or each of an array, a collection or what comes later: all that its type names."""
    result = substitute(method.result, view)
    if isinstance(result, PrimitiveType):
        return None
    names = class_names(result) if not isinstance(erase(result), PrimitiveType) else frozenset()
    plain = isinstance(result, ClassType) and not result.args and result.name.startswith("java.util.")
    return frozenset() if plain else _kinds(names)


def _heard(known: Container, types: Iterable[Type]) -> Kinds:
    """before: (PayloadApplicationEvent<Placed>,)   after: Placed; nothing that is said means anything"""
    found: set[str] = set()
    for type_ in types:
        while isinstance(type_, ClassType) and type_.name in known.payloads and type_.args:
            type_ = type_.args[0]
        if isinstance(type_, WildcardType):
            type_ = type_.upper or ClassType("java.lang.Object")
        plain = erase(type_)
        found.add(plain.name if isinstance(plain, ClassType) else "java.lang.Object")
    return frozenset() if found & known.any_event else _kinds(found)


def _kinds(names: Iterable[str]) -> Kinds:
    found = frozenset(names)
    return frozenset() if "java.lang.Object" in found else found


def _publishers(facts: Facts, known: Container) -> Iterator[Publisher]:
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if _publishes(known, call.method):
            for value in call.args[:1]:
                yield Publisher(site.top, _sent(known, value.type), call.span)


def _publishes(known: Container, key: str | None) -> bool:
    owner, _, rest = (key or "").partition("#")
    return rest.partition("(")[0] in known.publishers and owner.startswith(known.own_events)


def _sent(known: Container, type_: Type) -> Kinds:
    match type_:
        case ClassType(name, args) if name in known.payloads:
            return _sent(known, args[0]) if args else frozenset()
        case ClassType(name):
            return frozenset() if name in known.any_event else frozenset({name})
        case TypeVar(_, _, bounds):
            return _sent(known, bounds[0]) if bounds else frozenset()
        case WildcardType(upper, _):
            return _sent(known, upper) if upper is not None else frozenset()
        case IntersectionType(parts):
            return _sent(known, parts[0])
        case _:
            return frozenset()


def _registered(analyses: Analyses, known: Container) -> Iterator[Publisher]:
    """What an entity registers, or answers when asked for its events, is published by the repository that stores it."""
    facts = analyses.facts
    told: list[tuple[str, Kinds, Span | None]] = []
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        owner, _, rest = (call.method or "").partition("#")
        if rest.partition("(")[0] in known.registering and owner.startswith(known.own_events):
            told += [(site.top, _sent(known, value.type), call.span) for value in call.args[:1]]
    for name in sorted(facts.top):
        for method in facts.symbol(name).methods:
            if marked(facts, method, known.domain_events):
                told.append((facts.top[name], _kinds(class_names(method.result)), method.name_span))
    repositories = [b for b in analyses.once(beans_of).beans if b.kind is BeanKind.REPOSITORY] if told else []
    for entity, sends, span in told:
        below = {facts.top[n] for n in facts.hierarchy.subtypes(entity)}
        for bean in [b for b in repositories if below & facts.mentions_of(facts.top[b.declared_in])] or repositories:
            yield Publisher(facts.top[bean.declared_in], sends, span)


def _meet(facts: Facts, sent: Kinds, heard: Kinds) -> bool:
    """Whether an object of one of the classes sent may be one of those heard."""
    hierarchy = facts.hierarchy
    return not sent or not heard or any(
        hierarchy.is_subtype(s, h) or hierarchy.is_subtype(h, s) or bool(hierarchy.subtypes(s) & hierarchy.subtypes(h))
        for s in sent
        for h in heard
    )
