"""Which users of an embedded database need the same one: those that meet in a table that changes.

before: one in-memory database; Accounts writes account, Orders writes orders, both read country, which nobody writes
after:  two groups: a database of its own in each part shows either the same, since both are filled alike when they start
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from refactor.frameworks.knowledge import container
from refactor.ir.symbols import Flags
from refactor.ir.types import class_names
from refactor.isolate.context import Analyses, calls
from refactor.isolate.rules.mapped import mapper_interfaces
from refactor.isolate.rules.reflection import object_graph
from refactor.isolate.rules.transactions import data_users
from refactor.isolate.sessions import asking, entities
from refactor.sdg.model import TableFacts, table_name
from refactor.sdg.tables.collect import table_facts

_SKIPPED = frozenset({"target", "build", "out", "bin", "node_modules"})
_LARGEST = 1 << 22
_URL = re.compile(r"jdbc:(?:h2|hsqldb|derby|sqlite):[^\s\"'<]*")
# An address from outside, without one that it would be otherwise.
_GIVEN = re.compile(r"^\s*(?:[\w.]*datasource\.)?(?:jdbc-?)?url\s*[:=]\s*[\"']?(?:jdbc:\w+:)?\$\{[^}:]*\}", re.I | re.M)
# What makes tables depend on each other, or a second copy differ from the first.
_TIED = re.compile(
    r"\bcreate\s+(?:or\s+replace\s+)?(?!\w*\s*table\b)(?:\w+\s+)?(?:trigger|view|procedure|function|alias|sequence|synonym)\b", re.I
)
_VARYING = re.compile(
    r"\b(?:rand|random|random_uuid|uuid|newid|now|curdate|curtime|sysdate|today)\s*\(|\bcurrent_(?:date|time|timestamp)\b|\bsysdate\b", re.I
)
_SEQUENCE = re.compile(r"\bnext\s+value\s+for\b|\bnextval\b|\bidentity\s*\(\s*\)|\bscope_identity\b|<choose\b", re.I)
_TABLE = re.compile(
    r"\bcreate\s+[\w\s]*?table\s+(?:if\s+not\s+exists\s+)?([\w.\"`\[\]]+)|\balter\s+table\s+(?:if\s+exists\s+)?([\w.\"`]+)", re.I
)
_REFERENCES = re.compile(r"\breferences\s+([\w.\"`\[\]]+)(\s*\([^)]*\))?(\s+on\s+(?:delete|update))?", re.I)
_GENERATOR = "(numbers that a generator makes)"


def groups(analyses: Analyses, users: Iterable[str]) -> tuple[frozenset[str], ...]:
    """before: the top-level classes that work with an embedded database   after: those that have to share one, all in one where in doubt"""
    everybody = tuple(sorted(users))
    together = (frozenset(everybody),)
    texts = list(_texts(analyses))
    if not _in_memory(texts) or any(_TIED.search(t) or _VARYING.search(t) for kind, t in texts if kind == ".sql"):
        return together
    if any(_SEQUENCE.search(t) for _, t in texts):
        return together
    found = table_facts(analyses.facts)
    if found.diagnostics or found.partial:
        return together  # some statement is not understood, or not known to its end: it may touch any table
    touched = {user: _touched(analyses, found, user) for user in everybody}
    if any(tables is None for tables in touched.values()):
        return together
    links = list(_references(texts))
    changed = {a.table for a in found.accesses if a.crud.writes} | {_GENERATOR}
    while more := {child for child, parent, follows in links if follows and parent in changed and child not in changed}:
        changed |= more
    pairs = [(child, parent) for child, parent, _ in links if {child, parent} <= changed]
    pairs += [(f"user {user}", table) for user, tables in touched.items() for table in tables or () if table in changed]
    return _components(everybody, pairs)


def _components(users: tuple[str, ...], pairs: list[tuple[str, str]]) -> tuple[frozenset[str], ...]:
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for one, other in pairs:
        parent[find(one)] = find(other)
    members: dict[str, set[str]] = {}
    for user in users:
        members.setdefault(find(f"user {user}"), set()).add(user)
    return tuple(frozenset(names) for names in members.values())


def _touched(analyses: Analyses, found: TableFacts, user: str) -> frozenset[str] | None:
    """The tables that a class may read or write; None where that is not known."""
    facts, known = analyses.facts, analyses.known
    mappers, asked, bodies = analyses.once(mapper_interfaces), analyses.once(asking), data_users(analyses)
    tables: set[str] = set()
    for name in facts.members[user]:
        cls = facts.symbol(name)
        if name in mappers:
            own = [m for m in cls.methods if not m.flags & (Flags.STATIC | Flags.DEFAULT)]
            if not all(found.by_method.get(m.key) for m in own):
                return None
        elif known.spring_data & facts.hierarchy.supertypes(name):
            kept = {n for i in cls.interfaces for n in class_names(i) if n in facts.top} & analyses.once(entities)
            graph = {g for n in kept for g in object_graph(facts, n)} & analyses.once(entities)
            tables.update(t.name for t in found.tables if graph & set(t.entities))
            if not kept or any(not {n} & {e for t in found.tables for e in t.entities} for n in kept):
                return None
            if any(_generated(analyses, n) for n in graph):
                tables.add(_GENERATOR)
        tables.update(a.table for m, accesses in found.by_method.items() if m.partition("#")[0] == name for a in accesses)
    used = {u.member.partition("#")[0] for u in analyses.uses if u.user == user} & mappers.keys()
    used |= {r for b in facts.bodies.get(user, ()) for r in asked.get(b.key, ())}
    for other in used - {user}:
        more = _touched(analyses, found, facts.top[other])
        if more is None:
            return None
        tables |= more
    for body in facts.bodies.get(user, ()):
        if body.key in bodies and not found.by_method.get(_method(analyses, body.key)) and not _is_quiet(analyses, body.key):
            return None
    return frozenset(tables)


def _is_quiet(analyses: Analyses, body: str) -> bool:
    known = analyses.known
    above = {n for names in analyses.once(asking).values() for r in names for n in analyses.facts.hierarchy.supertypes(r)}
    used = [m for m in calls(analyses).library.get(body, ()) if m.partition("#")[0] in known.persistence_users]
    return all(m.startswith(container().quiet_data) or m.partition("#")[0] in above for m in used)


def _method(analyses: Analyses, body: str) -> str:
    """The method around a lambda's body."""
    bodies = analyses.facts.program.bodies
    while (outer := bodies[body].enclosing) and outer in bodies:
        body = outer
    return body


