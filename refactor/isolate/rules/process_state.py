"""State of the whole process (system properties, default locale, standard streams): who writes it and who reads it share one."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.processstate import StateUse, state_uses
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: q sets a system property that p reads   after: a violation naming both classes"""
    for writer, reader, span, what, of_thread in ctx.analyses.once(pairs):
        if not of_thread and (ctx.remote(writer, reader) or ctx.remote(reader, writer)):
            message = f"{writer} sets the {what} that {reader} reads"
            yield Violation(RULE.id, span, message, tuple(sorted({writer, reader})))


def pairs(analyses: Analyses) -> tuple[tuple[str, str, Span, str, bool], ...]:
    """(writer, reader, place of the write, what, whether a thread's) for every two top-level classes of the main sources."""
    facts = analyses.facts
    writes, reads = analyses.once(used_state)
    found: dict[tuple[str, str, str, bool], Span] = {}
    for write in writes:
        for read in reads if not facts.is_test(write.top) else ():
            if read.top != write.top and write.meets(read) and not facts.is_test(read.top):
                found.setdefault((write.top, read.top, write.state, write.of_thread), write.span)
    return tuple((w, r, found[w, r, s, t], s, t) for w, r, s, t in sorted(found))


def used_state(analyses: Analyses) -> tuple[tuple[StateUse, ...], tuple[StateUse, ...]]:
    """(writes, reads) of the program."""
    return state_uses(analyses.facts, analyses.known)


RULE = Rule("process-state", "state that belongs to the process is not doubled", check)
