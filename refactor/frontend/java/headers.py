"""Source classes, first two steps: their names and nesting, then type parameters and supertypes (JLS 8.1, 9.1)."""

from __future__ import annotations

from refactor.frontend.java import tree as t
from refactor.frontend.java.classes import HEADER, HEADER_RUNNING, NEW, Cls, World
from refactor.frontend.java.files import Source
from refactor.frontend.java.scopes import FileScope, Scope, resolve
from refactor.ir.symbols import ClassKind, Flags
from refactor.ir.types import OBJECT, ArrayType, ClassType, Type, TypeVar
from refactor.support.diagnostics import Diagnostic, Note, Severity

_ENUM, _RECORD, _ANNOTATION = "java.lang.Enum", "java.lang.Record", ClassType("java.lang.annotation.Annotation")


def declare_file(world: World, source: Source) -> tuple[FileScope, list[Diagnostic]]:
    """Make the classes of one file known by name.

    before: package a; class B { class C {} }   after: world knows a.B and a.B$C; nothing of theirs is resolved
    """
    unit = source.unit
    assert unit is not None
    file = FileScope(world, source, unit)
    top = Scope(None, None, file)
    world.add_package(unit.package)
    said = []
    for decl in list(unit.types):
        name = f"{unit.package}.{decl.name}" if unit.package else decl.name
        known = world.sources.get(name)
        if known is not None and known.source is not None and known.decl is not None:
            first = known.source.span(known.decl.name_start, known.decl.name_end)
            said.append(
                Diagnostic(
                    "java/duplicate-class",
                    Severity.ERROR,
                    f"class {name} is declared twice; this declaration is left out",
                    source.span(decl.name_start, decl.name_end),
                    (Note("the first declaration", first),),
                )
            )
            unit.types.remove(decl)
            continue
        declare_class(world, file, decl, name, None, top)
    return file, said


def declare_class(world: World, file: FileScope, decl: t.ClassDecl, name: str, outer: Cls | None, around: Scope) -> Cls:
    """Make one class and its member classes known; `around` is the scope of its declaration."""
    cls = Cls(name, decl.name, decl.kind, _flags(decl, outer), file.source.file.origin)
    cls.decl, cls.source, cls.outer = decl, file.source, outer
    decl.cls, decl.binary = cls, name
    cls.package = file.package
    cls.top = outer.top if outer is not None else name
    cls.inner = outer is not None and not cls.flags & Flags.STATIC
    scope = Scope(around, cls, file)
    scope.cls = cls
    if cls.flags & Flags.STATIC:
        scope.static = True
    cls.scope = scope
    world.add(cls)
    for member in decl.members:
        if isinstance(member, t.ClassDecl):
            inner = f"{name}${member.name}"
            cls.members.setdefault(member.name, inner)
            declare_class(world, file, member, inner, cls, scope)
    return cls


def _flags(decl: t.ClassDecl, outer: Cls | None) -> Flags:
    flags = int(decl.flags)
    if decl.kind is ClassKind.INTERFACE or decl.kind is ClassKind.ANNOTATION:
        flags |= Flags.ABSTRACT
    if outer is not None:
        if decl.kind is not ClassKind.CLASS:
            flags |= Flags.STATIC
        if outer.is_interface:
            flags |= Flags.STATIC | Flags.PUBLIC
    bodies = any(isinstance(m, t.EnumConst) and m.new.body is not None for m in decl.members)
    if decl.kind is ClassKind.RECORD or (decl.kind is ClassKind.ENUM and not bodies):
        flags |= Flags.FINAL
    return Flags(flags)


def type_variables(world: World, scope: Scope, params: list[t.TParam], owner: str) -> tuple[TypeVar, ...]:
    """Declare type parameters in `scope` and resolve their bounds, which may name each other."""
    found = tuple(TypeVar(p.name, owner) for p in params)
    for variable in found:
        scope.declare_type(variable.name, variable)
    for variable, param in zip(found, params, strict=True):
        bounds = tuple(resolve(scope, b) for b in param.bounds)
        object.__setattr__(variable, "bounds", bounds)  # the knot T extends Comparable<T>
    return found


def header(world: World, cls: Cls) -> None:
    """Resolve type parameters and supertypes of a source class. Does nothing where that is done or under way."""
    if cls.state != NEW:
        return
    cls.state = HEADER_RUNNING
    decl, scope = cls.decl, cls.scope
    assert decl is not None
    assert scope is not None
    assert scope.parent is not None
    if cls.anonymous:
        cls.state = HEADER
        return
    outside = Scope(scope.parent, cls, scope.file)
    if decl.tparams:
        cls.tparams = type_variables(world, outside, decl.tparams, cls.name)
        scope.types = outside.types
    if decl.kind is ClassKind.ENUM:
        cls.superclass = ClassType(_ENUM, (ClassType(cls.name),))
    elif decl.kind is ClassKind.RECORD:
        cls.superclass = ClassType(_RECORD)
    elif decl.kind is ClassKind.CLASS:
        written = resolve(outside, decl.superclass) if decl.superclass is not None else OBJECT
        cls.superclass = written if isinstance(written, ClassType) else OBJECT
        if cls.name == "java.lang.Object":
            cls.superclass = None
    interfaces: list[ClassType] = [_ANNOTATION] if decl.kind is ClassKind.ANNOTATION else []
    for node in decl.interfaces:
        written = resolve(outside, node)
        if isinstance(written, ClassType):
            interfaces.append(written)
            cls.interfaces = tuple(interfaces)
    cls.interfaces = tuple(interfaces)
    cls.permits = tuple(p.name for p in (resolve(outside, n) for n in decl.permits) if isinstance(p, ClassType))
    cls.state = HEADER


def unknown_parents(cls: Cls) -> list[t.TypeNode]:
    """The supertypes as written that could not be resolved."""
    decl = cls.decl
    assert decl is not None
    written: list[t.TypeNode] = [*([decl.superclass] if decl.superclass is not None else []), *decl.interfaces]
    return [n for n in written if not isinstance(n.type, ClassType)]


def array_of(type_: Type, dims: int) -> Type:
    """`type_` with `dims` dimensions added (`int a[]`)."""
    for _ in range(dims):
        type_ = ArrayType(type_)
    return type_
