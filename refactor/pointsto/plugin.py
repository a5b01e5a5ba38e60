"""The protocol between the solver and what knows a framework: a plug-in says what the world outside makes, fills and calls.

The solver knows none of them. A plug-in subclasses Plugin; its `facts` are called once for a program, its `answer` for every call
of a library method.
"""

from __future__ import annotations

from collections.abc import Sequence

from refactor.ir.program import Program
from refactor.ir.statements import Const, Invoke, Value
from refactor.ir.symbols import ClassSymbol, Flags, MethodSymbol
from refactor.ir.types import ClassType, Type
from refactor.pointsto import code as c
from refactor.pointsto.build import Builder
from refactor.pointsto.code import Code
from refactor.pointsto.dispatch import PROPERTIES
from refactor.pointsto.program import Base
from refactor.pointsto.result import ObjectKind
from refactor.support.source import Span

Ref = int
"""Something that may hold objects, as a plug-in names it."""


class Plugin:
    """One framework. `name` stands before the reasons of its entry points."""

    name = ""

    def facts(self, feed: Feed) -> None:
        """Entry points, beans and what is injected into them."""

    def answer(self, feed: Feed, call: Invoke) -> Sequence[Ref] | None:
        """What a call of a library method gives back; None: not this framework's business."""
        return None


