"""Interfaces of libraries through which objects of other parts are called: the runtime's own table cannot know them."""

from __future__ import annotations

from functools import cache

from refactor.codegen.spring.world import World
from refactor.flow.facts import declared_names
from refactor.ir.symbols import ClassKind, Flags, Origin
from refactor.isolate.knowledge import knowledge
from refactor.support.resources import resource

_TABLE = "templates/spring/runtime/core/src/main/resources/refactor/runtime/library-types.txt"


def opened(world: World) -> dict[str, str]:
    """before: `static Formatter wrap(java.util.Formattable f)`   after: {"java.util.Formattable": "reference"}

    Every public library interface that a declaration of the main sources names and that no table decides; the plan has kept
    together the users of those that cannot leave their process.
    """
    return world.once("opened", lambda: _opened(world))


def _opened(world: World) -> dict[str, str]:
    known, rows = knowledge(), _rows()
    decided = (known.value, known.value_of, known.duplicable, known.copy_restore, known.reference, known.functional, known.pinned)
    named = {
        name
        for cls in world.program.classes.values()
        if cls.origin is Origin.MAIN
        for name in declared_names(cls, private=False)
        if name not in world.program.classes
    }
    found = {}
    for name in sorted(named):
        if name in rows or f"{name.rpartition('.')[0]}.*" in rows or any(name in group for group in decided):
            continue
        cls = world.program.library.find(name)
        callable_ = cls is not None and cls.kind is ClassKind.INTERFACE and cls.flags & Flags.PUBLIC
        if callable_ and not any(above in known.pinned for above in world.hierarchy.supertypes(name)):
            found[name] = "reference"
    return found


@cache
def _rows() -> frozenset[str]:
    """The types and packages that the runtime's own table decides."""
    lines = resource(_TABLE).read_text(encoding="utf-8").splitlines()
    return frozenset(line.split(" ", 2)[1] for line in lines if line and not line.startswith("#"))
