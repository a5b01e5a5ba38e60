"""Tables from DDL files (.sql, .ddl) among the resources."""

from __future__ import annotations

import re

from refactor.sdg.model import Found, Table, table_name
from refactor.sdg.resources import Resources, place
from refactor.sdg.tables.sql import read_sql
from refactor.sdg.world import Collector, World

_CREATE = re.compile(
    r"\bcreate\s+(?:(?:global|local)\s+)?(?:temp(?:orary)?\s+|cached\s+|memory\s+)?table\s+(?:if\s+not\s+exists\s+)?([\w.\"`\[\]]+)", re.I
)
_COLUMN = re.compile(r"^\s*[\"`\[]?(\w+)[\"`\]]?\s+\w", re.M)
_NO_COLUMN = frozenset({"primary", "constraint", "foreign", "unique", "check", "key", "index", "create", "references"})


def ddl_tables(world: World) -> Found:
    """before: create table orders (id int, ...)   after: the table orders with its columns and the file's line

    A statement is cut out by its brackets, so that one which the parser does not know costs no other one.
    """
    found = Collector("ddl")
    for table in declared(world.resources):
        found.tables.append(table)
    return found.found()


def declared(resources: Resources) -> list[Table]:
    """Every CREATE TABLE of every DDL file, in file order."""
    tables = []
    for path in resources.paths(".sql", ".ddl"):
        text = resources.text(path)
        if text is None:
            continue
        clean = re.sub(r"--[^\n]*", lambda m: " " * len(m[0]), text)
        clean = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m[0]), clean, flags=re.S)
        for match in _CREATE.finditer(clean):
            statement = clean[match.start() : _end(clean, match.end())]
            facts = read_sql(statement)
            columns = facts.defines[0][1] if facts.defines else _columns(statement)
            tables.append(Table(table_name(match[1]), columns, (), (place(path, text, match.start()),), ("ddl",)))
    return tables


def _end(text: str, at: int) -> int:
    """Just behind the closing bracket of the column list, or of the statement."""
    depth = 0
    for number in range(at, len(text)):
        if text[number] == "(":
            depth += 1
        elif text[number] == ")":
            depth -= 1
            if depth == 0:
                return number + 1
        elif text[number] == ";" and depth == 0:
            return number
    return len(text)


def _columns(statement: str) -> tuple[str, ...]:
    inside = statement.partition("(")[2]
    pieces, depth, start = [], 0, 0
    for number, char in enumerate(inside):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            pieces.append(inside[start:number])
            start = number + 1
    pieces.append(inside[start:])
    names = [m[1].lower() for p in pieces if (m := _COLUMN.match(p))]
    return tuple(n for n in names if n not in _NO_COLUMN)
