"""Repeatable code: the same in every process that runs it, and felt by nobody else."""

from __future__ import annotations

from refactor.flow.facts import Facts, flat
from refactor.ir.program import Body
from refactor.ir.statements import (
    ArrayStore,
    Invoke,
    InvokeKind,
    Lambda,
    Load,
    Local,
    New,
    NewArray,
    Store,
    Synchronized,
    Unsupported,
)
from refactor.ir.symbols import Flags
from refactor.isolate.knowledge import Knowledge


class Purity:
    """Answers whether a body may run once per process instead of once: no effect outside its own fresh objects.

    A body is repeatable where it stores only to fields of `this` in a constructor, to its own class's statics in a static
    initialiser and to fresh objects; reads no static that changes; and calls only repeatable code, by class hierarchy analysis for
    the application and by libraries.toml for the rest. Cycles of calls are taken to be repeatable until something else is found.
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
        """None where the body of `key` is repeatable, else the reason in words."""
        if key in self._memo:
            return self._memo[key]
        # An explicit stack is not needed: the depth is that of the calls made by initialisers, and `_DEPTH` bounds it.
        return self._why_not(key, 0)

    def _why_not(self, key: str, depth: int) -> str | None:
        if key in self._memo:
            return self._memo[key]
        if depth > _DEPTH:
            return "calls too deep to follow"
        self._memo[key] = None
        body = self._facts.program.bodies.get(key)
        found = self._missing(key) if body is None else self._body(body, depth)
        self._memo[key] = found
        return found

    def _missing(self, key: str) -> str | None:
        owner, _, name = key.partition("#")
        if owner in self._facts.top:
            method = self._facts.program.method(key)
            abstract = method is not None and bool(method.flags & Flags.ABSTRACT)
            implicit = method is None or method.implicit
            return None if abstract or implicit else f"{name.partition('(')[0]} has no readable body"
        return None if self._known.is_pure(key) else f"calls {owner.rpartition('.')[2]}.{name.partition('(')[0]}"

    def _body(self, body: Body, depth: int) -> str | None:
        constructor = "#<init>" in body.key
        own_initialiser = "#<clinit>" in body.key
        fresh = {s.target.name for s, _, _ in flat(body.statements) if isinstance(s, New | NewArray)}
        for statement, _, _ in flat(body.statements):
            match statement:
                case Store(receiver=receiver, field=field):
                    name = receiver.name if isinstance(receiver, Local) else None
                    own = receiver is None and own_initialiser and field.partition("#")[0] == body.owner
                    if not own and not (constructor and name == "this") and name not in fresh:
                        return f"stores to {field.partition(':')[0]}"
                case ArrayStore(array=array):
                    if not isinstance(array, Local) or array.name not in fresh:
                        return "stores to an array"
                case Load(receiver=None, field=field):
                    if field in self._changing:
                        return f"reads {field.partition(':')[0]}, which changes"
                    if field.partition("#")[0] not in self._facts.top and not self._known.is_pure(field):
                        return f"uses {field.partition(':')[0]}"
                case Synchronized():
                    return "locks"
                case Unsupported(what=what):
                    return f"contains {what}, which is not understood"
                case New(constructor=key):
                    if key and (why := self._why_not(key, depth + 1)):
                        return why
                case Lambda():
                    pass  # making one has no effect; what it does when called is its caller's business
                case Invoke():
                    if why := self._call(statement, depth):
                        return why
                case _:
                    pass
        return None

    def _call(self, call: Invoke, depth: int) -> str | None:
        if call.method is None:
            return f"makes a call that could not be resolved ({call.reason})"
        owner, _, rest = call.method.partition("#")
        targets = [call.method]
        if owner in self._facts.top and call.kind in (InvokeKind.VIRTUAL, InvokeKind.INTERFACE):
            targets += [f"{sub}#{rest}" for sub in self._facts.hierarchy.subtypes(owner) if f"{sub}#{rest}" in self._facts.program.bodies]
        for target in targets:
            if why := self._why_not(target, depth + 1):
                return why
        return None


_DEPTH = 60
