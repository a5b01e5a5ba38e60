"""What the points-to analysis answers: objects, contexts, calls, and who touches which object where.

Everything is numbered: an object or a context is an int, an index into `PointsTo.objects` or `PointsTo.contexts`. Numbers are
the same for every run over the same program, policy and plug-ins. Context 0 is the empty context.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from refactor.support.diagnostics import Diagnostic
from refactor.support.source import Span


class ObjectKind(Enum):
    """Where an abstract object comes from."""

    NEW = "new"  # an allocation of the application's code
    ARRAY = "array"
    FUNCTION = "function"  # a lambda or method reference
    MERGED = "merged"  # one object for all of a type: strings, boxed values, exceptions, class literals
    LIBRARY = "library"  # made inside a library by the call at `span`
    MADE = "made"  # an instance of the type that some framework or library makes by itself (bean, entity, argument of an entry point)


@dataclass(frozen=True, slots=True)
class HeapObject:
    """One abstract object. `cls`: its class (binary name; "T[]" for arrays, the interface of a FUNCTION).

    `method` is the key of the body that makes it and `span` the place, both None for MERGED and MADE ones; `context` its heap
    context. `label` is short and stable: `shop.Order@src/Order.java:12:9`.
    """

    number: int
    cls: str
    kind: ObjectKind
    context: int = 0
    method: str | None = None
    span: Span | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class CallEdge:
    """`caller` under `caller_context` may run `callee` under `callee_context` from the place `span`; both are keys of bodies.

    `via` is the key of the library method that makes the call where the callee is a call-back, "<clinit>" where using a class
    runs its initialiser, else "". Calls of entry points are no edges: see `PointsTo.entries`.
    """

    span: Span
    caller: str
    caller_context: int
    callee: str
    callee_context: int
    via: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A body that the world outside calls, and why (`plugin: reason`)."""

    method: str
    context: int
    reason: str


class AccessKind(Enum):
    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class HeapAccess:
    """`method` under `context` reads or writes `field` of `object` at `span`.

    `field` is the field's key, "[]" for an array's elements or a collection's, "key" and "value" for a map's, "" for other state of a
    library object. `object` is None for a static field.
    """

    method: str
    context: int
    object: int | None
    field: str
    kind: AccessKind
    span: Span


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A body that no entry point reaches, and why not, in words."""

    method: str
    reason: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Sizes of one run, for reports: no part of the answer. `seconds` of processor time."""

    constraints: int
    variables: int
    sets: int
    seconds: float


@dataclass(frozen=True, slots=True)
class PointsTo:
    """The result of `refactor.pointsto.solve.solve`."""

    policy: str
    objects: tuple[HeapObject, ...]
    contexts: tuple[tuple[str, ...], ...]  # labels of its elements, nearest first
    calls: tuple[CallEdge, ...]  # sorted by (caller, span, callee, contexts)
    entries: tuple[Entry, ...]
    reached: Mapping[str, tuple[int, ...]]  # body key -> the contexts under which it runs, sorted
    unreachable: tuple[Unreachable, ...]
    diagnostics: tuple[Diagnostic, ...]
    counts: Counts
    _variables: Mapping[tuple[str, str], Mapping[int, frozenset[int]]] = field(repr=False)  # (body, local) -> context -> objects
    _fields: Mapping[tuple[int | None, str], frozenset[int]] = field(repr=False)  # (object or None, field) -> objects
    _accesses: Callable[[], tuple[HeapAccess, ...]] = field(repr=False, compare=False)

    @property
    def accesses(self) -> tuple[HeapAccess, ...]:
        """Every access of the heap under every context, sorted by (method, context, span); computed when it is first asked for."""
        return self._accesses()

    def variable(self, body: str, name: str, context: int | None = None) -> frozenset[int]:
        """The objects that a local of a body may point to: under one context, or under any."""
        found = self._variables.get((body, name), {})
        if context is not None:
            return found.get(context, frozenset())
        return frozenset().union(*found.values()) if found else frozenset()

    def field_of(self, object_: int, key: str) -> frozenset[int]:
        """The objects that a field of an object may hold; keys as in HeapAccess."""
        return self._fields.get((object_, key), frozenset())

    def static_field(self, key: str) -> frozenset[int]:
        return self._fields.get((None, key), frozenset())

    def fields(self) -> Iterator[tuple[int | None, str, frozenset[int]]]:
        """Every (object or None for static, field, objects), in number order."""
        for (object_, key), held in self._fields.items():
            yield object_, key, held

    def callees(self, method: str) -> frozenset[str]:
        """The bodies that a body may call, under any context."""
        return frozenset(e.callee for e in self.calls if e.caller == method)
