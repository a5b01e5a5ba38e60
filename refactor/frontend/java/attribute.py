"""Statements and the bodies of classes: the top of attribution (JLS 6.3, 8, 14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refactor.frontend.java import constants
from refactor.frontend.java import tree as t
from refactor.frontend.java.base import BodyInfo
from refactor.frontend.java.classes import HEADER, Cls, World
from refactor.frontend.java.declarations import members
from refactor.frontend.java.expressions import Expressions
from refactor.frontend.java.flow import breaks, completes
from refactor.frontend.java.headers import array_of, declare_class, header
from refactor.frontend.java.relations import upper
from refactor.frontend.java.scopes import Scope, resolve
from refactor.ir.symbols import Flags
from refactor.ir.types import OBJECT, STRING, VOID, ClassType, NullType, PrimitiveType, UnknownType
from refactor.support.diagnostics import Diagnostic, Severity


class Attribute(Expressions):
    """Attributes whole classes."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.said: list[Diagnostic] = []
        self.failed: dict[int, str] = {}
        """Members that attribution could not get through, by id, with the reason."""
        self._statements: dict[type, Callable[[Any, Scope], Scope]] = {
            t.ExprStmt: self._expression,
            t.LocalVar: self._local,
            t.IfStmt: self._if,
            t.JumpStmt: self._jump,
            t.Block: self._block,
            t.For: self._for,
            t.ForEach: self._for_each,
            t.While: self._while,
            t.TryStmt: self._try,
            t.Sync: self._sync,
            t.Labeled: self._labeled,
            t.AssertStmt: self._assert,
            t.LocalClassDecl: self._local_class,
            t.BadStmt: self._bad_statement,
        }

    # --- classes

    def class_body(self, cls: Cls) -> None:
        """Attribute every member of a source class; member classes are on their own."""
        decl, scope = cls.decl, cls.scope
        assert decl is not None
        assert scope is not None
        for member in decl.members:
            try:
                self._member(cls, member, scope)
            except Exception as error:  # a defect here costs one member, not the run
                what = f"{type(error).__name__}: {error}"
                assert cls.source is not None
                self.failed[id(member)] = what
                message = f"a member of {cls.name} cannot be resolved ({what}); it is taken to do anything"
                span = cls.source.span(member.start, member.end)
                self.said.append(Diagnostic("java/unresolved", Severity.WARNING, message, span))

    def _member(self, cls: Cls, member: t.Node, scope: Scope) -> None:
        if isinstance(member, t.MethodDecl):
            self._method(cls, member)
        elif isinstance(member, t.FieldDecl):
            for var, symbol in zip(member.vars, member.symbols, strict=True):
                if var.init is not None:
                    self.field_constant(symbol)
                    if var.init.type is None:
                        self.attrib(var.init, self._inside(scope, bool(symbol.flags & Flags.STATIC)), symbol.type)
        elif isinstance(member, t.EnumConst):
            inner = self._inside(scope, True)
            args = self.args(member.new.args, inner)
            member.new.cls = cls
            member.new.of.type = cls.type
            self.construct(member.new, cls, cls.type, args, inner)
        elif isinstance(member, t.Init):
            self.block(member.body.body, self._inside(scope, member.static))

    @staticmethod
    def _inside(scope: Scope, static: bool) -> Scope:
        inner = scope.child()
        inner.static = static
        inner.body = BodyInfo("method", VOID)
        return inner

    def _method(self, cls: Cls, decl: t.MethodDecl) -> None:
        symbol = decl.symbol
        assert symbol is not None
        scope: Scope = decl.scope.child()
        scope.static = bool(symbol.flags & Flags.STATIC)
        scope.body = BodyInfo("method", symbol.result, self.world.key(symbol))
        if decl.compact:
            decl.compact_vars = [self.variable(p.name, p.type, scope) for p in cls.record_components]
        else:
            for written, param in zip(decl.params, symbol.params, strict=True):
                written.var = self.variable(param.name, param.type, scope)
        if decl.body is not None:
            self.block(decl.body.body, scope)

    def declare_local(self, decl: t.ClassDecl, scope: Scope, parent: ClassType | None = None) -> Cls:
        """Make a local or anonymous class known at the place of its declaration."""
        owner = scope.owner
        assert owner is not None
        cls = declare_class(self.world, scope.file, decl, decl.binary, owner, scope)
        cls.local = decl.name != ""
        cls.anonymous = decl.name == ""
        cls.enclosing_method = scope.body.method if isinstance(scope.body, BodyInfo) else None
        cls.inner = not scope.static and not cls.flags & Flags.STATIC
        if cls.anonymous:
            holder = self.world.find(parent.name) if parent is not None else None
            if holder is not None and holder.is_interface and parent is not None:
                cls.superclass, cls.interfaces = OBJECT, (parent,)
            else:
                cls.superclass = parent or OBJECT
            cls.state = HEADER
        else:
            scope.declare_type(decl.name, cls)
        self._complete(cls)
        return cls

    def _complete(self, cls: Cls) -> None:
        header(self.world, cls)
        members(self.world, cls)
        for name in cls.members.values():
            inner = self.world.find(name)
            if inner is not None:
                self._complete(inner)

    def enter_body(self, decl: t.ClassDecl, cls: Cls) -> None:
        """Attribute the bodies of a local or anonymous class and its member classes."""
        self.class_body(cls)
        for name in cls.members.values():
            inner = self.world.find(name)
            if inner is not None and inner.decl is not None:
                self.enter_body(inner.decl, inner)

    # --- statements

    def block(self, stmts: list[t.Stmt], scope: Scope) -> None:
        """Attribute statements in a scope that is theirs."""
        table = self._statements
        for stmt in stmts:
            scope = table[type(stmt)](stmt, scope)

    def stmt(self, node: t.Stmt, scope: Scope) -> Scope:
        """Attribute one statement; the scope for the statements after it."""
        return self._statements[type(node)](node, scope)

    def _block(self, node: t.Block, scope: Scope) -> Scope:
        if node.body:
            self.block(node.body, scope.child())
        return scope

    def _expression(self, node: t.ExprStmt, scope: Scope) -> Scope:
        self.attrib(node.expr, scope)
        return scope

    def _local(self, node: t.LocalVar, scope: Scope) -> Scope:
        for decl in node.vars:
            if isinstance(node.of, t.TName) and node.of.is_var:
                type_ = upper(self.attrib(decl.init, scope)) if decl.init is not None else UnknownType("var without initialiser")
                type_ = OBJECT if isinstance(type_, NullType) else type_
                decl.var = self.variable(decl.name, type_, scope)
                continue
            type_ = array_of(resolve(scope, node.of), decl.dims)
            decl.var = self.variable(decl.name, type_, scope)
            if decl.init is not None:
                self.attrib(decl.init, scope, type_)
                constant = decl.init.const
                if constant is not None and node.flags & Flags.FINAL and (isinstance(type_, PrimitiveType) or type_ == STRING):
                    decl.var.const = constants.convert(constant[0], type_)
        return scope

    def _if(self, node: t.IfStmt, scope: Scope) -> Scope:
        at: t.Stmt | None = node
        after: list[t.Var] = []
        here = scope
        first = True
        while isinstance(at, t.IfStmt):
            self.attrib(at.condition, here)
            found = self.true_bindings(at.condition)
            self.stmt(at.then, self.with_bindings(here, found) if found else here.child())
            missed = self.false_bindings(at.condition)
            if first:
                if missed and not completes(at.then):
                    after.extend(missed)
                if found and at.orelse is not None and not completes(at.orelse):
                    after.extend(found)
                first = False
            if missed:
                here = self.with_bindings(here, missed)
            at = at.orelse
        if at is not None:
            self.stmt(at, here.child())
        return self.with_bindings(scope, after) if after else scope

    def _while(self, node: t.While, scope: Scope) -> Scope:
        if node.post:
            self.stmt(node.body, scope.child())
            self.attrib(node.condition, scope)
        else:
            self.attrib(node.condition, scope)
            found = self.true_bindings(node.condition)
            self.stmt(node.body, self.with_bindings(scope, found) if found else scope.child())
        missed = self.false_bindings(node.condition)
        return self.with_bindings(scope, missed) if missed and not breaks(node.body) else scope

    def _for(self, node: t.For, scope: Scope) -> Scope:
        inner = scope.child()
        for init in node.init:
            inner = self.stmt(init, inner)
        missed: list[t.Var] = []
        if node.condition is not None:
            self.attrib(node.condition, inner)
            found = self.true_bindings(node.condition)
            missed = self.false_bindings(node.condition)
            if found:
                inner = self.with_bindings(inner, found)
        for update in node.update:
            self.attrib(update, inner)
        self.stmt(node.body, inner.child())
        return self.with_bindings(scope, missed) if missed and not breaks(node.body) else scope

    def _for_each(self, node: t.ForEach, scope: Scope) -> Scope:
        value = upper(self.attrib(node.value, scope))
        inner = scope.child()
        if isinstance(node.of, t.TName) and node.of.is_var:
            type_ = value if isinstance(value, UnknownType) else upper(self.element_type(value))
        else:
            type_ = array_of(resolve(scope, node.of), node.var.dims)
        node.var.var = self.variable(node.var.name, type_, inner)
        self.stmt(node.body, inner)
        return scope

    def _labeled(self, node: t.Labeled, scope: Scope) -> Scope:
        return self.stmt(node.body, scope)

    def _jump(self, node: t.JumpStmt, scope: Scope) -> Scope:
        if node.value is None:
            return scope
        info = scope.body
        if isinstance(info, BodyInfo) and info.results is not None and node.kind in ("return", "yield"):
            info.results.append(self.arg(node.value, scope))
        else:
            target = info.result if isinstance(info, BodyInfo) and node.kind == "return" else None
            self.attrib(node.value, scope, target)
        return scope

    def _sync(self, node: t.Sync, scope: Scope) -> Scope:
        self.attrib(node.lock, scope)
        return self._block(node.body, scope)

    def _assert(self, node: t.AssertStmt, scope: Scope) -> Scope:
        self.attrib(node.condition, scope)
        if node.detail is not None:
            found = self.false_bindings(node.condition)
            self.attrib(node.detail, self.with_bindings(scope, found) if found else scope)
        return scope

    def _try(self, node: t.TryStmt, scope: Scope) -> Scope:
        inner = scope.child()
        for resource in node.resources:
            inner = self.stmt(resource, inner)
        self._block(node.body, inner)
        for clause in node.catches:
            types = [resolve(scope, n) for n in clause.types]
            around = scope.child()
            clause.var = self.variable(clause.name, types[0] if len(types) == 1 else self.lub(types), around)
            self._block(clause.body, around)
        if node.final is not None:
            self._block(node.final, scope)
        return scope

    def _local_class(self, node: t.LocalClassDecl, scope: Scope) -> Scope:
        cls = self.declare_local(node.decl, scope)
        self.enter_body(node.decl, cls)
        return scope

    def _bad_statement(self, node: t.BadStmt, scope: Scope) -> Scope:
        return scope

