"""The syntax tree of one Java file: small mutable nodes that attribution writes its answers onto.

tree-sitter's concrete tree is walked once (build_*.py) and forgotten. Parentheses and comments are dropped; every node
keeps its byte range. `type`, `sym`, `const` and the like are None until attribution has seen the node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refactor.ir.symbols import ClassKind, FieldSymbol, Flags, MethodSymbol
from refactor.ir.types import Type

if TYPE_CHECKING:
    from refactor.frontend.java.classes import Cls


class Node:
    """A byte range [start, end) of the file."""

    __slots__ = ("end", "start")
    start: int
    end: int


# --- types as written -------------------------------------------------------------------------------------------------


class TypeNode(Node):
    """A type as written; `type` is what it resolved to."""

    __slots__ = ("type",)
    type: Type | None


class TPrim(TypeNode):
    __slots__ = ("name",)

    def __init__(self, start: int, end: int, name: str) -> None:
        self.start, self.end, self.name, self.type = start, end, name, None


class Part:
    """One identifier of a (qualified) type name with its type arguments; None: none written, (): a diamond."""

    __slots__ = ("args", "end", "name", "start")

    def __init__(self, start: int, end: int, name: str, args: list[TypeNode] | None = None) -> None:
        self.start, self.end, self.name, self.args = start, end, name, args


class TName(TypeNode):
    """`a.b.C<X>.D<Y>`."""

    __slots__ = ("parts",)

    def __init__(self, start: int, end: int, parts: list[Part]) -> None:
        self.start, self.end, self.parts, self.type = start, end, parts, None

    @property
    def is_var(self) -> bool:
        return len(self.parts) == 1 and self.parts[0].name == "var" and self.parts[0].args is None

    @property
    def is_diamond(self) -> bool:
        return self.parts[-1].args == []


class TArray(TypeNode):
    __slots__ = ("element",)

    def __init__(self, start: int, end: int, element: TypeNode) -> None:
        self.start, self.end, self.element, self.type = start, end, element, None


class TWild(TypeNode):
    """`?`; `bound` with `is_super` telling which kind."""

    __slots__ = ("bound", "is_super")

    def __init__(self, start: int, end: int, bound: TypeNode | None, is_super: bool) -> None:
        self.start, self.end, self.bound, self.is_super, self.type = start, end, bound, is_super, None


class TParam(Node):
    __slots__ = ("bounds", "name")

    def __init__(self, start: int, end: int, name: str, bounds: list[TypeNode]) -> None:
        self.start, self.end, self.name, self.bounds = start, end, name, bounds


# --- expressions ------------------------------------------------------------------------------------------------------


class Expr(Node):
    """`type`: the static type; `const`: a one-element tuple with the folded constant, or None."""

    __slots__ = ("const", "type")
    type: Type | None
    const: tuple[Any] | None


class Literal(Expr):
    __slots__ = ("kind", "value")

    def __init__(self, start: int, end: int, kind: str, value: Any) -> None:
        self.start, self.end, self.kind, self.value = start, end, kind, value
        self.type = self.const = None


class Name(Expr):
    """A simple name. `sym`: a Var, a FieldSymbol, a Cls, or the text of a package; `site`: the class it was found through."""

    __slots__ = ("name", "site", "sym")

    def __init__(self, start: int, end: int, name: str) -> None:
        self.start, self.end, self.name = start, end, name
        self.type = self.const = None
        self.sym: Any = None
        self.site: Cls | None = None


class Select(Expr):
    """`object.name`."""

    __slots__ = ("name", "name_start", "object", "sym")

    def __init__(self, start: int, end: int, object_: Expr, name: str, name_start: int) -> None:
        self.start, self.end, self.object, self.name, self.name_start = start, end, object_, name, name_start
        self.type = self.const = None
        self.sym: Any = None


class This(Expr):
    __slots__ = ("cls", "qualifier")

    def __init__(self, start: int, end: int, qualifier: Expr | None) -> None:
        self.start, self.end, self.qualifier = start, end, qualifier
        self.type = self.const = None
        self.cls: Cls | None = None


class Super(Expr):
    __slots__ = ("cls", "qualifier")

    def __init__(self, start: int, end: int, qualifier: Expr | None) -> None:
        self.start, self.end, self.qualifier = start, end, qualifier
        self.type = self.const = None
        self.cls: Cls | None = None


class ClassLit(Expr):
    __slots__ = ("of",)

    def __init__(self, start: int, end: int, of: TypeNode) -> None:
        self.start, self.end, self.of = start, end, of
        self.type = self.const = None


class Call(Expr):
    """`object.<targs>name(args)`. `method` is the attributed symbol; `site` the receiver's static class."""

    __slots__ = ("args", "method", "name", "name_start", "object", "reason", "site", "targs", "varargs")

    def __init__(
        self, start: int, end: int, object_: Expr | None, targs: list[TypeNode], name: str, name_start: int, args: list[Expr]
    ) -> None:
        self.start, self.end, self.object, self.targs = start, end, object_, targs
        self.name, self.name_start, self.args = name, name_start, args
        self.type = self.const = None
        self.method: MethodSymbol | None = None
        self.site: Any = None
        self.reason = ""
        self.varargs = False