class Feed:
    """What a plug-in may say. Everything goes into one code that runs as the world outside."""

    def __init__(self, base: Base, plugin: Plugin) -> None:
        self._base = base
        self._world = base.world
        self._plugin = plugin
        self._builder = Builder(base, f"<{plugin.name}>", "java.lang.Object")
        self._builder.code.transparent = True
        self._constructed: set[tuple[Ref, str]] = set()

    @property
    def program(self) -> Program:
        return self._world.program

    @property
    def code(self) -> Code:
        return self._builder.code

    def classes(self) -> list[ClassSymbol]:
        """Every application class, by name."""
        return [self.program.classes[n] for n in sorted(self.program.classes)]

    def supertypes(self, name: str) -> frozenset[str]:
        """All supertypes of a class, itself included, library classes too."""
        return self._world.supertypes(name)[0]

    def concrete(self, name: str) -> tuple[str, ...]:
        """The application classes at or below a type of which objects can be made."""
        return self._world.concrete(name)

    def methods(self, cls: str) -> list[MethodSymbol]:
        """The methods of a class and its application superclasses and interfaces; no constructors, what is overridden once."""
        found: dict[tuple[str, str], MethodSymbol] = {}
        chain = [cls, *(s.name for s in self._world.hierarchy.superclasses(cls)), *sorted(self.supertypes(cls))]
        for name in chain:
            symbol = self.program.classes.get(name)
            for method in symbol.methods if symbol is not None else ():
                if not method.is_constructor:
                    found.setdefault((method.name, method.descriptor.rpartition(")")[0]), method)
        return list(found.values())

    def overrides(self, cls: str, package: str = "") -> list[MethodSymbol]:
        """The methods of a class that override those of library types, of one package where it is given; not toString and the like."""
        found = []
        for key, above in self._base.dispatch.library_overrides(cls):
            method = self._base.method(key)
            if method is not None and above.owner.startswith(package):
                found.append(method)
        return found

    def properties(self, cls: str) -> tuple[MethodSymbol, ...]:
        """The methods of a class and its application superclasses that get or set a property by name."""
        return self._base.dispatch.properties(cls)

    # -- objects

    def object(self, cls: str, name: str = "", *, automatic: bool = False, proxy: bool = False) -> Ref:
        """An object that the framework makes, the same for the same class and name. `proxy`: it implements what nobody does.

        `automatic`: its fields hold whatever their types say. Constructors run only where `construct` is called.
        """
        return self.typed(ClassType(cls), name, automatic=automatic, proxy=proxy)

    def typed(self, type_: ClassType, name: str = "", *, automatic: bool = False, proxy: bool = False) -> Ref:
        """The same with type arguments."""
        world = self._world
        alloc = world.alloc(
            ("object", type_, name),
            world.type_named(type_.name),
            ObjectKind.MADE,
            automatic=automatic,
            proxy=proxy,
            written=type_,
            label=f"{type_.name} ({name or self._plugin.name})",
        )
        return world.global_of("object", alloc.number)

    def made(self, type_: Type) -> Ref | None:
        """Whatever a framework makes of a type, filled by its types; None for primitives."""
        return self._world.made(type_)

    def literal(self, cls: str) -> Ref:
        """The class literal of a class."""
        return self._world.global_of("class", cls)

    def group(self) -> Ref:
        """A new variable that nothing is in yet."""
        return self._world.global_of("group", self._plugin.name, len(self._world.globals))

    def flow(self, source: Ref, target: Ref, type_: str | None = None) -> None:
        """What `source` holds, `target` holds too, as far as it is of class `type_`."""
        self._builder.emit(c.Copy(target, source, self._world.type_named(type_) if type_ else c.NO_FILTER))

    def put(self, object_: Ref, field: str, value: Ref) -> None:
        """object.field holds value; a field's key, or "[]", "key", "value" of a library object."""
        self._builder.emit(c.Write(object_, self._world.field(field), value))

    def fetch(self, object_: Ref, field: str) -> Ref:
        """What object.field holds."""
        found = self.group()
        self._builder.emit(c.Read(found, object_, self._world.field(field)))
        return found

    def given_to(self, owner: str) -> Ref:
        """What static methods of a library class without a model have been given."""
        return self._world.global_of("kept", owner)

    def read_properties(self, method: MethodSymbol, reason: str, value: Ref) -> None:
        """The framework asks for the properties of what `value` holds, and of what they hold, because of a method."""
        span = method.name_span or method.span
        assert span is not None
        self._builder.emit(c.Use(self._site(span, reason), value, PROPERTIES))

    def static_field(self, key: str) -> Ref:
        return self._world.global_of("static", key)

    # -- calls

    def construct(self, object_: Ref, cls: str, args: Sequence[Ref | None] | None = None, constructor: MethodSymbol | None = None) -> None:
        """Run the initialisers of a class and one constructor; the one without parameters, or the first, where none is named."""
        if (object_, cls) in self._constructed:
            return
        self._constructed.add((object_, cls))
        symbol = self.program.classes[cls]
        self.initialise(cls)
        constructors = [m for m in symbol.methods if m.is_constructor]
        if constructor is None:
            constructor = next((m for m in constructors if not m.params), constructors[0] if constructors else None)
        if constructor is not None:
            self.run(constructor, f"the container makes {cls}", object_, args)

    def initialise(self, cls: str) -> None:
        """Run the static initialisers of a class."""
        symbol = self.program.classes.get(cls)
        if symbol is not None:
            span = symbol.name_span or symbol.span
            assert span is not None
            self._builder.emit(c.Initialise(self._site(span, f"{cls} is used"), cls))

    def run(self, method: MethodSymbol, reason: str, receiver: Ref | None = None, args: Sequence[Ref | None] | None = None) -> Ref:
        """The framework calls a method: on `receiver`, with `args` or with whatever their types say. Gives the result."""
        result = self.group()
        if method.key not in self.program.bodies:
            return result
        span = method.name_span or method.span
        assert span is not None
        values = tuple(args) if args is not None else tuple([self.made(p.type) for p in method.params])
        types = tuple([-1] * len(values))
        if method.flags & Flags.STATIC:
            self.initialise(method.owner)
            receiver = None
        elif receiver is None:
            receiver = self.object(method.owner)
        self._builder.emit(c.Call(self._site(span, reason), receiver, -1, method.key, values, types, result, -1))
        return result

    def _site(self, span: Span, reason: str) -> int:
        return self._world.site(self.code.key, span, "", f"{self._plugin.name}: {reason}")


def texts(values: Sequence[Value]) -> list[str | None]:
    """The constant strings among arguments, None for the others."""
    return [v.value if isinstance(v, Const) and isinstance(v.value, str) else None for v in values]
