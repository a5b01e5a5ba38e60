"""What belongs to a thread behind calls of a library: who sets it and who asks for it share a process.

Locks and thread-locals of the program need no rule: all calls of one thread run on one thread of their owner.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import annotated
from refactor.ir.statements import New
from refactor.isolate.context import Analyses, Context, Rule, Violation, calls
from refactor.isolate.processstate import StateUse
from refactor.isolate.rules.process_state import pairs, used_state
from refactor.isolate.rules.transactions import begins
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: q puts into the logging context what p finds there   after: a violation naming both classes"""
    found = [(w, r, span, f"{w} sets the {what} of the thread, which {r} reads") for w, r, span, what, t in ctx.analyses.once(pairs) if t]
    for first, second, span, message in (*found, *ctx.analyses.once(_set_by_frameworks), *ctx.analyses.once(_inherited)):
        if ctx.remote(first, second) or ctx.remote(second, first):
            yield Violation(RULE.id, span, message, tuple(sorted({first, second})))


def _set_by_frameworks(analyses: Analyses) -> tuple[tuple[str, str, Span, str], ...]:
    """(class that a framework calls, class that asks for what the framework has set before, place, words)."""
    facts = analyses.facts
    states = {s.id: s for s in analyses.known.process_state if s.framework}
    reads: dict[str, list[StateUse]] = {}
    for read in analyses.once(used_state)[1]:
        if read.state in states and not facts.is_test(read.top):
            reads.setdefault(read.state, []).append(read)
    found: dict[tuple[str, str], tuple[Span, str]] = {}
    for state, asked in sorted(reads.items()):
        reaching = calls(analyses).reaching([(read.body,) for read in asked])
        for top, key in _entered(analyses, states[state].framework):
            for i, read in enumerate(asked):
                if reaching.get(key, 0) >> i & 1 and read.top != top:
                    words = f"{read.top} asks for the {state} of the thread, which is set where {top} is called"
                    found.setdefault((top, read.top), (read.span, words))
    return tuple((first, second, *found[first, second]) for first, second in sorted(found))


def _entered(analyses: Analyses, marks: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(top-level class, method) that a framework enters, having set the state."""
    facts = analyses.facts
    if marks & analyses.known.annotations["transactional"]:
        for cls, method in analyses.once(begins):
            yield facts.top[cls.name], method.key
        return
    for cls in facts.program.classes.values():
        for method in cls.methods if not facts.is_test(facts.top[cls.name]) else ():
            if annotated(method, marks) or any(annotated(above, marks) for above in facts.dispatch.overridden(method)):
                yield facts.top[cls.name], method.key


def _inherited(analyses: Analyses) -> tuple[tuple[str, str, Span, str], ...]:
    """(class with a value that new threads take over, class that makes threads, place, words)."""
    facts, known = analyses.facts, analyses.known
    holders: dict[str, Span] = {}
    makers: set[str] = set()
    for site in facts.sites(New):
        new = cast(New, site.statement)
        above = facts.hierarchy.supertypes(new.cls) | {new.cls}
        if facts.is_test(site.top):
            continue
        if above & known.inherited:
            holders.setdefault(site.top, new.span)
        if known.thread in above:
            makers.add(site.top)
    if not holders:
        return ()
    for key, used in calls(analyses).library.items():
        if any(known.thread_makers.matches(member) for member in used):
            top = facts.top[facts.program.bodies[key].owner]
            if not facts.is_test(top):
                makers.add(top)
    return tuple(
        (holder, maker, holders[holder], f"{maker} makes threads, which take over what {holder} keeps in an inheritable thread-local")
        for holder in sorted(holders)
        for maker in sorted(makers - {holder})
    )


RULE = Rule("thread-bound", "what belongs to a thread is there for everybody who runs on it", check)
