"""Concrete tree -> tree.py: statements, switches included."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node as TS

from refactor.frontend.java import grammar
from refactor.frontend.java import tree as t
from refactor.frontend.java.build_expressions import ExpressionBuilder
from refactor.ir.symbols import Flags

_JUMPS = {grammar.kind(f"{word}_statement"): word for word in ("return", "throw", "yield", "break", "continue")}
_PLAIN = 3  # children of a declarator: name, `=`, value


class StatementBuilder(ExpressionBuilder):
    """Builds statements."""

    class_decl: Callable[[TS], t.ClassDecl]

    def __init__(self) -> None:
        super().__init__()
        by_name: dict[str, Callable[[TS], t.Stmt]] = {
            "expression_statement": self._expression,
            "local_variable_declaration": self._local,
            "if_statement": self._if,
            "return_statement": self._jump,
            "throw_statement": self._jump,
            "yield_statement": self._jump,
            "break_statement": self._break,
            "continue_statement": self._break,
            "block": self.block,
            "for_statement": self._for,
            "enhanced_for_statement": self._for_each,
            "while_statement": self._while,
            "do_statement": self._do,
            "try_statement": self._try,
            "try_with_resources_statement": self._try,
            "switch_expression": self._switch_statement,
            "synchronized_statement": self._synchronized,
            "labeled_statement": self._labeled,
            "assert_statement": self._assert,
            "explicit_constructor_invocation": self._constructor_call,
            "class_declaration": self._class,
            "interface_declaration": self._class,
            "enum_declaration": self._class,
            "record_declaration": self._class,
            "annotation_type_declaration": self._class,
        }
        self._statements = grammar.by_kind(by_name, self._unknown_statement)

    def stmt(self, n: TS) -> t.Stmt:
        return self._statements[n.kind_id](n)

    @staticmethod
    def _unknown_statement(n: TS) -> t.Stmt:
        if n.type == ";":
            return t.Block(n.start_byte, n.end_byte, [])
        return t.BadStmt(n.start_byte, n.end_byte, n.type)

    def block(self, n: TS) -> t.Block:
        return t.Block(n.start_byte, n.end_byte, self.body(n.named_children))

    def body(self, nodes: list[TS]) -> list[t.Stmt]:
        table = self._statements
        found: list[t.Stmt] = []
        for kid in nodes:
            if not kid.is_extra:
                found.append(table[kid.kind_id](kid))
        return found

    def _expression(self, n: TS) -> t.Stmt:
        inner: TS | None = n.named_child(0)
        if inner is None or inner.is_extra:
            inner = self.kids(n)[0]
        expr = self._table[inner.kind_id](inner)
        if isinstance(expr, t.SwitchExpr):
            expr.statement = True
        return t.ExprStmt(n.start_byte, n.end_byte, expr)

    def _switch_statement(self, n: TS) -> t.Stmt:
        switch = self.switch(n)
        switch.statement = True
        return t.ExprStmt(n.start_byte, n.end_byte, switch)

    def _class(self, n: TS) -> t.Stmt:
        self.local_classes += 1
        return t.LocalClassDecl(n.start_byte, n.end_byte, self.class_decl(n))

    def _local(self, n: TS) -> t.LocalVar:
        of = n.child_by_field_name("type")
        assert of is not None
        flags, annotations = self.own_modifiers(n)
        return t.LocalVar(n.start_byte, n.end_byte, flags, annotations, self.type(of), self.declarators(n))

    def declarators(self, n: TS) -> list[t.VarDecl]:
        found = []
        for d in n.children_by_field_name("declarator"):
            name, value = d.child_by_field_id(grammar.NAME), d.child_by_field_id(grammar.VALUE)
            assert name is not None
            dims = self.dims(d.child_by_field_name("dimensions")) if d.child_count > _PLAIN else 0
            init = self._table[value.kind_id](value) if value is not None else None
            at = name.start_byte
            found.append(t.VarDecl(d.start_byte, d.end_byte, self.words[self.data[at : name.end_byte]], at, dims, init))
        return found

    def _if(self, n: TS) -> t.Stmt:
        first = current = None
        node: TS | None = n
        while node is not None:  # a loop over else-if: chains may be thousands long
            condition, then = node.child_by_field_name("condition"), node.child_by_field_name("consequence")
            assert condition is not None
            assert then is not None
            built = t.IfStmt(node.start_byte, node.end_byte, self.expr(condition), self.stmt(then), None)
            if current is None:
                first = built
            else:
                current.orelse = built
            current = built
            node = node.child_by_field_name("alternative")
            if node is not None and node.type != "if_statement":
                built.orelse = self.stmt(node)
                break
        assert first is not None
        return first

    def _jump(self, n: TS) -> t.Stmt:
        kids = self.kids(n)
        return t.JumpStmt(n.start_byte, n.end_byte, _JUMPS[n.kind_id], None, self.expr(kids[0]) if kids else None)

    def _break(self, n: TS) -> t.Stmt:
        kids = self.kids(n)
        return t.JumpStmt(n.start_byte, n.end_byte, _JUMPS[n.kind_id], self.text(kids[0]) if kids else None, None)

    def _for(self, n: TS) -> t.Stmt:
        init: list[t.Stmt] = []
        for c in n.children_by_field_name("init"):
            if c.type == "local_variable_declaration":
                init.append(self._local(c))
            elif c.is_named:
                init.append(t.ExprStmt(c.start_byte, c.end_byte, self.expr(c)))
        condition, body = n.child_by_field_name("condition"), n.child_by_field_name("body")
        assert body is not None
        update = [self.expr(c) for c in n.children_by_field_name("update") if c.is_named]
        built = self.expr(condition) if condition is not None else None
        return t.For(n.start_byte, n.end_byte, init, built, update, self.stmt(body))

    def _for_each(self, n: TS) -> t.Stmt:
        of, name, value, body = (n.child_by_field_name(f) for f in ("type", "name", "value", "body"))
        assert of is not None
        assert name is not None
        assert value is not None
        assert body is not None
        dims = self.dims(n.child_by_field_name("dimensions"))
        var = t.VarDecl(name.start_byte, name.end_byte, self.text(name), name.start_byte, dims, None)
        return t.ForEach(n.start_byte, n.end_byte, self.type(of), var, self.expr(value), self.stmt(body))

    def _while(self, n: TS) -> t.Stmt:
        condition, body = n.child_by_field_name("condition"), n.child_by_field_name("body")
        assert condition is not None
        assert body is not None
        return t.While(n.start_byte, n.end_byte, self.expr(condition), self.stmt(body), False)

    def _do(self, n: TS) -> t.Stmt:
        condition, body = n.child_by_field_name("condition"), n.child_by_field_name("body")
        assert condition is not None
        assert body is not None
        return t.While(n.start_byte, n.end_byte, self.expr(condition), self.stmt(body), True)

    def _synchronized(self, n: TS) -> t.Stmt:
        body = n.child_by_field_name("body")
        assert body is not None
        return t.Sync(n.start_byte, n.end_byte, self.expr(self.kids(n)[0]), self.block(body))

    def _labeled(self, n: TS) -> t.Stmt:
        kids = [c for c in n.children if not c.is_extra]
        return t.Labeled(n.start_byte, n.end_byte, self.text(kids[0]), self.stmt(kids[-1]))

    def _assert(self, n: TS) -> t.Stmt:
        kids = self.kids(n)
        return t.AssertStmt(n.start_byte, n.end_byte, self.expr(kids[0]), self.expr(kids[1]) if len(kids) > 1 else None)

    def _constructor_call(self, n: TS) -> t.Stmt:
        constructor, arguments = n.child_by_field_name("constructor"), n.child_by_field_name("arguments")
        assert constructor is not None
        assert arguments is not None
        object_ = n.child_by_field_name("object")
        outer = self.expr(object_) if object_ is not None else None
        targs = self.targs(n.child_by_field_name("type_arguments"))
        call = t.CtorCall(n.start_byte, n.end_byte, outer, targs, constructor.type, constructor.start_byte, self.args(arguments))
        self.uses.append(call)
        return t.ExprStmt(n.start_byte, n.end_byte, call)

    def _try(self, n: TS) -> t.Stmt:
        body = n.child_by_field_name("body")
        assert body is not None
        resources: list[t.Stmt] = []
        specification = n.child_by_field_name("resources")
        for r in self.kids(specification) if specification is not None else ():
            resources.append(self._resource(r))
        catches: list[t.CatchClause] = []
        final = None
        for kid in self.kids(n):
            if kid.type == "catch_clause":
                catches.append(self._catch(kid))
            elif kid.type == "finally_clause":
                final = self.block(self.kids(kid)[0])
        return t.TryStmt(n.start_byte, n.end_byte, resources, self.block(body), catches, final)

    def _resource(self, n: TS) -> t.Stmt:
        of, name, value = (n.child_by_field_name(f) for f in ("type", "name", "value"))
        if of is None or name is None or value is None:
            return t.ExprStmt(n.start_byte, n.end_byte, self.expr(self.kids(n)[0]))
        flags, annotations = self.own_modifiers(n)
        var = t.VarDecl(n.start_byte, n.end_byte, self.text(name), name.start_byte, 0, self.expr(value))
        return t.LocalVar(n.start_byte, n.end_byte, flags | Flags.FINAL, annotations, self.type(of), [var])

    def _catch(self, n: TS) -> t.CatchClause:
        body = n.child_by_field_name("body")
        assert body is not None
        parameter = next(c for c in self.kids(n) if c.type == "catch_formal_parameter")
        name = parameter.child_by_field_name("name")
        assert name is not None
        types = next(c for c in self.kids(parameter) if c.type == "catch_type")
        return t.CatchClause(n.start_byte, n.end_byte, [self.type(c) for c in self.kids(types)], self.text(name), self.block(body))

    def switch(self, n: TS) -> t.SwitchExpr:
        condition, body = n.child_by_field_name("condition"), n.child_by_field_name("body")
        assert condition is not None
        assert body is not None
        return t.SwitchExpr(n.start_byte, n.end_byte, self.expr(condition), [self._case(c) for c in self.kids(body)])

    def _case(self, n: TS) -> t.Case:
        labels: list[t.Expr | t.Pattern] = []
        guard: t.Expr | None = None
        default = False
        nodes: list[TS] = []
        for kid in n.children:
            if kid.type == "switch_label":
                for part in kid.children:
                    if part.type == "default" or (part.type == "identifier" and self.text(part) == "default"):
                        default = True
                    elif part.type == "guard":
                        guard = self.expr(self.kids(part)[-1])
                    elif part.type in ("pattern", "type_pattern", "record_pattern"):
                        labels.append(self.pattern(part))
                    elif part.is_named and not part.is_extra:
                        labels.append(self.expr(part))
            elif (kid.is_named or kid.type == ";") and not kid.is_extra:
                nodes.append(kid)
        return t.Case(n.start_byte, n.end_byte, labels, default, guard, n.type == "switch_rule", [self.stmt(c) for c in nodes])
