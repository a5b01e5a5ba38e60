"""What a string may be when the program runs: followed through constants, fields, locals, concatenation, builders and calls.

A text may hold two kinds of gaps: HOLE, where nothing is known, and the number of a parameter of the method around
(`parameter(n)`), which a caller can fill in. A class literal is a text too: `class_text(name)`.

    before: String sql = "select * from " + T + " where id = ?";   with T a static final String "orders"
    after:  {"select * from orders where id = ?"}
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence

from refactor.flow.facts import Facts
from refactor.ir.program import Body
from refactor.ir.statements import (
    ArrayLoad,
    ArrayStore,
    Binary,
    Cast,
    Const,
    Copy,
    Invoke,
    InvokeKind,
    Load,
    Local,
    New,
    NewArray,
    Return,
    Statement,
    Store,
    Value,
)
from refactor.ir.symbols import parse_key
from refactor.ir.types import ClassType
from refactor.sdg.order import Definition, Order
from refactor.sdg.tables.sql import HOLE

MOST = 24
"""Texts that are kept of one value; what is beyond them becomes one HOLE."""
_DEPTH = 6
_NESTED = 150
_PARAMETER = re.compile("\ue000(\\d+)\ue001")
_CLASS = "\ue002"
_BUILDERS = frozenset({"java.lang.StringBuilder", "java.lang.StringBuffer"})
_SAME = frozenset({"trim", "strip", "toString", "intern", "toLowerCase", "toUpperCase", "stripIndent", "valueOf", "requireNonNull"})
_FORMAT = re.compile(r"%(?:\d+\$)?[-#+ 0,(]*\d*(?:\.\d+)?[a-zA-Z]")

Texts = tuple[str, ...]


def parameter(number: int) -> str:
    """The gap that stands for a parameter."""
    return f"\ue000{number}\ue001"


def class_text(name: str) -> str:
    return _CLASS + name


def class_of(text: str) -> str | None:
    """The class of a class literal's text."""
    return text[1:] if text.startswith(_CLASS) else None


def parameters_in(text: str) -> frozenset[int]:
    return frozenset(int(n) for n in _PARAMETER.findall(text))


def without_parameters(text: str) -> str:
    """Every gap a HOLE."""
    return _PARAMETER.sub(HOLE, text)


def fill(text: str, arguments: Sequence[Texts]) -> Texts:
    """The text with its parameters replaced by each combination of the arguments' texts."""
    numbers = sorted(parameters_in(text))
    choices = [arguments[n] if n < len(arguments) and arguments[n] else (HOLE,) for n in numbers]
    found = []
    for chosen in itertools.islice(itertools.product(*choices), MOST):
        by_number = dict(zip(numbers, chosen, strict=True))
        found.append(_PARAMETER.sub(lambda m, by=by_number: by[int(m[1])], text))  # type: ignore[misc]
    return tuple(dict.fromkeys(found))


