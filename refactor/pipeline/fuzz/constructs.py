"""Which constructs a program uses, and which of them cross a cut: from its form, and from what its monolith said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import pairwise
from typing import Final

from refactor.pipeline.fuzz.form import (
    BUILT_IN,
    NUMBERS,
    STR,
    Anonymous,
    Assign,
    Call,
    Catch,
    Class,
    Convert,
    Each,
    Equal,
    Expr,
    FieldOf,
    IsA,
    Lambda,
    Lit,
    Lock,
    Name,
    New,
    Op,
    Program,
    Reference,
    Repeat,
    Same,
    This,
    Throw,
    Try,
    Type,
    Update,
)  # fmt: skip
from refactor.pipeline.fuzz.threaduses import THREAD_CONSTRUCTS, thread_uses

CONSTRUCTS: Final = (
    "class", "static field", "static final field", "inheritance", "abstract class", "interface", "default method", "overload", "varargs",
    "constructor", "constructor of a constructor", "field initialiser", "initialiser block", "static initialiser", "aliasing",
    "object cycle", "identity", "instance test", "conversion", "checked cast", "equals", "hashCode", "array", "list", "map", "iteration",
    "iteration with mutation", "text",
    "text edge value", "numeric edge value", "enum", "enum with state", "record", "lambda", "inner class", "nested class",
    "anonymous class", "call-back", "call", "static call", "super call", "super call reached by a call", "creation",
    "exception thrown", "exception caught",
    "exception rethrown", "exception wrapped", "exception through a call", "recursion", "synchronized method", "monitor",
    "re-entrant monitor", "re-entrant lock", "field read", "field write", "compound assignment", "static read", "static write",
    "static compound assignment", "generic class", "generic interface", "generic method", "bounded type variable",
    "supertype with type arguments", "array as type argument", "call of a method that a bridge leads to", "inherited functional interface",
    "method reference (bound)", "method reference (unbound)", "method reference (static)", "method reference (constructor)",
    "library function called",
    *THREAD_CONSTRUCTS,
)  # fmt: skip
"""Every construct that is counted: the list that generated programs have to cover. The two sides of a super call are the class and its
superclass; of one that is reached, who calls the method that makes it; of a monitor, who locks and the object's class; of a re-entrant
monitor, who locks and whom it calls meanwhile; of a default method, who calls and the class of the object that has it; of a bridge, who
calls by the generic type and a class that implements it; of a reference, who makes it and the class of the method, or who is given it; of
a library function, who calls and the class of the object that it gives or is given."""

Use = tuple[str, str | None]
"""A construct, and the class on its other side."""
Where = tuple[str, str, str | None]
"""The class that uses, the construct, and the class on its other side."""

_REFERENCE = re.compile(r"=#(\d+)")
_LINE = re.compile(r"^#(\d+):(.*)$", re.MULTILINE)
_CLASS = re.compile(r" is=(\w+)")
_FRAMES = re.compile(r"^  at (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Uses:
    """All uses of a program, by top-level class."""

    places: frozenset[Where]

    @property
    def here(self) -> frozenset[str]:
        """The constructs that the program uses."""
        return frozenset(use for _, use, _ in self.places)

    def across(self, part: Mapping[str, str]) -> frozenset[str]:
        """before: class -> part (simple names; absent: in every part)   after: constructs with a cut between their two sides"""
        cut = {(a, b) for a in part for b in part if part[a] != part[b]}
        return frozenset(use for owner, use, other in self.places if (owner, other) in cut)


def constructs(program: Program, trace: str = "") -> Uses:
    """before: a program, perhaps what it said   after: what it uses

    Aliasing, object cycles and exceptions through calls are read from the trace: what happened, not what might have.
    """
    return Uses(frozenset((a.partition(".")[0], use, b and b.partition(".")[0]) for a, use, b in (*_uses(program), *_seen(trace))))


def _uses(program: Program) -> Iterator[Where]:
    declared = {c.name: c.kind for top in program.classes for c in (top, *top.nested)}
    reached = _Reached(program)
    by_class: dict[str, list[str]] = {}
    for name, use in ((n, u) for cls in program.classes for n, u in _declared(cls)):
        by_class.setdefault(name, []).append(use)
    bodies = [(cls.name, part) for cls in program.classes for part in _parts(cls)]
    for name, uses in by_class.items():
        yield from ((name, use, None) for use in uses)
    classes = {c.name: c for c in program.classes}
    for owner, node in (*bodies, *(("Main", n) for n in nodes(program.main))):
        inside = (n for n in nodes(node) if isinstance(n, Call))
        for use, other in (*_use(node, declared), *reached.by(node), *thread_uses(node, inside, classes), *_inherited(node, classes)):
            yield owner, use, other
        if isinstance(node, Call | New | FieldOf | Anonymous) and node.cls in by_class:
            # What a class declares crosses the cut together with the use of the class.
            yield from ((owner, use, node.cls) for use in by_class[node.cls])
    for name, method, other in _recursive(program):
        yield name, "recursion", other if method else None


def _inherited(node: object, classes: Mapping[str, Class]) -> Iterator[Use]:
    """Functions of an interface whose one method is that of an interface above it: made here, or given to a call."""
    given = [(v, node.cls) for v in node.args] if isinstance(node, Call | New) else [(node, None)]
    for value, other in given:
        if isinstance(value, Lambda | Reference | Anonymous):
            interface = classes.get(value.type.name)
            if interface is not None and interface.interfaces and all(m.body is not None for m in interface.methods):
                yield "inherited functional interface", other or (value.cls if isinstance(value, Reference) else value.type.name)


class _Reached:
    """What a call of a method reaches by the kind of that method: super calls, default methods."""

    def __init__(self, program: Program) -> None:
        self._table = {c.name: c for c in program.classes}
        self._supers = {
            (c.name, m.name)
            for c in program.classes
            for m in c.methods
            if any(isinstance(n, Call) and n.to_super for n in nodes(m.body or ()))
        }

    def by(self, node: object) -> Iterator[Use]:
        if not isinstance(node, Call) or node.receiver is None or node.to_super:
            return
        below = [name for name, c in self._table.items() if name == node.cls or node.cls in _above(c, self._table)]
        yield from (("super call reached by a call", name) for name in below if (name, node.name) in self._supers)
        owner = self._table.get(node.cls)
        if owner is not None and owner.kind == "interface" and any(m.name == node.name and m.body is not None for m in owner.methods):
            receiver = node.receiver.type.name
            has = [receiver] if receiver != node.cls else [n for n in below if self._table[n].kind in ("class", "enum")]
            yield "default method", has[0] if len(has) == 1 else None  # of several it is not known which
        for name in below:
            if name != node.cls and any(t.name == node.cls for t in self._table[name].supers) and self._declares(name, node.name):
                yield "call of a method that a bridge leads to", name

    def _declares(self, name: str, method: str) -> bool:
        return any(m.name == method for m in self._table[name].methods)


def _declared(cls: Class) -> Iterator[tuple[str, str]]:
    kinds = {"abstract": "abstract class", "inner": "inner class", "nested": "nested class"}
    if cls.kind != "exception":
        yield cls.name, kinds.get(cls.kind, cls.kind)
    if cls.kind == "enum" and any(not f.final for f in cls.fields):
        yield cls.name, "enum with state"
    if cls.parent:
        yield cls.name, "inheritance"
    if cls.variables:
        yield cls.name, "generic interface" if cls.kind == "interface" else "generic class"
    if any(bound is not None for declared in (cls.variables, *(m.variables for m in cls.methods)) for _, bound in declared):
        yield cls.name, "bounded type variable"
    if cls.supers:
        yield cls.name, "supertype with type arguments"
    if any(arg.name == "array" for above in cls.supers for arg in above.args):
        yield cls.name, "array as type argument"
    if cls.init:
        yield cls.name, "initialiser block"
    if cls.static_init:
        yield cls.name, "static initialiser"
    if cls.constructors:
        yield cls.name, "constructor"
    if any(c.to_this is not None for c in cls.constructors):
        yield cls.name, "constructor of a constructor"
    for f in cls.fields:
        if f.static:
            yield cls.name, "static final field" if f.final else "static field"
        elif f.init is not None:
            yield cls.name, "field initialiser"
    for m in cls.methods:
        names = {"synchronized method": m.synchronized and m.body is not None, "varargs": m.varargs, "re-entrant lock": m.locked}
        names["generic method"] = bool(m.variables)
        names["default method"] = cls.kind == "interface" and m.body is not None
        yield from ((cls.name, name) for name, on in names.items() if on)
    if any(isinstance(n, Throw) and not isinstance(n.value, Name) for n in nodes(cls.methods)):
        yield cls.name, "exception thrown"
    if len({m.name for m in cls.methods}) < len(cls.methods):
        yield cls.name, "overload"
    for nested in cls.nested:
        yield from _declared(nested)


def _parts(cls: Class) -> Iterator[object]:
    yield from nodes((cls.fields, cls.constructors, cls.methods, cls.constants, cls.static_init, cls.init))
    for nested in cls.nested:
        yield from _parts(nested)


def _use(node: object, declared: Mapping[str, str]) -> Iterator[Use]:
    match node:
        case Call(receiver=receiver, cls=cls, to_super=to_super):
            yield "super call" if to_super else "static call" if receiver is None else "call", cls
            yield from _passed(node, declared)
        case New(cls=cls):
            yield "creation", cls
            yield from _passed(node, declared)
        case Assign(target=FieldOf(receiver=receiver, cls=cls, type=type_)):
            yield "static write" if receiver is None else "field write", cls
            yield from ((use, cls) for use in _of_type(type_, declared))
        case Update(target=FieldOf(receiver=receiver, cls=cls)):
            yield "static compound assignment" if receiver is None else "compound assignment", cls
        case FieldOf(receiver=receiver, cls=cls, type=type_):
            yield "static read" if receiver is None else "field read", cls
            yield from ((use, cls) for use in _of_type(type_, declared))
        case Lock(on=on, body=body):
            yield "monitor", _class_of(on)
            yield from (("re-entrant monitor", inner.cls) for inner in nodes(body) if isinstance(inner, Call))
            if any(isinstance(inner, Lock) for inner in nodes(body)):
                yield "re-entrant monitor", None
        case Op(op="supply" | "apply" | "applyto", on=on):
            yield "library function called", None
            yield from (("library function called", arg.name) for arg in on.type.args if arg.name in declared)
        case Op(op="hash" | "distinct", on=on):
            yield "hashCode", _class_of(on)
        case Op(op="contains", on=on) if on.type.name == "list":
            yield "equals", on.type.args[0].name
        case _:
            yield from _plain(node)


def _plain(node: object) -> Iterator[Use]:
    match node:
        case Anonymous(cls=cls):
            yield "anonymous class", cls
        case Lambda(type=type_):
            yield "lambda", type_.name
        case Reference(kind=kind, cls=cls):
            yield f"method reference ({kind})", cls
        case Same(left=left):
            yield "identity", _class_of(left)
        case Equal(left=left):
            yield "equals", _class_of(left)
        case IsA(of=of):
            yield "instance test", of.name
        case Convert(type=type_):
            yield ("conversion", None) if type_.name in BUILT_IN else ("checked cast", type_.name)
        case Each(over=over, body=body):
            yield "iteration", _holder(over)
            if any(isinstance(n, Op) and n.op == "add" and n.on == over for n in nodes(body)):
                yield "iteration with mutation", _holder(over)
        case Repeat(count=Op(op="min", on=Op(on=over)), body=body) if any(isinstance(n, Op) and n.op == "add" for n in nodes(body)):
            yield "iteration with mutation", _holder(over)
        case Op(op="sweep", on=over):
            yield "iteration with mutation", _holder(over)
        case Op(op=op, on=on) if op in ("at", "item", "get", "put", "add"):
            yield on.type.name, None
        case Try(body=body, catches=catches):
            done = [name for name, on in _handled(catches).items() if on]
            yield from ((name, None) for name in done)
            yield from ((name, call.cls) for name in done for call in nodes(body) if isinstance(call, Call))
        case Throw(value=value) if not isinstance(value, Name):
            yield "exception thrown", None
        case Lit():
            yield from ((use, None) for use in _edges(node))


def _handled(catches: tuple[Catch, ...]) -> dict[str, bool]:
    inside = list(nodes(catches))
    return {
        "exception caught": bool(catches),
        "exception rethrown": any(isinstance(n, Throw) and isinstance(n.value, Name) for n in inside),
        "exception wrapped": any(isinstance(n, Op) and n.op == "wrap" for n in inside),
    }


def _holder(value: Expr) -> str | None:
    """The class whose field holds what is walked over."""
    return value.cls if isinstance(value, FieldOf) else None


def _passed(node: Call | New, declared: Mapping[str, str]) -> Iterator[Use]:
    """What travels with a call: its arguments and its result."""
    for value in node.args:
        yield from ((use, node.cls) for use in _of_type(value.type, declared))
        match value:
            case This() | Lambda() | Anonymous() | Reference():
                yield "call-back", node.cls
                yield from ((use, node.cls) for use, _ in _plain(value))
            case Lit():
                yield from ((use, node.cls) for use in _edges(value))
    yield from ((use, node.cls) for use in _of_type(node.type, declared))


def _of_type(type_: Type, declared: Mapping[str, str]) -> Iterator[str]:
    if type_.name in ("array", "list", "map"):
        yield type_.name
    elif type_ == STR:
        yield "text"
    elif declared.get(type_.name) in ("record", "enum", "interface"):
        yield declared[type_.name]
    elif declared.get(type_.name) in ("inner", "nested"):
        yield f"{declared[type_.name]} class"


def _edges(lit: Lit) -> Iterator[str]:
    value = lit.value
    if lit.type == STR and isinstance(value, str) and any(not 32 <= ord(c) < 127 or c in "\"\\" for c in value):
        yield "text edge value"
    elif lit.type in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        if repr(value) in ("-0.0", "nan", "inf", "-inf", "5e-324") or abs(value) >= 2**31 - 1 or value in (-128, 127, -32768, 32767):
            yield "numeric edge value"
    elif lit.type.name == "char" and isinstance(value, str) and not 32 <= ord(value) < 127:
        yield "numeric edge value"


def _class_of(value: Expr) -> str | None:
    return None if value.type.name in BUILT_IN else value.type.name


def _recursive(program: Program) -> Iterator[tuple[str, str, str]]:
    """Class, method, other class: calls that may lead back to the method that makes them."""
    calls: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for top in program.classes:
        for cls in (top, *top.nested):
            for m in cls.methods:
                inside = calls.setdefault((cls.name, m.name), set())
                inside.update((n.cls, n.name) for n in nodes(m.body or ()) if isinstance(n, Call))
    for sub in program.classes:
        for above in _above(sub, {c.name: c for c in program.classes}):
            for m in sub.methods:
                if (above, m.name) in calls:
                    calls[above, m.name].add((sub.name, m.name))
    for start, direct in calls.items():
        for target in direct:
            if start in _reached(target, calls):
                yield *start, target[0]


def _above(cls: Class, classes: Mapping[str, Class]) -> Iterator[str]:
    """Superclasses and interfaces."""
    at: Class | None = cls
    while at is not None:
        yield from at.interfaces
        at = classes.get(at.parent) if at.parent else None
        if at is not None:
            yield at.name


def _reached(start: tuple[str, str], calls: Mapping[tuple[str, str], set[tuple[str, str]]]) -> set[tuple[str, str]]:
    found, todo = {start}, [start]
    while todo:
        for target in calls.get(todo.pop(), ()):
            if target not in found:
                found.add(target)
                todo.append(target)
    return found


def _seen(trace: str) -> Iterator[Where]:
    """What the final heap and the frames of caught exceptions show."""
    classes: dict[str, str] = {}
    edges: dict[str, list[str]] = {}
    for number, line in _LINE.findall(trace):
        names = _CLASS.findall(line)
        if names:
            classes[number] = names[-1]
            edges[number] = _REFERENCE.findall(line)
    holders: dict[str, list[str]] = {}
    for number, targets in edges.items():
        for target in targets:
            if target in classes:
                holders.setdefault(target, []).append(number)
                if number in _leads_to(target, edges):
                    yield classes[number], "object cycle", classes[target]
    for number, held_by in holders.items():
        if len(held_by) > 1:
            yield from ((classes[holder], "aliasing", classes[number]) for holder in held_by)
    for frames in _FRAMES.findall(trace):
        names = [frame.partition(".")[0].partition("$")[0] for frame in frames.split()]
        yield from ((caller, "exception through a call", callee) for callee, caller in pairwise(names))


def _leads_to(start: str, edges: Mapping[str, list[str]]) -> set[str]:
    found, todo = {start}, [start]
    while todo:
        for target in edges.get(todo.pop(), ()):
            if target not in found:
                found.add(target)
                todo.append(target)
    return found


def nodes(root: object) -> Iterator[object]:
    """Every dataclass below a value, types left out."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            stack.extend(reversed(node))
        elif is_dataclass(node) and not isinstance(node, Type):
            yield node
            stack.extend(getattr(node, f.name) for f in reversed(fields(node)))
