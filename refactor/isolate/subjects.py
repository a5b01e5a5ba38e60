"""Which application classes a library call is about: by the static types of its arguments and the class literals that reach it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from refactor.flow.facts import Facts
from refactor.ir.program import Body
from refactor.ir.statements import Cast, Const, Copy, Invoke, InvokeKind, Load, Local, New, NewArray, Synchronized, Value
from refactor.ir.types import ArrayType, ClassType, Type, TypeVar, WildcardType
from refactor.isolate.knowledge import Knowledge
from refactor.support.source import Span

_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Subject:
    """A library call that goes deeper than the public methods of the application class `cls`.

    `kind` as in libraries.toml, or "literal". A stand-in that is given more than its class and a name is a mock.
    """

    top: str
    cls: str
    kind: str
    span: Span
    what: str


def subjects(facts: Facts, known: Knowledge) -> tuple[Subject, ...]:
    """before: Facts   after: every place where library code reflects on, serialises, mocks or locks an application class"""
    found: list[Subject] = []
    contained: list[Subject] = []
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if call.method is None or call.method.partition("#")[0] in facts.top:
            continue
        kinds = [k for k in ("reflect", "fields", "mock", "stand_in", "lock") if known.sinks[k].matches(call.method)]
        if "stand_in" in kinds and not all(_is_plain(a.type) or _is_empty(facts, site.body, a) for a in call.args):
            kinds = ["mock"]
        values = [*call.args, *((call.receiver,) if call.receiver is not None and call.kind is not InvokeKind.STATIC else ())]
        if call.target is not None and not {"mock", "stand_in"}.isdisjoint(kinds):
            values.append(call.target)  # Bank bank = mock(): the class is the one that is asked for
        for kind in kinds:
            for value in values:
                for cls in classes_of(facts, site.body, value):
                    found.append(Subject(site.top, cls, kind, call.span, _name(call.method)))
                    for deeper in _along(facts, site.body, cls, call) if kind == "reflect" else ():
                        found.append(Subject(site.top, deeper, kind, call.span, _name(call.method)))
        if not kinds and not known.harmless_literals.matches(call.method):
            for value in values:
                for cls in literals_of(facts, site.body, value, 0):
                    into = contained if known.literal_containers.matches(call.method) else found
                    into.append(Subject(site.top, cls, "literal", call.span, _name(call.method)))
        if call.method.startswith("java.lang.Class#forName("):
            for value in call.args[:1]:
                name = constant(facts, site.body, value)
                if isinstance(name, str) and name in facts.top:
                    found.append(Subject(site.top, name, "reflect", call.span, "Class.forName"))
    for site in facts.sites(Synchronized):
        lock = cast(Synchronized, site.statement)
        for cls in classes_of(facts, site.body, lock.lock):
            found.append(Subject(site.top, cls, "lock", lock.span, "synchronized"))
    if contained and _looks_into_any(facts, known):
        found += contained  # one of them may be taken out again where a class is looked into that is not known
    return tuple(found)


def _looks_into_any(facts: Facts, known: Knowledge) -> bool:
    """Whether some library call is given a class object, or what may hold one, that is not written or asked for at the call."""
    for kind in (Invoke, New):
        for site in facts.sites(kind):
            call = cast(Invoke | New, site.statement)
            key = call.method if isinstance(call, Invoke) else call.constructor
            values = (*call.args, *((call.receiver,) if isinstance(call, Invoke) and call.receiver is not None else ()))
            if key is not None and key.partition("#")[0] in facts.top:
                continue
            if key is not None and (known.harmless_literals.matches(key) or known.literal_containers.matches(key)):
                continue
            if any(isinstance(v, Local) and _may_hold_class(v.type) and not _is_asked(facts, site.body, v) for v in values):
                return True
    return False


def _may_hold_class(type_: Type) -> bool:
    match type_:
        case ClassType(name, args):
            return name in ("java.lang.Class", "java.lang.Object", "java.lang.reflect.Type") or any(_may_hold_class(a) for a in args)
        case ArrayType(element):
            return _may_hold_class(element)
        case WildcardType(upper, lower):
            return upper is None or _may_hold_class(upper) or (lower is not None and _may_hold_class(lower))
        case TypeVar(_, _, bounds):
            return not bounds or _may_hold_class(bounds[0])
        case _:
            return False


def _is_asked(facts: Facts, body: Body, value: Local) -> bool:
    """Whether a value is the class of an object at hand, or a class literal."""
    made = facts.definitions(body).get(value.name, ())
    asked = [isinstance(m, Invoke) and (m.method or "").startswith("java.lang.Object#getClass()") for m in made]
    written = [isinstance(m, Copy) and isinstance(m.value, Const) for m in made]
    return bool(made) and all(a or w for a, w in zip(asked, written, strict=True))


def _along(facts: Facts, body: Body, cls: str, call: Invoke) -> Iterator[str]:
    """before: extracting("customer.name") of an Order   after: Customer, for every constant path among the arguments"""
    for arg in call.args:
        made = facts.definitions(body).get(arg.name, ()) if isinstance(arg, Local) else ()
        elements = [e for m in made if isinstance(m, NewArray) for e in m.elements or ()]
        for path in (constant(facts, body, value) for value in (arg, *elements)):
            at = cls
            for step in path.split(".")[:-1] if isinstance(path, str) else ():
                found = _property(facts, at, step)
                if found is None:
                    break
                yield found
                at = found


def _property(facts: Facts, cls: str, name: str) -> str | None:
    """The application class that a property of an application class is of, by its field or its getter."""
    getters = {name, f"get{name[:1].upper()}{name[1:]}", f"is{name[:1].upper()}{name[1:]}"}
    for above in sorted(facts.hierarchy.supertypes(cls) & facts.top.keys()):
        symbol = facts.symbol(above)
        types = [f.type for f in symbol.fields if f.name == name] + [m.result for m in symbol.methods if m.name in getters and not m.params]
        for type_ in types:
            if isinstance(type_, ClassType) and type_.name in facts.top:
                return type_.name
    return None


def _is_plain(type_: Type) -> bool:
    return isinstance(type_, ClassType) and type_.name in ("java.lang.Class", "java.lang.String")


def _is_empty(facts: Facts, body: Body, value: Value) -> bool:
    """An array of no elements, as a call with variable arguments makes it where none is written."""
    made = facts.definitions(body).get(value.name, ()) if isinstance(value, Local) else ()
    return bool(made) and all(isinstance(m, NewArray) and m.elements == () for m in made)


def classes_of(facts: Facts, body: Body, value: Value) -> Iterator[str]:
    """Application classes that `value` is an instance of, a collection of, or the class object of."""
    seen = set(_literal(value))
    seen.update(_named(facts, value.type))
    if isinstance(value, Local) and not seen:
        seen.update(_through(facts, body, value, 0))
    yield from sorted(n for n in seen if n in facts.top)


def literals_of(facts: Facts, body: Body, value: Value, depth: int) -> Iterator[str]:
    """Application classes whose class literal reaches `value` inside one body."""
    for name in _literal(value):
        if name in facts.top:
            yield name
    if isinstance(value, Local) and depth < _DEPTH:
        for made in facts.definitions(body).get(value.name, ()):
            if isinstance(made, Copy | Cast):
                yield from literals_of(facts, body, made.value, depth + 1)
            elif isinstance(made, NewArray):
                for element in made.elements or ():
                    yield from literals_of(facts, body, element, depth + 1)


def _through(facts: Facts, body: Body, value: Local, depth: int) -> Iterator[str]:
    """The classes behind a value of a type that says nothing (Object, Class<?>, Field ..): what it was made from."""
    if depth >= _DEPTH:
        return
    for made in facts.definitions(body).get(value.name, ()):
        match made:
            case Copy(value=inner) | Cast(value=inner):
                yield from _step(facts, body, inner, depth)
            case Invoke(method=str(key), receiver=receiver) if key.startswith(("java.lang.Class#", "java.lang.Object#getClass")):
                if receiver is not None:
                    yield from _step(facts, body, receiver, depth)
            case NewArray(elements=elements):
                for element in elements or ():
                    yield from _step(facts, body, element, depth)
            case Load() | Invoke():
                pass
            case _:
                pass


def _step(facts: Facts, body: Body, value: Value, depth: int) -> Iterator[str]:
    found = {*_literal(value), *_named(facts, value.type)}
    yield from found
    if isinstance(value, Local) and not found:
        yield from _through(facts, body, value, depth + 1)


def _literal(value: Value) -> tuple[str, ...]:
    return (value.value.name,) if isinstance(value, Const) and isinstance(value.value, ClassType) else ()


def _named(facts: Facts, type_: Type) -> Iterator[str]:
    """Application classes in a type: itself, its arguments (Class<X>, List<X>), its elements, its bounds."""
    match type_:
        case ClassType(name, args):
            if name in facts.top:
                yield name
            for arg in args:
                yield from _named(facts, arg)
        case ArrayType(element):
            yield from _named(facts, element)
        case WildcardType(upper, _) if upper is not None:
            yield from _named(facts, upper)
        case TypeVar(_, _, bounds):
            for bound in bounds:
                if isinstance(bound, ClassType) and bound.name in facts.top:
                    yield bound.name
        case _:
            pass


def constant(facts: Facts, body: Body, value: Value) -> object:
    """The constant that a value is, as far as one body shows; None where it is not known to be one."""
    if isinstance(value, Const):
        return value.value
    made = facts.definitions(body).get(value.name, [])
    return constant(facts, body, made[0].value) if len(made) == 1 and isinstance(made[0], Copy) else None


def _name(key: str) -> str:
    owner, _, rest = key.partition("#")
    return f"{owner.rpartition('.')[2]}.{rest.partition('(')[0]}"
