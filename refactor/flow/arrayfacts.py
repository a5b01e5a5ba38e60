"""What the analysis of arrays answers, and what it asks of a library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from refactor.support.source import Span


class ArrayLibrary(Protocol):
    """What is known of library methods that take arrays."""

    def mutates(self, key: str, argument: int, single: bool) -> bool:
        """Whether the method writes into its argument of this index; `single`: the parameter is not declared as an array."""

    def spares(self, owner: str) -> bool:
        """Whether the methods of a class write into no array that they are given as an object of any type; they may keep it."""

    def functional(self, owner: str) -> bool:
        """Whether the methods of a type run code that somebody else wrote."""

    def looks_up(self, key: str) -> bool:
        """Whether the method only compares what it is given with what it has."""

    def spreads(self, key: str) -> bool:
        """Whether the method keeps what it is given one by one, and the elements of an array, but not the array."""

    def borrows(self, key: str) -> bool:
        """Whether the method keeps none of its array arguments, and gives none of them back."""

    def returns(self, key: str) -> bool:
        """Whether the method gives back its array arguments, and keeps none of them."""

    def restored(self, name: str) -> bool:
        """Whether objects of a library class are copied and restored as arrays are."""

    def seen_as(self, name: str) -> bool:
        """Whether an object of a restored class may stand behind this library interface."""

    def shared_as(self, name: str) -> bool:
        """Whether a restored object given as a parameter of this library interface is shared with the callee instead."""

    def writes(self, key: str) -> bool:
        """Whether the method changes the restored object that it is called on."""

    def returns_itself(self, key: str) -> bool:
        """Whether the method gives back the restored object that it is called on."""

    def written_parameter(self, name: str) -> bool:
        """Whether a library method changes restored objects that it gets as a parameter of this class."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A place in `top` that writes into, or keeps, an array of a class."""

    top: str
    span: Span
    body: str


@dataclass(slots=True)
class ArrayClass:
    """Arrays, or objects of restored classes, that may be the same one. `kept`: stored in a field, an element, the library or a closure."""

    written: list[Touch] = field(default_factory=list)
    kept: list[Touch] = field(default_factory=list)
    used: set[str] = field(default_factory=set)  # top-level classes with a variable of the class
    fields: set[str] = field(default_factory=set)
    library: bool = False
    array: bool = False
    restored: str = ""  # a library class whose objects are among them

    @property
    def tracked(self) -> bool:
        return self.array or bool(self.restored)


@dataclass(frozen=True, slots=True)
class Crossing:
    """An array of class `of` goes from or to another top-level class: as an "argument", a "result" or in a "field".

    `user` is where the call or access stands, `callees` the top-level classes that may run it.
    """

    of: int
    kind: str
    user: str
    callees: tuple[str, ...]
    span: Span
    member: str


@dataclass(frozen=True, slots=True)
class ArrayFacts:
    """The classes of arrays of a program, and every place where one passes between two top-level classes."""

    classes: Mapping[int, ArrayClass]
    crossings: tuple[Crossing, ...]
    _by_node: Mapping[tuple[str, ...], int]
    empty: frozenset[str] = frozenset()  # fields that hold one array without elements: nobody can write into it

    def of_parameter(self, method: str, at: int) -> ArrayClass | None:
        """The class of a method's array parameter, by the method's key."""
        return self.classes.get(self._by_node.get(("p", method, str(at)), -1))

    def of_result(self, method: str) -> ArrayClass | None:
        return self.classes.get(self._by_node.get(("r", method), -1))

    def of_field(self, key: str) -> ArrayClass | None:
        return self.classes.get(self._by_node.get(("f", key), -1))

    def is_constant(self, key: str, top: str, initialiser: str) -> bool:
        """Whether the array in a static field is seen by one top-level class only and written by its initialiser only."""
        found = self.of_field(key)
        if found is None or found.library or found.used - {top}:
            return False
        return all(touch.body == initialiser for touch in (*found.written, *found.kept))
