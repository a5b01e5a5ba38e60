"""Who writes and who reads state of the whole process, or of a thread: system properties, defaults, standard streams, contexts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from refactor.flow.facts import Facts, annotated
from refactor.ir.statements import Const, Invoke, Load, New, Value
from refactor.ir.symbols import Flags
from refactor.isolate.knowledge import Knowledge, ProcessState
from refactor.support.source import Span


@dataclass(frozen=True, slots=True)
class StateUse:
    """A call or access in the body `body` of `top`; `key`: the constant name of a property, None where any."""

    state: str
    key: str | None
    top: str
    body: str
    span: Span
    of_thread: bool = False

    def meets(self, other: StateUse) -> bool:
        return self.state == other.state and (self.key is None or other.key is None or self.key == other.key)


def state_uses(facts: Facts, known: Knowledge) -> tuple[tuple[StateUse, ...], tuple[StateUse, ...]]:
    """before: Facts   after: (writes, reads) of the state of processes and threads, tests included"""
    writes: list[StateUse] = []
    reads: list[StateUse] = []
    for member, args, top, body, span in members(facts):
        for state in known.process_state:
            for group, uses in ((state.writers, writes), (state.readers, reads)):
                if group.matches(member):
                    first = args[0] if args else None
                    key = first.value if isinstance(first, Const) and isinstance(first.value, str) else None
                    if state.keys:
                        if uses is writes and (key is None or not key.startswith(state.keys)):
                            continue
                        key = None
                    uses.append(StateUse(state.id, key, top, body, span, state.of_thread))
        holder = _unlisted_holder(facts, known, member)
        if holder is not None:
            name = member.partition("#")[2].partition("(")[0]
            use = StateUse(f"state of {holder}", None, top, body, span, True)
            reads.append(use)
            if not name.startswith(known.holder_reading):
                writes.append(use)
    for state in known.process_state:
        writes.extend(_annotated(facts, state))
        reads.extend(_asking(facts, state))
    return tuple(writes), tuple(reads)


def members(facts: Facts) -> Iterator[tuple[str, tuple[Value, ...], str, str, Span]]:
    """(member of a library, arguments, class, body, place) of every call, constructor and field."""
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if call.method is not None and call.method.partition("#")[0] not in facts.top:
            yield call.method, call.args, site.top, site.body.key, call.span
    for site in facts.sites(New):
        new = cast(New, site.statement)
        if new.constructor is not None and new.cls not in facts.top:
            yield new.constructor, (), site.top, site.body.key, new.span
    for site in facts.sites(Load):
        load = cast(Load, site.statement)
        if load.receiver is None and load.field.partition("#")[0] not in facts.top:
            yield load.field, (), site.top, site.body.key, load.span


def _unlisted_holder(facts: Facts, known: Knowledge, member: str) -> str | None:
    """A library class that by its name keeps something per thread behind static methods, and that no line knows."""
    owner = member.partition("#")[0]
    short = owner.rpartition(".")[2]
    if not short.endswith(known.holder_endings) or owner.startswith("java.") or "(" not in member:
        return None
    if any(s.writers.matches(member) or s.readers.matches(member) for s in known.process_state):
        return None
    cls = facts.program.library.find(owner)
    static = cls is not None and any(m.key == member and m.flags & Flags.STATIC for m in cls.methods)
    return short if static else None


def _annotated(facts: Facts, state: ProcessState) -> Iterator[StateUse]:
    """State that an annotation of a test sets while the test runs."""
    if not state.annotations:
        return
    for cls in facts.program.classes.values():
        for marks, place in ((cls.annotations, cls.name_span), *((m.annotations, m.name_span) for m in cls.methods)):
            for mark in marks:
                span = mark.span or place
                if mark.name in state.annotations and span is not None:
                    key = mark.value("key")
                    yield StateUse(state.id, key if isinstance(key, str) else None, facts.top[cls.name], "", span, state.of_thread)


def _asking(facts: Facts, state: ProcessState) -> Iterator[StateUse]:
    """Methods before which a framework looks at the state."""
    if not state.asks:
        return
    for cls in facts.program.classes.values():
        of_all = annotated(cls, state.asks)
        for method in cls.methods:
            mark = annotated(method, state.asks) or of_all
            span = (mark.span if mark is not None else None) or method.name_span
            if mark is not None and span is not None:
                yield StateUse(state.id, None, facts.top[cls.name], method.key, span, state.of_thread)
