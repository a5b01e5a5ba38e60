"""Body -> Code: the statements that move objects, as instructions over numbered locals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refactor.ir.program import Body
from refactor.ir.statements import (
    ArrayLoad,
    ArrayStore,
    Binary,
    Cast,
    Copy,
    Invoke,
    InvokeKind,
    Lambda,
    Load,
    Local,
    MethodHandle,
    New,
    NewArray,
    Return,
    Store,
    Throw,
    Try,
    Value,
    walk,
)
from refactor.ir.symbols import ClassKind, Flags
from refactor.ir.types import ArrayType, ClassType, PrimitiveType, Type
from refactor.pointsto import code as c
from refactor.pointsto.code import Code
from refactor.pointsto.dispatch import TEXT
from refactor.pointsto.effects import Effects
from refactor.pointsto.program import Base
from refactor.pointsto.references import BOUND, reference
from refactor.pointsto.result import ObjectKind
from refactor.pointsto.world import BOXES, OBJECT
from refactor.support.source import Span

_CONCAT = "java.lang.Object#toString()Ljava/lang/String;"


class Builder:
    """Writes one Code. `dispatch`, `captures` and the synthetic codes of method references are those of `base`."""

    def __init__(self, base: Base, key: str, owner: str, body: Body | None = None) -> None:
        self.base = base
        self.world = base.world
        self.body = body
        self.owner = owner
        self.code = Code(key, self.world.type_named(owner))
        self._types: list[int] = []
        self._declared = base.captures.declared(body) if body is not None else frozenset()
        self.effects = Effects(self)

    # -- operands

    def temp(self) -> int:
        self.code.size += 1
        self._types.append(-1)
        return self.code.size - 1

    def emit(self, instruction: c.Instruction) -> None:
        self.code.instructions.append(instruction)

    def type_of(self, value: Value | None) -> int:
        return self.world.type_of(value.type) if value is not None else -1

    def local(self, local: Local) -> int:
        """The number of a local; one of the code around is fetched where it is first used."""
        code = self.code
        number = code.names.get(local.name)
        if number is not None:
            return number
        number = code.names[local.name] = self.temp()
        if local.name == "this" and code.closure < 0:
            code.this = number
        elif local.name not in self._declared and self.body is not None:
            self._fetch(local, number)
        return number

    def this(self) -> int:
        return self.local(Local("this", ClassType(self.owner)))

    def _fetch(self, local: Local, number: int) -> None:
        world = self.world
        if self.code.closure >= 0:
            self.emit(c.Read(number, self.code.closure, world.field(f"captured {local.name}")))
        elif local.name.endswith(".this"):
            wanted, at, base = local.name[: -len(".this")], world.program.classes.get(self.owner), self.this()
            while at is not None and at.outer is not None:
                found = number if at.outer == wanted else self.temp()
                self.emit(c.Read(found, base, world.field(f"outer {at.name}")))
                if at.outer == wanted:
                    return
                base, at = found, world.program.classes.get(at.outer)
        elif local.name != "this":
            self.emit(c.Read(number, self.this(), world.field(f"captured {local.name}")))

    def value(self, value: Value | None) -> int | None:
        """The operand of a value; None for null. Primitives are what boxing would make of them."""
        if value is None:
            return None
        type_ = value.type
        if isinstance(type_, PrimitiveType):
            box = BOXES.get(type_.name)
            return self.world.global_of("merged", box) if box else None
        number = self.world.type_of(type_)
        if number >= 0 and self.world.types[number].merged:
            return self.world.global_of("merged", self.world.types[number].name)
        if isinstance(value, Local):
            return self.local(value)
        if isinstance(value.value, ClassType | ArrayType | PrimitiveType):
            return self.world.global_of("class", self.world.name_of(value.value) or getattr(value.value, "name", ""))
        return None

    def target(self, local: Local | None) -> int | None:
        """Where to write; None where nothing is solved for."""
        if local is None or isinstance(local.type, PrimitiveType):
            return None
        number = self.world.type_of(local.type)
        return None if self.world.types[number].merged else self.local(local)

    # -- the body

    def build(self) -> Code:
        body = self.body
        assert body is not None
        code, world = self.code, self.world
        if body.enclosing is not None:
            code.closure = self.temp()
            code.names["<closure>"] = code.closure
        else:
            method = world.program.method(body.key)
            if (method is None or not method.flags & Flags.STATIC) and not body.key.endswith("#<clinit>()V"):
                self.this()
        for param in body.params:
            code.params.append(self.target(param))
            code.param_types.append(world.type_of(param.type))
            code.param_written.append(param.type)
        for statement in walk(body.statements):
            write = _WRITE.get(type(statement))
            if write is not None:
                write(self, statement)
        return code

    def _copy(self, s: Copy) -> None:
        target, source = self.target(s.target), self.value(s.value)
        if target is not None and source is not None:
            self.emit(c.Copy(target, source))

    def _cast(self, s: Cast) -> None:
        target, source = self.target(s.target), self.value(s.value)
        if target is not None and source is not None:
            self.emit(c.Copy(target, source, self.world.type_of(s.type), True))

    def new_object(self, target: int, cls: str, type_: Type, span: Span) -> None:
        """An allocation of this code; objects of merged classes and exceptions are one for each class."""
        world = self.world
        number = world.type_named(cls)
        if world.types[number].merged or world.is_throwable(number):
            self.emit(c.Copy(target, world.global_of("merged", cls)))
            return
        key = ("new", self.code.key, span, cls)
        self.emit(c.Alloc(target, world.alloc(key, number, ObjectKind.NEW, span=span, method=self.code.key, written=type_).number))

    def _new(self, s: New) -> None:
        world = self.world
        target = self.local(s.target) if not world.types[self.type_of(s.target)].merged else self.temp()
        self.new_object(target, s.cls, s.type, s.span)
        self._environment(s, target)
        self.construct(target, s.cls, s.constructor, s.args, s.span)

    def construct(self, target: int, cls: str, constructor: str | None, args: tuple[Value, ...], span: Span) -> None:
        """Run the initialisers and the constructor of a new object."""
        world, bodies = self.world, self.world.program.bodies
        symbol = world.program.classes.get(cls)
        if symbol is not None:
            self.emit(c.Initialise(world.site(self.code.key, span, "<clinit>"), cls))
            if symbol.anonymous and f"{cls}#<init>()V" in bodies:
                site = world.site(self.code.key, span)
                self.emit(c.Call(site, target, -1, f"{cls}#<init>()V", (), (), None, -1))
        if constructor is None:
            return
        values = tuple([self.value(a) for a in args])
        types = tuple([self.type_of(a) for a in args])
        if constructor in bodies:
            self.emit(c.Call(world.site(self.code.key, span), target, -1, constructor, values, types, None, -1))
        elif constructor.partition("#")[0] not in world.program.classes:
            method = self.base.method(constructor)
            receiver_type = world.type_named(cls)
            self.effects.call(span, constructor, method, target, receiver_type, values, types, None, None)

    def _environment(self, s: New, target: int) -> None:
        """The enclosing instances and captured variables of an inner, local or anonymous class."""
        world = self.world
        name: str | None = s.cls
        first = True
        while name is not None and name in world.program.classes:
            cls = world.program.classes[name]
            if cls.outer is not None and not cls.flags & Flags.STATIC and cls.kind is ClassKind.CLASS:
                field = world.field(f"outer {name}")
                source = self._instance(cls.outer, s.outer if first else None)
                if source is not None:
                    self.emit(c.Write(target, field, source))
            if cls.local or cls.anonymous:
                for local in self.base.captures.needs(name).values():
                    found = self.value(local)
                    if found is not None:
                        self.emit(c.Write(target, world.field(f"captured {local.name}"), found))
            name, first = (cls.superclass.name if cls.superclass else None), False

    def _instance(self, outer: str, given: Value | None) -> int | None:
        """The instance of class `outer` that encloses what is made here."""
        if given is not None and self.world.is_subtype(self.type_of(given), self.world.type_named(outer)):
            return self.value(given)
        at: str | None = self.owner
        while at is not None:
            if outer in self.world.supertypes(at)[0]:
                name = "this" if at == self.owner else f"{at}.this"
                if name == "this" and self.body is not None and self.code.closure < 0 and self._is_static():
                    return None
                return self.local(Local(name, ClassType(at)))
            cls = self.world.program.classes.get(at)
            at = cls.outer if cls is not None else None
        return None

    def _is_static(self) -> bool:
        method = self.world.program.method(self.code.key)
        return self.code.key.endswith("<clinit>()V") or (method is not None and bool(method.flags & Flags.STATIC))

    def _new_array(self, s: NewArray) -> None:
        target = self.local(s.target)
        self.new_array(target, s.type, len(s.dimensions), s.span)
        for element in s.elements or ():
            value = self.value(element)
            if value is not None and isinstance(s.type, ArrayType) and not isinstance(s.type.element, PrimitiveType):
                self.emit(c.Write(target, self.world.elements, value))

    def new_array(self, target: int, type_: Type, dimensions: int, span: Span) -> None:
        world = self.world
        depth = 0
        while isinstance(type_, ArrayType):
            key = ("new", self.code.key, span, f"array {depth}")
            alloc = world.alloc(key, world.type_of(type_), ObjectKind.ARRAY, span=span, method=self.code.key)
            self.emit(c.Alloc(target, alloc.number))
            depth, type_ = depth + 1, type_.element
            if depth >= dimensions or not isinstance(type_, ArrayType):
                return
            inner = self.temp()
            self.emit(c.Write(target, world.elements, inner))
            target = inner

    def _array_load(self, s: ArrayLoad) -> None:
        target, base = self.target(s.target), self.value(s.array)
        if base is not None:
            self.code.accesses.append(c.Access(base, self.world.elements, False, s.span))
            if target is not None:
                self.emit(c.Read(target, base, self.world.elements, self.type_of(s.target)))

    def _array_store(self, s: ArrayStore) -> None:
        base, source = self.value(s.array), self.value(s.value)
        if base is not None:
            self.code.accesses.append(c.Access(base, self.world.elements, True, s.span))
            if source is not None and not isinstance(getattr(s.array.type, "element", None), PrimitiveType):
                self.emit(c.Write(base, self.world.elements, source))

    # -- fields

    def _static_field(self, key: str) -> int | None:
        world = self.world
        if key.partition("#")[0] in world.program.classes:
            return world.global_of("static", key)
        field = world.program.field(key)
        return world.made(field.type) if field is not None else None

    def _load(self, s: Load) -> None:
        target = self.target(s.target)
        number = self.world.field(s.field)
        if s.receiver is None:
            self._touch(s.field, s.span)
            self.code.accesses.append(c.Access(None, number, False, s.span))
            source = self._static_field(s.field)
            if target is not None and source is not None:
                self.emit(c.Copy(target, source, self._narrowed(s.target, s.field)))
            return
        base = self.value(s.receiver)
        if base is not None:
            self.code.accesses.append(c.Access(base, number, False, s.span))
            if target is not None:
                self.emit(c.Read(target, base, number, self._narrowed(s.target, s.field)))

    def _narrowed(self, target: Local, key: str) -> int:
        """The filter of a read whose type argument says more than the field."""
        declared = key.rpartition(":")[2]
        type_ = self.type_of(target)
        name = self.world.types[type_].name if type_ >= 0 else ""
        return c.NO_FILTER if declared == f"L{name.replace('.', '/')};" or declared[0] == "[" else type_

    def _store(self, s: Store) -> None:
        number = self.world.field(s.field)
        source = None if isinstance(s.value.type, PrimitiveType) and s.field[-2:-1] == ":" else self.value(s.value)
        if s.receiver is None:
            self._touch(s.field, s.span)
            self.code.accesses.append(c.Access(None, number, True, s.span))
            target = self._static_field(s.field)
            if source is not None and target is not None:
                self.emit(c.Copy(target, source))
            return
        base = self.value(s.receiver)
        if base is not None:
            self.code.accesses.append(c.Access(base, number, True, s.span))
            if source is not None:
                self.emit(c.Write(base, number, source))

    def _touch(self, member: str, span: Span) -> None:
        """Using a static member runs the initialiser of its class, but from the class itself."""
        owner = member.partition("#")[0]
        if owner in self.world.program.classes and owner != self.owner:
            self.emit(c.Initialise(self.world.site(self.code.key, span, "<clinit>"), owner))

    # -- calls

    def _invoke(self, s: Invoke) -> None:
        world, bodies = self.world, self.world.program.bodies
        receiver = self.value(s.receiver)
        values = tuple([self.value(a) for a in s.args])
        types = tuple([self.type_of(a) for a in s.args])
        key = s.method
        if self.base.call is not None and self.base.call(self, s, receiver, values):
            return
        if key is None:
            self._unknown(s, receiver, values, types)
            return
        owner = key.partition("#")[0]
        result = self.target(s.target)
        wanted = self.type_of(s.target) if s.target is not None else -1
        written = s.target.type if s.target is not None else None
        in_program = owner in world.program.classes
        if s.kind is InvokeKind.STATIC:
            self._touch(key, s.span)
            if key in bodies:
                site = world.site(self.code.key, s.span)
                self.emit(c.Call(site, None, -1, key, values, types, result, wanted))
            elif in_program:
                self._enumeration(s, owner, result)
            else:
                self.effects.call(s.span, key, self.base.method(key), None, -1, values, types, result, s.target)
            return
        if s.kind is InvokeKind.SPECIAL:
            if key in bodies and receiver is not None:
                same = isinstance(s.receiver, Local) and s.receiver.name == "this"
                site = world.site(self.code.key, s.span)
                self.emit(c.Call(site, receiver, -1, key, values, types, result, wanted, None, same))
            elif not in_program:
                self.effects.call(s.span, key, self.base.method(key), receiver, self.type_of(s.receiver), values, types, result, s.target)
            return
        method = self.base.method(key)
        name = key.partition("#")[2].partition("(")[0]
        if receiver is not None and ((name, len(values)) in self.base.dispatch.names or self._may_be_function(owner, in_program)):
            signature = world.signature(owner, name, len(values), method)
            site = world.site(self.code.key, s.span)
            self.emit(c.Call(site, receiver, signature, None, values, types, result, wanted, written))
        if not in_program:
            self.effects.call(s.span, key, method, receiver, self.type_of(s.receiver), values, types, result, s.target)

    def _may_be_function(self, owner: str, in_program: bool) -> bool:
        cls = self.world.program.find(owner)
        return cls is None or cls.is_interface or in_program

    def _unknown(self, s: Invoke, receiver: int | None, values: tuple[int | None, ...], types: tuple[int, ...]) -> None:
        """A call that the front end could not resolve: by name on the application's objects, else a library's."""
        name = self.base.name_at(s.name_span)
        result, wanted = self.target(s.target), self.type_of(s.target) if s.target is not None else -1
        if receiver is not None and name:
            signature = self.world.signature(s.receiver_type or OBJECT, name, len(values), None)
            site = self.world.site(self.code.key, s.span)
            written = s.target.type if s.target is not None else None
            self.emit(c.Call(site, receiver, signature, None, values, types, result, wanted, written))
        self.effects.call(s.span, f"?#{name}", None, receiver, self.type_of(s.receiver), values, types, result, s.target)

    def _enumeration(self, s: Invoke, owner: str, result: int | None) -> None:
        """`values()` and `valueOf()` of an enum: the constants."""
        symbol = self.world.program.classes[owner]
        if symbol.kind is not ClassKind.ENUM or result is None:
            return
        constants = [self.world.global_of("static", f.key) for f in symbol.fields if f.enum_constant]
        if "#values(" in (s.method or ""):
            self.new_array(result, ArrayType(ClassType(owner)), 1, s.span)
        for constant in constants:
            if "#values(" in (s.method or ""):
                self.emit(c.Write(result, self.world.elements, constant))
            else:
                self.emit(c.Copy(result, constant))

    def _lambda(self, s: Lambda) -> None:
        if s.handle is not None:
            self._method_handle(s, s.handle)
            return
        target = self.local(s.target)
        self.function(target, s.interface, s.body, s.span)
        for local in s.captures:
            value = self.value(local)
            if value is not None:
                self.emit(c.Write(target, self.world.field(f"captured {local.name}"), value))

    def function(self, target: int, interface: Type, body: str, span: Span) -> None:
        world = self.world
        type_, kind = world.type_of(interface), ObjectKind.FUNCTION
        alloc = world.alloc(("function", body), type_, kind, span=span, method=self.code.key, function=body, collapsed=False)
        self.emit(c.Alloc(target, alloc.number))

    def _method_handle(self, s: Lambda, handle: MethodHandle) -> None:
        target = self.local(s.target)
        key = f"{self.code.key}@{s.span.start}::{s.span.end}"
        self.base.synthetic[key] = reference(Builder(self.base, key, self.owner), s)
        self.function(target, s.interface, key, s.span)
        receiver = self.value(handle.receiver)
        if receiver is not None:
            self.emit(c.Write(target, self.world.field(BOUND), receiver))

    # -- the rest

    def _binary(self, s: Binary) -> None:
        if s.op == "+" and isinstance(s.target.type, ClassType) and s.target.type.name == "java.lang.String":
            site = self.world.site(self.code.key, s.span, _CONCAT)
            for side in (s.left, s.right):
                number = self.type_of(side)
                if number >= 0 and not self.world.types[number].merged:
                    value = self.value(side)
                    if value is not None:
                        self.emit(c.Use(site, value, TEXT))

    def _return(self, s: Return) -> None:
        value = self.value(s.value)
        if value is not None:
            if self.code.result < 0:
                self.code.result = self.temp()
                self.code.result_type = self._result_type()
            self.emit(c.Copy(self.code.result, value))

    def _result_type(self) -> int:
        method = self.world.program.method(self.code.key) if self.code.closure < 0 else None
        return self.world.type_of(method.result) if method is not None else c.NO_FILTER

    def _throw(self, s: Throw) -> None:
        value = self.value(s.value)
        if value is not None:
            self.emit(c.Copy(self.world.global_of("thrown"), value))

    def _try(self, s: Try) -> None:
        world = self.world
        for catch in s.catches:
            target = self.target(catch.variable)
            for type_ in catch.types:
                name = world.name_of(type_)
                if target is not None and name is not None:
                    self.emit(c.Copy(target, world.global_of("thrown"), world.type_named(name)))
                    if name not in world.program.classes:
                        self.emit(c.Copy(target, world.global_of("merged", name)))


_WRITE: dict[type, Callable[[Builder, Any], None]] = {
    Copy: Builder._copy,
    Cast: Builder._cast,
    New: Builder._new,
    NewArray: Builder._new_array,
    ArrayLoad: Builder._array_load,
    ArrayStore: Builder._array_store,
    Load: Builder._load,
    Store: Builder._store,
    Invoke: Builder._invoke,
    Lambda: Builder._lambda,
    Binary: Builder._binary,
    Return: Builder._return,
    Throw: Builder._throw,
    Try: Builder._try,
}
