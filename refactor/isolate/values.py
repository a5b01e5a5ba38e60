"""Classes without state, and classes whose instances can be copied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from refactor.flow.facts import Facts, flat
from refactor.ir.statements import Copy, Invoke, Lambda, Local, New, Store, Value
from refactor.ir.symbols import ClassKind, ClassSymbol, Flags
from refactor.ir.types import ClassType, PrimitiveType, Type, TypeVar, WildcardType
from refactor.isolate.immutable import is_enum
from refactor.isolate.knowledge import Knowledge


def is_inner(facts: Facts, cls: ClassSymbol) -> bool:
    """Whether instances hold, or may hold, an instance of the class around them."""
    if cls.local or cls.anonymous:
        return True
    nested_class = cls.outer is not None and cls.kind is ClassKind.CLASS and not cls.flags & Flags.STATIC
    return nested_class and not facts.symbol(cast(str, cls.outer)).is_interface


def stateless_classes(facts: Facts, known: Knowledge, classes: Iterable[ClassSymbol]) -> frozenset[str]:
    """before: candidates   after: those whose instances hold nothing, superclasses included (statics are judged elsewhere)"""
    return frozenset(c.name for c in classes if _is_stateless(facts, known, c))


def _is_stateless(facts: Facts, known: Knowledge, cls: ClassSymbol) -> bool:
    at: ClassSymbol | None = cls
    while at is not None:
        if at.kind is not ClassKind.CLASS or is_inner(facts, at) or any(not f.flags & Flags.STATIC for f in at.fields):
            return False
        parent = at.superclass.name if at.superclass else None
        if parent is None or parent in known.proxy_safe_superclasses:
            return True
        at = facts.program.classes.get(parent)
    return False  # a superclass of a library: its state is not ours to see


def value_classes(facts: Facts, known: Knowledge, classes: Iterable[ClassSymbol], stateless: frozenset[str]) -> frozenset[str]:
    """before: candidates   after: the greatest set of classes whose instances can be copied

    A record is a value whatever it holds, since its components are marshalled one by one (but for arrays that somebody
    writes into: the array rule looks at those). Any other class needs final fields of types that are copied themselves, an
    equals of its own, a constructor that does not hand out `this`, and subclasses that are values as well.
    """
    # An interface that a lambda implements is not only implemented by values.
    lambdas = {cast(Lambda, s.statement).interface for s in facts.sites(Lambda)}
    implemented = frozenset(t.name for t in lambdas if isinstance(t, ClassType))
    found = {c.name for c in classes if _is_candidate(facts, known, c)}
    while True:
        travel = _Travel(facts, known, implemented, found)
        out = {name for name in found if not _stays(facts, known, facts.symbol(name), stateless, found, travel)}
        if not out:
            return frozenset(found)
        found -= out


def _stays(
    facts: Facts, known: Knowledge, cls: ClassSymbol, stateless: frozenset[str], found: set[str], travel: _Travel
) -> bool:
    parent = cls.superclass.name if cls.superclass else "java.lang.Object"
    abstract_base = parent in stateless and bool(facts.symbol(parent).flags & Flags.ABSTRACT)
    if not (parent in known.proxy_safe_superclasses or parent in found or abstract_base):
        return False
    fields = [f for f in cls.fields if not f.flags & Flags.STATIC]
    if cls.kind is not ClassKind.RECORD and not all(travel.copies(f.type) for f in fields):
        return False
    return all(below in found for below in facts.hierarchy.subtypes(cls.name))


class _Travel:
    """Whether everything that a type may hold is copied, given the current set of values."""

    def __init__(self, facts: Facts, known: Knowledge, implemented: frozenset[str], found: set[str]) -> None:
        self._facts = facts
        self._known = known
        self._implemented = implemented
        self._found = found

    def copies(self, type_: Type) -> bool:
        match type_:
            case PrimitiveType():
                return True
            case ClassType(name, args):
                if name in self._known.value:
                    return True
                if name in self._known.value_of:
                    return bool(args) and all(self.copies(a) for a in args)
                if name not in self._facts.top or name in self._implemented:
                    return False
                below = (self._facts.symbol(n) for n in self._facts.hierarchy.subtypes(name))
                concrete = [c for c in below if not c.is_interface]
                return bool(concrete) and all(c.name in self._found or is_enum(self._facts, c) for c in concrete)
            case TypeVar(_, _, bounds):
                return bool(bounds) and all(self.copies(b) for b in bounds)
            case WildcardType(upper, _):
                return upper is not None and self.copies(upper)
            case _:
                return False


def _is_candidate(facts: Facts, known: Knowledge, cls: ClassSymbol) -> bool:
    if cls.kind is ClassKind.RECORD:
        return not _leaks_this(facts, cls)
    if cls.kind is not ClassKind.CLASS or is_inner(facts, cls) or known.throwable in facts.hierarchy.supertypes(cls.name):
        return False
    own = [f for f in cls.fields if not f.flags & Flags.STATIC]
    if not own or any(not f.flags & Flags.FINAL for f in own):
        return False
    # Without an equals of its own, two copies of one instance would stop being equal.
    chain = [cls, *facts.hierarchy.superclasses(cls.name)]
    equal = any(m.name == "equals" and m.descriptor == "(Ljava/lang/Object;)Z" for c in chain if c.name in facts.top for m in c.methods)
    return (equal or bool(cls.flags & Flags.ABSTRACT)) and not _leaks_this(facts, cls)


def _leaks_this(facts: Facts, cls: ClassSymbol) -> bool:
    def this(value: Value | None) -> bool:
        return isinstance(value, Local) and value.name == "this"

    for body in facts.bodies.get(facts.top[cls.name], ()):
        if body.owner != cls.name or "#<init>" not in body.key:
            continue
        for statement, _, _ in flat(body.statements):
            match statement:
                case New(args=args, outer=outer) if this(outer) or any(this(a) for a in args):
                    return True
                case Invoke(args=args) if any(this(a) for a in args):
                    return True
                case Store(value=value) | Copy(value=value) if this(value):
                    return True
                case Lambda(captures=captures) if any(this(c) for c in captures):
                    return True
                case _:
                    pass
    return False
