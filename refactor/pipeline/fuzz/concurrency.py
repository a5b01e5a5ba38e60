"""What programs do with threads: keepers that threads share, locks held over calls, thread-locals, and who starts threads.

Whatever the schedule, a program says the same: threads run one after the other, or do only what may come in any order.
"""

from __future__ import annotations

from refactor.pipeline.fuzz.choices import Choices, chance, pick
from refactor.pipeline.fuzz.expressions import expression
from refactor.pipeline.fuzz.form import (
    ATOMIC,
    BOOL,
    BOX,
    INT,
    LOCK,
    SHARED_LOCK,
    STR,
    VOID,
    Assign,
    Binary,
    Call,
    Catch,
    Do,
    Expr,
    FieldOf,
    Hold,
    If,
    Let,
    Lit,
    Lock,
    Log,
    LogError,
    Method,
    Name,
    New,
    Op,
    Repeat,
    Return,
    Stmt,
    This,
    Threads,
    Try,
    Type,
    local_of,
)  # fmt: skip
from refactor.pipeline.fuzz.scope import Scope
from refactor.pipeline.fuzz.shapes import Keeper, Shape

HOW = ("join", "latch", "executor")


def keeper_methods(shape: Shape) -> tuple[Method, ...]:
    """before: the shape of a keeper   after: the methods by which others reach what it keeps; none of them logs"""
    keeper = shape.keeper
    if keeper is None:
        return ()
    found = [_bump(shape, keeper), _total(shape, keeper)]
    lock = _field(shape, "klock", LOCK if keeper.holds == "lock" else SHARED_LOCK)
    if keeper.holds == "lock":
        found += _pair(lock, "", "holds")
        found.append(_plain("attempt", BOOL, _attempt(lock)))
    elif keeper.holds == "shared":
        found += _pair(Op("write", lock, (), LOCK), "Write", "writes", lock)
        found += _pair(Op("read", lock, (), LOCK), "Read", "reads", lock)
        found.append(_plain("attempt", BOOL, _attempt(Op("write", lock, (), LOCK))))
    if keeper.local is not None:
        value = Name("value", keeper.local)
        static = any(f.name == "klocal" and f.static for f in shape.fields)
        local = FieldOf(None if static else This(shape.type), shape.name, "klocal", local_of(keeper.local))
        found.append(Method("keep", (value,), VOID, (Do(Op("set", local, (value,), VOID)),)))
        found.append(_plain("kept", keeper.local, (Return(Op("mine", local, (), keeper.local)),)))
        found.append(_plain("forget", VOID, (Do(Op("remove", local, (), VOID)),)))
    return tuple(found)


def _field(shape: Shape, name: str, type_: Type) -> FieldOf:
    return FieldOf(This(shape.type), shape.name, name, type_)


def _plain(name: str, result: Type, body: tuple[Stmt, ...]) -> Method:
    return Method(name, (), result, body)


def _pair(lock: Expr, kind: str, count: str, of: Expr | None = None) -> list[Method]:
    """Taking a lock, giving it back, and how often the calling thread has it."""
    return [
        _plain(f"take{kind}", VOID, (Do(Op("lock", lock, (), VOID)),)),
        _plain(f"drop{kind}", VOID, (Do(Op("unlock", lock, (), VOID)),)),
        _plain(f"held{kind}", INT, (Return(Op(count, of or lock, (), INT)),)),
    ]


def _attempt(lock: Expr) -> tuple[Stmt, ...]:
    """Whether the lock is free for the calling thread; it does not keep it."""
    got = Name("got", BOOL)
    return (Let("got", Op("trylock", lock, (), BOOL), BOOL), If(got, (Do(Op("unlock", lock, (), VOID)),)), Return(got))


def _bump(shape: Shape, keeper: Keeper) -> Method:
    value = Name("value", INT)
    if keeper.guard == "atomic":
        added = Op("addto", _field(shape, "kcount", ATOMIC), (value,), INT)
        return Method("bump", (value,), VOID, (Do(added),))
    count = _field(shape, "kcount", INT)
    adds: Stmt = Assign(count, Binary("+", count, value, INT))
    return Method("bump", (value,), VOID, _guarded(shape, keeper, (adds,), write=True), synchronized=keeper.guard == "synchronized")


