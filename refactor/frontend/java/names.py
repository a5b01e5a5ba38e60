"""Names (JLS 6.5): variables, fields, types and packages; `this`, `super` and field access."""

from __future__ import annotations

from typing import Any

from refactor.frontend.java import constants
from refactor.frontend.java import tree as t
from refactor.frontend.java.classes import Cls
from refactor.frontend.java.references import References
from refactor.frontend.java.relations import upper
from refactor.frontend.java.scopes import Scope, find_type, member_type, type_refer
from refactor.ir.symbols import FieldSymbol, Flags
from refactor.ir.types import INT, OBJECT, ArrayType, ClassType, PrimitiveType, Type, TypeVar, UnknownType


class Names(References):
    """Attributes names."""

    def find_variable(self, scope: Scope, name: str) -> tuple[t.Var | FieldSymbol | None, Cls | None]:
        """A variable or field by its simple name, and the class through whose scope a field was found."""
        at: Scope | None = scope
        while at is not None:
            if at.vars is not None:
                var = at.vars.get(name)
                if var is not None:
                    return var, None
            cls = at.cls
            if cls is not None:
                field = self.field(cls, name)
                if field is not None and self.accessible(field, cls, scope.owner):
                    return field, cls
            at = at.parent
        for holders in (scope.file.static_holders(name), scope.file.static_demand_holders()):
            for holder in holders:
                field = self.field(holder, name)
                if field is not None and field.flags & Flags.STATIC and self.accessible(field, holder, scope.owner):
                    return field, holder
        return None, None

    def name(self, node: t.Name, scope: Scope) -> Type:
        """A simple name used as an expression."""
        found = self._variable(node, scope)
        if found is None:
            node.sym = None
            node.type = UnknownType(f"no variable {node.name}{self._unknown_parents(scope)}")
            return node.type
        return found

    def _unknown_parents(self, scope: Scope) -> str:
        cls = scope.owner
        while cls is not None:
            if self.has_unknown_parent(cls.name):
                return f" (a supertype of {cls.name} is not on the class path)"
            cls = cls.outer
        return ""

    def _variable(self, node: t.Name, scope: Scope) -> Type | None:
        sym, site = self.find_variable(scope, node.name)
        if sym is None:
            return None
        node.sym, node.site = sym, site
        if isinstance(sym, t.Var):
            node.const = sym.const
            node.type = sym.type
            return sym.type
        assert site is not None
        node.const = self.field_constant(sym)
        node.type = upper(self.member_of(site.type, sym.owner, sym.type))
        return node.type

    def qualifier(self, node: t.Expr, scope: Scope) -> Cls | str | Type:
        """What stands before a dot: a class, the name of a package, or the type of a value."""
        if isinstance(node, t.Name):
            found = self._variable(node, scope)
            if found is not None:
                return found
            type_ = find_type(scope, node.name)
            if isinstance(type_, Cls):
                if node.sym is not type_:
                    type_refer(scope, node.start, node.end, type_.name)
                node.sym = type_
                return type_
            if isinstance(type_, TypeVar):
                return type_
            node.sym = node.name
            if not self.world.is_package(node.name):
                reason = f"no variable, type or package {node.name}{self._unknown_parents(scope)}"
                node.type = UnknownType(reason)
            return node.name
        if isinstance(node, t.Select) and not isinstance(node.object, t.Super):
            outer = self.qualifier(node.object, scope)
            if isinstance(outer, str):
                name = f"{outer}.{node.name}"
                cls = self.world.find(name)
                if cls is not None:
                    if node.sym is not cls:
                        type_refer(scope, node.name_start, node.end, cls.name)
                    node.sym = cls
                    return cls
                node.sym = name
                return name
            if isinstance(outer, Cls):
                field = self.field(outer, node.name)
                if field is None or not self.accessible(field, outer, scope.owner):
                    inner = member_type(self.world, outer, node.name)
                    if inner is not None:
                        if node.sym is not inner:
                            type_refer(scope, node.name_start, node.end, inner.name)
                        node.sym = inner
                        return inner
            return self._select(node, outer, scope)
        return self.attrib(node, scope)

    def select(self, node: t.Select, scope: Scope) -> Type:
        """`a.b` used as an expression."""
        if isinstance(node.object, t.Super):
            return self._select(node, self.attrib(node.object, scope), scope)
        found = self.qualifier(node, scope)
        if isinstance(found, Cls | str):
            name = found.name if isinstance(found, Cls) else found
            node.type = UnknownType(f"{name} is not a variable" if isinstance(found, Cls) else self._why_package(node, name))
            return node.type
        return found

    def _why_package(self, node: t.Select, name: str) -> str:
        at: t.Expr = node
        while isinstance(at, t.Select):
            at = at.object
        if isinstance(at, t.Name) and isinstance(at.type, UnknownType):
            return at.type.reason
        return f"no variable or type {name}"

    def _select(self, node: t.Select, outer: Any, scope: Scope) -> Type:
        if isinstance(outer, Cls):
            site: Type = ClassType(outer.name)
            static = True
        else:
            site, static = upper(outer), False
        if isinstance(site, UnknownType):
            node.type = site
            return site
        if isinstance(site, ArrayType) and node.name == "length":
            node.sym = "length"
            node.type = INT
            return INT
        for part in self.sites(site):
            cls = self.world.find(part.name)
            if cls is None:
                node.type = UnknownType(f"class {part.name} is not on the class path")
                return node.type
            field = self.field(cls, node.name)
            if field is not None and self.accessible(field, cls, scope.owner):
                node.sym = field
                node.const = self.field_constant(field) if static or field.flags & Flags.STATIC else None
                node.type = field.type if static else upper(self.member_of(site, field.owner, field.type))
                return node.type
        first = next(iter(self.sites(site)), None)
        reason = f"no field {node.name} in {first.name if first else site}"
        if first is not None and self.has_unknown_parent(first.name):
            reason = f"a supertype of {first.name} is not on the class path"
        node.type = UnknownType(reason)
        return node.type

    def this(self, node: t.This, scope: Scope) -> Type:
        cls = scope.owner
        if node.qualifier is not None:
            found = self.qualifier(node.qualifier, scope)
            cls = found if isinstance(found, Cls) else None
        node.cls = cls
        node.type = cls.type if cls is not None else UnknownType("no such enclosing class")
        return node.type

    def super_(self, node: t.Super, scope: Scope) -> Type:
        """`super`, `Outer.super` and `Interface.super`."""
        cls = scope.owner
        assert cls is not None
        node.cls = cls
        node.type = cls.superclass or OBJECT
        if node.qualifier is not None:
            found = self.qualifier(node.qualifier, scope)
            if isinstance(found, Cls):
                interface = next((i for i in cls.interfaces if i.name == found.name), None)
                if interface is not None:
                    node.type = interface
                else:
                    node.cls = found
                    node.type = found.superclass or OBJECT
        return node.type

    # --- constants of fields

    def field_constant(self, field: FieldSymbol) -> tuple[Any] | None:
        """The folded value of a constant variable (JLS 4.12.4)."""
        if not field.flags & Flags.FINAL:
            return None
        if field.constant is not None:
            value: Any = field.constant
            if field.type == PrimitiveType("char") and isinstance(value, str):
                value = ord(value)
            return (value,)
        waiting: dict[int, Any] = self.world.initialisers
        entry = waiting.pop(id(field), None)
        if entry is None:
            return None
        init, scope = entry
        if not isinstance(field.type, PrimitiveType) and field.type != ClassType("java.lang.String"):
            return None
        if not may_be_constant(init):
            return None
        self.attrib(init, scope, field.type)
        if init.const is None:
            return None
        folded = constants.convert(init.const[0], field.type)
        if folded is not None:
            value = folded[0]
            if field.type == PrimitiveType("char"):
                value = chr(value)
            object.__setattr__(field, "constant", value)  # known only now that every class is declared
        return folded


def may_be_constant(node: t.Expr) -> bool:
    """Whether the syntax of the expression allows for a constant."""
    while True:
        if isinstance(node, t.Literal):
            return node.kind != "null"
        if isinstance(node, t.Name):
            return True
        if isinstance(node, t.Select):
            at: t.Expr = node
            while isinstance(at, t.Select):
                at = at.object
            return isinstance(at, t.Name)
        if isinstance(node, t.Un):
            node = node.operand
        elif isinstance(node, t.Cast):
            node = node.value
        elif isinstance(node, t.Bin):
            if not may_be_constant(node.right):
                return False
            node = node.left
        elif isinstance(node, t.Cond):
            return may_be_constant(node.condition) and may_be_constant(node.yes) and may_be_constant(node.no)
        else:
            return False
