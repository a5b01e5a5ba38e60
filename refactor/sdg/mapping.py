"""Which class is mapped to which tables: JPA annotations, orm.xml, Hibernate's hbm.xml, Spring Data JDBC.

Simplifications: a many-to-many relation without a named join table has JPA's default name; attribute converters and
callback listeners are not followed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from refactor.flow.facts import Facts
from refactor.ir.symbols import Annotation, ClassSymbol, FieldSymbol, Flags, MethodSymbol
from refactor.ir.types import ArrayType, ClassType, Type
from refactor.sdg.knowledge import Persistence, persistence
from refactor.sdg.model import Table, table_name
from refactor.support.source import Span

_TO_ONE = ("ManyToOne", "OneToOne")
_TO_MANY = ("OneToMany", "ManyToMany", "ElementCollection")
_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Relation:
    """A property that holds other entities. `link`: the table in between; `target`: None for a collection of plain values.

    `many`: it is a collection, so the owner's table has no column for it.
    """

    target: str | None
    eager: bool
    cascades: frozenset[str]
    link: str | None = None
    many: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """A mapped class. `tables`: its own first, then secondary ones and those of its superclasses; property names throughout."""

    cls: str
    name: str
    tables: tuple[str, ...]
    relations: dict[str, Relation]
    ids: frozenset[str]
    persistent: frozenset[str]
    generator: str | None = None
    columns: tuple[str, ...] = ()
    span: Span | None = None
    parents: tuple[str, ...] = ()  # mapped superclasses that are entities


@dataclass(frozen=True, slots=True)
class NamedQuery:
    text: str
    native: bool
    span: Span | None


@dataclass(slots=True)
class Mapping:
    """All entities of a program. Empty where it has none."""

    entities: dict[str, Entity] = field(default_factory=dict)
    queries: dict[str, NamedQuery] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def named(self, name: str) -> Entity | None:
        """An entity by its entity name, simple class name or full class name, as queries write it."""
        cls = self._names.get(name) or self._names.get(name.rpartition(".")[2])
        return self.entities.get(cls or name)

    def loaded(self, entity: Entity) -> dict[str, str]:
        """The tables that loading one object reads -> why: its own, and those of relations that are fetched with it."""

        def fetched(at: Entity, name: str, relation: Relation) -> tuple[str, str]:
            why = f"{at.name}.{name} is fetched with it" if relation.eager else ""
            return why, why

        return self._spread(entity, fetched)

    def _own(self, entity: Entity, why: str, found: dict[str, str]) -> None:
        """An object's own tables, and those of the subclasses that it may be of."""
        for table in entity.tables:
            found.setdefault(table, why)
        for below in self.entities.values():
            if entity.cls in below.parents:
                for table in below.tables:
                    found.setdefault(table, f"{why}; {below.name} is a {entity.name}" if why else f"{below.name} is a {entity.name}")

    def cascaded(self, entity: Entity, kinds: frozenset[str]) -> dict[str, str]:
        """The tables that an operation on one object reaches -> why: its own, link tables it owns, and what it cascades to."""

        def touched(at: Entity, name: str, relation: Relation) -> tuple[str, str]:
            return f"link table of {at.name}.{name}", f"cascade of {at.name}.{name}" if relation.cascades & kinds else ""

        return self._spread(entity, touched)

    def _spread(self, entity: Entity, whys: Callable[[Entity, str, Relation], tuple[str, str]]) -> dict[str, str]:
        """Tables of an entity and of those reached. `whys`: why a relation's link table counts and why its target does; "" where not."""
        found: dict[str, str] = {}
        todo = [(entity, "")]
        seen = set()
        while todo:
            at, why = todo.pop(0)
            if at.cls in seen:
                continue
            seen.add(at.cls)
            self._own(at, why, found)
            for name, relation in at.relations.items():
                link, onward = whys(at, name, relation)
                if relation.link and link:
                    found.setdefault(relation.link, link)
                if onward and relation.target in self.entities:
                    todo.append((self.entities[relation.target], onward))
        return found

    def tables(self) -> tuple[Table, ...]:
        """Every table that a mapping names."""
        found: dict[str, Table] = {}
        for entity in sorted(self.entities.values(), key=lambda e: e.cls):
            spans = (entity.span,) if entity.span else ()
            links = {r.link for r in entity.relations.values() if r.link} | ({entity.generator} if entity.generator else set())
            for name in (*entity.tables, *sorted(n for n in links if n)):
                own = name == entity.tables[0]
                table = Table(name, entity.columns if own else (), (entity.cls,) if name in entity.tables else (), spans, ("jpa",))
                found[name] = _merged(found[name], table) if name in found else table
        return tuple(found.values())


def _merged(a: Table, b: Table) -> Table:
    return Table(
        a.name,
        tuple(dict.fromkeys((*a.columns, *b.columns))),
        tuple(dict.fromkeys((*a.entities, *b.entities))),
        tuple(dict.fromkeys((*a.spans, *b.spans))),
        tuple(dict.fromkeys((*a.sources, *b.sources))),
    )


