"""Random expressions of a wanted type: every one of them compiles, and says the same wherever it is evaluated."""

from __future__ import annotations

from dataclasses import replace

from refactor.pipeline.fuzz.choices import chance, pick
from refactor.pipeline.fuzz.declare import argument
from refactor.pipeline.fuzz.form import (
    BOOL,
    BOX,
    BYTE,
    CHAR,
    DOUBLE,
    FLOAT,
    FUNCTIONS,
    INT,
    LONG,
    NUMBERS,
    OBJECT,
    PINNED,
    SHORT,
    STR,
    Anonymous,
    Binary,
    Call,
    Choose,
    Convert,
    Equal,
    Expr,
    FieldOf,
    If,
    IsA,
    Lambda,
    Lit,
    Make,
    Method,
    Name,
    New,
    Op,
    Return,
    Same,
    This,
    Type,
    is_variable,
    substitute,
)  # fmt: skip
from refactor.pipeline.fuzz.references import references
from refactor.pipeline.fuzz.scope import Scope, field_of
from refactor.pipeline.fuzz.shapes import SIMPLE, Shape, Signature

EDGES: dict[Type, tuple[bool | int | float | str, ...]] = {
    BOOL: (False, True),
    INT: (0, 1, -1, 2, 7, 31, 2147483647, -2147483648),
    LONG: (0, 1, -1, 9007199254740993, 9223372036854775807, -9223372036854775808),
    DOUBLE: (0.0, 1.5, -0.0, 1e308, 5e-324, float("nan"), float("inf"), float("-inf"), 0.1),
    FLOAT: (0.0, 1.5, -0.0, float("nan"), float("-inf"), 3.4028234663852886e38, 0.1),
    CHAR: ("a", "\0", "'", "\\", "\ud83d", "\uffff", "\n", "é"),
    STR: ("", "a", "k0", "k1", 'q"\\', "line\nend\t", "\u0000\u2028é", "\U0001f600", "\ud800"),
    BYTE: (0, 1, -128, 127),
    SHORT: (0, -1, -32768, 32767),
}
_WIDER = {INT: (BYTE, SHORT, CHAR), LONG: (INT, CHAR), DOUBLE: (INT, LONG, FLOAT), FLOAT: (INT,)}


def literal(scope: Scope, type_: Type) -> Lit:
    return Lit(type_, pick(scope.choices, EDGES[type_]))


def default(type_: Type) -> Lit:
    """What a field of the type holds before anybody assigns it."""
    if type_ == BOOL:
        return Lit(BOOL, False)
    if type_ in NUMBERS:
        return Lit(type_, "\0" if type_ == CHAR else 0.0 if type_ in (DOUBLE, FLOAT) else 0)
    return Lit(type_, None)


def expression(scope: Scope, type_: Type, size: int = 2) -> Expr:
    """An expression of the type (or of a subtype). `size` bounds its nesting."""
    if type_.name in PINNED:
        return Make(type_, ())
    options: list[Expr] = [n for n in scope.names if scope.shapes.is_subtype(n.type, type_)]
    if scope.this and scope.cls is not None and scope.shapes.is_subtype(scope.cls.type, type_):
        options += [This(scope.cls.type)] * 2
    options += [field_of(r, o, f) for r, o, f in scope.fields() if scope.shapes.is_subtype(f.type, type_)]
    if size > 0 and scope.may_call() and chance(scope.choices, 35):
        made = call(scope, type_, size - 1)
        if made is not None:
            return made
    if options and (chance(scope.choices, 55) or is_variable(type_)):
        return pick(scope.choices, options)
    if type_ in EDGES:
        return value(scope, type_, size)
    if type_ == BOX:
        return Op("box", expression(scope, INT, size - 1), (), BOX)
    if type_.name in FUNCTIONS:
        return function(scope, type_) if scope.may_nest() and size > 0 else Lit(type_, None)
    if is_variable(type_):
        return Lit(type_, None)
    if type_.name == "array":
        return Make(type_, tuple(expression(scope, type_.args[0], 0) for _ in range(scope.choices.integer(0, 3))))
    if type_.name in ("list", "map"):
        return Make(type_, tuple(expression(scope, type_.args[0], 0) for _ in range(scope.choices.integer(0, 2))))
    if type_ == OBJECT:
        objects = [s.type for s in scope.shapes.of_kind("class") if not s.variables]
        return expression(scope, pick(scope.choices, (STR, INT, LONG, CHAR, *objects)), size)
    return reference(scope, type_, size)


