"""The beans of a Spring application and the places where they are injected, from annotations and types alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from refactor.flow.facts import Facts
from refactor.frameworks.injections import injection_points
from refactor.frameworks.knowledge import container
from refactor.frameworks.marks import marked
from refactor.frameworks.model import Application, Bean, BeanFacts, BeanKind, Injection
from refactor.frameworks.springbeans import declared_beans, listed_beans, scanned
from refactor.ir.symbols import Flags, Origin


def spring_beans(facts: Facts) -> BeanFacts:
    """before: Facts   after: every bean of the main sources, every injection point, every application class; sorted"""
    found = facts.memo.get("beans")
    if not isinstance(found, BeanFacts):
        found = facts.memo["beans"] = _spring_beans(facts)
    return found


def _spring_beans(facts: Facts) -> BeanFacts:
    known = container()
    main = [facts.symbol(n) for n in sorted(facts.top) if facts.symbol(n).origin is Origin.MAIN]
    applications = tuple(Application(c.name, scanned(facts, known, c)) for c in main if marked(facts, c, known.application))
    looked = {p for c in main if marked(facts, c, known.scans) for p in scanned(facts, known, c)}
    scans = tuple(sorted(f"{p}." for p in looked)) if applications and "" not in looked else ()
    beans = list(declared_beans(facts, known, scans))
    listed = list(listed_beans(facts, known, {b.declared_in for b in beans if b.kind is not BeanKind.METHOD}))
    points = injection_points(facts, known, frozenset(b.declared_in for b in listed))
    return BeanFacts((*beans, *listed), tuple(dict.fromkeys(points)), applications)


def users_of(found: BeanFacts, tops: Iterable[str], facts: Facts) -> tuple[Injection, ...]:
    """The injection points that stand in these top-level classes."""
    wanted = set(tops)
    return tuple(i for i in found.injections if facts.top.get(i.user) in wanted)


def candidates(found: BeanFacts, facts: Facts, type_: str) -> tuple[Bean, ...]:
    """The beans that an injection point of a type may get; where an application looks for beans, those that it finds, if any."""
    fitting = [b for b in found.beans if b.type == type_ or facts.hierarchy.is_subtype(b.type, type_)]
    return tuple([b for b in fitting if b.scanned] or fitting)


def asked_beans(found: BeanFacts, facts: Facts, injection: Injection) -> tuple[Bean, ...]:
    """The beans that one place may get, by type or by name."""
    if injection.name:
        return tuple(b for b in found.beans if injection.name in (b.name.lstrip("&"), *b.aliases))
    return candidates(found, facts, injection.type)


def remote_beans(
    found: BeanFacts, facts: Facts, part: str, code: Iterable[str], owner: Callable[[str], str | None]
) -> tuple[tuple[Bean, str], ...]:
    """before: the top-level classes whose code `part` has, and who owns a class   after: (bean, its part) of all that they ask of others

    In name order. A bean that no code of the part can get is not among them: it would only take part in what the container
    does with every bean it has.
    """
    asked = {(i.type, i.name): i for i in users_of(found, code, facts)}
    chosen: dict[str, tuple[Bean, str]] = {}
    for key in sorted(asked):
        for bean in asked_beans(found, facts, asked[key]):
            home = owner(bean.declared_in)
            if home is not None and home != part and not bean.name.startswith("&"):
                # Of a library's concrete class there is no proxy, but of what it is asked for by.
                known_by = bean.type if bean.type in facts.top or _is_abstract(facts, bean.type) else key[0]
                chosen.setdefault(bean.name, (replace(bean, type=known_by), home))
    return tuple(chosen[name] for name in sorted(chosen))


def _is_abstract(facts: Facts, name: str) -> bool:
    cls = facts.program.find(name)
    return cls is not None and (cls.is_interface or bool(cls.flags & Flags.ABSTRACT))


def made_once(found: BeanFacts, facts: Facts, bean: Bean) -> bool:
    """Whether what a method makes is one object of the program: not what only serves the container that makes it."""
    known = container()
    above = {bean.type, *facts.hierarchy.supertypes(bean.type)}
    serves = any(above & s.types for s in known.serving) or bean.type.startswith(known.infrastructure)
    if bean.type in facts.top or not (serves or bean.type.endswith(known.infrastructure_suffixes)):
        return True
    return any(not i.name and i.type not in facts.top and i.type != "java.lang.Object" and i.type in above for i in found.injections)
