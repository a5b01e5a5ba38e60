"""What each class could be, whatever the partition: which may have copies of their code, and how their instances could travel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import cast

from refactor.flow.arrayfacts import ArrayFacts
from refactor.flow.facts import Facts, annotated, flat
from refactor.frameworks.knowledge import container
from refactor.frameworks.marks import carrier
from refactor.frameworks.model import BeanKind
from refactor.frameworks.spring import spring_beans
from refactor.ir.program import Body
from refactor.ir.statements import Invoke, Load, Local, New, Store, Unsupported
from refactor.ir.symbols import ClassKind, ClassSymbol, Flags, Origin
from refactor.isolate.bases import base_classes
from refactor.isolate.identity import identity_uses
from refactor.isolate.immutable import Immutability, is_enum
from refactor.isolate.knowledge import Knowledge
from refactor.isolate.plan import Passing
from refactor.isolate.purity import Purity
from refactor.isolate.values import is_inner, stateless_classes, value_classes
from refactor.support.source import Span


class Category(Enum):
    """Why a top-level class may be replicated. `must` categories are needed as themselves wherever they are mentioned."""

    INTERFACE = "interface"
    ANNOTATION = "annotation"
    EXCEPTION = "exception"
    ENUM = "enum without mutable state"
    VALUE = "immutable value"
    STATELESS = "stateless"
    BASE = "base class without instances of its own"  # replicated only where it has subclasses in several parts

    @property
    def must(self) -> bool:
        return self is not Category.STATELESS


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Per top-level class: its category, or the reason why it has to be owned. Per class: what its instances are."""

    category: Mapping[str, Category]
    why_owned: Mapping[str, str]
    values: frozenset[str]  # classes whose instances may be copied
    stateless: frozenset[str]
    throwables: frozenset[str]
    changing: frozenset[str]  # keys of fields that somebody stores to after construction or initialisation
    single: Mapping[str, str]  # class -> the annotation or type that makes a container hold one instance of it
    identity: Mapping[str, tuple[Span, str]]

    def passing(self, facts: Facts, name: str, replicated: bool) -> Passing:
        """How instances of one class cross the cut."""
        cls = facts.symbol(name)
        if cls.is_interface:
            return Passing.INTERFACE
        if name in self.throwables:
            return Passing.EXCEPTION
        if is_enum(facts, cls):
            return Passing.ENUM
        if cls.local or cls.anonymous:
            return Passing.REFERENCE
        if replicated:
            return Passing.VALUE if name in self.values or name in self.stateless else Passing.REFERENCE
        return Passing.VALUE if name in self.values and self._detached(facts, cls) else Passing.REFERENCE

    def _detached(self, facts: Facts, cls: ClassSymbol) -> bool:
        """A nested value of an owned class can be kept in its proxy only where nothing private hides or holds it."""
        at: ClassSymbol | None = cls
        while at is not None and at.outer is not None:
            if at.flags & Flags.PRIVATE or is_inner(facts, at):
                return False
            at = facts.program.classes.get(at.outer)
        return cls.outer is not None and not touches_private(facts, cls.name)


def touches_private(facts: Facts, name: str) -> bool:
    """Whether the bodies of a nested class use a private member of a class that stands around it."""
    for body in facts.bodies.get(facts.top[name], ()):
        if body.owner == name or body.owner.startswith(name + "$"):
            for key in _used(body):
                owner = key.partition("#")[0]
                if owner != name and not owner.startswith(name + "$") and facts.top.get(owner) == facts.top[name]:
                    member = facts.program.method(key) if "(" in key else facts.program.field(key)
                    if member is not None and member.flags & Flags.PRIVATE:
                        return True
    return False


def _used(body: Body) -> Iterable[str]:
    for statement, _, _ in flat(body.statements):
        match statement:
            case Invoke(method=str(key)) | New(constructor=str(key)):
                yield key
            case Load(field=key) | Store(field=key):
                yield key
            case _:
                pass


def eligibility(facts: Facts, known: Knowledge, arrays: ArrayFacts) -> Eligibility:
    """before: Facts   after: which classes may be replicated, and which may be copied, with the reason where not"""
    identity = identity_uses(facts, known)
    single = _single_instances(facts, known)
    changing = changing_fields(facts)
    classes = [c for c in facts.program.classes.values() if c.origin is Origin.MAIN]
    plain = [c for c in classes if c.name not in identity and c.name not in single]
    stateless = stateless_classes(facts, known, plain)
    values = value_classes(facts, known, plain, stateless)
    throwables = frozenset(c.name for c in classes if known.throwable in facts.hierarchy.supertypes(c.name))
    judge = _Judge(facts, known, arrays, Eligibility({}, {}, values, stateless, throwables, changing, single, identity))
    category: dict[str, Category] = {}
    why: dict[str, str] = {}
    for top in sorted(facts.members):
        if not facts.is_test(top):
            found = judge.category(top)
            if isinstance(found, Category):
                category[top] = found
            else:
                why[top] = found
    return Eligibility(category, why, values, stateless, throwables, changing, single, identity)


def changing_fields(facts: Facts) -> frozenset[str]:
    """Keys of fields that are stored to outside their class's constructors (on `this`) and static initialisers."""
    found: set[str] = set()
    for site in facts.sites(Store):
        store = cast(Store, site.statement)
        owner = store.field.partition("#")[0]
        method = site.body.key.partition("#")[2]
        if store.receiver is None:
            own = site.body.owner == owner and method.startswith("<clinit>")
        else:
            this = isinstance(store.receiver, Local) and store.receiver.name == "this"
            own = site.body.owner == owner and method.startswith("<init>") and this
        if not own:
            found.add(store.field)
    return frozenset(found)


