"""Relations between types (JLS 4, 5.1): supertypes, substitution, subtyping by erasure, boxing, least upper bounds.

Simplification: no capture variables. A wildcard that meets a type variable is substituted as it stands; in an argument
position it stays a wildcard, elsewhere `upper` projects it to its bound. Applicability of methods asks for erasures only;
arguments of types matter where types are inferred (inference.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from refactor.frontend.java.classes import Cls, World
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

BOXES: Final = {
    "boolean": ClassType("java.lang.Boolean"),
    "byte": ClassType("java.lang.Byte"),
    "short": ClassType("java.lang.Short"),
    "char": ClassType("java.lang.Character"),
    "int": ClassType("java.lang.Integer"),
    "long": ClassType("java.lang.Long"),
    "float": ClassType("java.lang.Float"),
    "double": ClassType("java.lang.Double"),
    "void": ClassType("java.lang.Void"),
}
UNBOXES: Final = {box.name: PrimitiveType(name) for name, box in BOXES.items() if name != "void"}
WIDER: Final = {
    "byte": ("byte", "short", "int", "long", "float", "double"),
    "short": ("short", "int", "long", "float", "double"),
    "char": ("char", "int", "long", "float", "double"),
    "int": ("int", "long", "float", "double"),
    "long": ("long", "float", "double"),
    "float": ("float", "double"),
    "double": ("double",),
    "boolean": ("boolean",),
    "void": ("void",),
}
_ARRAY_PARENTS: Final = frozenset({"java.lang.Object", "java.lang.Cloneable", "java.io.Serializable"})
UNBOUNDED: Final = WildcardType()
Substitution = Mapping[TypeVar, Type]


def is_ivar(type_: Type) -> bool:
    """Whether the type is an inference variable."""
    return isinstance(type_, TypeVar) and type_.owner[:1] == "?"


def mentions_ivar(type_: Type) -> bool:
    """Whether an inference variable occurs in the type."""
    if isinstance(type_, ClassType):
        return any(mentions_ivar(a) for a in type_.args) if type_.args else False
    if isinstance(type_, TypeVar):
        return type_.owner[:1] == "?"
    if isinstance(type_, ArrayType):
        return mentions_ivar(type_.element)
    if isinstance(type_, WildcardType):
        bound = type_.upper if type_.upper is not None else type_.lower
        return bound is not None and mentions_ivar(bound)
    if isinstance(type_, IntersectionType):
        return any(mentions_ivar(p) for p in type_.parts)
    return False


def ivars(type_: Type, found: list[TypeVar]) -> list[TypeVar]:
    """The inference variables of the type, in order of occurrence."""
    if isinstance(type_, ClassType):
        for arg in type_.args:
            ivars(arg, found)
    elif isinstance(type_, TypeVar):
        if type_.owner[:1] == "?" and type_ not in found:
            found.append(type_)
    elif isinstance(type_, ArrayType):
        ivars(type_.element, found)
    elif isinstance(type_, WildcardType):
        for bound in (type_.upper, type_.lower):
            if bound is not None:
                ivars(bound, found)
    elif isinstance(type_, IntersectionType):
        for part in type_.parts:
            ivars(part, found)
    return found


def substitute(type_: Type, by: Substitution) -> Type:
    """Replace type variables; wildcards nest into wildcards as their bounds."""
    if isinstance(type_, ClassType):
        args = type_.args
        if not args:
            return type_
        changed = tuple([substitute(a, by) for a in args])
        for old, new in zip(args, changed, strict=True):
            if old is not new:
                return ClassType(type_.name, changed)
        return type_
    if isinstance(type_, TypeVar):
        return by.get(type_, type_)
    if isinstance(type_, ArrayType):
        element = substitute(type_.element, by)
        return type_ if element is type_.element else ArrayType(upper(element))
    if isinstance(type_, WildcardType):
        if type_.upper is not None:
            bound = substitute(type_.upper, by)
            return type_ if bound is type_.upper else _extends(bound)
        if type_.lower is not None:
            bound = substitute(type_.lower, by)
            if bound is type_.lower:
                return type_
            if isinstance(bound, WildcardType):
                inner = bound.lower if bound.lower is not None else bound.upper
                return WildcardType(lower=inner) if inner is not None else WildcardType(lower=OBJECT)
            return WildcardType(lower=bound)
        return type_
    if isinstance(type_, IntersectionType):
        return IntersectionType(tuple(upper(substitute(p, by)) for p in type_.parts))
    return type_


def _extends(bound: Type) -> Type:
    if isinstance(bound, WildcardType):
        return bound if bound.upper is not None else UNBOUNDED
    return WildcardType(upper=bound)


def upper(type_: Type) -> Type:
    """A wildcard's upper bound; any other type itself."""
    if isinstance(type_, WildcardType):
        return upper(type_.upper) if type_.upper is not None else OBJECT
    return type_


