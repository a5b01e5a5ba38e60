"""An array, or a library object that travels as arrays do, is one object where it is written and kept: no copy of it will do."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.flow.arrayfacts import ArrayClass, Crossing, Touch
from refactor.ir.types import ArrayType, ClassType, Type, TypeVar, WildcardType
from refactor.isolate.context import Analyses, Context, Rule, Violation
from refactor.isolate.knowledge import Knowledge
from refactor.isolate.plan import Passing
from refactor.support.source import Span


def check_arrays(ctx: Context) -> Iterator[Violation]:
    """before: an array goes over the cut, one side keeps it, somebody writes into it   after: a violation naming both sides

    Fine: an array that nobody writes into (copied), and an argument that the callee does not keep (copied back after the
    call). An array fresh from the callee is fine as a result, too: the callee does not keep it.
    """
    yield from (v for v in _violations(ctx) if v.rule == ARRAYS.id)


def check_objects(ctx: Context) -> Iterator[Violation]:
    """before: p's class returns the text buffer that it keeps, q's appends to it   after: a violation naming both

    Buffers, dates and positions are copied there and back like arrays, and as long as they are not kept that is exact.
    """
    yield from (v for v in _violations(ctx) if v.rule == OBJECTS.id)


def _violations(ctx: Context) -> Iterator[Violation]:
    for crossing, callee, kept in _shared(ctx):
        if crossing.user in ctx.roles:
            rule = _rule(ctx.analyses.arrays.classes[crossing.of])
            yield Violation(rule, crossing.span, _message(ctx, crossing, callee, kept), tuple(sorted({crossing.user, callee})))
    yield from _carried(ctx)


def _rule(cls: ArrayClass) -> str:
    return ARRAYS.id if cls.array else OBJECTS.id


def _what(cls: ArrayClass) -> str:
    return "an array" if cls.array else f"a {cls.restored.rpartition('.')[2]}"


def test_crossings(ctx: Context) -> Iterator[tuple[str, str, Span | None, str]]:
    """(test class, owned class, place, reason) where a test shares an array with a part: it has to run inside it."""
    for crossing, callee, kept in _shared(ctx):
        if crossing.user not in ctx.roles:
            yield crossing.user, callee, crossing.span, _message(ctx, crossing, callee, kept)
    carried = [c for c in ctx.analyses.arrays.classes.values() if c.written and c.tracked and c.library]
    for user, callee in ctx.analyses.once(_carriers):
        if user not in ctx.roles and ctx.remote(user, callee):
            part = ctx.owner(callee)
            shared = next((c for c in carried if user in c.used and any(ctx.owner(t) == part for t in c.used)), None)
            if shared is not None:
                message = f"{user} and {callee} exchange collections, and {_what(shared)} that is in one is written"
                yield user, callee, shared.written[0].span, message


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
    cls = ctx.analyses.arrays.classes[crossing.of]
    how = {"argument": ("gives", "to"), "result": ("gets", "from"), "field": ("uses", "in a field of")}[crossing.kind]
    return f"{crossing.user} {how[0]} {_what(cls)} {how[1]} {callee}{where}; it is written at {cls.written[0].span}"


def _carried(ctx: Context) -> Iterator[Violation]:
    """Arrays that cross inside something else: an element of a collection, a field of a class that is copied."""
    together = _connected(ctx)
    for ident in sorted(ctx.analyses.arrays.classes):
        found = ctx.analyses.arrays.classes[ident]
        if not found.written or not found.tracked:
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
                message = f"{_what(found)} that is written at {found.written[0].span} crosses {how}; {', '.join(group)} use it"
                yield Violation(_rule(found), found.written[0].span, message, tuple(group))


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
    facts, known = analyses.facts, analyses.known
    members: dict[str, set[str]] = {}
    for cls in facts.program.classes.values():
        for method in cls.methods:
            if any(_inside(t, known) for t in (method.result, *(p.type for p in method.params))):
                bodies = (*facts.dispatch.overriding(method.key), *facts.dispatch.functions(method.key))
                members[method.key] = {facts.top[cls.name], *(facts.top[facts.program.bodies[k].owner] for k in bodies)}
        for field in cls.fields:
            if _inside(field.type, known):
                members[field.key] = {facts.top[cls.name]}
    found = {(use.user, owner) for use in analyses.uses if use.member in members for owner in members[use.member]}
    return tuple(sorted((a, b) for a, b in found if a != b))


def _inside(type_: Type, known: Knowledge, nested: bool = False) -> bool:
    """Whether objects of the type hold arrays or the like; a value type (Class<int[]>) holds none whatever its arguments."""
    match type_:
        case ArrayType():
            return nested
        case ClassType(name, args):
            if nested and name in known.copy_restore:
                return True
            return name not in known.value and any(_inside(a, known, True) for a in args)
        case WildcardType(upper, _):
            return upper is not None and _inside(upper, known, nested)
        case TypeVar():
            return False
        case _:
            return False


ARRAYS = Rule("shared-array", "arrays: copy-restore where they provably do not escape, otherwise refused or kept together", check_arrays)
OBJECTS = Rule("shared-object", "library objects: copy-restore where they provably do not escape, otherwise kept together", check_objects)
