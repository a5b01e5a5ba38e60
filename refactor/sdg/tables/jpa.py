"""Tables from calls of an EntityManager or a Hibernate Session: operations on entities, queries by text and by name."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.ir.program import Body
from refactor.ir.statements import Const, Invoke, Local, Value
from refactor.ir.types import ClassType, IntersectionType, Type, TypeVar, WildcardType, erase
from refactor.sdg.mapping import Entity, NamedQuery
from refactor.sdg.model import Crud, Found
from refactor.sdg.strings import class_of
from refactor.sdg.tables.jpql import read_jpql
from refactor.sdg.tables.sql import HOLE
from refactor.sdg.world import Collector, World, shortened
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.source import Span


def jpa_tables(world: World) -> Found:
    """before: entityManager.persist(order)   after: orders C, its number generator R and U, what the operation cascades to C"""
    found = Collector("jpa")
    found.tables += world.mapping.tables()
    known = world.known
    if not world.mapping.entities:
        return found.found()
    for site in world.facts.sites(Invoke):
        call = site.statement
        if not isinstance(call, Invoke) or call.method is None or not call.args:
            continue
        owner, _, rest = call.method.partition("#")
        if owner not in known.managers and call.receiver_type not in known.managers:
            continue
        name = rest.partition("(")[0]
        language = known.queries.get(name)
        if language is not None and rest.startswith(f"{name}(Ljava/lang/String;"):
            _query(world, found, site.body, call, language)
        elif name in known.operations:
            _operation(world, found, site.body, call, known.operations[name])
    return found.found()


def _operation(world: World, found: Collector, body: Body, call: Invoke, kinds: tuple[Crud, ...]) -> None:
    name = (call.method or "").partition("#")[2].partition("(")[0]
    argument = next((a for a in call.args if not _is_text(a)), call.args[0])
    method = world.method_of(body)
    entities = list(entities_of(world, body, argument, call))
    if not entities:
        message = f"{method.partition('(')[0]} calls {name} with an object of unknown entity type"
        found.diagnostics.append(Diagnostic("sdg/unknown-entity", Severity.WARNING, message, call.span, help="the graph lacks this access"))
    for entity in entities:
        for kind in kinds:
            operation(world, found, method, entity, kind, call.span, f"{name}({entity.name})")


def operation(
    world: World, found: Collector, method: str, entity: Entity, kind: Crud, span: Span, how: str, text: Span | None = None
) -> None:
    """What one operation on one entity does to tables: fetched relations, cascades and number generators included."""
    mapping = world.mapping
    reached = mapping.loaded(entity) if kind is Crud.READ else mapping.cascaded(entity, world.known.cascades[kind])
    for table, why in reached.items():
        found.access(method, table, kind, span, f"{how}: {why}" if why else how, text)
    if kind is Crud.CREATE and entity.generator:
        for each in (Crud.READ, Crud.UPDATE):
            found.access(method, entity.generator, each, span, f"{how}: number generator of {entity.name}", text)


def entities_of(world: World, body: Body, value: Value, call: Invoke) -> Iterator[Entity]:
    """The entities that an argument may be: a class literal, or an object of a type."""
    entities = world.mapping.entities
    type_ = value.type if isinstance(value, Local | Const) else None
    if isinstance(type_, ClassType) and type_.name == "java.lang.Class":
        texts = {t for _, _, t in world.followed(body, value, call, lambda t: HOLE not in t)}
        named = sorted({c for t in texts if (c := class_of(t))})
        if any(class_of(t) is None for t in texts) and type_.args:
            named += sorted(_classes(world, type_.args[0]))
        yield from (e for n in dict.fromkeys(named) if (e := entities.get(n)))
    elif type_ is not None:
        yield from (entities[n] for n in sorted(_classes(world, type_)) if n in entities)


def _classes(world: World, type_: Type) -> frozenset[str]:
    """The entity classes that fit a static type: for a type variable, the arguments that the program gives it."""
    hierarchy = world.facts.hierarchy
    if isinstance(type_, WildcardType):
        return _classes(world, type_.upper) if type_.upper else frozenset()
    if isinstance(type_, IntersectionType):
        return _classes(world, type_.parts[0])
    if isinstance(type_, TypeVar):
        given = list(_arguments(world, type_))
        if given:
            return frozenset(n for g in given for n in _classes(world, g))
    erased = erase(type_)
    if not isinstance(erased, ClassType) or erased.name == "java.lang.Object":
        return frozenset()
    return frozenset(n for n in hierarchy.subtypes(erased.name) if n in world.mapping.entities)


def _arguments(world: World, variable: TypeVar) -> Iterator[Type]:
    """What subclasses write for a class's type variable: `class OrderDao extends BaseDao<Order>`."""
    owner = world.facts.program.classes.get(variable.owner)
    if owner is None:
        return
    number = next((i for i, p in enumerate(owner.type_params) if p.name == variable.name), None)
    if number is None:
        return
    for name in sorted(world.facts.top):
        cls = world.facts.symbol(name)
        for above in (*((cls.superclass,) if cls.superclass else ()), *cls.interfaces):
            if above.name == owner.name and number < len(above.args):
                given = above.args[number]
                if isinstance(given, TypeVar) and given.owner != variable.owner:
                    yield from _arguments(world, given)
                elif not isinstance(given, TypeVar):
                    yield given


def _query(world: World, found: Collector, body: Body, call: Invoke, language: str) -> None:
    for at, statement, text in world.followed(body, call.args[0], call, lambda t: HOLE not in t):
        method = world.method_of(at)
        if language == "sql":
            found.sql(method, text, statement.span)
        elif language == "jpql":
            jpql(world, found, method, text, statement.span)
        elif language == "named":
            named_query(world, found, method, text, statement.span)
        else:
            message = f"{method.partition('(')[0]} calls the stored procedure {shortened(text)}: its tables are not in the graph"
            found.diagnostics.append(Diagnostic("sdg/stored-procedure", Severity.WARNING, message, statement.span))


def named_query(world: World, found: Collector, method: str, name: str, span: Span) -> bool:
    """A query that an annotation or a mapping file names; says so where there is none of that name."""
    query: NamedQuery | None = world.mapping.queries.get(name)
    if query is None:
        message = f"{method.partition('(')[0]} runs the named query {shortened(name)}, which is declared nowhere"
        found.diagnostics.append(Diagnostic("sdg/unknown-query", Severity.WARNING, message, span))
        return False
    if query.native:
        found.sql(method, query.text, span, query.span)
    else:
        jpql(world, found, method, query.text, span, query.span)
    return True


def jpql(world: World, found: Collector, method: str, text: str, span: Span, where: Span | None = None) -> None:
    """Everything that one JPQL text does, or what is not known of it."""
    uses, complete = read_jpql(world.mapping, text)
    for table, kind, why in uses:
        found.access(method, table, kind, span, f"JPQL: {shortened(text)} ({why})", where)
    if not complete:
        message = f"{method.partition('(')[0]} runs a query whose entities are not all known: {shortened(text)}"
        found.diagnostics.append(Diagnostic("sdg/unknown-query", Severity.WARNING, message, where or span))


def _is_text(value: Value) -> bool:
    return isinstance(value.type, ClassType) and value.type.name == "java.lang.String"


