"""Arrays that are still being built: what is written into one before anybody else can have seen it is part of making it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from refactor.flow.arrayfacts import ArrayLibrary
from refactor.flow.facts import Defining, Facts, flat
from refactor.ir.program import Body
from refactor.ir.statements import (
    ArrayLoad,
    ArrayStore,
    Binary,
    Const,
    Copy,
    InstanceOf,
    Invoke,
    Local,
    LocalClass,
    New,
    NewArray,
    Return,
    Statement,
    Store,
    Throw,
    Unary,
    Value,
)
from refactor.ir.symbols import Flags
from refactor.ir.types import ArrayType, Type

_NOBODY = 1 << 60
_ARRAYS_ARE = frozenset({"java.lang.Object", "java.lang.Cloneable", "java.io.Serializable"})


@dataclass(slots=True)
class NewArrays:
    """Answers for one program. `int[] x = new int[n]; for (..) x[i] = i; return x;`: no store of it is a write."""

    facts: Facts
    library: ArrayLibrary
    _seen: dict[tuple[str, str], int] = field(default_factory=dict)
    _orders: dict[str, dict[int, tuple[int, int]]] = field(default_factory=dict)
    _captured: dict[str, dict[str, set[str]]] | None = None

    def builds(self, body: Body, array: Value, at: Statement) -> bool:
        """Whether a statement writes into `array` before the first use that could show the array to somebody."""
        if not isinstance(array, Local):
            return False
        name, made, rows = array.name, self._made(body, array.name), 0
        while isinstance(made, ArrayLoad) and isinstance(made.array, Local):  # t[i][j] = v writes into a row of t
            name, made, rows = made.array.name, self._made(body, made.array.name), rows + 1
        if made is None or not self._is_new(made) or not (rows == 0 or self._has_own_rows(body, name, made, rows)):
            return False
        return self._order(body)[id(at)][0] < self._first_seen(body, name, made)

    def arguments(self, body: Body, key: str | None, args: tuple[Value, ...]) -> Iterator[tuple[int, Value, Type | None]]:
        """(number, argument, type of its parameter): what is given one by one as the elements of a parameter is taken so."""
        method = self.facts.program.method(key) if key else None
        for number, arg in enumerate(args):
            declared = method.params[min(number, len(method.params) - 1)].type if method is not None and method.params else None
            spread = self.spread(body, arg) if isinstance(declared, ArrayType) and number == len(args) - 1 else None
            if spread is None or not isinstance(declared, ArrayType):
                yield number, arg, declared
            else:
                for element in spread.elements or ():
                    yield number, element, declared.element

    def spread(self, body: Body, value: Value) -> NewArray | None:
        """The array that is made for the arguments of one call, as `f(a, b)` of `f(T... all)` does; nobody else has its name."""
        if not isinstance(value, Local) or len(self.facts.uses(body).get(value.name, ())) != 1:
            return None
        made = self.facts.definitions(body).get(value.name, [])
        return made[0] if len(made) == 1 and isinstance(made[0], NewArray) and made[0].elements is not None else None

    def _made(self, body: Body, name: str) -> Defining | None:
        """The one statement that makes what a local holds."""
        made = self.facts.definitions(body).get(name, [])
        if len(made) == 1 and isinstance(made[0], Copy) and isinstance(made[0].value, Local):
            # `x = new T[n]` is a temporary copied once; nobody else reads the temporary.
            temporary = made[0].value.name
            if len(self.facts.uses(body).get(temporary, ())) == 1:
                made = self.facts.definitions(body).get(temporary, [])
        return made[0] if len(made) == 1 else None

    def _is_new(self, made: Defining) -> bool:
        if isinstance(made, NewArray):
            return True
        if not isinstance(made, Invoke) or made.method is None or made.method.partition("#")[0] in self.facts.top:
            return False
        if made.receiver is not None and isinstance(made.receiver.type, ArrayType):
            return "#clone()" in made.method
        return self.library.borrows(made.method) and not self.library.returns(made.method)

    def _has_own_rows(self, body: Body, name: str, table: Defining, rows: int) -> bool:
        """Whether every row that a table has had was made for it."""
        if not isinstance(table, NewArray):
            return False
        put = [s.value for s in self.facts.uses(body).get(name, ()) if isinstance(s, ArrayStore) and _is(s.array, name)]
        if not put and table.elements is None:
            return len(table.dimensions) > rows
        made = [self._made(body, r.name) if isinstance(r, Local) else None for r in (*put, *(table.elements or ()))]
        alone = all(len(self.facts.uses(body).get(r.name, ())) == 1 for r in (*put, *(table.elements or ())) if isinstance(r, Local))
        return rows == 1 and alone and all(isinstance(m, NewArray) for m in made)

    def _first_seen(self, body: Body, name: str, made: Defining) -> int:
        """The number of the first statement that could show the array; before all others where a loop may come back from it."""
        key = body.key, name
        if key not in self._seen:
            order = self._order(body)
            born = order[id(made)][1]
            first = _NOBODY
            for use in (*self.facts.uses(body).get(name, ()), *self._capturing(body, name)):
                at, depth = order.get(id(use), (-1, 0))
                if not self._is_quiet(body, use, name):
                    first = min(first, -1 if depth > born else at)
            self._seen[key] = first
        return self._seen[key]

    def _is_quiet(self, body: Body, use: Statement, name: str) -> bool:
        """Whether a statement neither keeps the array nor shows it to code of the program that writes into it later."""
        match use:
            case ArrayStore(array=array, value=value):
                return _is(array, name) and not _is(value, name)
            case ArrayLoad(array=array, target=target):
                if not isinstance(target.type, ArrayType):
                    return _is(array, name)
                only = len(self.facts.definitions(body).get(target.name, ())) == 1
                return only and all(self._is_quiet(body, u, target.name) for u in self.facts.uses(body).get(target.name, ()))
            case Unary() | InstanceOf() | Return() | Throw() | Binary(op="==" | "!="):
                return True  # after a return nothing of this call writes any more
            case Invoke(method=str(key), receiver=receiver) if key.partition("#")[0] not in self.facts.top:
                if _is(receiver, name):
                    return "#clone()" in key
                return self.library.borrows(key) and not self.library.returns(key)
            case _:
                return False

    def _capturing(self, body: Body, name: str) -> Iterator[Statement]:
        """The places where a local or anonymous class that reads a local of the body around it is declared or made."""
        if self._captured is None:
            self._captured = {}
            facts = self.facts
            for cls in facts.program.classes.values():
                if cls.enclosing_method is not None:
                    named = self._captured.setdefault(cls.enclosing_method, {})
                    own = (b for b in facts.bodies.get(facts.top[cls.name], ()) if f"{b.owner}$".startswith(f"{cls.name}$"))
                    named[cls.name] = {n for b in own for n in facts.uses(b)}
        for cls_name, names in self._captured.get(body.key, {}).items():
            if name in names:
                makers = [s for s, _, _ in flat(body.statements) if isinstance(s, New | LocalClass) and s.cls == cls_name]
                yield from makers or (LocalClass(body.statements[0].span, cls_name),)  # made in a lambda: no place of this body

    def _order(self, body: Body) -> dict[int, tuple[int, int]]:
        found = self._orders.get(body.key)
        if found is None:
            found = self._orders[body.key] = {id(s): (at, depth) for at, (s, depth, _) in enumerate(flat(body.statements))}
        return found


def empty_fields(facts: Facts) -> frozenset[str]:
    """Keys of static final fields that hold an array without elements, made by the class's initialiser."""
    stores: dict[str, list[bool]] = {}
    for site in facts.sites(Store):
        store = site.statement
        if isinstance(store, Store) and isinstance(store.value.type, ArrayType) and store.receiver is None:
            stores.setdefault(store.field, []).append(_is_empty(facts, site.body, store.value))
    return frozenset(
        field_.key
        for cls in facts.program.classes.values()
        for field_ in cls.fields
        if field_.flags & Flags.STATIC and field_.flags & Flags.FINAL and stores.get(field_.key) == [True]
    )


