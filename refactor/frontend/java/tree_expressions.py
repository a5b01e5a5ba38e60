"""Expressions, patterns and variables (see tree.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refactor.frontend.java.tree_types import Node, TName, TypeNode
from refactor.ir.symbols import MethodSymbol
from refactor.ir.types import Type

if TYPE_CHECKING:
    from refactor.frontend.java.classes import Cls
    from refactor.frontend.java.tree_statements import Block, ClassDecl, Stmt


class Var:
    """A local variable, parameter or pattern variable, made by attribution. `uid` tells shadowed names apart."""

    __slots__ = ("const", "local", "name", "owner", "type", "uid")

    def __init__(self, name: str, type_: Type, owner: object, uid: int = 0) -> None:
        self.name, self.type, self.owner, self.uid = name, type_, owner, uid
        self.const: tuple[Any] | None = None
        self.local: Any = None  # the IR's Local, once lowered


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

    __slots__ = ("method", "name", "name_start", "object", "of", "reason", "site", "static_left", "targs", "varargs")

    def __init__(
        self, start: int, end: int, object_: Expr | None, of: TypeNode | None, targs: list[TypeNode], name: str, name_start: int
    ) -> None:
        self.start, self.end, self.object, self.of, self.targs = start, end, object_, of, targs
        self.name, self.name_start = name, name_start
        self.type = self.const = None
        self.method: MethodSymbol | None = None
        self.reason = ""
        self.static_left = self.varargs = False
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
