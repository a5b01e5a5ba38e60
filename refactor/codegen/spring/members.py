"""What of a class can be called from outside, and under which name: one list for proxies, skeletons and endpoint documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from refactor.codegen.names import operation_names
from refactor.codegen.spring.javatypes import Bindings, bind, signature
from refactor.codegen.spring.world import World
from refactor.ir.statements import Invoke, New, walk
from refactor.ir.symbols import ClassKind, ClassSymbol, FieldSymbol, Flags, MethodSymbol
from refactor.ir.types import VOID, Type, class_names, erase
from refactor.isolate.plan import EndpointKind

INITIALISE = "init$"
_OBJECT = "java.lang.Object"
_OBJECT_METHODS = frozenset({"equals(java.lang.Object)", "hashCode()", "toString()"})
_NEVER_FORWARDED = frozenset({"clone()", "finalize()", "getClass()", "notify()", "notifyAll()", "wait()", "wait(long)", "wait(long,int)"})


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint of a class. `cls` is the class in its path; a method may be declared in a library supertype of it
    (`inherited`), and then `bindings` says what that supertype's type variables are here. `guarded`: a library superclass
    has an implementation, which its constructor may call before the proxy knows its reference.
    """

    cls: str
    name: str
    kind: EndpointKind
    method: MethodSymbol | None = None
    field: FieldSymbol | None = None
    inherited: bool = False
    guarded: bool = False
    bindings: tuple[tuple[tuple[str, str], Type], ...] = ()

    @property
    def member(self) -> str:
        found = self.method or self.field
        assert found is not None
        return found.key


@dataclass(frozen=True, slots=True)
class Inherited:
    """A method of a supertype that a proxy must override; `endpoint_class` serves it."""

    method: MethodSymbol
    bindings: Bindings
    endpoint_class: str
    guarded: bool


def is_callable(world: World, method: MethodSymbol) -> bool:
    """Whether another class could call it: not private, and no parameter type that only its own file can name."""
    return not method.flags & (Flags.PRIVATE | Flags.SYNTHETIC) and not any(_is_hidden(world, p.type) for p in method.params)


def own_methods(world: World, cls: ClassSymbol) -> tuple[MethodSymbol, ...]:
    """The callable methods and constructors that the class itself declares, implicit ones of enums left out."""
    enum_made = ("values", "valueOf") if cls.kind is ClassKind.ENUM else ()
    return tuple(m for m in cls.methods if is_callable(world, m) and not (m.implicit and m.name in enum_made))


def inherited_methods(world: World, cls: ClassSymbol) -> tuple[Inherited, ...]:
    """The methods a proxy of `cls` must override because no generated class above it forwards them.

    before: class Cache extends AbstractMap<String, Item> (only entrySet() written)
    after:  size(), get(Object), put(String, Item), ... of AbstractMap, besides the written entrySet()
    """
    if cls.is_interface:
        return ()
    seen = {signature(m, {}) for m in cls.methods if not m.flags & (Flags.STATIC | Flags.PRIVATE) and not m.is_constructor}
    found: list[Inherited] = []
    forwarded = False  # by a generated superclass, which does for everything above it what this function does here
    for parent, bindings in superclasses(world, cls):
        forwarded = forwarded or world.is_proxied(parent.name)
        for method in parent.methods:
            text = signature(method, bindings)
            if not is_virtual(method) or text in seen or text in _NEVER_FORWARDED:
                continue
            if parent.name != _OBJECT:
                seen.add(text)
                if not forwarded and not method.flags & Flags.FINAL and _visible_from(method, parent, cls):
                    found.append(_inherited(world, cls, parent, method, bindings))
            elif not forwarded and text in _OBJECT_METHODS and _overridden_below(world, cls, method):
                found.append(Inherited(method, bindings, cls.name, False))
    found.extend(_from_interfaces(world, cls, seen))
    return tuple(found)


def _inherited(world: World, cls: ClassSymbol, parent: ClassSymbol, method: MethodSymbol, bindings: Bindings) -> Inherited:
    application = parent.name in world.program.classes
    guarded = not method.flags & Flags.ABSTRACT and cls.kind is ClassKind.CLASS
    return Inherited(method, bindings, parent.name if application else cls.name, guarded)


def _from_interfaces(world: World, cls: ClassSymbol, seen: set[str]) -> Iterator[Inherited]:
    """Abstract methods that an abstract class left to its subclasses, and defaults that some subclass overrides."""
    for parent, bindings in _interfaces(world, cls):
        for method in parent.methods:
            text = signature(method, bindings)
            if not is_virtual(method) or text in seen or text in _OBJECT_METHODS:
                continue
            if method.flags & Flags.ABSTRACT or _overridden_below(world, cls, method):
                seen.add(text)
                application = parent.name in world.program.classes
                yield Inherited(method, bindings, parent.name if application else cls.name, False)


def is_virtual(method: MethodSymbol) -> bool:
    return not method.is_constructor and not method.flags & (Flags.STATIC | Flags.PRIVATE | Flags.SYNTHETIC)


def _visible_from(method: MethodSymbol, parent: ClassSymbol, cls: ClassSymbol) -> bool:
    """Public ones; others only where parent and class share a package, since the skeleton stands in the class's package."""
    if method.flags & Flags.PUBLIC:
        return True
    application_protected = bool(method.flags & Flags.PROTECTED) and parent.outer is None and bool(parent.file)
    return parent.package == cls.package or application_protected


