"""Types as written, and what every node has (see tree.py)."""

from __future__ import annotations

from refactor.ir.types import Type


class Node:
    """A byte range [start, end) of the file."""

    __slots__ = ("end", "start")
    start: int
    end: int


class TypeNode(Node):
    """A type as written; `type` is what it resolved to."""

    __slots__ = ("type",)
    type: Type | None


class TPrim(TypeNode):
    __slots__ = ("name",)

    def __init__(self, start: int, end: int, name: str) -> None:
        self.start, self.end, self.name, self.type = start, end, name, None


class Part:
    """One identifier of a (qualified) type name with its type arguments; None: none written, (): a diamond."""

    __slots__ = ("args", "end", "name", "start")

    def __init__(self, start: int, end: int, name: str, args: list[TypeNode] | None = None) -> None:
        self.start, self.end, self.name, self.args = start, end, name, args


class TName(TypeNode):
    """`a.b.C<X>.D<Y>`."""

    __slots__ = ("parts",)

    def __init__(self, start: int, end: int, parts: list[Part]) -> None:
        self.start, self.end, self.parts, self.type = start, end, parts, None

    @property
    def is_var(self) -> bool:
        return len(self.parts) == 1 and self.parts[0].name == "var" and self.parts[0].args is None

    @property
    def is_diamond(self) -> bool:
        return self.parts[-1].args == []


class TArray(TypeNode):
    __slots__ = ("element",)

    def __init__(self, start: int, end: int, element: TypeNode) -> None:
        self.start, self.end, self.element, self.type = start, end, element, None


class TWild(TypeNode):
    """`?`; `bound` with `is_super` telling which kind."""

    __slots__ = ("bound", "is_super")

    def __init__(self, start: int, end: int, bound: TypeNode | None, is_super: bool) -> None:
        self.start, self.end, self.bound, self.is_super, self.type = start, end, bound, is_super, None


class TParam(Node):
    __slots__ = ("bounds", "name")

    def __init__(self, start: int, end: int, name: str, bounds: list[TypeNode]) -> None:
        self.start, self.end, self.name, self.bounds = start, end, name, bounds
