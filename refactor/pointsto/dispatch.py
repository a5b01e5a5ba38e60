"""What points-to asks of virtual dispatch: the one body that runs for a class, bodies of functions, overrides of library methods."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.ir import dispatch
from refactor.ir.symbols import ClassSymbol, Flags, MethodSymbol
from refactor.ir.types import Type
from refactor.pointsto.world import OBJECT, World

# Methods of every object that libraries call (JLS 4.3.2 and the natural order), by bit.
TEXT, EQUAL = 1, 2
ORDERED = 8  # not of objects: of the comparator that a sorted collection keeps
SHALLOW = 4  # of the object itself, not of what it contains
PROPERTIES = 16  # not one of the above: the bean properties, which binders and mappers get and set by name
_UNIVERSAL = (("toString", 0, TEXT), ("equals", 1, EQUAL), ("hashCode", 0, EQUAL), ("compareTo", 1, EQUAL))
_FIXED = Flags.STATIC | Flags.PRIVATE


class Dispatch:
    """Remembers what it found: a program asks the same again and again."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._targets: dict[tuple[str, int], str | None] = {}
        self._exact = dispatch.Dispatch(world.program, world.hierarchy)
        self._by_name: dict[tuple[str, str, int], tuple[MethodSymbol, ...]] = {}
        self._universal: dict[tuple[str, int], tuple[str, ...]] = {}
        self._overrides: dict[str, tuple[tuple[str, MethodSymbol], ...]] = {}
        self._properties: dict[str, tuple[MethodSymbol, ...]] = {}
        names: set[tuple[str, int]] = set()
        for cls in world.program.classes.values():
            names.update((m.name, len(m.params)) for m in cls.methods if not m.flags & Flags.STATIC)
        self.names = frozenset(names)

    def target(self, cls: str, signature: int) -> str | None:
        """The body that runs when the method is called on an object of application class `cls`; None: the library's own code."""
        key = (cls, signature)
        if key not in self._targets:
            self._targets[key] = self._find(cls, signature)
        return self._targets[key]

    def _find(self, name: str, number: int) -> str | None:
        world, signature = self.world, self.world.signatures[number]
        method = signature.method
        bodies = world.program.bodies
        chain: list[ClassSymbol] = []
        at = world.program.find(name)
        if at is None:
            return None
        chain = [at, *world.hierarchy.superclasses(name)]
        for cls in chain:
            found = self._declared(cls, signature.name, signature.arity, method)
            if found is not None and not found.flags & Flags.ABSTRACT:
                return found.key if found.key in bodies else None
        best: list[ClassSymbol] = []
        for cls in chain:
            for interface in self._interfaces(cls):
                found = self._declared(interface, signature.name, signature.arity, method)
                if found is not None and found.key in bodies and interface not in best:
                    best.append(interface)
        for interface in best:
            if not any(o is not interface and interface.name in world.supertypes(o.name)[0] for o in best):
                chosen = self._declared(interface, signature.name, signature.arity, method)
                return chosen.key if chosen is not None else None
        return None

    def _interfaces(self, cls: ClassSymbol) -> Iterator[ClassSymbol]:
        todo = [i.name for i in cls.interfaces]
        seen: set[str] = set()
        if cls.is_interface:
            yield cls
        while todo:
            name = todo.pop(0)
            if name in seen:
                continue
            seen.add(name)
            found = self.world.program.find(name)
            if found is not None:
                yield found
                todo.extend(i.name for i in found.interfaces)

    def _declared(self, cls: ClassSymbol, name: str, arity: int, method: MethodSymbol | None) -> MethodSymbol | None:
        """The method of `cls` itself that is `method` or overrides it; by name and number of arguments where `method` is None."""
        key = (cls.name, name, arity)
        group = self._by_name.get(key)
        if group is None:
            group = self._by_name[key] = tuple(m for m in cls.methods if m.name == name and len(m.params) == arity)
        if not group:
            return None
        if method is None:
            return group[0]
        for candidate in group:
            if candidate is method or candidate.key == method.key:
                return candidate
        return self._exact.declared(cls.name, method)

    def view(self, name: str, of: str) -> dict[str, Type] | None:
        """The type arguments of supertype `of` as class `name` sees them, by variable; None where `of` is no supertype."""
        return self._exact.view(name, of)

    def functional(self, interface: str) -> MethodSymbol | None:
        """The one abstract method of a functional interface (JLS 9.8), as its declaring interface has it."""
        return self._exact.functional(interface)

    def runs_function(self, interface: str, number: int) -> bool:
        """Whether a call of this signature on a lambda of `interface` runs the lambda."""
        signature, method = self.world.signatures[number], self.functional(interface)
        return method is not None and method.name == signature.name and len(method.params) == signature.arity

    def default_of(self, interface: str, number: int) -> str | None:
        """The body of a default method called on a lambda of an application interface."""
        signature = self.world.signatures[number]
        cls = self.world.program.find(interface)
        for each in self._interfaces(cls) if cls is not None else ():
            found = self._declared(each, signature.name, signature.arity, signature.method)
            if found is not None and found.key in self.world.program.bodies:
                return found.key
        return None

    def universal(self, cls: str, mask: int) -> tuple[str, ...]:
        """The application's bodies of toString, equals, hashCode and compareTo for one class."""
        key = (cls, mask)
        found = self._universal.get(key)
        if found is None:
            targets = []
            for name, arity, bit in _UNIVERSAL:
                if bit & mask and (name, arity) in self.names:
                    owner = "java.lang.Comparable" if name == "compareTo" else OBJECT
                    symbol = self.world.program.find(owner)
                    method = next((m for m in symbol.methods if m.name == name), None) if symbol else None
                    target = self.target(cls, self.world.signature(owner, name, arity, method))
                    if target is not None:
                        targets.append(target)
            found = self._universal[key] = tuple(targets)
        return found

    def properties(self, cls: str) -> tuple[MethodSymbol, ...]:
        """The bodies of a class and its application superclasses that get or set a property (JavaBeans 1.01, 8.3), by name."""
        found = self._properties.get(cls)
        if found is None:
            chosen: dict[tuple[str, int], MethodSymbol] = {}
            at = self.world.program.classes.get(cls)
            for symbol in (at, *self.world.hierarchy.superclasses(cls)) if at is not None else ():
                for method in symbol.methods if symbol.name in self.world.program.classes else ():
                    if _is_property(method) and method.key in self.world.program.bodies:
                        chosen.setdefault((method.name, len(method.params)), method)
            found = self._properties[cls] = tuple(chosen[k] for k in sorted(chosen))
        return found

    def library_overrides(self, cls: str) -> tuple[tuple[str, MethodSymbol], ...]:
        """(body, library method) for everything that a library may call on an object of `cls`, but for the methods of every object."""
        found = self._overrides.get(cls)
        if found is None:
            world = self.world
            above = [world.program.find(n) for n in sorted(world.supertypes(cls)[0]) if n not in world.program.classes and n != OBJECT]
            pairs: dict[str, MethodSymbol] = {}
            for library in above:
                for method in library.methods if library is not None else ():
                    if method.flags & _FIXED or method.is_constructor or (method.name, len(method.params)) not in self.names:
                        continue
                    target = self.target(cls, world.signature(method.owner, method.name, len(method.params), method))
                    if target is not None and not _is_of_object(method):
                        pairs.setdefault(target, method)
            found = self._overrides[cls] = tuple(pairs.items())
        return found


def _is_of_object(method: MethodSymbol) -> bool:
    return (method.name, len(method.params)) in {("equals", 1), ("hashCode", 0), ("toString", 0)}


def _is_property(method: MethodSymbol) -> bool:
    """getX(), isX() that answers a boolean, setX(value): public, and with something after the word."""
    if method.flags & _FIXED or not method.flags & Flags.PUBLIC:
        return False
    word = "is" if method.name.startswith("is") else method.name[:3]
    if not method.name[len(word) :][:1].isupper():
        return False
    answers = method.descriptor.rpartition(")")[2]
    if word == "set":
        return len(method.params) == 1
    return not method.params and (answers != "V" if word == "get" else word == "is" and answers in ("Z", "Ljava/lang/Boolean;"))
