"""Attributed expressions -> IR: values, operators, conditionals, lambdas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refactor.frontend.java import tree as t
from refactor.frontend.java.attribute import Attribute
from refactor.frontend.java.files import Source
from refactor.frontend.java.lower_base import Frame
from refactor.frontend.java.lower_references import LowerReferences
from refactor.ir.program import Body
from refactor.ir.statements import (
    ArrayLoad,
    Binary,
    Cast,
    Const,
    InstanceOf,
    Jump,
    Lambda,
    Local,
    NewArray,
    Return,
    Statement,
    Switch,
    Unary,
    Value,
)
from refactor.ir.symbols import FieldSymbol
from refactor.ir.types import BOOLEAN, NULL, VOID, UnknownType


class LowerExpressions(LowerReferences):
    """Lowers expressions."""

    def __init__(self, attribute: Attribute, source: Source, bodies: dict[str, Body]) -> None:
        super().__init__(attribute, source, bodies)
        self._values: dict[type, Callable[[Any], Value]] = {
            t.Literal: self._literal,
            t.Name: self._name,
            t.Select: self._select,
            t.This: self._this,
            t.Super: lambda n: self.this(n.cls),
            t.ClassLit: lambda n: Const(n.of.type, self.type_of(n)),
            t.Call: self.call,
            t.CtorCall: self.constructor_call,
            t.New: self.new,
            t.NewArr: self._new_array,
            t.ArrayInit: self._array_init,
            t.Index: self._index,
            t.Un: self._unary,
            t.Update: self.update,
            t.Bin: self._binary,
            t.Assign: self.assign,
            t.Cond: self._conditional,
            t.Cast: self._cast,
            t.InstOf: self._instance_of,
            t.LambdaExpr: self._lambda,
            t.MRef: self.method_ref,
            t.SwitchExpr: self._switch_value,
            t.BadExpr: lambda n: self.unsupported(n, n.what),
        }

    def value(self, node: t.Expr) -> Value:
        """Evaluate an expression; a constant one is its constant."""
        if node.const is not None:
            return self.constant(node.const[0], self.type_of(node))
        return self._values[type(node)](node)

    def discard(self, node: t.Expr) -> None:
        """Evaluate an expression for its effects."""
        if isinstance(node, t.Call):
            self.call(node, wanted=False)
        elif isinstance(node, t.Assign | t.Update):
            self.effect(node)
        elif isinstance(node, t.SwitchExpr):
            self.switch(node)
        else:
            self.value(node)

    def _literal(self, node: t.Literal) -> Value:
        return Const(None, NULL)

    def _name(self, node: t.Name) -> Value:
        sym = node.sym
        if isinstance(sym, t.Var):
            return self.use(sym)
        if isinstance(sym, FieldSymbol):
            return self.load(node, sym, self.implicit_receiver(sym, node.site), node.start, node.end)
        return self.unsupported(node, node.type.reason if isinstance(node.type, UnknownType) else f"name {node.name}")

    def _select(self, node: t.Select) -> Value:
        sym = node.sym
        if isinstance(sym, FieldSymbol):
            return self.load(node, sym, self.receiver(node, sym), node.name_start, node.end)
        if sym == "length":
            target = self.temp(self.type_of(node))
            self.out.append(Unary(self.span(node), target, "length", self.value(node.object)))
            return target
        return self.unsupported(node, node.type.reason if isinstance(node.type, UnknownType) else f"name {node.name}")

    def _this(self, node: t.This) -> Value:
        return self.this(node.cls)

    def _index(self, node: t.Index) -> Value:
        array, index = self.value(node.array), self.value(node.index)
        target = self.temp(self.type_of(node))
        self.out.append(ArrayLoad(self.span(node), target, array, index))
        return target

    def _new_array(self, node: t.NewArr) -> Value:
        if node.init is not None:
            return self._array_init(node.init)
        dims = tuple([self.value(d) for d in node.dims])
        target = self.temp(self.type_of(node))
        self.out.append(NewArray(self.span(node), target, target.type, dims))
        return target

    def _array_init(self, node: t.ArrayInit) -> Value:
        elements = tuple([self.value(e) for e in node.elements])
        target = self.temp(self.type_of(node))
        self.out.append(NewArray(self.span(node), target, target.type, (), elements))
        return target

    def _unary(self, node: t.Un) -> Value:
        value = self.value(node.operand)
        target = self.temp(self.type_of(node))
        self.out.append(Unary(self.span(node), target, node.op, value))
        return target

    def _binary(self, node: t.Bin) -> Value:
        chain = [node]
        left = node.left
        while isinstance(left, t.Bin) and left.const is None:
            chain.append(left)
            left = left.left
        value = self.value(left)
        for item in reversed(chain):
            value = self._short_circuit(item, value) if item.op in ("&&", "||") else self._operate(item, value)
        return value

    def _operate(self, node: t.Bin, left: Value) -> Value:
        right = self.value(node.right)
        target = self.temp(self.type_of(node))
        self.out.append(Binary(self.span(node), target, node.op, left, right))
        return target

    def _short_circuit(self, node: t.Bin, left: Value) -> Value:
        target = self.temp(BOOLEAN)
        self.copy(node.left, target, left)

        def right() -> None:
            self.copy(node.right, target, self.value(node.right))

        if node.op == "&&":
            self.branch(node, target, right)
        else:
            self.branch(node, target, lambda: None, right)
        return target

    def _conditional(self, node: t.Cond) -> Value:
        condition = self.value(node.condition)
        target = self.temp(self.type_of(node))
        self.branch(
            node,
            condition,
            lambda: self.copy(node.yes, target, self.value(node.yes)),
            lambda: self.copy(node.no, target, self.value(node.no)),
        )
        return target

    def _cast(self, node: t.Cast) -> Value:
        value = self.value(node.value)
        target = self.temp(self.type_of(node))
        self.out.append(Cast(self.span(node), target, target.type, value))
        return target

    def _instance_of(self, node: t.InstOf) -> Value:
        value = self.value(node.value)
        if node.pattern is not None:
            return self.match(node.pattern, value, node)
        target = self.temp(BOOLEAN)
        type_ = node.of.type if node.of is not None and node.of.type is not None else UnknownType("instanceof")
        self.out.append(InstanceOf(self.span(node), target, type_, value))
        return target

    # --- functions

    def _lambda(self, node: t.LambdaExpr) -> Value:
        owner = self.cls.name
        number = self.lambdas.get(owner, 0)
        self.lambdas[owner] = number + 1
        node.key = f"{owner}#lambda${number}"
        outside, frame = self.out, Frame(node.key, self.cls, self.frame, True)
        self.out, self.frame = [], frame
        params: list[Local] = []
        for param in node.params:
            if param.var is not None:
                params.append(self.declare(param.var))
        if isinstance(node.body, t.Block):
            for stmt in node.body.body:
                self.statement(stmt)
        else:
            self._lambda_result(node)
        body = Body(node.key, owner, tuple(params), tuple(self.out), self.span(node), frame.outer.key if frame.outer else None)
        self.bodies[node.key] = body
        assert frame.outer is not None
        self.out, self.frame = outside, frame.outer
        captures = tuple(sorted(frame.used.values(), key=lambda local: local.name))
        target = self.temp(self.type_of(node))
        self.out.append(Lambda(self.span(node), target, target.type, node.key, captures))
        return target

    def _lambda_result(self, node: t.LambdaExpr) -> None:
        assert isinstance(node.body, t.Expr)
        function = self.attribute.function_type(self.type_of(node))
        if (function is not None and function[1] == VOID) or node.body.type == VOID:
            self.discard(node.body)
        else:
            value = self.value(node.body)
            self.out.append(Return(self.span(node.body), value))

    # --- switch

    def _switch_value(self, node: t.SwitchExpr) -> Value:
        target = self.temp(self.type_of(node))
        self.switch(node, target)
        return target

    def switch(self, node: t.SwitchExpr, result: Local | None = None) -> None:
        """Write a Switch; the results of a switch expression are copied to `result`."""
        subject = self.value(node.subject)
        if result is not None:
            self.frame.yields.append(result)
        cases: list[tuple[Statement, ...]] = []
        for case in node.cases:
            outside, self.out = self.out, []
            self._case(node, case, subject, result)
            cases.append(tuple(self.out))
            self.out = outside
        if result is not None:
            self.frame.yields.pop()
        patterns = any(isinstance(label, t.Pattern) for c in node.cases for label in c.labels)
        exhaustive = result is not None or patterns or any(c.default for c in node.cases)
        self.out.append(Switch(self.span(node), subject, tuple(cases), exhaustive))

    def _case(self, node: t.SwitchExpr, case: t.Case, subject: Value, result: Local | None) -> None:
        condition: Value | None = None
        for label in case.labels:
            if isinstance(label, t.Pattern):
                condition = self.match(label, subject, label)

        def body() -> None:
            for stmt in case.body:
                if case.arrow and result is not None and isinstance(stmt, t.ExprStmt):
                    self.copy(stmt, result, self.value(stmt.expr))
                    self.out.append(Jump(self.span(stmt), "yield", None, result))
                    return
                self.statement(stmt)
            if case.arrow:
                self.out.append(Jump(self.source.span(case.end, case.end), "break"))

        if case.guard is not None:
            guard = case.guard
            if condition is not None:
                self.branch(guard, condition, lambda: self.branch(guard, self.value(guard), body))
            else:
                self.branch(guard, self.value(guard), body)
        elif condition is not None and case.arrow:
            self.branch(case, condition, body)
        else:
            body()
