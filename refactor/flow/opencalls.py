"""Calls that no name in a call says: reflection, method handles, streams of objects, generated proxies, finalizers.

What each may run is over-approximated from the names and class literals that stand anywhere in the program; a look-up by a name that no
constant says is told (`unknown`): such a call may run anything.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from refactor.flow.facts import Facts, flat, operands
from refactor.flow.initialisers import initialisers
from refactor.ir.statements import Cast, Const, Copy, Invoke, InvokeKind, Lambda, Local, New
from refactor.ir.symbols import ClassSymbol
from refactor.ir.types import ClassType
from refactor.support.resources import resource
from refactor.support.source import Span

FILE = "grammars/java/open-calls.toml"
_SERIALIZABLE, _EXTERNALIZABLE = "java.io.Serializable", "java.io.Externalizable"
_HANDLERS = ("java.lang.reflect.InvocationHandler",)
_READS = frozenset({"readObject", "readObjectNoData", "readResolve", "readExternal", "validateObject"})
_WRITES = frozenset({"writeObject", "writeReplace", "writeExternal"})


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A place in a body whose library call may run `targets`; `via`: that library method. `unknown`: and anything else."""

    body: str
    span: Span
    targets: tuple[str, ...]
    via: str
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class OpenCalls:
    """`calls` in the order of bodies; `lookups`: those by names that no constant says; `puts`: objects are put where no assignment
    says so; `looks`: what a call gives back may be anything."""

    calls: tuple[OpenCall, ...] = ()
    lookups: tuple[OpenCall, ...] = ()
    puts: bool = False
    looks: bool = False


@lru_cache(maxsize=1)
def _methods() -> Mapping[str, frozenset[str]]:
    """Kind -> class#method."""
    return {kind: frozenset(names) for kind, names in tomllib.loads(resource(FILE).read_text(encoding="utf-8")).items()}


def open_calls(facts: Facts) -> OpenCalls:
    """before: Facts   after: the calls that reflection and the platform make, with what they may run"""
    known = _methods()
    every = frozenset().union(*known.values())
    sites = [(s.body.key, cast(Invoke, s.statement)) for s in facts.sites(Invoke)]
    open_sites = [(body, call, name) for body, call in sites if call.method and (name := _name(call.method)) in every]
    finalizers = tuple(_finalizers(facts))
    if not open_sites and not finalizers:
        return OpenCalls()
    used = {name for _, _, name in open_sites}
    lookups = tuple(
        OpenCall(body, call.span, (), name, True) for body, call, name in open_sites if name in known["lookups"] and not _says_name(call)
    )
    if used & known["bytes"]:
        lookups += tuple(_of_foreign_classes(facts, known["constructor"]))
    found = _Targets(facts, bool(used & known["lists"]), any(one.via in known["classes"] for one in lookups)) if open_sites else None
    calls = list(finalizers)
    for body, call, name in open_sites:
        assert found is not None
        targets = found.of(frozenset(kind for kind, names in known.items() if name in names))
        looked_up = name in known["method"] | known["constructor"] | known["loaded"]
        if targets or (looked_up and lookups):
            calls.append(OpenCall(body, call.span, targets, name, looked_up and bool(lookups)))
    if used & known["proxy"]:
        calls += _through_proxies(facts, sites)
    return OpenCalls(tuple(calls), lookups, bool(used & known["puts"]), bool(used & (known["method"] | known["constructor"])))


def _of_foreign_classes(facts: Facts, makers: frozenset[str]) -> Iterator[OpenCall]:
    """The calls of what reflection has made in the same body, where classes are made of bytes."""
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        todo = [call.receiver] if isinstance(call.receiver, Local) else []
        seen: set[str] = set()
        while todo:
            value = todo.pop()
            for made in facts.definitions(site.body).get(value.name, ()) if value.name not in seen else ():
                if isinstance(made, Cast | Copy) and isinstance(made.value, Local):
                    todo.append(made.value)
                elif isinstance(made, Invoke) and made.method is not None and _name(made.method) in makers:
                    yield OpenCall(site.body.key, call.span, (), _name(made.method), True)
            seen.add(value.name)


def _name(key: str) -> str:
    return key.partition("(")[0]


def _says_name(call: Invoke) -> bool:
    return any(isinstance(a, Const) and isinstance(a.value, str) for a in call.args)


