"""Deep immutability: of types, and of what a static field holds."""

from __future__ import annotations

from typing import cast

from refactor.flow.arrayfacts import ArrayFacts
from refactor.flow.facts import Facts
from refactor.ir.program import Body
from refactor.ir.statements import Const, Copy, Invoke, Lambda, Load, Local, New, Value
from refactor.ir.symbols import ClassKind, ClassSymbol, FieldSymbol, Flags
from refactor.ir.types import ArrayType, ClassType, PrimitiveType, Type
from refactor.isolate.knowledge import Knowledge

_DEPTH = 20


def is_enum(facts: Facts, cls: ClassSymbol) -> bool:
    """An enum, or the body of one of its constants."""
    parent = facts.program.classes.get(cls.superclass.name) if cls.superclass else None
    return cls.kind is ClassKind.ENUM or (parent is not None and parent.kind is ClassKind.ENUM)


class Immutability:
    """Whether objects are deeply immutable, or harmless to double. `values`: the application's immutable values."""

    def __init__(self, facts: Facts, known: Knowledge, arrays: ArrayFacts, values: frozenset[str]) -> None:
        self._facts = facts
        self._known = known
        self._arrays = arrays
        self._values = values

    def of_type(self, type_: Type, without: frozenset[str] = frozenset()) -> bool:
        """Every object of this static type."""
        match type_:
            case PrimitiveType():
                return True
            case ClassType(name, args):
                if name in self._known.value or name in self._known.immutable or name in self._known.duplicable:
                    return True
                if name in self._known.value_of:
                    return all(self.of_type(a, without) for a in args)
                if name not in self._facts.top:
                    return False
                below = (self._facts.symbol(n) for n in self._facts.hierarchy.subtypes(name))
                concrete = [c for c in below if not c.is_interface]
                return bool(concrete) and all(self._of_class(c, without) for c in concrete)
            case _:
                return False

    def is_functional(self, type_: Type) -> bool:
        return isinstance(type_, ClassType) and type_.name in self._known.functional

    def _of_class(self, cls: ClassSymbol, without: frozenset[str]) -> bool:
        """Records are values whatever they hold; here their components must be immutable too."""
        if is_enum(self._facts, cls):
            return True
        if cls.name not in self._values or cls.name in without or cls.kind is not ClassKind.RECORD:
            return cls.name in self._values
        deeper = without | {cls.name}
        return all(self.of_type(f.type, deeper) for f in cls.fields if not f.flags & Flags.STATIC)

    def of_field(self, field: FieldSymbol) -> bool:
        """What a static field holds that nobody stores to again once its class is initialised."""
        if self.of_type(field.type) or field.key in self._arrays.empty:
            return True
        initialiser = f"{field.owner}#<clinit>()V"
        if isinstance(field.type, ArrayType):
            private = bool(field.flags & Flags.PRIVATE) and self.of_type(field.type.element)
            return private and self._arrays.is_constant(field.key, self._facts.top[field.owner], initialiser)
        body = self._facts.program.bodies.get(initialiser)
        stores = self._facts.stores_of(field.key)
        if body is None or not stores:
            return False
        return all(self._of_value(body, store.value, 0) for store in stores) or self._only_read(field, initialiser)

    def _of_value(self, body: Body, value: Value, depth: int) -> bool:
        if isinstance(value, Const) or self.of_type(value.type):
            return True
        made = self._facts.definitions(body).get(value.name, [])
        if len(made) != 1 or depth > _DEPTH:
            return False
        match made[0]:
            case Lambda(captures=captures):
                return all(self._of_value(body, c, depth + 1) for c in captures)
            case Copy(value=inner):
                return self._of_value(body, inner, depth + 1)
            case Invoke(method=key, args=args, receiver=receiver) if self._known.immutable_makers.matches(key):
                given = (*args, *((receiver,) if receiver is not None else ()))
                return all(self._of_value(body, a, depth + 1) or self._elements(a.type) for a in given)
            case New(cls=name):
                return name in self._values
            case _:
                return False

    def _elements(self, type_: Type) -> bool:
        """Whether the elements of a collection or array handed to a maker of unmodifiable collections are immutable."""
        match type_:
            case ClassType(name, args) if name not in self._facts.top:
                return bool(args) and all(self.of_type(a) or self.is_functional(a) for a in args)
            case ArrayType(element):
                return self.of_type(element)
            case _:
                return False

    def _only_read(self, field: FieldSymbol, initialiser: str) -> bool:
        """A private collection filled by the static initialiser and afterwards only asked: a lookup table."""
        if not field.flags & Flags.PRIVATE or not self._elements(field.type):
            return False
        for site in self._facts.loads_of(field.key):
            if site.body.key == initialiser:
                continue
            target = cast(Load, site.statement).target.name
            for use in self._facts.uses(site.body).get(target, ()):
                if not (isinstance(use, Invoke) and use.method and isinstance(use.receiver, Local) and use.receiver.name == target):
                    return False
                name = use.method.partition("#")[2].partition("(")[0]
                if name not in self._known.readers or any(isinstance(a, Local) and a.name == target for a in use.args):
                    return False
        return True
