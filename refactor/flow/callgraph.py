"""Calls by class hierarchy analysis: which bodies may run when a body runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from refactor.flow.facts import Facts
from refactor.ir.statements import Invoke, InvokeKind, Lambda, Load, New, Store
from refactor.support.components import gathered


@dataclass(slots=True)
class CallGraph:
    """`library`: what each body calls or reads outside the application, by member key."""

    callees: Mapping[str, frozenset[str]]
    library: Mapping[str, frozenset[str]]
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

    def reaching(self, targets: Sequence[Collection[str]]) -> Mapping[str, int]:
        """For every body that may run one of `targets[i]`, an integer with bit i set; in one pass over the calls for all of them."""
        own: dict[str, int] = {}
        for i, target in enumerate(targets):
            for body in target:
                own[body] = own.get(body, 0) | 1 << i
        return gathered(self.callees, own)


def call_graph(facts: Facts) -> CallGraph:
    """before: Facts   after: CallGraph

    A virtual call reaches every override below the named class; a lambda or a method reference counts as called where it
    is made; using a class runs its static initialiser; a library call given an application object runs that object's
    methods that override the library's (a call-back), counted where the object is made. Reflection is not seen.
    """
    callees: dict[str, set[str]] = {}
    library: dict[str, set[str]] = {}
    bodies = facts.program.bodies
    dispatched: dict[str, tuple[str, ...]] = {}
    callbacks: dict[str, tuple[str, ...]] = {}

    def add(source: str, key: str | None, virtual: bool) -> None:
        if key is None:
            return
        owner, _, rest = key.partition("#")
        if owner not in facts.top:
            library.setdefault(source, set()).add(key)
            if not virtual:
                return
        found = dispatched.get(key)
        if found is None:
            names = facts.hierarchy.subtypes(owner) if virtual else (owner,)
            found = dispatched[key] = tuple(k for n in names if (k := f"{n}#{rest}") in bodies)
        if found:
            callees.setdefault(source, set()).update(found)

    def initialise(source: str, owner: str) -> None:
        key = f"{owner}#<clinit>()V"
        if key in bodies:
            callees.setdefault(source, set()).add(key)

    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        # An inherited library method called on an application object (`frame.show()`) is dispatched from the application's type.
        add(site.body.key, call.method, call.kind in (InvokeKind.VIRTUAL, InvokeKind.INTERFACE))
        if call.kind is InvokeKind.STATIC and call.method:
            initialise(site.body.key, call.method.partition("#")[0])
    for site in facts.sites(New):
        new = cast(New, site.statement)
        add(site.body.key, new.constructor, False)
        initialise(site.body.key, new.cls)
        if new.cls in facts.top:
            found = callbacks.get(new.cls)
            if found is None:
                found = callbacks[new.cls] = _callbacks(facts, new.cls)
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
    return CallGraph({k: frozenset(v) for k, v in callees.items()}, {k: frozenset(v) for k, v in library.items()})


def _callbacks(facts: Facts, name: str) -> tuple[str, ...]:
    """Bodies of `name` and its application superclasses that override a method of the library."""
    found = []
    for cls in (facts.symbol(name), *facts.hierarchy.superclasses(name)):
        if cls.name in facts.top:
            for method in cls.methods:
                if not method.is_constructor and any(m.owner not in facts.top for m in facts.hierarchy.overridden(method)):
                    found.append(method.key)
    return tuple(k for k in found if k in facts.program.bodies)