def value(scope: Scope, type_: Type, size: int) -> Expr:
    """A number, truth value, character or text."""
    kind = scope.choices.integer(0, 9)
    if size <= 0 or kind < 3:
        return literal(scope, type_)
    if type_ == BOOL:
        return condition(scope, size - 1)
    if type_ == STR:
        return text(scope, size - 1)
    if kind < 4 and type_ in _WIDER:
        return Convert(type_, expression(scope, pick(scope.choices, _WIDER[type_]), size - 1))
    if kind < 5:
        return Choose(condition(scope, size - 1), expression(scope, type_, size - 1), expression(scope, type_, size - 1), type_)
    if kind < 6 and type_ == INT:
        return measure(scope, size - 1)
    if type_ in (BYTE, SHORT, CHAR):
        return Convert(type_, expression(scope, INT, size - 1))
    if type_ in (DOUBLE, FLOAT):
        op = pick(scope.choices, ("+", "-", "*", "/"))
    else:
        op = pick(scope.choices, ("+", "-", "*", "/", "%", "<<", ">>", ">>>", "&", "|", "^"))
    return Binary(op, expression(scope, type_, size - 1), expression(scope, type_, size - 1), type_)


def condition(scope: Scope, size: int) -> Expr:
    kind = scope.choices.integer(0, 7)
    if kind < 3:
        type_ = pick(scope.choices, (INT, LONG, DOUBLE, CHAR))
        op = pick(scope.choices, ("<", "<=", "==", "!=", ">"))
        return Binary(op, expression(scope, type_, size), expression(scope, type_, size), BOOL)
    if kind < 4:
        op = pick(scope.choices, ("and", "or"))
        return Binary(op, expression(scope, BOOL, size), expression(scope, BOOL, size), BOOL)
    objects = [o for o, s, _ in scope.objects() if s.kind not in ("record",)]
    if kind < 6 and objects:
        left = pick(scope.choices, objects)
        same = [o for o in objects if o.type == left.type] + [Lit(left.type, None)]
        right = pick(scope.choices, same) if chance(scope.choices, 50) else expression(scope, left.type, min(size, 1))
        return Same(left, right)
    if kind < 7 and objects:
        left = pick(scope.choices, objects)
        erased = scope.shapes.erased(left.type)
        others = [s.type for s in scope.shapes.table.values() if scope.shapes.is_subtype(s.type, erased)]
        return IsA(left, pick(scope.choices, others or [erased]))
    compared = {s.name for s in scope.shapes.of_kind("record", "class")} | {STR.name}
    values = [n for n in scope.names if n.type.name in compared]
    if values:
        left = pick(scope.choices, values)
        return Equal(left, expression(scope, left.type, min(size, 1)))
    return Lit(BOOL, chance(scope.choices, 50))


def text(scope: Scope, size: int) -> Expr:
    kind = scope.choices.integer(0, 3)
    enums = [n for n in scope.names if n.type.name in scope.shapes and scope.shapes[n.type.name].kind == "enum" and n.name in scope.solid]
    if kind == 0 and enums:
        return Op("name", pick(scope.choices, enums), (), STR)
    other = expression(scope, pick(scope.choices, SIMPLE), size)
    return Binary("+", expression(scope, STR, size), other, STR)


def measure(scope: Scope, size: int) -> Expr:
    """A number that says something of a built-in object."""
    held = [n for n in scope.names if n.type.name in ("array", "list", "map", "str")]
    held += [field_of(r, o, f) for r, o, f in scope.fields() if f.type.name in ("array", "list", "map")]  # type: ignore[misc]
    hashed = [o for o, s, solid in scope.objects() if solid and scope.shapes.has_equality(s.type)]
    if hashed and chance(scope.choices, 40):
        first = pick(scope.choices, hashed)
        if chance(scope.choices, 50):
            return Op("hash", first, (), INT)
        return Op("distinct", first, (expression(scope, first.type, min(size, 1)),), INT)
    if not held:
        return literal(scope, INT)
    on = pick(scope.choices, held)
    return Op("size", on, (), INT)


