"""The children of every node of tree.py that can hold code, in source order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from refactor.frontend.java import tree as t


def children(node: t.Node) -> list[t.Node]:
    """Expressions and statements directly inside `node` (class bodies excluded: see New.body, LocalClassDecl.decl)."""
    find = _TABLE.get(type(node))
    return [c for c in find(node) if c is not None] if find is not None else []


def _variables(vars_: list[t.VarDecl]) -> list[Any]:
    return [v.init for v in vars_]


_TABLE: Final[dict[type, Callable[[Any], list[Any]]]] = {
    t.MethodDecl: lambda n: [n.body],
    t.FieldDecl: lambda n: _variables(n.vars),
    t.Init: lambda n: [n.body],
    t.Select: lambda n: [n.object],
    t.This: lambda n: [n.qualifier],
    t.Super: lambda n: [n.qualifier],
    t.Call: lambda n: [n.object, *n.args],
    t.CtorCall: lambda n: [n.outer, *n.args],
    t.New: lambda n: [n.outer, *n.args],
    t.NewArr: lambda n: [*n.dims, n.init],
    t.ArrayInit: lambda n: n.elements,
    t.Index: lambda n: [n.array, n.index],
    t.Un: lambda n: [n.operand],
    t.Update: lambda n: [n.operand],
    t.Bin: lambda n: [n.left, n.right],
    t.Assign: lambda n: [n.left, n.right],
    t.Cond: lambda n: [n.condition, n.yes, n.no],
    t.Cast: lambda n: [n.value],
    t.InstOf: lambda n: [n.value],
    t.LambdaExpr: lambda n: [n.body],
    t.MRef: lambda n: [n.object],
    t.Case: lambda n: [*(label for label in n.labels if isinstance(label, t.Expr)), n.guard, *n.body],
    t.SwitchExpr: lambda n: [n.subject, *n.cases],
    t.ExprStmt: lambda n: [n.expr],
    t.Block: lambda n: n.body,
    t.LocalVar: lambda n: _variables(n.vars),
    t.IfStmt: lambda n: [n.condition, n.then, n.orelse],
    t.While: lambda n: [n.body, n.condition] if n.post else [n.condition, n.body],
    t.For: lambda n: [*n.init, n.condition, *n.update, n.body],
    t.ForEach: lambda n: [n.value, n.body],
    t.Labeled: lambda n: [n.body],
    t.JumpStmt: lambda n: [n.value],
    t.Sync: lambda n: [n.lock, n.body],
    t.CatchClause: lambda n: [n.body],
    t.TryStmt: lambda n: [*n.resources, n.body, *n.catches, n.final],
    t.AssertStmt: lambda n: [n.condition, n.detail],
}
