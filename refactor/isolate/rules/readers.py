"""Web handlers that only show what a repository finds: the one question of a request may go to another part's repository.

before: Page<Vet> found = vets.findAll(page); model.addAttribute("vets", found.getContent());
after:  the same, with a proxy of the repository: nothing is written, nothing is loaded later, nothing is asked twice
"""

from __future__ import annotations

from collections import Counter
from typing import cast

from refactor.flow.facts import annotated
from refactor.frameworks.knowledge import container
from refactor.ir.statements import Invoke, Lambda, Store
from refactor.ir.symbols import ClassSymbol, FieldSymbol
from refactor.ir.types import class_names
from refactor.isolate.context import Analyses, calls
from refactor.isolate.rules.reflection import object_graph
from refactor.isolate.rules.transactions import paths

_LAZY = ("OneToMany", "ManyToMany", "ElementCollection")
_RELATION = (*_LAZY, "ManyToOne", "OneToOne", "Embedded", "EmbeddedId")


def readers(analyses: Analyses) -> frozenset[tuple[str, str]]:
    """before: Facts   after: (class, repository of the application) for every class that needs no persistence context of its own

    A session that stays open while a request is answered would show the class three things that a call to another part does
    not: that what it changes is saved, that relations are loaded when they are followed, and that what is found twice is one
    object. A class is listed where none of these can happen. It runs in no transaction, either.
    """
    facts = analyses.facts
    inside = {user for _, _, user, _ in analyses.once(paths)}
    found: set[tuple[str, str]] = set()
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        if facts.is_test(facts.top[name]) or name != facts.top[name] or name in inside or not annotated(cls, container().controllers):
            continue
        asked = {o for u in analyses.uses if u.user == name and (o := _repository(analyses, u.member)) is not None}
        found.update((name, r) for r in asked if len(asked) == 1 and _only_reads(analyses, cls, r))
    return frozenset(found)


def _repository(analyses: Analyses, member: str) -> str | None:
    owner = member.partition("#")[0]
    is_own = owner in analyses.facts.top and bool(analyses.known.spring_data & analyses.facts.hierarchy.supertypes(owner))
    return owner if is_own else None


def _only_reads(analyses: Analyses, cls: ClassSymbol, repository: str) -> bool:
    facts, known = analyses.facts, analyses.known
    entities = _entities(analyses, repository)
    bodies = {b.key for b in facts.bodies.get(cls.name, ())}
    graph = calls(analyses)
    reached = graph.reach(bodies)
    if any(is_lazy(f) for e in entities for f in facts.symbol(e).fields):
        return False
    # Nobody else's code runs this class's, so that one request runs one of its methods.
    if any(callees & bodies for key, callees in graph.callees.items() if key not in bodies and not facts.is_test(_top(analyses, key))):
        return False
    if any(annotated(m, container().every_request) for m in cls.methods):
        return False
    if any(class_names(p.type) & entities for m in cls.methods for p in m.params if annotated(m, known.annotations["handler"])):
        return False
    for store in facts.sites(Store):
        if store.body.key in reached and cast(Store, store.statement).field.partition("#")[0] in entities:
            return False
    if any(m.partition("#")[0] in known.persistence_users and not _is_data(m) for b in bodies for m in graph.library.get(b, ())):
        return False
    asks: list[str] = []
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if site.body.key in bodies and call.receiver is not None and repository in class_names(call.receiver.type):
            name = (call.method or "").partition("#")[2].partition("(")[0]
            given = {n for a in call.args for n in class_names(a.type)}
            if site.loops or site.body.enclosing is not None or not name.startswith(container().questions) or given & entities:
                return False
            asks.append(site.body.key)
    return _asked_once(analyses, bodies, asks)


def _asked_once(analyses: Analyses, bodies: set[str], asks: list[str]) -> bool:
    """Whether no body of a class asks more than once while it runs, what it calls in the class included."""
    graph = calls(analyses)
    asking = {b for b in bodies if graph.reach((b,)) & set(asks)}
    ways = Counter(asks)
    for site in analyses.facts.sites(Invoke):
        for callee in graph.callees.get(site.body.key, frozenset()) & asking if site.body.key in bodies else ():
            if cast(Invoke, site.statement).method == callee:
                ways[site.body.key] += 2 if site.loops else 1
    # Through a lambda it may ask any number of times; so it may where it calls itself.
    handed = any(cast(Lambda, s.statement).body in asking for s in analyses.facts.sites(Lambda))
    again = any(b in graph.reach(graph.callees.get(b, ())) for b in asking)
    return not handed and not again and all(ways[b] == 1 for b in asking)


def _entities(analyses: Analyses, repository: str) -> frozenset[str]:
    """The persistent classes that a repository keeps, and those that their objects hold."""
    facts, marks = analyses.facts, analyses.known.annotations["persistent"]
    cls = facts.symbol(repository)
    kept = {n for i in cls.interfaces for n in class_names(i) if n in facts.top and annotated(facts.symbol(n), marks)}
    graph = {g for n in kept for g in object_graph(facts, n)}
    return frozenset(graph | {s for g in graph for s in facts.hierarchy.supertypes(g) if s in facts.top})


def is_lazy(field: FieldSymbol) -> bool:
    """Whether a relation is loaded when it is first followed, which takes an open session."""
    for annotation in field.annotations:
        short = annotation.name.rpartition(".")[2]
        if short in _RELATION:
            fetch = annotation.value("fetch")
            written = fetch[2] if isinstance(fetch, tuple) and len(fetch) == 3 else None
            return written == "LAZY" or (written is None and short in _LAZY)
    return False


def _top(analyses: Analyses, key: str) -> str:
    return analyses.facts.top[analyses.facts.program.bodies[key].owner]


def _is_data(member: str) -> bool:
    return member.startswith(("org.springframework.data.repository.", "org.springframework.data.jpa.repository."))
