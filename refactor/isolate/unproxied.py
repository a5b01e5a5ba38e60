"""Application classes that a proxy cannot stand for, because of the library class that they extend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from refactor.ir.symbols import ClassKind, ClassSymbol, Flags, MethodSymbol, Origin
from refactor.ir.types import ClassType
from refactor.isolate.context import Analyses

_OBJECT = "java.lang.Object"


def unproxied(analyses: Analyses) -> Mapping[str, str]:
    """before: Facts   after: class -> why a proxy could not forward everything that is called on it

    A proxy of a class that extends a library class has to extend that class too: what is final there runs in the proxy,
    on the proxy's own empty state, and so do reads of its fields.
    """
    facts, known = analyses.facts, analyses.known
    found: dict[str, str] = {}
    memo: dict[str, str | None] = {}
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        if cls.origin is not Origin.MAIN or cls.is_interface or cls.kind is ClassKind.ENUM or name in analyses.eligible.throwables:
            continue
        parent = _library_parent(analyses, cls)
        if parent is None or parent in known.proxy_safe_superclasses:
            continue
        if parent not in memo:
            memo[parent] = _why(analyses, parent)
        why = memo[parent]
        if why:
            found[name] = why
    return found


def _library_parent(analyses: Analyses, cls: ClassSymbol) -> str | None:
    at: ClassSymbol | None = cls
    seen: set[str] = set()
    while at is not None and at.superclass is not None and at.name not in seen:
        seen.add(at.name)
        if at.superclass.name not in analyses.facts.top:
            return at.superclass.name
        at = analyses.facts.symbol(at.superclass.name)
    return None


def _why(analyses: Analyses, parent: str) -> str | None:
    program = analyses.facts.program
    first = program.library.find(parent)
    if first is None:
        return f"its superclass {parent} could not be read"
    for cls in _chain(analyses, first):
        for method in cls.methods:
            if _visible(method) and method.flags & Flags.FINAL and not method.flags & Flags.STATIC:
                return f"{cls.name}.{method.name} is final"
        for field in cls.fields:
            if field.flags & Flags.PUBLIC and not field.flags & Flags.STATIC:
                return f"{cls.name}.{field.name} is a field that library code reads"
    constructors = [m for m in first.methods if m.is_constructor]
    if constructors and not any(_can_be_called(analyses, m) for m in constructors):
        return f"{parent} has no constructor without parameters"
    return None


def _can_be_called(analyses: Analyses, constructor: MethodSymbol) -> bool:
    """Whether a proxy can call it: no parameters, or only such that an instance that does nothing can be given for."""
    harmless = all(isinstance(p.type, ClassType) and p.type.name in analyses.known.harmless_arguments for p in constructor.params)
    return harmless and bool(constructor.flags & (Flags.PUBLIC | Flags.PROTECTED))


def _chain(analyses: Analyses, first: ClassSymbol) -> Iterator[ClassSymbol]:
    at: ClassSymbol | None = first
    seen: set[str] = set()
    while at is not None and at.name != _OBJECT and at.name not in seen:
        seen.add(at.name)
        yield at
        at = analyses.facts.program.library.find(at.superclass.name) if at.superclass else None


def _visible(method: MethodSymbol) -> bool:
    return bool(method.flags & (Flags.PUBLIC | Flags.PROTECTED)) and not method.is_constructor
