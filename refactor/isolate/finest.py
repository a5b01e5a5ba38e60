"""The finest cut that no rule forbids: what every coarser one has to keep together, and what it may copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from refactor.isolate.assemble import main_classes
from refactor.isolate.context import Analyses, Context
from refactor.isolate.links import Link, must_link
from refactor.isolate.plan import Role
from refactor.isolate.repair import evaluate, repair


@dataclass(frozen=True, slots=True)
class FinestCut:
    """`links`: what stays together, each with its rule; `copied`: the classes that are in every part that needs them, and why.

    `copyable`: the same before rules are looked at, some of which need one owner for a class that has no state itself.
    `runs`: for a class that can be copied, the top-level classes below it, whose code a call of one of its methods may run.
    """

    links: tuple[Link, ...]
    copied: Mapping[str, str]
    copyable: Mapping[str, str]
    runs: Mapping[str, tuple[str, ...]]


def finest_cut(analyses: Analyses) -> FinestCut:
    """before: the analyses of a program   after: its FinestCut

    Starts from one class a part and repairs that: rules that only show once two classes are together are seen too, which
    `must_link` alone does not promise. What two rules could be repaired in two ways is repaired in one of them.
    """
    facts = analyses.facts
    start = {name: name for name in main_classes(facts)}
    done = repair(analyses, start, frozenset(), frozenset(), Fraction(1))
    context, _, _ = evaluate(analyses, start, frozenset())
    # A part has the name of the class that it began with, so a move says which two classes belong together.
    moved = (Link(m.rule, (m.name, m.target), None, m.reason) for m in done.moves)
    copied, copyable = _copied(done.context), _copied(context)
    links = tuple(link for link in (*must_link(analyses), *moved) if not set(link.classes) & copied.keys())
    return FinestCut(links, copied, copyable, {name: _below(analyses, name) for name in sorted({*copied, *copyable})})


def _copied(context: Context) -> dict[str, str]:
    return {name: decision.reason for name, decision in sorted(context.roles.items()) if decision.role is Role.REPLICATED}


def _below(analyses: Analyses, name: str) -> tuple[str, ...]:
    facts = analyses.facts
    found = {facts.top[n] for n in facts.hierarchy.subtypes(name) if not facts.symbol(n).is_interface} - {name}
    return tuple(sorted(n for n in found if not facts.is_test(n)))
