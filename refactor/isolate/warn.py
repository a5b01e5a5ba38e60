"""Warnings: what stays legal but may be felt, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import annotated
from refactor.ir.program import Body
from refactor.ir.statements import Binary, Const, Copy, Invoke, Local, New, Unsupported, Value
from refactor.ir.symbols import ClassKind, Flags
from refactor.ir.types import ClassType, TypeVar, class_names, erase
from refactor.isolate.beans import contexts_apart
from refactor.isolate.context import Context
from refactor.isolate.inside import looked_into
from refactor.isolate.platform import settings_of_one_part
from refactor.isolate.rules.embedded import users
from refactor.isolate.rules.handlers import written_in_order
from refactor.isolate.uses import Use
from refactor.support.components import strongly_connected
from refactor.support.diagnostics import Diagnostic, Note, Severity
from refactor.support.source import Span

_PLACES = 5  # notes under one warning; the count is always in the message


def warnings(ctx: Context) -> tuple[Diagnostic, ...]:
    """before: a legal context   after: the places where the split program costs more, or differs where nobody should look

    Empty where there is only one part.
    """
    if len({d.part for d in ctx.roles.values() if d.part is not None}) < 2:
        return ()
    found = [*_databases(ctx), *_cycles(ctx), *_calls(ctx), *_identity(ctx), *_classes(ctx), *_unread(ctx), *_contained(ctx)]
    found += [*_exceptions(ctx), *looked_into(ctx), *settings_of_one_part(ctx), *written_in_order(ctx), *contexts_apart(ctx.analyses)]
    return tuple(sorted(found, key=lambda d: (d.id, d.span or Span("", 0, 0, 0, 0), d.message)))


def _cycles(ctx: Context) -> Iterator[Diagnostic]:
    """Objects of two parts that can hold each other are never collected by either side."""
    facts = ctx.facts
    graph: dict[str, set[str]] = {}
    place: dict[tuple[str, str], Span | None] = {}
    for name in sorted(facts.top):
        top = facts.top[name]
        if ctx.owner(top) is None:
            continue
        for field in facts.symbol(name).fields:
            for used in sorted(class_names(field.type)):
                target = facts.top.get(used)
                if target is not None and target != top and ctx.owner(target) is not None:
                    graph.setdefault(top, set()).add(target)
                    place.setdefault((top, target), field.name_span)
    for group in strongly_connected(graph):
        parts = sorted({str(ctx.owner(n)) for n in group})
        if len(parts) > 1:
            names = sorted(group)
            cut = sorted((a, b) for a in names for b in graph.get(a, ()) if b in group and ctx.owner(a) != ctx.owner(b))
            message = (
                f"objects of {', '.join(names)} can hold each other across {', '.join(parts)}: counting references never frees such a cycle"
            )
            notes = tuple(Note(f"{a} holds {b}", place[a, b]) for a, b in cut[:_PLACES])
            yield Diagnostic(
                "isolate/reference-cycle",
                Severity.WARNING,
                message,
                place[cut[0]],
                notes,
                "the traced collection frees it; in one part it needs none",
            )


def _calls(ctx: Context) -> Iterator[Diagnostic]:
    """Remote calls in loops, and inside a catch that would swallow a transport failure; one warning per pair of classes."""
    loops: dict[tuple[str, str], list[Use]] = {}
    guarded: dict[tuple[str, str], list[Use]] = {}
    for use in ctx.analyses.uses:
        if use.user not in ctx.roles or not (use.loops or use.guarded):
            continue
        for callee in use.callees:
            if ctx.remote(use.user, callee):
                if use.loops:
                    loops.setdefault((use.user, callee), []).append(use)
                if use.guarded:
                    guarded.setdefault((use.user, callee), []).append(use)
    for id_, found, what, help_ in (
        ("isolate/remote-call-in-loop", loops, "inside loops", "ask for all of it in one call, or keep the classes together"),
        ("isolate/broad-catch", guarded, "inside a catch of a general exception, which would also catch a lost connection", ""),
    ):
        for (user, callee), uses in sorted(found.items()):
            count = f"{len(uses)} remote call{'s' if len(uses) > 1 else ''}"
            notes = tuple(Note(_member(u.member), u.span) for u in uses[:_PLACES])
            yield Diagnostic(id_, Severity.WARNING, f"{user} makes {count} to {callee} {what}", uses[0].span, notes, help_)


def _databases(ctx: Context) -> Iterator[Diagnostic]:
    """Parts that have an embedded database of their own each: nothing that changes is in two of them."""
    used = ctx.analyses.once(users)
    parts = sorted({part for name in (used[1] if used else ()) if (part := ctx.owner(name)) is not None})
    if used is not None and len(parts) > 1:
        names = f"{', '.join(parts[:-1])} and {parts[-1]}"
        message = f"{names} have an embedded {used[0]} each, filled alike when they start; no table that changes is used by two of them"
        help_ = "with a database server instead they would share one"
        yield Diagnostic("isolate/database-per-part", Severity.WARNING, message, None, help=help_)


def _identity(ctx: Context) -> Iterator[Diagnostic]:
    known, facts = ctx.known, ctx.facts
    for site in facts.sites(Binary):
        binary = cast(Binary, site.statement)
        if binary.op in ("==", "!=") and not _is_null(binary.left) and not _is_null(binary.right):
            left, right = erase(binary.left.type), erase(binary.right.type)
            if not (isinstance(left, ClassType) and isinstance(right, ClassType)):
                continue
            if left.name in known.value and right.name in known.value and not any(_one_everywhere(ctx, n) for n in (left.name, right.name)):
                short = left.name.rpartition(".")[2]
                message = f"{binary.op} compares two objects of {short} by identity; one that has been in another part is a copy"
                yield Diagnostic("isolate/identity-of-value", Severity.WARNING, message, binary.span, help="compare with equals")
            elif "equals(" not in site.body.key and _any(binary.left.type) and _any(binary.right.type):
                message = f"{binary.op} compares two objects of any class by identity; values that have been in another part are copies"
                yield Diagnostic("isolate/identity-of-any", Severity.WARNING, message, binary.span)
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if call.method and call.method.startswith("java.lang.System#identityHashCode("):
            message = "identity hash codes differ between a proxy and its object; an order that depends on them changes"
            yield Diagnostic("isolate/identity-hash", Severity.WARNING, message, call.span)
        elif call.method and call.method.startswith("java.lang.Thread#interrupt(") and site.top in ctx.roles:
            message = "an interrupt reaches the thread of this process only, not the remote call that it may wait for"
            yield Diagnostic("isolate/interrupt", Severity.WARNING, message, call.span)
    for site in facts.sites(New):
        new = cast(New, site.statement)
        if new.cls == "java.util.IdentityHashMap":
            message = "an IdentityHashMap tells copies of one value apart"
            yield Diagnostic("isolate/identity-hash", Severity.WARNING, message, new.span)


def _one_everywhere(ctx: Context, name: str) -> bool:
    """Whether a copy of such a value is the same object: classes and enumeration constants travel by name."""
    symbol = ctx.facts.program.find(name)
    return name == "java.lang.Class" or (symbol is not None and symbol.kind is ClassKind.ENUM)


def _classes(ctx: Context) -> Iterator[Diagnostic]:
    """getClass() of what may be a proxy that the runtime made: of a library object, a lambda, or an anonymous class's object.

    A proxy of a named class has a class of the same name. Inside equals the answer is compared with that of `this`, which is none.
    """
    for site in ctx.facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if site.top not in ctx.roles or call.method is None or not call.method.startswith("java.lang.Object#getClass("):
            continue
        value = call.receiver
        if not isinstance(value, Local) or value.name == "this" or "#equals(" in site.body.key:
            continue
        if _is_new(ctx, site.body, value):
            continue
        type_ = erase(value.type)
        if isinstance(type_, ClassType) and _may_be_run_time_proxy(ctx, type_.name):
            message = f"getClass() of {_article(type_.name)} that another part owns answers the class of its proxy, not its own"
            yield Diagnostic("isolate/class-of-proxy", Severity.WARNING, message, call.span, help="ask with instanceof, or for a property")


def _exceptions(ctx: Context) -> Iterator[Diagnostic]:
    """Exceptions of classes that no other part can name: they arrive under that name, but without the class's code."""
    facts = ctx.facts
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        hidden = cls.anonymous or cls.local or (cls.outer is not None and bool(cls.flags & Flags.PRIVATE))
        if not hidden or facts.is_test(facts.top[name]) or ctx.known.throwable not in facts.hierarchy.supertypes(name):
            continue
        own = sorted({m.name for m in cls.methods if not m.is_constructor and not m.flags & Flags.STATIC} - {"fillInStackTrace"})
        if own and ctx.owner(name) is not None:
            what = "an anonymous class" if cls.anonymous else cls.simple_name
            caught = f"where an exception of {what} is caught in another part"
            message = f"{caught}, what it says is what it said when it left its own ({', '.join(own)})"
            place = cls.name_span or cls.span
            yield Diagnostic("isolate/exception-class", Severity.WARNING, message, place, help="give it a class that others can name")


