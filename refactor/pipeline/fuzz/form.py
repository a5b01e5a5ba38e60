"""The abstract form of generated programs: small, typed, object-oriented, no language's syntax.

What the form leaves to the printer: the trace class `T`, the dumper `D`, the interface `N` of everything that a dump can
walk, and the `dump` and `clear` methods of every class, which follow from its fields.
Every generated method takes the remaining depth `d` first and returns a default at zero, so every program terminates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Type:
    """A type by name. `args`: of array, list, map, of the library's functions, and of generic classes of the program.

    A name that is none of the built-in ones is a class of the program, or (V0, V1, ...) a type variable.
    """

    name: str
    args: tuple[Type, ...] = ()


BOOL: Final = Type("bool")
BYTE: Final = Type("byte")
SHORT: Final = Type("short")
CHAR: Final = Type("char")
INT: Final = Type("int")
LONG: Final = Type("long")
FLOAT: Final = Type("float")
DOUBLE: Final = Type("double")
STR: Final = Type("str")
VOID: Final = Type("void")
OBJECT: Final = Type("object")
BOX: Final = Type("box")
LOCK: Final = Type("lock")
SHARED_LOCK: Final = Type("sharedlock")
ATOMIC: Final = Type("atomic")
NUMBERS: Final = (INT, LONG, DOUBLE, BYTE, SHORT, CHAR, FLOAT)
VALUES: Final = (*NUMBERS, BOOL, STR)
PINNED: Final = frozenset({LOCK.name, SHARED_LOCK.name, ATOMIC.name, "local"})
"""Types of fields that never leave their class: locks, thread-locals, atomic numbers. BOX is a number with an identity nobody asks for."""
FUNCTIONS: Final = frozenset({"supplier", "function", "bifunction"})
"""The library's functions: of nothing, of a depth, of an object and a depth."""
BUILT_IN: Final = frozenset({t.name for t in (*VALUES, VOID, OBJECT, BOX)} | {"array", "list", "map"} | PINNED | FUNCTIONS)


def array(element: Type) -> Type:
    return Type("array", (element,))


def list_of(element: Type) -> Type:
    return Type("list", (element,))


def map_of(value: Type) -> Type:
    """A map in insertion order with text keys: nothing may depend on the order of hashes."""
    return Type("map", (value,))


def local_of(value: Type) -> Type:
    """A value that every thread has its own of."""
    return Type("local", (value,))


def is_variable(type_: Type) -> bool:
    """Whether the type is a type variable."""
    return type_.name[0] == "V" and type_.name[1:].isdigit()


def substitute(type_: Type, table: Mapping[str, Type]) -> Type:
    """before: list of V0, {V0: text}   after: list of text"""
    if not type_.args:
        return table.get(type_.name, type_)
    return Type(type_.name, tuple(substitute(a, table) for a in type_.args))


# --- expressions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lit:
    """A constant; None is the null of its type. A char is a text of one UTF-16 unit."""

    type: Type
    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class This:
    type: Type


@dataclass(frozen=True, slots=True)
class OuterThis:
    """The object around an inner one."""

    type: Type


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A field; receiver None: static, or an enum's constant."""

    receiver: Expr | None
    cls: str
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A method of the program; receiver None: static. `exact`: the arguments are converted to `params`, to select an overload."""

    receiver: Expr | None
    cls: str
    name: str
    args: tuple[Expr, ...]
    type: Type
    exact: tuple[Type, ...] = ()
    to_super: bool = False


@dataclass(frozen=True, slots=True)
class New:
    """A new object; `outer` for an inner class."""

    cls: str
    args: tuple[Expr, ...]
    outer: Expr | None = None
    of: tuple[Type, ...] = ()

    @property
    def type(self) -> Type:
        return Type(self.cls, self.of)


@dataclass(frozen=True, slots=True)
class Anonymous:
    """An object of an anonymous subclass of the class or interface `cls`, with fields and methods of its own."""

    cls: str
    args: tuple[Expr, ...]
    methods: tuple[Method, ...]
    fields: tuple[Field, ...] = ()
    of: tuple[Type, ...] = ()

    @property
    def type(self) -> Type:
        return Type(self.cls, self.of)


@dataclass(frozen=True, slots=True)
class Lambda:
    """A function as an object of an interface with one method; the body is a method body."""

    type: Type
    params: tuple[Name, ...]
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A method as an object of a type with one method. `kind`: bound (to `on`), unbound, static, constructor (`name` is then "new")."""

    type: Type
    kind: str
    cls: str
    name: str
    on: Expr | None = None


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic and comparison of numbers, `+` of texts, `and` / `or`."""

    op: str
    left: Expr
    right: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Same:
    """Identity of two objects."""

    left: Expr
    right: Expr
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Equal:
    """Equality by the object's own definition; null-safe."""

    left: Expr
    right: Expr
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Choose:
    condition: Expr
    then: Expr
    orelse: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Convert:
    """A conversion between numbers, or a checked cast between classes."""

    type: Type
    value: Expr


