"""Whole programs: classes with bodies, and a main program that drives and finally dumps them."""

from __future__ import annotations

from dataclasses import replace

from refactor.pipeline.fuzz.choices import Choices, Seeded, chance, pick
from refactor.pipeline.fuzz.concurrency import apart, keeper_methods, threading
from refactor.pipeline.fuzz.declare import argument, shapes
from refactor.pipeline.fuzz.expressions import expression, guard, invoke, literal
from refactor.pipeline.fuzz.form import (
    INT,
    LONG,
    STR,
    Assign,
    Binary,
    Call,
    Catch,
    Class,
    Constructor,
    Expr,
    Field,
    FieldOf,
    Let,
    Lit,
    Log,
    LogError,
    Make,
    Method,
    Name,
    New,
    Program,
    Return,
    Stmt,
    This,
    Try,
    Type,
    Update,
    substitute,
)  # fmt: skip
from refactor.pipeline.fuzz.scope import Budget, Scope, field_of, is_class
from refactor.pipeline.fuzz.shapes import SIMPLE, Shape, Shapes, Signature
from refactor.pipeline.fuzz.statements import block, loggable, not_null

CALLS_PER_BODY = 3
FIRST_DEPTH = 3
STARTER = "starts"


THREADS = "t"
"""The last letter of the seed of a program with a second thread."""


def program_of(seed: str) -> Program:
    """The program of a seed; its last letter says whether it has a second thread."""
    return generate(Seeded(seed), threads=seed.endswith(THREADS))


def generate(choices: Choices, *, threads: bool = False) -> Program:
    """before: a source of decisions   after: a program that compiles, terminates and says the same on every run"""
    found = shapes(choices, threads=threads)
    classes = tuple(_class(choices, found, s) for s in found.table.values() if s.outer is None)
    main, roots = _main(choices, found, threads=threads)
    return Program(classes, main, roots)


def _class(choices: Choices, found: Shapes, shape: Shape) -> Class:
    nested = tuple(_class(choices, found, s) for s in found.table.values() if s.outer == shape.name)
    declared = Class(
        shape.name, shape.kind, shape.parent, tuple(shape.interfaces), tuple(shape.fields), nested=nested,
        variables=shape.variables, supers=tuple(shape.supers),
    )  # fmt: skip
    if shape.kind == "enum":
        args = tuple((c, (literal(_scope(choices, found, shape), INT),)) for c in shape.constants)
        return replace(declared, constants=args, methods=_methods(choices, found, shape))
    if shape.kind in ("interface", "record", "exception"):
        return replace(declared, methods=_methods(choices, found, shape))
    fields = tuple(_initialised(choices, found, shape, f) for f in shape.fields)
    started = (starter(choices, found, shape),) if shape.starts else ()
    return replace(
        declared,
        fields=fields,
        constructors=_constructors(choices, found, shape),
        methods=(*_methods(choices, found, shape), *keeper_methods(shape), *started),
        static_init=_static_init(choices, found, shape),
        init=_init(choices, found, shape),
        equality=shape.equality,
    )


def _scope(choices: Choices, found: Shapes, shape: Shape | None, *, this: bool = False, below: int = 99, calls: int = 0) -> Scope:
    return Scope(found, choices, Budget(calls), shape, this, below=below)


def _initialised(choices: Choices, found: Shapes, shape: Shape, member: Field) -> Field:
    """A field with its initial value: constants, new objects of lower classes, or what the language gives."""
    scope = _scope(choices, found, None, below=shape.order)
    scope.names.clear()
    if member.type.name == "local" and shape.keeper is not None and shape.keeper.initial:
        return replace(member, init=Make(member.type, (expression(scope, member.type.args[0], 0),)))
    assigned = not member.static and member.type in shape.built_with
    if member.final and not member.static:
        return replace(member, init=_closed(scope, member.type)) if not assigned else replace(member, final=False)
    if member.static and member.final and member.type in (INT, STR, LONG):
        return replace(member, init=literal(scope, member.type))
    if member.final or member.type.name in ("array", "list", "map") or chance(choices, 70):
        return replace(member, init=_closed(scope, member.type))
    return member


def _closed(scope: Scope, type_: Type) -> Expr:
    """Constants, new objects and statics of lower classes: nothing that throws, because a class would then be lost."""
    if type_.name in ("array", "list", "map") or type_ in SIMPLE:
        return expression(scope, type_, 0)
    return expression(scope, type_, 1)


