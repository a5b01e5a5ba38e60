"""Binary names of member, local and anonymous classes, numbered as javac numbers them.

javac numbers in the order of attribution: members in source order; in a call first the arguments that are no poly
expressions, then the receiver, then the poly arguments (lambdas, method references, generic calls, diamonds). A number is
the first that leaves the flat name `Outer$<n><Name>` free, counted per directly enclosing class.
"""

from __future__ import annotations

from refactor.frontend.java import tree as t
from refactor.frontend.java.walk import children


def number(unit: t.Unit) -> None:
    """Set ClassDecl.binary of every class inside code; member and top-level classes get theirs in enter.py."""
    prefix = unit.package + "." if unit.package else ""
    for decl in unit.types:
        _Numbering().members(decl, prefix + decl.name)


class _Numbering:
    def __init__(self) -> None:
        self.taken: set[str] = set()

    def members(self, decl: t.ClassDecl, binary: str) -> None:
        decl.binary = binary
        for member in decl.members:
            if isinstance(member, t.ClassDecl):
                self.taken.add(f"{binary}${member.name}")
        for member in decl.numbered:
            if isinstance(member, t.ClassDecl):
                continue
            if isinstance(member, t.EnumConst):
                self.visit(member.new, binary)
            else:
                for child in children(member):
                    self.visit(child, binary)
        for member in decl.members:
            if isinstance(member, t.ClassDecl):
                self.members(member, f"{binary}${member.name}")

    def declare(self, decl: t.ClassDecl, outer: str) -> None:
        index = 1
        while f"{outer}${index}{decl.name}" in self.taken:
            index += 1
        name = f"{outer}${index}{decl.name}"
        self.taken.add(name)
        self.members(decl, name)

    def visit(self, node: t.Node, outer: str) -> None:
        if isinstance(node, t.Call):
            self.arguments(node.args, node.object, outer)
        elif isinstance(node, t.New):
            if node.outer is not None:
                self.visit(node.outer, outer)
            self.arguments(node.args, None, outer)
            if node.body is not None:
                self.declare(node.body, outer)
        elif isinstance(node, t.LocalClassDecl):
            self.declare(node.decl, outer)
        else:
            for child in children(node):
                self.visit(child, outer)

    def arguments(self, args: list[t.Expr], receiver: t.Expr | None, outer: str) -> None:
        late = []
        for arg in args:
            if _is_poly(arg):
                late.append(arg)
            else:
                self.visit(arg, outer)
        if receiver is not None:
            self.visit(receiver, outer)
        for arg in late:
            self.visit(arg, outer)


def _is_poly(arg: t.Expr) -> bool:
    if isinstance(arg, t.Call):
        return not arg.targs
    if isinstance(arg, t.New):
        return arg.of.is_diamond
    return isinstance(arg, t.LambdaExpr | t.MRef | t.Cond | t.SwitchExpr)
