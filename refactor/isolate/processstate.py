"""Who writes and who reads state of the whole process: system properties, defaults, standard streams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from refactor.flow.facts import Facts
from refactor.ir.statements import Const, Invoke, Load, New
from refactor.isolate.knowledge import Knowledge
from refactor.support.source import Span


@dataclass(frozen=True, slots=True)
class StateUse:
    """A call or access in the body `body` of `top`; `key`: the constant name of a property, None where any."""

    state: str
    key: str | None
    top: str
    body: str
    span: Span

    def meets(self, other: StateUse) -> bool:
        return self.state == other.state and (self.key is None or other.key is None or self.key == other.key)


def state_uses(facts: Facts, known: Knowledge) -> tuple[tuple[StateUse, ...], tuple[StateUse, ...]]:
    """before: Facts   after: (writes, reads) of process state, tests included"""
    writes: list[StateUse] = []
    reads: list[StateUse] = []
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if call.method is None or call.method.partition("#")[0] in facts.top:
            continue
        for state in known.process_state:
            for group, uses in ((state.writers, writes), (state.readers, reads)):
                if group.matches(call.method):
                    first = call.args[0] if call.args else None
                    key = first.value if isinstance(first, Const) and isinstance(first.value, str) else None
                    uses.append(StateUse(state.id, key, site.top, site.body.key, call.span))
    for site in facts.sites(New):
        new = cast(New, site.statement)
        if new.constructor is not None and new.cls not in facts.top:
            for state in known.process_state:
                if state.readers.matches(new.constructor):
                    reads.append(StateUse(state.id, None, site.top, site.body.key, new.span))
    writes.extend(_annotated(facts, known))
    for site in facts.sites(Load):
        load = cast(Load, site.statement)
        if load.receiver is None and load.field.partition("#")[0] not in facts.top:
            for state in known.process_state:
                if state.readers.matches(load.field):
                    reads.append(StateUse(state.id, None, site.top, site.body.key, load.span))
    return tuple(writes), tuple(reads)


def _annotated(facts: Facts, known: Knowledge) -> Iterator[StateUse]:
    """State that an annotation of a test sets while the test runs."""
    states = {mark: state for state in known.process_state for mark in state.annotations}
    for cls in facts.program.classes.values():
        for marks, place in ((cls.annotations, cls.name_span), *((m.annotations, m.name_span) for m in cls.methods)):
            for mark in marks:
                span = mark.span or place
                if mark.name in states and span is not None:
                    key = mark.value("key")
                    yield StateUse(states[mark.name].id, key if isinstance(key, str) else None, facts.top[cls.name], "", span)