def _generated(analyses: Analyses, entity: str) -> bool:
    """Whether the keys of an entity come from a generator that others may use, too: anything but a column's own identity."""
    facts = analyses.facts
    family = [n for n in facts.hierarchy.supertypes(entity) if n in facts.top]
    for field in (f for n in family for f in facts.symbol(n).fields):
        mark = next((a for a in field.annotations if a.name.endswith(".GeneratedValue")), None)
        if mark is not None and "IDENTITY" not in str(mark.value("strategy")):
            return True
    return False


def _references(texts: list[tuple[str, str]]) -> Iterator[tuple[str, str, bool]]:
    """(table, the table that a foreign key of it names, whether the key follows deletions and updates there)"""
    for kind, text in texts:
        for statement in text.split(";") if kind == ".sql" else ():
            made = _TABLE.search(statement)
            for key in _REFERENCES.finditer(statement) if made else ():
                yield table_name((made[1] or made[2]) if made else ""), table_name(key[1]), bool(key[3])


def _in_memory(texts: list[tuple[str, str]]) -> bool:
    """Whether every address of an embedded database that the program has is one in memory, of its own process."""
    addresses = [m[0] for _, text in texts for m in _URL.finditer(text)]
    given = any(_GIVEN.search(text) for kind, text in texts if kind in (".properties", ".yml", ".yaml"))
    return not given and all(a.startswith(container().in_memory) for a in addresses)


def _texts(analyses: Analyses) -> Iterator[tuple[str, str]]:
    """(suffix, text) of settings, statements and sources; tests and build outputs are left out."""
    program = analyses.facts.program
    for folder, folders, files in os.walk(program.root):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED and f != "test" and not f.startswith("."))
        for file in sorted(files):
            path = Path(folder, file)
            kind = ".sql" if path.suffix == ".ddl" else path.suffix
            if kind in (".properties", ".yml", ".yaml", ".xml", ".sql") and path.stat().st_size <= _LARGEST:
                yield kind, path.read_text(encoding="utf-8", errors="replace")
    for name in sorted(n for n in analyses.facts.members if not analyses.facts.is_test(n)):
        file_ = analyses.facts.symbol(name).file
        if file_:
            yield ".java", program.source(file_).decode("utf-8", "replace")
