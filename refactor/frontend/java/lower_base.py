"""What the parts of lowering share: the statements written so far, temporaries, locals, `this`."""

from __future__ import annotations

from collections.abc import Callable

from refactor.frontend.java import tree as t
from refactor.frontend.java.attribute import Attribute
from refactor.frontend.java.classes import Cls
from refactor.frontend.java.files import Source
from refactor.frontend.java.relations import upper
from refactor.ir.program import Body
from refactor.ir.statements import Const, Copy, If, Local, Statement, Unsupported, Value
from refactor.ir.types import NULL, ClassType, PrimitiveType, Type, UnknownType
from refactor.support.source import Span

_CHAR = PrimitiveType("char")
THIS = "this"


class Frame:
    """One body under construction. `outer` is the frame of the code around a lambda or local class, `is_lambda` tells which.

    Lambdas share `names` with the code around them, local classes start from a copy, so that captured names stay unique.
    """

    __slots__ = ("cls", "count", "declared", "is_lambda", "key", "names", "outer", "used", "yields")

    def __init__(self, key: str, cls: Cls, outer: Frame | None, is_lambda: bool = False) -> None:
        self.key, self.cls, self.outer, self.is_lambda = key, cls, outer, is_lambda
        self.names: dict[str, int] = {} if outer is None else outer.names if is_lambda else dict(outer.names)
        self.count = 0
        self.declared: set[str] = set()
        self.used: dict[str, Local] = {}
        self.yields: list[Local] = []


class LowerBase:
    """State of the lowering of one file."""

    value: Callable[[t.Expr], Value]
    discard: Callable[[t.Expr], None]
    statement: Callable[[t.Stmt], None]
    class_bodies: Callable[..., None]
    match: Callable[[t.Pattern, Value, t.Node], Local]
    invoke_close: Callable[..., None]

    def __init__(self, attribute: Attribute, source: Source, bodies: dict[str, Body]) -> None:
        self.attribute = attribute
        self.world = attribute.world
        self.source = source
        self.bodies = bodies
        self.cls: Cls
        self.frame: Frame
        self.around: Frame | None = None
        """The frame in whose code the class being lowered stands."""
        self.out: list[Statement] = []
        self.lambdas: dict[str, int] = {}
        self.references: dict[str, int] = {}

    def span(self, node: t.Node) -> Span:
        return self.source.span(node.start, node.end)

    def temp(self, type_: Type) -> Local:
        """A fresh temporary."""
        frame = self.frame
        frame.count += 1
        name = f"${frame.count}"
        frame.declared.add(name)
        return Local(name, type_)

    def declare(self, var: t.Var) -> Local:
        """The Local of a variable declared here."""
        names = self.frame.names
        count = names.get(var.name, 0) + 1
        names[var.name] = count
        name = var.name if count == 1 else f"{var.name}~{count}"
        local = var.local = Local(name, upper(var.type))
        self.frame.declared.add(name)
        return local

    def use(self, var: t.Var) -> Local:
        """The Local of a variable named here; captured where it was declared further out."""
        local: Local | None = var.local
        if local is None:
            local = self.declare(var)
        return self.captured(local)

    def captured(self, local: Local) -> Local:
        """Note the use of a local in every lambda between here and its declaration."""
        frame: Frame | None = self.frame
        while frame is not None and local.name not in frame.declared:
            frame.used.setdefault(local.name, local)
            frame = frame.outer
        return local

    def this(self, cls: Cls | None = None) -> Local:
        """`this`, or the instance of an enclosing class."""
        cls = cls or self.cls
        found = Local(THIS if cls.name == self.cls.name else f"{cls.name}.this", cls.type)
        frame: Frame | None = self.frame
        while frame is not None:
            at = Local(THIS, cls.type) if frame.cls.name == cls.name else found
            frame.used.setdefault(at.name, at)
            if at.name == THIS and not frame.is_lambda:
                break
            frame = frame.outer
        return found

    def this_for(self, owner: str) -> Local:
        """The innermost enclosing instance whose class has `owner` among its supertypes."""
        at: Cls | None = self.cls
        while at is not None:
            if self.attribute.is_subclass(at.name, owner):
                return self.this(at)
            at = at.outer
        return self.this()

    @staticmethod
    def type_of(node: t.Expr) -> Type:
        type_ = node.type
        return upper(type_) if type_ is not None else UnknownType("not attributed")

    @staticmethod
    def constant(value: object, type_: Type) -> Const:
        if type_ == _CHAR and isinstance(value, int):
            value = chr(value)
        return Const(value, type_)

    def block(self, write: Callable[[], None]) -> tuple[Statement, ...]:
        """What `write` writes, as a list of its own."""
        outside, self.out = self.out, []
        write()
        inside, self.out = self.out, outside
        return tuple(inside)

    def copy(self, node: t.Node, target: Local, value: Value) -> None:
        self.out.append(Copy(self.span(node), target, value))

    def branch(self, node: t.Node, condition: Value, then: Callable[[], None], orelse: Callable[[], None] | None = None) -> None:
        yes = self.block(then)
        no = self.block(orelse) if orelse is not None else ()
        self.out.append(If(self.span(node), condition, yes, no))

    def unsupported(self, node: t.Node, what: str) -> Value:
        self.out.append(Unsupported(self.span(node), what))
        return Const(None, UnknownType(what))

    def null(self) -> Const:
        return Const(None, NULL)

    @staticmethod
    def class_name(type_: Type | None) -> str | None:
        return type_.name if isinstance(type_, ClassType) else None
