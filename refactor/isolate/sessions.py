"""A persistence context that stays open while a web request is answered, and the code of other parts that the request runs.

before: @Controller Web in q calls orders.find(1) of p, and later order.lines(), a lazy relation
after:  the request's calls into p find one persistence context open there, for as long as the request's own stays open in q
"""

from __future__ import annotations

from typing import cast

from refactor.flow.facts import annotated
from refactor.frameworks.knowledge import container
from refactor.frameworks.xmlcontext import xml_contexts
from refactor.ir.statements import Invoke
from refactor.ir.symbols import ClassSymbol, MethodSymbol
from refactor.ir.types import OBJECT, class_names
from refactor.isolate.beans import beans_of, everywhere
from refactor.isolate.context import Analyses, calls

_HOLDER = "org.springframework.orm.jpa.EntityManagerHolder"
_BY_HAND = "org.springframework.transaction.support.TransactionSynchronizationManager#"
_MAKERS = ("EntityManagerFactory", "EntityManagerFactoryBean", "SessionFactory", "SessionFactoryBean", "PersistenceUnitManager")


def sessions_travel(analyses: Analyses) -> bool:
    """Whether the services open for a request of another part what that request has open in its own.

    They do where every part starts the program's own container, which makes its one factory of persistence contexts by itself, and no
    code of the program binds any to a thread.
    """
    facts, beans = analyses.facts, analyses.once(beans_of)
    anywhere = analyses.once(everywhere)
    if not any(a.cls in anywhere for a in beans.applications) or facts.program.find(_HOLDER) is None:
        return False
    if any(b.type.endswith(_MAKERS) for b in beans.beans) or xml_contexts(facts.program):
        return False
    return not any(member.startswith(_BY_HAND) for used in calls(analyses).library.values() for member in used)


def asking(analyses: Analyses) -> dict[str, frozenset[str]]:
    """Body -> the repositories of the application that it asks itself, as what they are or as an interface above them."""
    facts, known = analyses.facts, analyses.known
    repositories = sorted(n for n in facts.top if known.spring_data & facts.hierarchy.supertypes(n))
    below: dict[str, set[str]] = {}
    for name in repositories:
        for above in facts.hierarchy.supertypes(name) - {OBJECT.name}:
            below.setdefault(above, set()).add(name)
    found: dict[str, set[str]] = {}
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        named = call.receiver_type if call.receiver_type in below else (call.method or "").partition("#")[0]
        if named in below:
            found.setdefault(site.body.key, set()).update(below[named])
    return {key: frozenset(names) for key, names in found.items()}


def entities(analyses: Analyses) -> frozenset[str]:
    """The persistent classes of the program."""
    facts, marks = analyses.facts, analyses.known.annotations["persistent"]
    return frozenset(n for n in facts.top if annotated(facts.symbol(n), marks))


def requests(analyses: Analyses) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """(method that answers a web request, all methods that run for it, the persistent classes that forms may fill in for them)"""
    facts, known = analyses.facts, analyses.known
    persistent = analyses.once(entities)
    found = []
    shared = [m for n in sorted(facts.top) if annotated(facts.symbol(n), container().advice) for m in _every(facts.symbol(n))]
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        if facts.is_test(facts.top[name]) or not annotated(cls, container().controllers):
            continue
        before = [*shared, *_every(cls)]
        for method in cls.methods:
            if method.key in facts.program.bodies and annotated(method, known.annotations["handler"]):
                run = [method, *before]
                bound = frozenset(n for m in run for p in m.params for n in class_names(p.type)) & persistent
                found.append((method.key, frozenset(m.key for m in run), bound))
    return tuple(found)


def _every(cls: ClassSymbol) -> list[MethodSymbol]:
    """What runs before each handler of a controller, or of all of them where it stands in an advice."""
    return [m for m in cls.methods if annotated(m, container().every_request)]
