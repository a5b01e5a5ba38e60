"""A comparison by identity that only saves work: for a copy the program takes another way to the same result.

before: if (a == b) return true; return a.equals(b);     after: whether b is a or a copy of it, true is returned

Both ways are followed at once, symbolically, under the assumption that the two values have equal contents: total functions of equal
values are equal, `equals` of them is true, and nothing else may happen on one way only until they meet. The values are strings, boxes and
the like. Null is itself in every process: where the comparison can answer differently, the two are not null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from refactor.flow.facts import Facts, operands
from refactor.ir.program import Body
from refactor.ir.statements import (
    Binary,
    Block,
    Cast,
    Const,
    Copy,
    If,
    InstanceOf,
    Invoke,
    InvokeKind,
    Jump,
    Load,
    Local,
    LocalClass,
    Loop,
    New,
    Return,
    Statement,
    Store,
    Synchronized,
    Throw,
    Unary,
    Value,
    children,
    walk,
)
from refactor.ir.types import PrimitiveType, erase

Term = tuple[object, ...]
Lists = list[tuple[Statement, ...]]
_SAME: Term = ("same",)
_TRUE: Term = ("const", True)
_FALSE: Term = ("const", False)
_NULL: Term = ("const", None)
_MOST = 64
"""States that are followed; beyond them nothing is said."""
_DEPTH = 3
_EQUAL = frozenset({"equals", "equalsIgnoreCase"})
_COMPARED = frozenset({"compareTo", "compareToIgnoreCase", "compare"})
_THROWING = frozenset({"/", "%"})


@dataclass(frozen=True, slots=True)
class _State:
    """One way. `answer`: what the comparison said on it, None before; `version`: how often something happened that may change fields."""

    answer: bool | None = None
    values: tuple[tuple[str, Term], ...] = ()
    assumed: tuple[tuple[Term, bool], ...] = ()
    version: int = 0

    def get(self, name: str) -> Term:
        return next((t for n, t in self.values if n == name), ("local", name))

    def put(self, target: Local | None, term: Term) -> _State:
        if target is None:
            return self
        return replace(self, values=(*((n, t) for n, t in self.values if n != target.name), (target.name, term)))


class _Unclear(Exception):
    """Something that is not followed."""


def saves_work_only(facts: Facts, body: Body, binary: Binary, is_total: Callable[[Invoke], bool]) -> bool:
    """Whether the program does the same whatever a comparison of two values of equal contents answers.

    `is_total`: calls of library methods that answer by the contents of values that are not null, always, and change nothing.
    """
    lists = _lists_around(body.statements, binary)
    # From as far back as can be followed: what was asked before may say that one of the two is null.
    return any(_proved(facts, body, binary, is_total, block) for block in lists)


def _lists_around(statements: tuple[Statement, ...], binary: Binary) -> Lists:
    """The statement lists that a statement stands in, the body's first, the last one cut so that it begins with the statement."""
    for at, statement in enumerate(statements):
        if statement is binary:
            return [statements, statements[at:]]
        for nested in children(statement):
            found = _lists_around(nested, binary)
            if found:
                return [statements, *found]
    return []


def _proved(facts: Facts, body: Body, binary: Binary, is_total: Callable[[Invoke], bool], block: tuple[Statement, ...]) -> bool:
    first = _Run(facts, body, binary, is_total)
    with suppress(_Unclear):
        first.to_the_end(block)
    if len(set(first.reached)) != 1:
        return False
    run = _Run(facts, body, binary, is_total, first.reached[0])
    try:
        return run.to_the_end(block)
    except _Unclear:
        return False


