"""What a local can hold: the values that reach it through copies and casts, out of the bodies around a lambda or local class too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from refactor.flow.facts import Defining, Facts
from refactor.ir.program import Body
from refactor.ir.statements import Cast, Const, Copy, Lambda, Local, Value


class Origin(NamedTuple):
    """`made`: the statement that makes the value, a constant, or a Local that nothing defines: a parameter, `this`, what is caught."""

    body: Body
    made: Defining | Value

    @property
    def is_known(self) -> bool:
        """Whether it is not just somebody else's: a parameter, `this`, what is caught."""
        return not isinstance(self.made, Local)


def origins(facts: Facts, body: Body, value: Value) -> tuple[Origin, ...]:
    """before: `x = a; y = (T) x;`, y   after: where a comes from; all definitions of a local count, whichever comes last

    Never empty: what has no definition that could be seen is an Origin of its own, which may be anything.
    """
    found: dict[tuple[str, int], Origin] = {}
    seen: set[tuple[str, str]] = set()
    todo: list[tuple[Body, Value]] = [(body, value)]
    while todo:
        at, now = todo.pop()
        if isinstance(now, Const):
            found.setdefault((at.key, id(now)), Origin(at, now))
            continue
        if (at.key, now.name) in seen:
            continue
        seen.add((at.key, now.name))
        made = facts.definitions(at).get(now.name, ())
        is_parameter = any(p.name == now.name for p in at.params)
        around = None if made or is_parameter else _around(facts, at, now.name)
        if around is not None:
            todo.append((around, now))
            continue
        if not made or is_parameter:
            found.setdefault((at.key, id(now)), Origin(at, now))
        for statement in made:
            if isinstance(statement, Copy | Cast):
                todo.append((at, statement.value))
            else:
                found.setdefault((at.key, id(statement)), Origin(at, statement))
    return tuple(found[key] for key in sorted(found, key=lambda k: (k[0], _place(found[k]))))


def _place(origin: Origin) -> tuple[int, str]:
    made = origin.made
    return (-1, repr(made)) if isinstance(made, Local | Const) else (made.span.start, "")


def _around(facts: Facts, body: Body, name: str) -> Body | None:
    """The body around a lambda or local class that declares a captured local."""
    if name == "this":
        return None
    at: Body | None = body
    while at is not None:
        outer = at.enclosing or facts.program.classes[at.owner].enclosing_method
        at = facts.program.bodies.get(outer) if outer else None
        if at is not None and (facts.definitions(at).get(name) or any(p.name == name for p in at.params)):
            return at
    return None


def functions(facts: Facts, body: Body, value: Value) -> Iterator[Lambda | None]:
    """The lambdas that a value can be; None for what may be any other function."""
    for origin in origins(facts, body, value):
        made = origin.made
        if isinstance(made, Lambda):
            yield made
        elif not (isinstance(made, Const) and made.value is None):
            yield None