def _constructors(choices: Choices, found: Shapes, shape: Shape) -> tuple[Constructor, ...]:
    params = tuple(Name(f"a{i}", t) for i, t in enumerate(shape.built_with))
    scope = _scope(choices, found, shape, this=shape.kind != "nested", below=shape.order)
    scope.names = list(params)
    scope.fixed = {p.name for p in params}
    body: list[Stmt] = []
    left = [f for f in shape.fields if not f.static]
    for param in params:
        member = next((f for f in left if f.type == param.type), None)
        if member is not None:
            left.remove(member)
            body.append(Assign(FieldOf(This(shape.type), shape.name, member.name, member.type), param))
    body.append(Log(f"new {shape.name}", tuple(p for p in params if p.type in SIMPLE)))
    to_super = None
    if shape.parent is not None:
        outer = _scope(choices, found, None, below=shape.order)
        outer.names = list(params)
        _, above = list(found.chain(shape.type))[1]
        bound = found[shape.parent].bound_by(above)
        to_super = tuple(expression(outer, substitute(t, bound), 0) for t in found[shape.parent].built_with)
    found_here = Constructor(params, tuple(body), to_super)
    if not shape.bare:
        return (found_here,)
    plain = _scope(choices, found, None, below=shape.order)
    given = tuple(expression(plain, t, 0) for t in shape.built_with)
    return (found_here, Constructor((), (Log(f"bare {shape.name}", ()),), to_this=given))


def _static_init(choices: Choices, found: Shapes, shape: Shape) -> tuple[Stmt, ...]:
    """A static initialiser that others can see the order of."""
    if shape.kind in ("inner", "nested") or not chance(choices, 35):
        return ()
    counted = [f for f in shape.fields if f.static and not f.final and f.type in (INT, LONG)]
    more = [Update(FieldOf(None, shape.name, f.name, f.type), "+", Lit(f.type, 5)) for f in counted]
    return (Log(f"init {shape.name}", ()), *more)


def _init(choices: Choices, found: Shapes, shape: Shape) -> tuple[Stmt, ...]:
    if shape.kind in ("inner", "nested") or not chance(choices, 15):
        return ()
    return (Log(f"made {shape.name}", ()),)


def _methods(choices: Choices, found: Shapes, shape: Shape) -> tuple[Method, ...]:
    methods = [_method(choices, found, shape, m) for m in shape.methods if m.name != "makeIn"]
    if any(m.name == "makeIn" for m in shape.methods):
        methods.append(_factory(choices, found, shape))
    if shape.kind in ("interface", "record", "enum", "exception"):
        return tuple(methods)
    own = {(m.name, m.params) for m in shape.methods}
    for owner, signature in found.methods(shape.type):
        if (signature.name, signature.params) in own or signature.static or signature.private or signature.name == "makeIn":
            continue
        must = signature.abstract and shape.kind != "abstract"
        if must or (owner.kind != "interface" and not signature.varargs and chance(choices, 30)):
            over = owner if owner.kind != "interface" and not signature.abstract else None
            methods.append(_method(choices, found, shape, replace(signature, abstract=False), over))
    return tuple(methods)


def _factory(choices: Choices, found: Shapes, shape: Shape) -> Method:
    inner = found[f"{shape.name}.In"]
    made = New(inner.name, (), This(shape.type) if inner.kind == "inner" else None)
    return Method("makeIn", (Name("d", INT),), inner.type, (Return(made),))


def _method(choices: Choices, found: Shapes, shape: Shape, signature: Signature, over: Shape | None = None) -> Method:
    """`over`: the class whose method this one overrides, and sometimes calls."""
    depth = Name("d", INT)
    params = (depth, *(Name(f"p{i}", t) for i, t in enumerate(signature.params)))
    if signature.abstract:
        return Method(signature.name, params, signature.result, None, variables=signature.variables)
    scope = _scope(choices, found, shape, this=not signature.static, calls=CALLS_PER_BODY)
    scope.depth = Binary("-", depth, Lit(INT, 1), INT)
    scope.result = signature.result
    for param in params[1:]:
        scope.add(param)
    checks = [s for p in params[1:] if is_class(p.type) for s in not_null(scope, p)]
    if shape.kind == "inner" and shape.outer is not None:
        _outer(scope, found, shape.outer)
    stop = guard(depth, signature.result)
    label = Log(f"{shape.name}.{signature.name}", tuple(loggable(scope, p) for p in params[1:]))
    body = block(scope, choices.integer(0, 4))
    if over is not None and chance(choices, 60):
        above = Call(This(shape.type), over.name, signature.name, (scope.depth, *params[1:]), signature.result, to_super=True)
        body = (Log(scope.fresh("super"), (loggable(scope, above),)), *body)
    locked = signature.synchronized and not signature.static and shape.kind in ("class", "abstract") and chance(choices, 50)
    result = Return(expression(scope, signature.result, 2))
    return Method(
        signature.name, params, signature.result, (stop, label, *checks, *body, result), signature.static,
        signature.synchronized and not locked, signature.private, signature.varargs, locked, signature.variables,
    )  # fmt: skip


def starter(choices: Choices, found: Shapes, shape: Shape) -> Method:
    """A method that starts threads and waits for them. Only the main program calls it, where nothing is locked."""
    keeper = Name("k", found["K0"].type)
    depth = Name("d", INT)
    scope = _scope(choices, found, shape, this=True, calls=CALLS_PER_BODY)
    scope.depth = Binary("-", depth, Lit(INT, 1), INT)
    scope.result = INT
    scope.add(keeper, solid=True, fixed=True)
    steps: list[Stmt] = [guard(depth, INT), Log(f"{shape.name}.{STARTER}", ())]
    steps += threading(scope, choices)
    if chance(choices, 60):
        steps.append(_elsewhere(choices, scope))
    return Method(STARTER, (depth, keeper), INT, (*steps, Return(expression(scope, INT, 1))))


