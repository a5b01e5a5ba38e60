"""Inference variables and their bounds (JLS 18): reduction, incorporation, resolution.

One Inference serves a call together with the poly calls nested in its arguments: their variables are merged into it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count

from refactor.frontend.java.members import Members
from refactor.frontend.java.relations import box, erased, is_ivar, ivars, lower_or_upper, mentions_ivar, substitute, upper
from refactor.ir.types import (
    OBJECT,
    ArrayType,
    ClassType,
    IntersectionType,
    NullType,
    PrimitiveType,
    Type,
    TypeVar,
    UnknownType,
    WildcardType,
)

_numbers = count()
_MAX_DEPTH = 24


class Bounds:
    """The bounds of one variable. `declared` come from its type parameter and are the last resort."""

    __slots__ = ("eq", "lower", "upper")

    def __init__(self) -> None:
        self.eq: list[Type] = []
        self.lower: list[Type] = []
        self.upper: list[Type] = []


class Inference:
    __slots__ = ("_depth", "bounds", "finals", "found", "pending", "relations", "unchecked")

    def __init__(self, relations: Members) -> None:
        self.relations = relations
        self.bounds: dict[TypeVar, Bounds] = {}
        self.found: dict[TypeVar, Type] = {}
        self.pending: list[object] = []
        self.finals: list[Callable[[Inference], None]] = []
        self.unchecked = False
        self._depth = 0

    def fresh(self, variables: Iterable[TypeVar]) -> dict[TypeVar, Type]:
        """New inference variables for type parameters, with their declared bounds."""
        owner = f"?{next(_numbers)}"
        variables = tuple(variables)
        by: dict[TypeVar, Type] = {v: TypeVar(v.name, owner) for v in variables}
        for variable in by.values():
            assert isinstance(variable, TypeVar)
            self.bounds[variable] = Bounds()
        for declared in variables:
            variable = by[declared]
            assert isinstance(variable, TypeVar)
            for bound in self.relations.world.bounds(declared):
                if bound != OBJECT:
                    self.add(variable, "upper", substitute(bound, by))
        return by

    def merge(self, other: Inference) -> None:
        """Take over the variables, pending arguments and finals of a nested call."""
        if other is self:
            return
        self.bounds.update(other.bounds)
        self.found.update(other.found)
        self.pending.extend(other.pending)
        self.finals.extend(other.finals)

    def apply(self, type_: Type) -> Type:
        """Replace the variables that are resolved."""
        return substitute(type_, self.found) if self.found and mentions_ivar(type_) else type_

    # --- reduction

    def compatible(self, type_: Type, to: Type) -> None:
        """`type_` -> `to` in a loose invocation context."""
        if isinstance(type_, PrimitiveType):
            if isinstance(to, PrimitiveType):
                return
            type_ = box(type_)
        elif isinstance(to, PrimitiveType):
            if is_ivar(type_) and isinstance(type_, TypeVar):
                bounds = self.bounds.get(type_)
                if bounds is not None and not bounds.eq and not bounds.lower and type_ not in self.found:
                    self.add(type_, "eq", box(to))
            return
        self.sub(type_, to)

    def sub(self, type_: Type, of: Type) -> None:
        """`type_` <: `of`."""
        if type_ is of or self._depth > _MAX_DEPTH:
            return
        of = lower_or_upper(of)
        type_ = upper(type_)
        if isinstance(of, TypeVar) and of.owner[:1] == "?":
            self.add(of, "lower", type_)
        elif isinstance(type_, TypeVar) and type_.owner[:1] == "?":
            self.add(type_, "upper", of)
        elif isinstance(of, ClassType):
            if of.args:
                seen = self.relations.as_super(type_, of.name)
                if seen is not None:
                    if len(seen.args) == len(of.args):
                        for inner, outer in zip(seen.args, of.args, strict=True):
                            self.contains(inner, outer)
                    elif not seen.args:
                        self.unchecked = True
        elif isinstance(of, ArrayType):
            if isinstance(type_, ArrayType):
                self.sub(type_.element, of.element)
        elif isinstance(of, IntersectionType):
            for part in of.parts:
                self.sub(type_, part)

    def contains(self, inner: Type, outer: Type) -> None:
        """`inner` <= `outer` as type arguments."""
        if isinstance(outer, WildcardType):
            if outer.upper is not None:
                self.sub(upper(inner), outer.upper)
            elif outer.lower is not None:
                if isinstance(inner, WildcardType):
                    if inner.lower is not None:
                        self.sub(outer.lower, inner.lower)
                else:
                    self.sub(outer.lower, inner)
            return
        self.equal(inner, outer)

    def equal(self, left: Type, right: Type) -> None:
        if left is right or self._depth > _MAX_DEPTH:
            return
        if isinstance(right, TypeVar) and right.owner[:1] == "?":
            self.add(right, "eq", left)
        elif isinstance(left, TypeVar) and left.owner[:1] == "?":
            self.add(left, "eq", right)
        elif isinstance(left, ClassType) and isinstance(right, ClassType):
            if left.name == right.name and len(left.args) == len(right.args):
                for one, two in zip(left.args, right.args, strict=True):
                    self.equal(one, two)
        elif isinstance(left, ArrayType) and isinstance(right, ArrayType):
            self.equal(left.element, right.element)
        elif isinstance(left, WildcardType) and isinstance(right, WildcardType):
            for one_, two_ in ((left.upper, right.upper), (left.lower, right.lower)):
                if one_ is not None and two_ is not None:
                    self.equal(one_, two_)
        elif isinstance(left, WildcardType):
            self._captured(left, right)
        elif isinstance(right, WildcardType):
            self._captured(right, left)

    def _captured(self, wildcard: WildcardType, type_: Type) -> None:
        if wildcard.upper is not None and mentions_ivar(type_):
            self.equal(wildcard.upper, type_)

    # --- incorporation

    def add(self, variable: TypeVar, kind: str, type_: Type) -> None:
        """A new bound, and what follows from it together with the others."""
        if type_ == variable or (isinstance(type_, UnknownType) and kind == "upper"):
            return
        if isinstance(type_, PrimitiveType):
            type_ = box(type_)
        known = self.found.get(variable)
        self._depth += 1
        if known is not None:
            if mentions_ivar(type_):
                self._relate(kind, known, type_)
            self._depth -= 1
            return
        bounds = self.bounds.get(variable)
        if bounds is None:
            bounds = self.bounds[variable] = Bounds()
        listed: list[Type] = getattr(bounds, kind)
        if type_ in listed:
            self._depth -= 1
            return
        listed.append(type_)
        if isinstance(type_, TypeVar) and type_.owner[:1] == "?":
            self.add(type_, {"eq": "eq", "lower": "upper", "upper": "lower"}[kind], variable)
        if kind != "lower":
            for low in tuple(bounds.lower):
                self.sub(low, type_)
        if kind != "upper":
            for high in tuple(bounds.upper):
                self.sub(type_, high)
        for same in tuple(bounds.eq):
            if same is not type_:
                self._relate(kind, same, type_)
        self._depth -= 1

    def _relate(self, kind: str, known: Type, type_: Type) -> None:
        if kind == "eq":
            self.equal(known, type_)
        elif kind == "lower":
            self.sub(type_, known)
        else:
            self.sub(known, type_)

    # --- resolution

    def resolve(self, variable: TypeVar) -> Type:
        """Choose an instance for the variable, those it depends on first."""
        return self._resolve(variable, set())

    def _resolve(self, variable: TypeVar, active: set[TypeVar]) -> Type:
        known = self.found.get(variable)
        if known is not None:
            return known
        bounds = self.bounds.get(variable)
        if bounds is None:
            return OBJECT
        active.add(variable)
        chosen = self._choose(bounds, active)
        active.discard(variable)
        known = self.found.get(variable)
        if known is not None:
            return known
        self.found[variable] = chosen
        for kind in ("eq", "lower", "upper"):
            for type_ in getattr(bounds, kind):
                if mentions_ivar(type_):
                    self._relate(kind, chosen, type_)
        return chosen

    def _choose(self, bounds: Bounds, active: set[TypeVar]) -> Type:
        for same in bounds.eq:
            if not mentions_ivar(self.apply(same)):
                return self.apply(same)
        for same in bounds.eq:
            if not is_ivar(same) and not any(v in active for v in ivars(same, [])):
                return self.proper(same, active)
        lower = [t for t in map(self.apply, bounds.lower) if not isinstance(t, NullType)]
        plain = [t for t in lower if not mentions_ivar(t)]
        if plain and all(is_ivar(t) for t in lower if mentions_ivar(t)):
            # A variable below this one that has no other bound follows it, rather than widening it to Object.
            others = [self.proper(t, active) for t in lower if mentions_ivar(t) and self._has_lower(t)]
            return self.relations.lub([*plain, *others])
        for same in bounds.eq:
            if isinstance(same, TypeVar) and same in active:
                continue  # it waits for this very variable
            proper = self.proper(same, active)
            if not mentions_ivar(proper):
                return proper
        if lower:
            solid = [t for t in lower if not is_ivar(t) or (isinstance(t, TypeVar) and t not in active and self._has_lower(t))]
            found = [t for t in (self.proper(t, active) for t in solid) if t != OBJECT or len(solid) == 1]
            if found:
                return self.relations.lub(found)
        uppers = [self.apply(t) for t in bounds.upper]
        proper_uppers = [t for t in uppers if not mentions_ivar(t)]
        if not proper_uppers:
            proper_uppers = [self.proper(t, active) for t in uppers if not is_ivar(t)]
        if not proper_uppers:
            proper_uppers = [self.proper(t, active) for t in uppers if isinstance(t, TypeVar) and t not in active]
        if proper_uppers:
            return self.relations.glb(proper_uppers)
        return OBJECT

    def _has_lower(self, type_: Type) -> bool:
        if not isinstance(type_, TypeVar) or type_ in self.found:
            return True
        bounds = self.bounds.get(type_)
        return bounds is not None and any(not is_ivar(t) for t in (*bounds.eq, *bounds.lower))

    def proper(self, type_: Type, active: set[TypeVar] | None = None) -> Type:
        """`type_` with all its variables resolved; one that is being resolved becomes its erasure."""
        active = active if active is not None else set()
        for variable in ivars(type_, []):
            if variable not in active:
                self._resolve(variable, active)
        type_ = self.apply(type_)
        rest = ivars(type_, [])
        return substitute(type_, {v: WildcardType() for v in rest}) if rest else type_

    def has_bounds(self, variable: TypeVar) -> bool:
        """Whether anything but declared upper bounds is known."""
        bounds = self.bounds.get(variable)
        return variable in self.found or (bounds is not None and bool(bounds.eq or bounds.lower))

    def erased(self, type_: Type) -> Type:
        return erased(type_, self.relations.world)
