"""Annotations (JLS 9.7): their types, and their values as constants, class literals and enum constants."""

from __future__ import annotations

from typing import Any

from refactor.frontend.java import tree as t
from refactor.frontend.java.attribute import Attribute
from refactor.frontend.java.classes import Cls
from refactor.frontend.java.scopes import Scope, resolve
from refactor.ir.symbols import Annotation, FieldSymbol
from refactor.ir.types import ArrayType, ClassType, PrimitiveType, Type


class Annotations:
    """Evaluates annotations and puts them on the symbols."""

    def __init__(self, attribute: Attribute) -> None:
        self._attribute = attribute

    def of(self, nodes: list[t.AnnotationNode], scope: Scope) -> tuple[Annotation, ...]:
        return tuple([self._one(n, scope) for n in nodes])

    def annotate(self, cls: Cls) -> tuple[Annotation, ...]:
        """Put annotations on the members of a source class; returns those of the class itself."""
        decl, scope = cls.decl, cls.scope
        assert decl is not None
        assert scope is not None
        for member in decl.members:
            if isinstance(member, t.FieldDecl) and member.annotations:
                found = self.of(member.annotations, scope)
                for symbol in member.symbols:
                    _put(symbol, found)
            elif isinstance(member, t.EnumConst) and member.annotations and member.symbol is not None:
                _put(member.symbol, self.of(member.annotations, scope))
            elif isinstance(member, t.MethodDecl):
                self._method(member)
        for component, param in zip(decl.components, cls.record_components, strict=False):
            if component.annotations:
                found = self.of(component.annotations, scope)
                _put(param, found)
                if component.name in cls.fields:
                    _put(cls.fields[component.name], found)
        if not decl.annotations:
            return ()
        around = Scope(scope.parent, cls, scope.file)
        return self.of(decl.annotations, around)

    def _method(self, decl: t.MethodDecl) -> None:
        symbol, scope = decl.symbol, decl.scope
        assert symbol is not None
        if decl.annotations:
            _put(symbol, self.of(decl.annotations, scope))
        if not decl.compact:
            for written, param in zip(decl.params, symbol.params, strict=True):
                if written.annotations:
                    _put(param, self.of(written.annotations, scope))
        if decl.default is not None:
            self._value(decl.default, scope, symbol.result)

    def _one(self, node: t.AnnotationNode, scope: Scope) -> Annotation:
        type_ = resolve(scope, node.name)
        name = type_.name if isinstance(type_, ClassType) else ".".join(p.name for p in node.name.parts)
        cls = self._attribute.world.find(name)
        values = []
        for key, value in node.values:
            element: Type | None = None
            if cls is not None:
                methods = self._attribute.methods(cls, key)
                element = methods[0].result if methods else None
            found = self._value(value, scope, element)
            if isinstance(element, ArrayType) and not isinstance(value, list):
                found = (found,)
            values.append((key, found))
        return Annotation(name, tuple(values), scope.file.source.span(node.start, node.end))

    def _value(self, value: Any, scope: Scope, element: Type | None) -> object:
        if isinstance(value, list):
            inner = element.element if isinstance(element, ArrayType) else None
            return tuple([self._value(v, scope, inner) for v in value])
        if isinstance(value, t.AnnotationNode):
            return self._one(value, scope)
        type_ = self._attribute.attrib(value, scope, element)
        if isinstance(value, t.ClassLit):
            return value.of.type
        if value.const is not None:
            constant = value.const[0]
            return chr(constant) if type_ == PrimitiveType("char") and isinstance(constant, int) else constant
        symbol = value.sym if isinstance(value, t.Name | t.Select) else None
        if isinstance(symbol, FieldSymbol) and symbol.enum_constant:
            return ("enum", symbol.owner, symbol.name)
        text = scope.file.source.data[value.start : value.end].decode("utf-8", "replace")
        return ("unresolved", text)


def _put(symbol: Any, annotations: tuple[Annotation, ...]) -> None:
    object.__setattr__(symbol, "annotations", annotations)  # values need every constant, so they come last
