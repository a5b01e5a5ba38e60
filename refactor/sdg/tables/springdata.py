"""Tables from Spring Data repositories: @Query, names of derived queries, inherited methods."""

from __future__ import annotations

import re
from collections.abc import Iterator

from refactor.frameworks.knowledge import container
from refactor.ir.statements import Invoke
from refactor.ir.symbols import Annotation, ClassSymbol, Flags, MethodSymbol, parse_key
from refactor.ir.types import TypeVar
from refactor.sdg.mapping import Entity, element_class
from refactor.sdg.model import Crud, Found
from refactor.sdg.tables.jpa import jpql, named_query, operation
from refactor.sdg.world import Collector, World
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.source import Span

_FIRST = re.compile(r"[a-z]+")
_SPLIT = re.compile(r"And|Or(?=[A-Z])|OrderBy")


def spring_data_tables(world: World) -> Found:
    """before: interface Orders extends JpaRepository<Order, Long> { findByCustomerName(..) }   after: its method: orders R, customer R

    A method that the interface inherits from the library counts, under the interface's own name, where it is called.
    """
    found = Collector("spring-data")
    known = container()
    repositories: dict[str, Entity] = {}
    for name in sorted(world.facts.top):
        cls = world.facts.symbol(name)
        if cls.is_interface and known.repositories & world.facts.hierarchy.supertypes(name):
            domain = _domain(world, cls, known.repositories)
            entity = world.mapping.entities.get(domain or "")
            if entity is None:
                message = f"the repository {name} is for {domain or 'a type that is not known'}, which is mapped to no table"
                if domain is not None or not cls.type_params:
                    found.diagnostics.append(Diagnostic("sdg/unknown-entity", Severity.WARNING, message, cls.name_span))
                continue
            repositories[name] = entity
            for method in cls.methods:
                if not method.flags & (Flags.STATIC | Flags.DEFAULT | Flags.PRIVATE):
                    _method(world, found, entity, method, method.key)
            _inherited(world, found, entity, cls)
    for site in world.facts.sites(Invoke):
        call = site.statement
        if isinstance(call, Invoke) and call.method and call.receiver_type in repositories:
            key = parse_key(call.method)
            if key.owner not in world.facts.top:
                inherited = f"{call.receiver_type}#{key.name}{key.descriptor}"
                span = world.facts.symbol(call.receiver_type).name_span or call.span
                _by_name(world, found, repositories[call.receiver_type], inherited, key.name, span)
    return found.found()


def _domain(world: World, cls: ClassSymbol, bases: frozenset[str]) -> str | None:
    """The first type argument that reaches the library's repository type."""
    todo: list[tuple[ClassSymbol, dict[str, str | None]]] = [(cls, {})]
    while todo:
        at, given = todo.pop(0)
        for above in at.interfaces:
            values = [given.get(a.name) if isinstance(a, TypeVar) else element_class(a) for a in above.args]
            if above.name in bases:
                return values[0] if values else None
            symbol = world.facts.program.find(above.name)
            if symbol is not None:
                todo.append((symbol, {p.name: v for p, v in zip(symbol.type_params, values, strict=False)}))
    return None


def _inherited(world: World, found: Collector, entity: Entity, cls: ClassSymbol) -> None:
    """Methods of plain interfaces of the application above a repository: Spring Data implements them as its own."""
    own = {m.key.partition("#")[2] for m in cls.methods}
    for above in sorted(world.facts.hierarchy.supertypes(cls.name) - {cls.name}):
        for method in world.facts.program.classes[above].methods if above in world.facts.top else ():
            rest = method.key.partition("#")[2]
            if rest not in own and not method.flags & (Flags.STATIC | Flags.DEFAULT):
                _method(world, found, entity, method, f"{cls.name}#{rest}")


def _method(world: World, found: Collector, entity: Entity, method: MethodSymbol, key: str) -> None:
    query = next((a for a in method.annotations if a.name in world.known.repository_queries), None)
    span = method.name_span or method.span
    if span is None:
        return
    for graph in method.annotations:
        if graph.name in world.known.repository_graphs:
            for path in _texts(graph, "attributePaths"):
                _path(world, found, entity, path, key, span, f"@EntityGraph {path}")
    text = next((v for n in ("value", "nativeQuery", "query") if query and isinstance(v := query.value(n), str)), None)
    if query is not None and text:
        text = text.replace("#{#entityName}", entity.name)
        plain = entity.name == "" or not world.known.jpa(world.facts.symbol(entity.cls), "Entity")
        if query.value("nativeQuery") is True or query.name.endswith("NativeQuery") or plain:
            found.sql(key, text, span, query.span)
        else:
            jpql(world, found, key, text, span, query.span)
    elif f"{entity.name}.{method.name}" in world.mapping.queries:
        named_query(world, found, key, f"{entity.name}.{method.name}", span)
    elif not _implemented(world, key.partition("#")[0], method):
        _by_name(world, found, entity, key, method.name, span)


def _implemented(world: World, repository: str, method: MethodSymbol) -> bool:
    """Whether a class of the application below the repository has a body for it (a custom implementation)."""
    dispatch = world.facts.dispatch
    found = (dispatch.declared(n, method) for n in dispatch.subtypes(repository))
    return any(m is not None and m.key in world.facts.program.bodies for m in found)


def _by_name(world: World, found: Collector, entity: Entity, key: str, name: str, span: Span) -> None:
    first = _FIRST.match(name)
    kinds = world.known.prefixes.get(first[0]) if first else None
    if kinds is None:
        if name not in ("flush", "equals", "hashCode", "toString"):
            message = f"the repository method {key.partition('(')[0]} has no query and its name is none"
            found.diagnostics.append(Diagnostic("sdg/unknown-query", Severity.WARNING, message, span))
        return
    for kind in kinds:
        operation(world, found, key, entity, kind, span, f"repository method {name}")
    if Crud.DELETE in kinds:
        operation(world, found, key, entity, Crud.READ, span, f"repository method {name}")
    for part in _conditions(name):
        _path(world, found, entity, part, key, span, f"repository method {name}")


def _conditions(name: str) -> Iterator[str]:
    """before: findByOwnerLastNameAndType   after: OwnerLastName, Type"""
    _, by, rest = name.partition("By")
    if by:
        yield from (p for p in _SPLIT.split(rest) if p)


def _path(world: World, found: Collector, entity: Entity, written: str, key: str, span: Span, how: str) -> None:
    """The tables behind the longest relation that a condition's words begin with: OwnerLastName -> owner, lastName."""
    rest = written.replace("_", "").replace(".", "")
    at: Entity | None = entity
    while at is not None:
        names = sorted((n for n in at.relations if rest.lower().startswith(n.lower())), key=len, reverse=True)
        if not names:
            return
        relation, rest = at.relations[names[0]], rest[len(names[0]) :]
        target = world.mapping.entities.get(relation.target or "")
        if relation.link:
            found.access(key, relation.link, Crud.READ, span, f"{how}: {at.name}.{names[0]}")
        if target is not None and (rest or how.startswith("@")) and rest.lower() not in {i.lower() for i in target.ids}:
            for table in target.tables:
                found.access(key, table, Crud.READ, span, f"{how}: {at.name}.{names[0]}")
        at = target if rest else None


def _texts(mark: Annotation, name: str) -> list[str]:
    value = mark.value(name)
    return [v for v in (value if isinstance(value, tuple) else (value,)) if isinstance(v, str)]
