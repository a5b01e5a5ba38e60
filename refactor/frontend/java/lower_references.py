"""Method references -> IR: the lambda that each one is short for (JLS 15.13.3), so that no pass has to know a second kind of function."""

from __future__ import annotations

from refactor.frontend.java import tree as t
from refactor.frontend.java.lower_assignments import LowerAssignments
from refactor.frontend.java.lower_base import Frame
from refactor.frontend.java.relations import erased, upper
from refactor.ir.program import Body
from refactor.ir.statements import Cast, Copy, Invoke, InvokeKind, Lambda, Local, MethodHandle, New, NewArray, Return, Value
from refactor.ir.symbols import Flags, MethodSymbol
from refactor.ir.types import VOID, ArrayType, ClassType, Type


class LowerReferences(LowerAssignments):
    """Lowers method references."""

    def method_ref(self, node: t.MRef) -> Value:
        """before: `k::store`   after: a Lambda with a body of one call; `k` is evaluated once, where the reference stands"""
        receiver: Value | None = None
        if isinstance(node.object, t.Super):
            receiver = self.this(node.object.cls)
        elif node.object is not None and not node.static_left:
            receiver = self.value(node.object)
        name = "new" if node.name == "<init>" else node.name
        target = self.temp(self.type_of(node))
        method = self.world.key(node.method) if node.method is not None else None
        name_span = self.source.span(node.name_start, node.name_start + len(name.encode()))
        handle = MethodHandle(name_span, receiver, method, node.reason)
        owner = self.cls.name
        number = self.references.get(owner, 0)
        self.references[owner] = number + 1
        if isinstance(receiver, Local) and receiver.name.startswith("$"):
            # A temporary belongs to its own body; what is captured has a name that no source has.
            captured = Local(f"::{number}", receiver.type)
            self.frame.declared.add(captured.name)
            self.out.append(Copy(self.span(node), captured, receiver))
            receiver = captured
        key = f"{owner}#reference${number}"
        captures = self._reference_body(node, key, handle, receiver)
        self.out.append(Lambda(self.span(node), target, target.type, key, captures, handle))
        return target

    def _reference_body(self, node: t.MRef, key: str, handle: MethodHandle, receiver: Value | None) -> tuple[Local, ...]:
        """Write the body; the locals that it captures."""
        function = self.attribute.function_type(self.type_of(node))
        method = node.method
        types: tuple[Type, ...] = tuple([upper(p) for p in function[0]]) if function is not None else ()
        if function is None and method is not None:
            types = tuple([p.type for p in method.params])
        outside, frame = self.out, Frame(key, self.cls, self.frame, True)
        self.out, self.frame = [], frame
        params = tuple([Local(f"::{i}", type_) for i, type_ in enumerate(types)])
        frame.declared.update(p.name for p in params)
        if isinstance(receiver, Local):
            self.captured(receiver)
        result = self._referenced(node, handle, receiver, list(params))
        if result is not None and (function is None or function[1] != VOID):
            self.out.append(Return(self.span(node), result))
        self.bodies[key] = Body(key, self.cls.name, params, tuple(self.out), self.span(node), frame.outer.key if frame.outer else None)
        assert frame.outer is not None
        self.out, self.frame = outside, frame.outer
        return tuple(sorted(frame.used.values(), key=lambda local: local.name))

    def _referenced(self, node: t.MRef, handle: MethodHandle, receiver: Value | None, args: list[Value]) -> Value | None:
        """The call, or the object or array that is made; what it gives."""
        span, method, site = self.span(node), node.method, upper(node.site) if node.site is not None else None
        if method is None and isinstance(site, ArrayType) and node.name == "<init>":
            made = self.temp(site)
            self.out.append(NewArray(span, made, site, tuple(args[:1])))
            return made
        if node.name == "<init>" and isinstance(site, ClassType):
            return self._made(node, handle, site, args)
        static = method is not None and bool(method.flags & Flags.STATIC)
        if receiver is None and not static and args and node.static_left:
            receiver = args.pop(0)
            if isinstance(site, ClassType) and self.class_name(erased(receiver.type, self.world)) != site.name:
                seen = self.temp(site)
                self.out.append(Cast(span, seen, site, receiver))
                receiver = seen
        elif static:
            receiver = None
        packed = self._packed(node, method, args)
        name = self.class_name(erased(site, self.world)) if site is not None else None
        target = None if method is not None and method.result == VOID else self.temp(self._result(node, method))
        kind = self._kind(node, method)
        why = "" if handle.method is not None else node.reason or "not attributed"
        self.out.append(Invoke(span, handle.name_span, target, kind, receiver, handle.method, packed, name, why))
        return target

    def _made(self, node: t.MRef, handle: MethodHandle, site: ClassType, args: list[Value]) -> Value:
        span = self.span(node)
        cls = self.world.find(site.name)
        outer = self.this_for(cls.outer.name) if cls is not None and cls.inner and cls.outer is not None and not cls.local else None
        packed = self._packed(node, node.method, args)
        made = self.temp(site)
        self.out.append(New(span, handle.name_span, made, site.name, site, handle.method, packed, outer))
        return made

    def _packed(self, node: t.MRef, method: MethodSymbol | None, args: list[Value]) -> tuple[Value, ...]:
        """Arguments of variable arity in their array."""
        if method is not None and node.varargs:
            fixed = len(method.params) - 1
            type_ = upper(erased(method.params[-1].type, self.world))
            array = self.temp(type_ if isinstance(type_, ArrayType) else ArrayType(type_))
            self.out.append(NewArray(self.span(node), array, array.type, (), tuple(args[fixed:])))
            args[fixed:] = [array]
        return tuple(args)

    def _result(self, node: t.MRef, method: MethodSymbol | None) -> Type:
        """The type of what the method gives, as the type before `::` has it."""
        function = self.attribute.function_type(self.type_of(node))
        if method is None:
            return upper(function[1]) if function is not None else self.type_of(node)
        site = node.site
        static = bool(method.flags & Flags.STATIC)
        return upper(self.attribute.member_of(site, method.owner, method.result) if site is not None and not static else method.result)

    def _kind(self, node: t.MRef, method: MethodSymbol | None) -> InvokeKind:
        if method is not None and method.flags & Flags.STATIC:
            return InvokeKind.STATIC
        if isinstance(node.object, t.Super) or (method is not None and method.flags & Flags.PRIVATE):
            return InvokeKind.SPECIAL
        owner = self.world.find(method.owner) if method is not None else None
        return InvokeKind.INTERFACE if owner is not None and owner.is_interface else InvokeKind.VIRTUAL
