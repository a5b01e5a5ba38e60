"""Whether objects of two parts may refer to each other in a circle, which reference counting never frees (and split warns of)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from refactor.pipeline.fuzz.constructs import nodes
from refactor.pipeline.fuzz.form import (
    BUILT_IN,
    FUNCTIONS,
    OBJECT,
    Anonymous,
    Class,
    Lambda,
    Make,
    Name,
    OuterThis,
    Program,
    Reference,
    This,
    Type,
    is_variable,
)  # fmt: skip

_CONTAINERS = ("list", "map")


def may_cycle(program: Program, owner: Mapping[str, str]) -> bool:
    """before: a program, simple class name -> part (absent: every part)   after: whether types allow a circle over two parts"""
    heap = _Heap(program)
    reached = {name: _reached(targets, heap.edges) for name, targets in heap.edges.items()}
    circles = ({other for other in found if name in reached[other]} for name, found in reached.items() if name in found)
    return any(len({owner.get(heap.home[n]) for n in circle}) > 1 for circle in circles)


class _Heap:
    """What may refer to what, by kind of object: the classes, the functions and anonymous classes of each class, and the lists and maps
    that each class makes. `home`: the top-level class in whose part such an object lives. Arrays are copied, so they live with who holds
    them."""

    def __init__(self, program: Program) -> None:
        self._classes = {c.name: c for top in program.classes for c in (top, *top.nested)}
        self.home = {name: name.partition(".")[0] for name in self._classes}
        self._functions: dict[str, Anonymous | Lambda | Reference] = {}
        self._containers: dict[str, Type] = {}
        for top, root in (*((c.name, c) for c in program.classes), ("Main", program.main)):
            for i, node in enumerate(nodes(root)):
                name = f"{top}${i}"
                if isinstance(node, Anonymous | Lambda | Reference):
                    self._functions[name] = node
                    self.home[name] = top
                elif isinstance(node, Make) and node.type.name in _CONTAINERS:
                    self._containers[name] = node.type
                    self.home[name] = top
        self.edges: dict[str, frozenset[str]] = {name: frozenset(self._of_class(c)) for name, c in self._classes.items()}
        for name, function in self._functions.items():
            self.edges[name] = frozenset(self._of_function(self.home[name], function))
        for name, type_ in self._containers.items():
            self.edges[name] = frozenset(t for arg in type_.args for t in self._held(arg))

    def _of_class(self, cls: Class) -> Iterator[str]:
        if "." in cls.name and cls.kind == "inner":
            yield from {cls.name.partition(".")[0]} & self._classes.keys()
        for field in cls.fields:
            if not field.static:
                yield from self._held(field.type)
        if cls.parent is not None and cls.parent in self._classes:
            yield from self._of_class(self._classes[cls.parent])

    def _of_function(self, top: str, function: Anonymous | Lambda | Reference) -> Iterator[str]:
        """The object around it, what it names, and what it has where it is a class with fields."""
        yield from (name for name, home in self.home.items() if home == top and name in self._classes)
        for node in nodes(function):
            if isinstance(node, Name | This | OuterThis):
                yield from self._held(node.type)
        if isinstance(function, Anonymous):
            for field in function.fields:
                yield from self._held(field.type)
            if function.cls in self._classes:
                yield from self._of_class(self._classes[function.cls])

    def _held(self, type_: Type) -> Iterator[str]:
        """What a variable of the type may refer to."""
        if type_ == OBJECT or is_variable(type_) or type_.name in FUNCTIONS:
            yield from self.home
        elif type_.name in _CONTAINERS:
            yield from (name for name, made in self._containers.items() if made.name == type_.name)
        elif type_.name == "array":
            yield from self._held(type_.args[0])
        elif type_.name not in BUILT_IN:
            yield from (n for n in self._classes if type_.name in self._above(n))
            yield from (n for n, f in self._functions.items() if type_.name in self._above(f.type.name))

    def _above(self, name: str) -> set[str]:
        """The class, its superclasses and all their interfaces."""
        found = set()
        at: str | None = name
        while at is not None:
            cls = self._classes.get(at)  # while shrinking, a parent may be gone
            found |= {at, *(cls.interfaces if cls else ())}
            at = cls.parent if cls else None
        return found


def _reached(start: frozenset[str], edges: Mapping[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(start)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(edges[name])
    return found
