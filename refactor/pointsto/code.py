"""Instructions of the solver, and the code of one body: what is instantiated once for every context.

An operand is a number: a local of the body (0 and up), or a global (negative, see World.global_of). A filter is a type's number, or -1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from refactor.ir.types import Type

NO_FILTER = -1


class Alloc(NamedTuple):
    target: int
    alloc: int


class Copy(NamedTuple):
    """`cast`: an object of unknown class becomes one of the type that the place asks for."""

    target: int
    source: int
    filter: int = NO_FILTER
    cast: bool = False


class Read(NamedTuple):
    target: int
    base: int
    field: int
    filter: int = NO_FILTER


class Write(NamedTuple):
    base: int
    field: int
    source: int


class Call(NamedTuple):
    """`target` is the key of the body where it is certain, else `signature` is dispatched. `same`: the receiver is `this`."""

    site: int
    receiver: int | None
    signature: int
    target: str | None
    args: tuple[int | None, ...]
    arg_types: tuple[int, ...]
    result: int | None
    result_type: int
    written: Type | None = None
    same: bool = False


class Function(NamedTuple):
    """A library calls the functional method (`signature`; -1: any method it declares) of what `receiver` holds."""

    site: int
    receiver: int
    signature: int
    args: tuple[int, ...]
    result: int | None


class Escape(NamedTuple):
    """What `source` holds is given to a library as a `type`: it may call anything it declares, with what is in `pool`."""

    site: int
    source: int
    type: int
    pool: tuple[int, ...]
    out: int


class Use(NamedTuple):
    """A library asks for texts or equality (`mask`) of what `source` holds, or (`inside`) of what that contains."""

    site: int
    source: int
    mask: int
    inside: bool = False


class Elements(NamedTuple):
    """A library goes through what `source` holds: an application's own collections, iterators and maps are asked for their elements."""

    site: int
    source: int
    target: int


class Reflect(NamedTuple):
    """An instance of every class whose literal `source` holds. `construct`: its constructor runs too."""

    site: int
    target: int
    source: int


class Initialise(NamedTuple):
    site: int
    cls: str


Instruction = Alloc | Copy | Read | Write | Call | Function | Escape | Use | Elements | Reflect | Initialise


class Access(NamedTuple):
    """A read or write of a field in the source, for the records of the result; base None: a static field."""

    base: int | None
    field: int
    write: bool
    span: object


@dataclass(slots=True)
class Code:
    """One body. `params` are locals (None where nothing is to be passed), `this` is -1 without receiver.

    `transparent`: no body of the program, its calls count as its callers' (method references, entry points).
    """

    key: str
    owner: int
    names: dict[str, int] = field(default_factory=dict)
    size: int = 0
    this: int = -1
    params: list[int | None] = field(default_factory=list)
    param_types: list[int] = field(default_factory=list)
    param_written: list[Type | None] = field(default_factory=list)
    result: int = -1
    result_type: int = NO_FILTER
    closure: int = -1
    instructions: list[Instruction] = field(default_factory=list)
    accesses: list[Access] = field(default_factory=list)
    transparent: bool = False