class Strings:
    """Answers for one Program. Nothing is computed before it is asked."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._orders: dict[str, Order] = {}
        self._stores: dict[str, list[tuple[Body, Store]]] | None = None
        self._returns: dict[str, Texts] = {}
        self._busy: set[object] = set()
        self._values: dict[tuple[str, str, int], Texts] = {}
        self._nested = 0
        self._calls: dict[str, list[tuple[Body, Invoke | New]]] | None = None

    def order(self, body: Body) -> Order:
        found = self._orders.get(body.key)
        if found is None:
            found = self._orders[body.key] = Order(body)
        return found

    def of(self, body: Body, value: Value, at: Statement) -> Texts:
        """The texts that `value` may have where statement `at` of `body` uses it; () where it is no text at all (null)."""
        return self._value(body, value, self.order(body).at(at), 0)

    def elements(self, body: Body, array: Value, at: Statement) -> Texts:
        """The texts that any element of an array may have."""
        return tuple(without_parameters(t) for t in self._elements(body, array, self.order(body).at(at), 0))

    def stores(self, field: str) -> list[tuple[Body, Store]]:
        """Every assignment of a field, with its body."""
        if self._stores is None:
            self._stores = {}
            for site in self._facts.sites(Store):
                if isinstance(site.statement, Store):
                    self._stores.setdefault(site.statement.field, []).append((site.body, site.statement))
        return self._stores.get(field, [])

    def _value(self, body: Body, value: Value, before: int, depth: int) -> Texts:
        if isinstance(value, Const):
            if isinstance(value.value, ClassType):
                return (class_text(value.value.name),)
            return () if value.value is None else (_constant(value),)
        if depth > _DEPTH or self._nested > _NESTED:
            return (HOLE,)
        # Each conditional `sql += ...` reads the text before it: without the memory, ways would multiply.
        key = (body.key, value.name, before)
        known = self._values.get(key)
        if known is None:
            self._nested += 1
            try:
                known = self._local(body, value, before, depth)
            finally:
                self._nested -= 1
            self._values[key] = known
        return known

    def _local(self, body: Body, value: Local, before: int, depth: int) -> Texts:
        found: dict[str, None] = {}
        definitions = self.order(body).reaching(value.name, before)
        for definition in definitions:
            found.update(dict.fromkeys(self._definition(body, definition, depth)))
        if not definitions:
            return self._outside(body, value, depth)
        names = [p.name for p in body.params]
        if value.name in names and not any(self._always(body, d, before) for d in definitions):
            found[parameter(names.index(value.name))] = None
        return _limit(found)

    def _always(self, body: Body, definition: Definition, before: int) -> bool:
        order = self.order(body)
        path = order.statements[before][0] if before < len(order.statements) else (0,)
        return path[: len(definition.path)] == definition.path

    def _outside(self, body: Body, value: Local, depth: int) -> Texts:
        """A parameter, or a variable of the body around a lambda."""
        names = [p.name for p in body.params]
        if value.name in names:
            return (parameter(names.index(value.name)),)
        around = self._facts.program.bodies.get(body.enclosing) if body.enclosing else None
        if around is None:
            return (HOLE,)
        found = self._value(around, value, len(self.order(around).statements), depth + 1)
        # The lambda's own parameters have other numbers.
        return tuple(dict.fromkeys(without_parameters(t) for t in found))

    def _definition(self, body: Body, definition: Definition, depth: int) -> Texts:
        statement, at = definition.statement, definition.at
        match statement:
            case Copy(value=value) | Cast(value=value):
                return self._value(body, value, at, depth)
            case Binary(op="+", left=left, right=right):
                return _joined([self._value(body, left, at, depth), self._value(body, right, at, depth)])
            case Load(field=field):
                return self.field(field, depth + 1)
            case ArrayLoad(array=array):
                return self._elements(body, array, at, depth)
            case Invoke():
                return self._invoke(body, statement, at, depth)
            case New(cls=cls, args=args) if cls == "java.lang.String" and args:
                return self._value(body, args[0], at, depth)
            case _:
                return (HOLE,)

    def field(self, key: str, depth: int = 0) -> Texts:
        """The texts that are ever assigned to a field; parameters of constructors and setters are filled in by their callers."""
        symbol = self._facts.program.field(key)
        if symbol is not None and symbol.constant is not None:
            return (str(symbol.constant),)
        if key in self._busy or depth > _DEPTH:
            return (HOLE,)
        self._busy.add(key)
        try:
            found: dict[str, None] = {}
            for body, store in self.stores(key):
                for text in self._value(body, store.value, self.order(body).at(store), depth):
                    found.update(dict.fromkeys(self._by_callers(body, text, depth)))
            return _limit(found) or (HOLE,)
        finally:
            self._busy.discard(key)

    def _by_callers(self, body: Body, text: str, depth: int) -> Texts:
        if not parameters_in(text):
            return (text,)
        found: dict[str, None] = {}
        for caller, statement, arguments in self.callers(body.key):
            at = self.order(caller).at(statement)
            values = [tuple(without_parameters(t) for t in self._value(caller, a, at, depth + 1)) for a in arguments]
            found.update(dict.fromkeys(fill(text, values)))
        return _limit(found) or (without_parameters(text),)

    def callers(self, key: str) -> list[tuple[Body, Statement, tuple[Value, ...]]]:
        """The calls that may run a body, by name and hierarchy, with their arguments."""
        found: list[tuple[Body, Statement, tuple[Value, ...]]] = []
        for called in dict.fromkeys((key, *self._facts.dispatch.called_as(key))):
            for body, statement in self._calls_by_key().get(called, ()):
                virtual = isinstance(statement, Invoke) and statement.kind in (InvokeKind.VIRTUAL, InvokeKind.INTERFACE)
                if called == key or virtual:
                    found.append((body, statement, statement.args))
        return found

    def _calls_by_key(self) -> Mapping[str, list[tuple[Body, Invoke | New]]]:
        if self._calls is None:
            self._calls = {}
            for kind in (Invoke, New):
                for site in self._facts.sites(kind):
                    statement = site.statement
                    if isinstance(statement, Invoke | New):
                        key = statement.method if isinstance(statement, Invoke) else statement.constructor
                        if key:
                            self._calls.setdefault(key, []).append((site.body, statement))
        return self._calls

    def _elements(self, body: Body, array: Value, at: int, depth: int) -> Texts:
        """Any element of an array: what its literal lists, and what is stored into it in the same body."""
        if not isinstance(array, Local):
            return (HOLE,)
        found: dict[str, None] = {}
        for definition in self.order(body).reaching(array.name, at):
            statement = definition.statement
            if isinstance(statement, NewArray):
                for element in statement.elements or ():
                    found.update(dict.fromkeys(self._value(body, element, definition.at, depth + 1)))
            elif isinstance(statement, Copy | Cast):
                found.update(dict.fromkeys(self._elements(body, statement.value, definition.at, depth + 1)))
            elif isinstance(statement, Load):
                for around, stored in self.stores(statement.field):
                    where = self.order(around).at(stored)
                    found.update(dict.fromkeys(self._elements(around, stored.value, where, depth + 1)))
            else:
                found[HOLE] = None
        for number, (_, store) in enumerate(self.order(body).statements):
            if isinstance(store, ArrayStore) and isinstance(store.array, Local) and store.array.name == array.name:
                found.update(dict.fromkeys(self._value(body, store.value, number, depth + 1)))
        return _limit(found) or (HOLE,)

    def _invoke(self, body: Body, call: Invoke, at: int, depth: int) -> Texts:
        if call.method is None:
            return (HOLE,)
        key = parse_key(call.method)
        if key.owner in _BUILDERS and call.receiver is not None:
            return self._builder(body, call.receiver, at, depth)
        if key.owner in ("java.lang.String", "java.util.Objects", "java.lang.Object"):
            return self._string_method(body, call, key.name, at, depth)
        target = self._facts.program.bodies.get(call.method)
        if target is None or not call.method.endswith(")Ljava/lang/String;"):
            return (HOLE,)
        arguments = [self._value(body, a, at, depth + 1) for a in call.args]
        filled = [t for text in self.returned(target, depth + 1) for t in fill(text, arguments)]
        return _limit(dict.fromkeys(filled)) or (HOLE,)

    def returned(self, body: Body, depth: int = 0) -> Texts:
        """What a method may return, its parameters as gaps."""
        known = self._returns.get(body.key)
        if known is not None:
            return known
        if body.key in self._busy or depth > _DEPTH:
            return (HOLE,)
        self._busy.add(body.key)
        try:
            found: dict[str, None] = {}
            for number, (_, statement) in enumerate(self.order(body).statements):
                if isinstance(statement, Return) and statement.value is not None:
                    found.update(dict.fromkeys(self._value(body, statement.value, number, depth)))
        finally:
            self._busy.discard(body.key)
        result = self._returns[body.key] = _limit(found)
        return result

    def _string_method(self, body: Body, call: Invoke, name: str, at: int, depth: int) -> Texts:
        arguments = [self._value(body, a, at, depth) for a in call.args]
        own = self._value(body, call.receiver, at, depth) if call.receiver is not None else None
        if name == "concat" and own is not None:
            return _joined([own, arguments[0]])
        if name in ("format", "formatted"):
            pattern = own if own is not None and name == "formatted" else next((a for a in arguments if any("%" in t for t in a)), ())
            return tuple(_FORMAT.sub(HOLE, t) for t in pattern) or (HOLE,)
        if name == "join" and len(arguments) > 1:
            return (HOLE,)
        if name in _SAME or name.startswith("replace"):
            return own if own is not None else (arguments[0] if arguments else (HOLE,))
        return (HOLE,)

    def _builder(self, body: Body, receiver: Value, before: int, depth: int) -> Texts:
        """Everything that is appended to a builder before a place, in source order."""
        made = self._made(body, receiver, before)
        if made is None:
            return (HOLE,)
        start = made.statement
        initial: list[Texts] = []
        if isinstance(start, New) and start.args:
            first = start.args[0]
            if isinstance(first, Local) or isinstance(first.value, str):
                initial.append(self._value(body, first, made.at, depth + 1))
        pieces = initial
        for number, (_, statement) in enumerate(self.order(body).statements[:before]):
            if isinstance(statement, Invoke) and statement.method and statement.args and statement.receiver is not None:
                key = parse_key(statement.method)
                if key.owner in _BUILDERS and key.name == "append" and self._made(body, statement.receiver, number) == made:
                    pieces.append(self._value(body, statement.args[0], number, depth + 1) or (HOLE,))
        return _joined(pieces)

    def _made(self, body: Body, value: Value, before: int) -> Definition | None:
        """Where a builder was made: through copies and the results of its own append calls."""
        for _ in range(1000):
            if not isinstance(value, Local):
                return None
            reaching = self.order(body).reaching(value.name, before)
            if len(reaching) != 1:
                return None
            definition = reaching[0]
            statement, before = definition.statement, definition.at
            if isinstance(statement, Copy | Cast):
                value = statement.value
            elif isinstance(statement, Invoke) and statement.method and statement.method.partition("#")[0] in _BUILDERS:
                if statement.receiver is None:
                    return None
                value = statement.receiver
            else:
                return definition if isinstance(statement, New) else None
        return None


def _constant(value: Const) -> str:
    if isinstance(value.value, bool):
        return "true" if value.value else "false"
    return str(value.value)


def _limit(found: Iterable[str]) -> Texts:
    kept = tuple(found)
    return kept if len(kept) <= MOST else (*kept[: MOST - 1], HOLE)


def _joined(pieces: Sequence[Texts]) -> Texts:
    """Every combination, in order; a piece that has no text (null) is left out."""
    texts: Texts = ("",)
    for piece in pieces:
        texts = _limit(dict.fromkeys(a + b for a in texts for b in (piece or (HOLE,))))
    return texts