def lower_or_upper(type_: Type) -> Type:
    """What a value handed to a position of this type is checked against."""
    if isinstance(type_, WildcardType):
        if type_.lower is not None:
            return lower_or_upper(type_.lower)
        return lower_or_upper(type_.upper) if type_.upper is not None else OBJECT
    return type_


def box(type_: Type) -> Type:
    return BOXES[type_.name] if isinstance(type_, PrimitiveType) else type_


def unbox(type_: Type) -> PrimitiveType | None:
    """The primitive type of a primitive or box."""
    if isinstance(type_, PrimitiveType):
        return type_
    if isinstance(type_, ClassType):
        return UNBOXES.get(type_.name)
    return None


def erased(type_: Type, world: World) -> Type:
    """Erasure, with the bounds of variables looked up where needed."""
    if isinstance(type_, ClassType):
        return ClassType(type_.name) if type_.args else type_
    if isinstance(type_, TypeVar):
        return erased(world.bounds(type_)[0], world) if type_.owner[:1] != "?" else OBJECT
    if isinstance(type_, ArrayType):
        return ArrayType(erased(type_.element, world))
    if isinstance(type_, WildcardType):
        return erased(upper(type_), world)
    if isinstance(type_, IntersectionType):
        return erased(type_.parts[0], world)
    return type_


