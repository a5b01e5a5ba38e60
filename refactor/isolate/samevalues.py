"""Tests that compare strings and the like by identity: one that has been in another process is a copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import Facts
from refactor.ir.program import Body
from refactor.ir.statements import Cast, Copy, Invoke, Load, Local, Value
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
    facts, known = analyses.facts, analyses.known
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if not facts.is_test(site.top) or not known.sinks["identity"].matches(call.method):
            continue
        if not any(_is_copied(analyses, a.type) for a in call.args):
            continue
        givers = {g for v in (*call.args, call.receiver) if v is not None for g in _givers(facts, site.body, v, 0)}
        for giver in sorted(givers):
            yield site.top, giver, call.span, f"compares by identity what {giver} gives"


def _is_copied(analyses: Analyses, type_: Type) -> bool:
    if not isinstance(type_, ClassType) or type_.name == _CLASS or type_.name not in analyses.known.value:
        return False
    cls = analyses.facts.program.find(type_.name)
    return cls is None or cls.kind is not ClassKind.ENUM


def _givers(facts: Facts, body: Body, value: Value, depth: int) -> Iterator[str]:
    """The classes of the main sources whose methods or fields gave the value, through library calls (`assertThat(..)`) as well."""
    if not isinstance(value, Local) or depth >= _DEPTH:
        return
    for made in facts.definitions(body).get(value.name, ()):
        match made:
            case Copy(value=inner) | Cast(value=inner):
                yield from _givers(facts, body, inner, depth + 1)
            case Load(field=key) | Invoke(method=str(key)) if (owner := key.partition("#")[0]) in facts.top:
                if facts.symbol(facts.top[owner]).origin is Origin.MAIN and not facts.symbol(owner).is_interface:
                    yield owner
            case Invoke(args=args, receiver=receiver):
                for inner in (*args, *((receiver,) if receiver is not None else ())):
                    yield from _givers(facts, body, inner, depth + 1)
            case _:
                pass