def _overridden_below(world: World, cls: ClassSymbol, method: MethodSymbol) -> bool:
    """Whether an application subclass has a method of this name and arity: it may have no proxy where `cls` has one."""
    for name in world.hierarchy.subtypes(cls.name) - {cls.name}:
        sub = world.program.classes.get(name)
        if sub and any(m.name == method.name and len(m.params) == len(method.params) and is_virtual(m) for m in sub.methods):
            return True
    return False


def superclasses(world: World, cls: ClassSymbol) -> Iterator[tuple[ClassSymbol, Bindings]]:
    """The chain above a class, java.lang.Object last, each with what its type variables mean in `cls`."""
    current, bindings, seen = cls, dict[tuple[str, str], Type](), {cls.name}
    while current.superclass is not None and current.superclass.name not in seen:
        parent = world.program.find(current.superclass.name)
        if parent is None:
            return
        bindings = dict(bind(parent, current.superclass, bindings))
        seen.add(parent.name)
        yield parent, bindings
        current = parent
    root = None if _OBJECT in seen else world.program.find(_OBJECT)
    if root is not None:
        yield root, {}


def _interfaces(world: World, cls: ClassSymbol) -> Iterator[tuple[ClassSymbol, Bindings]]:
    """All interfaces above a class, each once; those above a proxied superclass are that proxy's own business."""
    seen: set[str] = set()
    todo: list[tuple[ClassSymbol, Bindings]] = [(cls, {})]
    for parent, bindings in superclasses(world, cls):
        if world.is_proxied(parent.name):
            break
        todo.append((parent, bindings))
    while todo:
        current, bindings = todo.pop(0)
        for reference in current.interfaces:
            parent_ = world.program.find(reference.name)
            if parent_ is not None and parent_.name not in seen:
                seen.add(parent_.name)
                pair = (parent_, bind(parent_, reference, bindings))
                yield pair
                todo.append(pair)


def _is_hidden(world: World, type_: Type) -> bool:
    for name in class_names(erase(type_)):
        symbol: ClassSymbol | None = world.program.classes.get(name)
        while symbol is not None:
            if symbol.flags & Flags.PRIVATE or symbol.local or symbol.anonymous:
                return True
            symbol = world.program.classes.get(symbol.outer) if symbol.outer else None
    return False


def operations(world: World, cls: ClassSymbol) -> tuple[Operation, ...]:
    """Every endpoint of one class, in source order: constructors and methods, then inherited ones, then fields that are used remotely."""
    return world.once(("operations", cls.name), lambda: _operations(world, cls))


def _operations(world: World, cls: ClassSymbol) -> tuple[Operation, ...]:
    own = own_methods(world, cls)
    extra = inherited_methods(world, cls) if world.is_proxied(cls.name) else ()
    served_here = tuple(i for i in extra if i.endpoint_class == cls.name)
    names = operation_names((*own, *(i.method for i in served_here)))
    found = []
    for method in own:
        if method.is_constructor and (cls.flags & Flags.ABSTRACT or cls.kind is ClassKind.ENUM or cls.is_interface):
            continue
        found.append(Operation(cls.name, names[method.key], kind_of(method), method))
    for item in served_here:
        bindings = tuple(item.bindings.items())
        found.append(Operation(cls.name, names[item.method.key], EndpointKind.METHOD, item.method, None, True, item.guarded, bindings))
    if is_initialised_at_owner(world, cls):
        found.append(Operation(cls.name, INITIALISE, EndpointKind.STATIC, initialiser(cls)))
    found.extend(field_operations(world, cls))
    return tuple(found)


def is_initialised_at_owner(world: World, cls: ClassSymbol) -> bool:
    """Whether others can see when the class is initialised: its static initialiser runs code of the application.

    A class is initialised before the arguments of `new` are evaluated; a proxy that asks its owner in its own static
    initialiser keeps that order.
    """
    body = world.program.bodies.get(f"{cls.name}#<clinit>()V")
    if body is None or cls.is_interface or not world.is_proxied(cls.name):
        return False
    if cls.outer is not None and not cls.flags & Flags.STATIC and cls.kind is ClassKind.CLASS:
        return False  # before Java 16 an inner class has no static initialiser, and its proxy must have none
    for statement in walk(body.statements):
        match statement:
            case New(cls=name) if name in world.program.classes and world.program.classes[name].top != cls.top:
                return True
            case Invoke(method=str(key)) if (world.owner(key.partition("#")[0]) or world.is_replicated(key.partition("#")[0])):
                return True
            case _:
                pass
    return False


def initialiser(cls: ClassSymbol) -> MethodSymbol:
    """The static initialiser as a method without parameters: what its endpoint stands for."""
    return MethodSymbol(cls.name, INITIALISE, (), VOID, flags=Flags.STATIC | Flags.SYNTHETIC)


def kind_of(method: MethodSymbol) -> EndpointKind:
    if method.is_constructor:
        return EndpointKind.CONSTRUCTOR
    return EndpointKind.STATIC if method.flags & Flags.STATIC else EndpointKind.METHOD


def field_operations(world: World, cls: ClassSymbol) -> Iterator[Operation]:
    """get$f and set$f of the fields that the plan says are touched from other parts."""
    for field in cls.fields:
        for endpoint in world.fields.get(field.key, ()):
            yield Operation(cls.name, endpoint.operation, endpoint.kind, None, field)


def accessor_name(world: World, field: FieldSymbol) -> str:
    """The field's name; with its class where a class above or below declares the same name, since accessors are inherited
    and overridden, which fields are not.
    """
    family = world.hierarchy.subtypes(field.owner) | world.hierarchy.supertypes(field.owner)
    others = (world.program.classes.get(name) for name in family - {field.owner})
    if any(c is not None and c.field(field.name) is not None for c in others):
        return f"{field.name}${world.program.classes[field.owner].simple_name}"
    return field.name