class CtorCall(Expr):
    """`this(...)`, `super(...)`, `outer.super(...)`."""

    __slots__ = ("args", "method", "name", "name_start", "outer", "reason", "targs", "varargs")

    def __init__(
        self, start: int, end: int, outer: Expr | None, targs: list[TypeNode], name: str, name_start: int, args: list[Expr]
    ) -> None:
        self.start, self.end, self.outer, self.targs = start, end, outer, targs
        self.name, self.name_start, self.args = name, name_start, args
        self.type = self.const = None
        self.method: MethodSymbol | None = None
        self.reason = ""
        self.varargs = False


class New(Expr):
    __slots__ = ("args", "body", "cls", "method", "new_start", "of", "outer", "reason", "targs", "varargs")

    def __init__(
        self, start: int, end: int, outer: Expr | None, targs: list[TypeNode], of: TName, args: list[Expr], body: ClassDecl | None
    ) -> None:
        self.start, self.end, self.outer, self.targs, self.of, self.args, self.body = start, end, outer, targs, of, args, body
        self.type = self.const = None
        self.method: MethodSymbol | None = None
        self.cls: Cls | None = None
        self.new_start = start
        self.reason = ""
        self.varargs = False


class NewArr(Expr):
    """`new T[a][b][]` or `new T[] {..}`; `of` is the full array type as written."""

    __slots__ = ("dims", "init", "of")

    def __init__(self, start: int, end: int, of: TypeNode, dims: list[Expr], init: ArrayInit | None) -> None:
        self.start, self.end, self.of, self.dims, self.init = start, end, of, dims, init
        self.type = self.const = None


class ArrayInit(Expr):
    __slots__ = ("elements",)

    def __init__(self, start: int, end: int, elements: list[Expr]) -> None:
        self.start, self.end, self.elements = start, end, elements
        self.type = self.const = None


class Index(Expr):
    __slots__ = ("array", "index")

    def __init__(self, start: int, end: int, array: Expr, index: Expr) -> None:
        self.start, self.end, self.array, self.index = start, end, array, index
        self.type = self.const = None


class Un(Expr):
    __slots__ = ("op", "operand")

    def __init__(self, start: int, end: int, op: str, operand: Expr) -> None:
        self.start, self.end, self.op, self.operand = start, end, op, operand
        self.type = self.const = None


class Update(Expr):
    """`++` and `--`."""

    __slots__ = ("op", "operand", "prefix")

    def __init__(self, start: int, end: int, op: str, prefix: bool, operand: Expr) -> None:
        self.start, self.end, self.op, self.prefix, self.operand = start, end, op, prefix, operand
        self.type = self.const = None


class Bin(Expr):
    __slots__ = ("left", "op", "right")

    def __init__(self, start: int, end: int, op: str, left: Expr, right: Expr) -> None:
        self.start, self.end, self.op, self.left, self.right = start, end, op, left, right
        self.type = self.const = None


class Assign(Expr):
    """`op` is "" for plain `=`, else the operator without its `=`."""

    __slots__ = ("left", "op", "right")

    def __init__(self, start: int, end: int, op: str, left: Expr, right: Expr) -> None:
        self.start, self.end, self.op, self.left, self.right = start, end, op, left, right
        self.type = self.const = None


class Cond(Expr):
    __slots__ = ("condition", "no", "yes")

    def __init__(self, start: int, end: int, condition: Expr, yes: Expr, no: Expr) -> None:
        self.start, self.end, self.condition, self.yes, self.no = start, end, condition, yes, no
        self.type = self.const = None


class Cast(Expr):
    __slots__ = ("of", "value")

    def __init__(self, start: int, end: int, of: list[TypeNode], value: Expr) -> None:
        self.start, self.end, self.of, self.value = start, end, of, value
        self.type = self.const = None


class InstOf(Expr):
    """`value instanceof of` or, with a pattern, `value instanceof pattern`."""

    __slots__ = ("of", "pattern", "value")

    def __init__(self, start: int, end: int, value: Expr, of: TypeNode | None, pattern: Pattern | None) -> None:
        self.start, self.end, self.value, self.of, self.pattern = start, end, value, of, pattern
        self.type = self.const = None


