"""Random statements: what a body does."""

from __future__ import annotations

from collections.abc import Callable

from refactor.pipeline.fuzz import concurrency
from refactor.pipeline.fuzz.choices import chance, pick
from refactor.pipeline.fuzz.declare import field_type, reference
from refactor.pipeline.fuzz.expressions import call, condition, default, expression, literal
from refactor.pipeline.fuzz.form import (
    BOOL,
    BOX,
    CHAR,
    DOUBLE,
    FLOAT,
    INT,
    LONG,
    STR,
    Assign,
    Binary,
    Call,
    Catch,
    Do,
    Each,
    Expr,
    FieldOf,
    If,
    Let,
    Lit,
    Lock,
    Log,
    LogError,
    Name,
    New,
    Op,
    Repeat,
    Return,
    Stmt,
    Switch,
    Throw,
    Try,
    Type,
    Update,
)  # fmt: skip
from refactor.pipeline.fuzz.scope import Scope, field_of, is_class
from refactor.pipeline.fuzz.shapes import SIMPLE

ERRORS = ("any", "null", "cast", "arithmetic", "index")


def block(scope: Scope, count: int, depth: int = 2) -> tuple[Stmt, ...]:
    """Up to `count` statements; `depth` bounds the nesting of blocks."""
    found: list[Stmt] = []
    for _ in range(count):
        found += statement(scope, depth)
    return tuple(found)


def statement(scope: Scope, depth: int) -> list[Stmt]:
    makers: list[Callable[[Scope, int], list[Stmt]]] = [
        log, let, let, assign, update, element, collection, collection, calling, calling, calling, field_log,
    ]  # fmt: skip
    if concurrency.keepers(scope):
        makers += [keeping, keeping]
    if depth > 0:
        makers += [if_, if_, repeat, each, try_, lock, switch, throwing, mutation]
    return pick(scope.choices, makers)(scope, depth)


def loggable(scope: Scope, value: Expr) -> Expr:
    """What the trace says of a value: objects only as null or not, texts and numbers exactly."""
    type_ = value.type
    if type_ in SIMPLE:
        return value
    if type_ == BOX:
        return Op("show", value, (), STR)
    if is_class(type_):
        shape = scope.shapes[type_.name]
        if shape.kind == "record" and not any(is_class(t) for t in shape.built_with):
            return Op("show", value, (), STR)
        if shape.kind == "enum":
            return Op("show", value, (), STR)
        return Op("isnull", value, (), BOOL)
    if type_.name in ("list", "map") and type_.args[0] in SIMPLE:
        return Op("show", value, (), STR)
    if type_.name == "array" and type_.args[0] in SIMPLE:
        return Op("showarray", value, (), STR)
    return Op("isnull", value, (), BOOL)


def log(scope: Scope, depth: int) -> list[Stmt]:
    return [Log(scope.fresh("t"), (expression(scope, pick(scope.choices, SIMPLE), 2),))]


def field_log(scope: Scope, depth: int) -> list[Stmt]:
    fields = list(scope.fields())
    if not fields:
        return log(scope, depth)
    return [Log(scope.fresh("f"), (loggable(scope, field_of(*pick(scope.choices, fields))),))]


def let(scope: Scope, depth: int) -> list[Stmt]:
    """A local. Class instances are mostly new ones, so that what follows has something to work on."""
    if chance(scope.choices, 60):
        type_ = reference(scope.choices, scope.shapes)
        shape = scope.shapes[type_.name]
        value = expression(scope, type_, 2)
        name = Name(scope.fresh(), type_)
        scope.add(name, solid=isinstance(value, New) or (shape.kind == "enum" and isinstance(value, FieldOf) and value.receiver is None))
        return [Let(name.name, value, type_)]
    type_ = pick(scope.choices, SIMPLE) if chance(scope.choices, 50) else field_type(scope.choices, scope.shapes)
    name = Name(scope.fresh(), type_)
    found = Let(name.name, expression(scope, type_, 2), type_)
    scope.add(name)
    return [found]


def not_null(scope: Scope, name: Name) -> list[Stmt]:
    """Mostly: leaves the method where the name is null, so that what follows has an object."""
    if scope.result is None or name.name in scope.solid or not chance(scope.choices, 70):
        return []
    scope.solid.add(name.name)
    return [If(Op("isnull", name, (), BOOL), (Return(default(scope.result)),))]


def targets(scope: Scope, wanted: Callable[[Type], bool]) -> list[Expr]:
    names: list[Expr] = [n for n in scope.names if n.name not in scope.fixed and wanted(n.type)]
    return names + [field_of(r, o, f) for r, o, f in scope.fields(assignable=True) if wanted(f.type) and o.kind != "record"]


def assign(scope: Scope, depth: int) -> list[Stmt]:
    found = targets(scope, lambda t: True)
    if not found:
        return let(scope, depth)
    target = pick(scope.choices, found)
    touch(scope, target)  # first: a function in the new value must not capture what is assigned here
    return [Assign(target, expression(scope, target.type, 2))]


