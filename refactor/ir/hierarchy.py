"""The class hierarchy over application, library and platform classes."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.ir.program import Program
from refactor.ir.symbols import ClassSymbol
from refactor.support.diagnostics import Diagnostic, Severity


class ClassHierarchy:
    """Super- and subtype questions, and virtual dispatch, over one Program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._subclasses: dict[str, list[str]] = {}
        for cls in program.classes.values():
            for parent in self.direct_supertypes(cls):
                self._subclasses.setdefault(parent, []).append(cls.name)
        for children in self._subclasses.values():
            children.sort()

    @staticmethod
    def direct_supertypes(cls: ClassSymbol) -> tuple[str, ...]:
        """Superclass first, then interfaces, as binary names."""
        first = (cls.superclass.name,) if cls.superclass else ()
        return (*first, *(i.name for i in cls.interfaces))

    def superclasses(self, name: str) -> Iterator[ClassSymbol]:
        """The chain of superclasses above `name`, nearest first; ends where a class cannot be found."""
        seen = {name}
        cls = self._program.find(name)
        while cls and cls.superclass and cls.superclass.name not in seen:
            seen.add(cls.superclass.name)
            cls = self._program.find(cls.superclass.name)
            if cls:
                yield cls

    def supertypes(self, name: str) -> frozenset[str]:
        """All supertypes, `name` itself included."""
        found: set[str] = set()
        todo = [name]
        while todo:
            current = todo.pop()
            if current in found:
                continue
            found.add(current)
            cls = self._program.find(current)
            if cls:
                todo.extend(self.direct_supertypes(cls))
        return frozenset(found)

    def subtypes(self, name: str) -> frozenset[str]:
        """All application classes below `name`, `name` itself included."""
        found: set[str] = set()
        todo = [name]
        while todo:
            current = todo.pop()
            if current not in found:
                found.add(current)
                todo.extend(self._subclasses.get(current, ()))
        return frozenset(found)

    def is_subtype(self, name: str, of: str) -> bool:
        return of == "java.lang.Object" or of in self.supertypes(name)

    def check(self) -> tuple[Diagnostic, ...]:
        """Cycles in the hierarchy, as diagnostics."""
        found = []
        for cls in self._program.classes.values():
            if any(cls.name in self.supertypes(p) for p in self.direct_supertypes(cls)):
                message = f"{cls.name} is its own supertype"
                found.append(Diagnostic("ir/cyclic-hierarchy", Severity.ERROR, message, cls.span))
        return tuple(found)
