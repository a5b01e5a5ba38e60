"""Tables that are read or written without a call of the library: properties of managed entities.

An object that came from the database belongs to the persistence context: storing into a mapped property is an UPDATE when the
transaction ends, and using a relation may be a SELECT. Which objects came from there is followed through locals, fields, parameters
and results over the calls by name and hierarchy; an object made with `new` in view is none of them. Simplification: an object stays
managed when its transaction has ended.

The access belongs to the method that uses the property; JavaBeans properties of the entity itself (`getX`, `setX`, `isX`) are part
of the object, so what they do counts for their callers.
"""

from __future__ import annotations

from refactor.ir.program import Body
from refactor.ir.statements import (
    ArrayLoad,
    Cast,
    Copy,
    Invoke,
    InvokeKind,
    Load,
    Local,
    New,
    Return,
    Statement,
    Store,
    Value,
)
from refactor.ir.symbols import parse_key
from refactor.ir.types import ClassType, Type, TypeVar, WildcardType, erase
from refactor.sdg.mapping import Entity, Relation, element_class, property_of
from refactor.sdg.model import Crud, Found
from refactor.sdg.world import Collector, World


def managed_tables(world: World) -> Found:
    """before: account = em.find(...); account.setBalance(b)   after: (the method, account, U)"""
    found = Collector("jpa-objects")
    if not world.mapping.entities:
        return found.found()
    managed = _Managed(world)
    uses = _Uses(world, managed)
    for body in managed.touched():
        if uses.is_property(body.key) or body.key.partition("#")[2].startswith("<"):
            continue
        for statement in world.strings.order(body).statements:
            for table, kind, how, io in uses.of(body, statement[1], frozenset()):
                found.access(world.method_of(body), table, kind, statement[1].span, how, None, io)
    return found.found()