def _total(shape: Shape, keeper: Keeper) -> Method:
    if keeper.guard == "atomic":
        return _plain("total", INT, (Return(Op("number", _field(shape, "kcount", ATOMIC), (), INT)),))
    body = _guarded(shape, keeper, (Return(_field(shape, "kcount", INT)),), write=False)
    return Method("total", (), INT, body, synchronized=keeper.guard == "synchronized")


def _guarded(shape: Shape, keeper: Keeper, body: tuple[Stmt, ...], *, write: bool) -> tuple[Stmt, ...]:
    match keeper.guard:
        case "block":
            return (Lock(This(shape.type), body),)
        case "lock":
            lock: Expr = _field(shape, "klock", LOCK)
        case "write":
            lock = Op("write" if write else "read", _field(shape, "klock", SHARED_LOCK), (), LOCK)
        case _:
            return body
    return (Do(Op("lock", lock, (), VOID)), Try(body, (), (Do(Op("unlock", lock, (), VOID)),)))


# --- statements of any body ---------------------------------------------------------------------------------------------


def keepers(scope: Scope) -> list[tuple[Expr, Shape]]:
    """Keepers that can be named here and are never null."""
    return [(o, s) for o, s, solid in scope.objects() if s.keeper is not None and solid]


def keeping(scope: Scope, block: tuple[Stmt, ...]) -> list[Stmt]:
    """before: a keeper in scope, and a body   after: the body while the lock is held, or while a value is bound to the thread"""
    found = keepers(scope)
    on, shape = pick(scope.choices, found)
    keeper = shape.keeper
    assert keeper is not None
    if keeper.holds and chance(scope.choices, 50):
        mode = "lock" if keeper.holds == "lock" else pick(scope.choices, ("write", "write", "read"))
        held = Log(scope.fresh("held"), (_call(on, shape, f"held{'' if mode == 'lock' else mode.capitalize()}", INT),))
        if mode == "read":
            return [Hold(on, mode, (held, Log(scope.fresh("total"), (_call(on, shape, "total", INT),))))]
        return [Hold(on, mode, (held, *block, held))]
    if keeper.local is not None and chance(scope.choices, 65):
        return _bound(scope, on, shape, keeper.local, block)
    bump = Do(_call(on, shape, "bump", VOID, expression(scope, INT, 0)))
    return [bump, Log(scope.fresh("total"), (_call(on, shape, "total", INT),))]


def _bound(scope: Scope, on: Expr, shape: Shape, type_: Type, block: tuple[Stmt, ...]) -> list[Stmt]:
    mine = _mine(scope, on, shape, type_)
    if chance(scope.choices, 35):
        return [mine]
    found = [Do(_call(on, shape, "keep", VOID, expression(scope, type_, 1))), *block, mine]
    if chance(scope.choices, 40):
        found += [Do(_call(on, shape, "forget", VOID)), _mine(scope, on, shape, type_)]
    return found


def _mine(scope: Scope, on: Expr, shape: Shape, type_: Type) -> Stmt:
    kept = _call(on, shape, "kept", type_)
    shown = Op("show", kept, (), STR) if type_ in (BOX, STR) else Op("isnull", kept, (), BOOL)
    return Log(scope.fresh("mine"), (shown,))


def _call(on: Expr, shape: Shape, name: str, result: Type, *args: Expr) -> Call:
    return Call(on, shape.name, name, args, result)


# --- threads ------------------------------------------------------------------------------------------------------------


def apart(scope: Scope, bodies: tuple[tuple[Stmt, ...], ...]) -> Threads:
    """before: bodies that may do anything   after: each on another thread, one after the other"""
    return Threads(scope.fresh("th"), pick(scope.choices, HOW), tuple(_caught(scope, b) for b in bodies))


