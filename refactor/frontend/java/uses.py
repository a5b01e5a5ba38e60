"""Attributed trees -> references: one for every use of a member, at its name.

The builders have listed, for each class, the nodes that may use a member; no walk is needed.
"""

from __future__ import annotations

from collections.abc import Iterable

from refactor.frontend.java import tree as t
from refactor.frontend.java.classes import World
from refactor.frontend.java.files import Source
from refactor.ir.program import Reference, RefKind
from refactor.ir.symbols import FieldSymbol
from refactor.ir.types import UnknownType


class Uses:
    """Collects the references of one file."""

    def __init__(self, world: World, source: Source) -> None:
        self._world = world
        self._source = source
        self.found: list[Reference] = []

    def unit(self, unit: t.Unit, classes: Iterable[t.ClassDecl]) -> None:
        """`classes`: every class of the file, local and anonymous ones included."""
        self._uses(unit.uses, "")
        for decl in classes:
            self._uses(decl.uses, decl.binary)

    def _uses(self, nodes: list[t.Expr], within: str) -> None:
        key = self._world.key
        span = self._source.span
        found = self.found
        for node in nodes:
            if isinstance(node, t.Name):
                sym = node.sym
                if isinstance(sym, FieldSymbol):
                    found.append(Reference(RefKind.FIELD, span(node.start, node.end), within, key(sym)))
                elif isinstance(node.type, UnknownType) and not isinstance(sym, t.Var):
                    found.append(Reference(RefKind.FIELD, span(node.start, node.end), within, None, node.type.reason or "unknown type"))
            elif isinstance(node, t.Select):
                if isinstance(node.sym, FieldSymbol):
                    place = span(node.name_start, node.name_start + len(node.name.encode()))
                    found.append(Reference(RefKind.FIELD, place, within, key(node.sym)))
                elif node.sym is None and isinstance(node.type, UnknownType):
                    place = span(node.name_start, node.name_start + len(node.name.encode()))
                    found.append(Reference(RefKind.FIELD, place, within, None, node.type.reason or "unknown type"))
            elif isinstance(node, t.Call | t.CtorCall):
                end = node.name_start + len(node.name.encode())
                self._member(RefKind.CALL, node, node.name_start, end, within)
            elif isinstance(node, t.New):
                self._member(RefKind.NEW, node, node.new_start, node.new_start + 3, within)
            elif isinstance(node, t.MRef) and (node.method is not None or node.reason):
                name = "new" if node.name == "<init>" else node.name
                self._member(RefKind.METHOD_REF, node, node.name_start, node.name_start + len(name.encode()), within)

    def _member(self, kind: RefKind, node: t.Call | t.CtorCall | t.New | t.MRef, start: int, end: int, within: str) -> None:
        place = self._source.span(start, end)
        if node.method is not None:
            self.found.append(Reference(kind, place, within, self._world.key(node.method)))
        else:
            self.found.append(Reference(kind, place, within, None, node.reason or "not attributed"))