def reference(scope: Scope, type_: Type, size: int) -> Expr:
    """An object of a class of the program: one under a wider type, new, a constant, a function, or null."""
    shape = scope.shapes[type_.name]
    wider = [n for n in scope.names if n.type != type_ and scope.may_nest() and scope.shapes.is_subtype(type_, n.type)]
    if wider and not type_.args and chance(scope.choices, 40):
        return Convert(type_, pick(scope.choices, wider))  # it may be another class: then the cast fails
    if shape.kind == "enum":
        return FieldOf(None, shape.name, pick(scope.choices, shape.constants), type_)
    functional = scope.shapes.function(type_) is not None
    if functional and size > 0 and scope.may_nest() and chance(scope.choices, 50):
        return function(scope, type_)
    if shape.kind in ("interface", "abstract") and size > 0 and scope.may_nest() and chance(scope.choices, 50):
        return anonymous(scope, type_)
    makeable = [(s, made) for s, made in scope.shapes.concrete_subtypes(type_) if s.order < scope.below and s.kind != "exception"]
    if makeable and not chance(scope.choices, 8):
        return new(scope, *pick(scope.choices, makeable), size - 1)
    if shape.kind == "inner":
        return Lit(type_, None)
    if functional and scope.may_nest():
        return function(scope, type_)
    return Lit(type_, None)


def new(scope: Scope, shape: Shape, made: Type, size: int) -> Expr:
    """A new object of the class, as `made` with its type arguments."""
    types = [substitute(t, shape.bound_by(made)) for t in shape.built_with]
    args = tuple(expression(scope, t, min(size, 1)) if size > 0 or t in SIMPLE else Lit(t, None) for t in types)
    return New(shape.name, () if shape.bare and chance(scope.choices, 30) else args, of=made.args)


def function(scope: Scope, type_: Type) -> Expr:
    """A reference to a method that fits, or a lambda."""
    found = references(scope, type_)
    if found and chance(scope.choices, 60):
        return pick(scope.choices, found)
    if type_.name == "supplier":
        return Lambda(type_, (), (Return(expression(scope.closure(None), type_.args[0], 1)),))
    if type_.name in FUNCTIONS:
        result = type_.args[-1]
        given = tuple(Name(scope.fresh("q"), t) for t in type_.args[:-1])
        depth = Name(scope.fresh("d"), INT)
        params: tuple[Name, ...] = (*given, depth)
    else:
        signature = scope.shapes.function(type_)
        assert signature is not None
        result = signature.result
        depth, *given = params = depth_and(scope, signature)  # type: ignore[assignment]
    inner = scope.closure(Binary("-", depth, Lit(INT, 1), INT))
    for name in given:
        inner.add(name, fixed=True)
    return Lambda(type_, params, (guard(depth, result), Return(expression(inner, result, 1))))


def anonymous(scope: Scope, type_: Type) -> Expr:
    """An anonymous subclass: its abstract methods, sometimes with a field that they change."""
    methods = []
    shape = scope.shapes[type_.name]
    for _, signature in scope.shapes.methods(type_):
        if signature.abstract:
            params = depth_and(scope, signature)
            inner = scope.closure(Binary("-", params[0], Lit(INT, 1), INT))
            inner.this = False
            for name in params[1:]:
                inner.add(name, fixed=True)
            body = (guard(params[0], signature.result), Return(expression(inner, signature.result, 1)))
            methods.append(Method(signature.name, params, signature.result, body))
    types = [substitute(t, shape.bound_by(type_)) for t in shape.built_with]
    args = tuple(expression(scope, t, 0) if t in SIMPLE else Lit(t, None) for t in types)
    return Anonymous(shape.name, args, tuple(methods), of=type_.args)


