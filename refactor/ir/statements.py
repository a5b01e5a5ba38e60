"""Statements of the IR: a small typed three-address form over structured control flow.

Simplifications, all of them: expressions are flattened into temporaries in evaluation order; short-circuit and
conditional operators become If; string concatenation is a Binary "+" of type String; for / while / do / enhanced-for
are Loop with their header flattened; switch is Switch over blocks, its labels dropped (patterns become InstanceOf + Cast);
try-with-resources becomes Try with the close() Invokes written out; boxing and unboxing are not shown, nor are implicit
widening conversions; an array's length is Unary "length"; a compile-time constant is a Const wherever it is used;
a method reference is a Lambda whose body makes the call (`k::store` is `a -> k.store(a)`);
`finally` stays a block of Try; labels and breaks are Jump; a very long else-if chain is a Block left by Jumps; assertions
are If + Throw with `is_assertion`; the implicit super() of a class below the root class is not shown. Nothing else is
dropped. Every statement has a span.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from refactor.ir.types import Type
from refactor.support.fast_init import fast_init
from refactor.support.fast_members import fast_members
from refactor.support.source import Span


@fast_init
@dataclass(frozen=True, slots=True)
class Local:
    """A variable: a parameter, a local or a temporary (`$n`). `this` is the Local named "this".

    A second variable of the same name in one body is `name~2`. The instance of an enclosing class is `a.Outer.this`. Inside
    a lambda or local class body a captured variable keeps its name of the enclosing body.
    """

    name: str
    type: Type


@fast_init
@dataclass(frozen=True, slots=True)
class Const:
    """A literal or folded constant; None is null. A class literal has the ClassType as value."""

    value: object
    type: Type


Value = Local | Const


@fast_members
class InvokeKind(Enum):
    STATIC = "static"
    SPECIAL = "special"  # constructors' this()/super(), super.m(), private methods
    VIRTUAL = "virtual"
    INTERFACE = "interface"


@fast_init
@dataclass(frozen=True, slots=True)
class Copy:
    span: Span
    target: Local
    value: Value


@fast_init
@dataclass(frozen=True, slots=True)
class New:
    """`new C(args)`; `constructor` is the key of the constructor, `outer` the enclosing instance of an inner class.

    For an anonymous class `cls` is the anonymous class and `constructor` that of its superclass.
    """

    span: Span
    name_span: Span
    target: Local
    cls: str
    type: Type
    constructor: str | None
    args: tuple[Value, ...]
    outer: Value | None = None


@fast_init
@dataclass(frozen=True, slots=True)
class NewArray:
    span: Span
    target: Local
    type: Type
    dimensions: tuple[Value, ...]
    elements: tuple[Value, ...] | None = None


@fast_init
@dataclass(frozen=True, slots=True)
class ArrayLoad:
    span: Span
    target: Local
    array: Value
    index: Value


@fast_init
@dataclass(frozen=True, slots=True)
class ArrayStore:
    span: Span
    array: Value
    index: Value
    value: Value


@fast_init
@dataclass(frozen=True, slots=True)
class Load:
    """Reads a field. `span` is the whole access expression, `name_span` the field's name; receiver None: static.

    `receiver_class` is the static type through which the field is named (its declaring class is in the key).
    `compound`: the read half of `x.f += v` or `x.f++` (the Store of the same span is the other half).
    """

    span: Span
    name_span: Span
    target: Local
    receiver: Value | None
    field: str
    compound: bool = False


@fast_init
@dataclass(frozen=True, slots=True)
class Store:
    """Writes a field. `span` is the whole assignment expression."""

    span: Span
    name_span: Span
    receiver: Value | None
    field: str
    value: Value
    compound: bool = False


@fast_init
@dataclass(frozen=True, slots=True)
class Invoke:
    """Calls a method. `method` is the declaring member's key, None where unresolved (`reason` says why).

    `receiver_type` is the static type of the receiver expression (binary class name), which may be a subclass of the
    declaring class. `name_span` is the method's name.
    """

    span: Span
    name_span: Span
    target: Local | None
    kind: InvokeKind
    receiver: Value | None
    method: str | None
    args: tuple[Value, ...]
    receiver_type: str | None = None
    reason: str = ""


@fast_init
@dataclass(frozen=True, slots=True)
class MethodHandle:
    """What a method reference `X::m` says; `method` is the key of its target (constructor for `X::new`, None for array constructors)."""

    name_span: Span
    receiver: Value | None
    method: str | None
    reason: str = ""


@fast_init
@dataclass(frozen=True, slots=True)
class Lambda:
    """A lambda expression: `body` is the key of its Body in Program.bodies (`a.B#lambda$3`), captures are locals read inside.

    A method reference is one too: its body (`a.B#reference$3`) calls, or makes, what `handle` names.
    """

    span: Span
    target: Local
    interface: Type
    body: str
    captures: tuple[Local, ...]
    handle: MethodHandle | None = None


@fast_init
@dataclass(frozen=True, slots=True)
class Cast:
    span: Span
    target: Local
    type: Type
    value: Value


@fast_init
@dataclass(frozen=True, slots=True)
class InstanceOf:
    span: Span
    target: Local
    type: Type
    value: Value


@fast_init
@dataclass(frozen=True, slots=True)
class Unary:
    """`op`: + - ! ~, or "length" of an array."""

    span: Span
    target: Local
    op: str
    value: Value


@fast_init
@dataclass(frozen=True, slots=True)
class Binary:
    """`op` as written in the source family: + - * / % << >> >>> & | ^ == != < <= > >=."""

    span: Span
    target: Local
    op: str
    left: Value
    right: Value


@fast_init
@dataclass(frozen=True, slots=True)
class Return:
    span: Span
    value: Value | None


@fast_init
@dataclass(frozen=True, slots=True)
class Throw:
    span: Span
    value: Value
    is_assertion: bool = False


@fast_init
@dataclass(frozen=True, slots=True)
class Jump:
    """break, continue or yield, with its label."""

    span: Span
    kind: str
    label: str | None = None
    value: Value | None = None


@fast_init
@dataclass(frozen=True, slots=True)
class If:
    span: Span
    condition: Value
    then: tuple[Statement, ...]
    orelse: tuple[Statement, ...] = ()


@fast_init
@dataclass(frozen=True, slots=True)
class Loop:
    """Repeats body, then update, until a Jump leaves it. `continue` goes on with update."""

    span: Span
    body: tuple[Statement, ...]
    label: str | None = None
    update: tuple[Statement, ...] = ()


@fast_init
@dataclass(frozen=True, slots=True)
class Switch:
    """Enters any of the cases and falls through to the next until a Jump "break" or "yield" leaves it.

    `exhaustive`: one of the cases is always entered (it has a default, or is a switch expression).
    """

    span: Span
    subject: Value
    cases: tuple[tuple[Statement, ...], ...]
    exhaustive: bool = False


@fast_init
@dataclass(frozen=True, slots=True)
class Block:
    """A labelled block; Jump "break" with its label leaves it."""

    span: Span
    label: str
    body: tuple[Statement, ...]


@fast_init
@dataclass(frozen=True, slots=True)
class Catch:
    span: Span
    variable: Local
    types: tuple[Type, ...]
    body: tuple[Statement, ...]


@fast_init
@dataclass(frozen=True, slots=True)
class Try:
    span: Span
    body: tuple[Statement, ...]
    catches: tuple[Catch, ...] = ()
    finally_: tuple[Statement, ...] = ()


@fast_init
@dataclass(frozen=True, slots=True)
class Synchronized:
    span: Span
    lock: Value
    body: tuple[Statement, ...]


@fast_init
@dataclass(frozen=True, slots=True)
class LocalClass:
    """The place where a local class is declared."""

    span: Span
    cls: str


@fast_init
@dataclass(frozen=True, slots=True)
class Unsupported:
    """Syntax that the lowering does not know: always accompanied by a Diagnostic; analyses must assume anything."""

    span: Span
    what: str


Statement = (
    Copy | New | NewArray | ArrayLoad | ArrayStore | Load | Store | Invoke | Lambda | Cast | InstanceOf
    | Unary | Binary | Return | Throw | Jump | If | Loop | Switch | Block | Try | Synchronized | LocalClass | Unsupported
)  # fmt: skip


_NESTING = frozenset((If, Loop, Block, Synchronized, Switch, Try))


def children(statement: Statement) -> tuple[tuple[Statement, ...], ...]:
    """The nested statement lists of one statement, in source order."""
    if type(statement) not in _NESTING:  # most statements: one look-up instead of six comparisons
        return ()
    match statement:
        case If(then=then, orelse=orelse):
            return (then, orelse)
        case Loop(body=body, update=update):
            return (body, update)
        case Block(body=body) | Synchronized(body=body):
            return (body,)
        case Switch(cases=cases):
            return cases
        case Try(body=body, catches=catches, finally_=finally_):
            return (body, *(c.body for c in catches), finally_)
        case _:
            return ()


def walk(body: tuple[Statement, ...]) -> Iterator[Statement]:
    """Every statement of a body in source order, nested ones after their parent (lambda bodies are Bodies of their own).

    A loop, not a recursion: a long else-if chain nests as deep as it is long.
    """
    stack = [iter(body)]
    while stack:
        statement = next(stack[-1], None)
        if statement is None:
            stack.pop()
            continue
        yield statement
        stack.extend(iter(nested) for nested in reversed(children(statement)) if nested)
