"""Which statements can complete normally (JLS 14.22), and what a lambda's block returns: as far as scoping needs it."""

from __future__ import annotations

from refactor.frontend.java import tree as t
from refactor.frontend.java.walk import children


def completes(stmt: t.Stmt | None) -> bool:
    """Whether control can reach the end of the statement."""
    if stmt is None:
        return True
    if isinstance(stmt, t.JumpStmt):
        return False
    if isinstance(stmt, t.Block):
        return all(completes(s) for s in stmt.body)
    if isinstance(stmt, t.IfStmt):
        at: t.Stmt | None = stmt
        while isinstance(at, t.IfStmt):
            if at.orelse is None or completes(at.then):
                return True
            at = at.orelse
        return completes(at)
    if isinstance(stmt, t.While | t.For):
        condition = stmt.condition
        endless = condition is None or (isinstance(condition, t.Literal) and condition.value is True)
        return not endless or breaks(stmt.body)
    if isinstance(stmt, t.Labeled):
        return completes(stmt.body) or _breaks_to(stmt.body, stmt.label)
    if isinstance(stmt, t.Sync):
        return completes(stmt.body)
    if isinstance(stmt, t.TryStmt):
        if stmt.final is not None and not completes(stmt.final):
            return False
        return completes(stmt.body) or any(completes(c.body) for c in stmt.catches)
    if isinstance(stmt, t.ExprStmt) and isinstance(stmt.expr, t.SwitchExpr):
        return _switch_completes(stmt.expr)
    return True


def _switch_completes(switch: t.SwitchExpr) -> bool:
    patterns = any(isinstance(label, t.Pattern) for c in switch.cases for label in c.labels)
    if not patterns and not any(c.default for c in switch.cases):
        return True
    if any(breaks(s) for c in switch.cases for s in c.body):
        return True
    if switch.cases and switch.cases[0].arrow:
        return any(all(completes(s) for s in c.body) for c in switch.cases)
    return not switch.cases or all(completes(s) for s in switch.cases[-1].body)


def breaks(stmt: t.Node) -> bool:
    """Whether the statement holds an unlabelled break that leaves the construct around it."""
    if isinstance(stmt, t.JumpStmt):
        return stmt.kind == "break" and stmt.label is None
    if isinstance(stmt, t.While | t.For | t.ForEach | t.Expr | t.ExprStmt):
        return False
    return any(breaks(c) for c in children(stmt) if not isinstance(c, t.Expr))


def _breaks_to(stmt: t.Node, label: str) -> bool:
    if isinstance(stmt, t.JumpStmt):
        return stmt.kind == "break" and stmt.label == label
    if isinstance(stmt, t.ExprStmt):
        return isinstance(stmt.expr, t.SwitchExpr) and any(_breaks_to(c, label) for c in stmt.expr.cases)
    return any(_breaks_to(c, label) for c in children(stmt) if not isinstance(c, t.Expr))


def returns(body: t.Block) -> tuple[bool, bool]:
    """Whether a lambda's block is (void-compatible, value-compatible) (JLS 15.27.2)."""
    with_value, without = _returns(body)
    return not with_value, not without and not completes(body)


def _returns(node: t.Node) -> tuple[bool, bool]:
    if isinstance(node, t.JumpStmt):
        return (node.kind == "return" and node.value is not None, node.kind == "return" and node.value is None)
    with_value = without = False
    for child in children(node):
        if isinstance(child, t.Expr) and not isinstance(child, t.SwitchExpr):
            continue
        if isinstance(child, t.ExprStmt) and not isinstance(child.expr, t.SwitchExpr):
            continue
        one, two = _returns(child)
        with_value, without = with_value or one, without or two
    return with_value, without