class _Managed:
    """Which locals, fields and results may hold managed entities, or collections of them.

    Every rule has one premise, so this is reachability: from what is managed in any case, over what each of it is copied to. Only
    bodies that something managed reaches are looked at.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._bodies = world.facts.program.bodies
        self._entities = world.mapping.entities
        self._below = {n: world.facts.hierarchy.supertypes(n) for n in self._entities}
        self.locals: set[tuple[str, str]] = set()
        self._persisted: dict[tuple[str, str], int] = {}
        self._fields: set[str] = set()
        self._results: set[str] = set()
        self._parameters: set[tuple[str, int]] = set()
        self._receivers: set[str] = set()
        self._by_name: dict[str, dict[str, int]] = {}
        self._types: dict[Type, tuple[bool, bool]] = {}
        self._nested: dict[str, list[Body]] = {}
        for body in self._bodies.values():
            if body.enclosing:
                self._nested.setdefault(body.enclosing, []).append(body)
        self._results_of: dict[tuple[str, bool], list[tuple[Body, Local]]] = {}  # (called method, dispatched) -> where its results go
        self._called_as: dict[str, list[tuple[str, bool]]] = {}  # body -> the calls that may run it
        self._todo: list[tuple[Body, str]] = []
        self._seen: set[tuple[str, str]] = set()
        self._begin()
        while self._todo:
            body, name = self._todo.pop()
            for statement in world.facts.uses(body).get(name, ()):
                self._step(body, name, statement)
            for inner in self._nested.get(body.key, ()):
                if name != "this" and name not in self._numbers(inner):
                    self._reach(inner, name)

    def touched(self) -> list[Body]:
        """The bodies in which a local may be managed, by key."""
        return [self._bodies[key] for key in sorted({key for key, _ in self._seen})]

    def holds(self, body: Body, value: Value | None, at: int | None = None) -> bool:
        """Whether a value may be a managed entity or hold some; `at`: at this place, for objects that the body itself persists."""
        if not isinstance(value, Local) or (body.key, value.name) not in self._seen:
            return False
        since = self._persisted.get((body.key, value.name))
        if since is not None and (at is None or at > since):
            return True
        if (body.key, value.name) in self.locals:
            return True
        if value.name == "this":
            return body.key in self._receivers
        number = self._numbers(body).get(value.name)
        return (number is not None and (body.key, number) in self._parameters) or self._around(body, value)

    def _numbers(self, body: Body) -> dict[str, int]:
        found = self._by_name.get(body.key)
        if found is None:
            found = self._by_name[body.key] = {p.name: n for n, p in enumerate(body.params)}
        return found

    def _around(self, body: Body, value: Local) -> bool:
        around = self._bodies.get(body.enclosing) if body.enclosing else None
        return around is not None and value.name not in self._numbers(body) and self.holds(around, value)

    def _begin(self) -> None:
        """What is managed in any case: results of queries, and what the body itself gives to an entity manager."""
        for site in self._world.facts.sites(Invoke):
            call = site.statement
            if not isinstance(call, Invoke) or call.method is None:
                continue
            if call.target is not None:
                key = call.method, call.kind not in _DIRECT
                known = self._results_of.get(key)
                if known is None:
                    known = self._results_of[key] = []
                    for target in self._targets(call):
                        self._called_as.setdefault(target, []).append(key)
                known.append((site.body, call.target))
                if self._is_made(call):
                    self._mark(site.body, call.target)
            if call.args and isinstance(call.args[0], Local) and self._keeps(call):
                given = site.body.key, call.args[0].name
                at = self._world.strings.order(site.body).at(call)
                self._persisted[given] = min(at, self._persisted.get(given, at))
                self._reach(site.body, call.args[0].name)

    def _reach(self, body: Body, name: str) -> None:
        if (body.key, name) not in self._seen:
            self._seen.add((body.key, name))
            self._todo.append((body, name))

    def _mark(self, body: Body, target: Local) -> None:
        self.locals.add((body.key, target.name))
        self._reach(body, target.name)

    def _step(self, body: Body, name: str, statement: Statement) -> None:
        """What a managed local is handed to by a statement that reads it."""
        match statement:
            case Copy(target=target) | Cast(target=target):
                self._mark(body, target)
            case ArrayLoad(target=target, array=Local(name=array)) if array == name:
                self._mark(body, target)
            case Load(target=target, field=field) if field.partition("#")[0] in self._entities and self._may(target.type):
                self._mark(body, target)
            case Store(field=field, value=Local(name=value)) if value == name and field.partition("#")[0] not in self._entities:
                if field not in self._fields:
                    self._fields.add(field)
                    for site in self._world.facts.loads_of(field):
                        if isinstance(site.statement, Load):
                            self._mark(site.body, site.statement.target)
            case Return() if body.key not in self._results:
                self._results.add(body.key)
                for call in self._called_as.get(body.key, ()):
                    for caller, target in self._results_of[call]:
                        self._mark(caller, target)
            case New(constructor=constructor, args=args) if constructor in self._bodies:
                self._pass(name, (constructor or "",), args, None)
            case Invoke(method=method, target=result) if method is not None:
                targets = self._targets(statement)
                if targets:
                    self._pass(name, targets, statement.args, statement.receiver)
                elif result is not None and method.partition("#")[0] not in self._world.facts.top and self._may_hold(result.type):
                    self._mark(body, result)  # what a library hands out of something managed: elements of collections
            case _:
                pass

    def _pass(self, name: str, targets: tuple[str, ...], args: tuple[Value, ...], receiver: Value | None) -> None:
        numbers = [n for n, a in enumerate(args) if isinstance(a, Local) and a.name == name]
        for target in targets:
            body = self._bodies[target]
            for number in numbers:
                self._parameters.add((target, number))
                if number < len(body.params):
                    self._reach(body, body.params[number].name)
            if isinstance(receiver, Local) and receiver.name == name:
                self._receivers.add(target)
                self._reach(body, "this")

    def _may(self, type_: Type) -> bool:
        """Whether something of this type can be an entity or a collection of entities."""
        name = element_class(type_)
        if name in self._entities:
            return True
        erased = erase(type_)
        # A variable of an interface or superclass of an entity.
        return isinstance(erased, ClassType) and erased.name != "java.lang.Object" and any(erased.name in s for s in self._below.values())

    def _may_hold(self, type_: Type) -> bool:
        """Whether something of this type can be an entity, or hold entities."""
        found = self._types.get(type_)
        if found is None:
            may = self._may(type_)
            found = self._types[type_] = (may, may or self._holder(type_))
        return found[1]

    def _is_made(self, call: Invoke) -> bool:
        """Whether the result comes from the database in any case."""
        owner = (call.method or "").partition("#")[0]
        top, known = self._world.facts.top, self._world.known
        if owner in top:
            # An interface that nobody implements is a repository or a mapper: its results come from the database.
            made = not self._targets(call)
        else:
            made = owner in known.managers or call.receiver_type in known.managers or call.receiver_type in top or self._is_query(owner)
        return made and call.target is not None and self._may_hold(call.target.type)

    def _keeps(self, call: Invoke) -> bool:
        """Whether the first argument becomes managed."""
        known = self._world.known
        owner, _, rest = (call.method or "").partition("#")
        manager = owner not in self._world.facts.top and (owner in known.managers or call.receiver_type in known.managers)
        return manager and known.operations.get(rest.partition("(")[0], ()) in _KEEPING

    def _holder(self, type_: Type) -> bool:
        """Iterators, streams, optionals: whatever has an entity among its arguments, or does not say what it has."""
        if not isinstance(type_, ClassType):
            return isinstance(type_, TypeVar | WildcardType)
        if type_.name == "java.lang.Object":
            return True
        if not type_.args:
            return type_.name.startswith(_CONTAINERS)
        return any(self._may(a) or self._holder(a) for a in type_.args)

    def _is_query(self, owner: str) -> bool:
        return owner.rpartition(".")[2] in ("Query", "TypedQuery", "NativeQuery", "SelectionQuery") and owner.startswith(
            (*self._world.known.jpa_packages, "org.hibernate.")
        )

    def _targets(self, call: Invoke) -> tuple[str, ...]:
        """The bodies that a call may run."""
        method = call.method or ""
        if call.kind in _DIRECT:
            return (method,) if method in self._bodies else ()
        return (*self._world.facts.dispatch.overriding(method), *self._world.facts.dispatch.functions(method))


class _Uses:
    """What a statement does to tables because its receiver is managed."""

    def __init__(self, world: World, managed: _Managed) -> None:
        self._world = world
        self._managed = managed
        self._entities = world.mapping.entities
        # Mapped superclasses hold properties of the entities below them.
        self._holders = frozenset(n for e in self._entities for n in world.facts.hierarchy.supertypes(e) if n in world.facts.top)

    def is_property(self, key: str) -> bool:
        """A JavaBeans property method of an entity."""
        owner, _, rest = key.partition("#")
        return owner in self._holders and property_of(rest.partition("(")[0]) is not None

    def of(self, body: Body, statement: Statement, seen: frozenset[str], this: str | None = None) -> list[tuple[str, Crud, str, bool]]:
        """(table, what, why, whether the database is asked); `seen`: property methods on the way, `this`: the class they are called on."""
        found: list[tuple[str, Crud, str, bool]] = []
        at = None if seen else self._world.strings.order(body).at(statement)
        match statement:
            case Store(receiver=Local() as receiver, field=field) if self._managed.holds(body, receiver, at):
                for entity, name in self._properties(receiver, field, this):
                    relation = entity.relations.get(name)
                    if relation is None or not relation.many:
                        found.append((entity.tables[0], Crud.UPDATE, f"stores {entity.name}.{name} of a managed object", True))
                    if relation is not None and relation.link:
                        found.append((relation.link, Crud.UPDATE, f"stores {entity.name}.{name} of a managed object", True))
            case Load(receiver=Local() as receiver, field=field) if self._managed.holds(body, receiver, at):
                for entity, name in self._properties(receiver, field, this):
                    if name in entity.relations:
                        found += self._navigated(entity, name, entity.relations[name])
            case Invoke(method=method, receiver=Local() as receiver) if method is not None and method not in seen:
                inner = self._world.facts.program.bodies.get(method)
                if inner is not None and self.is_property(method) and self._managed.holds(body, receiver, at):
                    target = this if receiver.name == "this" and this else statement.receiver_type
                    for _, nested in self._world.strings.order(inner).statements:
                        found += self.of(inner, nested, seen | {method}, target)
                    found += self._collection_change(body, statement)
            case _:
                pass
        return found

    def _properties(self, receiver: Local, field: str, this: str | None) -> list[tuple[Entity, str]]:
        """The mapped property that a field is, for each entity that the receiver may be."""
        owner, _, rest = field.partition("#")
        if owner not in self._holders:
            return []
        name = rest.partition(":")[0]
        static = this if receiver.name == "this" and this else receiver.type.name if isinstance(receiver.type, ClassType) else owner
        static = static if static in self._holders else owner
        found = [self._entities[static]] if static in self._entities else []
        if not found:
            found = [self._entities[n] for n in sorted(self._world.facts.hierarchy.subtypes(static)) if n in self._entities]
        return [(e, name) for e in found if name in e.persistent]

    def _navigated(self, entity: Entity, name: str, relation: Relation) -> list[tuple[str, Crud, str, bool]]:
        target = self._entities.get(relation.target or "")
        tables = [*(target.tables if target else ()), *((relation.link,) if relation.link else ())]
        why = f"uses the relation {entity.name}.{name}" + (", fetched with its owner" if relation.eager else "")
        return [(table, Crud.READ, why, not relation.eager) for table in tables]

    def _collection_change(self, body: Body, call: Invoke) -> list[tuple[str, Crud, str, bool]]:
        """`order.getLines().add(line)`: the link table, or the lines themselves where the relation cascades."""
        if call.target is None or property_of(parse_key(call.method or "#").name) is None:
            return []
        entity = self._entities.get((call.method or "").partition("#")[0])
        name = property_of(parse_key(call.method or "#").name) or ""
        relation = entity.relations.get(name) if entity else None
        if entity is None or relation is None:
            return []
        found = []
        for use in self._world.facts.uses(body).get(call.target.name, ()):
            if isinstance(use, Invoke) and use.receiver == call.target and use.method:
                kinds = _COLLECTION.get(parse_key(use.method).name, "")
                target = self._entities.get(relation.target or "")
                for letter in kinds:
                    kind = Crud(letter)
                    why = f"changes the collection {entity.name}.{name} of a managed object"
                    if relation.link:
                        found.append((relation.link, kind, why, True))
                    elif target is not None and relation.cascades & self._world.known.cascades[kind]:
                        found.append((target.tables[0], kind, why, True))
        return found


_DIRECT = (InvokeKind.STATIC, InvokeKind.SPECIAL)
_KEEPING = ((Crud.CREATE,), (Crud.CREATE, Crud.UPDATE))
_CONTAINERS = ("java.util.Collection", "java.util.List", "java.util.Set", "java.util.Iterator", "java.util.Map", "java.util.ArrayList")
_COLLECTION = {"add": "C", "addAll": "C", "remove": "D", "removeIf": "D", "clear": "D", "put": "C"}
