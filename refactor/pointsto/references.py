"""Method references: the code behind `X::m`, which hands what the functional method gets to the method that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refactor.ir.dispatch import substitute
from refactor.ir.statements import Lambda, Local
from refactor.ir.symbols import Flags, MethodSymbol
from refactor.ir.types import ArrayType, ClassType, PrimitiveType, Type
from refactor.pointsto import code as c
from refactor.pointsto.code import Code
from refactor.pointsto.world import BOXES, OBJECT

if TYPE_CHECKING:
    from refactor.pointsto.build import Builder

BOUND = "captured ::"
"""The field of a method reference's object that holds the receiver of `expression::m`."""


def reference(b: Builder, s: Lambda) -> Code:
    """before: an empty Builder, the reference   after: its code: transparent, its calls count as its callers'"""
    code, world = b.code, b.world
    handle = s.handle
    assert handle is not None
    functional = b.base.dispatch.functional(world.name_of(s.interface) or OBJECT)
    arity = len(functional.params) if functional is not None else 1
    code.transparent = True
    code.closure = b.temp()
    method = b.base.method(handle.method) if handle.method is not None else None
    params: list[int] = []
    for index in range(arity):
        operand, type_ = _parameter(b, s, functional, method, index)
        params.append(operand)
        code.params.append(operand if operand >= 0 else None)
        code.param_types.append(type_)
        code.param_written.append(None)
    code.result = b.temp()
    if handle.method is None:
        b.new_array(code.result, ArrayType(ClassType(OBJECT)), 1, s.span)
        return code
    owner, _, rest = handle.method.partition("#")
    args: list[int | None] = [*params]
    used = c.Initialise(world.site(code.key, s.span, "<clinit>"), owner)
    if rest.startswith("<init>"):
        b.new_object(code.result, owner, ClassType(owner), s.span)
        if owner in world.program.classes:
            b.emit(used)
        _call(b, s, handle.method, method, code.result, args, None)
    elif method is not None and method.flags & Flags.STATIC:
        if owner in world.program.classes:
            b.emit(used)
        _call(b, s, handle.method, method, None, args, code.result)
    elif handle.receiver is not None:
        receiver = b.temp()
        b.emit(c.Read(receiver, code.closure, world.field(BOUND)))
        _call(b, s, handle.method, method, receiver, args, code.result)
    elif params:
        receiver = b.temp()
        b.emit(c.Copy(receiver, params[0], world.type_named(owner), True))
        _call(b, s, handle.method, method, receiver, args[1:], code.result)
    return code


def _parameter(b: Builder, s: Lambda, functional: MethodSymbol | None, method: MethodSymbol | None, index: int) -> tuple[int, int]:
    """(operand, type) of one parameter: what the method behind the reference takes, else what the interface is of.

    A library that calls the function with what it has gets no further than the types: a value is the one object of its class.
    """
    world = b.world
    said: list[Type] = []
    if method is not None and functional is not None:
        unbound = s.handle is not None and s.handle.receiver is None and not method.is_constructor and not method.flags & Flags.STATIC
        at = index - unbound
        if at < 0:
            said.append(ClassType(method.owner))
        elif len(method.params) == len(functional.params) - unbound and not method.flags & Flags.VARARGS:
            said.append(method.params[at].type)
    if functional is not None and index < len(functional.params):
        said.append(_as_interface(b, s, functional, functional.params[index].type))
    found = -1
    for type_ in said:
        name = BOXES.get(type_.name) if isinstance(type_, PrimitiveType) else world.name_of(type_)
        if name is None:
            continue
        number = world.type_named(name)
        if world.types[number].merged:
            return world.global_of("merged", name), number
        if found < 0 and number != world.object:
            found = number
    return b.temp(), found


def _as_interface(b: Builder, s: Lambda, functional: MethodSymbol, type_: Type) -> Type:
    """A type of the functional method as the type arguments of the reference's interface make it."""
    interface = s.interface
    if not isinstance(interface, ClassType):
        return type_
    symbol = b.world.program.find(interface.name)
    own: dict[str, Type] = {}
    if symbol is not None and len(symbol.type_params) == len(interface.args):
        own = {p.name: a for p, a in zip(symbol.type_params, interface.args, strict=True)}
    view = b.base.dispatch.view(interface.name, functional.owner)
    return substitute(type_, {n: substitute(t, own) for n, t in view.items()} if view else own)


def _call(
    b: Builder, s: Lambda, key: str, method: MethodSymbol | None, receiver: int | None, args: list[int | None], result: int | None
) -> None:
    world = b.world
    owner, _, rest = key.partition("#")
    site = world.site(b.code.key, s.span)
    values, types = tuple(args), tuple([-1] * len(args))
    fixed = receiver is None or rest.startswith("<init>") or (method is not None and bool(method.flags & Flags.PRIVATE))
    if fixed and key in world.program.bodies:
        b.emit(c.Call(site, receiver, -1, key, values, types, result, -1))
    elif not fixed and receiver is not None:
        arity = len(method.params) if method is not None else len(values)
        signature = world.signature(owner, rest.partition("(")[0], arity, method)
        b.emit(c.Call(site, receiver, signature, None, values, types, result, -1, method.result if method is not None else None))
    if owner not in world.program.classes:
        local = Local("$", method.result) if method is not None and result is not None else None
        receiver_type = world.type_named(owner) if receiver is not None else -1
        b.effects.call(s.span, key, method, receiver, receiver_type, values, types, result, local)
