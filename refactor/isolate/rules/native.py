"""Native code reads the memory of the objects that it is given: they live where it runs."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.flow.facts import signature_types
from refactor.ir.symbols import Flags
from refactor.ir.types import class_names
from refactor.isolate.context import Context, Rule, Violation


def check(ctx: Context) -> Iterator[Violation]:
    """before: a native method of p takes an object of q's class   after: a violation naming both classes"""
    for top in sorted(ctx.assignment):
        for name in ctx.facts.members[top]:
            for method in ctx.facts.symbol(name).methods:
                if method.flags & Flags.NATIVE:
                    for used in sorted({n for t in signature_types(method) for n in class_names(t)}):
                        if ctx.remote(top, used):
                            message = f"the native method {name}.{method.name} takes or gives {used}, of which it would get a proxy"
                            yield Violation(RULE.id, method.name_span, message, tuple(sorted({top, ctx.facts.top[used]})))


RULE = Rule("native-method", "no native methods on proxied classes", check)
