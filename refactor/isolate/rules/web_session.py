"""A web session lives in the process that answers the request: whoever shares an attribute of it stays together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import annotated
from refactor.ir.statements import Invoke
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.subjects import constant
from refactor.support.source import Span

_ANY = ""  # an attribute whose name is not known, or all of them


def check(ctx: Context) -> Iterator[Violation]:
    """before: a controller of p puts the user into the session, one of q asks for it   after: a violation naming both"""
    for one, other, span, message in ctx.analyses.once(pairs):
        if ctx.remote(one, other) or ctx.remote(other, one):
            yield Violation(RULE.id, span, message, tuple(sorted({one, other})))


def pairs(analyses: Analyses) -> tuple[tuple[str, str, Span | None, str], ...]:
    """(class that changes an attribute, another class that uses it, place, why), whatever the partition."""
    found: dict[tuple[str, str], tuple[Span | None, str]] = {}
    touched = _touched(analyses)
    for writer, name, writes, span in touched:
        for user, used, _, _ in touched if writes else ():
            if user != writer and (name == used or _ANY in (name, used)):
                what = f"the attribute {name or used!r} of the web session" if name or used else "the web session"
                found.setdefault((writer, user), (span, f"{writer} changes {what}, which {user} uses too"))
    return tuple((one, other, *found[one, other]) for one, other in sorted(found))


def _touched(analyses: Analyses) -> tuple[tuple[str, str, bool, Span | None], ...]:
    """(top-level class, attribute, whether it changes it, place) of every use of a session in the main sources."""
    facts, known = analyses.facts, analyses.known
    found: list[tuple[str, str, bool, Span | None]] = []
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        writes = known.sinks["session_write"].matches(call.method)
        if facts.is_test(site.top) or not (writes or known.sinks["session_read"].matches(call.method)):
            continue
        name = constant(facts, site.body, call.args[0]) if call.args else None
        found.append((site.top, name if isinstance(name, str) else _ANY, writes, call.span))
    for cls_name in sorted(facts.top):
        cls, top = facts.symbol(cls_name), facts.top[cls_name]
        mark = annotated(cls, known.annotations["session_attributes"])
        if mark is not None and not facts.is_test(top):
            names = [n for _, value in mark.values for n in (value if isinstance(value, tuple) else (value,))]
            found += [(top, n if isinstance(n, str) else _ANY, True, mark.span) for n in names]
        for method in cls.methods if not facts.is_test(top) else ():
            for parameter in method.params:
                read = annotated(parameter, known.annotations["session_attribute"])
                if read is not None:
                    value = read.value() or read.value("name")
                    found.append((top, value if isinstance(value, str) and value else parameter.name, False, method.name_span))
    return tuple(found)


RULE = Rule("web-session", "pinned library objects (Connection, EntityManager, HttpServletRequest ..): their users stay together", check)
