"""Which body runs: overriding through type arguments, inherited and default methods, the methods of functional interfaces.

The one place that knows when a method overrides another. A method's key is that of its erased parameters, and those of
`handle(int[])` in `class Keeper implements Handler<int[]>` are not those of `Handler#handle(T)`: nobody else may put the name
of a class before another class's `name(parameters)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from refactor.ir.hierarchy import ClassHierarchy
from refactor.ir.program import Program
from refactor.ir.statements import Invoke, InvokeKind, Lambda, walk
from refactor.ir.symbols import ClassSymbol, Flags, MethodSymbol
from refactor.ir.types import OBJECT, ArrayType, ClassType, IntersectionType, Type, TypeVar, UnknownType, WildcardType, descriptor

_FIXED = Flags.STATIC | Flags.PRIVATE
_OF_OBJECT = frozenset({("equals", 1), ("hashCode", 0), ("toString", 0)})


class Dispatch:
    """Answers are remembered: a program asks the same again and again. Made once per program (`flow.facts.Facts.dispatch`)."""

    def __init__(self, program: Program, hierarchy: ClassHierarchy, lambdas: Iterable[Lambda] | None = None) -> None:
        """`lambdas`: all of the program, where somebody has them already."""
        self._program = program
        self._hierarchy = hierarchy
        self._lambdas = lambdas
        self._declared: dict[tuple[str, str], MethodSymbol | None] = {}
        self._views: dict[tuple[str, str], dict[str, Type] | None] = {}
        self._groups: dict[tuple[str, str, int], tuple[MethodSymbol, ...]] = {}
        self._targets: dict[str, tuple[str, ...]] = {}
        self._functional: dict[str, MethodSymbol | None] = {}
        self._above: dict[str, frozenset[str]] = {}
        self._below: dict[str, tuple[str, ...]] = {}
        self._below_library: dict[str, list[str]] | None = None
        self._overridden: dict[str, tuple[MethodSymbol, ...]] = {}
        self._inheriting: tuple[dict[str, list[MethodSymbol]], dict[str, set[str]]] | None = None
        self._functions: dict[str, tuple[str, ...]] | None = None
        self._function_of: dict[str, tuple[MethodSymbol, ...]] = {}
        names: set[tuple[str, int]] = set()
        for cls in program.classes.values():
            names.update((m.name, len(m.params)) for m in cls.methods)
        self._names = frozenset(names)  # name and number of parameters of every method of the application

    # -- calls

    def targets(self, call: Invoke) -> tuple[str, ...]:
        """Bodies of methods that a call may run, sorted; none where only library code runs, or where nobody knows (`method` None)."""
        if call.method is None:
            return ()
        if call.kind in (InvokeKind.VIRTUAL, InvokeKind.INTERFACE):
            return self.overriding(call.method)
        return (call.method,) if call.method in self._program.bodies else ()

    def runs(self, call: Invoke) -> tuple[str, ...]:
        """`targets`, and the lambdas whose function the called method is."""
        found = self.targets(call)
        if call.method is None or call.kind is not InvokeKind.INTERFACE:
            return found
        return (*found, *self.functions(call.method))

    def overriding(self, key: str) -> tuple[str, ...]:
        """Bodies that may run where the method `key` is called on an object: its own and every one that overrides it, sorted."""
        found = self._targets.get(key)
        if found is None:
            method = self._program.method(key)
            own = {key} if key in self._program.bodies else set()
            if method is not None and not method.is_constructor and not method.flags & _FIXED:
                own.update(self._overriding(method))
            found = self._targets[key] = tuple(sorted(own))
        return found

    def _overriding(self, method: MethodSymbol) -> Iterator[str]:
        if (method.name, len(method.params)) not in self._names:
            return
        bodies = self._program.bodies
        for name in self.subtypes(method.owner):
            found = self.declared(name, method)
            if found is not None and found.key in bodies:
                yield found.key
        # A superclass's method that is an interface's only in a subclass of it.
        yield from (key for key in self._inherited()[1].get(method.key, ()) if key in bodies)

    def body_on(self, name: str, method: MethodSymbol) -> MethodSymbol | None:
        """The method that runs when `method` is called on an object whose class is `name`; a default method last."""
        cls = self._program.find(name)
        if cls is None:
            return None
        chain = [cls, *self._hierarchy.superclasses(name)]
        for at in chain:
            found = self.declared(at.name, method)
            if found is not None and not found.flags & Flags.ABSTRACT:
                return found
        best: list[MethodSymbol] = []
        for above in sorted(self.supertypes(name)):
            symbol = self._program.find(above)
            found = self.declared(above, method) if symbol is not None and symbol.is_interface else None
            if found is not None and not found.flags & Flags.ABSTRACT:
                best.append(found)
        return next((m for m in best if not any(o is not m and m.owner in self.supertypes(o.owner) for o in best)), None)

    # -- overriding

    def declared(self, name: str, method: MethodSymbol) -> MethodSymbol | None:
        """The method of class `name` itself that is `method` or overrides it."""
        key = (name, method.key)
        if key not in self._declared:
            self._declared[key] = self._find(name, method)
        return self._declared[key]

    def _find(self, name: str, method: MethodSymbol) -> MethodSymbol | None:
        group = self._group(name, method.name, len(method.params))
        if not group:
            return None
        if name == method.owner:
            return next((m for m in group if m.key == method.key), None)
        if method.flags & _FIXED or method.is_constructor:
            return None
        group = tuple(m for m in group if not m.flags & _FIXED)
        wanted = method.descriptor.rpartition(")")[0]
        for candidate in group:
            if candidate.descriptor.rpartition(")")[0] == wanted:
                return candidate
        view = self.view(name, method.owner)
        if view is None:
            return None
        seen = "(" + "".join(_seen(p.type, view) for p in method.params)
        # A parameter whose type nobody knows may be of the same type.
        unknown = any(isinstance(p.type, UnknownType) for p in method.params)
        for candidate in group:
            if unknown or candidate.descriptor.rpartition(")")[0] == seen or any(isinstance(p.type, UnknownType) for p in candidate.params):
                return candidate
        return None

    def _group(self, name: str, called: str, arity: int) -> tuple[MethodSymbol, ...]:
        key = (name, called, arity)
        found = self._groups.get(key)
        if found is None:
            cls = self._program.find(name)
            methods = cls.methods if cls is not None else ()
            found = self._groups[key] = tuple(m for m in methods if m.name == called and len(m.params) == arity)
        return found

    def overridden(self, method: MethodSymbol) -> tuple[MethodSymbol, ...]:
        """Every method that `method` overrides, or is the body of in a subclass that says so only there (application or library)."""
        found = self._overridden.get(method.key)
        if found is None:
            own: list[MethodSymbol] = []
            if not method.flags & _FIXED and not method.is_constructor:
                for parent in sorted(self.supertypes(method.owner) - {method.owner}):
                    for candidate in self._group(parent, method.name, len(method.params)):
                        if not candidate.flags & _FIXED and self.declared(method.owner, candidate) is method:
                            own.append(candidate)
                own += [m for m in self._inherited()[0].get(method.key, ()) if m not in own]
            found = self._overridden[method.key] = tuple(own)
        return found

    def _inherited(self) -> tuple[Mapping[str, list[MethodSymbol]], Mapping[str, set[str]]]:
        """Key of an application method -> methods of interfaces that it is the body of because a subclass implements them; and back."""
        if self._inheriting is None:
            found: dict[str, list[MethodSymbol]] = {}
            back: dict[str, set[str]] = {}
            for cls in self._program.classes.values():
                parent = cls.superclass.name if cls.superclass is not None else None
                if parent is None or parent not in self._program.classes:
                    continue
                above = self.supertypes(parent)
                for interface in sorted(self.supertypes(cls.name) - above - {cls.name}):
                    symbol = self._program.find(interface)
                    for method in symbol.methods if symbol is not None else ():
                        if method.flags & _FIXED or (method.name, len(method.params)) not in self._names:
                            continue
                        if self.declared(cls.name, method) is None and (body := self._from_above(cls, method)) is not None:
                            found.setdefault(body.key, []).append(method)
                            back.setdefault(method.key, set()).add(body.key)
            self._inheriting = found, back
        return self._inheriting

    def _from_above(self, cls: ClassSymbol, method: MethodSymbol) -> MethodSymbol | None:
        """The application method that a class inherits for a method of an interface that its superclasses do not have."""
        view = self.view(cls.name, method.owner)
        if view is None:
            return None
        seen = "(" + "".join(_seen(p.type, view) for p in method.params)
        for parent in self._hierarchy.superclasses(cls.name):
            for candidate in self._group(parent.name, method.name, len(method.params)):
                own = self.view(cls.name, parent.name) or {}
                if not candidate.flags & _FIXED and "(" + "".join(_seen(p.type, own) for p in candidate.params) == seen:
                    return candidate if parent.name in self._program.classes else None
        return None

    # -- functions

    def functional(self, interface: str) -> MethodSymbol | None:
        """The one abstract method of a functional interface (JLS 9.8), as its declaring interface has it; None for any other type."""
        if interface not in self._functional:
            found: list[MethodSymbol] = []
            above = sorted(self.supertypes(interface), key=lambda n: (n != interface, n))
            for name in above:
                cls = self._program.find(name)
                for method in cls.methods if cls is not None and cls.is_interface else ():
                    if method.flags & Flags.ABSTRACT and not method.flags & _FIXED and (method.name, len(method.params)) not in _OF_OBJECT:
                        found.append(method)
            lowest = [m for m in found if not any(self._replaced(m, n) for n in above)]
            self._functional[interface] = next(iter(lowest or found), None)
        return self._functional[interface]

    def _replaced(self, method: MethodSymbol, by: str) -> bool:
        return by != method.owner and method.owner in self.supertypes(by) and self.declared(by, method) is not None

    def implements(self, interface: Type) -> tuple[MethodSymbol, ...]:
        """The methods that a lambda of this type is the body of: the functional one and those that it overrides."""
        found: dict[str, MethodSymbol] = {}
        for part in interface.parts if isinstance(interface, IntersectionType) else (interface,):
            method = self.functional(part.name) if isinstance(part, ClassType) else None
            if method is not None:
                found.setdefault(method.key, method)
                for above in self.overridden(method):
                    found.setdefault(above.key, above)
        return tuple(found.values())

    def functions(self, key: str) -> tuple[str, ...]:
        """Bodies of the lambdas and method references that may run where the method `key` of an interface is called, sorted."""
        if self._functions is None:
            made: dict[str, set[str]] = {}
            for statement in self._all_lambdas():
                methods = self._function_of[statement.body] = self.implements(statement.interface)
                for method in methods:
                    made.setdefault(method.key, set()).add(statement.body)
            self._functions = {k: tuple(sorted(v)) for k, v in made.items()}
        return self._functions.get(key, ())

    def called_as(self, key: str) -> tuple[str, ...]:
        """Keys of the methods through which a virtual call may run a body: its own, those that it overrides, those of its function."""
        method = self._program.method(key) if "(" in key else None
        if method is not None:
            return tuple(dict.fromkeys((key, *(m.key for m in self.overridden(method)))))
        self.functions("")
        return tuple(m.key for m in self._function_of.get(key, ()))

    def _all_lambdas(self) -> Iterable[Lambda]:
        if self._lambdas is not None:
            return self._lambdas
        return (s for body in self._program.bodies.values() for s in walk(body.statements) if isinstance(s, Lambda))

    # -- types

    def subtypes(self, name: str) -> tuple[str, ...]:
        """All application classes below a class of any origin, an application class itself included, sorted."""
        found = self._below.get(name)
        if found is None:
            if name in self._program.classes:
                below: Iterable[str] = (n for n in self._hierarchy.subtypes(name) if n in self._program.classes)
            else:
                below = self._library_subtypes().get(name, ())
            found = self._below[name] = tuple(sorted(below))
        return found

    def _library_subtypes(self) -> Mapping[str, list[str]]:
        if self._below_library is None:
            self._below_library = {}
            for name in self._program.classes:
                for above in self.supertypes(name):
                    if above not in self._program.classes:
                        self._below_library.setdefault(above, []).append(name)
        return self._below_library

    def supertypes(self, name: str) -> frozenset[str]:
        """All supertypes of a class of any origin, itself included."""
        found = self._above.get(name)
        if found is None:
            found = self._above[name] = self._hierarchy.supertypes(name)
        return found

    def view(self, name: str, of: str) -> dict[str, Type] | None:
        """The type arguments of supertype `of` as class `name` sees them, by variable; None where `of` is no supertype."""
        key = (name, of)
        if key not in self._views:
            self._views[key] = None
            self._views[key] = self._view(name, of)
        return self._views[key]

    def _view(self, name: str, of: str) -> dict[str, Type] | None:
        if name == of:
            return {}
        cls = self._program.find(name)
        if cls is None:
            return None
        parents = [*([cls.superclass] if cls.superclass else []), *cls.interfaces]
        if cls.is_interface:
            parents.append(OBJECT)
        for parent in parents:
            holder = self._program.find(parent.name)
            if holder is None:
                continue
            own: dict[str, Type] = {}
            if len(parent.args) == len(holder.type_params):
                own = {p.name: a for p, a in zip(holder.type_params, parent.args, strict=True)}
            if parent.name == of:
                return own
            above = self.view(parent.name, of)
            if above is not None:
                return {n: substitute(t, own) for n, t in above.items()}
        return None


def substitute(type_: Type, view: Mapping[str, Type]) -> Type:
    """Replace type variables by name; a method's own variables are not in `view`."""
    match type_:
        case TypeVar(name, owner, _) if name in view and "(" not in owner:
            found = view[name]
            return (found.upper or found.lower or type_) if isinstance(found, WildcardType) else found
        case ClassType(name, args) if args:
            return ClassType(name, tuple(substitute(a, view) for a in args))
        case ArrayType(element):
            return ArrayType(substitute(element, view))
        case _:
            return type_


def _seen(type_: Type, view: Mapping[str, Type]) -> str:
    """The erased descriptor of a parameter under type arguments; a method's own variable is erased to its bound under them."""
    match type_:
        case TypeVar(name, owner, bounds):
            if name in view and "(" not in owner:
                return descriptor(substitute(type_, view))
            return _seen(bounds[0], view) if bounds else descriptor(type_)
        case ArrayType(element):
            return "[" + _seen(element, view)
        case _:
            return descriptor(type_)
