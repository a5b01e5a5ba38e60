"""A lock is taken on the real object in its own process; a lock on a proxy excludes nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from refactor.ir.program import Body
from refactor.ir.statements import Cast, Const, Copy, Invoke, Load, Local, Synchronized, Value
from refactor.ir.symbols import Flags
from refactor.ir.types import ClassType, erase
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.identity import possible_classes
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
    owners = tuple(sorted({o for o in _sources(analyses, body, value, 0) if o != user}))
    if owners:
        yield _Lock(user, owners, span, f"{what} what it got from")


def _sources(analyses: Analyses, body: Body, value: Local, depth: int) -> Iterator[str]:
    facts = analyses.facts
    if any(p.name == value.name for p in body.params):
        # A parameter: from any caller that stands in another class.
        for use in analyses.uses:
            if use.member == body.key:
                yield use.user
    for made in facts.definitions(body).get(value.name, ()) if depth < 8 else ():
        match made:
            case Copy(value=Local() as inner) | Cast(value=Local() as inner):
                yield from _sources(analyses, body, inner, depth + 1)
            case Invoke(method=str(key)) | Load(field=key):
                top = facts.top_of_member(key)
                if top is not None:
                    yield top
            case _:
                pass


def class_locks(analyses: Analyses) -> tuple[tuple[tuple[str, ...], Span], ...]:
    """Groups of top-level classes that lock one class object: by a class literal, or by static synchronized methods."""
    facts = analyses.facts
    by_class: dict[str, dict[str, Span]] = {}
    for site in facts.sites(Synchronized):
        lock = cast(Synchronized, site.statement)
        literal = _literal(analyses, site.body, lock.lock, 0)
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


def _literal(analyses: Analyses, body: Body, value: Value, depth: int) -> str | None:
    if isinstance(value, Const):
        return value.value.name if isinstance(value.value, ClassType) else None
    made = analyses.facts.definitions(body).get(value.name, [])
    if len(made) == 1 and isinstance(made[0], Copy) and depth < 8:
        return _literal(analyses, body, made[0].value, depth + 1)
    return None


RULE = Rule("remote-monitor", "monitors stay right: a lock is held where the object lives", check)
