"""Source classes, third step: fields, methods and constructors, written and implicit ones (JLS 8.3 - 8.10, 9.3 - 9.6)."""

from __future__ import annotations

from refactor.frontend.java import tree as t
from refactor.frontend.java.classes import DONE, MEMBERS_RUNNING, Cls, World
from refactor.frontend.java.headers import array_of, header, type_variables
from refactor.frontend.java.scopes import Scope, resolve
from refactor.ir.symbols import ClassKind, FieldSymbol, Flags, MethodSymbol, Param, TypeParam
from refactor.ir.types import BOOLEAN, INT, OBJECT, STRING, VOID, ArrayType, Type, TypeVar

_ACCESS = Flags.PUBLIC | Flags.PRIVATE | Flags.PROTECTED
_RECORD_METHODS: tuple[tuple[str, tuple[Param, ...], Type], ...] = (
    ("toString", (), STRING),
    ("hashCode", (), INT),
    ("equals", (Param("o", OBJECT),), BOOLEAN),
)


def members(world: World, cls: Cls) -> None:
    """Make the members of a source class known.

    before: record R(int a) {}    after: R#a:I, R#<init>(I)V and R#a()I, the last two implicit
    """
    if cls.state >= MEMBERS_RUNNING:
        return
    header(world, cls)
    cls.state = MEMBERS_RUNNING
    decl, scope, source = cls.decl, cls.scope, cls.source
    assert decl is not None
    assert scope is not None
    assert source is not None
    if cls.kind is ClassKind.RECORD:
        _components(cls, decl, scope)
    for member in decl.members:
        if isinstance(member, t.FieldDecl):
            _fields(world, cls, member, scope)
        elif isinstance(member, t.MethodDecl):
            _add(cls, _method(world, cls, member, scope))
        elif isinstance(member, t.EnumConst):
            member.symbol = FieldSymbol(
                cls.name,
                member.name,
                cls.type,
                Flags.PUBLIC | Flags.STATIC | Flags.FINAL,
                enum_constant=True,
                span=source.span(member.start, member.end),
                name_span=source.span(member.name_start, member.name_start + len(member.name.encode())),
            )
            cls.fields.setdefault(member.name, member.symbol)
    _implicit(cls)
    cls.state = DONE


def _add(cls: Cls, method: MethodSymbol) -> None:
    cls.methods.setdefault(method.name, []).append(method)


def _fields(world: World, cls: Cls, decl: t.FieldDecl, scope: Scope) -> None:
    flags = decl.flags
    if cls.is_interface:
        flags |= Flags.PUBLIC | Flags.STATIC | Flags.FINAL
    type_ = resolve(scope, decl.of)
    source = cls.source
    assert source is not None
    for var in decl.vars:
        field = FieldSymbol(
            cls.name,
            var.name,
            array_of(type_, var.dims),
            flags,
            span=source.span(var.start, var.end),
            name_span=source.span(var.name_start, var.name_start + len(var.name.encode())),
        )
        decl.symbols.append(field)
        if var.init is not None and flags & Flags.FINAL:
            world.initialisers[id(field)] = (var.init, scope)
        cls.fields.setdefault(var.name, field)


def _method(world: World, cls: Cls, decl: t.MethodDecl, scope: Scope) -> MethodSymbol:
    source = cls.source
    assert source is not None
    flags = decl.flags
    if cls.is_interface:
        if not flags & Flags.PRIVATE:
            flags |= Flags.PUBLIC
        if decl.body is None:
            flags |= Flags.ABSTRACT
    if cls.kind is ClassKind.ENUM and decl.name == "<init>":
        flags |= Flags.PRIVATE
    inside = Scope(scope, cls, scope.file)
    variables = type_variables(world, inside, decl.tparams, "") if decl.tparams else ()
    if decl.compact:
        params = cls.record_components
        if cls.decl is not None and cls.decl.components and cls.decl.components[-1].varargs:
            flags |= Flags.VARARGS
    else:
        params = tuple([Param(p.name, array_of(resolve(inside, p.of), p.dims), (), p.flags) for p in decl.params])
        if decl.params and decl.params[-1].varargs:
            flags |= Flags.VARARGS
    result: Type = VOID
    if decl.result is not None:
        result = array_of(resolve(inside, decl.result), decl.dims)
    method = MethodSymbol(
        cls.name,
        decl.name,
        params,
        result,
        tuple([TypeParam(v.name, v.bounds) for v in variables]),
        tuple([resolve(inside, n) for n in decl.throws]),
        flags,
        span=source.span(decl.start, decl.end),
        name_span=source.span(decl.name_start, decl.name_end),
        body_span=source.span(decl.body.start, decl.body.end) if decl.body is not None else None,
    )
    if variables:
        key = method.key
        for variable in variables:
            object.__setattr__(variable, "owner", key)  # known only now: the key holds the erased parameters
    decl.symbol = method
    decl.scope = inside
    return method


def _components(cls: Cls, decl: t.ClassDecl, scope: Scope) -> None:
    source = cls.source
    assert source is not None
    found = []
    for component in decl.components:
        type_ = array_of(resolve(scope, component.of), component.dims)
        found.append(Param(component.name, type_, (), component.flags))
        end = component.end
        start = end - len(component.name.encode())
        field = FieldSymbol(
            cls.name,
            component.name,
            type_,
            Flags.PRIVATE | Flags.FINAL,
            span=source.span(component.start, component.end),
            name_span=source.span(start, end),
        )
        cls.fields.setdefault(component.name, field)
    cls.record_components = tuple(found)


def _implicit(cls: Cls) -> None:
    decl = cls.decl
    assert decl is not None
    source = cls.source
    assert source is not None
    name_span = source.span(decl.name_start, decl.name_end)

    def add(name: str, params: tuple[Param, ...], result: Type, flags: Flags, throws: tuple[Type, ...] = ()) -> None:
        _add(cls, MethodSymbol(cls.name, name, params, result, (), throws, flags, implicit=True, name_span=name_span))

    if cls.kind is ClassKind.ENUM:
        static = Flags.PUBLIC | Flags.STATIC
        add("values", (), ArrayType(cls.type), static)
        add("valueOf", (Param("name", STRING),), cls.type, static)
    if cls.kind is ClassKind.RECORD:
        for component in cls.record_components:
            if not any(not m.params for m in cls.methods.get(component.name, ())):
                add(component.name, (), component.type, Flags.PUBLIC)
        for name, params, result in _RECORD_METHODS:
            if not any([p.type for p in m.params] == [p.type for p in params] for m in cls.methods.get(name, ())):
                add(name, params, result, Flags.PUBLIC | Flags.FINAL)
        types = [p.type for p in cls.record_components]
        if not any([p.type for p in m.params] == types for m in cls.methods.get("<init>", ())):
            varargs = Flags.VARARGS if decl.components and decl.components[-1].varargs else Flags.NONE
            add("<init>", cls.record_components, VOID, Flags((cls.flags & _ACCESS) | varargs))
    elif not cls.is_interface and "<init>" not in cls.methods and not cls.anonymous:
        access = Flags.PRIVATE if cls.kind is ClassKind.ENUM else cls.flags & _ACCESS
        add("<init>", (), VOID, Flags(access))


def variables_of(method: MethodSymbol) -> tuple[TypeVar, ...]:
    """A method's type variables."""
    key = method.key
    return tuple([TypeVar(p.name, key, p.bounds) for p in method.type_params])