class LambdaParam(Node):
    __slots__ = ("name", "of", "var", "varargs")

    def __init__(self, start: int, end: int, name: str, of: TypeNode | None, varargs: bool) -> None:
        self.start, self.end, self.name, self.of, self.varargs = start, end, name, of, varargs
        self.var: Var | None = None


class LambdaExpr(Expr):
    """`body` is an expression or a Block; `number` its javac-like index within the class."""

    __slots__ = ("body", "explicit", "key", "params")

    def __init__(self, start: int, end: int, params: list[LambdaParam], explicit: bool, body: Expr | Block) -> None:
        self.start, self.end, self.params, self.explicit, self.body = start, end, params, explicit, body
        self.type = self.const = None
        self.key = ""


class MRef(Expr):
    """`object::name`; `of` when the left side is certainly a type, else `object`, which may turn out to name one."""

    __slots__ = ("method", "name", "name_start", "object", "of", "reason", "site", "static_left", "targs")

    def __init__(
        self, start: int, end: int, object_: Expr | None, of: TypeNode | None, targs: list[TypeNode], name: str, name_start: int
    ) -> None:
        self.start, self.end, self.object, self.of, self.targs = start, end, object_, of, targs
        self.name, self.name_start = name, name_start
        self.type = self.const = None
        self.method: MethodSymbol | None = None
        self.reason = ""
        self.static_left = False
        self.site: Any = None


class Case(Node):
    """One label group with what follows. `labels` empty and `default` False cannot happen.

    `arrow`: `case X -> body`; then body is one statement (an ExprStmt for an expression).
    """

    __slots__ = ("arrow", "body", "default", "guard", "labels")

    def __init__(
        self, start: int, end: int, labels: list[Expr | Pattern], default: bool, guard: Expr | None, arrow: bool, body: list[Stmt]
    ) -> None:
        self.start, self.end, self.labels, self.default, self.guard = start, end, labels, default, guard
        self.arrow, self.body = arrow, body


class SwitchExpr(Expr):
    """A switch, statement or expression alike; as a statement it stands in an ExprStmt."""

    __slots__ = ("cases", "statement", "subject")

    def __init__(self, start: int, end: int, subject: Expr, cases: list[Case]) -> None:
        self.start, self.end, self.subject, self.cases = start, end, subject, cases
        self.type = self.const = None
        self.statement = False


class BadExpr(Expr):
    """Syntax that no builder knows; `what` names it."""

    __slots__ = ("what",)

    def __init__(self, start: int, end: int, what: str) -> None:
        self.start, self.end, self.what = start, end, what
        self.type = self.const = None


# --- patterns ---------------------------------------------------------------------------------------------------------


class Pattern(Node):
    __slots__ = ()


class TypePattern(Pattern):
    """`T name`; `of` None for `var`-less `_`."""

    __slots__ = ("name", "of", "type", "var")

    def __init__(self, start: int, end: int, of: TypeNode, name: str) -> None:
        self.start, self.end, self.of, self.name = start, end, of, name
        self.var: Var | None = None
        self.type: Type | None = None


class RecordPattern(Pattern):
    __slots__ = ("of", "parts", "type")

    def __init__(self, start: int, end: int, of: TypeNode, parts: list[Pattern]) -> None:
        self.start, self.end, self.of, self.parts = start, end, of, parts
        self.type: Type | None = None


# --- statements -------------------------------------------------------------------------------------------------------


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


class Var:
    """A local variable, parameter or pattern variable, made by attribution. `uid` tells shadowed names apart."""

    __slots__ = ("const", "local", "name", "owner", "type", "uid")

    def __init__(self, name: str, type_: Type, owner: object, uid: int = 0) -> None:
        self.name, self.type, self.owner, self.uid = name, type_, owner, uid
        self.const: tuple[Any] | None = None
        self.local: Any = None  # the IR's Local, once lowered


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
        "name_end", "name_start", "permits", "superclass", "tparams",
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
        self.cls: Cls | None = None
        self.binary = ""


class Import(Node):
    __slots__ = ("demand", "name", "name_start", "static")

    def __init__(self, start: int, end: int, name: str, name_start: int, static: bool, demand: bool) -> None:
        self.start, self.end, self.name, self.name_start, self.static, self.demand = start, end, name, name_start, static, demand


class Unit(Node):
    """One file."""

    __slots__ = ("imports", "package", "package_annotations", "types")

    def __init__(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        self.package = ""
        self.package_annotations: list[AnnotationNode] = []
        self.imports: list[Import] = []
        self.types: list[ClassDecl] = []
