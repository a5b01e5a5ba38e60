"""Calls by class hierarchy analysis: which bodies may run when a body runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from refactor.flow.facts import Facts
from refactor.flow.initialisers import initialisers
from refactor.flow.opencalls import open_calls
from refactor.flow.origins import functions
from refactor.ir.program import Body
from refactor.ir.statements import Invoke, InvokeKind, Lambda, Load, New, Store, Value
from refactor.ir.types import ClassType
from refactor.support.components import gathered


@dataclass(slots=True)
class CallGraph:
    """`library`: what each body calls or reads outside the application, by member key. `named`: the callees that only a look-up by a
    name may reach (`flow.opencalls`); they are among `callees`."""

    callees: Mapping[str, frozenset[str]]
    library: Mapping[str, frozenset[str]]
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _reached: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)

    def reach(self, roots: Iterable[str]) -> frozenset[str]:
        """Every body that may run once one of `roots` runs, the roots included."""
        start = frozenset(roots)
        found = self._reached.get(start)
        if found is None:
            seen = set(start)
            todo = list(start)
            while todo:
                for callee in self.callees.get(todo.pop(), ()):
                    if callee not in seen:
                        seen.add(callee)
                        todo.append(callee)
            found = self._reached[start] = frozenset(seen)
        return found

    def reaching(self, targets: Sequence[Collection[str]], by_name: bool = True) -> Mapping[str, int]:
        """For every body that may run one of `targets[i]`, an integer with bit i set; in one pass over the calls for all of them.

        `by_name`: also where only a look-up by a name leads there.
        """
        own: dict[str, int] = {}
        for i, target in enumerate(targets):
            for body in target:
                own[body] = own.get(body, 0) | 1 << i
        edges = self.callees if by_name else {body: found - self.named.get(body, frozenset()) for body, found in self.callees.items()}
        return gathered(edges, own)


def call_graph(facts: Facts) -> CallGraph:
    """before: Facts   after: CallGraph

    A virtual call reaches every override below the named class and every lambda of the interface; a lambda counts as called where
    it is made as well, and where a library is given one that is not made there; using a class runs its static initialiser; a
    library call given an application object runs that object's methods that override the library's (a call-back), counted
    where the object is made. Reflection and what the platform runs by itself: `flow.opencalls`.
    """
    callees: dict[str, set[str]] = {}
    library: dict[str, set[str]] = {}
    bodies = facts.program.bodies
    made: dict[str, tuple[str, ...]] = {}
    started: dict[str, tuple[str, ...]] = {}
    quiet: set[str] = set()  # types without a function

    def run(key: str) -> tuple[str, ...]:
        return (*facts.dispatch.overriding(key), *facts.dispatch.functions(key))

    def handed(body: Body, values: Iterable[Value | None]) -> None:
        """A function that a library is given runs there; one that is made in this body is counted where it is made."""
        for value in values:
            name = value.type.name if value is not None and isinstance(value.type, ClassType) else ""
            method = facts.dispatch.functional(name) if name and name not in quiet else None
            if method is None:
                quiet.add(name)
            elif value is not None and None in functions(facts, body, value):
                callees.setdefault(body.key, set()).update(run(method.key))

    def add(source: str, key: str | None, virtual: bool) -> None:
        if key is None:
            return
        if facts.top_of_member(key) is None:
            library.setdefault(source, set()).add(key)
        found = run(key) if virtual else (key,) if key in bodies else ()
        if found:
            callees.setdefault(source, set()).update(found)

    def initialise(source: str, owner: str) -> None:
        found = started.get(owner)
        if found is None:
            found = started[owner] = initialisers(facts.program, facts.hierarchy, owner)
        if found:
            callees.setdefault(source, set()).update(found)

    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        # An inherited library method called on an application object (`frame.show()`) is dispatched from the application's type.
        add(site.body.key, call.method, call.kind in (InvokeKind.VIRTUAL, InvokeKind.INTERFACE))
        if facts.top_of_member(call.method) is None:
            handed(site.body, call.args)
        if call.kind is InvokeKind.STATIC and call.method:
            initialise(site.body.key, call.method.partition("#")[0])
    for site in facts.sites(New):
        new = cast(New, site.statement)
        add(site.body.key, new.constructor, False)
        if new.cls not in facts.top:
            handed(site.body, new.args)
        initialise(site.body.key, new.cls)
        if new.cls in facts.top:
            found = made.get(new.cls)
            if found is None:
                found = made[new.cls] = callbacks(facts, new.cls)
            if found:
                callees.setdefault(site.body.key, set()).update(found)
    for site in facts.sites(Lambda):
        callees.setdefault(site.body.key, set()).add(cast(Lambda, site.statement).body)
    for kind in (Load, Store):
        for site in facts.sites(kind):
            access = cast(Load | Store, site.statement)
            owner = access.field.partition("#")[0]
            if access.receiver is None and owner in facts.top:
                initialise(site.body.key, owner)
            elif owner not in facts.top:
                library.setdefault(site.body.key, set()).add(access.field)
    named: dict[str, frozenset[str]] = {}
    for opened in open_calls(facts).calls:
        known = callees.setdefault(opened.body, set())
        named[opened.body] = named.get(opened.body, frozenset()) | (frozenset(opened.targets) - known)
        known.update(opened.targets)
    return CallGraph({k: frozenset(v) for k, v in callees.items()}, {k: frozenset(v) for k, v in library.items()}, named)


def callbacks(facts: Facts, name: str) -> tuple[str, ...]:
    """Bodies of `name` and its application superclasses that override a method of the library."""
    found = []
    for cls in (facts.symbol(name), *facts.hierarchy.superclasses(name)):
        if cls.name in facts.top:
            for method in cls.methods:
                if not method.is_constructor and any(m.owner not in facts.top for m in facts.dispatch.overridden(method)):
                    found.append(method.key)
    return tuple(k for k in found if k in facts.program.bodies)
