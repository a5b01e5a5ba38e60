"""Attributed trees -> references: one for every use of a member, at its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refactor.frontend.java import tree as t
from refactor.frontend.java.classes import World
from refactor.frontend.java.files import Source
from refactor.frontend.java.walk import children
from refactor.ir.program import Reference, RefKind
from refactor.ir.symbols import FieldSymbol
from refactor.ir.types import UnknownType


class Uses:
    """Collects the references of one file."""

    def __init__(self, world: World, source: Source) -> None:
        self._world = world
        self._source = source
        self._within = ""
        self.found: list[Reference] = []
        self._table: dict[type, Callable[[Any], None]] = {
            t.Call: self._call,
            t.CtorCall: self._constructor_call,
            t.New: self._new,
            t.MRef: self._method_ref,
            t.Name: self._name,
            t.Select: self._select,
        }

    def unit(self, unit: t.Unit) -> None:
        for annotation in unit.package_annotations:
            self._annotation(annotation)
        for decl in unit.types:
            self._class(decl)

    def _class(self, decl: t.ClassDecl) -> None:
        outside = self._within
        self._within = decl.binary
        self._annotations(decl.annotations)
        for component in decl.components:
            self._annotations(component.annotations)
        for member in decl.members:
            if isinstance(member, t.ClassDecl):
                self._class(member)
            elif isinstance(member, t.EnumConst):
                self._annotations(member.annotations)
                for arg in member.new.args:
                    self._visit(arg)
                if member.new.body is not None:
                    self._class(member.new.body)
            else:
                if isinstance(member, t.MethodDecl):
                    self._annotations(member.annotations)
                    for param in member.params:
                        self._annotations(param.annotations)
                    if member.default is not None:
                        self._value(member.default)
                elif isinstance(member, t.FieldDecl):
                    self._annotations(member.annotations)
                self._visit(member)
        self._within = outside

    def _annotations(self, nodes: list[t.AnnotationNode]) -> None:
        for node in nodes:
            self._annotation(node)

    def _annotation(self, node: t.AnnotationNode) -> None:
        for _, value in node.values:
            self._value(value)

    def _value(self, value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                self._value(item)
        elif isinstance(value, t.AnnotationNode):
            self._annotation(value)
        else:
            self._visit(value)

    def _visit(self, root: t.Node) -> None:
        stack = [root]
        table = self._table
        while stack:
            node = stack.pop()
            emit = table.get(type(node))
            if emit is not None:
                emit(node)
            elif isinstance(node, t.LocalClassDecl):
                self._class(node.decl)
            elif isinstance(node, t.LocalVar) and node.annotations:
                self._annotations(node.annotations)
            stack.extend(children(node))

    def _add(self, kind: RefKind, start: int, end: int, target: str | None, reason: str) -> None:
        why = "" if target is not None else reason or "not attributed"
        self.found.append(Reference(kind, self._source.span(start, end), self._within, target, why))

    def _call(self, node: t.Call) -> None:
        target = self._world.key(node.method) if node.method is not None else None
        self._add(RefKind.CALL, node.name_start, node.name_start + len(node.name.encode()), target, node.reason)

    def _constructor_call(self, node: t.CtorCall) -> None:
        target = self._world.key(node.method) if node.method is not None else None
        self._add(RefKind.CALL, node.name_start, node.name_start + len(node.name), target, node.reason)

    def _new(self, node: t.New) -> None:
        target = self._world.key(node.method) if node.method is not None else None
        self._add(RefKind.NEW, node.new_start, node.new_start + 3, target, node.reason)
        if node.body is not None:
            self._class(node.body)

    def _method_ref(self, node: t.MRef) -> None:
        name = "new" if node.name == "<init>" else node.name
        if node.method is not None or node.reason:
            target = self._world.key(node.method) if node.method is not None else None
            self._add(RefKind.METHOD_REF, node.name_start, node.name_start + len(name.encode()), target, node.reason)

    def _name(self, node: t.Name) -> None:
        if isinstance(node.sym, FieldSymbol):
            self._add(RefKind.FIELD, node.start, node.end, self._world.key(node.sym), "")
        elif isinstance(node.type, UnknownType) and not isinstance(node.sym, t.Var):
            self._add(RefKind.FIELD, node.start, node.end, None, node.type.reason)

    def _select(self, node: t.Select) -> None:
        if isinstance(node.sym, FieldSymbol):
            self._add(RefKind.FIELD, node.name_start, node.name_start + len(node.name.encode()), self._world.key(node.sym), "")
        elif node.sym is None and isinstance(node.type, UnknownType):
            self._add(RefKind.FIELD, node.name_start, node.name_start + len(node.name.encode()), None, node.type.reason)
