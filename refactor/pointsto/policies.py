"""How contexts are made: one class per policy (Smaragdakis, Bravenboer, Lhotak: Pick Your Contexts Well, POPL 2011; Kastrinis and
Smaragdakis: Hybrid Context-Sensitivity, PLDI 2013).

A context is a tuple of elements, nearest first; an element is a number: of an allocation site, of a class, or of a call site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

Context = tuple[int, ...]
EMPTY: Context = ()


class Policy(Protocol):
    """The three choices of an analysis. `name` is what reports call it."""

    @property
    def name(self) -> str: ...

    def heap(self, context: Context) -> Context:
        """The heap context of what a method running under `context` allocates."""

    def virtual(self, site: int, heap: Context, owner: int) -> Context:
        """The context of a method called on an object allocated at `site` (in code of class `owner`) with heap context `heap`."""

    def static(self, context: Context, call: int) -> Context:
        """The context of a method without receiver, called from `call` by a method running under `context`."""


@dataclass(frozen=True, slots=True)
class Insensitive:
    """One context for everything."""

    name: str = "insensitive"

    def heap(self, context: Context) -> Context:
        return EMPTY

    def virtual(self, site: int, heap: Context, owner: int) -> Context:
        return EMPTY

    def static(self, context: Context, call: int) -> Context:
        return EMPTY


@dataclass(frozen=True, slots=True)
class KObject:
    """k-object-sensitive with a context-sensitive heap: the receiver's allocation site and the object's heap context."""

    k: int = 2
    heap_depth: int = 1

    @property
    def name(self) -> str:
        return f"{self.k}-object+{self.heap_depth}heap"

    def heap(self, context: Context) -> Context:
        return context[: self.heap_depth]

    def virtual(self, site: int, heap: Context, owner: int) -> Context:
        return (site, *heap)[: self.k]

    def static(self, context: Context, call: int) -> Context:
        return context


@dataclass(frozen=True, slots=True)
class KType:
    """k-type-sensitive: as KObject, with the class whose code allocates in the place of the allocation site."""

    k: int = 2
    heap_depth: int = 1

    @property
    def name(self) -> str:
        return f"{self.k}-type+{self.heap_depth}heap"

    def heap(self, context: Context) -> Context:
        return context[: self.heap_depth]

    def virtual(self, site: int, heap: Context, owner: int) -> Context:
        return (owner, *heap)[: self.k]

    def static(self, context: Context, call: int) -> Context:
        return context


@dataclass(frozen=True, slots=True)
class Hybrid:
    """Selective hybrid S-2objH: virtual calls as 2-object; static calls put the call site between the two elements."""

    name: str = "hybrid-2-object+1heap"

    def heap(self, context: Context) -> Context:
        return context[:1]

    def virtual(self, site: int, heap: Context, owner: int) -> Context:
        return (site, *heap)[:2]

    def static(self, context: Context, call: int) -> Context:
        return (*context[:1], call, *context[1:2])


def policy_named(name: str) -> Policy:
    """"insensitive", "2-object", "1-type", "hybrid" ... Raises ValueError for another name."""
    if name == "insensitive":
        return Insensitive()
    if name == "hybrid":
        return Hybrid()
    depth, _, kind = name.partition("-")
    if depth.isdecimal() and int(depth) >= 1 and kind in ("object", "type"):
        made = KObject if kind == "object" else KType
        return made(int(depth), max(0, int(depth) - 1))
    raise ValueError(f"no such policy: {name}; there are insensitive, K-object, K-type and hybrid")
