"""A program's standard streams and its exit code are those of the process that runs its main: who uses them stays with it."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.ir.symbols import Flags, Origin
from refactor.isolate.context import Analyses, Context, Rule, Violation, calls


def check(ctx: Context) -> Iterator[Violation]:
    """before: the main of p calls a class of q that prints to the standard output   after: a violation naming both"""
    for main, user, what in ctx.analyses.once(pairs):
        if ctx.remote(main, user) or ctx.remote(user, main):
            span = ctx.analyses.place(main, user) or ctx.facts.symbol(user).name_span
            message = f"{user} uses {what}, which belongs to the process of the program {main}"
            yield Violation(RULE.id, span, message, tuple(sorted({main, user})))


def pairs(analyses: Analyses) -> tuple[tuple[str, str, str], ...]:
    """(class with a main, class reached from it that uses the process's streams or ends it, what it uses)."""
    facts, known = analyses.facts, analyses.known
    graph = calls(analyses)
    found: dict[tuple[str, str], str] = {}
    for name in sorted(facts.members):
        cls = facts.symbol(name)
        keys = [m.key for m in cls.methods if m.name == "main" and m.flags & Flags.STATIC and m.key in facts.program.bodies]
        if not keys or cls.origin is not Origin.MAIN:
            continue
        for key in sorted(graph.reach(keys)):
            for member in sorted(graph.library.get(key, ())):
                user = facts.top[facts.program.bodies[key].owner]
                if known.console.matches(member) and user != name and not facts.is_test(user):
                    found.setdefault((name, user), member.partition(":")[0].partition("(")[0].replace("#", "."))
    return tuple((main, user, found[main, user]) for main, user in sorted(found))


RULE = Rule("console", "output and exit codes are those of the monolith", check)
