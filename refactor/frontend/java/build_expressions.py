"""Concrete tree -> tree.py: expressions.

Parentheses disappear; the left spines of binary expressions and call chains are followed in loops, so that their depth
does not matter to the stack.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tree_sitter import Node as TS

from refactor.frontend.java import grammar, literals
from refactor.frontend.java import tree as t
from refactor.frontend.java.build_types import FEW, TypeBuilder
from refactor.ir.symbols import ClassKind

_TYPE_KINDS: Final = frozenset(
    {
        "annotated_type",
        "array_type",
        "boolean_type",
        "floating_point_type",
        "generic_type",
        "integral_type",
        "scoped_type_identifier",
        "type_identifier",
    }
)


_CALL: Final = grammar.kind("method_invocation")
_THIS: Final = grammar.kind("this")
_BINARY: Final = grammar.kind("binary_expression")
_PLAIN_ACCESS = 3  # children of a field access: object, dot, field
_UNQUALIFIED = 2  # children of a call that is a name and arguments
_QUALIFIED = 4  # of one that has an object and a dot as well


class ExpressionBuilder(TypeBuilder):
    """Builds expressions."""

    block: Callable[[TS], t.Block]
    class_body: Callable[[t.ClassDecl, TS], None]
    switch: Callable[[TS], t.SwitchExpr]

    def __init__(self) -> None:
        super().__init__()
        by_name: dict[str, Callable[[TS], t.Expr]] = {
            "identifier": self._identifier,
            "field_access": self._field_access,
            "method_invocation": self._call,
            "string_literal": self._string,
            "decimal_integer_literal": self._integer,
            "hex_integer_literal": self._integer,
            "octal_integer_literal": self._integer,
            "binary_integer_literal": self._integer,
            "decimal_floating_point_literal": self._floating,
            "hex_floating_point_literal": self._floating,
            "character_literal": self._character,
            "true": self._boolean,
            "false": self._boolean,
            "null_literal": self._null,
            "binary_expression": self._binary,
            "assignment_expression": self._assign,
            "object_creation_expression": self._new,
            "parenthesized_expression": self._parens,
            "this": self._this,
            "super": self._super,
            "unary_expression": self._unary,
            "update_expression": self._update,
            "cast_expression": self._cast,
            "ternary_expression": self._ternary,
            "array_access": self._index,
            "array_creation_expression": self._new_array,
            "array_initializer": self._array_init,
            "instanceof_expression": self._instance_of,
            "lambda_expression": self._lambda,
            "method_reference": self._method_ref,
            "class_literal": self._class_literal,
            "switch_expression": self._switch,
            "scoped_identifier": self._scoped,
        }
        self._table = grammar.by_kind(by_name, self._unknown)

    def expr(self, n: TS) -> t.Expr:
        return self._table[n.kind_id](n)

    @staticmethod
    def _unknown(n: TS) -> t.Expr:
        return t.BadExpr(n.start_byte, n.end_byte, n.type)

    def _identifier(self, n: TS) -> t.Expr:
        start, end = n.start_byte, n.end_byte
        built = t.Name(start, end, self.words[self.data[start:end]])
        self.uses.append(built)
        return built

    def _scoped(self, n: TS) -> t.Expr:
        kids = self.kids(n)
        object_ = self.expr(kids[0])
        built = t.Select(n.start_byte, n.end_byte, object_, self.text(kids[-1]), kids[-1].start_byte)
        self.uses.append(built)
        return built

    def _integer(self, n: TS) -> t.Expr:
        return t.Literal(n.start_byte, n.end_byte, *literals.integer(self.text(n)))

    def _floating(self, n: TS) -> t.Expr:
        return t.Literal(n.start_byte, n.end_byte, *literals.floating(self.text(n)))

    def _character(self, n: TS) -> t.Expr:
        return t.Literal(n.start_byte, n.end_byte, "char", literals.character(self.text(n)))

    def _string(self, n: TS) -> t.Expr:
        start, end, data = n.start_byte, n.end_byte, self.data
        if data.find(b"\\", start, end) < 0 and data[start : start + 3] != b'"""':
            return t.Literal(start, end, "String", data[start + 1 : end - 1].decode())
        return t.Literal(start, end, "String", literals.string(data[start:end].decode()))

    def _boolean(self, n: TS) -> t.Expr:
        return t.Literal(n.start_byte, n.end_byte, "boolean", n.type == "true")

    def _null(self, n: TS) -> t.Expr:
        return t.Literal(n.start_byte, n.end_byte, "null", None)

    def _parens(self, n: TS) -> t.Expr:
        return self.expr(self.kids(n)[0])

    def _this(self, n: TS) -> t.Expr:
        return t.This(n.start_byte, n.end_byte, None)

    def _super(self, n: TS) -> t.Expr:
        return t.Super(n.start_byte, n.end_byte, None)

    def _field_access(self, n: TS) -> t.Expr:
        """Also the bottom of long `a.b().c()` chains: see _call."""
        object_ = n.child_by_field_id(grammar.OBJECT)
        field = n.child_by_field_id(grammar.FIELD)
        assert object_ is not None
        assert field is not None
        if field.kind_id == _THIS:
            return t.This(n.start_byte, n.end_byte, self.expr(object_))
        base = self.expr(object_)
        if n.child_count > _PLAIN_ACCESS:
            for kid in n.children[1:-1]:  # A.super.f
                if kid.type == "super":
                    base = t.Super(n.start_byte, kid.end_byte, base)
        built = t.Select(n.start_byte, n.end_byte, base, self.text(field), field.start_byte)
        self.uses.append(built)
        return built

    def _call(self, n: TS) -> t.Expr:
        chain = [n]
        object_: TS | None = None
        if n.child_count > _UNQUALIFIED:
            object_ = n.child_by_field_id(grammar.OBJECT)
            while object_ is not None and object_.kind_id == _CALL:
                chain.append(object_)
                object_ = object_.child_by_field_id(grammar.OBJECT)
        base = self._table[object_.kind_id](object_) if object_ is not None else None
        for call in reversed(chain):
            name = call.child_by_field_id(grammar.NAME)
            arguments = call.child_by_field_id(grammar.ARGUMENTS)
            assert name is not None
            assert arguments is not None
            targs: list[t.TypeNode] = []
            if call.child_count > _QUALIFIED:  # type arguments, super or comments
                targs = self.targs(call.child_by_field_name("type_arguments"))
                if base is not None:
                    for kid in call.children[1:]:
                        if kid.type == "super":
                            base = t.Super(call.start_byte, kid.end_byte, base)
            at = name.start_byte
            word = self.words[self.data[at : name.end_byte]]
            base = t.Call(call.start_byte, call.end_byte, base, targs, word, at, self.args(arguments))
            self.uses.append(base)
        assert base is not None
        return base

    def args(self, n: TS) -> list[t.Expr]:
        count = n.named_child_count
        if not count:
            return []
        table = self._table
        found = []
        for kid in map(n.named_child, range(count)) if count <= FEW else n.named_children:
            if not kid.is_extra:
                found.append(table[kid.kind_id](kid))
        return found

    def _binary(self, n: TS) -> t.Expr:
        chain = [n]
        left = n.child_by_field_id(grammar.LEFT)
        assert left is not None
        while left.kind_id == _BINARY:
            chain.append(left)
            left = left.child_by_field_id(grammar.LEFT)
            assert left is not None
        base = self.expr(left)
        for node in reversed(chain):
            operator, right = node.child_by_field_id(grammar.OPERATOR), node.child_by_field_id(grammar.RIGHT)
            assert operator is not None
            assert right is not None
            base = t.Bin(node.start_byte, node.end_byte, operator.type, base, self._table[right.kind_id](right))
        return base

    def _assign(self, n: TS) -> t.Expr:
        left, operator, right = (n.child_by_field_name(f) for f in ("left", "operator", "right"))
        assert left is not None
        assert operator is not None
        assert right is not None
        return t.Assign(n.start_byte, n.end_byte, operator.type[:-1], self.expr(left), self.expr(right))

    def _unary(self, n: TS) -> t.Expr:
        operand = n.child_by_field_name("operand")
        assert operand is not None
        return self._signed(n, n.end_byte, self.expr(operand))

    def _signed(self, n: TS, end: int, operand: t.Expr) -> t.Expr:
        operator = n.child_by_field_name("operator")
        assert operator is not None
        return t.Un(n.start_byte, end, operator.type, operand)

    def _update(self, n: TS) -> t.Expr:
        """`x++` and the like. The grammar reads `-x++` as `(-x)++` and `(int) x++` as `((int) x)++`: the sign or cast goes around."""
        prefix = n.children[0].type in ("++", "--")
        operator = next(c.type for c in n.children if c.type in ("++", "--"))
        place, around, end = self.kids(n)[0], list[TS](), n.end_byte
        while not prefix and place.type in ("unary_expression", "cast_expression"):
            around.append(place)
            inner = place.child_by_field_name("operand" if place.type == "unary_expression" else "value")
            assert inner is not None
            place = inner
        built: t.Expr = t.Update(place.start_byte if around else n.start_byte, end, operator[0], prefix, self.expr(place))
        for node in reversed(around):
            built = self._signed(node, end, built) if node.type == "unary_expression" else self._converted(node, end, built)
        return built

    def _cast(self, n: TS) -> t.Expr:
        value = n.child_by_field_name("value")
        assert value is not None
        return self._converted(n, n.end_byte, self.expr(value))

    def _converted(self, n: TS, end: int, value: t.Expr) -> t.Expr:
        return t.Cast(n.start_byte, end, [self.type(c) for c in n.children_by_field_name("type") if c.is_named], value)

    def _ternary(self, n: TS) -> t.Expr:
        condition, yes, no = (n.child_by_field_name(f) for f in ("condition", "consequence", "alternative"))
        assert condition is not None
        assert yes is not None
        assert no is not None
        return t.Cond(n.start_byte, n.end_byte, self.expr(condition), self.expr(yes), self.expr(no))

    def _index(self, n: TS) -> t.Expr:
        array, index = n.child_by_field_name("array"), n.child_by_field_name("index")
        assert array is not None
        assert index is not None
        return t.Index(n.start_byte, n.end_byte, self.expr(array), self.expr(index))

    def _new_array(self, n: TS) -> t.Expr:
        element = n.child_by_field_name("type")
        assert element is not None
        dims: list[t.Expr] = []
        count = 0
        end = element.end_byte
        for part in n.children_by_field_name("dimensions"):
            end = part.end_byte
            if part.type == "dimensions_expr":
                dims.append(self.expr(self.kids(part)[-1]))
                count += 1
            else:
                count += self.dims(part)
        init = n.child_by_field_name("value")
        built = self._array_init(init) if init is not None else None
        return t.NewArr(n.start_byte, n.end_byte, self.array(self.type(element), count, end), dims, built)

    def _array_init(self, n: TS) -> t.ArrayInit:
        return t.ArrayInit(n.start_byte, n.end_byte, self.args(n))

    def _new(self, n: TS) -> t.Expr:
        of, arguments = n.child_by_field_name("type"), n.child_by_field_name("arguments")
        assert of is not None
        assert arguments is not None
        outer = None
        body: t.ClassDecl | None = None
        for kid in self.kids(n):
            if kid.type == "class_body":
                body = t.ClassDecl(kid.start_byte, kid.end_byte, ClassKind.CLASS, "", of.start_byte, of.end_byte)
            elif kid.start_byte < of.start_byte and outer is None and kid.start_byte == n.start_byte:
                outer = self.expr(kid)
        named = self.type(of)
        assert isinstance(named, t.TName)
        targs = self.targs(n.child_by_field_name("type_arguments"))
        built = t.New(n.start_byte, n.end_byte, outer, targs, named, self.args(arguments), body)
        self.uses.append(built)
        if outer is not None:
            built.new_start = next(c.start_byte for c in n.children if c.type == "new")
        if body is not None:
            self.local_classes += 1
            self.class_body(body, self.kids(n)[-1])
        return built

    def _instance_of(self, n: TS) -> t.Expr:
        left, right = n.child_by_field_name("left"), n.child_by_field_name("right")
        assert left is not None
        value = self.expr(left)
        pattern = n.child_by_field_name("pattern")
        if pattern is not None:
            return t.InstOf(n.start_byte, n.end_byte, value, None, self.pattern(pattern))
        assert right is not None
        of = self.type(right)
        name = n.child_by_field_name("name")
        if name is None:
            return t.InstOf(n.start_byte, n.end_byte, value, of, None)
        return t.InstOf(n.start_byte, n.end_byte, value, None, t.TypePattern(right.start_byte, name.end_byte, of, self.text(name)))

    def pattern(self, n: TS) -> t.Pattern:
        kids = [c for c in self.kids(n) if c.type != "modifiers"]
        if n.type == "pattern":
            return self.pattern(kids[0])
        if n.type == "record_pattern":
            parts = [self.pattern(c) for c in self.kids(kids[1])] if len(kids) > 1 else []
            return t.RecordPattern(n.start_byte, n.end_byte, self.type(kids[0]), parts)
        if n.type == "type_pattern" or n.type == "record_pattern_component":
            return t.TypePattern(n.start_byte, n.end_byte, self.type(kids[0]), self.text(kids[-1]) if len(kids) > 1 else "_")
        return t.TypePattern(n.start_byte, n.end_byte, t.TName(n.start_byte, n.end_byte, [t.Part(n.start_byte, n.end_byte, "var")]), "_")

    def _lambda(self, n: TS) -> t.Expr:
        parameters, body = n.child_by_field_name("parameters"), n.child_by_field_name("body")
        assert parameters is not None
        assert body is not None
        params: list[t.LambdaParam] = []
        explicit = True
        if parameters.type == "identifier":
            params.append(t.LambdaParam(parameters.start_byte, parameters.end_byte, self.text(parameters), None, False))
            explicit = False
        else:
            for kid in self.kids(parameters):
                if kid.type == "identifier":
                    params.append(t.LambdaParam(kid.start_byte, kid.end_byte, self.text(kid), None, False))
                    explicit = False
                else:
                    params.append(self._lambda_param(kid))
            explicit = explicit and all(p.of is not None for p in params)
        built = self.block(body) if body.type == "block" else self.expr(body)
        return t.LambdaExpr(n.start_byte, n.end_byte, params, explicit, built)

    def _lambda_param(self, n: TS) -> t.LambdaParam:
        spread = n.type == "spread_parameter"
        if spread:
            kids = [c for c in self.kids(n) if c.type != "modifiers"]
            of = self.array(self.type(kids[0]), 1, n.end_byte)
            name = kids[-1].child_by_field_name("name")
            dims = 0
        else:
            written = n.child_by_field_name("type")
            assert written is not None
            of = self.type(written)
            name = n.child_by_field_name("name")
            dims = self.dims(n.child_by_field_name("dimensions"))
        text = self.text(name) if name is not None else "_"
        if isinstance(of, t.TName) and of.is_var:
            return t.LambdaParam(n.start_byte, n.end_byte, text, None, False)
        return t.LambdaParam(n.start_byte, n.end_byte, text, self.array(of, dims, n.end_byte), spread)

    def _method_ref(self, n: TS) -> t.Expr:
        left = next(c for c in n.children if not c.is_extra)
        last = n.children[-1]
        targs = next((self.targs(c) for c in n.children if c.type == "type_arguments"), [])
        name = "<init>" if last.type == "new" else self.text(last)
        object_: t.Expr | None = None
        of: t.TypeNode | None = None
        if left.type == "scoped_type_identifier" and self.text(left).endswith("super"):
            kids = self.kids(left)
            object_ = t.Super(left.start_byte, left.end_byte, self._type_as_expr(kids[0]))
        elif left.type in _TYPE_KINDS or name == "<init>":
            of = self.type(left)
        else:
            object_ = self.expr(left)
            if isinstance(object_, t.BadExpr):
                of, object_ = self.type(left), None
        built = t.MRef(n.start_byte, n.end_byte, object_, of, targs, name, last.start_byte)
        self.uses.append(built)
        return built

    def _type_as_expr(self, n: TS) -> t.Expr:
        parts = self.parts(n)
        found: t.Expr = t.Name(parts[0].start, parts[0].end, parts[0].name)
        for part in parts[1:]:
            found = t.Select(parts[0].start, part.end, found, part.name, part.start)
        return found

    def _class_literal(self, n: TS) -> t.Expr:
        return t.ClassLit(n.start_byte, n.end_byte, self.type(self.kids(n)[0]))

    def _switch(self, n: TS) -> t.Expr:
        return self.switch(n)