class _Targets:
    """What looking up by the names and literals of the program may mean."""

    def __init__(self, facts: Facts, all_methods: bool, all_classes: bool) -> None:
        self._facts, self._all = facts, all_methods
        self._memo: dict[frozenset[str], tuple[str, ...]] = {}
        self._texts: set[str] = set()
        literals: set[str] = set()
        for body in facts.program.bodies.values():
            for statement, _, _ in flat(body.statements):
                for value in operands(statement):
                    if isinstance(value, Const) and isinstance(value.value, str):
                        self._texts.add(value.value)
                    elif isinstance(value, Const) and isinstance(value.value, ClassType):
                        literals.add(value.value.name)
        for name in facts.top:
            package, _, simple = name.rpartition(".")
            parts = (t for t in self._texts if t.endswith(simple) or (len(t) > len(package) + 1 and name.startswith(t)))
            if name in self._texts or any(True for _ in parts):
                literals.add(name)
        self.classes = tuple(sorted(n for n in literals if n in facts.top))
        self.loaded = tuple(sorted(facts.top)) if all_classes else self.classes

    def of(self, kinds: frozenset[str]) -> tuple[str, ...]:
        found = self._memo.get(kinds)
        if found is None:
            keys = {key for kind in kinds for key in self._of(kind)}
            found = self._memo[kinds] = tuple(sorted(k for k in keys if k in self._facts.program.bodies))
        return found

    def _of(self, kind: str) -> Iterator[str]:
        facts = self._facts
        if kind == "method":
            for cls in facts.program.classes.values():
                yield from (m.key for m in cls.methods if not m.is_constructor and (self._all or m.name in self._texts))
        elif kind == "constructor":
            yield from (m.key for n in self.classes for m in facts.symbol(n).methods if m.is_constructor)
        elif kind == "loaded":
            yield from (key for n in self.loaded for key in initialisers(facts.program, facts.hierarchy, n))
        elif kind in ("reads", "writes"):
            yield from _hooks(facts, _READS if kind == "reads" else _WRITES)


def _hooks(facts: Facts, names: frozenset[str]) -> Iterator[str]:
    """What a stream of objects calls: the hooks of serialisable classes, and where it reads, constructors without parameters.

    Initialisers are not counted: which classes a stream names is not in the program.
    """
    for cls in facts.program.classes.values():
        above = facts.hierarchy.supertypes(cls.name)
        if "validateObject" in names and "java.io.ObjectInputValidation" in above:
            yield from (m.key for m in cls.methods if m.name == "validateObject")
        if _SERIALIZABLE not in above and _EXTERNALIZABLE not in above:
            continue
        yield from (m.key for m in cls.methods if m.name in names)
        if names is _READS:
            first = cls if _EXTERNALIZABLE in above else next((s for s in _superclasses(facts, cls) if not _stored(facts, s)), None)
            if first is not None:
                yield f"{first.name}#<init>()V"


def _superclasses(facts: Facts, cls: ClassSymbol) -> Iterator[ClassSymbol]:
    return (s for s in facts.hierarchy.superclasses(cls.name) if s.name in facts.top)


def _stored(facts: Facts, cls: ClassSymbol) -> bool:
    return _SERIALIZABLE in facts.hierarchy.supertypes(cls.name)


def _finalizers(facts: Facts) -> Iterator[OpenCall]:
    """The garbage collector calls finalize() of whatever is made."""
    if not any(f"{name}#finalize()V" in facts.program.bodies for name in facts.top):
        return
    for site in facts.sites(New):
        new = cast(New, site.statement)
        if new.cls in facts.top:
            chain = (new.cls, *(s.name for s in facts.hierarchy.superclasses(new.cls)))
            key = next((k for n in chain if (k := f"{n}#finalize()V") in facts.program.bodies), None)
            if key is not None:
                yield OpenCall(site.body.key, new.span, (key,), "java.lang.Object#finalize")


def _through_proxies(facts: Facts, sites: list[tuple[str, Invoke]]) -> Iterator[OpenCall]:
    """A call of an interface's method may be one of a generated proxy: its handler runs."""
    handlers = [n for above in _HANDLERS for n in facts.hierarchy.subtypes(above) if n in facts.top]
    methods = (m.key for n in handlers for m in facts.symbol(n).methods if m.name == "invoke")
    targets = tuple(sorted(key for key in methods if key in facts.program.bodies))
    lambdas = _handler_lambdas(facts)
    for body, call in sites if targets or lambdas else ():
        if call.kind is InvokeKind.INTERFACE and call.method is not None and call.method.partition("#")[0] in facts.top:
            yield OpenCall(body, call.span, (*targets, *lambdas), "java.lang.reflect.Proxy")


def _handler_lambdas(facts: Facts) -> tuple[str, ...]:
    made = (cast(Lambda, s.statement) for s in facts.sites(Lambda))
    return tuple(sorted(m.body for m in made if isinstance(m.interface, ClassType) and m.interface.name in _HANDLERS))
