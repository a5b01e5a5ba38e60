"""Which static initialisers run when a class is first used (JLS 12.4.1)."""

from __future__ import annotations

from refactor.ir.hierarchy import ClassHierarchy
from refactor.ir.program import Program
from refactor.ir.symbols import ClassSymbol, Flags


def initialisers(program: Program, hierarchy: ClassHierarchy, name: str) -> tuple[str, ...]:
    """The bodies of a class's own, of its superclasses' and, for a class, of the interfaces' above it that have default methods."""
    own = program.classes.get(name)
    if own is None:
        return ()
    names = [name]
    if not own.is_interface:
        above = (program.classes.get(n) for n in sorted(hierarchy.supertypes(name) - {name}))
        names += [c.name for c in above if c is not None and (not c.is_interface or _has_default(c))]
    return tuple(k for n in names if (k := f"{n}#<clinit>()V") in program.bodies)


def _has_default(cls: ClassSymbol) -> bool:
    return any(not m.flags & (Flags.ABSTRACT | Flags.STATIC) for m in cls.methods)