def _single_instances(facts: Facts, known: Knowledge) -> dict[str, str]:
    single = known.annotations["single_instance"] | known.annotations["persistent"]
    found: dict[str, str] = {}
    for cls in facts.program.classes.values():
        # An annotation that carries one of them, the program's or a library's, is one of them.
        mark = carrier(facts, cls, single)
        if mark is not None and cls.kind is not ClassKind.ANNOTATION:
            found[cls.name] = f"@{mark.name.rpartition('.')[2]}"
        elif known.spring_data & facts.hierarchy.supertypes(cls.name):
            found[cls.name] = "a repository made by Spring Data"
    for bean in spring_beans(facts).beans:
        if bean.kind is BeanKind.REPOSITORY and not annotated(facts.symbol(bean.declared_in), container().generated):
            found.setdefault(bean.declared_in, "a container implements it")
    return found


class _Judge:
    """Finds the category of a top-level class, or the reason why it is owned."""

    def __init__(self, facts: Facts, known: Knowledge, arrays: ArrayFacts, found: Eligibility) -> None:
        self._facts = facts
        self._found = found
        self._immutable = Immutability(facts, known, arrays, found.values)
        self._purity = Purity(facts, known, found.changing)
        self._unread = frozenset(s.top for s in facts.sites(Unsupported))
        made: dict[str, set[str]] = {}  # classes of which an instance exists that is not one of a subclass, and who makes it
        for site in facts.sites(New):
            made.setdefault(cast(New, site.statement).cls, set()).add(site.top)
        self._instantiated = frozenset(made)
        self._bases = base_classes(facts, known, self._purity, {n: frozenset(users) for n, users in made.items()})
        self._mapped = known.annotations["mapped_superclass"]

    def category(self, top: str) -> Category | str:
        cls, found = self._facts.symbol(top), self._found
        base = top in self._bases and not any(self._static_state(self._facts.symbol(n)) for n in self._facts.members[top])
        if top in found.single and base and annotated(cls, self._mapped):
            return Category.BASE
        if top in found.single:
            return f"a container holds one instance of it: {found.single[top]}"
        if top in self._unread:
            return "its code could not be read completely"
        if cls.kind is ClassKind.ANNOTATION:
            return Category.ANNOTATION
        for name in self._facts.members[top]:
            if why := self._static_state(self._facts.symbol(name)):
                return why
        if base and top not in found.stateless and top not in found.values and top not in self._unread:
            return Category.BASE
        if top in found.identity and not cls.is_interface and top not in found.throwables:
            return f"its instances have an identity: {found.identity[top][1]} at {found.identity[top][0]}"
        kind = self._kind(cls)
        return self._nested_state(top) or kind if isinstance(kind, Category) else kind

    def _kind(self, cls: ClassSymbol) -> Category | str:
        name, found = cls.name, self._found
        if cls.kind is ClassKind.INTERFACE:
            return Category.INTERFACE
        if name in found.throwables:
            return Category.EXCEPTION
        if cls.kind is ClassKind.ENUM:
            return self._enum_state(cls) or Category.ENUM
        if name in found.values:
            return Category.VALUE
        if name in found.stateless:
            if name in self._instantiated and not any(m.name == "equals" for m in cls.methods):
                return "it has instances, which are equal to themselves only"
            if any(self._purity.why_not(m.key) for m in cls.methods if m.is_constructor):
                return "its constructor has effects"
            return Category.STATELESS
        state = next((f.name for f in cls.fields if not f.flags & Flags.STATIC), None)
        return f"it has state: {state}" if state else "its superclass has state"

    def _static_state(self, cls: ClassSymbol) -> str | None:
        for method in cls.methods:
            if method.flags & Flags.NATIVE:
                return f"{cls.simple_name}.{method.name} is native"
        for member in cls.fields:
            if member.flags & Flags.STATIC and not member.enum_constant:
                if member.key in self._found.changing:
                    return f"static state: {cls.simple_name}.{member.name} changes"
                if member.constant is None and not self._immutable.of_field(member):
                    return f"static state: {cls.simple_name}.{member.name} is not known to be immutable"
        if why := self._purity.initialiser(cls.name):
            return f"its static initialiser cannot run once per process: {why}"
        return None

    def _enum_state(self, cls: ClassSymbol) -> str | None:
        for member in cls.fields:
            if not member.flags & Flags.STATIC:
                if member.key in self._found.changing:
                    return f"the enum's state changes: {member.name}"
                if not self._immutable.of_type(member.type) and not self._immutable.is_functional(member.type):
                    return f"the enum's field {member.name} is not known to be immutable"
        return None

    def _nested_state(self, top: str) -> str | None:
        """A nested class with state is fine in a copy of its outer class as long as no other class's signature names it."""
        found = self._found
        travelling = found.values | found.stateless | found.throwables
        for name in self._facts.members[top] if len(self._facts.members[top]) > 1 else ():
            cls = self._facts.symbol(name)
            copied = cls.is_interface or cls.kind is ClassKind.ENUM or name in travelling
            if name == top or copied or cls.local or cls.anonymous or cls.flags & Flags.PRIVATE:
                continue
            if name in self._facts.named_in_signatures_elsewhere:
                return f"its nested class {cls.simple_name} has state and is named in the signatures of other classes"
        return None
