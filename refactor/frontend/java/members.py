"""Membership: fields, methods and the function of an interface, inherited ones included (JLS 8.2, 8.4.8, 9.8, 9.9)."""

from __future__ import annotations

from typing import Final

from refactor.frontend.java.classes import DONE, Cls
from refactor.frontend.java.declarations import members as complete
from refactor.frontend.java.relations import UNBOUNDED, Relations, erased, substitute
from refactor.ir.symbols import FieldSymbol, Flags, MethodSymbol
from refactor.ir.types import OBJECT, ArrayType, ClassType, IntersectionType, Type, TypeVar, WildcardType

_OBJECT_METHODS: Final = {"equals": 1, "hashCode": 0, "toString": 0}
_HIDDEN: Final = Flags.STATIC | Flags.PRIVATE
_NO_BODY: Final = Flags.STATIC | Flags.PRIVATE | Flags.ABSTRACT
Function = tuple[MethodSymbol, ClassType]


class Members(Relations):
    """Looks members up."""

    def ready(self, cls: Cls) -> Cls:
        """`cls` with its members known."""
        if cls.state != DONE:
            complete(self.world, cls)
        return cls

    # --- fields

    def field(self, cls: Cls, name: str) -> FieldSymbol | None:
        """A field of the class by name, inherited ones included."""
        key = "." + name
        if key in cls.by_name:
            found: FieldSymbol | None = cls.by_name[key]
            return found
        found = self.ready(cls).fields.get(name)
        if found is None:
            for parent in cls.parents():
                holder = self.world.find(parent.name)
                if holder is not None and holder is not cls:
                    candidate = self.field(holder, name)
                    if candidate is not None and not candidate.flags & Flags.PRIVATE:
                        found = candidate
                        break
        cls.by_name[key] = found
        return found

    # --- methods

    def methods(self, cls: Cls, name: str) -> list[MethodSymbol]:
        """The member methods of that name, overridden ones removed, as javac visits them: superclasses, then interfaces.

        Constructors (`<init>`) are never inherited. Private methods of superclasses are left out.
        """
        found: list[MethodSymbol] | None = cls.by_name.get(name)
        if found is None:
            found = cls.by_name[name] = self._methods(cls, name)
        return found

    def _methods(self, cls: Cls, name: str) -> list[MethodSymbol]:
        own = self.ready(cls).methods.get(name, [])
        if name == "<init>":
            return own
        found = list(own)
        merged: set[int] = set()
        if cls.is_interface:
            # Object's methods come before those of superinterfaces: what an interface does not declare itself is Object's.
            root = self.world.find("java.lang.Object")
            for method in root.methods.get(name, ()) if root is not None else ():
                if method.flags & Flags.PUBLIC and not any(self._same_signature(cls, f, method) for f in own):
                    found.append(method)
        holder: Cls | None = cls
        interfaces: list[Cls] = []
        seen = {cls.name}
        concrete: list[MethodSymbol] = []
        while holder is not None:
            if not cls.is_interface and holder.name != "java.lang.Object":
                concrete += [m for m in self.ready(holder).methods.get(name, ()) if not m.flags & _NO_BODY]
            if holder is not cls:
                for method in self.ready(holder).methods.get(name, ()):
                    if not method.flags & Flags.PRIVATE:
                        self._merge(cls, found, method, merged)
            for parent in holder.interfaces:
                self._closure(parent.name, interfaces, seen)
            if holder.superclass is None or holder.superclass.name in seen:
                break
            seen.add(holder.superclass.name)
            holder = self.world.find(holder.superclass.name)
        interfaces.sort(key=self._precedence)
        for interface in interfaces:
            for method in self.ready(interface).methods.get(name, ()):
                # A superclass that has the method written out implements it for the interface, even if made abstract again.
                if not method.flags & _HIDDEN and not any(self._same_signature(cls, c, method) for c in concrete):
                    self._merge(cls, found, method, merged)
        return found

    def _closure(self, name: str, into: list[Cls], seen: set[str]) -> None:
        if name in seen:
            return
        seen.add(name)
        cls = self.world.find(name)
        if cls is not None:
            into.append(cls)
            for parent in cls.interfaces:
                self._closure(parent.name, into, seen)

    def _precedence(self, cls: Cls) -> tuple[int, int, str, int]:
        """The order in which javac visits superinterfaces: highest rank first; of equals the one whose name it met first.

        It meets the classes of the sources file by file, and then those of libraries.
        """
        if cls.source is not None and cls.decl is not None:
            return -self.rank(cls), 0, cls.source.path, cls.decl.start
        return -self.rank(cls), 1, cls.name, 0

    def rank(self, cls: Cls) -> int:
        """The longest way up to Object."""
        known: int | None = cls.lookups.get("rank")
        if known is None:
            cls.lookups["rank"] = 0  # a cyclic hierarchy meets itself here
            parents = (self.world.find(p.name) for p in cls.parents())
            known = 1 + max((self.rank(p) for p in parents if p is not None), default=0)
            if cls.name == "java.lang.Object":
                known = 0
            cls.lookups["rank"] = known
        return known

    def _merge(self, cls: Cls, found: list[MethodSymbol], method: MethodSymbol, merged: set[int]) -> None:
        """Add an inherited method unless it is overridden; it may also replace one that it is better than."""
        count = len(method.params)
        for index, known in enumerate(found):
            if len(known.params) != count or not self._same_signature(cls, known, method):
                continue
            if self.is_subclass(known.owner, method.owner) or (known.owner == "java.lang.Object" and not known.flags & Flags.ABSTRACT):
                return
            abstract = bool(known.flags & Flags.ABSTRACT)
            if self.is_subclass(method.owner, known.owner) or (abstract and not method.flags & Flags.ABSTRACT):
                found[index] = method
            elif abstract and id(known) not in merged and self._substitutable(cls, method, known):
                found[index] = method  # of two that do not override each other javac takes the one it visits second
                merged.add(id(method))
            return
        found.append(method)

    def _substitutable(self, cls: Cls, method: MethodSymbol, known: MethodSymbol) -> bool:
        """Whether the result of one may stand for that of the other, both as `cls` sees them."""
        return self.subtype(self.seen_from(cls, method, method.result), self.seen_from(cls, known, known.result))

    def _same_signature(self, cls: Cls, first: MethodSymbol, second: MethodSymbol) -> bool:
        if len(first.params) != len(second.params):
            return False
        for one, two in zip(first.params, second.params, strict=True):
            if one.type != two.type and self.seen_from(cls, first, one.type) != self.seen_from(cls, second, two.type):
                return False
        return True

    def seen_from(self, cls: Cls, member: MethodSymbol, type_: Type) -> Type:
        """The erasure of a type of an inherited member, with the class's arguments for the owner's variables."""
        if member.owner != cls.name and not isinstance(type_, ClassType):
            owner = self.world.find(member.owner)
            seen = self.supers(cls).get(member.owner)
            if owner is not None and owner.tparams and seen is not None and len(seen.args) == len(owner.tparams):
                type_ = substitute(type_, dict(zip(owner.tparams, seen.args, strict=True)))
        return erased(type_, self.world)

    def accessible(self, member: MethodSymbol | FieldSymbol, site: Cls | None, place: Cls | None) -> bool:
        """Whether code in class `place` may name the member through class `site` (JLS 6.6)."""
        flags = member.flags
        if flags & Flags.PUBLIC or place is None:
            return True
        owner = self.world.find(member.owner)
        if owner is None:
            return True
        if flags & Flags.PRIVATE:
            return owner.top == place.top
        if owner.package == place.package:
            return True
        if not flags & Flags.PROTECTED:
            return False
        at: Cls | None = place
        while at is not None:
            if self.is_subclass(at.name, owner.name):
                return True
            at = at.outer
        return owner.name == "java.lang.Object"

    # --- functional interfaces

    def function(self, cls: Cls) -> Function | None:
        """The one abstract method of a functional interface and its owner as a supertype of `cls`."""
        found = cls.descriptor
        if found is False:
            found = cls.descriptor = self._function(cls)
        return found  # type: ignore[no-any-return]

    def _function(self, cls: Cls) -> Function | None:
        if not cls.is_interface:
            return None
        abstract: list[MethodSymbol] = []
        for name in self.supers(cls):
            holder = self.world.find(name)
            if holder is None or not holder.is_interface:
                continue
            for group in self.ready(holder).methods.values():
                for method in group:
                    if not method.flags & Flags.ABSTRACT or _OBJECT_METHODS.get(method.name) == len(method.params):
                        continue
                    if method.name == "clone" and not method.params:
                        continue
                    abstract.append(method)
        kept: list[MethodSymbol] = []
        for method in abstract:
            best = self.methods(cls, method.name)
            if method in best or not any(self._same_signature(cls, method, b) for b in best):
                kept.append(method)
        if not kept:
            return None
        first = kept[0]
        if any(m.name != first.name or len(m.params) != len(first.params) for m in kept[1:]):
            return None
        return first, self.supers(cls)[first.owner]

    def function_type(self, type_: Type) -> tuple[tuple[Type, ...], Type, MethodSymbol] | None:
        """Parameter types and result of the function of an interface type; wildcards replaced by their bounds (JLS 9.9)."""
        if isinstance(type_, IntersectionType):
            return next((f for f in map(self.function_type, type_.parts) if f is not None), None)
        if not isinstance(type_, ClassType):
            return None
        cls = self.world.find(type_.name)
        function = self.function(cls) if cls is not None else None
        if cls is None or function is None:
            return None
        method, owner = function
        params = tuple([p.type for p in method.params])
        result = method.result
        holder = self.world.find(owner.name)
        if holder is not None and holder.tparams:
            by: dict[TypeVar, Type] = {}
            if cls.tparams and len(type_.args) != len(cls.tparams):
                return tuple([erased(p, self.world) for p in params]), erased(result, self.world), method
            own = {v: self._plain(a, v) for v, a in zip(cls.tparams, type_.args, strict=False)}
            for variable, arg in zip(holder.tparams, owner.args, strict=False):
                by[variable] = substitute(arg, own)
            params = tuple([substitute(p, by) for p in params])
            result = substitute(result, by)
        return params, result, method

    def _plain(self, arg: Type, variable: TypeVar) -> Type:
        if not isinstance(arg, WildcardType):
            return arg
        if arg.upper is not None:
            return arg.upper
        if arg.lower is not None:
            return arg.lower
        bound = self.world.bounds(variable)[0]
        return erased(bound, self.world) if isinstance(bound, ClassType) and bound.args else OBJECT if isinstance(bound, TypeVar) else bound

    # --- members as seen through a type

    def member_of(self, site: Type, owner: str, type_: Type) -> Type:
        """A member's type as seen through `site`: the owner's variables replaced, erased through a raw type."""
        if isinstance(type_, ClassType) and not type_.args:
            return type_
        holder = self.world.find(owner)
        if holder is None or not holder.tparams:
            return type_
        seen = self.as_super(site, owner)
        if seen is None:
            return type_
        if len(seen.args) != len(holder.tparams):
            return erased(type_, self.world)
        if seen.args == holder.tparams:
            return type_
        return substitute(type_, dict(zip(holder.tparams, self.bounded(seen).args, strict=True)))

    def mapping_of(self, site: Type, owner: str) -> dict[TypeVar, Type] | None:
        """The owner's variables as seen through `site`; None through a raw type."""
        holder = self.world.find(owner)
        if holder is None or not holder.tparams:
            return {}
        seen = self.as_super(site, owner)
        if seen is None:
            return {}
        if len(seen.args) != len(holder.tparams):
            return None
        return dict(zip(holder.tparams, self.bounded(seen).args, strict=True))

    def element_type(self, type_: Type) -> Type:
        """What an enhanced for over the type yields."""
        if isinstance(type_, ArrayType):
            return type_.element
        seen = self.as_super(type_, "java.lang.Iterable")
        if seen is None or not seen.args:
            return OBJECT
        arg = seen.args[0]
        if arg == UNBOUNDED:
            return OBJECT
        return arg
