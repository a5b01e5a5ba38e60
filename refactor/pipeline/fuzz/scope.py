"""What a piece of generated code may name, and how much more it may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from refactor.pipeline.fuzz.choices import Choices
from refactor.pipeline.fuzz.form import BUILT_IN, Expr, Field, FieldOf, Name, This, Type, is_variable
from refactor.pipeline.fuzz.shapes import Shape, Shapes


@dataclass(slots=True)
class Budget:
    """Calls that a body may still make: with the depth, the bound on a program's running time."""

    calls: int
    names: int = 0


@dataclass(slots=True)
class Scope:
    """One block of one body. `below`: only classes of a lower order may be created (constructors and initialisers).

    `depth` is the expression that a call passes on as its depth; None: nothing may be called.
    """

    shapes: Shapes
    choices: Choices
    budget: Budget
    cls: Shape | None = None
    this: bool = False
    depth: Expr | None = None
    below: int = 99
    names: list[Name] = field(default_factory=list)
    solid: set[str] = field(default_factory=set)  # names that are never null
    changing: set[str] = field(default_factory=set)  # names that are assigned again: no lambda may capture them
    fixed: set[str] = field(default_factory=set)  # names that may not be assigned; one set for all blocks of a body
    in_loop: bool = False
    result: Type | None = None  # of the method around: what an early return gives back
    nesting: int = 0  # functions inside functions

    def inner(self, *, in_loop: bool = False) -> Scope:
        """A block inside: sees everything, and its own names end with it."""
        return Scope(
            self.shapes, self.choices, self.budget, self.cls, self.this, self.depth, self.below,
            list(self.names), set(self.solid), self.changing, self.fixed, self.in_loop or in_loop, self.result, self.nesting,
        )  # fmt: skip

    def closure(self, depth: Expr | None) -> Scope:
        """The body of a lambda or of a method of an anonymous class: it sees what never changes. No depth: it calls nothing."""
        kept = [n for n in self.names if n.name not in self.changing and n.name != "d"]
        found = Scope(
            self.shapes, self.choices, Budget(1, self.budget.names + 50), self.cls, self.this, depth, self.below,
            kept, set(self.solid), set(), {n.name for n in kept}, nesting=self.nesting + 1,
        )  # fmt: skip
        self.budget.names += 100
        self.fixed.update(n.name for n in kept)
        return found

    def fresh(self, prefix: str = "v") -> str:
        self.budget.names += 1
        return f"{prefix}{self.budget.names}"

    def add(self, name: Name, *, solid: bool = False, fixed: bool = False) -> None:
        self.names.append(name)
        if solid:
            self.solid.add(name.name)
        if fixed:
            self.fixed.add(name.name)

    def may_nest(self) -> bool:
        """Whether a function object may be written here: not in what runs before an object is complete."""
        return self.below > 50 and self.nesting < 2

    def may_call(self) -> bool:
        return self.depth is not None and self.budget.calls > 0

    def sees(self, owner: Shape, member: Field) -> bool:
        """Whether a field may be named here: private ones in their own class and the classes inside."""
        if not member.private:
            return True
        return self.cls is not None and owner.name in (self.cls.name, self.cls.outer)

    def objects(self) -> Iterator[tuple[Expr, Shape, bool]]:
        """What can stand before a dot: `this` and every name of a class of the program; with "cannot be null"."""
        if self.this and self.cls is not None:
            yield This(self.cls.type), self.cls, True
        for name in self.names:
            erased = self.shapes.erased(name.type)
            if erased.name in self.shapes:
                yield name, self.shapes[erased.name], name.name in self.solid

    def fields(self, *, assignable: bool = False) -> Iterator[tuple[Expr | None, Shape, Field]]:
        """Every field that can be named by one dot, statics included."""
        for receiver, shape, _ in self.objects():
            for owner, member in self.shapes.fields(receiver.type):
                hidden = member.private and (owner is not shape or is_variable(receiver.type))  # private members are not inherited
                if not member.static and not hidden and self.sees(owner, member) and not (assignable and member.final):
                    yield receiver, owner, member
        for shape in self.shapes.table.values():
            for member in shape.fields:
                if member.static and self.sees(shape, member) and not (assignable and member.final) and shape.order <= self.below:
                    yield None, shape, member


def field_of(receiver: Expr | None, owner: Shape, member: Field) -> FieldOf:
    return FieldOf(receiver, owner.name, member.name, member.type)


def is_class(type_: Type) -> bool:
    """Whether the type is a class of the program: neither built in nor a variable."""
    return type_.name not in BUILT_IN and not is_variable(type_)