def touch(scope: Scope, target: Expr) -> None:
    """Notes that a local is assigned again."""
    if isinstance(target, Name):
        scope.changing.add(target.name)
        scope.solid.discard(target.name)


def update(scope: Scope, depth: int) -> list[Stmt]:
    """`x.f += v`, `x.f++`, on fields of any owner, array elements and locals."""
    kinds = (INT, LONG, DOUBLE, CHAR, STR, FLOAT)
    found = targets(scope, lambda t: t in kinds)
    found += [Op("at", t, (Lit(INT, 0),), t.type.args[0]) for t in targets(scope, lambda t: t.name == "array" and t.args[0] in kinds)]
    if not found:
        return log(scope, depth)
    target = pick(scope.choices, found)
    touch(scope, target)
    if target.type != STR and chance(scope.choices, 40):
        return [Update(target, pick(scope.choices, ("++", "--")))]
    ops = ("+",) if target.type == STR else ("+", "-", "*") if target.type in (DOUBLE, FLOAT) else ("+", "-", "*", "/", "<<", "^")
    op = pick(scope.choices, ops)
    type_ = INT if op == "<<" or target.type == CHAR else target.type
    # A text that is appended to itself again and again would grow without bound.
    return [Update(target, op, literal(scope, STR) if type_ == STR else expression(scope, type_, 1))]


def _held(scope: Scope, name: str) -> list[Expr]:
    found: list[Expr] = [n for n in scope.names if n.type.name == name]
    return found + [field_of(r, o, f) for r, o, f in scope.fields() if f.type.name == name]


def element(scope: Scope, depth: int) -> list[Stmt]:
    """Reads or writes an array's element; sometimes out of bounds."""
    held = _held(scope, "array")
    if not held:
        return let(scope, depth)
    on = pick(scope.choices, held)
    index = Lit(INT, scope.choices.integer(0, 2)) if chance(scope.choices, 80) else expression(scope, INT, 1)
    at = Op("at", on, (index,), on.type.args[0])
    if chance(scope.choices, 50):
        return [Assign(at, expression(scope, at.type, 1))]
    return [Log(scope.fresh("e"), (loggable(scope, at),))]


def collection(scope: Scope, depth: int) -> list[Stmt]:
    """One operation of a list or a map."""
    held = _held(scope, "list") + _held(scope, "map")
    if not held:
        return let(scope, depth)
    on = pick(scope.choices, held)
    type_ = on.type.args[0]
    key = Lit(STR, f"k{scope.choices.integer(0, 2)}")
    if on.type.name == "map":
        kind = scope.choices.integer(0, 3)
        if kind < 2:
            return [Do(Op("put", on, (key, expression(scope, type_, 1)), type_))]
        if kind < 3:
            held_there = loggable(scope, Op("get", on, (key,), type_)) if is_class(type_) else Op("size", on, (), INT)
            return [Log(scope.fresh("g"), (Op("haskey", on, (key,), BOOL), held_there))]
        return [Do(Op("removekey", on, (key,), type_)), Log(scope.fresh("n"), (Op("size", on, (), INT),))]
    kind = scope.choices.integer(0, 4)
    if kind < 2:
        return [Do(Op("add", on, (expression(scope, type_, 1),), BOOL))]
    if kind < 3:
        return [Log(scope.fresh("l"), (Op("size", on, (), INT), loggable(scope, Op("item", on, (Lit(INT, 0),), type_))))]
    if kind < 4:
        return [Log(scope.fresh("c"), (Op("contains", on, (expression(scope, type_, 1),), BOOL),))]
    return [If(Binary(">", Op("size", on, (), INT), Lit(INT, 0), BOOL), (Do(Op("removeat", on, (Lit(INT, 0),), type_)),))]


def mutation(scope: Scope, depth: int) -> list[Stmt]:
    """A list that changes while somebody walks over it: the walk fails, or goes by index."""
    held = _held(scope, "list")
    if not held:
        return collection(scope, depth)
    on = pick(scope.choices, held)
    type_ = on.type.args[0]
    var = scope.fresh("i")
    if chance(scope.choices, 20):
        return [Log(scope.fresh("s"), (Op("sweep", on, (), BOOL), Op("size", on, (), INT)))]
    if chance(scope.choices, 50):
        grow = Do(Op("add", on, (expression(scope, type_, 0),), BOOL))
        bound = Op("min", Op("size", on, (), INT), (Lit(INT, 4),), INT)
        return [Repeat(var, bound, (grow, Log(scope.fresh("w"), (Op("size", on, (), INT),))))]
    error = scope.fresh("x")
    body: tuple[Stmt, ...] = (
        Log(scope.fresh("w"), (Op("size", on, (), INT),)),
        If(Binary("<", Op("size", on, (), INT), Lit(INT, 4), BOOL), (Do(Op("add", on, (expression(scope, type_, 0),), BOOL)),)),
    )
    return [Try((Each(var, type_, on, body),), (Catch("any", error, (LogError(Name(error, Type("any"))),)),))]


