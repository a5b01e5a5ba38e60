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
    for body in world.facts.program.bodies.values():
        if uses.is_property(body.key) or body.key.partition("#")[2].startswith("<"):
            continue
        for statement in world.strings.order(body).statements:
            for table, kind, how, io in uses.of(body, statement[1], frozenset()):
                found.access(world.method_of(body), table, kind, statement[1].span, how, None, io)
    return found.found()


class _Managed:
    """Which locals, fields and results may hold managed entities, or collections of them. A fixpoint over the whole program."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._entities = world.mapping.entities
        self._below = {n: world.facts.hierarchy.supertypes(n) for n in self._entities}
        self.locals: set[tuple[str, str]] = set()
        self._persisted: dict[tuple[str, str], int] = {}
        self._fields: set[str] = set()
        self._results: set[str] = set()
        self._parameters: set[tuple[str, int]] = set()
        self._receivers: set[str] = set()
        self._dispatch: dict[str, tuple[str, ...]] = {}
        self._by_name: dict[str, dict[str, int]] = {}
        self._known: dict[int, tuple[tuple[str, ...], bool, bool, bool]] = {}
        bodies = [(b, [s for _, s in world.strings.order(b).statements]) for b in world.facts.program.bodies.values()]
        bodies = [(b, relevant) for b, found in bodies if (relevant := [s for s in found if self._matters(s)])]
        changed = True
        while changed:
            changed = False
            for body, statements in bodies:
                for statement in statements:
                    changed |= self._step(body, statement)

    @staticmethod
    def _matters(statement: Statement) -> bool:
        return isinstance(statement, Copy | Cast | ArrayLoad | Load | Store | Invoke | New | Return)

    def holds(self, body: Body, value: Value | None, at: int | None = None) -> bool:
        """Whether a value may be a managed entity or hold some; `at`: at this place, for objects that the body itself persists."""
        if not isinstance(value, Local):
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
        around = self._world.facts.program.bodies.get(body.enclosing) if body.enclosing else None
        return around is not None and value.name not in self._numbers(body) and self.holds(around, value)

    def _step(self, body: Body, statement: Statement) -> bool:
        match statement:
            case Copy(target=target, value=value) | Cast(target=target, value=value):
                return self.holds(body, value) and self._mark(body, target)
            case ArrayLoad(target=target, array=array):
                return self.holds(body, array) and self._mark(body, target)
            case Load(target=target, receiver=receiver, field=field):
                owner = self._entities.get(field.partition("#")[0])
                inside = owner is not None and self.holds(body, receiver) and self._may(target.type)
                return (field in self._fields or inside) and self._mark(body, target)
            case Store(field=field, value=value):
                if field not in self._fields and field.partition("#")[0] not in self._entities and self.holds(body, value):
                    self._fields.add(field)
                    return True
                return False
            case Return(value=value):
                if body.key not in self._results and self.holds(body, value):
                    self._results.add(body.key)
                    return True
                return False
            case New(constructor=constructor, args=args):
                return self._arguments(body, (constructor,) if constructor else (), args, None)
            case Invoke():
                return self._invoke(body, statement)
            case _:
                return False

    def _mark(self, body: Body, target: Local) -> bool:
        key = (body.key, target.name)
        if key in self.locals:
            return False
        self.locals.add(key)
        return True

    def _may(self, type_: Type) -> bool:
        """Whether something of this type can be an entity or a collection of entities."""
        name = element_class(type_)
        if name in self._entities:
            return True
        erased = erase(type_)
        # A variable of an interface or superclass of an entity.
        return isinstance(erased, ClassType) and erased.name != "java.lang.Object" and any(erased.name in s for s in self._below.values())

    def _invoke(self, body: Body, call: Invoke) -> bool:
        if call.method is None:
            return False
        found = self._known.get(id(call))
        if found is None:
            found = self._known[id(call)] = self._facts_of(call)
        targets, may, made, keeps = found
        changed = False
        if keeps and isinstance(call.args[0], Local):
            key = (body.key, call.args[0].name)
            if key not in self._persisted:
                self._persisted[key] = self._world.strings.order(body).at(call)
                changed = True
        if targets:
            changed |= self._arguments(body, targets, call.args, call.receiver)
            made = made or any(t in self._results for t in targets)
        elif may and not made:
            # What a library hands out of something managed: elements of collections.
            made = self.holds(body, call.receiver) or any(self.holds(body, a) for a in call.args)
        if made and call.target is not None:
            changed |= self._mark(body, call.target)
        return changed

    def _facts_of(self, call: Invoke) -> tuple[tuple[str, ...], bool, bool, bool]:
        """What does not change: the bodies called, whether the result may be an entity, is one in any case, the argument becomes one."""
        known, top = self._world.known, self._world.facts.top
        owner, _, rest = (call.method or "").partition("#")
        targets = self._targets(call, owner, rest)
        may = call.target is not None and (self._may(call.target.type) or self._holder(call.target.type))
        if owner in top:
            # An interface that nobody implements is a repository or a mapper: its results come from the database.
            return targets, False, may and not targets, False
        manager = owner in known.managers or call.receiver_type in known.managers
        made = may and (manager or self._is_query(owner) or call.receiver_type in top)
        keeps = manager and bool(call.args) and known.operations.get(rest.partition("(")[0], ()) in _KEEPING
        return targets, may, made, keeps

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

    def _targets(self, call: Invoke, owner: str, rest: str) -> tuple[str, ...]:
        if call.kind in (InvokeKind.STATIC, InvokeKind.SPECIAL):
            return (call.method or "",) if call.method in self._world.facts.program.bodies else ()
        found = self._dispatch.get(call.method or "")
        if found is None:
            names = self._world.facts.hierarchy.subtypes(owner)
            found = tuple(sorted(k for n in names if (k := f"{n}#{rest}") in self._world.facts.program.bodies))
            self._dispatch[call.method or ""] = found
        return found

    def _arguments(self, body: Body, targets: tuple[str, ...], args: tuple[Value, ...], receiver: Value | None) -> bool:
        changed = False
        held = [n for n, a in enumerate(args) if self.holds(body, a)]
        on_managed = self.holds(body, receiver)
        for target in targets:
            for number in held:
                if (target, number) not in self._parameters:
                    self._parameters.add((target, number))
                    changed = True
            if on_managed and target not in self._receivers:
                self._receivers.add(target)
                changed = True
        return changed


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


_KEEPING = ((Crud.CREATE,), (Crud.CREATE, Crud.UPDATE))
_CONTAINERS = ("java.util.Collection", "java.util.List", "java.util.Set", "java.util.Iterator", "java.util.Map", "java.util.ArrayList")
_COLLECTION = {"add": "C", "addAll": "C", "remove": "D", "removeIf": "D", "clear": "D", "put": "C"}
