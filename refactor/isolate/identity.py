"""Which classes have instances that somebody tells apart by identity, or locks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from refactor.flow.facts import Facts
from refactor.ir.statements import Binary, Const, Invoke, Local, Synchronized, Value
from refactor.ir.symbols import ClassKind, Flags
from refactor.ir.types import ArrayType, ClassType, Type, TypeVar, erase
from refactor.isolate.knowledge import Knowledge
from refactor.support.source import Span

OBJECT = "java.lang.Object"


def identity_uses(facts: Facts, known: Knowledge) -> Mapping[str, tuple[Span, str]]:
    """before: Facts   after: class -> (first place, what is done there): compared by ==, given to an identity sink, or locked

    A comparison through a supertype counts for all application classes below it. Comparisons of two values of the type
    Object say nothing about any class and are left to the warnings, as is `this == other` inside equals.
    """
    found: dict[str, tuple[Span, str]] = {}

    def note(type_: Type, span: Span, what: str) -> None:
        for name in possible_classes(facts, type_):
            found.setdefault(name, (span, what))

    for site in facts.sites(Binary):
        binary = cast(Binary, site.statement)
        if binary.op in ("==", "!=") and _references(binary.left, binary.right):
            within = site.body.key.partition("#")[2]
            if not (within.startswith("equals(") and "this" in (_name(binary.left), _name(binary.right))):
                # Both sides are possible instances of the narrower of the two types.
                narrow = min((binary.left.type, binary.right.type), key=lambda t: len(possible_classes(facts, t)) or 1 << 30)
                note(narrow, binary.span, f"compared by {binary.op}")
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if known.sinks["identity"].matches(call.method):
            for arg in call.args:
                note(arg.type, call.span, f"compared by identity in {_short(call.method)}")
        elif known.sinks["lock"].matches(call.method):
            for value in (*call.args, *((call.receiver,) if call.receiver else ())):
                note(value.type, call.span, f"used as a monitor by {_short(call.method)}")
    for site in facts.sites(Synchronized):
        lock = cast(Synchronized, site.statement)
        locked = lock.lock.value if isinstance(lock.lock, Const) and isinstance(lock.lock.value, ClassType) else lock.lock.type
        note(locked, lock.span, "locked")
    for cls in facts.program.classes.values():
        for method in cls.methods:
            if method.flags & Flags.SYNCHRONIZED and cls.span:
                found.setdefault(cls.name, (method.name_span or cls.span, "locked by a synchronized method"))
    return found


def possible_classes(facts: Facts, type_: Type) -> tuple[str, ...]:
    """The application classes whose instances a value of this static type may be; none where the type says nothing (Object)."""
    erased = erase(type_)
    if isinstance(erased, ArrayType) or not isinstance(erased, ClassType) or erased.name == OBJECT or erased.name not in facts.top:
        return ()
    return tuple(n for n in sorted(facts.hierarchy.subtypes(erased.name)) if facts.symbol(n).kind is not ClassKind.ENUM)


def _references(left: Value, right: Value) -> bool:
    for value in (left, right):
        if isinstance(value, Const):
            return False
        if not isinstance(value.type, ClassType | TypeVar):
            return False
    return True


def _name(value: Value) -> str | None:
    return value.name if isinstance(value, Local) else None


def _short(key: str | None) -> str:
    return (key or "").rpartition(".")[2].partition("(")[0].replace("#", ".")
