"""Which library types carry objects of the application through signatures that do not name their classes."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.flow.facts import Facts
from refactor.ir.symbols import Flags, Origin
from refactor.ir.types import OBJECT, ArrayType, ClassType, IntersectionType, Type, TypeVar, WildcardType

_EQUALS = "equals(Ljava/lang/Object;)Z"


def wide_types(facts: Facts) -> frozenset[str]:
    """before: `void show(Object o)`, `Comparable<?> key()`   after: {"java.lang.Object", "java.lang.Comparable"}

    Parameters, results and fields that other classes can use; what is behind a type variable counts as its bound, and the
    elements of a raw type as objects. `equals(Object)` is left out: an object of an unknown class is not equal to any.
    """
    found: set[str] = set()
    for type_ in _visible(facts):
        found.update(_carried(facts, type_))
    return frozenset(found)


def widens(facts: Facts, wide: frozenset[str], name: str) -> bool:
    """Whether an object of the class may arrive somewhere under one of the wide types."""
    above = {n for n in facts.hierarchy.supertypes(name) if n not in facts.top} | {OBJECT.name}
    return not above.isdisjoint(wide)


def _visible(facts: Facts) -> Iterator[Type]:
    for cls in facts.program.classes.values():
        if cls.origin is not Origin.MAIN:
            continue
        for field in cls.fields:
            if not field.flags & Flags.PRIVATE:
                yield field.type
        for method in cls.methods:
            if not method.flags & Flags.PRIVATE and method.name + method.descriptor != _EQUALS:
                yield method.result
                yield from (p.type for p in method.params)


def _carried(facts: Facts, type_: Type) -> Iterator[str]:
    match type_:
        case ClassType(name, args):
            if name not in facts.top:
                yield name
                symbol = facts.program.library.find(name)
                if not args and symbol is not None and symbol.type_params:
                    yield OBJECT.name
            for arg in args:
                yield from _carried(facts, arg)
        case ArrayType(element):
            yield from _carried(facts, element)
        case TypeVar(_, _, bounds):
            for bound in bounds or (OBJECT,):
                if isinstance(bound, ClassType):
                    yield bound.name
        case WildcardType(upper, _):
            yield from _carried(facts, upper if upper is not None else OBJECT)
        case IntersectionType(parts):
            for part in parts:
                yield from _carried(facts, part)
        case _:
            pass