def calling(scope: Scope, depth: int) -> list[Stmt]:
    """A call for its effect or for its result."""
    if not scope.may_call():
        return update(scope, depth)
    made = call(scope, None, 1)
    if made is None:
        return log(scope, depth)
    if isinstance(made, Call) and chance(scope.choices, 25):
        return [Do(made)]
    if is_class(made.type) and chance(scope.choices, 60):
        name = Name(scope.fresh(), made.type)
        scope.add(name)
        return [Let(name.name, made, made.type), *not_null(scope, name)]
    return [Log(scope.fresh("r"), (loggable(scope, made),))]


def if_(scope: Scope, depth: int) -> list[Stmt]:
    test = condition(scope, 1)
    then = block(scope.inner(), scope.choices.integer(1, 2), depth - 1)
    orelse = block(scope.inner(), scope.choices.integer(0, 1), depth - 1)
    return [If(test, then, orelse)]


def repeat(scope: Scope, depth: int) -> list[Stmt]:
    if scope.in_loop:
        return update(scope, depth)
    var = Name(scope.fresh("i"), INT)
    inner = scope.inner(in_loop=True)
    inner.add(var, fixed=True)
    inner.changing.add(var.name)
    before = scope.budget.calls
    scope.budget.calls = min(before, 1)
    body = block(inner, scope.choices.integer(1, 2), depth - 1)
    scope.budget.calls += before - min(before, 1) - (1 if before else 0)
    scope.budget.calls = max(0, scope.budget.calls)
    return [Repeat(var.name, Lit(INT, scope.choices.integer(1, 3)), body)]


def each(scope: Scope, depth: int) -> list[Stmt]:
    held = _held(scope, "list") + _held(scope, "array")
    if not held or scope.in_loop:
        return collection(scope, depth)
    on = pick(scope.choices, held)
    var = Name(scope.fresh("o"), on.type.args[0])
    inner = scope.inner(in_loop=True)
    inner.add(var, fixed=True)
    inner.depth = None if scope.budget.calls < 2 else scope.depth
    scope.budget.calls -= 2 if inner.depth is not None else 0
    body = (Log(scope.fresh("o"), (loggable(scope, var),)), *block(inner, 1, depth - 1))
    return [Each(var.name, var.type, on, body)]


def try_(scope: Scope, depth: int) -> list[Stmt]:
    """Catches what the body throws; logs it, sometimes wraps it and throws on."""
    body = block(scope.inner(), scope.choices.integer(1, 3), depth - 1)
    if chance(scope.choices, 50):
        body = (*body, *throwing(scope.inner(), depth - 1))
    var = scope.fresh("x")
    own = "X0" in scope.shapes
    kind = pick(scope.choices, (("X0",) if own else ()) + ERRORS)
    error = Name(var, Type(kind))
    handler: list[Stmt] = [LogError(error)]
    if own and kind == "X0":
        handler.append(Log(scope.fresh("code"), (FieldOf(error, "X0", "code", INT),)))
    if own and chance(scope.choices, 20):
        handler.append(Throw(Op("wrap", New("X0", (Lit(STR, "wrapped"), Lit(INT, 7))), (error,), Type("X0"))))
    elif chance(scope.choices, 10):
        handler.append(Throw(error))
    final = block(scope.inner(), 1, 0) if chance(scope.choices, 30) else ()
    return [Try(body, (Catch(kind, var, tuple(handler)),), final)]


def throwing(scope: Scope, depth: int) -> list[Stmt]:
    if "X0" in scope.shapes and chance(scope.choices, 70):
        error: Expr = New("X0", (expression(scope, STR, 1), expression(scope, INT, 1)))
    else:
        error = Op("error", Lit(STR, pick(scope.choices, ("bad", ""))), (), Type("any"))
    return [If(condition(scope, 1), (Throw(error),))]


def lock(scope: Scope, depth: int) -> list[Stmt]:
    """A monitor around calls that may come back into it."""
    held: list[Expr] = [o for o, s, solid in scope.objects() if solid and s.kind in ("class", "abstract")]
    if not held:
        return if_(scope, depth)
    return [Lock(pick(scope.choices, held), block(scope.inner(), scope.choices.integer(1, 2), depth - 1))]


def keeping(scope: Scope, depth: int) -> list[Stmt]:
    """Something with a keeper: mostly around other statements."""
    inside = block(scope.inner(), scope.choices.integer(1, 2), depth - 1) if depth > 0 else ()
    return concurrency.keeping(scope, inside)


def switch(scope: Scope, depth: int) -> list[Stmt]:
    enums = scope.shapes.of_kind("enum")
    if not enums:
        return if_(scope, depth)
    shape = pick(scope.choices, enums)
    on = expression(scope, shape.type, 1)
    cases = tuple((c, block(scope.inner(), 1, 0)) for c in shape.constants[:2])
    return [Switch(on, cases, block(scope.inner(), 1, 0))]


