"""Injection by type and name, as every container does it; what declares beans and asks for them is the frameworks' business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from refactor.frameworks.plugins.names import mark, words
from refactor.ir.symbols import ClassSymbol, FieldSymbol, Flags, MethodSymbol, Param
from refactor.ir.types import ArrayType, ClassType, Type, erase
from refactor.pointsto.plugin import Feed, Ref

_MANY = frozenset(
    {
        "java.util.List", "java.util.Set", "java.util.Collection", "java.lang.Iterable", "java.util.Map", "java.util.Optional",
        "java.util.stream.Stream", "javax.inject.Provider", "jakarta.inject.Provider", "javax.enterprise.inject.Instance",
        "jakarta.enterprise.inject.Instance", "org.springframework.beans.factory.ObjectProvider",
        "org.springframework.beans.factory.ObjectFactory",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """One bean: `ref` holds it, `type` is what it is known by."""

    name: str
    type: str
    ref: Ref


@dataclass(slots=True)
class Beans:
    """The beans of one container, and how its annotations ask for them. A name that no bean has says nothing."""

    feed: Feed
    injected: frozenset[str]
    named: frozenset[str]
    made: list[Made] = field(default_factory=list)
    _filled: set[tuple[Ref, str]] = field(default_factory=set)
    _values: dict[tuple[str, str], Ref | None] = field(default_factory=dict)

    def add(self, name: str, type_: str, ref: Ref) -> None:
        self.made.append(Made(name, type_, ref))

    def candidates(self, type_: str, name: str = "") -> list[Made]:
        """The beans that a place of this type may get."""
        fits = [m for m in self.made if m.type == type_ or type_ in self.feed.supertypes(m.type) or type_ == "java.lang.Object"]
        return [m for m in fits if m.name == name] or fits

    def value(self, written: Type, name: str = "") -> Ref | None:
        """What is injected where the type is `written`; a collection or provider of beans where it says so."""
        key = (repr(written), name)
        if key not in self._values:
            self._values[key] = self._value(written, name)
        return self._values[key]

    def _value(self, written: Type, name: str) -> Ref | None:
        feed = self.feed
        if isinstance(written, ClassType) and written.name in _MANY and written.args:
            inner = self.value(written.args[-1], name)
            if inner is None:
                return None
            whole = feed.typed(written, f"injected {len(self._values)}")
            for content in ("[]", "value", "<any>"):
                feed.put(whole, content, inner)
            return whole
        if isinstance(written, ArrayType):
            return feed.made(written)
        erased = erase(written)
        if not isinstance(erased, ClassType):
            return None
        found = self.candidates(erased.name, name)
        if not found:
            return None if erased.name in feed.program.classes else feed.made(written)
        group = feed.group()
        for each in found:
            feed.flow(each.ref, group)
        return group

    def name_of(self, symbol: FieldSymbol | MethodSymbol | Param) -> str:
        """The name that a place asks for."""
        for each in symbol.annotations:
            if each.name in self.named:
                for key in ("value", "name", "beanName", "mappedName"):
                    for word in words(each.value(key)):
                        return word
        return ""

    def arguments(self, method: MethodSymbol) -> list[Ref | None]:
        return [self.value(p.type, self.name_of(p) or self.name_of(method)) for p in method.params]

    def constructor(self, cls: ClassSymbol) -> MethodSymbol | None:
        """The constructor that the container calls: the marked one, the only one, or the one without parameters."""
        found = [m for m in cls.methods if m.is_constructor]
        marked = [m for m in found if mark(m, self.injected)]
        empty = [m for m in found if not m.params]
        return next(iter(marked or (found if len(found) == 1 else empty or found)), None)

    def construct(self, cls: ClassSymbol, ref: Ref) -> None:
        chosen = self.constructor(cls)
        self.feed.construct(ref, cls.name, self.arguments(chosen) if chosen is not None else None, chosen)

    def fill(self, cls: str, ref: Ref) -> None:
        """Inject the marked fields and methods of a class and its superclasses."""
        if (ref, cls) in self._filled:
            return
        self._filled.add((ref, cls))
        at = self.feed.program.classes.get(cls)
        while at is not None:
            for each in at.fields:
                if mark(each, self.injected):
                    value = self.value(each.type, self.name_of(each))
                    if value is not None:
                        if each.flags & Flags.STATIC:
                            self.feed.flow(value, self.feed.static_field(each.key))
                        else:
                            self.feed.put(ref, each.key, value)
            for method in at.methods:
                if mark(method, self.injected) and not method.is_constructor:
                    self.feed.run(method, f"injection into {at.name}", ref, self.arguments(method))
            at = self.feed.program.classes.get(at.superclass.name) if at.superclass else None

    def asks(self, cls: ClassSymbol) -> bool:
        """Whether a class has anything to inject."""
        return any(mark(f, self.injected) for f in cls.fields) or any(mark(m, self.injected) for m in cls.methods)


def run_marked(feed: Feed, cls: str, ref: Ref, marks: frozenset[str], what: str, args: Sequence[Ref | None] | None = None) -> None:
    """Run every method of a class that carries one of `marks`."""
    for method in feed.methods(cls):
        if mark(method, marks):
            feed.run(method, f"{what} {cls}.{method.name}", ref, args)
