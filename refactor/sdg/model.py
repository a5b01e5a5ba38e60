"""Tables, what methods do with them, and the transactions around it.

Simplifications, all of them: a table is known by its name in lower case, without schema or catalogue (most databases fold
names, and sources spell one table in several ways); a view is a table; columns are names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from refactor.support.diagnostics import Diagnostic
from refactor.support.source import Span


class Crud(Enum):
    """What is done with the rows of a table."""

    CREATE = "C"
    READ = "R"
    UPDATE = "U"
    DELETE = "D"

    @property
    def writes(self) -> bool:
        return self is not Crud.READ


@dataclass(frozen=True, slots=True)
class Table:
    """One database table. `entities`: classes mapped to it; `spans`: where it is declared; `sources`: which plug-ins know it."""

    name: str
    columns: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """`method` (key) reads or writes `table`.

    `span`: the call or statement that does it; `text`: where the query stands, if elsewhere; `source`: the plug-in that found it;
    `how`: in words. `io` is false where the database was asked before: an object that was loaded together with its owner is used.
    A method of a library that an application's interface inherits (a repository's `save`) has the interface as its owner.
    """

    method: str
    table: str
    crud: Crud
    span: Span
    source: str
    how: str
    text: Span | None = None
    io: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What one source of facts answers."""

    tables: tuple[Table, ...] = ()
    accesses: tuple[Access, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    partial: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableFacts:
    """What all sources know together: tables by name, accesses in a fixed order.

    `partial`: methods with statements that are not known to their end, which may name more tables.
    """

    tables: tuple[Table, ...] = ()
    accesses: tuple[Access, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    by_method: dict[str, tuple[Access, ...]] = field(default_factory=dict, compare=False, repr=False)
    partial: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


def table_name(written: str) -> str:
    """before: `"SHOP"."Orders"`, [dbo].[Orders]   after: orders"""
    return written.rpartition(".")[2].strip('"`[] ').lower()
