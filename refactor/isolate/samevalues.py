"""Tests that compare strings and the like by identity: one that has been in another process is a copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import Facts, Site
from refactor.flow.origins import origins
from refactor.ir.program import Body
from refactor.ir.statements import Binary, Const, Invoke, Load, Value
from refactor.ir.symbols import ClassKind, Origin
from refactor.ir.types import ClassType, Type
from refactor.isolate.context import Analyses
from refactor.support.source import Span

_DEPTH = 6
_CLASS = "java.lang.Class"


def same_values(analyses: Analyses) -> Iterator[tuple[str, str, Span, str]]:
    """before: assertSame(order.name(), customer.name())   after: (test, Order, place, why), (test, Customer, ..)

    (test, class that gives one of the values, place, why). Kept together, the values are what they were in one process.
    """
    facts = analyses.facts
    for site in (*facts.sites(Invoke), *facts.sites(Binary)):
        compared = _compared(analyses, site) if facts.is_test(site.top) else ()
        givers = {g for v in compared for g in _givers(facts, site.body, v, 0)}
        for giver in sorted(givers):
            yield site.top, giver, site.statement.span, f"compares by identity what {giver} gives"


def _compared(analyses: Analyses, site: Site) -> tuple[Value, ...]:
    """The values of a comparison by identity, where one of them is copied; by ==, or by a library (`assertSame`)."""
    statement = site.statement
    if isinstance(statement, Binary):
        null = any(isinstance(v, Const) and v.value is None for v in (statement.left, statement.right))
        values = (statement.left, statement.right) if statement.op in ("==", "!=") and not null else ()
        return values if values and all(_is_copied(analyses, v.type) for v in values) else ()
    call = cast(Invoke, statement)
    if not analyses.known.sinks["identity"].matches(call.method) or not any(_is_copied(analyses, a.type) for a in call.args):
        return ()
    return (*call.args, *((call.receiver,) if call.receiver is not None else ()))


def _is_copied(analyses: Analyses, type_: Type) -> bool:
    if not isinstance(type_, ClassType) or type_.name == _CLASS or type_.name not in analyses.known.value:
        return False
    cls = analyses.facts.program.find(type_.name)
    return cls is None or cls.kind is not ClassKind.ENUM


def _givers(facts: Facts, body: Body, value: Value, depth: int) -> Iterator[str]:
    """The classes of the main sources whose methods or fields gave the value, through library calls (`assertThat(..)`) as well."""
    for origin in origins(facts, body, value) if depth < _DEPTH else ():
        match origin.made:
            case Load(field=key) | Invoke(method=str(key)) as made if (owner := key.partition("#")[0]) in facts.top:
                bodies = facts.dispatch.runs(made) if isinstance(made, Invoke) else ()
                owners = {owner, *(facts.program.bodies[k].owner for k in bodies)}
                for name in sorted(n for n in owners if not facts.symbol(n).is_interface):
                    if facts.symbol(facts.top[name]).origin is Origin.MAIN:
                        yield name
            case Invoke(args=args, receiver=receiver):
                for inner in (*args, *((receiver,) if receiver is not None else ())):
                    yield from _givers(facts, origin.body, inner, depth + 1)
            case _:
                pass
