"""A lock is taken on the real object in its own process; a lock on a proxy excludes nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from refactor.flow.origins import origins
from refactor.ir.program import Body
from refactor.ir.statements import Const, Invoke, Load, Local, Synchronized, Value
from refactor.ir.symbols import Flags
from refactor.ir.types import ClassType, erase
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.identity import possible_classes
from refactor.isolate.rules.value_identity import Ways
from refactor.support.source import Span


@dataclass(frozen=True, slots=True)
class _Lock:
    """`user` locks, or waits on, an object that may belong to one of `owners` (application classes or their top-level ones)."""

    user: str
    owners: tuple[str, ...]
    span: Span
    what: str


def check(ctx: Context) -> Iterator[Violation]:
    """before: `synchronized (order)` in q, where p owns Order   after: a violation naming both classes"""
    for lock in ctx.analyses.once(locks):
        for owner in lock.owners:
            if ctx.remote(lock.user, owner):
                message = f"{lock.user} {lock.what} an object of {owner}, which is only a proxy there"
                yield Violation(RULE.id, lock.span, message, tuple(sorted({lock.user, ctx.facts.top[owner]})))
    for group, span in ctx.analyses.once(class_locks):
        owned = [name for name in group if ctx.owner(name) is not None]
        if len({ctx.owner(name) for name in owned}) > 1:
            yield Violation(RULE.id, span, f"{', '.join(owned)} lock the same class object", tuple(owned))


def locks(analyses: Analyses) -> tuple[_Lock, ...]:
    """Every monitor use of the main sources on something that may be another class's object."""
    facts, known = analyses.facts, analyses.known
    found: list[_Lock] = []
    for site in facts.sites(Synchronized):
        lock = cast(Synchronized, site.statement)
        if not facts.is_test(site.top):
            found.extend(_of(analyses, site.top, site.body, lock.lock, lock.span, "locks"))
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if known.sinks["lock"].matches(call.method) and not facts.is_test(site.top):
            values = (call.receiver, *call.args) if call.receiver is not None else call.args
            for value in values:
                found.extend(_of(analyses, site.top, site.body, value, call.span, "waits for or wakes"))
    return tuple(found)


def _of(analyses: Analyses, user: str, body: Body, value: Value | None, span: Span, what: str) -> Iterator[_Lock]:
    facts = analyses.facts
    if not isinstance(value, Local) or value.name == "this":
        return  # class objects are looked at by themselves; `this` is always the real object
    named = tuple(n for n in possible_classes(facts, value.type) if facts.top[n] != user)
    if named:
        yield _Lock(user, named, span, what)
        return
    erased = erase(value.type)
    if isinstance(erased, ClassType) and erased.name in facts.top:
        return
    # A library object, or any object: whoever it was got from may be remote.
    steps = {top for step in analyses.once(Ways).of(body, value) for top in step if not facts.is_test(top)}
    owners = tuple(sorted({*steps, *_sources(analyses, body, value)} - {user}))
    if owners:
        yield _Lock(user, owners, span, f"{what} what it got from")


def _sources(analyses: Analyses, body: Body, value: Local) -> Iterator[str]:
    """The top-level classes that a value may be got from: by a call or a field, or as a parameter from any caller."""
    facts = analyses.facts
    for origin in origins(facts, body, value):
        match origin.made:
            case Invoke(method=str(key)) as call:
                top = facts.top_of_member(key)
                yield from (top,) if top is not None else ()
                yield from (facts.top[facts.program.bodies[k].owner] for k in facts.dispatch.runs(call))
            case Load(field=key) if (top := facts.top_of_member(key)) is not None:
                yield top
            case Local():
                called = {origin.body.key, *facts.dispatch.called_as(origin.body.key)}
                yield from (use.user for use in analyses.uses if use.member in called)
            case _:
                pass


def class_locks(analyses: Analyses) -> tuple[tuple[tuple[str, ...], Span], ...]:
    """Groups of top-level classes that lock one class object: by a class literal, or by static synchronized methods."""
    facts = analyses.facts
    by_class: dict[str, dict[str, Span]] = {}
    for site in facts.sites(Synchronized):
        lock = cast(Synchronized, site.statement)
        literal = _literal(analyses, site.body, lock.lock)
        if literal is not None and not facts.is_test(site.top):
            by_class.setdefault(literal, {}).setdefault(site.top, lock.span)
    for name in by_class:
        cls = facts.program.classes.get(name)
        for method in cls.methods if cls else ():
            if method.flags & Flags.STATIC and method.flags & Flags.SYNCHRONIZED and method.span:
                by_class[name].setdefault(facts.top[name], method.name_span or method.span)
    return tuple(
        (tuple(sorted(users)), min(users.values())) for _, users in sorted(by_class.items()) if len(users) > 1
    )


def _literal(analyses: Analyses, body: Body, value: Value) -> str | None:
    """The class of a class literal that a value is, where it can be nothing else."""
    made = [o.made for o in origins(analyses.facts, body, value)]
    names = {m.value.name if isinstance(m, Const) and isinstance(m.value, ClassType) else None for m in made}
    return next(iter(names)) if len(names) == 1 else None


RULE = Rule("remote-monitor", "monitors stay right: a lock is held where the object lives", check)
