"""What every source of table facts is given: the program, its resources, its strings, its mapped classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from refactor.flow.facts import Facts
from refactor.ir.program import Body
from refactor.ir.statements import Statement, Value
from refactor.sdg.knowledge import Persistence
from refactor.sdg.mapping import Mapping
from refactor.sdg.model import Access, Crud, Found, Table
from refactor.sdg.resources import Resources
from refactor.sdg.strings import Strings, fill, numbers_known, parameters_in, without_parameters
from refactor.sdg.tables.sql import HOLE, SqlFacts, is_open, read_sql
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.source import Span

_LIFTS = 4
_SHOWN = 90


@dataclass(frozen=True, slots=True)
class World:
    facts: Facts
    resources: Resources
    strings: Strings
    mapping: Mapping
    known: Persistence

    def method_of(self, body: Body) -> str:
        """The key of the method that a body stands in: a lambda's is that of the method around it."""
        while body.enclosing and body.enclosing in self.facts.program.bodies:
            body = self.facts.program.bodies[body.enclosing]
        return body.key

    def followed(
        self, body: Body, value: Value, at: Statement, enough: Callable[[str], bool]
    ) -> Iterator[tuple[Body, Statement, str]]:
        """The texts of `value`, each at the place that decides it.

        A text that is made of parameters belongs to the callers that give them, unless what is known of it without them is
        `enough`: before: getStatement(c, sql) { c.prepareStatement(sql) }   after: the call getStatement(c, "select ...")
        """
        for text in self.strings.of(body, value, at):
            yield from self._lifted(body, at, numbers_known(body, text), enough, 0)

    def _lifted(
        self, body: Body, at: Statement, text: str, enough: Callable[[str], bool], depth: int
    ) -> Iterator[tuple[Body, Statement, str]]:
        plain = without_parameters(text)
        callers = self.strings.callers(body.key) if parameters_in(text) and depth < _LIFTS and not enough(plain) else []
        if not callers:
            yield body, at, plain
        for caller, statement, arguments in callers:
            values = [self.strings.of(caller, a, statement) for a in arguments]
            for filled in fill(text, values):
                yield from self._lifted(caller, statement, numbers_known(caller, filled), enough, depth + 1)


@dataclass(slots=True)
class Collector:
    """Gathers what one source finds; doubles are dropped when it is `found`."""

    source: str
    tables: list[Table] = field(default_factory=list)
    accesses: list[Access] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)

    def open(self, method: str, statement: str) -> None:
        """Notes a statement of which a part is not known that may name more tables."""
        if is_open(statement):
            self.partial.append(method)

    def access(self, method: str, table: str, crud: Crud, span: Span, how: str, text: Span | None = None, io: bool = True) -> None:
        self.accesses.append(Access(method, table, crud, span, self.source, how, text, io))

    def sql(self, method: str, statement: str, span: Span, text: Span | None = None) -> None:
        """Everything that one SQL text does, or what is not known of it."""
        facts = read_sql(statement)
        how = f"SQL: {shortened(statement)}" if facts.parsed else f"SQL, read word by word: {shortened(statement)}"
        for table, kind in facts.uses:
            self.access(method, table, kind, span, how, text)
        self.tables += [Table(name, columns, (), (text or span,), (self.source,)) for name, columns in facts.defines]
        self.unknown(method, statement, facts, text or span)

    def unknown(self, method: str, statement: str, facts: SqlFacts, span: Span) -> None:
        where = method.partition("(")[0]
        if facts.procedures:
            message = f"{where} calls the stored procedure {', '.join(facts.procedures)}: its tables are not in the graph"
            self.diagnostics.append(Diagnostic("sdg/stored-procedure", Severity.WARNING, message, span))
        elif facts.unknown:
            known = "its text is not known before it runs" if not statement.replace(HOLE, "").strip() else shortened(statement)
            message = f"{where} runs SQL whose tables are not all known: {known}"
            way_out = "the graph lacks these accesses; keep the class beside what it reads (parts.toml)"
            self.diagnostics.append(Diagnostic("sdg/unknown-sql", Severity.WARNING, message, span, help=way_out))

    def found(self) -> Found:
        partial = tuple(sorted(set(self.partial)))
        return Found(tuple(self.tables), tuple(dict.fromkeys(self.accesses)), tuple(dict.fromkeys(self.diagnostics)), partial)


class Source(Protocol):
    """One source of table facts. It only reads `world`; the order in which sources run changes nothing."""

    def __call__(self, world: World) -> Found: ...


def shortened(text: str) -> str:
    """One line, at most 90 characters; what is not known shows as an ellipsis."""
    line = " ".join(text.replace(HOLE, "…").split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
