"""Entities from mapping files: JPA's orm.xml, and Hibernate's own *.hbm.xml. What a file says replaces what annotations say.

Simplifications: of a class that only a file maps, properties are its fields; access types and converters are not followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from refactor.flow.facts import Facts
from refactor.ir.symbols import ClassSymbol, Flags
from refactor.sdg.mapping import Entity, Mapping, NamedQuery, Relation, add_entity, element_class
from refactor.sdg.model import table_name
from refactor.sdg.resources import Element, Resources

_ORM = {"many-to-one": True, "one-to-one": True, "one-to-many": False, "many-to-many": False, "element-collection": False}
_SETS = ("set", "list", "bag", "map", "array", "idbag")
_CLASSES = ("class", "subclass", "joined-subclass", "union-subclass")


def read_mapping_files(facts: Facts, resources: Resources, mapping: Mapping) -> None:
    """before: the Mapping of annotations   after: the same Mapping, with what orm.xml and hbm.xml files declare"""
    for _, root in resources.roots("entity-mappings"):
        package = next((e.text().strip() for e in root.children("package")), "")
        for element in root.children("entity"):
            _orm_entity(facts, mapping, element, package)
        for element in root.walk():
            if element.tag in ("named-query", "named-native-query"):
                _query(mapping, element, element.tag == "named-native-query", next((e.text() for e in element.children("query")), ""))
    for _, root in resources.roots("hibernate-mapping"):
        package = root.attributes.get("package", "")
        for element in root.walk():
            if element.tag in _CLASSES:
                _hbm_class(facts, mapping, element, package)
            elif element.tag in ("query", "sql-query"):
                _query(mapping, element, element.tag == "sql-query", element.text())


def _query(mapping: Mapping, element: Element, native: bool, text: str) -> None:
    if "name" in element.attributes:
        mapping.queries[element.attributes["name"]] = NamedQuery(text.strip(), native, element.span)


def _class(facts: Facts, name: str, package: str) -> ClassSymbol | None:
    full = name if "." in name or not package else f"{package}.{name}"
    return facts.program.classes.get(full)


def _start(facts: Facts, mapping: Mapping, cls: ClassSymbol, element: Element) -> Entity:
    """What annotations said of the class, else an entity of its own fields."""
    known = mapping.entities.get(cls.name)
    if known is not None:
        return known
    above = (cls, *facts.hierarchy.superclasses(cls.name))
    fields = frozenset(f.name for c in above for f in c.fields if not f.flags & (Flags.STATIC | Flags.TRANSIENT))
    return Entity(cls.name, cls.simple_name, (cls.simple_name.lower(),), {}, frozenset(), fields, None, (), element.span)


def _orm_entity(facts: Facts, mapping: Mapping, element: Element, package: str) -> None:
    cls = _class(facts, element.attributes.get("class", ""), package)
    if cls is None:
        return
    entity = _start(facts, mapping, cls, element)
    table = next((e.attributes["name"] for e in element.children("table") if "name" in e.attributes), None)
    relations = dict(entity.relations)
    ids = set(entity.ids)
    columns = list(entity.columns)
    generator = entity.generator
    for attributes in element.children("attributes"):
        for each in attributes.children():
            name = each.attributes.get("name", "")
            if each.tag in ("id", "embedded-id"):
                ids.add(name)
                named = next((e.attributes.get("table") for e in each.children("table-generator")), None)
                generator = table_name(named) if named else generator
            if each.tag in _ORM:
                relations[name] = _orm_relation(facts, cls, each, package)
            columns += [e.attributes["name"].lower() for e in each.children("column") if "name" in e.attributes]
    tables = (table_name(table), *entity.tables[1:]) if table else entity.tables
    made = replace(
        entity,
        name=element.attributes.get("name", entity.name),
        tables=tables,
        relations=relations,
        ids=frozenset(ids),
        generator=generator,
        columns=tuple(dict.fromkeys(columns)),
    )
    add_entity(mapping, made)


def _orm_relation(facts: Facts, cls: ClassSymbol, each: Element, package: str) -> Relation:
    name = each.attributes.get("name", "")
    one = _ORM[each.tag]
    target = each.attributes.get("target-entity") or _declared_type(facts, cls, name)
    found = _class(facts, target, package) if target else None
    fetch = each.attributes.get("fetch", "EAGER" if one else "LAZY")
    cascades = {e.tag.removeprefix("cascade-").upper() for c in each.children("cascade") for e in c.children()}
    if each.attributes.get("orphan-removal") == "true":
        cascades.add("REMOVE")
    link = next((e.attributes["name"] for e in each.children("join-table", "collection-table") if "name" in e.attributes), None)
    return Relation(found.name if found else None, fetch == "EAGER", frozenset(cascades), table_name(link) if link else None, not one)


def _declared_type(facts: Facts, cls: ClassSymbol, name: str) -> str | None:
    for at in (cls, *facts.hierarchy.superclasses(cls.name)):
        field = at.field(name)
        if field is not None:
            return element_class(field.type)
    return None


def _hbm_class(facts: Facts, mapping: Mapping, element: Element, package: str) -> None:
    cls = _class(facts, element.attributes.get("name", ""), package)
    if cls is None:
        return
    entity = _start(facts, mapping, cls, element)
    own = table_name(element.attributes.get("table", cls.simple_name))
    parents = tuple(p.name for p in facts.hierarchy.superclasses(cls.name) if p.name in mapping.entities)
    above = mapping.entities[parents[0]].tables if parents else ()
    if element.tag == "subclass":
        tables = above or (own,)
    elif element.tag == "joined-subclass":
        tables = (own, *above)
    else:
        tables = (own,)
    relations = dict(entity.relations)
    ids = set(entity.ids)
    columns = list(entity.columns)
    for each in _hbm_properties(element):
        name = each.attributes.get("name", "")
        if each.tag in ("id", "composite-id"):
            ids.add(name)
        if each.tag in ("id", "property"):
            columns.append(each.attributes.get("column", name).lower())
        elif each.tag in ("many-to-one", "one-to-one", *_SETS):
            relations[name] = _hbm_relation(facts, cls, each, package)
    named = tuple(dict.fromkeys(c for c in columns if c))
    made = replace(entity, tables=tables, relations=relations, ids=frozenset(ids), columns=named, parents=parents)
    add_entity(mapping, made)


def _hbm_properties(element: Element) -> Iterator[Element]:
    """The class's own properties, those of its components and joins too; subclasses are classes of their own."""
    for child in element.children():
        if child.tag in ("component", "join", "properties", "composite-id"):
            yield from _hbm_properties(child)
        if child.tag not in _CLASSES:
            yield child


def _hbm_relation(facts: Facts, cls: ClassSymbol, each: Element, package: str) -> Relation:
    """Hibernate's own files load lazily unless they say otherwise."""
    inner = next(each.children("one-to-many", "many-to-many", "composite-element", "element"), each)
    target = inner.attributes.get("class") or each.attributes.get("class") or _declared_type(facts, cls, each.attributes.get("name", ""))
    found = _class(facts, target, package) if target else None
    eager = each.attributes.get("lazy") == "false" or each.attributes.get("fetch") == "join"
    words = each.attributes.get("cascade", "").upper().replace("SAVE-UPDATE", "PERSIST,MERGE").replace("DELETE-ORPHAN", "REMOVE")
    cascades = frozenset("ALL" if w.strip().startswith("ALL") else w.strip() for w in words.replace("DELETE", "REMOVE").split(","))
    many = each.tag in _SETS
    link = each.attributes.get("table") if many and inner.tag != "one-to-many" else None
    is_entity = inner.tag not in ("composite-element", "element")
    return Relation(found.name if found and is_entity else None, eager, cascades, table_name(link) if link else None, many)
