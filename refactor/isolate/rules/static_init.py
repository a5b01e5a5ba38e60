"""Static initialisers that need each other run in one process: their order is decided there and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.isolate.context import Analyses, Context, Rule, Violation, calls
from refactor.support.components import strongly_connected
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: the static initialisers of A (p) and B (q) run each other   after: a violation naming A and B"""
    for group, span in ctx.analyses.once(cycles):
        owned = [name for name in group if ctx.owner(name) is not None]
        if len({ctx.owner(name) for name in owned}) > 1:
            yield Violation(RULE.id, span, f"the static initialisers of {', '.join(owned)} run each other", tuple(owned))


def cycles(analyses: Analyses) -> tuple[tuple[tuple[str, ...], Span | None], ...]:
    """Groups of top-level classes of the main sources whose static initialisers reach each other."""
    facts = analyses.facts
    graph = calls(analyses)
    # A node for each class: its initialisers lead on from it, and to reach one of them is to reach it.
    edges: dict[str, list[str]] = {key: list(callees) for key, callees in graph.callees.items()}
    for key in sorted(k for k in facts.program.bodies if k.endswith("#<clinit>()V")):
        top = facts.top[facts.program.bodies[key].owner]
        if not facts.is_test(top):
            edges.setdefault(f"{_CLASS}{top}", []).append(key)
            edges.setdefault(key, []).append(f"{_CLASS}{top}")
    found = []
    for component in strongly_connected(edges):
        names = tuple(sorted(node.removeprefix(_CLASS) for node in component if node.startswith(_CLASS)))
        if len(names) > 1:
            found.append((names, facts.symbol(names[0]).name_span))
    return tuple(sorted(found, key=lambda item: item[0]))


_CLASS = "class "
RULE = Rule("static-init-cycle", "statics and initialisers have one owner and run once, in one order", check)
