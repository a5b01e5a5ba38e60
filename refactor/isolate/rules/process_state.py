"""State of the whole process (system properties, default locale, standard streams): who writes it and who reads it share one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.ir.statements import Const, Invoke, Load
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: q sets a system property that p reads   after: a violation naming both classes"""
    for writer, reader, span, what in ctx.analyses.once(pairs):
        if ctx.remote(writer, reader) or ctx.remote(reader, writer):
            message = f"{writer} sets the {what} that {reader} reads"
            yield Violation(RULE.id, span, message, tuple(sorted({writer, reader})))


def pairs(analyses: Analyses) -> tuple[tuple[str, str, Span, str], ...]:
    """(writer, reader, place of the write, what) for every two top-level classes of the main sources."""
    facts = analyses.facts
    writers, readers = uses_of_state(analyses)
    found: dict[tuple[str, str, str], Span] = {}
    for state, key, top, span in writers:
        if facts.is_test(top):
            continue
        for other_state, other_key, reader, _ in readers:
            same = state == other_state and (key is None or other_key is None or key == other_key)
            if same and reader != top and not facts.is_test(reader):
                found.setdefault((top, reader, state), span)
    return tuple((w, r, found[w, r, s], s) for w, r, s in sorted(found))


_Uses = list[tuple[str, "str | None", str, Span]]


def uses_of_state(analyses: Analyses) -> tuple[_Uses, _Uses]:
    """Writes and reads of process state: (state, constant key or None, top-level class, place)."""
    facts, known = analyses.facts, analyses.known
    writers: _Uses = []
    readers: _Uses = []
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if call.method is None or call.method.partition("#")[0] in facts.top:
            continue
        for state in known.process_state:
            for group, uses in ((state.writers, writers), (state.readers, readers)):
                if group.matches(call.method):
                    first = call.args[0] if call.args else None
                    key = first.value if isinstance(first, Const) and isinstance(first.value, str) else None
                    uses.append((state.id, key, site.top, call.span))
    for site in facts.sites(Load):
        load = cast(Load, site.statement)
        if load.receiver is None and load.field.partition("#")[0] not in facts.top:
            for state in known.process_state:
                if state.readers.matches(load.field):
                    readers.append((state.id, None, site.top, load.span))
    return writers, readers


RULE = Rule("process-state", "state that belongs to the process is not doubled", check)
