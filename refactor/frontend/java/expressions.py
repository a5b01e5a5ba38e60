"""Expressions (JLS 15) but for calls, lambdas and names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refactor.frontend.java import constants
from refactor.frontend.java import tree as t
from refactor.frontend.java.base import WAITING, Arg, BodyInfo, Composite, Deferred
from refactor.frontend.java.classes import World
from refactor.frontend.java.names import Names
from refactor.frontend.java.relations import box, upper
from refactor.frontend.java.scopes import Scope, resolve
from refactor.ir.types import (
    BOOLEAN,
    INT,
    NULL,
    OBJECT,
    STRING,
    ArrayType,
    ClassType,
    IntersectionType,
    NullType,
    PrimitiveType,
    Type,
    UnknownType,
)

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "&&", "||"})
_SHIFTS = frozenset({"<<", ">>", ">>>"})
_PRIMITIVES = {n: PrimitiveType(n) for n in ("int", "long", "float", "double", "char", "boolean")}


class Expressions(Names):
    """Attributes expressions. `attrib` gives a type at once; `arg` may leave it waiting for a target."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._table: dict[type, Callable[[Any, Scope], Type]] = {
            t.Literal: self._literal,
            t.Name: self.name,
            t.Select: self.select,
            t.This: self.this,
            t.Super: self.super_,
            t.ClassLit: self._class_literal,
            t.CtorCall: self.constructor_call,
            t.Index: self._index,
            t.Un: self._unary,
            t.Update: self._update,
            t.Bin: self._binary,
            t.Assign: self._assign,
            t.Cast: self._cast,
            t.InstOf: self._instance_of,
            t.NewArr: self._new_array,
            t.BadExpr: self._bad,
        }
        self._waiting: dict[type, Callable[[Any, Scope], Arg]] = {
            t.Call: self.call,
            t.New: self.new,
            t.LambdaExpr: Deferred,
            t.MRef: Deferred,
            t.Cond: self._conditional,
            t.SwitchExpr: self._switch,
        }

    def attrib(self, node: t.Expr, scope: Scope, target: Type | None = None) -> Type:
        """The type of an expression; `target` is what its context expects, if anything."""
        attribute = self._table.get(type(node))
        if attribute is not None:
            return attribute(node, scope)
        if isinstance(node, t.ArrayInit):
            return self._array_init(node, scope, target)
        arg = self._waiting[type(node)](node, scope)
        return self.finish(arg, target) if isinstance(arg, WAITING) else arg

    def arg(self, node: t.Expr, scope: Scope) -> Arg:
        """The same for an argument, whose target is not known yet."""
        attribute = self._table.get(type(node))
        if attribute is not None:
            return attribute(node, scope)
        if isinstance(node, t.ArrayInit):
            return self._array_init(node, scope, None)
        return self._waiting[type(node)](node, scope)

    def args(self, nodes: list[t.Expr], scope: Scope) -> list[Arg]:
        return [self.arg(n, scope) for n in nodes]

    def _literal(self, node: t.Literal, scope: Scope) -> Type:
        kind = node.kind
        if kind == "null":
            node.type = NULL
            return NULL
        node.const = (node.value,)
        node.type = STRING if kind == "String" else _PRIMITIVES[kind]
        return node.type

    def _bad(self, node: t.BadExpr, scope: Scope) -> Type:
        node.type = UnknownType(f"syntax not supported: {node.what}")
        return node.type

    def _class_literal(self, node: t.ClassLit, scope: Scope) -> Type:
        of = resolve(scope, node.of)
        node.type = ClassType("java.lang.Class", (box(of) if not isinstance(of, UnknownType) else OBJECT,))
        return node.type

    def _index(self, node: t.Index, scope: Scope) -> Type:
        array = upper(self.attrib(node.array, scope))
        self.attrib(node.index, scope)
        if isinstance(array, ArrayType):
            node.type = array.element
        else:
            node.type = array if isinstance(array, UnknownType) else UnknownType("not an array")
        return node.type

    def _unary(self, node: t.Un, scope: Scope) -> Type:
        operand = self.attrib(node.operand, scope)
        if node.op == "!":
            node.type = BOOLEAN
        else:
            primitive = self.unboxed(operand)
            node.type = PrimitiveType(constants.promoted(primitive.name)) if primitive is not None else INT
        if node.operand.const is not None:
            node.const = constants.unary(node.op, node.operand.const[0], getattr(node.type, "name", "int"))
        return node.type

    def _update(self, node: t.Update, scope: Scope) -> Type:
        node.type = self.attrib(node.operand, scope)
        return node.type

    def _binary(self, node: t.Bin, scope: Scope) -> Type:
        chain = [node]  # the left spine in a loop: concatenations may have thousands of operands
        left = node.left
        while isinstance(left, t.Bin) and left.op not in ("&&", "||"):
            chain.append(left)
            left = left.left
        if chain[-1].op in ("&&", "||"):
            return self._short_circuit(node, scope)
        type_ = self.attrib(left, scope)
        for item in reversed(chain):
            type_ = self._combine(item, type_, self.attrib(item.right, scope))
        return type_

    def _short_circuit(self, node: t.Bin, scope: Scope) -> Type:
        chain = [node]
        left = node.left
        while isinstance(left, t.Bin) and left.op == node.op:
            chain.append(left)
            left = left.left
        self.attrib(left, scope)
        for item in reversed(chain):
            found = self.true_bindings(item.left) if node.op == "&&" else self.false_bindings(item.left)
            if found:
                scope = self.with_bindings(scope, found)
            self.attrib(item.right, scope)
            item.type = BOOLEAN
            self._fold(item)
        return BOOLEAN

    @staticmethod
    def with_bindings(scope: Scope, found: list[t.Var]) -> Scope:
        inner = scope.child()
        for var in found:
            inner.declare(var)
        return inner

    def _combine(self, node: t.Bin, left: Type, right: Type) -> Type:
        op = node.op
        if op in _COMPARISONS:
            node.type = BOOLEAN
        elif op == "+" and (left == STRING or right == STRING):
            node.type = STRING
        else:
            one, two = self.unboxed(left), self.unboxed(right)
            if one is None or two is None:
                unknown = next((x for x in (left, right) if isinstance(x, UnknownType)), None)
                node.type = unknown if unknown is not None else STRING if op == "+" else UnknownType(f"operator {op}")
            elif one.name == "boolean":
                node.type = BOOLEAN
            elif op in _SHIFTS:
                node.type = PrimitiveType(constants.promoted(one.name))
            else:
                node.type = PrimitiveType(constants.promoted(one.name, two.name))
        self._fold(node)
        return node.type

    @staticmethod
    def _fold(node: t.Bin) -> None:
        left, right = node.left.const, node.right.const
        if left is not None and right is not None and node.left.type is not None and node.right.type is not None:
            node.const = constants.binary(node.op, left[0], node.left.type, right[0], node.right.type)

    def _assign(self, node: t.Assign, scope: Scope) -> Type:
        chain = [node]
        right = node.right
        while isinstance(right, t.Assign):
            chain.append(right)
            right = right.right
        targets = [self.attrib(a.left, scope) for a in chain]
        self.attrib(right, scope, targets[-1] if not chain[-1].op else None)
        for item, type_ in zip(chain, targets, strict=True):
            item.type = type_
        return targets[0]

    def _cast(self, node: t.Cast, scope: Scope) -> Type:
        types = [resolve(scope, n) for n in node.of]
        target = types[0] if len(types) == 1 else IntersectionType(tuple(types))
        waits = isinstance(node.value, t.LambdaExpr | t.MRef | t.Cond | t.SwitchExpr)
        self.attrib(node.value, scope, target if waits else None)
        node.type = target
        if node.value.const is not None:
            node.const = constants.convert(node.value.const[0], target)
        return target

    def _instance_of(self, node: t.InstOf, scope: Scope) -> Type:
        value = self.attrib(node.value, scope)
        if node.of is not None:
            resolve(scope, node.of)
        if node.pattern is not None:
            self.pattern(node.pattern, value, scope)
        node.type = BOOLEAN
        return BOOLEAN

    def pattern(self, node: t.Pattern, value: Type, scope: Scope) -> None:
        """Type a pattern; its variables are declared by whoever knows where they are in scope."""
        if isinstance(node, t.TypePattern):
            if isinstance(node.of, t.TName) and node.of.is_var:
                node.type = upper(value)
            else:
                node.type = resolve(scope, node.of)
            self.uids += 1
            node.var = t.Var(node.name, node.type, scope.body, self.uids)
        elif isinstance(node, t.RecordPattern):
            type_ = resolve(scope, node.of)
            node.type = type_
            cls = self.world.find(type_.name) if isinstance(type_, ClassType) else None
            if cls is not None and isinstance(type_, ClassType) and cls.tparams and not type_.args:
                seen = self._inferred_record(cls.name, value)
                type_ = seen if seen is not None else type_
            components = cls.record_components if cls is not None else ()
            for index, part in enumerate(node.parts):
                if index < len(components) and isinstance(type_, ClassType):
                    inner = upper(self.member_of(type_, type_.name, components[index].type))
                else:
                    inner = UnknownType("no such record component")
                self.pattern(part, inner, scope)

    def _inferred_record(self, name: str, value: Type) -> Type | None:
        cls = self.world.find(name)
        if cls is None or not isinstance(value, ClassType):
            return None
        if value.name == name:
            return value
        seen = self.supers(cls).get(value.name)
        if seen is None or len(seen.args) != len(value.args):
            return None
        by = {v: a for v, a in zip(seen.args, value.args, strict=True) if v in cls.tparams}
        return ClassType(name, tuple(by.get(v, v) for v in cls.tparams))

    def _new_array(self, node: t.NewArr, scope: Scope) -> Type:
        of = resolve(scope, node.of)
        for dim in node.dims:
            self.attrib(dim, scope)
        if node.init is not None:
            self._array_init(node.init, scope, of)
        node.type = of
        return of

    def _array_init(self, node: t.ArrayInit, scope: Scope, target: Type | None) -> Type:
        element = target.element if isinstance(target, ArrayType) else None
        for item in node.elements:
            self.attrib(item, scope, element)
        node.type = target if isinstance(target, ArrayType) else UnknownType("array initialiser without a type")
        return node.type

    # --- conditional and switch expressions

    def _conditional(self, node: t.Cond, scope: Scope) -> Arg:
        self.attrib(node.condition, scope)
        found = self.true_bindings(node.condition)
        yes = self.arg(node.yes, self.with_bindings(scope, found) if found else scope)
        found = self.false_bindings(node.condition)
        no = self.arg(node.no, self.with_bindings(scope, found) if found else scope)
        if isinstance(yes, WAITING) or isinstance(no, WAITING):
            return Composite(node, [yes, no])
        node.type = self.joined([yes, no], [node.yes, node.no])
        if node.condition.const is not None and node.yes.const is not None and node.no.const is not None:
            chosen = node.yes.const if node.condition.const[0] else node.no.const
            node.const = constants.convert(chosen[0], node.type)
        return node.type

    def joined(self, types: list[Type], nodes: list[t.Expr]) -> Type:
        """The type of a conditional expression (JLS 15.25) or a standalone switch expression."""
        first = types[0]
        if all(x == first for x in types):
            return first
        plain = [self.unboxed(x) for x in types]
        if all(p is not None for p in plain) and not any(isinstance(x, NullType) for x in types):
            names = [p.name for p in plain if p is not None]
            if len(set(names)) == 1:
                return _PRIMITIVES.get(names[0]) or PrimitiveType(names[0])
            if "boolean" not in names:
                return PrimitiveType(self._numeric(names, nodes))
        return self.lub([box(x) for x in types])

    @staticmethod
    def _numeric(names: list[str], nodes: list[t.Expr]) -> str:
        small = [n for n in names if n in ("byte", "short", "char")]
        if small and all(n in (small[0], "int") for n in names):
            ints = [e for e, n in zip(nodes, names, strict=False) if n == "int"]
            if all(e.const is not None and constants.wrap(e.const[0], small[0]) == e.const[0] for e in ints):
                return small[0]
        if set(names) == {"byte", "short"}:
            return "short"
        result = names[0]
        for name in names[1:]:
            result = constants.promoted(result, name)
        return result

    def _switch(self, node: t.SwitchExpr, scope: Scope) -> Arg:
        subject = self.attrib(node.subject, scope)
        inner = scope.child()
        info: BodyInfo | None = None
        results: list[Arg] = []
        nodes: list[t.Expr] = []
        if not node.statement:
            info = BodyInfo("switch", None, scope.body.method if isinstance(scope.body, BodyInfo) else None)
            info.results = results
            inner.body = info
        for case in node.cases:
            around = self._labels(node, case, subject, inner)
            if not case.arrow:
                # Old-style groups share one scope: a variable of an earlier group is visible, if unassigned, in a later one.
                at = around if around is not inner else inner
                for stmt in case.body:
                    at = self.stmt(stmt, at)
                if around is inner:
                    inner = at
                continue
            for stmt in case.body:
                if isinstance(stmt, t.ExprStmt) and info is not None:
                    nodes.append(stmt.expr)
                    results.append(self.arg(stmt.expr, around))
                else:
                    self.stmt(stmt, around)
        if info is None:
            node.type = PrimitiveType("void")
            return node.type
        if any(isinstance(r, WAITING) for r in results):
            return Composite(node, results)
        types = [r for r in results if not isinstance(r, WAITING)]
        node.type = self.joined(types, nodes) if types else UnknownType("a switch expression without results")
        return node.type

    def _labels(self, node: t.SwitchExpr, case: t.Case, subject: Type, scope: Scope) -> Scope:
        cls = self.world.find(subject.name) if isinstance(subject, ClassType) else None
        enum = cls is not None and cls.kind.value == "enum"
        found: list[t.Var] = []
        for label in case.labels:
            if isinstance(label, t.Pattern):
                self.pattern(label, subject, scope)
                found.extend(pattern_variables(label))
            elif enum and isinstance(label, t.Name):
                assert cls is not None
                field = self.field(cls, label.name)
                label.sym, label.site, label.type = field, cls, subject
                label.const = None
            else:
                self.attrib(label, scope)
        if found:
            scope = self.with_bindings(scope, found)
        if case.guard is not None:
            self.attrib(case.guard, scope)
            more = self.true_bindings(case.guard)
            if more:
                scope = self.with_bindings(scope, more)
        return scope

    # --- pattern variables that a condition introduces (JLS 6.3.1)

    def true_bindings(self, node: t.Expr) -> list[t.Var]:
        if isinstance(node, t.InstOf):
            return pattern_variables(node.pattern) if node.pattern is not None else []
        if isinstance(node, t.Bin):
            found: list[t.Var] = []
            while isinstance(node, t.Bin) and node.op == "&&":
                found.extend(self.true_bindings(node.right))
                node = node.left
            return found + self.true_bindings(node) if not isinstance(node, t.Bin) else found
        if isinstance(node, t.Un) and node.op == "!":
            return self.false_bindings(node.operand)
        return []

    def false_bindings(self, node: t.Expr) -> list[t.Var]:
        if isinstance(node, t.Bin):
            found: list[t.Var] = []
            while isinstance(node, t.Bin) and node.op == "||":
                found.extend(self.false_bindings(node.right))
                node = node.left
            return found + self.false_bindings(node) if not isinstance(node, t.Bin) else found
        if isinstance(node, t.Un) and node.op == "!":
            return self.true_bindings(node.operand)
        return []


def pattern_variables(node: t.Pattern) -> list[t.Var]:
    """The variables of a pattern, left to right."""
    if isinstance(node, t.TypePattern):
        return [node.var] if node.var is not None and node.name != "_" else []
    if isinstance(node, t.RecordPattern):
        return [v for p in node.parts for v in pattern_variables(p)]
    return []