def _caught(scope: Scope, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    var = scope.fresh("x")
    return (Try(body, (Catch("any", var, (LogError(Name(var, Type("any"))),)),)),)


def together(scope: Scope, on: Expr, shape: Shape) -> list[Stmt]:
    """Two threads at the same time on one keeper: sums, own values and own objects, which no order can change."""
    own: list[Name | None] = [None, None]
    made: list[Stmt] = []
    if (not shape.built_with or shape.bare) and chance(scope.choices, 60):
        own = [Name(scope.fresh("own"), shape.type) for _ in own]  # made here: their constructors write to the trace
        made = [Let(name.name, New(shape.name, ()), shape.type) for name in own if name is not None]
    bodies = tuple(_quiet(scope, on, shape, i, name) for i, name in enumerate(own))
    threads = Threads(scope.fresh("th"), pick(scope.choices, HOW), bodies, together=True)
    return [*made, threads, Log(scope.fresh("total"), (_call(on, shape, "total", INT),))]


def _quiet(scope: Scope, on: Expr, shape: Shape, number: int, own: Name | None) -> tuple[Stmt, ...]:
    keeper = shape.keeper
    assert keeper is not None
    var = scope.fresh("i")
    bump: Stmt = Do(_call(on, shape, "bump", VOID, Binary("+", Name(var, INT), Lit(INT, number), INT)))
    body: list[Stmt] = [bump]
    if keeper.holds and chance(scope.choices, 50):
        mode = "lock" if keeper.holds == "lock" else "write"
        body = [Hold(on, mode, tuple(body))]
    before: list[Stmt] = []
    after: list[Stmt] = []
    if keeper.local == BOX and chance(scope.choices, 70):
        before.append(Do(_call(on, shape, "keep", VOID, Op("box", Lit(INT, 100 * number + 7), (), BOX))))
        after.append(Do(_call(on, shape, "bump", VOID, _call(on, shape, "kept", BOX))))
    if own is not None:
        body.append(Do(_call(own, shape, "bump", VOID, Lit(INT, 3))))
        after.append(Do(_call(on, shape, "bump", VOID, _call(own, shape, "total", INT))))
    work = (*before, Repeat(var, Lit(INT, scope.choices.integer(2, 6)), tuple(body)), *after)
    return (Try(work, (Catch("any", scope.fresh("x"), ()),)),)  # no line of the trace: the threads would race for it


def contended(scope: Scope, on: Expr, shape: Shape) -> list[Stmt]:
    """A lock that is held here while another thread asks whether it is free."""
    keeper = shape.keeper
    assert keeper is not None
    asks = Log(scope.fresh("free"), (_call(on, shape, "attempt", BOOL),))
    mode = "lock" if keeper.holds == "lock" else pick(scope.choices, ("write", "read"))
    other = apart(scope, ((asks,),))
    again = apart(scope, ((Log(scope.fresh("free"), (_call(on, shape, "attempt", BOOL),)),),))
    return [Hold(on, mode, (other,)), again]


def locals_apart(scope: Scope, on: Expr, shape: Shape, type_: Type) -> list[Stmt]:
    """A value of this thread, and what another thread sees and sets in its place."""
    there: list[Stmt] = [_mine(scope, on, shape, type_)]
    there += [Do(_call(on, shape, "keep", VOID, expression(scope.closure(None), type_, 1))), _mine(scope, on, shape, type_)]
    if chance(scope.choices, 30):
        there.append(Do(_call(on, shape, "forget", VOID)))
    bodies = (tuple(there), (_mine(scope, on, shape, type_),)) if chance(scope.choices, 50) else (tuple(there),)
    kept = Do(_call(on, shape, "keep", VOID, expression(scope, type_, 1)))
    return [kept, apart(scope, bodies), _mine(scope, on, shape, type_)]


def threading(scope: Scope, choices: Choices) -> list[Stmt]:
    """One step of the main program, or one body that it alone calls, that is about threads and a keeper. Nothing is locked here."""
    found = keepers(scope)
    if not found:
        return []
    on, shape = pick(choices, found)
    keeper = shape.keeper
    assert keeper is not None
    kinds = ["together", "together"]
    kinds += ["contended"] if keeper.holds else []
    kinds += ["locals", "locals"] if keeper.local is not None else []
    match pick(choices, kinds):
        case "contended":
            return contended(scope, on, shape)
        case "locals":
            assert keeper.local is not None
            return locals_apart(scope, on, shape, keeper.local)
    return together(scope, on, shape)
