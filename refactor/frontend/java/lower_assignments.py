"""Attributed assignments, increments, field accesses and calls -> IR."""

from __future__ import annotations

from collections.abc import Callable

from refactor.frontend.java import tree as t
from refactor.frontend.java.classes import Cls
from refactor.frontend.java.lower_base import LowerBase
from refactor.frontend.java.relations import UNBOXES, erased, upper
from refactor.ir.statements import (
    ArrayLoad,
    ArrayStore,
    Binary,
    Cast,
    Const,
    Invoke,
    InvokeKind,
    Load,
    Local,
    New,
    NewArray,
    Store,
    Value,
)
from refactor.ir.symbols import FieldSymbol, Flags, MethodSymbol
from refactor.ir.types import INT, VOID, ArrayType, ClassType, Type, UnknownType


class LowerAssignments(LowerBase):
    """Lowers what reads and writes places, and calls."""

    # --- fields

    def implicit_receiver(self, field: FieldSymbol, site: Cls | None) -> Value | None:
        """`this`, or the enclosing instance through whose class the simple name was found; None for a static field."""
        return None if field.flags & Flags.STATIC else self.this(site)

    def receiver(self, node: t.Select, field: FieldSymbol) -> Value | None:
        """The object before the dot; evaluated for its effects where the field is static."""
        if field.flags & Flags.STATIC:
            if isinstance(node.object, t.Call | t.New | t.Assign | t.Index | t.Cond | t.Update):
                self.discard(node.object)
            return None
        return self.value(node.object)

    def load(self, node: t.Expr, field: FieldSymbol, receiver: Value | None, start: int, end: int, compound: t.Expr | None = None) -> Local:
        target = self.temp(self.type_of(node))
        span = self.span(compound if compound is not None else node)
        self.out.append(Load(span, self.source.span(start, end), target, receiver, self.world.key(field), compound is not None))
        return target

    # --- assignment

    def assign(self, node: t.Assign) -> Value:
        """`left = right` and `left op= right`; the value is what was stored."""
        left, type_ = node.left, self.type_of(node)

        def new(old: Value | None) -> Value:
            value = self.value(node.right)
            if node.op:
                assert old is not None
                return self._compound(node, node.op, old, value, type_)
            return value

        return self._store(node, left, bool(node.op), new)[1]

    def update(self, node: t.Update) -> Value:
        """`x++` and the like."""
        old, new = self._update(node)
        return new if node.prefix else old

    def effect(self, node: t.Assign | t.Update) -> None:
        """The same where nobody wants the value."""
        if isinstance(node, t.Assign):
            self.assign(node)
        else:
            self._update(node)

    def _update(self, node: t.Update) -> tuple[Value, Value]:
        type_ = self.type_of(node)
        return self._store(node, node.operand, True, lambda old: self._compound(node, node.op, old, Const(1, INT), type_), not node.prefix)

    def _compound(self, node: t.Expr, op: str, old: Value | None, value: Value, type_: Type) -> Value:
        assert old is not None
        target = self.temp(type_)
        self.out.append(Binary(self.span(node), target, op, old, value))
        name = getattr(UNBOXES.get(getattr(type_, "name", "")), "name", getattr(type_, "name", ""))
        if name in ("byte", "short", "char"):
            narrow = self.temp(type_)
            self.out.append(Cast(self.span(node), narrow, type_, target))
            return narrow
        return target

    def _store(
        self, node: t.Expr, left: t.Expr, reads: bool, new: Callable[[Value | None], Value], keep: bool = False
    ) -> tuple[Value, Value]:
        """Write to a place; `new` computes the value from the old one, which is read first where `reads`."""
        span = self.span(node)
        if isinstance(left, t.Name) and isinstance(left.sym, t.Var):
            local = self.use(left.sym)
            old: Value = local
            if keep:
                old = self.temp(local.type)
                self.copy(left, old, local)
            value = new(local if reads else None)
            self.copy(node, local, value)
            return old, local
        if isinstance(left, t.Name | t.Select) and isinstance(left.sym, FieldSymbol):
            field = left.sym
            if isinstance(left, t.Name):
                receiver, start = self.implicit_receiver(field, left.site), left.start
            else:
                receiver, start = self.receiver(left, field), left.name_start
            before = self.load(left, field, receiver, start, left.end, node) if reads else None
            value = new(before)
            self.out.append(Store(span, self.source.span(start, left.end), receiver, self.world.key(field), value, reads))
            return before if before is not None else value, value
        if isinstance(left, t.Index):
            array, index = self.value(left.array), self.value(left.index)
            element: Local | None = None
            if reads:
                element = self.temp(self.type_of(left))
                self.out.append(ArrayLoad(self.span(left), element, array, index))
            value = new(element)
            self.out.append(ArrayStore(span, array, index, value))
            return element if element is not None else value, value
        reason = left.type.reason if isinstance(left.type, UnknownType) else "assignment to something unknown"
        unknown = self.unsupported(left, reason)
        value = new(unknown)
        return unknown, value

    # --- calls

    def arguments(self, nodes: list[t.Expr], method: MethodSymbol | None, varargs: bool, at: t.Node) -> tuple[Value, ...]:
        """Evaluate arguments; those of variable arity go into an array."""
        values = [self.value(n) for n in nodes]
        if method is not None and varargs:
            fixed = len(method.params) - 1
            type_ = upper(erased(method.params[-1].type, self.world))
            array = self.temp(type_ if isinstance(type_, ArrayType) else ArrayType(type_))
            self.out.append(NewArray(self.span(at), array, array.type, (), tuple(values[fixed:])))
            values[fixed:] = [array]
        return tuple(values)


    def call(self, node: t.Call, wanted: bool = True) -> Value:
        """A method call."""
        method = node.method
        receiver: Value | None = None
        kind = InvokeKind.VIRTUAL
        static = method is not None and bool(method.flags & Flags.STATIC)
        if node.object is None:
            if not static and method is not None:
                site = self.world.find(node.site.name) if isinstance(node.site, ClassType) else None
                receiver = self.this(site)
        elif isinstance(node.object, t.Super):
            kind = InvokeKind.SPECIAL
            receiver = self.this(node.object.cls) if not static else None
        elif static:
            if isinstance(node.object, t.Call | t.New | t.Assign | t.Index | t.Cond | t.Update):
                self.discard(node.object)
        elif not self._names_type(node.object):
            receiver = self.value(node.object)
        args = self.arguments(node.args, method, node.varargs, node)
        if static:
            kind = InvokeKind.STATIC
        elif method is not None and kind is not InvokeKind.SPECIAL:
            owner = self.world.find(method.owner)
            if method.flags & Flags.PRIVATE:
                kind = InvokeKind.SPECIAL
            elif owner is not None and owner.is_interface:
                kind = InvokeKind.INTERFACE
        type_ = self.type_of(node)
        target = None if type_ == VOID or not wanted else self.temp(type_)
        key = self.world.key(method) if method is not None else None
        name_span = self.source.span(node.name_start, node.name_start + len(node.name.encode()))
        site_name = self.class_name(erased(node.site, self.world)) if node.site is not None else None
        self.out.append(Invoke(self.span(node), name_span, target, kind, receiver, key, args, site_name, self.why(node, key)))
        return target if target is not None else Const(None, type_)

    @staticmethod
    def why(node: t.Call | t.CtorCall, key: str | None) -> str:
        """Why a call has no target."""
        return "" if key is not None else node.reason or "not attributed"

    @staticmethod
    def _names_type(node: t.Expr) -> bool:
        return isinstance(node, t.Name | t.Select) and (isinstance(node.sym, Cls | str) and node.sym != "length")

    def constructor_call(self, node: t.CtorCall) -> Value:
        """`this(..)`, `super(..)`."""
        if node.outer is not None:
            self.discard(node.outer)
        args = self.arguments(node.args, node.method, node.varargs, node)
        key = self.world.key(node.method) if node.method is not None else None
        name_span = self.source.span(node.name_start, node.name_start + len(node.name))
        owner = node.method.owner if node.method is not None else None
        call = Invoke(self.span(node), name_span, None, InvokeKind.SPECIAL, self.this(), key, args, owner, self.why(node, key))
        self.out.append(call)
        return Const(None, VOID)

    def new(self, node: t.New) -> Value:
        """Instance creation."""
        outer: Value | None = None
        cls = node.cls
        if node.outer is not None:
            outer = self.value(node.outer)
        elif cls is not None and cls.inner and cls.outer is not None:
            outer = self.this_for(cls.outer.name) if not cls.anonymous and not cls.local else self.this()
        args = self.arguments(node.args, node.method, node.varargs, node)
        key = self.world.key(node.method) if node.method is not None else None
        target = self.temp(self.type_of(node))
        name = cls.name if cls is not None else self.class_name(node.of.type) or self.source.data[node.of.start : node.of.end].decode()
        name_span = self.source.span(node.new_start, node.new_start + 3)
        self.out.append(New(self.span(node), name_span, target, name, target.type, key, args, outer))
        if node.body is not None and cls is not None:
            self.class_bodies(cls)
        return target
