"""Tables from the typed query builder of JPA: roots, joins, and paths over relations."""

from __future__ import annotations

from refactor.ir.program import Body
from refactor.ir.statements import Cast, Copy, Invoke, Local, Value
from refactor.sdg.mapping import Entity
from refactor.sdg.model import Crud, Found
from refactor.sdg.tables.jpa import entities_of
from refactor.sdg.tables.sql import HOLE
from refactor.sdg.world import Collector, World

_ROOTS = {"from": Crud.READ, "createCriteriaUpdate": Crud.UPDATE, "createCriteriaDelete": Crud.DELETE}
_PATHS = frozenset({"get", "join", "fetch"})


def criteria_tables(world: World) -> Found:
    """before: root = query.from(Order.class); root.get("customer").get("name")   after: orders R, customer R

    Paths are followed within one method.
    """
    found = Collector("jpa-criteria")
    for site in world.facts.sites(Invoke):
        call = site.statement
        if not isinstance(call, Invoke) or not (call.method or "").startswith(world.known.criteria) or not call.args:
            continue
        name = (call.method or "").partition("#")[2].partition("(")[0]
        method = world.method_of(site.body)
        if name in _ROOTS:
            kind = _ROOTS[name]
            for entity in entities_of(world, site.body, call.args[0], call):
                tables = world.mapping.loaded(entity) if kind is Crud.READ else dict.fromkeys(entity.tables, "")
                for table, why in tables.items():
                    found.access(method, table, kind, call.span, f"criteria {name}({entity.name}){': ' + why if why else ''}")
        elif name in _PATHS and call.receiver is not None:
            _path(world, found, site.body, call, name, method)
    return found.found()


def _path(world: World, found: Collector, body: Body, call: Invoke, name: str, method: str) -> None:
    """`x.get("p")` reads the table of x where x is itself a relation and p is not its identifier; a join reads in any case."""
    assert call.receiver is not None
    at = world.strings.order(body).at(call)
    owner, related = _entity(world, body, call.receiver, at)
    for text in world.strings.of(body, call.args[0], call):
        if owner is None or text == HOLE:
            continue
        relation = owner.relations.get(text)
        read = [owner] if related and text not in owner.ids else []
        if name != "get" and relation is not None and relation.target in world.mapping.entities:
            read.append(world.mapping.entities[relation.target])
        for entity in read:
            for table in entity.tables:
                found.access(method, table, Crud.READ, call.span, f"criteria path {owner.name}.{text}")
        if relation is not None and relation.link:
            found.access(method, relation.link, Crud.READ, call.span, f"criteria path {owner.name}.{text}")


def _entity(world: World, body: Body, value: Value, before: int, depth: int = 0) -> tuple[Entity | None, bool]:
    """The entity that a path stands for, and whether a relation led there."""
    if not isinstance(value, Local) or depth > 20:
        return None, False
    for definition in world.strings.order(body).reaching(value.name, before):
        statement = definition.statement
        if isinstance(statement, Copy | Cast):
            return _entity(world, body, statement.value, definition.at, depth + 1)
        if not isinstance(statement, Invoke) or not (statement.method or "").startswith(world.known.criteria) or not statement.args:
            continue
        name = (statement.method or "").partition("#")[2].partition("(")[0]
        if name == "from":
            return next(entities_of(world, body, statement.args[0], statement), None), False
        if name in _PATHS and statement.receiver is not None:
            owner, _ = _entity(world, body, statement.receiver, definition.at, depth + 1)
            for text in world.strings.of(body, statement.args[0], statement):
                relation = owner.relations.get(text) if owner else None
                if relation is not None:
                    return world.mapping.entities.get(relation.target or ""), True
    return None, False
