"""Which assignments of a local may reach a place: over structured control flow, without a fixpoint."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, get_args

from refactor.flow.facts import Defining
from refactor.ir.program import Body
from refactor.ir.statements import Statement, children

Path = tuple[int, ...]
_DEFINING = frozenset(get_args(Defining))
"""Asked first: `isinstance` compares with one class after the other."""


class Definition(NamedTuple):
    """An assignment of a local. `at`: its number in source order; `path`: the nested statement lists around it."""

    at: int
    path: Path
    statement: Defining


class Order:
    """The statements of one body in source order, each with the lists that it stands in."""

    def __init__(self, body: Body) -> None:
        self.statements: list[tuple[Path, Statement]] = []
        self.position: dict[int, int] = {}
        self._definitions: dict[str, list[Definition]] = {}
        self._lists = 0
        self._add(body.statements, (0,))

    def _add(self, statements: Iterable[Statement], path: Path) -> None:
        todo = [(iter(statements), path)]
        while todo:
            items, path = todo[-1]
            statement = next(items, None)
            if statement is None:
                todo.pop()
                continue
            at = len(self.statements)
            self.statements.append((path, statement))
            self.position[id(statement)] = at
            if type(statement) in _DEFINING and isinstance(statement, Defining) and statement.target is not None:
                self._definitions.setdefault(statement.target.name, []).append(Definition(at, path, statement))
            lists = children(statement)
            if lists:
                nested = []
                for inner in lists:
                    self._lists += 1
                    nested.append((iter(inner), (*path, self._lists)))
                todo.extend(reversed(nested))

    def at(self, statement: Statement) -> int:
        """The number of a statement of this body (the very object)."""
        return self.position[id(statement)]

    def all(self, name: str) -> list[Definition]:
        return self._definitions.get(name, [])

    def reaching(self, name: str, before: int) -> list[Definition]:
        """The assignments of `name` that may hold just before statement number `before`, in source order.

        Going back from there, up to the first one that every way must have passed: one in a list around the place itself.
        What an earlier round of a loop assigned is not seen: a text built in a loop is read as built once.
        """
        path = self.statements[before][0] if before < len(self.statements) else (0,)
        found = []
        for definition in reversed(self.all(name)):
            if definition.at < before:
                found.append(definition)
                if path[: len(definition.path)] == definition.path:
                    break
        return found[::-1]