def read_mapping(facts: Facts, declared: Iterable[str] = ()) -> Mapping:
    """before: Facts, and the names of the tables that DDL declares   after: the Mapping of all annotated classes

    `declared` decides between spellings of a default name (lineitem, line_item): the one that exists wins.
    """
    known = persistence()
    reader = _Reader(facts, known, frozenset(declared))
    mapping = Mapping()
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        entity = reader.entity(cls)
        if entity is not None:
            add_entity(mapping, entity)
        for query in known.jpa_all(cls.annotations, "NamedQuery"):
            _add_query(mapping, query, native=False)
        for query in known.jpa_all(cls.annotations, "NamedNativeQuery"):
            _add_query(mapping, query, native=True)
    for entity in list(mapping.entities.values()):
        mapping.entities[entity.cls] = reader.with_default_links(mapping, entity)
    return mapping


def add_entity(mapping: Mapping, entity: Entity) -> None:
    mapping.entities[entity.cls] = entity
    for name in (entity.cls, entity.cls.rpartition(".")[2].rpartition("$")[2], entity.name):
        mapping._names[name] = entity.cls


def _add_query(mapping: Mapping, query: Annotation, native: bool) -> None:
    name, text = query.value("name"), query.value("query")
    if isinstance(name, str) and isinstance(text, str):
        mapping.queries[name] = NamedQuery(text, native, query.span)