class Relations:
    """Questions about types that need the classes of a World."""

    def __init__(self, world: World) -> None:
        self.world = world

    def supers(self, cls: Cls) -> dict[str, ClassType]:
        """Every supertype by name, in terms of the class's own variables: superclasses first, nearest first."""
        found = cls.supertypes_
        if found is not None:
            return found
        found = {cls.name: cls.type}
        cls.supertypes_ = found  # a cyclic hierarchy meets itself here
        for parent in cls.parents():
            holder = self.world.find(parent.name)
            if holder is None:
                found.setdefault(parent.name, parent)
                continue
            inherited = self.supers(holder)
            if holder.tparams:
                if len(parent.args) == len(holder.tparams):
                    by = dict(zip(holder.tparams, parent.args, strict=True))
                    for name, type_ in inherited.items():
                        if name not in found:
                            found[name] = substitute(type_, by)  # type: ignore[assignment]
                else:
                    for name in inherited:
                        if name not in found:
                            found[name] = ClassType(name)
            else:
                for name, type_ in inherited.items():
                    if name not in found:
                        found[name] = type_
        found.setdefault("java.lang.Object", OBJECT)
        if cls.state < 2:
            cls.supertypes_ = None  # asked before the header was known
        return found

    def is_subclass(self, name: str, of: str) -> bool:
        if name == of or of == "java.lang.Object":
            return True
        cls = self.world.find(name)
        return cls is not None and of in self.supers(cls)

    def has_unknown_parent(self, name: str) -> bool:
        """Whether some supertype could not be found, so that a negative answer proves nothing."""
        cls = self.world.find(name)
        if cls is None:
            return True
        found = cls.lookups.get("unknown")
        if found is None:
            found = any(self.world.find(n) is None for n in self.supers(cls)) or self._unresolved_parent(cls)
            cls.lookups["unknown"] = found
        return bool(found)

    def _unresolved_parent(self, cls: Cls) -> bool:
        for name in self.supers(cls):
            holder = self.world.find(name)
            decl = holder.decl if holder is not None else None
            if decl is not None:
                written = [*([decl.superclass] if decl.superclass is not None else []), *decl.interfaces]
                if any(isinstance(n.type, UnknownType) for n in written):
                    return True
        return False

    def as_super(self, type_: Type, name: str) -> ClassType | None:
        """`type_` seen as its supertype `name`; without arguments where it is raw there."""
        if isinstance(type_, ClassType):
            if type_.name == name:
                return type_
            cls = self.world.find(type_.name)
            if cls is None:
                return None
            found = self.supers(cls).get(name)
            if found is None or not found.args:
                return found
            if cls.tparams:
                if len(type_.args) != len(cls.tparams):
                    return ClassType(name)
                return substitute(found, dict(zip(cls.tparams, self.bounded(type_).args, strict=True)))  # type: ignore[return-value]
            return found
        if isinstance(type_, TypeVar):
            if type_.owner[:1] == "?":
                return None
            for bound in self.world.bounds(type_):
                found = self.as_super(bound, name)
                if found is not None:
                    return found
            return None
        if isinstance(type_, WildcardType):
            return self.as_super(upper(type_), name)
        if isinstance(type_, IntersectionType):
            for part in type_.parts:
                found = self.as_super(part, name)
                if found is not None:
                    return found
            return None
        if isinstance(type_, ArrayType):
            return ClassType(name) if name in _ARRAY_PARENTS else None
        return None

    def bounded(self, type_: ClassType) -> ClassType:
        """Wildcards narrowed by the bounds of the variables they stand for, as capture would (JLS 5.1.10).

        before: AbstractAssert<?, String>, where SELF extends AbstractAssert<SELF, A>
        after:  AbstractAssert<? extends AbstractAssert<?, String>, String>
        """
        for arg in type_.args:
            if isinstance(arg, WildcardType) and arg.lower is None:
                break
        else:
            return type_
        cls = self.world.find(type_.name)
        if cls is None or len(cls.tparams) != len(type_.args):
            return type_
        by = dict(zip(cls.tparams, type_.args, strict=True))
        args = [self._narrowed(v, a, by) if isinstance(a, WildcardType) and a.lower is None else a for v, a in by.items()]
        return ClassType(type_.name, tuple(args))

    def _narrowed(self, variable: TypeVar, arg: WildcardType, by: Substitution) -> Type:
        declared = [upper(substitute(b, by)) for b in self.world.bounds(variable) if b != OBJECT]
        if not declared:
            return arg
        if arg.upper is not None:
            if all(self.subtype(arg.upper, d) for d in declared):
                return arg
            return WildcardType(upper=self.glb([arg.upper, *declared]))
        return WildcardType(upper=declared[0] if len(declared) == 1 else IntersectionType(tuple(declared)))

    def subtype(self, type_: Type, of: Type) -> bool:
        """Subtyping of erasures (JLS 4.10), lenient where something is unknown or still to be inferred."""
        if type_ is of:
            return True
        if isinstance(of, UnknownType) or isinstance(type_, UnknownType):
            return not isinstance(of, PrimitiveType) and not isinstance(type_, PrimitiveType)
        if isinstance(of, PrimitiveType):
            return isinstance(type_, PrimitiveType) and of.name in WIDER[type_.name]
        if isinstance(type_, PrimitiveType):
            return False
        if isinstance(type_, NullType):
            return True
        if isinstance(of, ClassType):
            if of.name == "java.lang.Object":
                return True
            if isinstance(type_, ClassType):
                if self.is_subclass(type_.name, of.name):
                    return True
                return self.has_unknown_parent(type_.name) and self.world.find(of.name) is not None and type_.name not in UNBOXES
            if isinstance(type_, TypeVar):
                if type_.owner[:1] == "?":
                    return True
                return any(self.subtype(b, of) for b in self.world.bounds(type_))
            if isinstance(type_, ArrayType):
                return of.name in _ARRAY_PARENTS
            if isinstance(type_, IntersectionType):
                return any(self.subtype(p, of) for p in type_.parts)
            return self.subtype(upper(type_), of)
        if isinstance(of, TypeVar):
            if of.owner[:1] == "?":
                return True
            if isinstance(type_, TypeVar):
                if type_ == of:
                    return True
                return type_.owner[:1] == "?" or any(isinstance(b, TypeVar) and self.subtype(b, of) for b in self.world.bounds(type_))
            return isinstance(type_, IntersectionType) and any(self.subtype(p, of) for p in type_.parts)
        if isinstance(of, ArrayType):
            if isinstance(type_, ArrayType):
                if isinstance(of.element, PrimitiveType) or isinstance(type_.element, PrimitiveType):
                    return of.element == type_.element
                return self.subtype(type_.element, of.element)
            if isinstance(type_, TypeVar):
                return type_.owner[:1] == "?" or any(self.subtype(b, of) for b in self.world.bounds(type_))
            return False
        if isinstance(of, IntersectionType):
            return all(self.subtype(type_, p) for p in of.parts)
        return self.subtype(type_, lower_or_upper(of))

    def convertible(self, type_: Type, to: Type, loose: bool) -> bool:
        """Compatibility of an argument's type in a strict or loose invocation context (JLS 5.3)."""
        to = lower_or_upper(to)
        if self.subtype(type_, to):
            return True
        if not loose:
            return False
        if isinstance(type_, PrimitiveType):
            return not isinstance(to, PrimitiveType) and type_.name != "void" and self.subtype(BOXES[type_.name], to)
        if isinstance(to, PrimitiveType):
            unboxed = self.unboxed(type_)
            return isinstance(type_, UnknownType) or (unboxed is not None and to.name in WIDER[unboxed.name])
        return False

    def unboxed(self, type_: Type) -> PrimitiveType | None:
        """The primitive type of a box, also behind a variable's bound."""
        if isinstance(type_, TypeVar) and type_.owner[:1] != "?":
            return next((u for u in map(self.unboxed, self.world.bounds(type_)) if u is not None), None)
        if isinstance(type_, IntersectionType):
            return next((u for u in map(self.unboxed, type_.parts) if u is not None), None)
        return unbox(upper(type_))

    def same_args(self, left: Iterable[Type], right: Iterable[Type]) -> bool:
        return tuple(left) == tuple(right)

    def lub(self, types: Sequence[Type], depth: int = 0) -> Type:
        """The least upper bound (JLS 4.10.4), with arguments merged two levels deep."""
        found: list[Type] = []
        for type_ in types:
            type_ = upper(type_)
            if not isinstance(type_, NullType) and type_ not in found:
                found.append(type_)
        if not found:
            return types[0] if types else OBJECT
        if len(found) == 1:
            return found[0]
        if any(isinstance(f, UnknownType) for f in found):
            return next(f for f in found if isinstance(f, UnknownType))
        found = [box(f) for f in found]
        for candidate in found:
            if all(other is candidate or self._plain_subtype(other, candidate) for other in found):
                return candidate
        if all(isinstance(f, ArrayType) for f in found):
            elements = [f.element for f in found if isinstance(f, ArrayType)]
            if not any(isinstance(e, PrimitiveType) for e in elements):
                return ArrayType(self.lub(elements, depth))
        return self._lub_of_classes(found, depth)

    def _plain_subtype(self, type_: Type, of: Type) -> bool:
        """Subtyping that also asks for equal arguments."""
        if not self.subtype(type_, of) or (isinstance(type_, TypeVar) and is_ivar(type_)):
            return False
        if isinstance(of, ClassType) and of.args:
            seen = self.as_super(type_, of.name)
            if seen is None or not seen.args or seen.args == of.args:
                return seen is not None
            return len(seen.args) == len(of.args) and all(o in (s, UNBOUNDED) for s, o in zip(seen.args, of.args, strict=True))
        return True

    def names_of(self, type_: Type) -> list[str]:
        """The names of all supertypes of a reference type."""
        if isinstance(type_, ClassType):
            cls = self.world.find(type_.name)
            return list(self.supers(cls)) if cls is not None else [type_.name, "java.lang.Object"]
        if isinstance(type_, TypeVar):
            return [n for b in self.world.bounds(type_) for n in self.names_of(b)]
        if isinstance(type_, IntersectionType):
            return [n for p in type_.parts for n in self.names_of(p)]
        if isinstance(type_, ArrayType):
            return sorted(_ARRAY_PARENTS)
        return ["java.lang.Object"]

    def _lub_of_classes(self, types: list[Type], depth: int) -> Type:
        common = self.names_of(types[0])
        for type_ in types[1:]:
            others = set(self.names_of(type_))
            common = [n for n in common if n in others]
        minimal = [n for n in common if not any(o != n and self.is_subclass(o, n) for o in common)]
        parts: list[Type] = []
        for name in dict.fromkeys(minimal):
            seen = [self.as_super(t, name) for t in types]
            parts.append(self._merged(name, [s for s in seen if s is not None], depth))
        if not parts:
            return OBJECT
        classes = [p for p in parts if isinstance(p, ClassType) and not self._is_interface(p.name)]
        ordered = classes + [p for p in parts if p not in classes]
        return ordered[0] if len(ordered) == 1 else IntersectionType(tuple(ordered))

    def _is_interface(self, name: str) -> bool:
        cls = self.world.find(name)
        return cls is not None and cls.is_interface

    def _merged(self, name: str, seen: list[ClassType], depth: int) -> Type:
        if any(not s.args for s in seen) or len({len(s.args) for s in seen}) != 1:
            return ClassType(name)
        args: list[Type] = []
        for column in zip(*(s.args for s in seen), strict=True):
            first = column[0]
            if all(c == first for c in column):
                args.append(first)
            elif depth >= 2 or any(isinstance(c, WildcardType) and c.lower is not None for c in column):
                args.append(UNBOUNDED)
            else:
                args.append(_extends(self.lub(list(column), depth + 1)))
        return ClassType(name, tuple(args))

    def glb(self, types: list[Type]) -> Type:
        """The most specific of some upper bounds, or their intersection."""
        kept: list[Type] = []
        for type_ in types:
            if any(k == type_ or self._plain_subtype(k, type_) for k in kept):
                continue
            kept = [k for k in kept if not self._plain_subtype(type_, k)]
            kept.append(type_)
        return kept[0] if len(kept) == 1 else IntersectionType(tuple(kept)) if kept else OBJECT