def depth_and(scope: Scope, signature: Signature) -> tuple[Name, ...]:
    """Fresh parameters of a nested function: the depth first."""
    return (Name(scope.fresh("d"), INT), *(Name(scope.fresh("q"), t) for t in signature.params))


def guard(depth: Name, result: Type) -> If:
    return If(Binary("<=", depth, Lit(INT, 0), BOOL), (Return(default(result)),))


def call(scope: Scope, type_: Type | None, size: int) -> Expr | None:
    """A call whose result fits the type (any result for None), or None where there is none."""
    found: list[tuple[Expr | None, Shape, Signature]] = []
    for receiver, _, solid in scope.objects():
        for owner, declared in scope.shapes.methods(receiver.type):
            signature = _instance(scope, declared, type_)
            if not signature.static and _fits(scope, signature, type_):
                found += [(receiver, owner, signature)] * (3 if solid else 2)
    for shape in scope.shapes.table.values():
        statics = [_instance(scope, m, type_) for m in shape.methods if m.static]
        found += [(None, shape, m) for m in statics if _fits(scope, m, type_)]
    functions = _library_functions(scope, type_)
    if functions and (not found or chance(scope.choices, 25)):
        scope.budget.calls -= 1
        return _applied(scope, pick(scope.choices, functions))
    if not found:
        return None
    chosen, owner, signature = pick(scope.choices, found)
    made = invoke(scope, chosen, owner, signature, size)
    if isinstance(chosen, Name) and chosen.name not in scope.solid and chance(scope.choices, 85):
        return Choose(Op("isnull", chosen, (), BOOL), default(signature.result), made, signature.result)
    return made


def _instance(scope: Scope, signature: Signature, type_: Type | None) -> Signature:
    """A generic method for certain type arguments: those that give the wanted result, where that can be."""
    if not signature.variables:
        return signature
    table = {}
    for name, bound in signature.variables:
        fits = type_ is not None and signature.result == Type(name) and not is_variable(type_) and type_ not in EDGES
        if fits and type_ is not None and type_.name not in FUNCTIONS | PINNED and (bound is None or scope.shapes.is_subtype(type_, bound)):
            table[name] = type_
        else:
            table[name] = argument(scope.choices, scope.shapes, bound)
    return replace(signature.of(table), variables=())


def _library_functions(scope: Scope, type_: Type | None) -> list[Expr]:
    """The library's functions that can be named here and give what is wanted."""
    held: list[Expr] = [n for n in scope.names if n.type.name in FUNCTIONS]
    held += [field_of(r, o, f) for r, o, f in scope.fields() if f.type.name in FUNCTIONS]
    return [h for h in held if type_ is None or scope.shapes.is_subtype(h.type.args[-1], type_)]


def _applied(scope: Scope, on: Expr) -> Expr:
    assert scope.depth is not None
    result = on.type.args[-1]
    args = tuple(expression(scope, t, 1) for t in on.type.args[:-1])
    given = args if on.type.name == "supplier" else (*args, scope.depth)
    made = Op({"supplier": "supply", "function": "apply", "bifunction": "applyto"}[on.type.name], on, given, result)
    return Choose(Op("isnull", on, (), BOOL), default(result), made, result) if chance(scope.choices, 85) else made


def _fits(scope: Scope, signature: Signature, type_: Type | None) -> bool:
    return (type_ is None or scope.shapes.is_subtype(signature.result, type_)) and not signature.private


def invoke(scope: Scope, receiver: Expr | None, owner: Shape, signature: Signature, size: int) -> Expr:
    """The call of a method, its depth and arguments included."""
    scope.budget.calls -= 1
    assert scope.depth is not None
    if signature.varargs:
        given = tuple(expression(scope, signature.params[0].args[0], 0) for _ in range(scope.choices.integer(0, 3)))
        return Call(receiver, owner.name, signature.name, (scope.depth, *given), signature.result)
    args = tuple(expression(scope, t, min(size, 1)) for t in signature.params)
    return Call(receiver, owner.name, signature.name, (scope.depth, *args), signature.result, (INT, *signature.params))
