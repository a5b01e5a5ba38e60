"""Statements and declarations (see tree.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refactor.frontend.java.tree_expressions import Expr, New, Var
from refactor.frontend.java.tree_types import Node, TName, TParam, TypeNode
from refactor.ir.symbols import ClassKind, FieldSymbol, Flags, MethodSymbol

if TYPE_CHECKING:
    from refactor.frontend.java.classes import Cls


class Stmt(Node):
    __slots__ = ()


class ExprStmt(Stmt):
    __slots__ = ("expr",)

    def __init__(self, start: int, end: int, expr: Expr) -> None:
        self.start, self.end, self.expr = start, end, expr


class Block(Stmt):
    __slots__ = ("body",)

    def __init__(self, start: int, end: int, body: list[Stmt]) -> None:
        self.start, self.end, self.body = start, end, body


class LocalVar(Stmt):
    __slots__ = ("annotations", "flags", "of", "vars")

    def __init__(self, start: int, end: int, flags: Flags, annotations: list[AnnotationNode], of: TypeNode, vars_: list[VarDecl]) -> None:
        self.start, self.end, self.flags, self.annotations, self.of, self.vars = start, end, flags, annotations, of, vars_


class LocalClassDecl(Stmt):
    __slots__ = ("decl",)

    def __init__(self, start: int, end: int, decl: ClassDecl) -> None:
        self.start, self.end, self.decl = start, end, decl


class IfStmt(Stmt):
    __slots__ = ("condition", "orelse", "then")

    def __init__(self, start: int, end: int, condition: Expr, then: Stmt, orelse: Stmt | None) -> None:
        self.start, self.end, self.condition, self.then, self.orelse = start, end, condition, then, orelse


class While(Stmt):
    """`while`, and `do` with `post`."""

    __slots__ = ("body", "condition", "post")

    def __init__(self, start: int, end: int, condition: Expr, body: Stmt, post: bool) -> None:
        self.start, self.end, self.condition, self.body, self.post = start, end, condition, body, post


class For(Stmt):
    __slots__ = ("body", "condition", "init", "update")

    def __init__(self, start: int, end: int, init: list[Stmt], condition: Expr | None, update: list[Expr], body: Stmt) -> None:
        self.start, self.end, self.init, self.condition, self.update, self.body = start, end, init, condition, update, body


class ForEach(Stmt):
    __slots__ = ("body", "of", "value", "var")

    def __init__(self, start: int, end: int, of: TypeNode, var: VarDecl, value: Expr, body: Stmt) -> None:
        self.start, self.end, self.of, self.var, self.value, self.body = start, end, of, var, value, body


class Labeled(Stmt):
    __slots__ = ("body", "label")

    def __init__(self, start: int, end: int, label: str, body: Stmt) -> None:
        self.start, self.end, self.label, self.body = start, end, label, body


class JumpStmt(Stmt):
    """break, continue (with label), return, throw, yield (with value)."""

    __slots__ = ("kind", "label", "value")

    def __init__(self, start: int, end: int, kind: str, label: str | None, value: Expr | None) -> None:
        self.start, self.end, self.kind, self.label, self.value = start, end, kind, label, value


class Sync(Stmt):
    __slots__ = ("body", "lock")

    def __init__(self, start: int, end: int, lock: Expr, body: Block) -> None:
        self.start, self.end, self.lock, self.body = start, end, lock, body


class CatchClause(Node):
    __slots__ = ("body", "name", "types", "var")

    def __init__(self, start: int, end: int, types: list[TypeNode], name: str, body: Block) -> None:
        self.start, self.end, self.types, self.name, self.body = start, end, types, name, body
        self.var: Var | None = None


class TryStmt(Stmt):
    """`resources`: LocalVar for a declared one, ExprStmt for a variable."""

    __slots__ = ("body", "catches", "final", "resources")

    def __init__(
        self, start: int, end: int, resources: list[Stmt], body: Block, catches: list[CatchClause], final: Block | None
    ) -> None:
        self.start, self.end, self.resources, self.body, self.catches, self.final = start, end, resources, body, catches, final


class AssertStmt(Stmt):
    __slots__ = ("condition", "detail")

    def __init__(self, start: int, end: int, condition: Expr, detail: Expr | None) -> None:
        self.start, self.end, self.condition, self.detail = start, end, condition, detail


class BadStmt(Stmt):
    __slots__ = ("what",)

    def __init__(self, start: int, end: int, what: str) -> None:
        self.start, self.end, self.what = start, end, what


# --- declarations -----------------------------------------------------------------------------------------------------


class VarDecl(Node):
    """One declarator: of a local, a field, a for-each variable, a resource."""

    __slots__ = ("dims", "init", "name", "name_start", "var")

    def __init__(self, start: int, end: int, name: str, name_start: int, dims: int, init: Expr | None) -> None:
        self.start, self.end, self.name, self.name_start, self.dims, self.init = start, end, name, name_start, dims, init
        self.var: Var | None = None


class AnnotationNode(Node):
    __slots__ = ("name", "values")

    def __init__(self, start: int, end: int, name: TName, values: list[tuple[str, Any]]) -> None:
        self.start, self.end, self.name, self.values = start, end, name, values


class ParamDecl(Node):
    __slots__ = ("annotations", "dims", "flags", "name", "of", "var", "varargs")

    def __init__(
        self, start: int, end: int, flags: Flags, annotations: list[AnnotationNode], of: TypeNode, name: str, dims: int, varargs: bool
    ) -> None:
        self.start, self.end, self.flags, self.annotations = start, end, flags, annotations
        self.of, self.name, self.dims, self.varargs = of, name, dims, varargs
        self.var: Var | None = None


class MethodDecl(Node):
    """A method, constructor (`<init>`), compact constructor or annotation element."""

    __slots__ = (
        "annotations", "body", "compact", "compact_vars", "default", "dims", "flags", "name", "name_end", "name_start", "params", "result",
        "scope", "symbol", "throws", "tparams",
    )  # fmt: skip

    def __init__(self, start: int, end: int, name: str, name_start: int, name_end: int) -> None:
        self.start, self.end, self.name, self.name_start, self.name_end = start, end, name, name_start, name_end
        self.flags = Flags.NONE
        self.annotations: list[AnnotationNode] = []
        self.tparams: list[TParam] = []
        self.result: TypeNode | None = None
        self.dims = 0
        self.params: list[ParamDecl] = []
        self.throws: list[TypeNode] = []
        self.body: Block | None = None
        self.compact = False
        self.compact_vars: list[Var] = []
        self.default: Any = None
        self.symbol: MethodSymbol | None = None
        self.scope: Any = None  # the Scope with the type parameters


class FieldDecl(Node):
    __slots__ = ("annotations", "flags", "of", "symbols", "vars")

    def __init__(self, start: int, end: int, flags: Flags, annotations: list[AnnotationNode], of: TypeNode, vars_: list[VarDecl]) -> None:
        self.start, self.end, self.flags, self.annotations, self.of, self.vars = start, end, flags, annotations, of, vars_
        self.symbols: list[FieldSymbol] = []


class EnumConst(Node):
    __slots__ = ("annotations", "args", "body", "name", "name_start", "new", "symbol")

    def __init__(self, start: int, end: int, annotations: list[AnnotationNode], name: str, name_start: int, new: New) -> None:
        self.start, self.end, self.annotations, self.name, self.name_start, self.new = start, end, annotations, name, name_start, new
        self.symbol: FieldSymbol | None = None


class Init(Node):
    __slots__ = ("body", "static")

    def __init__(self, start: int, end: int, static: bool, body: Block) -> None:
        self.start, self.end, self.static, self.body = start, end, static, body


class ClassDecl(Node):
    """A class of any kind. `members` in source order: ClassDecl, MethodDecl, FieldDecl, EnumConst, Init."""

    __slots__ = (
        "annotations", "binary", "body_end", "body_start", "cls", "components", "flags", "interfaces", "kind", "members", "name",
        "name_end", "name_start", "numbered", "permits", "superclass", "tparams", "uses",
    )  # fmt: skip

    def __init__(self, start: int, end: int, kind: ClassKind, name: str, name_start: int, name_end: int) -> None:
        self.start, self.end, self.kind, self.name, self.name_start, self.name_end = start, end, kind, name, name_start, name_end
        self.body_start = self.body_end = end
        self.flags = Flags.NONE
        self.annotations: list[AnnotationNode] = []
        self.tparams: list[TParam] = []
        self.superclass: TypeNode | None = None
        self.interfaces: list[TypeNode] = []
        self.permits: list[TypeNode] = []
        self.components: list[ParamDecl] = []
        self.members: list[Node] = []
        self.numbered: list[Node] = []  # those with local or anonymous classes inside
        self.cls: Cls | None = None
        self.binary = ""
        self.uses: list[Expr] = []  # every node in the class's own text that may use a member

    def forget_bodies(self) -> None:
        """Everything is known of this class: only what other files may still ask for stays, headers and initialisers of fields."""
        self.uses, self.numbered = [], []
        for member in self.members:
            if isinstance(member, MethodDecl | Init) and member.body is not None:
                member.body.body = []


class Import(Node):
    __slots__ = ("demand", "name", "name_start", "static")

    def __init__(self, start: int, end: int, name: str, name_start: int, static: bool, demand: bool) -> None:
        self.start, self.end, self.name, self.name_start, self.static, self.demand = start, end, name, name_start, static, demand


class Unit(Node):
    """One file."""

    __slots__ = ("imports", "package", "package_annotations", "types", "uses")

    def __init__(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        self.package = ""
        self.package_annotations: list[AnnotationNode] = []
        self.imports: list[Import] = []
        self.types: list[ClassDecl] = []
        self.uses: list[Expr] = []  # in the annotations of the package
