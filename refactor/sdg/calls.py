"""The seam between call graphs and everything that only asks who calls whom: by hierarchy, or by points-to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from refactor.flow.callgraph import call_graph
from refactor.flow.facts import Facts
from refactor.flow.opencalls import OpenCall, open_calls
from refactor.ir.program import Body
from refactor.ir.statements import Invoke, InvokeKind, Local, New
from refactor.ir.symbols import ClassKind, ClassSymbol, Flags
from refactor.pointsto.result import PointsTo, Unreachable
from refactor.support.fast_init import fast_init
from refactor.support.source import Span


@fast_init
@dataclass(frozen=True, slots=True)
class Call:
    """`caller` may run `callee` from the place `span`; both are methods, a lambda's code counts for the method around it.

    A context is the text of its elements, None where the analysis had none. `arguments`: something other than constants is
    passed; `result`: what comes back is used. `via`: the library method that makes the call, where one does.
    """

    caller: str
    callee: str
    span: Span
    caller_context: str | None = None
    callee_context: str | None = None
    arguments: bool = False
    result: bool = False
    via: str = ""


@dataclass(slots=True)
class Calls:
    """All calls of one program, sorted. `policy` names the analysis; `unreachable` is empty where it has no entry points."""

    policy: str
    edges: tuple[Call, ...]
    unreachable: tuple[Unreachable, ...] = ()
    _callees: Mapping[str, frozenset[str]] | None = None
    _callers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def callees(self, method: str) -> frozenset[str]:
        return self._index().get(method, frozenset())

    def callers(self, method: str) -> frozenset[str]:
        self._index()
        return self._callers.get(method, frozenset())

    def _index(self) -> Mapping[str, frozenset[str]]:
        if self._callees is None:
            down: dict[str, set[str]] = {}
            up: dict[str, set[str]] = {}
            for edge in self.edges:
                down.setdefault(edge.caller, set()).add(edge.callee)
                up.setdefault(edge.callee, set()).add(edge.caller)
            self._callees = {m: frozenset(found) for m, found in down.items()}
            self._callers = {m: frozenset(found) for m, found in up.items()}
        return self._callees


def resolved_calls(facts: Facts, bodiless: Iterable[str] = ()) -> Calls:
    """before: Facts   after: Calls by name and class hierarchy, without contexts

    `bodiless`: methods without code that are nodes all the same (a repository's queries, inherited ones under the interface's name).
    """
    nodes, bodies = frozenset(bodiless), facts.program.bodies
    around = _around(facts)
    found: dict[_Key, Call] = {}
    pairs: set[tuple[str, str]] = set()
    for call, caller, keys in _sites(facts, nodes):
        for key in keys:
            if key in bodies or key in nodes:
                callee = around.get(key, key)
                if callee != caller:
                    pairs.add((caller, callee))
                    _keep(found, Call(caller, callee, call.span, None, None, *_flow(call)))
    for call, caller, key in _from_outside(facts):
        pairs.add((caller, key))
        _keep(found, Call(caller, key, call.span, None, None, *_flow(call), via="a class outside"))
    for one in open_calls(facts).calls:
        caller = around.get(one.body, one.body)
        for key in one.targets:
            callee = around.get(key, key)
            if callee != caller:
                pairs.add((caller, callee))
                _keep(found, Call(caller, callee, one.span, via=one.via))
    graph = call_graph(facts)
    for body in bodies.values():
        caller = around.get(body.key, body.key)
        for key in graph.callees.get(body.key, ()):
            callee = around.get(key, key)
            if callee != caller and (caller, callee) not in pairs:
                _keep(found, Call(caller, callee, body.span, via="<clinit>" if "#<clinit>" in key else "library"))
    return Calls("class hierarchy", tuple(found[key] for key in sorted(found)))


def _from_outside(facts: Facts) -> Iterable[tuple[Invoke, str, str]]:
    """In a library, which has no main: a class outside may extend a class here and implement an interface by what it inherits."""
    classes = facts.program.classes
    if any(m.name == "main" and m.flags & Flags.STATIC for cls in classes.values() for m in cls.methods):
        return
    by_rest: dict[str, list[tuple[ClassSymbol, str]]] = {}
    for cls in classes.values():
        if cls.kind is ClassKind.CLASS and not (cls.local or cls.anonymous):
            for method in cls.methods:
                if method.flags & Flags.PUBLIC and not method.flags & Flags.STATIC and method.key in facts.program.bodies:
                    by_rest.setdefault(method.key.partition("#")[2], []).append((cls, method.key))
    for site in facts.sites(Invoke):
        call = site.statement
        if isinstance(call, Invoke) and call.kind is InvokeKind.INTERFACE and call.method is not None:
            owner, _, rest = call.method.partition("#")
            interface = classes.get(owner)
            for cls, key in by_rest.get(rest, ()) if interface is not None else ():
                assert interface is not None
                below = (classes[n] for n in facts.hierarchy.subtypes(cls.name) if n in classes and not classes[n].flags & _CLOSED)
                seen = any(c.package == interface.package or (c.flags | interface.flags) & Flags.PUBLIC for c in below)
                caller = method_of(facts, site.body.key)
                if seen and owner not in facts.hierarchy.supertypes(cls.name) and caller != key:
                    yield call, caller, key


def points_to_calls(facts: Facts, result: PointsTo, bodiless: Iterable[str] = ()) -> Calls:
    """before: a points-to result   after: Calls with the contexts of caller and callee

    Calls of methods without code are no edges of the result: they are taken by name, under each context of their caller.
    """
    nodes = frozenset(bodiless)
    labels = [" > ".join(c) or None for c in result.contexts]
    at = {(site.body.key, site.statement.span): site.statement for kind in (Invoke, New) for site in facts.sites(kind)}
    found: dict[_Key, Call] = {}
    for edge in result.calls:
        caller, callee = method_of(facts, edge.caller), method_of(facts, edge.callee)
        if caller != callee:
            statement = at.get((edge.caller, edge.span))
            flow = _flow(statement) if isinstance(statement, Invoke | New) else (False, False)
            contexts = labels[edge.caller_context], labels[edge.callee_context]
            _keep(found, Call(caller, callee, edge.span, *contexts, *flow, edge.via))
    sites = list(_sites(facts, nodes))
    for call, caller, keys in sites:
        for key in keys:
            if key in nodes and key not in facts.program.bodies:
                for context in result.reached.get(caller, ()):
                    _keep(found, Call(caller, key, call.span, labels[context], None, *_flow(call)))
    more = _opened(facts, {method_of(facts, key) for key in result.reached}, found, sites)
    unreachable = tuple(u for u in result.unreachable if u.method not in more)
    return Calls(f"points-to, {result.policy}", tuple(found[key] for key in sorted(found)), unreachable)


def _opened(facts: Facts, reached: set[str], found: dict[_Key, Call], sites: list[_Site]) -> set[str]:
    """Adds the calls that points-to does not follow (`flow.opencalls`), and by hierarchy those of what runs only because of them.

    Gives the methods that only these calls reach.
    """
    opened = open_calls(facts)
    if not opened.calls and not opened.puts and not opened.looks:
        return set()
    bodies = facts.program.bodies
    plain: dict[str, list[tuple[Invoke | New, tuple[str, ...]]]] = {}
    for call, caller, keys in sites:
        plain.setdefault(caller, []).append((call, keys))
    by_method: dict[str, list[OpenCall]] = {}
    for one in opened.calls:
        by_method.setdefault(method_of(facts, one.body), []).append(one)
    parts: dict[str, list[str]] = {}
    for key in bodies:
        parts.setdefault(method_of(facts, key), []).append(key)
    graph = call_graph(facts)
    answered = {(call.caller, call.span) for call in found.values()}
    more: set[str] = set()
    todo = sorted(reached)
    while todo:
        caller = todo.pop()
        targets = [(Call(caller, t, one.span, via=one.via), t) for one in by_method.get(caller, ()) for t in one.targets]
        for call, keys in plain.get(caller, ()):
            # Where objects are put past points-to, a receiver may be any of its type; where results are anything, one of which it
            # knows none.
            known = not isinstance(call, Invoke) or (not opened.puts and ((caller, call.span) in answered or not opened.looks))
            if caller not in reached or not known:
                targets += [(Call(caller, method_of(facts, k), call.span, None, None, *_flow(call)), k) for k in keys if k in bodies]
        if caller not in reached:
            rest = sorted({k for part in parts.get(caller, ()) for k in graph.callees.get(part, ())} - {k for _, k in targets})
            targets += [(Call(caller, method_of(facts, k), bodies[caller].span, via="library"), k) for k in rest if caller in bodies]
        for made, _ in targets:
            if made.callee != caller:
                _keep(found, made)
            if made.callee not in reached and made.callee not in more:
                more.add(made.callee)
                todo.append(made.callee)
    return more


def method_of(facts: Facts, key: str) -> str:
    """The method that a body stands in: a lambda's is that of the method around it."""
    body: Body | None = facts.program.bodies.get(key)
    while body is not None and body.enclosing and body.enclosing in facts.program.bodies:
        key = body.enclosing
        body = facts.program.bodies[key]
    return key