@dataclass(slots=True)
class _Run:
    facts: Facts
    body: Body
    binary: Binary
    is_total: Callable[[Invoke], bool]
    same: tuple[Term, ...] = ()
    reached: list[tuple[Term, ...]] = field(default_factory=list)
    ends: list[tuple[_State, Term]] = field(default_factory=list)
    depth: int = 0
    order: dict[int, int] = field(default_factory=dict)

    def to_the_end(self, block: tuple[Statement, ...]) -> bool:
        """Whether the ways that part in a list of statements meet in it, or leave it alike."""
        states = [_State()]
        for statement in block:
            states = self.step(states, statement, together=True)
            after = [(s, self._live(s, statement)) for s in states]
            if self.reached and all(s.answer is not None for s in states) and _agree([*self.ends, *after]):
                return True
        return _agree([*self.ends, *((s, ("falls", self._live(s, block[-1]))) for s in states)])

    # -- terms

    def term(self, state: _State, value: Value) -> Term:
        if self.depth and isinstance(value, Local) and all(n != value.name for n, _ in state.values):
            raise _Unclear  # something of the body that calls this one
        return self._seen(("const", value.value) if isinstance(value, Const) else state.get(value.name))

    def _seen(self, term: Term) -> Term:
        return _SAME if term in self.same else term

    def _is_sure(self, term: Term) -> bool:
        """Whether a value is not null."""
        if term[0] == "call":
            return str(term[1]).startswith("java.lang.String#")
        return term in (_SAME, ("local", "this")) or (term[0] == "const" and term[1] is not None)

    def _computed(self, state: _State, statement: Statement, together: bool) -> Term | None:
        """What a statement without effect computes; None where it may have one, or may fail on one way only."""
        match statement:
            case Copy(value=value):
                return self.term(state, value)
            case Cast(value=value):
                term = self.term(state, value)
                return term if together or term == _SAME else None
            case Load(field=key, receiver=receiver):
                of = self.term(state, receiver) if receiver is not None else ()
                known = any(t[0] == "load" and t[2] == of for t in self.same)
                if receiver is not None and not (together or known or self._is_sure(of)):
                    return None
                return self._seen(("load", key, of, state.version))
            case InstanceOf(value=value, type=type_):
                return ("is", str(type_), self.term(state, value))
            case Unary(op=op, value=value) if op != "length":
                inner = self.term(state, value)
                if op == "!" and inner in (_TRUE, _FALSE):
                    return _FALSE if inner == _TRUE else _TRUE
                return ("unary", op, inner)
            case Binary(op=op) if together or op not in _THROWING:
                return self._operation(state, statement)
            case Invoke(method=str(key)) if self.is_total(statement):
                return self._call(state, statement, key, together)
            case _:
                return None

    def _operation(self, state: _State, binary: Binary) -> Term:
        left, right = self.term(state, binary.left), self.term(state, binary.right)
        alike = left == right and _is_discrete(binary.left) and _is_discrete(binary.right)  # NaN is not equal to itself
        if binary.op in ("==", "!="):
            equal: bool | None = True if alike else None
            if left[0] == right[0] == "const":
                equal = left == right
            elif _NULL in (left, right) and self._is_sure(right if left == _NULL else left):
                equal = False
            if equal is not None:
                return _TRUE if equal is (binary.op == "==") else _FALSE
        if alike and binary.op == "-":
            return ("const", 0)
        return ("binary", binary.op, left, right)

    def _call(self, state: _State, call: Invoke, key: str, together: bool) -> Term | None:
        name = key.partition("#")[2].partition("(")[0]
        given = [self.term(state, v) for v in ((call.receiver,) if call.receiver is not None else ())]
        sure = all(self._is_sure(t) for t in given)
        for value in call.args:
            term = self.term(state, value)
            given.append(term)
            sure = sure and (isinstance(value.type, PrimitiveType) or self._is_sure(term) or name in _EQUAL)
        null_safe = key.startswith("java.util.Objects#")
        if not (together or sure or null_safe):
            return None
        if len(given) == 2 and given[0] == given[1] and (null_safe or all(isinstance(v.type, PrimitiveType) for v in call.args) or sure):
            if name in _EQUAL:
                return _TRUE
            if name in _COMPARED:
                return ("const", 0)
        return self._seen(("call", key, *given))

    # -- statements

    def step(self, states: list[_State], statement: Statement, together: bool) -> list[_State]:
        """The states after a statement. `together`: every way that has come here passes, so that an effect is one of each."""
        if len(states) > _MOST:
            raise _Unclear
        answers = {s.answer for s in states}
        together = together and (answers == {None} or (len(answers) == 2 and len({s.assumed for s in states}) == 1))
        match statement:
            case Binary(target=target, op=op) if statement is self.binary and self.depth == 0:
                for state in states:
                    self.reached.append((self.term(state, statement.left), self.term(state, statement.right)))
                if self.same and any(pair != (_SAME, _SAME) for pair in self.reached):
                    raise _Unclear
                said = [(a, _TRUE if a is (op == "==") else _FALSE) for a in (True, False)]
                return [replace(s, answer=a).put(target, term) for s in states for a, term in said]
            case If(condition=condition, then=then, orelse=orelse):
                return list(dict.fromkeys(s for state in states for s in self._branch(state, condition, then, orelse, together)))
            case Block(body=inner) | Synchronized(body=inner) if not any(isinstance(s, Jump) for s in walk(inner)):
                return self._run(states, inner, together) if isinstance(statement, Block) or together else self._unclear()
            case Return(value=value):
                self.ends.extend((s, ("return", self.term(s, value) if value is not None else ())) for s in states)
                return []
            case Throw(value=value):
                self.ends.extend((s, ("throw", self.term(s, value))) for s in states)
                return []
            case Jump(kind=kind, label=label) if kind != "yield":
                self.ends.extend((s, ("jump", kind, label, self._live(s, statement))) for s in states)
                return []
            case _:
                return self._plain(states, statement, together)

    def _unclear(self) -> list[_State]:
        raise _Unclear

    def _run(self, states: list[_State], block: tuple[Statement, ...], together: bool) -> list[_State]:
        for statement in block:
            states = self.step(states, statement, together)
        return states

    def _branch(
        self, state: _State, condition: Value, then: tuple[Statement, ...], orelse: tuple[Statement, ...], together: bool
    ) -> Iterator[_State]:
        term = self.term(state, condition)
        known = {_TRUE: True, _FALSE: False}.get(term, dict(state.assumed).get(term))
        for answer, block in ((True, then), (False, orelse)):
            if known in (None, answer):
                one = state if known is not None else replace(state, assumed=(*state.assumed, (term, answer)))
                yield from self._run([one], block, together and state.answer is None)

    def _plain(self, states: list[_State], statement: Statement, together: bool) -> list[_State]:
        target = getattr(statement, "target", None)
        terms = [self._computed(s, statement, together) for s in states]
        if all(t is not None for t in terms):
            return [s.put(target, t) for s, t in zip(states, terms, strict=True) if t is not None]
        if isinstance(statement, Store) and all(self._keeps(s, statement) for s in states):
            return states
        if isinstance(statement, Invoke):
            found = [self._inlined(s, statement) for s in states]
            if all(f is not None for f in found):
                return [s for f in found if f is not None for s in f]
        # An effect: the same one on all ways, or none at all.
        names = sorted(_captured(self.facts, self.body)) if isinstance(statement, New | LocalClass) else []
        read = {(*(self.term(s, v) for v in operands(statement) if v is not None), *(s.get(n) for n in names)) for s in states}
        if not together or children(statement) or (len(read) != 1 and len({s.answer for s in states}) == 2):
            raise _Unclear
        return [replace(s, version=s.version + 1).put(target, ("made", id(statement), s.version)) for s in states]

    def _keeps(self, state: _State, store: Store) -> bool:
        """Whether a field is given the contents that it has."""
        of = self.term(state, store.receiver) if store.receiver is not None else ()
        return self._seen(("load", store.field, of, state.version)) == _SAME == self.term(state, store.value)

    def _inlined(self, state: _State, call: Invoke) -> list[_State] | None:
        """The states after a call of the program's own method that nothing overrides, where nothing happens in it."""
        body = self.facts.program.bodies.get(call.method or "")
        if body is None or call.kind not in (InvokeKind.STATIC, InvokeKind.SPECIAL) or "<init>" in body.key or self.depth >= _DEPTH:
            return None
        inside = _Run(self.facts, body, self.binary, self.is_total, self.same, depth=self.depth + 1)
        begin = replace(state, values=())
        if call.receiver is not None:
            begin = begin.put(Local("this", call.receiver.type), self.term(state, call.receiver))
        for parameter, value in zip(body.params, call.args, strict=False):
            begin = begin.put(parameter, self.term(state, value))
        try:
            if inside._run([begin], body.statements, together=False):
                return None
        except _Unclear:
            return None
        if any(end[0] != "return" or s.version != state.version for s, end in inside.ends):
            return None
        results = [(s, end[1]) for s, end in inside.ends]
        return [replace(s, values=state.values).put(call.target, r if isinstance(r, tuple) else ()) for s, r in results]

    def _live(self, state: _State, after: Statement) -> Term:
        """The values that code after a statement may read."""
        order = self.order = self.order or {id(s): n for n, s in enumerate(walk(self.body.statements))}
        last = max((order[id(s)] for s in walk((after,)) if id(s) in order), default=-1)
        loops = [s for s in walk(self.body.statements) if isinstance(s, Loop) and any(i is after for i in walk((s,)))]
        made, captured = self.facts.definitions(self.body), _captured(self.facts, self.body)

        def is_read(name: str) -> bool:
            again: set[int] = set()
            for loop in loops:  # what is made in every round is made before it is read
                inside = {id(s) for s in walk((loop,))}
                if any(id(d) not in inside for d in made.get(name, ())) or name not in made:
                    again |= inside
            uses = self.facts.uses(self.body).get(name, ())
            return name in captured or any(order.get(id(u), 1 << 60) > last or id(u) in again for u in uses)

        return tuple((n, state.get(n)) for n in sorted(n for n, _ in state.values if is_read(n)))


def _captured(facts: Facts, body: Body) -> frozenset[str]:
    """What local and anonymous classes of a body read: they may be asked at any time."""
    inside = [c.name for c in facts.program.members_of(facts.top[body.owner]) if c.enclosing_method == body.key]
    bodies = [b for b in facts.bodies.get(facts.top[body.owner], ()) if any(f"{b.owner}$".startswith(f"{n}$") for n in inside)]
    return frozenset(n for b in bodies for n in facts.uses(b))


def _agree(ends: list[tuple[_State, Term]]) -> bool:
    """Whether ways on which the comparison said otherwise, and everything else was the same, end alike."""
    for one, end in ends:
        for other, its in ends:
            if one.answer is True and other.answer is False and _compatible(one, other) and (end, one.version) != (its, other.version):
                return False
    return True


def _compatible(one: _State, other: _State) -> bool:
    assumed = dict(one.assumed)
    return all(assumed.get(term, answer) is answer for term, answer in other.assumed)


def _is_discrete(value: Value) -> bool:
    erased = erase(value.type)
    return not isinstance(erased, PrimitiveType) or erased.name not in ("float", "double")
