"""Attributed classes -> bodies: methods, constructors with their initialisers, static initialisers."""

from __future__ import annotations

from collections.abc import Callable

from refactor.frontend.java import tree as t
from refactor.frontend.java.classes import Cls
from refactor.frontend.java.lower_base import Frame
from refactor.frontend.java.lower_statements import LowerStatements
from refactor.frontend.java.relations import erased
from refactor.ir.program import Body
from refactor.ir.statements import Binary, Cast, Const, Invoke, InvokeKind, Load, Local, New, Return, Store, Unsupported, Value
from refactor.ir.symbols import ClassKind, FieldSymbol, Flags, MethodSymbol
from refactor.ir.types import ClassType, PrimitiveType
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.source import Span


class Lower(LowerStatements):
    """Lowers whole classes into `bodies`."""

    said: list[Diagnostic]

    def class_bodies(self, cls: Cls, in_code: bool = False) -> None:
        """Write every body of a class; those of its member classes too where it is local or anonymous."""
        state = dict(self.__dict__)
        self.cls = cls
        self.around = state.get("frame")
        decl = cls.decl
        assert decl is not None
        for member in decl.members:
            if isinstance(member, t.MethodDecl) and member.body is not None:
                self._method(cls, member)
        self._implicit(cls, decl)
        self._static(cls, decl)
        if cls.local or cls.anonymous or in_code:
            for name in cls.members.values():
                inner = self.world.find(name)
                if inner is not None:
                    self.class_bodies(inner, True)
        for name in ("cls", "around", "frame", "out"):
            if name in state:
                setattr(self, name, state[name])
            else:
                self.__dict__.pop(name, None)

    def _write(self, key: str, span: Span, params: Callable[[], tuple[Local, ...]], write: Callable[[], None]) -> None:
        """One body. A defect of the lowering becomes a diagnostic and an Unsupported, not a crash."""
        frame = Frame(key, self.cls, self.around)
        outside, self.frame, self.out = self.out, frame, []
        found: tuple[Local, ...] = ()
        try:
            found = params()
            write()
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            message = f"the body of {key} cannot be lowered ({what}); it is taken to do anything"
            self.said.append(Diagnostic("java/unresolved", Severity.WARNING, message, span))
            self.out.append(Unsupported(span, what))
        self.bodies[key] = Body(key, self.cls.name, found, tuple(self.out), span)
        self.out = outside

    def _method(self, cls: Cls, decl: t.MethodDecl) -> None:
        symbol, body = decl.symbol, decl.body
        assert symbol is not None
        assert body is not None
        key = self.world.key(symbol)

        def params() -> tuple[Local, ...]:
            if decl.compact:
                return tuple([self.declare(v) for v in decl.compact_vars])
            return tuple([self.declare(p.var) for p in decl.params if p.var is not None])

        def write() -> None:
            if symbol.is_constructor:
                self._constructor(cls, decl, body)
            else:
                for stmt in body.body:
                    self.statement(stmt)

        self._write(key, self.source.span(decl.start, decl.end), params, write)

    def _constructor(self, cls: Cls, decl: t.MethodDecl, body: t.Block) -> None:
        first = body.body[0] if body.body else None
        explicit = first.expr if isinstance(first, t.ExprStmt) and isinstance(first.expr, t.CtorCall) else None
        rest = body.body
        if explicit is not None:
            self.discard(explicit)
            rest = body.body[1:]
        else:
            self._super_call(cls, self.source.span(decl.name_start, decl.name_end))
        if explicit is None or explicit.name != "this":
            self._initialisers(cls)
        for stmt in rest:
            self.statement(stmt)
        if decl.compact:
            for var in decl.compact_vars:
                field = cls.fields.get(var.name)
                if field is not None:
                    span = self.source.span(decl.name_start, decl.name_end)
                    self.out.append(Store(span, span, self.this(), self.world.key(field), self.use(var)))

    def _super_call(self, cls: Cls, span: Span) -> None:
        """The implicit super() of a class whose superclass is a class with code."""
        parent = cls.superclass
        if parent is None or parent.name in ("java.lang.Object", "java.lang.Enum", "java.lang.Record"):
            return
        holder = self.world.find(parent.name)
        if holder is None:
            reason = f"class {parent.name} is not on the class path"
            self.out.append(Invoke(span, span, None, InvokeKind.SPECIAL, self.this(), None, (), parent.name, reason))
            return
        chosen = self.attribute.select_method(self.attribute.methods(holder, "<init>"), [], parent, cls, holder)
        if isinstance(chosen, str):
            self.out.append(Invoke(span, span, None, InvokeKind.SPECIAL, self.this(), None, (), parent.name, chosen))
            return
        key = self.world.key(chosen[0])
        args = self.arguments([], chosen[0], chosen[1], _At(span))
        self.out.append(Invoke(span, span, None, InvokeKind.SPECIAL, self.this(), key, args, parent.name))

    def _initialisers(self, cls: Cls) -> None:
        decl = cls.decl
        assert decl is not None
        for member in decl.members:
            if isinstance(member, t.FieldDecl) and not self._is_static(cls, member.flags):
                self._fields(member)
            elif isinstance(member, t.Init) and not member.static:
                self.statement(member.body)

    @staticmethod
    def _is_static(cls: Cls, flags: Flags) -> bool:
        return bool(flags & Flags.STATIC) or cls.is_interface

    def _fields(self, member: t.FieldDecl) -> None:
        for var, symbol in zip(member.vars, member.symbols, strict=True):
            if var.init is None:
                continue
            static = bool(symbol.flags & Flags.STATIC)
            if static and symbol.constant is not None:
                continue  # part of the class itself, no code sets it
            value = self.value(var.init)
            name = self.source.span(var.name_start, var.name_start + len(var.name.encode()))
            self.out.append(Store(self.span(var), name, None if static else self.this(), self.world.key(symbol), value))

    def _implicit(self, cls: Cls, decl: t.ClassDecl) -> None:
        """Bodies of what the source does not write: default and canonical constructors, record accessors."""
        span = self.source.span(decl.name_start, decl.name_end)
        for group in cls.methods.values():
            for symbol in group:
                if symbol.implicit and not symbol.flags & Flags.STATIC:
                    self._implicit_body(cls, symbol, span)
        if cls.anonymous and self._has_initialisers(cls, decl):
            self._write(f"{cls.name}#<init>()V", span, lambda: (), lambda: self._initialisers(cls))

    def _has_initialisers(self, cls: Cls, decl: t.ClassDecl) -> bool:
        return any(
            (isinstance(m, t.Init) and not m.static) or (isinstance(m, t.FieldDecl) and any(v.init for v in m.vars)) for m in decl.members
        )

    def _implicit_body(self, cls: Cls, symbol: MethodSymbol, span: Span) -> None:
        params = tuple([Local(p.name, p.type) for p in symbol.params])

        def declare() -> tuple[Local, ...]:
            self.frame.declared.update(p.name for p in params)
            return params

        def constructor() -> None:
            self._super_call(cls, span)
            self._initialisers(cls)
            if cls.kind is ClassKind.RECORD:
                for param in params:
                    self.out.append(Store(span, span, self.this(), self.world.key(cls.fields[param.name]), param))

        def accessor() -> None:
            field: FieldSymbol = cls.fields[symbol.name]
            target = self.temp(field.type)
            self.out.append(Load(span, span, target, self.this(), self.world.key(field)))
            self.out.append(Return(span, target))

        def derived() -> None:
            """toString, hashCode and equals of a record ask every component."""
            other: Local | None = None
            if params:
                other = self.temp(cls.type)
                self.out.append(Cast(span, other, cls.type, params[0]))
            result: Value = Const({"toString": "", "hashCode": 0}.get(symbol.name, True), symbol.result)
            for component in cls.record_components:
                field = cls.fields[component.name]
                part = self.temp(field.type)
                self.out.append(Load(span, span, part, self.this(), self.world.key(field)))
                args: tuple[Local, ...] = ()
                if other is not None:
                    args = (self.temp(field.type),)
                    self.out.append(Load(span, span, args[0], other, self.world.key(field)))
                if isinstance(field.type, PrimitiveType):
                    if args:
                        same = self.temp(symbol.result)
                        self.out.append(Binary(span, same, "==", part, args[0]))
                        part = same
                else:
                    key = f"java.lang.Object#{symbol.name}{symbol.descriptor}"
                    site = erased(field.type, self.world)
                    name = site.name if isinstance(site, ClassType) else "java.lang.Object"
                    answer = self.temp(symbol.result)
                    self.out.append(Invoke(span, span, answer, InvokeKind.VIRTUAL, part, key, args, name))
                    part = answer
                joined = self.temp(symbol.result)
                self.out.append(Binary(span, joined, "&" if args else "+", result, part))
                result = joined
            self.out.append(Return(span, result))

        code = constructor if symbol.is_constructor else accessor if not symbol.params and symbol.name in cls.fields else derived
        self._write(self.world.key(symbol), span, declare, code)

    def _static(self, cls: Cls, decl: t.ClassDecl) -> None:
        """`<clinit>`: enum constants, static fields that are no constants, static blocks."""

        def write() -> None:
            for member in decl.members:
                if isinstance(member, t.EnumConst):
                    self._enum_constant(member)
                elif isinstance(member, t.FieldDecl) and self._is_static(cls, member.flags):
                    self._fields(member)
                elif isinstance(member, t.Init) and member.static:
                    self.statement(member.body)

        def has_code(member: t.Node) -> bool:
            if isinstance(member, t.FieldDecl) and self._is_static(cls, member.flags):
                return any(v.init is not None and s.constant is None for v, s in zip(member.vars, member.symbols, strict=True))
            return isinstance(member, t.EnumConst) or (isinstance(member, t.Init) and member.static)

        if any(has_code(m) for m in decl.members):
            span = self.source.span(decl.body_start, decl.body_end)
            self._write(f"{cls.name}#<clinit>()V", span, lambda: (), write)

    def _enum_constant(self, member: t.EnumConst) -> None:
        symbol, new = member.symbol, member.new
        assert symbol is not None
        span = self.source.span(member.start, member.end)
        name = self.source.span(member.name_start, member.name_start + len(member.name.encode()))
        args = self.arguments(new.args, new.method, new.varargs, new)
        target = self.temp(symbol.type)
        cls = new.cls
        key = self.world.key(new.method) if new.method is not None else None
        self.out.append(New(span, name, target, cls.name if cls is not None else symbol.owner, symbol.type, key, args))
        if new.body is not None and cls is not None:
            self.class_bodies(cls)
        self.out.append(Store(span, name, None, self.world.key(symbol), target))


class _At(t.Node):
    """A place in the source."""

    __slots__ = ()

    def __init__(self, span: Span) -> None:
        self.start, self.end = span.start, span.end
