"""Attributed statements -> IR, patterns included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refactor.frontend.java import tree as t
from refactor.frontend.java.attribute import Attribute
from refactor.frontend.java.files import Source
from refactor.frontend.java.lower_expressions import LowerExpressions
from refactor.frontend.java.relations import upper
from refactor.ir.program import Body
from refactor.ir.statements import (
    ArrayLoad,
    Binary,
    Block,
    Cast,
    Catch,
    Const,
    InstanceOf,
    Invoke,
    InvokeKind,
    Jump,
    Local,
    LocalClass,
    Loop,
    New,
    Return,
    Synchronized,
    Throw,
    Try,
    Unary,
    Value,
)
from refactor.ir.symbols import MethodSymbol
from refactor.ir.types import BOOLEAN, INT, NULL, OBJECT, ArrayType, ClassType, Type, UnknownType
from refactor.support.source import Span

_LOOPS = (t.While, t.For, t.ForEach)
_LONG_CHAIN = 40


class LowerStatements(LowerExpressions):
    """Lowers statements."""

    def __init__(self, attribute: Attribute, source: Source, bodies: dict[str, Body]) -> None:
        super().__init__(attribute, source, bodies)
        self._statements: dict[type, Callable[[Any], None]] = {
            t.ExprStmt: lambda n: self.discard(n.expr),
            t.LocalVar: self._local,
            t.IfStmt: self._if,
            t.JumpStmt: self._jump,
            t.Block: self._block,
            t.While: self._while,
            t.For: self._for,
            t.ForEach: self._for_each,
            t.TryStmt: self._try,
            t.Sync: self._synchronized,
            t.Labeled: self._labeled,
            t.AssertStmt: self._assert,
            t.LocalClassDecl: self._local_class,
            t.BadStmt: self._bad,
        }
        self._label: str | None = None

    def statement(self, node: t.Stmt) -> None:
        self._statements[type(node)](node)

    def _bad(self, node: t.BadStmt) -> None:
        self.unsupported(node, node.what)

    def _block(self, node: t.Block) -> None:
        table = self._statements
        for stmt in node.body:
            table[type(stmt)](stmt)

    def _body(self, node: t.Stmt) -> Callable[[], None]:
        return lambda: self.statement(node)

    def _local(self, node: t.LocalVar) -> None:
        for decl in node.vars:
            if decl.var is None:
                continue
            if decl.init is None:
                self.declare(decl.var)
                continue
            value = self.value(decl.init)
            self.copy(decl, self.declare(decl.var), value)

    def _local_class(self, node: t.LocalClassDecl) -> None:
        cls = node.decl.cls
        self.out.append(LocalClass(self.span(node), node.decl.binary))
        if cls is not None:
            self.class_bodies(cls)

    def _if(self, node: t.IfStmt) -> None:
        chain = [node]
        while isinstance(chain[-1].orelse, t.IfStmt):
            chain.append(chain[-1].orelse)
        if len(chain) > _LONG_CHAIN:
            self._chain(chain)
            return
        condition = self.value(node.condition)
        orelse = node.orelse
        self.branch(node, condition, self._body(node.then), self._body(orelse) if orelse is not None else None)

    def _chain(self, chain: list[t.IfStmt]) -> None:
        """A long else-if chain becomes a block whose branches leave it: nested, no pass could recurse into it.

        before: if (a) x(); else if (b) y(); else z();
        after:  block $else: if a { x(); break $else }  if b { y(); break $else }  z()
        """
        self.frame.count += 1
        label = f"$else{self.frame.count}"

        def write() -> None:
            for item in chain:
                span = self.span(item)

                def then(item: t.IfStmt = item, span: Span = span) -> None:
                    self.statement(item.then)
                    self.out.append(Jump(span, "break", label))

                self.branch(item, self.value(item.condition), then)
            last = chain[-1].orelse
            if last is not None:
                self.statement(last)

        self.out.append(Block(self.span(chain[0]), label, self.block(write)))

    def _jump(self, node: t.JumpStmt) -> None:
        span = self.span(node)
        kind = node.kind
        if kind == "return":
            value = None
            if node.value is not None:
                value = self.value(node.value)
            self.out.append(Return(span, value))
        elif kind == "throw":
            assert node.value is not None
            self.out.append(Throw(span, self.value(node.value)))
        elif kind == "yield":
            assert node.value is not None
            result = self.frame.yields[-1] if self.frame.yields else self.temp(OBJECT)
            self.copy(node, result, self.value(node.value))
            self.out.append(Jump(span, "yield", None, result))
        else:
            self.out.append(Jump(span, kind, node.label))

    def _labeled(self, node: t.Labeled) -> None:
        if isinstance(node.body, _LOOPS):
            self._label = node.label
            self.statement(node.body)
        else:
            body = self.block(self._body(node.body))
            self.out.append(Block(self.span(node), node.label, body))

    def _take_label(self) -> str | None:
        label, self._label = self._label, None
        return label

    def _exit_unless(self, node: t.Expr) -> None:
        condition = self.value(node)
        if isinstance(condition, Const) and condition.value is True:
            return
        span = self.span(node)
        self.branch(node, condition, lambda: None, lambda: self.out.append(Jump(span, "break")))

    def _while(self, node: t.While) -> None:
        label = self._take_label()

        def body() -> None:
            if not node.post:
                self._exit_unless(node.condition)
            self.statement(node.body)

        inside = self.block(body)
        update = self.block(lambda: self._exit_unless(node.condition)) if node.post else ()
        self.out.append(Loop(self.span(node), inside, label, update))

    def _for(self, node: t.For) -> None:
        label = self._take_label()
        for init in node.init:
            self.statement(init)

        def body() -> None:
            if node.condition is not None:
                self._exit_unless(node.condition)
            self.statement(node.body)

        def update() -> None:
            for item in node.update:
                self.discard(item)

        inside = self.block(body)
        self.out.append(Loop(self.span(node), inside, label, self.block(update)))

    def _for_each(self, node: t.ForEach) -> None:
        label = self._take_label()
        value = self.value(node.value)
        type_ = upper(self.type_of(node.value))
        variable = node.var.var
        assert variable is not None
        if isinstance(type_, ArrayType):
            self._over_array(node, label, value, variable)
        else:
            self._over_iterable(node, label, value, type_, variable)

    def _over_array(self, node: t.ForEach, label: str | None, array: Value, variable: t.Var) -> None:
        at = node.value
        span = self.span(at)
        index, length = self.temp(INT), self.temp(INT)
        self.out.append(Unary(span, length, "length", array))
        self.copy(at, index, Const(0, INT))
        local = self.declare(variable)

        def body() -> None:
            test = self.temp(BOOLEAN)
            self.out.append(Binary(span, test, "<", index, length))
            self.branch(at, test, lambda: None, lambda: self.out.append(Jump(span, "break")))
            self.out.append(ArrayLoad(span, local, array, index))
            self.statement(node.body)

        inside = self.block(body)
        update = (Binary(span, index, "+", index, Const(1, INT)),)
        self.out.append(Loop(self.span(node), inside, label, update))

    def _over_iterable(self, node: t.ForEach, label: str | None, value: Value, type_: Type, variable: t.Var) -> None:
        at = node.value
        span = self.span(at)
        name = next((s.name for s in self.attribute.sites(type_)), None)
        begin = self._member(name or "java.lang.Iterable", "iterator")
        iterator = self.temp(ClassType("java.util.Iterator", (upper(self.attribute.element_type(type_)),)))
        reason = "" if begin is not None else type_.reason if isinstance(type_, UnknownType) else "not iterable"
        self._emit_call(span, iterator, value, begin, name, reason)
        local = self.declare(variable)

        def body() -> None:
            test = self.temp(BOOLEAN)
            self._emit_call(span, test, iterator, self._member("java.util.Iterator", "hasNext"), "java.util.Iterator")
            self.branch(at, test, lambda: None, lambda: self.out.append(Jump(span, "break")))
            self._emit_call(span, local, iterator, self._member("java.util.Iterator", "next"), "java.util.Iterator")
            self.statement(node.body)

        inside = self.block(body)
        self.out.append(Loop(self.span(node), inside, label))

    def _member(self, cls: str, name: str) -> MethodSymbol | None:
        holder = self.world.find(cls)
        found = self.attribute.methods(holder, name) if holder is not None else []
        return next((m for m in found if not m.params), None)

    def _emit_call(
        self, span: Span, target: Local | None, receiver: Value, method: MethodSymbol | None, site: str | None, reason: str = ""
    ) -> None:
        """A call that the source does not spell out; its name span is that of the expression it belongs to."""
        kind = InvokeKind.VIRTUAL
        if method is not None:
            owner = self.world.find(method.owner)
            kind = InvokeKind.INTERFACE if owner is not None and owner.is_interface else InvokeKind.VIRTUAL
        key = self.world.key(method) if method is not None else None
        self.out.append(Invoke(span, span, target, kind, receiver, key, (), site, reason if method is None else ""))

    # --- exceptions

    def _synchronized(self, node: t.Sync) -> None:
        lock = self.value(node.lock)
        body = self.block(self._body(node.body))
        self.out.append(Synchronized(self.span(node), lock, body))

    def _assert(self, node: t.AssertStmt) -> None:
        span = self.span(node)
        condition = self.value(node.condition)

        def fail() -> None:
            args = (self.value(node.detail),) if node.detail is not None else ()
            type_ = ClassType("java.lang.AssertionError")
            error = self.temp(type_)
            key = "java.lang.AssertionError#<init>(Ljava/lang/Object;)V" if args else "java.lang.AssertionError#<init>()V"
            self.out.append(New(span, span, error, type_.name, type_, key, args))
            self.out.append(Throw(span, error, True))

        self.branch(node, condition, lambda: None, fail)

    def _try(self, node: t.TryStmt) -> None:
        if node.resources and (node.catches or node.final is not None):
            body = self.block(lambda: self._resources(node, 0))
        elif node.resources:
            self._resources(node, 0)
            return
        else:
            body = self.block(self._body(node.body))
        catches = tuple([self._catch(c) for c in node.catches])
        final = self.block(self._body(node.final)) if node.final is not None else ()
        self.out.append(Try(self.span(node), body, catches, final))

    def _catch(self, node: t.CatchClause) -> Catch:
        assert node.var is not None
        variable = self.declare(node.var)
        types = tuple([n.type or UnknownType("catch") for n in node.types])
        return Catch(self.span(node), variable, types, self.block(self._body(node.body)))

    def _resources(self, node: t.TryStmt, index: int) -> None:
        """One resource, and in its Try the next or the body."""
        if index == len(node.resources):
            self.statement(node.body)
            return
        resource = node.resources[index]
        if isinstance(resource, t.LocalVar):
            self.statement(resource)
            decl = resource.vars[0]
            assert decl.var is not None
            value: Value = self.use(decl.var)
            type_ = decl.var.type
        else:
            assert isinstance(resource, t.ExprStmt)
            value = self.value(resource.expr)
            type_ = self.type_of(resource.expr)
        body = self.block(lambda: self._resources(node, index + 1))

        def close() -> None:
            span = self.span(resource)
            test = self.temp(BOOLEAN)
            self.out.append(Binary(span, test, "!=", value, Const(None, NULL)))
            name = next((s.name for s in self.attribute.sites(type_)), None)
            method = self._member(name, "close") if name is not None else None
            self.branch(resource, test, lambda: self._emit_call(span, None, value, method, name, "no close()"))

        self.out.append(Try(self.span(node), body, (), self.block(close)))

    # --- patterns

    def match(self, node: t.Pattern, value: Value, at: t.Node) -> Local:
        """Test a pattern and set its variables where it matches."""
        span = self.span(node)
        matched = self.temp(BOOLEAN)
        if isinstance(node, t.TypePattern):
            type_ = node.type or UnknownType("pattern")
            self.out.append(InstanceOf(span, matched, type_, value))
            if node.var is not None:
                local = self.declare(node.var)
                self.branch(at, matched, lambda: self.out.append(Cast(span, local, local.type, value)))
            return matched
        assert isinstance(node, t.RecordPattern)
        type_ = node.type or UnknownType("pattern")
        self.out.append(InstanceOf(span, matched, type_, value))

        def parts() -> None:
            record = self.temp(type_)
            self.out.append(Cast(span, record, type_, value))
            cls = self.world.find(type_.name) if isinstance(type_, ClassType) else None
            for index, part in enumerate(node.parts):
                components = cls.record_components if cls is not None else ()
                if cls is None or index >= len(components):
                    self.unsupported(part, "component of an unknown record")
                    continue
                component = components[index]
                inner = self.temp(self.attribute.member_of(type_, cls.name, component.type))
                self._emit_call(self.span(part), inner, record, self._member(cls.name, component.name), cls.name)
                if isinstance(part, t.TypePattern) and part.type == inner.type and part.var is not None:
                    self.copy(part, self.declare(part.var), inner)  # a total pattern: matches null too
                    continue
                found = self.match(part, inner, part)
                self.branch(part, matched, lambda found=found, part=part: self.copy(part, matched, found))  # type: ignore[misc]

        self.branch(at, matched, parts)
        return matched
