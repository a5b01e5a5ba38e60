"""Native code reads the memory of the objects that it is given: they live where it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import signature_types
from refactor.ir.statements import Invoke
from refactor.ir.symbols import Flags, MethodSymbol
from refactor.ir.types import class_names
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: a native method of p takes an object of q's class   after: a violation naming both classes"""
    for top, used, method, span in ctx.analyses.once(taken):
        if ctx.remote(top, used):
            message = f"the native method {method} takes or gives {used}, of which it would get a proxy"
            yield Violation(RULE.id, span, message, tuple(sorted({top, ctx.facts.top[used]})))


def taken(analyses: Analyses) -> tuple[tuple[str, str, str, Span | None], ...]:
    """(class of a native method, class whose objects it may get, method, place): by its declaration, and by what it is given as Object."""
    facts = analyses.facts
    native: dict[str, MethodSymbol] = {}
    found: dict[tuple[str, str], tuple[str, Span | None]] = {}

    def add(method: MethodSymbol, names: frozenset[str], span: Span | None) -> None:
        for name in sorted({below for n in names if n in facts.top for below in facts.dispatch.subtypes(n)}):
            found.setdefault((facts.top[method.owner], name), (f"{method.owner}.{method.name}", span))

    for cls in (facts.symbol(n) for n in sorted(facts.top)):
        for method in cls.methods:
            if method.flags & Flags.NATIVE and not facts.is_test(facts.top[cls.name]):
                native[method.key] = method
                add(method, frozenset(n for t in signature_types(method) for n in class_names(t)), method.name_span)
    for site in facts.sites(Invoke) if native else ():
        call = cast(Invoke, site.statement)
        for method in (m for m in native.values() if call.method in facts.dispatch.called_as(m.key)):
            add(method, frozenset(n for a in call.args for n in class_names(a.type)), call.name_span)
    return tuple((top, used, *found[top, used]) for top, used in sorted(found))


RULE = Rule("native-method", "no native methods on proxied classes", check)