class _Reader:
    def __init__(self, facts: Facts, known: Persistence, declared: frozenset[str]) -> None:
        self._facts = facts
        self._known = known
        self._declared = declared
        self._snake = facts.program.find(known.naming_snake) is not None

    def entity(self, cls: ClassSymbol) -> Entity | None:
        known = self._known
        mark = known.jpa(cls, "Entity")
        relational = next((a for a in cls.annotations if a.name in known.relational), None)
        if mark is None and relational is None:
            return None
        name = _word(mark, "name") or cls.simple_name
        relations: dict[str, Relation] = {}
        ids: set[str] = set()
        persistent: set[str] = set()
        columns: dict[str, None] = {}
        generator: str | None = None
        for property_, symbol, marks in self._properties(cls):
            if known.jpa(symbol, "Transient"):
                continue
            persistent.add(property_)
            if known.jpa(symbol, "Id", "EmbeddedId"):
                ids.add(property_)
                generator = self._generator(symbol) or generator
            relation = self._relation(symbol)
            if relation is not None:
                relations[property_] = relation
            column = next(known.jpa_all(marks, "Column", "JoinColumn"), None)
            if relation is None or column is not None:
                columns[(_word(column, "name") or self._spelled(property_)).lower()] = None
        tables = self._tables(cls, relational)
        parents = tuple(p.name for p in self._facts.hierarchy.superclasses(cls.name) if known.jpa(p, "Entity"))
        kept = frozenset(ids), frozenset(persistent), generator, tuple(columns)
        return Entity(cls.name, name, tables, relations, *kept, cls.name_span, parents)

    def _tables(self, cls: ClassSymbol, relational: Annotation | None) -> tuple[str, ...]:
        known = self._known
        own = self._own_table(cls) if relational is None else table_name(str(relational.value() or self._spelled(cls.simple_name)))
        secondary = [table_name(n) for a in known.jpa_all(cls.annotations, "SecondaryTable") if (n := _word(a, "name"))]
        parents = [p for p in self._facts.hierarchy.superclasses(cls.name) if known.jpa(p, "Entity")]
        if not parents:
            return tuple(dict.fromkeys((own, *secondary)))
        strategy = known.jpa(parents[-1], "Inheritance")
        kind = _enum(strategy.value("strategy")) if strategy else "SINGLE_TABLE"
        if kind == "SINGLE_TABLE":
            return tuple(dict.fromkeys((self._own_table(parents[-1]), *secondary)))
        if kind == "JOINED":
            return tuple(dict.fromkeys((own, *secondary, *(self._own_table(p) for p in parents))))
        return tuple(dict.fromkeys((own, *secondary)))

    def _own_table(self, cls: ClassSymbol) -> str:
        written = _word(self._known.jpa(cls, "Table"), "name")
        name = written or _word(self._known.jpa(cls, "Entity"), "name") or cls.simple_name
        return self._spelled(name)

    def _spelled(self, name: str) -> str:
        plain, snake = table_name(name), _SNAKE.sub("_", name.rpartition(".")[2]).strip('"`[] ').lower()
        if plain in self._declared or snake == plain:
            return plain
        return snake if snake in self._declared or self._snake else plain

    def _properties(self, cls: ClassSymbol) -> Iterator[tuple[str, FieldSymbol | MethodSymbol, tuple[Annotation, ...]]]:
        """Name, declaration and annotations of each property, of mapped superclasses and embedded objects too."""
        known = self._known
        above = [p for p in self._facts.hierarchy.superclasses(cls.name) if known.jpa(p, "MappedSuperclass", "Entity")]
        for at in (*reversed(above), cls):
            yield from self._of_class(at)

    def _of_class(self, cls: ClassSymbol) -> Iterator[tuple[str, FieldSymbol | MethodSymbol, tuple[Annotation, ...]]]:
        known = self._known
        marks = (*_TO_ONE, *_TO_MANY, "Id", "EmbeddedId", "Column", "Transient", "Basic", "JoinColumn", "Embedded")
        by_getter = {p: m for m in cls.methods if (p := property_of(m.name)) and not m.params and known.jpa(m, *marks)}
        for symbol in cls.fields:
            if symbol.flags & (Flags.STATIC | Flags.TRANSIENT):
                continue
            chosen: FieldSymbol | MethodSymbol = by_getter.pop(symbol.name, symbol)
            embedded = self._facts.program.classes.get(symbol.type.name) if isinstance(symbol.type, ClassType) else None
            if embedded is not None and (known.jpa(chosen, "Embedded", "EmbeddedId") or known.jpa(embedded, "Embeddable")):
                yield symbol.name, chosen, chosen.annotations
                if embedded.name != cls.name:
                    yield from self._of_class(embedded)
            else:
                yield symbol.name, chosen, (*symbol.annotations, *chosen.annotations)
        for name, method in by_getter.items():
            yield name, method, method.annotations

    def _relation(self, symbol: FieldSymbol | MethodSymbol) -> Relation | None:
        known = self._known
        mark = known.jpa(symbol, *_TO_ONE, *_TO_MANY)
        if mark is None:
            return None
        kind = mark.name.rpartition(".")[2]
        fetch = _enum(mark.value("fetch")) or ("EAGER" if kind in _TO_ONE else "LAZY")
        cascades = {c for v in _items(mark.value("cascade")) if (c := _enum(v))}
        if mark.value("orphanRemoval") is True:
            cascades.add("REMOVE")
        written = mark.value("targetEntity")
        type_ = symbol.type if isinstance(symbol, FieldSymbol) else symbol.result
        target = written.name if isinstance(written, ClassType) else element_class(type_)
        table = next(known.jpa_all(symbol.annotations, "JoinTable", "CollectionTable"), None)
        link = table_name(named) if (named := _word(table, "name")) else None
        if link is None and kind == "ElementCollection":
            link = self._spelled(f"{symbol.owner.rpartition('.')[2]}_{property_of(symbol.name) or symbol.name}")
        return Relation(None if kind == "ElementCollection" else target, fetch == "EAGER", frozenset(cascades), link, kind in _TO_MANY)

    def with_default_links(self, mapping: Mapping, entity: Entity) -> Entity:
        """JPA's default name of a many-to-many's join table: OWNER_TARGET; needs both ends' tables."""
        changed = dict(entity.relations)
        for property_, symbol, _ in self._properties(self._facts.symbol(entity.cls)):
            relation = changed.get(property_)
            mark = self._known.jpa(symbol, "ManyToMany", "OneToMany")
            if relation is None or mark is None or relation.link or mark.value("mappedBy") or relation.target not in mapping.entities:
                continue
            if mark.name.endswith("OneToMany") and self._known.jpa(symbol, "JoinColumn", "JoinColumns"):
                continue
            changed[property_] = replace(relation, link=f"{entity.tables[0]}_{mapping.entities[relation.target].tables[0]}")
        return replace(entity, relations=changed) if changed != entity.relations else entity

    def _generator(self, symbol: FieldSymbol | MethodSymbol) -> str | None:
        """The table that hands out identifiers."""
        table = self._known.jpa(symbol, "TableGenerator")
        used = self._known.jpa(symbol, "GeneratedValue")
        if table is not None and (named := _word(table, "table")):
            return table_name(named)
        return "hibernate_sequences" if used is not None and _enum(used.value("strategy")) == "TABLE" else None


def property_of(method: str) -> str | None:
    """before: getOrderId, isOpen, setTotal   after: orderId, open, total; None for any other name"""
    for prefix in ("get", "set", "is"):
        rest = method.removeprefix(prefix)
        if rest != method and rest[:1].isupper():
            return rest if rest[:2].isupper() else rest[0].lower() + rest[1:]
    return None


def element_class(type_: Type) -> str | None:
    """before: Order, List<Order>, Map<Long, Order>, Order[]   after: Order"""
    while True:
        if isinstance(type_, ArrayType):
            type_ = type_.element
        elif isinstance(type_, ClassType) and type_.args:
            type_ = type_.args[-1]
        else:
            return type_.name if isinstance(type_, ClassType) else None


def _word(mark: Annotation | None, name: str) -> str | None:
    value = mark.value(name) if mark else None
    return value if isinstance(value, str) and value else None


def _enum(value: object) -> str | None:
    return str(value[2]) if isinstance(value, tuple) and len(value) == 3 and value[0] == "enum" else None


def _items(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) and not (len(value) == 3 and value[0] == "enum") else (value,)
