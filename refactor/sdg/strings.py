"""What a string may be when the program runs: followed through constants, fields, locals, concatenation, builders and calls.

A text may hold two kinds of gaps: HOLE, where nothing is known, and the number of a parameter of the method around
(`parameter(n)`), which a caller can fill in. A class literal is a text too: `class_text(name)`.

    before: String sql = "select * from " + T + " where id = ?";   with T a static final String "orders"
    after:  {"select * from orders where id = ?"}
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    Lambda,
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
from refactor.ir.types import ClassType, PrimitiveType, Type
from refactor.sdg.order import Definition, Order
from refactor.sdg.tables.sql import HOLE

MOST = 24
"""Texts that are kept of one value; what is beyond them becomes one HOLE."""
_DEPTH = 6
_NESTED = 150
_PARAMETER = re.compile("\ue000(\\d+)\ue001")
_CLASS = "\ue002"
_BUILDERS = frozenset({"java.lang.StringBuilder", "java.lang.StringBuffer"})
_NUMBERS = frozenset(f"java.lang.{n}" for n in ("Byte", "Short", "Integer", "Long", "Float", "Double", "Boolean"))
_SAME = frozenset({"trim", "strip", "toString", "intern", "toLowerCase", "toUpperCase", "stripIndent", "valueOf", "requireNonNull"})
_READS = frozenset({"toString", "length", "isEmpty", "charAt", "indexOf", "lastIndexOf", "equals", "hashCode", "ensureCapacity"})
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


def is_number(type_: Type) -> bool:
    """Whether a value of the type puts a number into a text: never a name."""
    if isinstance(type_, PrimitiveType):
        return type_.name != "char"
    return isinstance(type_, ClassType) and type_.name in _NUMBERS


def numbers_known(body: Body, text: str) -> str:
    """The text with the body's parameters that are numbers filled in: they name nothing."""
    numbers = {n for n in parameters_in(text) if n < len(body.params) and is_number(body.params[n].type)}
    return _PARAMETER.sub(lambda m: "0" if int(m[1]) in numbers else m[0], text)


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
        if is_number(value.type) and all(p.name != value.name for p in body.params):
            return ("0",)
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
            for text in self._components(key, depth):
                found[text] = None
            for body, store in self.stores(key):
                for text in self._value(body, store.value, self.order(body).at(store), depth):
                    found.update(dict.fromkeys(self._by_callers(body, text, depth)))
            return _limit(found) or (HOLE,)
        finally:
            self._busy.discard(key)

    def _components(self, key: str, depth: int) -> Iterator[str]:
        """What a record's field is given by its constructor, where nobody has written one."""
        owner, _, name = key.partition("#")
        cls = self._facts.program.classes.get(owner)
        names = [c.name for c in cls.record_components] if cls is not None else []
        if cls is None or name.partition(":")[0] not in names or self.stores(key):
            return
        number = names.index(name.partition(":")[0])
        for site in self._facts.sites(New):
            new = site.statement
            if isinstance(new, New) and new.cls == owner and len(new.args) == len(names):
                at = self.order(site.body).at(new)
                for text in self._value(site.body, new.args[number], at, depth + 1):
                    yield from self._by_callers(site.body, text, depth + 1)

    def _by_callers(self, body: Body, text: str, depth: int) -> Texts:
        """A text with the body's parameters filled in by whoever calls it, and theirs by who calls those."""
        if not parameters_in(text):
            return (text,)
        if depth > _DEPTH or ("callers", body.key) in self._busy:
            return (without_parameters(text),)
        self._busy.add(("callers", body.key))
        try:
            found: dict[str, None] = {}
            for caller, statement, arguments in self.callers(body.key):
                at = self.order(caller).at(statement)
                values = [self._value(caller, a, at, depth + 1) for a in arguments]
                for filled in fill(text, values):
                    found.update(dict.fromkeys(self._by_callers(caller, filled, depth + 1)))
            return _limit(found) or (without_parameters(text),)
        finally:
            self._busy.discard(("callers", body.key))

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
        if not call.method.endswith(")Ljava/lang/String;"):
            return (HOLE,)
        arguments = [self._value(body, a, at, depth + 1) for a in call.args]
        found: dict[str, None] = {}
        for target in self._targets(call):
            returned = self.returned(target, depth + 1) if isinstance(target, Body) else self.field(target, depth + 1)
            found.update(dict.fromkeys(t for text in returned for t in fill(text, arguments)))
        return _limit(found) or (HOLE,)

    def _targets(self, call: Invoke) -> list[Body | str]:
        """The bodies that a call may run, and the fields of records whose accessors nobody has written."""
        facts, key = self._facts, parse_key(call.method or "")
        found: list[Body | str] = [facts.program.bodies[k] for k in facts.dispatch.targets(call)]
        if not call.args and key.owner in facts.top:
            for name in sorted(facts.hierarchy.subtypes(key.owner)):
                cls = facts.symbol(name)
                written = any(m.name == key.name and not m.params and m.key in facts.program.bodies for m in cls.methods)
                found += [f.key for c in cls.record_components for f in cls.fields if c.name == f.name == key.name and not written]
        return found

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
            given = self._spread(body, call.args[-1], at, depth) if call.args else []
            return _limit(dict.fromkeys(f for t in pattern for f in _formatted(t, given))) or (HOLE,)
        if name == "join" and len(arguments) > 1:
            between = self._spread(body, call.args[-1], at, depth)
            return _joined([p for each in between for p in (arguments[0], each)][1:]) if between else (HOLE,)
        if name == "replace" and own is not None and all(len(a) == 1 and HOLE not in a[0] and not parameters_in(a[0]) for a in arguments):
            return tuple(dict.fromkeys(t.replace(arguments[0][0], arguments[1][0]) for t in own))
        if name in _SAME:
            return own if own is not None else (arguments[0] if arguments else (HOLE,))
        return (HOLE,)

    def _spread(self, body: Body, array: Value, at: int, depth: int) -> list[Texts]:
        """The texts of the arguments that are given one by one for `Object... all`; none where an array is given as it is."""
        made = self.order(body).reaching(array.name, at) if isinstance(array, Local) else []
        if len(made) != 1 or not isinstance(made[0].statement, NewArray):
            return []
        return [self._value(body, e, made[0].at, depth + 1) or (HOLE,) for e in made[0].statement.elements or ()]

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
                if key.owner in _BUILDERS and self._made(body, statement.receiver, number) == made and key.name not in _READS:
                    pieces.append((self._value(body, statement.args[0], number, depth + 1) or (HOLE,)) if key.name == "append" else (HOLE,))
            given: tuple[Value, ...] = statement.args if isinstance(statement, Invoke | New) else ()
            given = statement.captures if isinstance(statement, Lambda) else given
            if any(isinstance(v, Local) and _is_builder(v.type) and self._made(body, v, number) == made for v in given):
                pieces.append((HOLE,))  # somebody else may append to it
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


