"""An array that is written and kept is one object: both sides of the cut would have their own copy of it."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.flow.arrayfacts import Crossing, Touch
from refactor.ir.types import ArrayType, ClassType, Type, TypeVar, WildcardType
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.knowledge import Names
from refactor.isolate.plan import Passing
from refactor.support.source import Span


def check(ctx: Context) -> Iterator[Violation]:
    """before: an array goes over the cut, one side keeps it, somebody writes into it   after: a violation naming both sides

    Fine: an array that nobody writes into (copied), and an argument that the callee does not keep (copied back after the
    call). An array fresh from the callee is fine as a result, too: the callee does not keep it.
    """
    for crossing, callee, kept in _shared(ctx):
        if crossing.user in ctx.roles:
            yield Violation(RULE.id, crossing.span, _message(ctx, crossing, callee, kept), tuple(sorted({crossing.user, callee})))
    yield from _carried(ctx)


def test_crossings(ctx: Context) -> Iterator[tuple[str, str, Span | None, str]]:
    """(test class, owned class, place, reason) where a test shares an array with a part: it has to run inside it."""
    for crossing, callee, kept in _shared(ctx):
        if crossing.user not in ctx.roles:
            yield crossing.user, callee, crossing.span, _message(ctx, crossing, callee, kept)
    carried = [c for c in ctx.analyses.arrays.classes.values() if c.written and c.array and c.library]
    for user, callee in ctx.analyses.once(_carriers):
        if user not in ctx.roles and ctx.remote(user, callee):
            part = ctx.owner(callee)
            shared = next((c for c in carried if user in c.used and any(ctx.owner(t) == part for t in c.used)), None)
            if shared is not None:
                yield user, callee, shared.written[0].span, f"{user} exchanges collections of written arrays with {callee}"


def _shared(ctx: Context) -> Iterator[tuple[Crossing, str, Touch | None]]:
    keepers = ctx.analyses.once(_keepers)
    memo: dict[tuple[int, str], Touch | None] = {}
    for crossing in ctx.analyses.once(_written):
        for callee in crossing.callees:
            part = ctx.owner(callee)
            if part is not None and ctx.remote(crossing.user, callee):
                key = crossing.of, part
                if key not in memo:
                    memo[key] = next((t for t in keepers[crossing.of] if part in ctx.places(t.top)), None)
                if crossing.kind == "field" or memo[key] is not None:
                    yield crossing, callee, memo[key]


def _written(analyses: Analyses) -> tuple[Crossing, ...]:
    return tuple(c for c in analyses.arrays.crossings if analyses.arrays.classes[c.of].written)


def _keepers(analyses: Analyses) -> dict[int, tuple[Touch, ...]]:
    """Array class -> the first place in each top-level class that keeps an array of it."""
    found: dict[int, tuple[Touch, ...]] = {}
    for ident, cls in analyses.arrays.classes.items():
        first: dict[str, Touch] = {}
        for touch in cls.kept:
            first.setdefault(touch.top, touch)
        found[ident] = tuple(first[top] for top in sorted(first))
    return found


def _message(ctx: Context, crossing: Crossing, callee: str, kept: Touch | None) -> str:
    where = f", which keeps it at {kept.span}" if kept else ""
    what = {"argument": "gives an array to", "result": "gets an array from", "field": "uses an array field of"}[crossing.kind]
    written = ctx.analyses.arrays.classes[crossing.of].written[0]
    return f"{crossing.user} {what} {callee}{where}; it is written at {written.span}"


def _carried(ctx: Context) -> Iterator[Violation]:
    """Arrays that cross inside something else: an element of a collection, a field of a class that is copied."""
    together = _connected(ctx)
    for ident in sorted(ctx.analyses.arrays.classes):
        found = ctx.analyses.arrays.classes[ident]
        if not found.written or not found.array:
            continue
        copied = [f for f in sorted(found.fields) if _is_copied(ctx, f.partition("#")[0])]
        users = sorted(t for t in found.used if ctx.owner(t) is not None)
        if copied:
            groups = [users]
        else:
            by_component: dict[str, list[str]] = {}
            for user in users if found.library else ():
                by_component.setdefault(together.get(ctx.owner(user) or "", ""), []).append(user)
            groups = [g for component, g in sorted(by_component.items()) if component]
        for group in groups:
            if len({ctx.owner(t) for t in group}) > 1:
                how = f"in the copied field {copied[0].partition(':')[0]}" if copied else "inside a collection"
                message = f"an array that is written at {found.written[0].span} crosses {how}; {', '.join(group)} use it"
                yield Violation(RULE.id, found.written[0].span, message, tuple(group))


def _connected(ctx: Context) -> dict[str, str]:
    """Part -> the first of the parts between which collections of arrays can travel, tests in between included."""
    found: dict[str, str] = {}

    def first(part: str) -> str:
        while found.setdefault(part, part) != part:
            part = found[part]
        return part

    for user, owner in ctx.analyses.once(_carriers):
        part = ctx.owner(owner)
        if part is not None and ctx.remote(user, owner):
            for place in ctx.places(user):
                one, other = sorted((first(place), first(part)))
                found[other] = one
    return {part: first(part) for part in list(found)}


def _is_copied(ctx: Context, cls: str) -> bool:
    top = ctx.facts.top.get(cls)
    if top is None or top not in ctx.roles:
        return False
    passing = ctx.analyses.eligible.passing(ctx.facts, cls, ctx.owner(cls) is None)
    return passing in (Passing.VALUE, Passing.EXCEPTION)


def _carriers(analyses: Analyses) -> tuple[tuple[str, str], ...]:
    """(user, owner) of every use of a member whose type holds arrays inside type arguments, as in List<int[]>."""
    facts, values = analyses.facts, analyses.known.value
    members: dict[str, set[str]] = {}
    for cls in facts.program.classes.values():
        for method in cls.methods:
            if any(_inside(t, values) for t in (method.result, *(p.type for p in method.params))):
                rest = method.key.partition("#")[2]
                below = facts.hierarchy.subtypes(cls.name)
                members[method.key] = {facts.top[cls.name], *(facts.top[n] for n in below if f"{n}#{rest}" in facts.program.bodies)}
        for field in cls.fields:
            if _inside(field.type, values):
                members[field.key] = {facts.top[cls.name]}
    found = {(use.user, owner) for use in analyses.uses if use.member in members for owner in members[use.member]}
    return tuple(sorted((a, b) for a, b in found if a != b))


def _inside(type_: Type, values: Names, nested: bool = False) -> bool:
    """Whether objects of the type hold arrays; a value type (Class<int[]>) holds none whatever its arguments."""
    match type_:
        case ArrayType():
            return nested
        case ClassType(name, args):
            return name not in values and any(_inside(a, values, True) for a in args)
        case WildcardType(upper, _):
            return upper is not None and _inside(upper, values, nested)
        case TypeVar():
            return False
        case _:
            return False


RULE = Rule("shared-array", "arrays: copy-restore where they provably do not escape, otherwise refused or kept together", check)