def _is_new(ctx: Context, body: Body, value: Value) -> bool:
    """Whether a local can only hold what this body made."""
    made = ctx.facts.definitions(body).get(value.name, ()) if isinstance(value, Local) else ()
    return len(made) == 1 and (isinstance(made[0], New) or (isinstance(made[0], Copy) and _is_new(ctx, body, made[0].value)))


def _may_be_run_time_proxy(ctx: Context, name: str) -> bool:
    known, facts = ctx.known, ctx.facts
    if name in facts.top:
        below = [facts.symbol(n) for n in facts.hierarchy.subtypes(name) - {name}]
        return facts.symbol(name).is_interface or any(c.anonymous or c.local for c in below)
    if name in known.value or name in known.value_of or name in known.copy_restore or name in known.pinned:
        return False
    cls = facts.program.library.find(name)
    if cls is None or cls.flags & Flags.FINAL or cls.kind in (ClassKind.ENUM, ClassKind.RECORD):
        return False
    return known.throwable not in facts.hierarchy.supertypes(name)


def _article(name: str) -> str:
    short = name.rpartition(".")[2]
    return f"{'an' if short[0] in 'AEIOU' else 'a'} {short}"


def _contained(ctx: Context) -> Iterator[Diagnostic]:
    """Classes that a Java EE container runs. Their code is emitted and compiles, but the services start no such container."""
    found = [ctx.facts.symbol(n) for n in sorted(ctx.facts.top) if not ctx.facts.is_test(ctx.facts.top[n])]
    contained = [(c, mark) for c in found if (mark := annotated(c, ctx.known.annotations["container"]))]
    if contained:
        count = "1 class is" if len(contained) == 1 else f"{len(contained)} classes are"
        message = f"{count} run by a Java EE container; the emitted services compile, but nothing in them starts or serves these classes"
        notes = tuple(Note(f"@{mark.name.rpartition('.')[2]} {c.name}", c.name_span) for c, mark in contained[:_PLACES])
        help_ = "deploy the parts into a container, or move these classes to Spring first; verify cannot prove them equal"
        yield Diagnostic("isolate/container-not-emitted", Severity.WARNING, message, contained[0][0].name_span, notes, help_)


def _is_null(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None


def _any(type_: object) -> bool:
    return isinstance(type_, TypeVar) or (isinstance(type_, ClassType) and type_.name == "java.lang.Object")


def _unread(ctx: Context) -> Iterator[Diagnostic]:
    """Code that no rule could look at."""
    for site in ctx.facts.sites(Unsupported):
        what = cast(Unsupported, site.statement).what
        message = f"the rules do not understand {what}; what it does with objects of other parts was not checked"
        yield Diagnostic("isolate/unsupported-syntax", Severity.WARNING, message, site.statement.span)
    blind = [s for s in ctx.facts.sites(Invoke) if cast(Invoke, s.statement).method is None and s.top in ctx.roles]
    if blind:
        notes = tuple(Note(cast(Invoke, s.statement).reason, s.statement.span) for s in blind[:_PLACES])
        message = f"{len(blind)} calls could not be resolved; no rule saw what they reach"
        yield Diagnostic("isolate/unresolved-calls", Severity.WARNING, message, blind[0].statement.span, notes)


def _member(key: str) -> str:
    return key.rpartition(".")[2].partition("(")[0].partition(":")[0].replace("#", ".")
