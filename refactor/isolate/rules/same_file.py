"""Classes of one source file stay together: a file is copied byte for byte, so its owned classes have one home."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.ir.symbols import Origin
from refactor.isolate.context import Analyses, Context, Rule, Violation


def files(analyses: Analyses) -> tuple[tuple[str, ...], ...]:
    """The groups of two and more top-level classes in one file of the main sources."""
    facts = analyses.facts
    by_file: dict[str, list[str]] = {}
    for top in sorted(facts.members):
        cls = facts.symbol(top)
        if cls.origin is Origin.MAIN and cls.file:
            by_file.setdefault(cls.file, []).append(top)
    return tuple(tuple(group) for _, group in sorted(by_file.items()) if len(group) > 1)


def check(ctx: Context) -> Iterator[Violation]:
    """before: two owned classes of one file in different parts   after: a violation that names them"""
    for group in ctx.analyses.once(files):
        owned = [name for name in group if ctx.owner(name) is not None]
        if len({ctx.owner(name) for name in owned}) > 1:
            span = ctx.facts.symbol(owned[1]).name_span or ctx.facts.symbol(owned[1]).span
            yield Violation(RULE.id, span, f"{' and '.join(owned)} stand in one source file", tuple(owned))


RULE = Rule("same-file", "a part keeps the original source byte for byte", check)
