"""The disconnected subgraphs of a class: methods and fields that nothing inside the class joins.

Function isolation (the ID-passing paper, section VII-B): nodes are the methods and fields of one class, an edge stands where
a method calls a method or touches a field of the class; what no path joins is code that only shares a name. Constructors and
initialisers are no nodes, since they touch everything; a lambda is part of the method around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from refactor.flow.facts import Facts, flat
from refactor.ir.program import Body
from refactor.ir.statements import Invoke, Load, Store
from refactor.ir.symbols import ClassKind, Origin


@dataclass(frozen=True, slots=True)
class Subgraph:
    """One component of class `cls` (binary name): keys of its methods, at least one, and of the fields that they touch; sorted."""

    cls: str
    methods: tuple[str, ...]
    fields: tuple[str, ...]


class Joined:
    """Union-find over member keys; the smallest key stands for its set, so the order of joining does not matter."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._parent = {key: key for key in keys}

    def find(self, key: str) -> str:
        self._parent.setdefault(key, key)
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def join(self, one: str, other: str) -> None:
        a, b = sorted((self.find(one), self.find(other)))
        self._parent[b] = a

    def sets(self) -> tuple[tuple[str, ...], ...]:
        found: dict[str, list[str]] = {}
        for key in sorted(self._parent):
            found.setdefault(self.find(key), []).append(key)
        return tuple(tuple(keys) for keys in found.values())


def subgraphs(facts: Facts) -> dict[str, tuple[Subgraph, ...]]:
    """before: Facts   after: for every named class of the main sources its subgraphs, in order of their first member"""
    found = {}
    for name, cls in sorted(facts.program.classes.items()):
        if cls.origin is Origin.MAIN and cls.kind is not ClassKind.ANNOTATION and not cls.anonymous:
            found[name] = tuple(_of_class(facts, name))
    return found


def relocatable(facts: Facts, found: Mapping[str, tuple[Subgraph, ...]], parts: Mapping[str, str]) -> tuple[tuple[Subgraph, str], ...]:
    """before: subgraphs, and a part for each top-level class   after: those that only one other part uses, with that part

    Such a group of methods needs no endpoint once it is moved there (the same paper, steps 2 and 3). Uses by classes without a
    part count as uses by a part of their own; uses by tests do not count.
    """
    users: dict[str, set[str]] = {}
    for kind in (Invoke, Load, Store):
        for site in facts.sites(kind):
            statement = site.statement
            key = statement.method if isinstance(statement, Invoke) else statement.field if isinstance(statement, Load | Store) else None
            if key is not None and facts.top_of_member(key) not in (None, site.top) and not facts.is_test(site.top):
                users.setdefault(key, set()).add(site.top)
    result = []
    for name, groups in sorted(found.items()):
        own = parts.get(facts.top[name])
        for group in groups:
            names = {top for key in (*group.methods, *group.fields) for top in users.get(key, ())}
            wanted = {parts.get(top, top) for top in names}
            if len(wanted) == 1 and wanted != {own}:
                result.append((group, next(iter(wanted))))
    return tuple(result)


def _of_class(facts: Facts, name: str) -> Iterator[Subgraph]:
    cls = facts.symbol(name)
    methods = {m.key for m in cls.methods if not m.is_constructor and not m.implicit and m.key in facts.program.bodies}
    joined = Joined(methods)
    for body, method in method_bodies(facts, name):
        if method in methods:
            for key in own_members(body, name):
                if "(" not in key or key in methods:
                    joined.join(method, key)
    for keys in joined.sets():
        inside = tuple(k for k in keys if k in methods)
        if inside:
            yield Subgraph(name, inside, tuple(k for k in keys if k not in methods))


def method_bodies(facts: Facts, name: str) -> Iterator[tuple[Body, str]]:
    """The bodies that class `name` itself owns, each with the key of the method that it belongs to: a lambda's is around it."""
    bodies = facts.program.bodies
    for body in facts.bodies.get(facts.top[name], ()):
        if body.owner == name:
            yield body, outermost(bodies, body).key


def outermost(bodies: Mapping[str, Body], body: Body) -> Body:
    """The body of the method in whose text a lambda stands; any other body is its own."""
    while body.enclosing is not None:
        body = bodies[body.enclosing]
    return body


def own_members(body: Body, name: str) -> Iterator[str]:
    """Keys of the members that class `name` itself declares and this body uses, through whatever object."""
    prefix = f"{name}#"
    for statement, _, _ in flat(body.statements):
        match statement:
            case Invoke(method=str(key)) | Load(field=key) | Store(field=key):
                if key.startswith(prefix):
                    yield key
            case _:
                pass
