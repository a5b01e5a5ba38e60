"""All sources of table facts, run over one program."""

from __future__ import annotations

from collections.abc import Iterable

from refactor.flow.facts import Facts
from refactor.ir.symbols import Origin
from refactor.sdg.knowledge import persistence
from refactor.sdg.mapping import read_mapping
from refactor.sdg.mapping_xml import read_mapping_files
from refactor.sdg.model import Access, Table, TableFacts
from refactor.sdg.resources import Resources
from refactor.sdg.strings import Strings
from refactor.sdg.tables.criteria import criteria_tables
from refactor.sdg.tables.ddl import ddl_tables, declared
from refactor.sdg.tables.jdbc import jdbc_tables
from refactor.sdg.tables.jpa import jpa_tables
from refactor.sdg.tables.managed import managed_tables
from refactor.sdg.tables.mybatis import mybatis_tables
from refactor.sdg.tables.springdata import spring_data_tables
from refactor.sdg.world import Source, World

SOURCES: tuple[Source, ...] = (
    ddl_tables,
    jpa_tables,
    criteria_tables,
    managed_tables,
    spring_data_tables,
    jdbc_tables,
    mybatis_tables,
)


def table_facts(facts: Facts, sources: Iterable[Source] = SOURCES) -> TableFacts:
    """before: Facts of a program   after: its tables and which method of the main sources does what with them, in a fixed order"""
    resources = Resources(facts.program.root)
    mapping = read_mapping(facts, (t.name for t in declared(resources)))
    read_mapping_files(facts, resources, mapping)
    world = World(facts, resources, Strings(facts), mapping, persistence())
    found = [source(world) for source in sources]
    main = {a for f in found for a in f.accesses if _is_main(facts, a)}
    accesses = sorted(main, key=lambda a: (a.method, a.table, a.crud.value, a.span, a.source, a.how))
    by_method: dict[str, list[Access]] = {}
    for access in accesses:
        by_method.setdefault(access.method, []).append(access)
    diagnostics = tuple(dict.fromkeys((*resources.diagnostics, *(d for f in found for d in f.diagnostics))))
    tables = _tables([t for f in found for t in f.tables], accesses)
    partial = frozenset(m for f in found for m in f.partial if not facts.is_test(facts.top.get(m.partition("#")[0], m.partition("#")[0])))
    return TableFacts(tables, tuple(accesses), diagnostics, {m: tuple(a) for m, a in by_method.items()}, partial)


def _is_main(facts: Facts, access: Access) -> bool:
    top = facts.top.get(access.method.partition("#")[0])
    return top is not None and facts.symbol(top).origin is Origin.MAIN


def _tables(declared_: list[Table], accesses: list[Access]) -> tuple[Table, ...]:
    """One Table for each name: declared ones first in detail; a name that only a query mentions is a table too."""
    found: dict[str, Table] = {}
    for table in [*declared_, *(Table(a.table, (), (), (), (a.source,)) for a in accesses)]:
        known = found.get(table.name)
        found[table.name] = table if known is None else _join(known, table)
    return tuple(found[name] for name in sorted(found))


def _join(a: Table, b: Table) -> Table:
    return Table(
        a.name,
        tuple(dict.fromkeys((*a.columns, *b.columns))),
        tuple(dict.fromkeys((*a.entities, *b.entities))),
        tuple(dict.fromkeys((*a.spans, *b.spans))),
        tuple(dict.fromkeys((*a.sources, *b.sources))),
    )