@dataclass(frozen=True, slots=True)
class IsA:
    value: Expr
    of: Type
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Make:
    """A new array, list or map of these elements (a map has the keys k0, k1, ...)."""

    type: Type
    elements: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Op:
    """An operation of a built-in type on `on`: see the printer's table."""

    op: str
    on: Expr
    args: tuple[Expr, ...]
    type: Type


Expr = (
    Lit | Name | This | OuterThis | FieldOf | Call | New | Anonymous | Lambda | Reference | Binary | Same | Equal | Choose | Convert | IsA
    | Make | Op
)  # fmt: skip

# --- statements ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Let:
    name: str
    value: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Assign:
    """`target` is a Name, FieldOf or an Op "at" (array element)."""

    target: Expr
    value: Expr


@dataclass(frozen=True, slots=True)
class Update:
    """Compound assignment; op `++` and `--` have no value. The target's receiver is evaluated once."""

    target: Expr
    op: str
    value: Expr | None = None


@dataclass(frozen=True, slots=True)
class Do:
    value: Expr


@dataclass(frozen=True, slots=True)
class Log:
    """One line of the trace: a label and values (not objects)."""

    label: str
    values: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class LogError:
    """One line of the trace: a caught exception's type, message and causes; with the program's own frames."""

    error: Expr
    frames: bool = False


@dataclass(frozen=True, slots=True)
class If:
    condition: Expr
    then: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeat:
    """`var` from 0 while it is less than `count`."""

    var: str
    count: Expr
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Each:
    var: str
    type: Type
    over: Expr
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Switch:
    """On an enum's constant: one body per constant name, `orelse` for the rest."""

    on: Expr
    cases: tuple[tuple[str, tuple[Stmt, ...]], ...]
    orelse: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Return:
    value: Expr | None


@dataclass(frozen=True, slots=True)
class Throw:
    value: Expr


@dataclass(frozen=True, slots=True)
class Catch:
    """`type` is a class of the program, or one of the built-in groups: "any", "null", "cast", "arithmetic", "index"."""

    type: str
    var: str
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Try:
    body: tuple[Stmt, ...]
    catches: tuple[Catch, ...]
    final: tuple[Stmt, ...] = ()


@dataclass(frozen=True, slots=True)
class Lock:
    on: Expr
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Takes the lock of a keeper by one call and gives it back by another one, whatever the body does. `mode`: lock, read, write."""

    on: Expr
    mode: str
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Threads:
    """Runs every body on a thread of its own and waits for them: one after the other, or (`together`) at the same time.

    `name` begins the names of all that this takes. `how` they are waited for: join, latch, executor. An executor runs bodies
    that are not together on one and the same thread.
    """

    name: str
    how: str
    bodies: tuple[tuple[Stmt, ...], ...]
    together: bool = False


Stmt = Let | Assign | Update | Do | Log | LogError | If | Repeat | Each | Switch | Return | Throw | Try | Lock | Hold | Threads

Variable = tuple[str, Type | None]
"""A type variable and its bound."""

# --- declarations --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: Type
    init: Expr | None = None
    static: bool = False
    final: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """`body` None: abstract. `varargs`: the last parameter is an array. `locked`: holds the object's re-entrant lock.

    `variables`: type variables of its own, each with its bound.
    """

    name: str
    params: tuple[Name, ...]
    result: Type
    body: tuple[Stmt, ...] | None
    static: bool = False
    synchronized: bool = False
    private: bool = False
    varargs: bool = False
    locked: bool = False
    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class Constructor:
    """`to_super` / `to_this`: the arguments of the first call, None where there is none."""

    params: tuple[Name, ...]
    body: tuple[Stmt, ...]
    to_super: tuple[Expr, ...] | None = None
    to_this: tuple[Expr, ...] | None = None


@dataclass(frozen=True, slots=True)
class Class:
    """`kind`: class, abstract, interface, enum, record, exception, inner, nested.

    `constants`: of an enum, with the arguments of their constructor. `static_init`, `init`: initialiser blocks.
    `equality`: equals and hash code over the fields that hold values. `supers`: with arguments, those of `parent` and `interfaces`
    that are generic.
    """

    name: str
    kind: str
    parent: str | None = None
    interfaces: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    constructors: tuple[Constructor, ...] = ()
    methods: tuple[Method, ...] = ()
    constants: tuple[tuple[str, tuple[Expr, ...]], ...] = ()
    static_init: tuple[Stmt, ...] = ()
    init: tuple[Stmt, ...] = ()
    equality: bool = False
    nested: tuple[Class, ...] = ()
    variables: tuple[Variable, ...] = ()
    supers: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """`main`: the body of the main program; `roots`: its locals that the final dump starts from."""

    classes: tuple[Class, ...]
    main: tuple[Stmt, ...]
    roots: tuple[Name, ...] = field(default=())

    def units(self) -> tuple[str, ...]:
        """The top-level classes that a partition places, the support classes included."""
        return (*(c.name for c in self.classes), "D", "Main", "N", "T")
