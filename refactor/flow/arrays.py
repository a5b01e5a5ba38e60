"""Which arrays, and which library objects that travel as arrays do, may be the same one, where they are kept, who writes into them.

A unification-based analysis: every assignment joins its two sides, flow- and context-insensitively, over locals, fields,
parameters and results. What goes into a library call that is not known to give it back joins one class per array type, the
library's heap, from which library calls also give arrays out. What can hold an array without saying so (the root type,
type variables) takes part like an array; so do objects of the library's restored classes (a text buffer) and the interfaces
through which they are seen. Sound for the language's own constructs; reflection and native code are not seen,
nor is a superclass's method that implements an interface of its subclass only.
"""

from __future__ import annotations

from itertools import product
from typing import cast

from refactor.flow.arrayfacts import ArrayClass, ArrayFacts, ArrayLibrary, Crossing, Touch
from refactor.flow.facts import Facts, flat
from refactor.flow.foreign import runs_foreign_code
from refactor.flow.newarrays import NewArrays, empty_fields, is_seen_as
from refactor.ir.program import Body
from refactor.ir.statements import (
    ArrayLoad,
    ArrayStore,
    Cast,
    Copy,
    Invoke,
    Lambda,
    Load,
    Local,
    New,
    NewArray,
    Return,
    Store,
    Value,
)
from refactor.ir.symbols import MethodSymbol
from refactor.ir.types import ArrayType, ClassType, Type, TypeVar, descriptor, erase
from refactor.support.source import Span


def array_facts(facts: Facts, library: ArrayLibrary, root: str = "java.lang.Object") -> ArrayFacts:
    """before: Facts   after: ArrayFacts, from one pass over the statements that can move an array"""
    return _Solver(facts, library, root).solve()


