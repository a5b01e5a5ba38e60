"""Whether objects of two parts may refer to each other in a circle, which reference counting never frees (and split warns of)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from refactor.pipeline.fuzz.form import BUILT_IN, Class, Program, Type


def may_cycle(program: Program, owner: Mapping[str, str]) -> bool:
    """before: a program, simple class name -> part (None: every part)   after: whether field types allow a circle over two parts"""
    classes = {c.name: c for top in program.classes for c in (top, *top.nested)}
    edges = {name: frozenset(_targets(cls, classes)) for name, cls in classes.items()}
    for name in classes:
        reached = _reached(name, edges)
        if name in reached:
            circle = {other for other in reached if name in _reached(other, edges)}
            if len({owner.get(c.partition(".")[0]) for c in circle}) > 1:
                return True
    return False


def _targets(cls: Class, classes: Mapping[str, Class]) -> Iterator[str]:
    """What a field of the class may hold. Behind an interface or an abstract class is anything: functions capture what they like."""
    if "." in cls.name and cls.kind == "inner":
        yield from {cls.name.partition(".")[0]} & classes.keys()
    for field in cls.fields:
        for name in _names(field.type):
            if name not in classes:
                continue
            if classes[name].kind in ("interface", "abstract"):
                yield from classes
            yield from (n for n in classes if name in _chain(n, classes))
    if cls.parent is not None and cls.parent in classes:
        yield from _targets(classes[cls.parent], classes)


def _chain(name: str, classes: Mapping[str, Class]) -> Iterator[str]:
    at: str | None = name
    while at is not None:
        yield at
        at = classes[at].parent if at in classes else None  # while shrinking, a parent may be gone


def _names(type_: Type) -> Iterator[str]:
    if type_.name not in BUILT_IN:
        yield type_.name
    for arg in type_.args:
        yield from _names(arg)


def _reached(start: str, edges: Mapping[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(edges[start])
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(edges[name])
    return found
