"""Names that moved from javax to jakarta, and what several plug-ins ask of symbols."""

from __future__ import annotations

from collections.abc import Iterable

from refactor.ir.symbols import Annotation, ClassSymbol, FieldSymbol, Flags, MethodSymbol, Param


def ee(*names: str) -> frozenset[str]:
    """before: "ejb.Stateless"   after: {"javax.ejb.Stateless", "jakarta.ejb.Stateless"}"""
    return frozenset(f"{root}.{name}" for root in ("javax", "jakarta") for name in names)


def mark(symbol: ClassSymbol | MethodSymbol | FieldSymbol | Param, names: frozenset[str]) -> Annotation | None:
    """The first annotation of a symbol that is one of `names`."""
    return next((a for a in symbol.annotations if a.name in names), None)


def words(value: object) -> list[str]:
    """The strings of an annotation's value: one, or a tuple of them."""
    return [v for v in (value if isinstance(value, tuple) else (value,)) if isinstance(v, str) and v]


def is_made(cls: ClassSymbol) -> bool:
    """Whether a framework can make an object of the class."""
    return not (cls.is_interface or cls.anonymous or cls.local or cls.flags & Flags.ABSTRACT)


def public(methods: Iterable[MethodSymbol]) -> list[MethodSymbol]:
    return [m for m in methods if m.flags & Flags.PUBLIC and not m.flags & (Flags.STATIC | Flags.ABSTRACT)]