def _elsewhere(choices: Choices, scope: Scope) -> Stmt:
    """Any statements on another thread, or on two of them, one after the other."""
    depth = scope.depth
    bodies = []
    for _ in range(choices.integer(1, 2)):
        inner = scope.closure(depth)
        inner.budget.calls = 2
        bodies.append((*block(inner, choices.integer(1, 2), 1), *_drive(choices, inner)))
    return apart(scope, tuple(bodies))


def _outer(scope: Scope, found: Shapes, outer: str) -> None:
    """An inner object's methods see the object around it under a name that the printer knows."""
    scope.add(Name("outer$", Type(outer)), solid=True, fixed=True)


def _main(choices: Choices, found: Shapes, *, threads: bool) -> tuple[tuple[Stmt, ...], tuple[Name, ...]]:
    """Objects of every class, then steps that each catch what they throw."""
    scope = _scope(choices, found, None, calls=0)
    scope.depth = Lit(INT, FIRST_DEPTH)
    steps: list[Stmt] = []
    roots: list[Name] = []
    for shape in found.table.values():
        if shape.kind in ("class", "record"):
            type_ = Type(shape.name, tuple(argument(choices, found, b) for _, b in shape.variables))
            name = Name(f"root{shape.name}", type_)
            bound = shape.bound_by(type_)
            args = tuple(expression(scope, substitute(t, bound), 1) for t in shape.built_with)
            steps.append(Let(name.name, New(shape.name, args, of=type_.args), type_))
            scope.add(name, solid=True, fixed=True)
            roots.append(name)
    steps += _ring(choices, found, roots)
    count = choices.integer(3, 10)
    for i in range(count):
        inner = scope.inner()
        inner.budget = Budget(2, 1000 * (i + 1))
        body: list[Stmt] = list(block(inner, choices.integer(1, 3), 1))
        body += _drive(choices, inner)
        steps.append(_guarded(i, tuple(body)))
        if threads and (i == count - 1 or chance(choices, 40)):  # at least once
            steps.append(_guarded(100 + i, tuple(_threaded(choices, scope, 1000 * i + 500))))
    return tuple(steps), tuple(roots)


def _threaded(choices: Choices, scope: Scope, names: int) -> list[Stmt]:
    """A step with a second thread: started here, or by a method of a class."""
    inner = scope.inner()
    inner.budget = Budget(2, names)
    starters = [(o, s) for o, s, _ in inner.objects() if s.starts]
    kept = [o for o, s, _ in inner.objects() if s.keeper is not None]
    if starters and kept and chance(choices, 55):
        on, shape = pick(choices, starters)
        assert inner.depth is not None
        call = Call(on, shape.name, STARTER, (inner.depth, pick(choices, kept)), INT)
        return [Log(inner.fresh("started"), (call,))]
    if chance(choices, 60):
        return threading(inner, choices)
    return [_elsewhere(choices, inner)]


def _ring(choices: Choices, found: Shapes, roots: list[Name]) -> list[Stmt]:
    """Sometimes: two roots that refer to each other from the start; or one that two others refer to."""
    edges = [
        (root, owner, member, target)
        for root in roots
        for owner, member in found.fields(root.type)
        for target in roots
        if found[root.type.name].kind == "class" and not (member.static or member.final or member.private)
        if found.is_subtype(target.type, member.type)
    ]
    rings = [(a, b) for a in edges for b in edges if a[3] == b[0] and b[3] == a[0]]
    shared = [(a, b) for a in edges for b in edges if a[3] == b[3] and (a[0].name, a[2].name) < (b[0].name, b[2].name)]
    if shared and chance(choices, 35):
        return [Assign(field_of(root, owner, member), target) for root, owner, member, target in pick(choices, shared)]
    if not rings or not chance(choices, 40):
        return []
    return [Assign(field_of(root, owner, member), target) for root, owner, member, target in pick(choices, rings)]


def _drive(choices: Choices, scope: Scope) -> list[Stmt]:
    """One call of a method of a root, whatever its arguments need."""
    found = [
        (receiver, owner, m)
        for receiver, _, _ in scope.objects()
        for owner, m in scope.shapes.methods(receiver.type)
        if not (m.static or m.private or m.variables)
    ]
    if not found:
        return []
    scope.budget.calls = 1
    receiver, owner, signature = pick(choices, found)
    made = invoke(scope, receiver, owner, signature, 1)
    return [Log(scope.fresh("main"), (loggable(scope, made),))]


def _guarded(i: int, body: tuple[Stmt, ...]) -> Stmt:
    var = f"err{i}"
    return Try((Log(f"step {i}", ()), *body), (Catch("any", var, (LogError(Name(var, Type("any")), frames=True),)),))


