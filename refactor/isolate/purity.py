"""Repeatable code: the same in every process that runs it, and felt by nobody else."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.flow.callgraph import callbacks
from refactor.flow.facts import Facts, flat
from refactor.flow.origins import functions, origins
from refactor.ir.program import Body
from refactor.ir.statements import (
    ArrayStore,
    Invoke,
    Load,
    Local,
    New,
    NewArray,
    Store,
    Synchronized,
    Unsupported,
    Value,
)
from refactor.ir.symbols import Flags
from refactor.ir.types import ClassType, Type, UnknownType, erase
from refactor.isolate.knowledge import Knowledge
from refactor.support.components import strongly_connected


class Purity:
    """Answers whether a body may run once per process instead of once: no effect outside its own fresh objects.

    A body is repeatable where it stores only to fields of `this` in a constructor, to its own class's statics in a static
    initialiser and to fresh objects; reads no static that changes; and calls only repeatable code: by dispatch for the application, by
    libraries.toml for the rest, which may call back what it is given. Bodies that call each other in a circle have one answer.
    """

    def __init__(self, facts: Facts, known: Knowledge, changing: frozenset[str]) -> None:
        self._facts = facts
        self._known = known
        self._changing = changing  # keys of fields that are stored outside constructors and initialisers
        self._memo: dict[str, str | None] = {}

    def initialiser(self, cls: str) -> str | None:
        """None where the static initialiser of `cls` is repeatable (or absent), else what makes it unrepeatable."""
        key = f"{cls}#<clinit>()V"
        return self.why_not(key) if key in self._facts.program.bodies else None

    def why_not(self, key: str) -> str | None:
        """None where the body of `key` is repeatable, else the reason in words: the first of its own, else that of what it calls first."""
        if key not in self._memo:
            self._solve(key)
        return self._memo[key]

    def _solve(self, root: str) -> None:
        """The answers for everything that `root` may run, circle by circle, callees first: none depends on who asked before."""
        steps: dict[str, tuple[str | tuple[str, ...], ...]] = {}
        todo = [root]
        while todo:
            key = todo.pop()
            if key in steps or key in self._memo:
                continue
            body = self._facts.program.bodies.get(key)
            why = self._missing(key) if body is None else None
            steps[key] = tuple(self._body(body)) if body is not None else (why,) if why is not None else ()
            todo.extend(callee for step in steps[key] if isinstance(step, tuple) for callee in step)
        edges = {key: [c for step in found if isinstance(step, tuple) for c in step] for key, found in steps.items()}
        for circle in strongly_connected(edges):
            inside = sorted(circle & steps.keys())
            firsts = [why for key in inside if (why := self._first(steps[key], circle)) is not None]
            for key in inside:
                own = self._first(steps[key], circle)
                self._memo[key] = own if own is not None else firsts[0] if firsts else None

    def _first(self, steps: tuple[str | tuple[str, ...], ...], circle: frozenset[str]) -> str | None:
        for step in steps:
            if isinstance(step, str):
                return step
            for callee in step:
                if callee not in circle and (why := self._memo.get(callee)) is not None:
                    return why
        return None

    def _missing(self, key: str) -> str | None:
        owner, _, name = key.partition("#")
        if owner in self._facts.top:
            method = self._facts.program.method(key)
            abstract = method is not None and bool(method.flags & Flags.ABSTRACT)
            implicit = method is None or method.implicit
            return None if abstract or implicit else f"{name.partition('(')[0]} has no readable body"
        return None if self._known.is_pure(key) else f"calls {owner.rpartition('.')[2]}.{name.partition('(')[0]}"

    def _body(self, body: Body) -> Iterator[str | tuple[str, ...]]:
        """In the order of the source: what makes the body unrepeatable, and the bodies that it may run."""
        constructor = "#<init>" in body.key
        own_initialiser = "#<clinit>" in body.key
        fresh = {s.target.name for s, _, _ in flat(body.statements) if isinstance(s, New | NewArray)}
        for statement, _, _ in flat(body.statements):
            match statement:
                case Store(receiver=receiver, field=field):
                    name = receiver.name if isinstance(receiver, Local) else None
                    own = receiver is None and own_initialiser and field.partition("#")[0] == body.owner
                    if not own and not (constructor and name == "this") and name not in fresh:
                        yield f"stores to {field.partition(':')[0]}"
                case ArrayStore(array=array):
                    if not isinstance(array, Local) or array.name not in fresh:
                        yield "stores to an array"
                case Load(receiver=None, field=field):
                    if field in self._changing:
                        yield f"reads {field.partition(':')[0]}, which changes"
                    if field.partition("#")[0] not in self._facts.top and not self._known.is_pure(field):
                        yield f"uses {field.partition(':')[0]}"
                case Synchronized():
                    yield "locks"
                case Unsupported(what=what):
                    yield f"contains {what}, which is not understood"
                case New(constructor=str(key)):
                    yield (key, *self._called_back(body, key, statement.args))
                case New(cls=name) if name not in self._facts.top:
                    yield f"makes a {name.rpartition('.')[2]}, which could not be resolved"
                case Invoke():
                    yield self._call(body, statement)
                    if why := self._changes(body, statement):
                        yield why
                case _:
                    pass  # making a lambda has no effect; what it does counts where it is called or handed to a library

    def _call(self, body: Body, call: Invoke) -> str | tuple[str, ...]:
        if call.method is None:
            return f"makes a call that could not be resolved ({call.reason})"
        called = (call.method, *self._called_back(body, call.method, call.args))
        made = tuple(functions(self._facts, body, call.receiver)) if call.receiver is not None else ()
        known = [m.body for m in made if m is not None]
        if known and len(known) == len(made):
            return (*called, *self._facts.dispatch.targets(call), *known)
        receiver = (call.receiver,) if call.receiver is not None else ()
        return (*called, *self._facts.dispatch.runs(call), *self._called_back(body, call.method, receiver))

    def _called_back(self, body: Body, key: str, given: tuple[Value, ...]) -> Iterator[str]:
        """Bodies that library code may run because it is given a function or an object of the application."""
        facts = self._facts
        if facts.top_of_member(key) is not None:
            return
        for value in given:
            if not _may_be_called(value.type):
                continue
            for made in functions(facts, body, value):
                if made is not None:
                    yield made.body
                else:
                    yield from self._behind(value.type)

    def _behind(self, type_: Type) -> Iterator[str]:
        """What any object of a type may run for a library."""
        erased = erase(type_)
        name = erased.name if isinstance(erased, ClassType) else ""
        method = self._facts.dispatch.functional(name)
        if method is not None:
            yield from self._facts.dispatch.overriding(method.key)
            yield from self._facts.dispatch.functions(method.key)
        elif name in self._facts.top:
            for below in self._facts.dispatch.subtypes(name):
                yield from callbacks(self._facts, below)

    def _changes(self, body: Body, call: Invoke) -> str | None:
        """Why a library call may change an object that others see: one that a static field of another class holds, or an own one later."""
        if call.method is None or call.receiver is None or self._facts.top_of_member(call.method) is not None:
            return None
        name, type_ = call.method.partition("#")[2].partition("(")[0], erase(call.receiver.type)
        known, owner = self._known, type_.name if isinstance(type_, ClassType) else ""
        if name in known.readers or any(owner in names for names in (known.value, known.immutable, known.duplicable, known.functional)):
            return None
        for origin in origins(self._facts, body, call.receiver):
            made = origin.made
            if isinstance(made, Load) and made.receiver is None and self._facts.top_of_member(made.field) is not None:
                being_made = "#<clinit>" in body.key and made.field.partition("#")[0] == body.owner
                if not being_made:
                    return f"may change {made.field.partition(':')[0]} by {name}"
        return None


def _may_be_called(type_: Type) -> bool:
    return isinstance(erase(type_), ClassType | UnknownType)
