"""What the parts of attribution share: the protocol of arguments whose type waits for a target, and forward declarations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from refactor.frontend.java import tree as t
from refactor.frontend.java.classes import Cls, World
from refactor.frontend.java.inference import Inference
from refactor.frontend.java.members import Members
from refactor.frontend.java.scopes import Scope
from refactor.ir.symbols import MethodSymbol
from refactor.ir.types import ClassType, Type


class BodyInfo:
    """What `return` (or `yield`, of kind "switch") means: the expected type, or the results of a lambda or switch so far.

    `method`: the key of the method around, None in an initialiser.
    """

    __slots__ = ("kind", "method", "result", "results")

    def __init__(self, kind: str, result: Type | None, method: str | None = None) -> None:
        self.kind, self.result, self.method = kind, result, method
        self.results: list[Arg] | None = None if kind == "method" else []


class Deferred:
    """A lambda or method reference that waits for its target type."""

    __slots__ = ("node", "scope")

    def __init__(self, node: t.LambdaExpr | t.MRef, scope: Scope) -> None:
        self.node, self.scope = node, scope


class Partial:
    """A generic call whose result still mentions inference variables."""

    __slots__ = ("inference", "node", "type")

    def __init__(self, node: t.Expr, type_: Type, inference: Inference) -> None:
        self.node, self.type, self.inference = node, type_, inference


class Composite:
    """A conditional or switch expression one of whose branches waits for a target."""

    __slots__ = ("node", "parts")

    def __init__(self, node: t.Expr, parts: Sequence[Arg]) -> None:
        self.node, self.parts = node, parts


Arg = Type | Deferred | Partial | Composite
WAITING = (Deferred, Partial, Composite)


class Pending:
    """A Deferred argument with the formal type it meets, variables included."""

    __slots__ = ("arg", "formal")

    def __init__(self, arg: Deferred, formal: Type) -> None:
        self.arg, self.formal = arg, formal


class Attribution(Members):
    """Base of all parts of attribution; the parts call each other through these."""

    attrib: Callable[..., Type]
    arg: Callable[[t.Expr, Scope], Arg]
    finish: Callable[[Arg, Type | None], Type]
    args: Callable[[list[t.Expr], Scope], list[Arg]]
    meet: Callable[[Arg, Type, Inference], None]
    conclude: Callable[[Inference], None]
    qualifier: Callable[[t.Expr, Scope], object]
    block: Callable[[list[t.Stmt], Scope], None]
    stmt: Callable[[t.Stmt, Scope], Scope]
    enter_body: Callable[[t.ClassDecl, Cls], None]
    declare_local: Callable[..., Cls]
    function_body: Callable[..., list[Arg]]
    lambda_fits: Callable[..., bool]
    more_functional: Callable[..., bool]
    true_bindings: Callable[[t.Expr], list[t.Var]]
    false_bindings: Callable[[t.Expr], list[t.Var]]
    select_method: Callable[..., tuple[MethodSymbol, bool] | str]
    exact: Callable[[t.MRef, Scope, int], MethodSymbol | None]
    reference_to: Callable[..., Type]
    reference_fits: Callable[..., bool]
    lambda_to: Callable[[Deferred, Type, Inference | None], Type]

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.uids = 0

    def variable(self, name: str, type_: Type, scope: Scope) -> t.Var:
        """A new local variable, declared in `scope`."""
        self.uids += 1
        var = t.Var(name, type_, scope.body, self.uids)
        scope.declare(var)
        return var

    def this_type(self, cls: Cls) -> ClassType:
        return cls.type