def _around(facts: Facts) -> dict[str, str]:
    """The method around each lambda's body."""
    return {body.key: method_of(facts, body.key) for body in facts.program.bodies.values() if body.enclosing}


def _sites(facts: Facts, nodes: frozenset[str]) -> Iterable[tuple[Invoke | New, str, tuple[str, ...]]]:
    """Every call with its method and the keys that it may run."""
    dispatched: dict[tuple[str, bool], tuple[str, ...]] = {}
    around = _around(facts)
    for kind in (Invoke, New):
        for site in facts.sites(kind):
            statement = site.statement
            if isinstance(statement, New):
                key, virtual, receiver = statement.constructor, False, None
                if statement.cls in facts.top and statement.constructor and not statement.constructor.startswith(f"{statement.cls}#"):
                    # An anonymous class: its own initialisers run too.
                    yield statement, around.get(site.body.key, site.body.key), (f"{statement.cls}#<init>()V",)
            elif isinstance(statement, Invoke):
                key, receiver = statement.method, statement.receiver_type
                virtual = statement.kind in (InvokeKind.VIRTUAL, InvokeKind.INTERFACE)
            else:
                continue
            if key is None:
                continue
            targets = dispatched.get((key, virtual))
            if targets is None:
                below = facts.dispatch.overriding(key) if virtual else (key,)
                targets = dispatched[key, virtual] = tuple(k for k in below if k in facts.program.bodies or k in nodes)
            owner, _, rest = key.partition("#")
            # A node of an inherited method without code has the name of the interface through which it is called.
            inherited = (f"{receiver}#{rest}",) if receiver in facts.top and receiver != owner else ()
            # Calls of libraries that nothing here overrides are most of all.
            if targets or inherited or key in nodes:
                yield statement, around.get(site.body.key, site.body.key), tuple(dict.fromkeys((*targets, key, *inherited)))


def _flow(call: Invoke | New) -> tuple[bool, bool]:
    return any(isinstance(a, Local) for a in call.args), isinstance(call, Invoke) and call.target is not None


_CLOSED = Flags.FINAL | Flags.PRIVATE
_Site = tuple[Invoke | New, str, tuple[str, ...]]
_Key = tuple[str, str, int, int, str, str, str, str, bool, bool]


def _keep(found: dict[_Key, Call], call: Call) -> None:
    """One call of each kind. The key, which is the order too, has texts and numbers only: half a million are hashed and compared."""
    at = call.span
    contexts = call.caller_context or "", call.callee_context or ""
    found[call.caller, at.file, at.start, at.end, call.callee, *contexts, call.via, call.arguments, call.result] = call