def _is_empty(facts: Facts, body: Body, value: Value) -> bool:
    """Whether a value is `new T[0]` or `{}`, made for this one use."""
    while isinstance(value, Local):
        made = facts.definitions(body).get(value.name, [])
        if len(made) != 1:
            return False
        if isinstance(made[0], NewArray):
            if made[0].elements is not None:
                return not made[0].elements
            return isinstance(made[0].dimensions[0], Const) and made[0].dimensions[0].value == 0
        if not isinstance(made[0], Copy):
            return False
        value = made[0].value
    return False


def _is(value: Value | None, name: str) -> bool:
    return isinstance(value, Local) and value.name == name


def is_seen_as(facts: Facts, narrow: str, wide: str) -> bool:
    """Whether what one descriptor describes is what another one does: String[] and int[][] are Object[], a Timestamp is a Date."""
    if narrow.startswith("L") and wide.startswith("L"):
        return facts.hierarchy.is_subtype(narrow[1:-1].replace("/", "."), wide[1:-1].replace("/", "."))
    if not (wide.startswith("[L") and narrow.startswith(("[L", "[["))):
        return False
    element = wide[2:-1].replace("/", ".")
    if element in _ARRAYS_ARE:
        return True
    return narrow.startswith("[L") and facts.hierarchy.is_subtype(narrow[2:-1].replace("/", "."), element)
