"""Which variables of the code around it a local or anonymous class needs: they travel as fields of its instances."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.ir.program import Body, Program
from refactor.ir.statements import Const, Jump, Local, New, Statement, Try, walk

_OPERANDS = ("value", "receiver", "array", "index", "left", "right", "condition", "subject", "lock", "outer")


def read_locals(statement: Statement) -> Iterator[Local]:
    """The locals that a statement itself reads."""
    for name in _OPERANDS:
        found = getattr(statement, name, None)
        if isinstance(found, Local):
            yield found
    for name in ("args", "elements", "dimensions", "captures"):
        for item in getattr(statement, name, None) or ():
            if isinstance(item, Local):
                yield item


def declared_names(body: Body) -> frozenset[str]:
    """The locals that a body declares or assigns itself."""
    found = {p.name for p in body.params}
    for statement in walk(body.statements):
        target = getattr(statement, "target", None)
        if target is not None and not isinstance(statement, Const | Jump):
            found.add(target.name)
        if isinstance(statement, Try):
            found.update(c.variable.name for c in statement.catches)
    return frozenset(found)


class Captures:
    """Answers for one Program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._needs: dict[str, dict[str, Local]] = {}
        self._declared: dict[str, frozenset[str]] = {}
        self._bodies: dict[str, list[Body]] = {}
        for key in sorted(program.bodies):
            body = program.bodies[key]
            self._bodies.setdefault(body.owner, []).append(body)
        self._inside: dict[str, list[str]] = {}
        for name in sorted(program.classes):
            outer = program.classes[name].outer
            if outer is not None:
                self._inside.setdefault(outer, []).append(name)

    def declared(self, body: Body) -> frozenset[str]:
        found = self._declared.get(body.key)
        if found is None:
            found = self._declared[body.key] = declared_names(body)
        return found

    def needs(self, cls: str) -> dict[str, Local]:
        """Name -> Local, for every variable of enclosing bodies that the code of `cls` reads; empty for member classes."""
        found = self._needs.get(cls)
        if found is not None:
            return found
        found = self._needs[cls] = {}
        symbol = self._program.classes.get(cls)
        if symbol is None or not (symbol.local or symbol.anonymous):
            return found
        inside = {cls}
        todo = [cls]
        while todo:
            for name in self._inside.get(todo.pop(), ()):
                inside.add(name)
                todo.append(name)
        for name in sorted(inside):
            for body in self._bodies.get(name, ()):
                own = self._visible(body, inside)
                for statement in walk(body.statements):
                    for local in read_locals(statement):
                        if local.name not in own and local.name[0] != "$" and not local.name.endswith("this"):
                            found.setdefault(local.name, local)
                    if isinstance(statement, New) and statement.cls not in inside:
                        for key, local in self.needs(statement.cls).items():
                            if key not in own:
                                found.setdefault(key, local)
        if symbol.superclass is not None:
            for key, local in self.needs(symbol.superclass.name).items():
                found.setdefault(key, local)
        return found

    def _visible(self, body: Body, inside: set[str]) -> set[str]:
        """What is declared in a body or, for lambdas and classes inside, in the bodies around it within the class."""
        names: set[str] = set()
        at: Body | None = body
        while at is not None:
            names |= self.declared(at)
            outer = at.enclosing
            if outer is None:
                symbol = self._program.classes[at.owner]
                outer = symbol.enclosing_method if symbol.outer in inside else None
            at = self._program.bodies.get(outer) if outer else None
        return names