class _Solver:
    def __init__(self, facts: Facts, library: ArrayLibrary, root: str) -> None:
        self._facts = facts
        self._library = library
        self._root = root
        self._ids: dict[tuple[str, ...], int] = {}
        self._parent: list[int] = []
        self._written: list[tuple[int, Touch]] = []
        self._kept: list[tuple[int, Touch]] = []
        self._crossings: list[tuple[int, str, str, tuple[str, ...], Span, str]] = []
        self._locals: dict[str, frozenset[str]] = {}
        self._targets: dict[str, tuple[str, ...]] = {}
        self._used: list[tuple[int, str]] = []
        self._exact: dict[int, str] = {}  # the node of a variable that says what it holds -> its descriptor
        self._escaped: list[int] = []  # given to the library by a variable that does not say what it holds
        self._empty = empty_fields(facts)
        self._new = NewArrays(facts, library)
        self._foreign = runs_foreign_code(facts, library.functional, library.spares)

    # -- union-find

    def _node(self, *key: str) -> int:
        found = self._ids.get(key)
        if found is None:
            found = self._ids[key] = len(self._parent)
            self._parent.append(found)
        return found

    def _find(self, node: int) -> int:
        parent = self._parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def _join(self, one: int | None, other: int | None) -> None:
        if one is not None and other is not None:
            a, b = self._find(one), self._find(other)
            if a != b:
                self._parent[max(a, b)] = min(a, b)

    # -- variables

    def _is_clone(self, body: Body, value: Value) -> bool:
        """Whether a value can only be a copy that the library has just made of an array or a restored object."""
        made = self._facts.definitions(body).get(value.name, ()) if isinstance(value, Local) else ()
        calls = [m for m in made if isinstance(m, Invoke) and m.method and m.receiver is not None]
        return bool(made) and len(calls) == len(made) and all(
            "#clone()" in (m.method or "") and not self._callees(m.method) and m.receiver is not None and self._is_exact(m.receiver.type)
            for m in calls
        )

    def _holds(self, type_: Type) -> bool:
        if isinstance(type_, ArrayType):
            return True
        if isinstance(type_, ClassType):
            name = type_.name
            return name == self._root or self._library.restored(name) or self._library.seen_as(name)
        return isinstance(type_, TypeVar) and (not type_.bounds or self._holds(type_.bounds[0]))

    def _is_exact(self, type_: Type) -> bool:
        """Whether a variable of the type holds an array, or an object of a restored class, and nothing else."""
        return isinstance(type_, ArrayType) or (isinstance(type_, ClassType) and self._library.restored(type_.name))

    def _value(self, body: Body, value: Value | None) -> int | None:
        """The node of a local that may hold an array; captured ones are those of the enclosing body."""
        if not isinstance(value, Local) or not self._holds(value.type):
            return None
        node = self._node("l", self._home(body, value.name), value.name)
        if self._is_exact(value.type):
            self._exact[node] = descriptor(value.type)
        return node

    def _home(self, body: Body, name: str) -> str:
        """The key of the body that declares a local."""
        at = body
        while True:
            own = self._locals.get(at.key)
            if own is None:
                assigned = {p.name for p in at.params}
                assigned.update(self._facts.definitions(at))
                for statement, _, _ in flat(at.statements):
                    for catch in getattr(statement, "catches", ()):
                        assigned.add(catch.variable.name)
                own = self._locals[at.key] = frozenset(assigned)
            # A lambda may assign a captured variable only where the language lets it; then both have it and the outer one wins.
            outer = at.enclosing or self._facts.program.classes[at.owner].enclosing_method
            around = self._facts.program.bodies.get(outer) if outer and not name.startswith("$") else None
            if around is None or (name in own and at.enclosing is None) or any(p.name == name for p in at.params):
                return at.key
            if name in own and not self._declared(around, name):
                return at.key
            at = around

    def _declared(self, body: Body, name: str) -> bool:
        at: Body | None = body
        while at is not None:
            if any(p.name == name for p in at.params) or name in self._facts.definitions(at):
                return True
            outer = at.enclosing or self._facts.program.classes[at.owner].enclosing_method
            at = self._facts.program.bodies.get(outer) if outer else None
        return False

    def _parameter(self, method: str, at: int) -> int:
        body = self._facts.program.bodies.get(method)
        node = self._node("p", method, str(at))
        if body is not None and at < len(body.params):
            self._join(node, self._node("l", method, body.params[at].name))
        return node

    def _library_heap(self, type_: Type) -> int:
        return self._node("lib", descriptor(type_) if self._is_exact(type_) else "")

    # -- constraints

    def solve(self) -> ArrayFacts:
        facts = self._facts
        for kind in (Copy, Cast):
            for site in facts.sites(kind):
                statement = cast(Copy | Cast, site.statement)
                target, source = self._value(site.body, statement.target), self._value(site.body, statement.value)
                self._join(target, source)
                cast_down = self._is_exact(statement.target.type) and not self._is_exact(statement.value.type)
                if target is not None and cast_down and not self._is_clone(site.body, statement.value):
                    self._join(target, self._library_heap(statement.target.type))
        for site in facts.sites(ArrayLoad):
            load = cast(ArrayLoad, site.statement)
            self._join(self._value(site.body, load.target), self._element(site.body, load.array))
        for site in facts.sites(ArrayStore):
            store = cast(ArrayStore, site.statement)
            inner = self._value(site.body, store.value)
            touch = Touch(site.top, store.span, site.body.key)
            if inner is not None:
                self._join(inner, self._element(site.body, store.array))
                self._kept.append((inner, touch))
            array = self._value(site.body, store.array)
            if array is not None and not self._new.builds(site.body, store.array, store):
                self._written.append((array, touch))
        for site in facts.sites(NewArray):
            made = cast(NewArray, site.statement)
            for element in () if self._is_spread(site.body, made) else made.elements or ():
                inner = self._value(site.body, element)
                if inner is not None:
                    self._join(inner, self._element(site.body, made.target))
                    self._kept.append((inner, Touch(site.top, made.span, site.body.key)))
            self._value(site.body, made.target)
        self._fields()
        for site in facts.sites(Return):
            value = self._value(site.body, cast(Return, site.statement).value)
            if value is not None:
                self._join(value, self._node("r", site.body.key))
        for site in facts.sites(New):
            new = cast(New, site.statement)
            if new.constructor is not None:
                self._call(site.body, site.top, new.constructor, new.args, None, new)
        for site in facts.sites(Invoke):
            call = cast(Invoke, site.statement)
            self._receiver(site.body, site.top, call)
            self._call(site.body, site.top, call.method, call.args, call.target, call)
        self._closures()
        self._overrides()
        self._escape()
        return self._result()

    def _escape(self) -> None:
        """What went to the library unsaid is in the library's heap as whatever its class is known to hold."""
        changed = True
        while changed:
            changed = self._join_heaps()
            held: dict[int, set[str]] = {}
            for node, what in self._exact.items():
                held.setdefault(self._find(node), set()).add(what)
            for node in self._escaped:
                for what in sorted(held.get(self._find(node), ())):
                    heap = self._node("lib", what)
                    changed = changed or self._find(node) != self._find(heap)
                    self._join(node, heap)

    def _join_heaps(self) -> bool:
        """An array of the library is in the heap of each type that it can be seen as: a String[] is an Object[]."""
        pairs = [(a, b) for (wide, a), (narrow, b) in product(self._heaps(), repeat=2) if is_seen_as(self._facts, narrow, wide)]
        apart = [(a, b) for a, b in pairs if self._find(a) != self._find(b)]
        for one, other in apart:
            self._join(one, other)
        return bool(apart)

    def _element(self, body: Body, array: Value) -> int | None:
        """Elements that may be arrays: one node for all elements of an array variable's class."""
        outer = self._value(body, array)
        element = array.type.element if isinstance(array.type, ArrayType) else None
        if outer is None or element is None or not self._holds(element):
            return None
        return self._node("e", descriptor(erase(array.type)))

    def _fields(self) -> None:
        for kind in (Load, Store):
            for site in self._facts.sites(kind):
                access = cast(Load | Store, site.statement)
                value = access.target if isinstance(access, Load) else access.value
                found = self._value(site.body, value)
                if found is None or access.field in self._empty:
                    continue
                node = self._node("f", access.field)
                self._join(found, node)
                self._used.append((node, site.top))
                if isinstance(access, Store):
                    self._kept.append((node, Touch(site.top, access.span, site.body.key)))
                owner = self._facts.top_of_member(access.field)
                if owner is None:
                    self._join(node, self._library_heap(value.type))
                elif owner != site.top:
                    self._crossings.append((node, "field", site.top, (owner,), access.span, access.field))

    def _call(self, body: Body, top: str, key: str | None, args: tuple[Value, ...], target: Local | None, at: Invoke | New) -> None:
        callees = self._callees(key)
        if key is None or not callees:
            return self._library_call(body, top, key, args, target, at)
        result = self._value(body, target)
        nodes = [(i, n) for i, a in enumerate(args) if (n := self._value(body, a)) is not None]
        others = tuple(c for c in callees if c != top)
        method = self._facts.program.method(key)
        for number, node in nodes:
            self._join(node, self._parameter(key, number))
            declared = method.params[number].type if method is not None and number < len(method.params) else None
            if others and not (isinstance(declared, ClassType) and self._library.shared_as(declared.name)):
                self._crossings.append((node, "argument", top, others, at.span, key))
        if result is not None:
            self._join(result, self._node("r", key))
            if others:
                self._crossings.append((result, "result", top, others, at.span, key))

    def _library_call(
        self, body: Body, top: str, key: str | None, args: tuple[Value, ...], target: Local | None, at: Invoke | New
    ) -> None:
        """What library code may do with arrays that it is given: write, keep, give back; all of it where it is not known."""
        library, touch = self._library, Touch(top, at.span, body.key)
        result = self._value(body, target)
        fresh = key is not None and (library.borrows(key) or library.returns(key))
        for number, arg, declared in self._new.arguments(body, key, args):
            node = self._value(body, arg)
            if node is None:
                continue
            single = declared is not None and not isinstance(declared, ArrayType)
            if key is not None and library.returns(key):
                self._join(result, node)
            if self._may_write(key, number, arg, declared) and not self._new.builds(body, arg, at):
                self._written.append((node, touch))
            if key is None or (single and library.spreads(key)) or not (fresh or library.mutates(key, number, single)):
                if key is None or not (single and library.looks_up(key)):  # a comparator of the program may be shown what is looked up
                    self._kept.append((node, touch))
                self._give(node, arg.type)
                self._give(self._element(body, arg), _element_type(arg))
            elif library.spreads(key):
                self._give(self._element(body, arg), _element_type(arg))
            if target is not None and not isinstance(arg.type, ArrayType) and erase(target.type) == erase(arg.type):
                self._join(result, node)  # what is appended to is often given back
        if result is not None and target is not None and not fresh:
            self._join(result, self._library_heap(target.type))

    def _is_spread(self, body: Body, made: NewArray) -> bool:
        """Whether an array is made for one call of the library only, which is taken to be given its elements."""
        for use in self._facts.uses(body).get(made.target.name, ()):
            if isinstance(use, Invoke | New) and self._new.spread(body, made.target) is made:
                key = use.method if isinstance(use, Invoke) else use.constructor
                if not self._callees(key):
                    return any(a in (made.elements or ()) for _, a, _ in self._new.arguments(body, key, use.args))
        return False

    def _give(self, node: int | None, type_: Type | None) -> None:
        if node is None or type_ is None:
            return
        if self._is_exact(type_):
            self._join(node, self._library_heap(type_))
        else:
            self._escaped.append(node)

    def _receiver(self, body: Body, top: str, call: Invoke) -> None:
        """A library method of a restored object may change it, and give it back."""
        node = self._value(body, call.receiver)
        if node is None or call.receiver is None or call.method is None or self._callees(call.method):
            return
        if self._library.writes(call.method) and not isinstance(call.receiver.type, ArrayType):
            self._written.append((node, Touch(top, call.span, body.key)))
        if self._library.returns_itself(call.method):
            self._join(self._value(body, call.target), node)

    def _may_write(self, key: str | None, at: int, arg: Value, declared: Type | None) -> bool:
        """Whether a library method may write into one of its arguments. `declared`: the type of the parameter, None where not known."""
        single = declared is not None and not isinstance(declared, ArrayType)
        if key is None or self._library.mutates(key, at, single):
            return True
        if isinstance(arg.type, ClassType) and (self._library.restored(arg.type.name) or self._library.seen_as(arg.type.name)):
            shown = erase(declared) if declared is not None else None
            return shown is None or (isinstance(shown, ClassType) and self._library.written_parameter(shown.name))
        return not (self._library.returns(key) or self._library.borrows(key) or (single and self._spares(key)))

    def _spares(self, key: str) -> bool:
        owner = key.partition("#")[0]
        return self._library.spares(owner) or (self._library.functional(owner) and not self._foreign)

    def _callees(self, key: str | None) -> tuple[str, ...]:
        """Top-level application classes whose code a call of this member may run; none for the library's own members."""
        if key is None:
            return ()
        found = self._targets.get(key)
        if found is None:
            facts = self._facts
            bodies = (*facts.dispatch.overriding(key), *facts.dispatch.functions(key))
            names = {facts.top[facts.program.bodies[k].owner] for k in bodies}
            owner = facts.top_of_member(key)
            found = self._targets[key] = tuple(sorted({*names, owner} if owner is not None else ()))
        return found

    def _closures(self) -> None:
        """Lambdas and method references: captured arrays are kept, parameters and results are those of the interface."""
        for site in self._facts.sites(Lambda):
            made = cast(Lambda, site.statement)
            for captured in made.captures:
                node = self._value(site.body, captured)
                if node is not None:
                    self._kept.append((node, Touch(site.top, made.span, site.body.key)))
            body = self._facts.program.bodies.get(made.body)
            if body is not None:
                self._implements(made.interface, body.key, [p.type for p in body.params])

    def _heaps(self) -> list[tuple[str, int]]:
        return [(key[1], node) for key, node in self._ids.items() if key[0] == "lib"]

    def _implements(self, interface: Type, body: str, params: list[Type]) -> None:
        methods = self._facts.dispatch.implements(interface)
        own = [m for m in methods if m.owner in self._facts.top]
        for at, type_ in enumerate(params):
            if self._holds(type_):
                for method in own:
                    if at < len(method.params):
                        self._join(self._parameter(body, at), self._parameter(method.key, at))
                if len(own) < len(methods) or not methods:
                    self._give(self._parameter(body, at), type_)
        for method in own:
            self._join(self._node("r", body), self._node("r", method.key))
        if len(own) < len(methods) or not methods:
            self._escaped.append(self._node("r", body))

    def _overrides(self) -> None:
        for cls in self._facts.program.classes.values():
            for method in cls.methods:
                places = [i for i, p in enumerate(method.params) if self._holds(p.type)]
                for at in places:
                    self._parameter(method.key, at)
                if (places or self._holds(method.result)) and not method.is_constructor:
                    for above in self._facts.dispatch.overridden(method):
                        self._override(method, above, places)

    def _override(self, method: MethodSymbol, above: MethodSymbol, places: list[int]) -> None:
        app = above.owner in self._facts.top
        for at in places:
            type_ = method.params[at].type
            if app:
                self._join(self._parameter(method.key, at), self._parameter(above.key, at))
            elif self._is_exact(type_):
                self._join(self._parameter(method.key, at), self._library_heap(type_))
        if self._holds(method.result):
            if app:
                self._join(self._node("r", method.key), self._node("r", above.key))
            elif self._is_exact(method.result):
                self._join(self._node("r", method.key), self._library_heap(method.result))

    # -- result

    def _result(self) -> ArrayFacts:
        classes: dict[int, ArrayClass] = {}
        by_node: dict[tuple[str, ...], int] = {}
        bodies = self._facts.program.bodies

        def of(node: int) -> ArrayClass:
            return classes.setdefault(self._find(node), ArrayClass())

        for key, node in self._ids.items():
            found = of(node)
            by_node[key] = self._find(node)
            if key[0] == "l":
                found.used.add(self._facts.top[bodies[key[1]].owner])
            elif key[0] == "f":
                found.fields.add(key[1])
            elif key[0] == "lib":
                found.library = True
        for node, touch in self._written:
            of(node).written.append(touch)
        for node, touch in self._kept:
            of(node).kept.append(touch)
        for node, top in self._used:
            of(node).used.add(top)
        for node, what in self._exact.items():
            if what.startswith("["):
                of(node).array = True
            else:
                of(node).restored = what[1:-1].replace("/", ".")
        crossings = tuple(
            Crossing(self._find(node), kind, user, callees, span, member)
            for node, kind, user, callees, span, member in self._crossings
            if of(node).tracked
        )
        return ArrayFacts(classes, crossings, by_node, self._empty)


def _element_type(array: Value) -> Type | None:
    return array.type.element if isinstance(array.type, ArrayType) else None