def _is_builder(type_: Type) -> bool:
    return isinstance(type_, ClassType) and type_.name in (*_BUILDERS, "java.lang.CharSequence", "java.lang.Appendable", "java.lang.Object")


def _constant(value: Const) -> str:
    if isinstance(value.value, bool):
        return "true" if value.value else "false"
    return str(value.value)


def _formatted(pattern: str, given: Sequence[Texts]) -> Texts:
    """A format with its arguments put in, where each is written as `%s` or `%d` and stands in order."""
    places = _FORMAT.findall(pattern.replace("%%", "").replace("%n", ""))
    if len(places) != len(given) or any(p not in ("%s", "%d") for p in places):
        return (_FORMAT.sub(HOLE, pattern),)
    pieces = re.split("%s|%d", pattern)
    texts: list[Texts] = [(pieces[0],)]
    for each, rest in zip(given, pieces[1:], strict=False):
        texts += [each, (rest,)]
    return tuple(t.replace("%n", "\n").replace("%%", "%") for t in _joined(texts))


def _limit(found: Iterable[str]) -> Texts:
    kept = tuple(found)
    return kept if len(kept) <= MOST else (*kept[: MOST - 1], HOLE)


def _joined(pieces: Sequence[Texts]) -> Texts:
    """Every combination, in order; a piece that has no text (null) is left out."""
    texts: Texts = ("",)
    for piece in pieces:
        texts = _limit(dict.fromkeys(a + b for a in texts for b in (piece or (HOLE,))))
    return texts
