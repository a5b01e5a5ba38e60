"""What each class could be, whatever the partition: which may have copies of their code, and how their instances could travel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import cast

from refactor.flow.facts import Facts, annotated, flat
from refactor.ir.program import Body
from refactor.ir.statements import Const, Copy, Invoke, Lambda, Load, Local, MethodHandle, New, Store, Value
from refactor.ir.symbols import ClassKind, ClassSymbol, FieldSymbol, Flags
from refactor.ir.types import ArrayType, ClassType, PrimitiveType, Type, TypeVar, WildcardType
from refactor.isolate.identity import identity_uses
from refactor.isolate.knowledge import Knowledge
from refactor.isolate.plan import Passing
from refactor.isolate.purity import Purity
from refactor.support.source import Span


class Category(Enum):
    """Why a top-level class may be replicated. `must` categories have no sensible proxy: they are replicated wherever mentioned."""

    INTERFACE = "interface"
    ANNOTATION = "annotation"
    EXCEPTION = "exception"
    ENUM = "enum without mutable state"
    VALUE = "immutable value"
    STATELESS = "stateless"

    @property
    def must(self) -> bool:
        return self is not Category.STATELESS


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Per top-level class: its category, or the reason why it has to be owned. Per class: values and persistent things."""

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
        if cls.kind is ClassKind.ENUM or _is_enum_body(facts, cls):
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
            inner = at.kind is ClassKind.CLASS and not at.flags & Flags.STATIC and not facts.symbol(at.outer).is_interface
            if at.flags & Flags.PRIVATE or inner:
                return False
            at = facts.program.classes.get(at.outer)
        return cls.outer is not None and not touches_private(facts, cls.name)


def _is_enum_body(facts: Facts, cls: ClassSymbol) -> bool:
    parent = facts.program.classes.get(cls.superclass.name) if cls.superclass else None
    return parent is not None and parent.kind is ClassKind.ENUM


def touches_private(facts: Facts, name: str) -> bool:
    """Whether the bodies of a nested class use a private member of a class that stands around it."""
    for body in facts.bodies.get(facts.top[name], ()):
        if body.owner == name or body.owner.startswith(name + "$"):
            for key in _used(facts, body):
                owner = key.partition("#")[0]
                if owner != name and not owner.startswith(name + "$") and facts.top.get(owner) == facts.top[name]:
                    member = facts.program.method(key) if "(" in key else facts.program.field(key)
                    if member is not None and member.flags & Flags.PRIVATE:
                        return True
    return False


def _used(facts: Facts, body: Body) -> Iterable[str]:
    for statement, _, _ in flat(body.statements):
        match statement:
            case Invoke(method=str(key)) | New(constructor=str(key)) | MethodHandle(method=str(key)):
                yield key
            case Load(field=key) | Store(field=key):
                yield key
            case _:
                pass


def eligibility(facts: Facts, known: Knowledge) -> Eligibility:
    """before: Facts   after: which classes may be replicated, and which may be copied, with the reason where not"""
    changing = changing_fields(facts)
    purity = Purity(facts, known, changing)
    identity = identity_uses(facts, known)
    single = _single_instances(facts, known)
    classes = [c for c in facts.program.classes.values() if c.origin.value == "main"]
    throwables = frozenset(c.name for c in classes if known.throwable in facts.hierarchy.supertypes(c.name))
    persistent = known.annotations["persistent"]
    stateless = frozenset(
        c.name for c in classes if c.name not in identity and c.name not in single and _is_stateless(facts, known, c)
    )
    values = _values(facts, known, [c for c in classes if c.name not in identity and not annotated(c, persistent)], stateless, single)
    instantiated = _instantiated(facts)
    category: dict[str, Category] = {}
    why: dict[str, str] = {}
    for top in sorted(facts.members):
        if facts.is_test(top):
            continue
        found = _category(facts, known, top, values, stateless, throwables, single, instantiated, changing, purity, identity)
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
        if not own or (store.compound and store.receiver is None):
            found.add(store.field)
    return frozenset(found)


def _single_instances(facts: Facts, known: Knowledge) -> dict[str, str]:
    marks = known.annotations["single_instance"] | known.annotations["persistent"]
    # An annotation of the application that carries one of them is one of them.
    own = frozenset(c.name for c in facts.program.classes.values() if c.kind is ClassKind.ANNOTATION and annotated(c, marks))
    found: dict[str, str] = {}
    for cls in facts.program.classes.values():
        mark = annotated(cls, marks | own)
        if mark is not None and cls.kind is not ClassKind.ANNOTATION:
            found[cls.name] = f"@{mark.name.rpartition('.')[2]}"
        elif known.spring_data & facts.hierarchy.supertypes(cls.name):
            found[cls.name] = "a repository made by Spring Data"
    return found


def _instantiated(facts: Facts) -> frozenset[str]:
    """Classes of which an instance exists that is not one of a subclass."""
    found = {cast(New, s.statement).cls for s in facts.sites(New)}
    for site in facts.sites(MethodHandle):
        key = cast(MethodHandle, site.statement).method
        if key and "#<init>" in key:
            found.add(key.partition("#")[0])
    return frozenset(found)


def _is_stateless(facts: Facts, known: Knowledge, cls: ClassSymbol) -> bool:
    if cls.kind is not ClassKind.CLASS:
        return False
    at: ClassSymbol | None = cls
    while at is not None:
        if any(not f.flags & Flags.STATIC for f in at.fields):
            return False
        inner = at.outer is not None and not at.flags & Flags.STATIC and not facts.symbol(at.outer).is_interface
        if inner or at.local or at.anonymous:
            return False
        parent = at.superclass.name if at.superclass else None
        if parent is None or parent in known.proxy_safe_superclasses:
            return True
        at = facts.program.classes.get(parent)
    return False  # a superclass of a library: its state is not ours to see


def _values(
    facts: Facts, known: Knowledge, classes: list[ClassSymbol], stateless: frozenset[str], single: Mapping[str, str]
) -> frozenset[str]:
    """The greatest set of classes whose instances can be copied: shrink from all candidates until nothing changes."""
    lambdas = frozenset(
        t.name for k in (Lambda, MethodHandle) for s in facts.sites(k) if isinstance(t := s.statement.interface, ClassType)  # type: ignore[union-attr]
    )
    found = {c.name for c in classes if c.name not in single and _value_candidate(facts, known, c)}

    def travels(type_: Type) -> bool:
        match type_:
            case PrimitiveType():
                return True
            case ClassType(name, args):
                if name in known.value:
                    return True
                if name in known.value_of:
                    return bool(args) and all(travels(a) for a in args)
                if name not in facts.top or name in lambdas:
                    return False
                below = [facts.symbol(n) for n in facts.hierarchy.subtypes(name)]
                concrete = [c for c in below if not c.is_interface]
                return bool(concrete) and all(
                    c.name in found or c.kind is ClassKind.ENUM or _is_enum_body(facts, c) for c in concrete
                )
            case TypeVar(_, _, bounds):
                return bool(bounds) and all(travels(b) for b in bounds)
            case WildcardType(upper, _):
                return upper is not None and travels(upper)
            case _:
                return False

    while True:
        out = set()
        for name in found:
            cls = facts.symbol(name)
            parent = cls.superclass.name if cls.superclass else "java.lang.Object"
            abstract_base = parent in stateless and bool(facts.symbol(parent).flags & Flags.ABSTRACT)
            fine_parent = parent in known.proxy_safe_superclasses or parent in found or abstract_base
            fields = [f for f in cls.fields if not f.flags & Flags.STATIC]
            # A record has no proxy, so its components may be anything that can cross by itself; arrays are looked at by the array rule.
            fine_fields = cls.kind is ClassKind.RECORD or all(travels(f.type) for f in fields)
            below = facts.hierarchy.subtypes(name) - {name}
            if not fine_parent or not fine_fields or any(b not in found for b in below):
                out.add(name)
        if not out:
            return frozenset(found)
        found -= out


def _value_candidate(facts: Facts, known: Knowledge, cls: ClassSymbol) -> bool:
    if cls.kind is ClassKind.RECORD:
        return True
    if cls.kind is not ClassKind.CLASS or cls.local or cls.anonymous or known.throwable in facts.hierarchy.supertypes(cls.name):
        return False
    if cls.outer is not None and not cls.flags & Flags.STATIC and not facts.symbol(cls.outer).is_interface:
        return False
    if any(not f.flags & (Flags.STATIC | Flags.FINAL) for f in cls.fields) or not any(not f.flags & Flags.STATIC for f in cls.fields):
        return False
    # Without an equals of its own, two copies of one instance would stop being equal.
    abstract = bool(cls.flags & Flags.ABSTRACT)
    chain = [cls, *facts.hierarchy.superclasses(cls.name)]
    equal = any(m.name == "equals" and m.descriptor == "(Ljava/lang/Object;)Z" for c in chain if c.name in facts.top for m in c.methods)
    return (equal or abstract) and not _leaks_this(facts, cls)


def _leaks_this(facts: Facts, cls: ClassSymbol) -> bool:
    def this(value: Value | None) -> bool:
        return isinstance(value, Local) and value.name == "this"

    for body in facts.bodies.get(facts.top[cls.name], ()):
        if body.owner != cls.name or "#<init>" not in body.key:
            continue
        for statement, _, _ in flat(body.statements):
            match statement:
                case Invoke(args=args) | New(args=args):
                    if any(this(a) for a in args) or (isinstance(statement, New) and this(statement.outer)):
                        return True
                case Store(value=value) | Copy(value=value):
                    if this(value):
                        return True
                case Lambda(captures=captures):
                    if any(this(c) for c in captures):
                        return True
                case MethodHandle(receiver=receiver):
                    if this(receiver):
                        return True
                case _:
                    pass
    return False


def _category(
    facts: Facts,
    known: Knowledge,
    top: str,
    values: frozenset[str],
    stateless: frozenset[str],
    throwables: frozenset[str],
    single: Mapping[str, str],
    instantiated: frozenset[str],
    changing: frozenset[str],
    purity: Purity,
    identity: Mapping[str, tuple[Span, str]],
) -> Category | str:
    """The category of one top-level class, or the reason why it is owned."""
    cls = facts.symbol(top)
    if top in single:
        return f"a container holds one instance of it: {single[top]}"
    if cls.kind is ClassKind.ANNOTATION:
        return Category.ANNOTATION
    for name in facts.members[top]:
        if why := _static_state(facts, known, facts.symbol(name), values, changing, purity):
            return why
        if any(m.flags & Flags.NATIVE for m in facts.symbol(name).methods):
            return f"{facts.symbol(name).simple_name} has native methods"
    if why := _nested_state(facts, top, values, stateless, throwables):
        return why
    if cls.kind is ClassKind.INTERFACE:
        return Category.INTERFACE
    if top in throwables:
        return Category.EXCEPTION
    if top in identity:
        return f"its instances have an identity: {identity[top][1]} at {identity[top][0]}"
    if cls.kind is ClassKind.ENUM:
        return _enum_state(facts, known, cls, values, changing) or Category.ENUM
    if top in values:
        return Category.VALUE
    if top in stateless:
        if top in instantiated and not any(m.name == "equals" for m in cls.methods):
            return "it has instances, which are equal to themselves only"
        constructors = [m.key for m in cls.methods if m.is_constructor]
        if any(purity.why_not(key) for key in constructors):
            return "its constructor has effects"
        return Category.STATELESS
    state = next((f.name for f in cls.fields if not f.flags & Flags.STATIC), None)
    return f"it has state: {state}" if state else "its superclass has state"


def _static_state(
    facts: Facts, known: Knowledge, cls: ClassSymbol, values: frozenset[str], changing: frozenset[str], purity: Purity
) -> str | None:
    for member in cls.fields:
        if member.flags & Flags.STATIC and not member.enum_constant:
            if member.key in changing:
                return f"static state: {cls.simple_name}.{member.name} changes"
            if member.constant is None and not immutable_field(facts, known, member, values):
                return f"static state: {cls.simple_name}.{member.name} is not known to be immutable"
    if why := purity.initialiser(cls.name):
        return f"its static initialiser cannot run once per process: {why}"
    return None


def _enum_state(facts: Facts, known: Knowledge, cls: ClassSymbol, values: frozenset[str], changing: frozenset[str]) -> str | None:
    for member in cls.fields:
        if not member.flags & Flags.STATIC:
            if member.key in changing:
                return f"the enum's state changes: {member.name}"
            if not immutable_type(facts, known, member.type, values) and not _functional(known, member.type):
                return f"the enum's field {member.name} is not known to be immutable"
    return None


def _nested_state(
    facts: Facts, top: str, values: frozenset[str], stateless: frozenset[str], throwables: frozenset[str]
) -> str | None:
    """A nested class with state is fine in a copy of its outer class as long as no other class's signature names it."""
    for name in facts.members[top]:
        cls = facts.symbol(name)
        copied = cls.is_interface or name in values or name in stateless or name in throwables or cls.kind is ClassKind.ENUM
        if name == top or copied or cls.local or cls.anonymous or cls.flags & Flags.PRIVATE:
            continue
        if name in facts.named_in_signatures_elsewhere:
            return f"its nested class {cls.simple_name} has state and is named in the signatures of other classes"
    return None


def _functional(known: Knowledge, type_: Type) -> bool:
    return isinstance(type_, ClassType) and type_.name in known.functional


def immutable_type(facts: Facts, known: Knowledge, type_: Type, values: frozenset[str]) -> bool:
    """Whether every object of this static type is deeply immutable, or harmless to double."""
    match type_:
        case PrimitiveType():
            return True
        case ClassType(name, args):
            if name in known.value or name in known.duplicable:
                return True
            if name in known.value_of:
                return all(immutable_type(facts, known, a, values) for a in args)
            if name not in facts.top:
                return False
            concrete = [c for n in facts.hierarchy.subtypes(name) if not (c := facts.symbol(n)).is_interface]
            return bool(concrete) and all(_immutable_class(facts, known, c, values) for c in concrete)
        case _:
            return False


def _immutable_class(facts: Facts, known: Knowledge, cls: ClassSymbol, values: frozenset[str]) -> bool:
    """Records are values whatever they hold; here their components must be immutable too."""
    if cls.kind is ClassKind.ENUM or _is_enum_body(facts, cls):
        return True
    if cls.name not in values or cls.kind is not ClassKind.RECORD:
        return cls.name in values
    own = values - {cls.name}
    return all(immutable_type(facts, known, f.type, own) for f in cls.fields if not f.flags & Flags.STATIC)


def immutable_field(facts: Facts, known: Knowledge, field: FieldSymbol, values: frozenset[str]) -> bool:
    """Whether a static field that nobody stores to again holds a deeply immutable object."""
    if immutable_type(facts, known, field.type, values):
        return True
    body = facts.program.bodies.get(f"{field.owner}#<clinit>()V")
    stores = facts.stores_of(field.key)
    if body is None or not stores:
        return False
    return all(_immutable_value(facts, known, body, store.value, values, 0) for store in stores) or _only_read(facts, known, field, values)


def _immutable_value(facts: Facts, known: Knowledge, body: Body, value: Value, values: frozenset[str], depth: int) -> bool:
    if isinstance(value, Const) or immutable_type(facts, known, value.type, values):
        return True
    made = facts.definitions(body).get(value.name, [])
    if len(made) != 1 or depth > 20:
        return False
    match made[0]:
        case Lambda(captures=captures):
            return all(immutable_type(facts, known, c.type, values) for c in captures)
        case MethodHandle(receiver=receiver):
            return receiver is None or _immutable_value(facts, known, body, receiver, values, depth + 1)
        case Copy(value=inner):
            return _immutable_value(facts, known, body, inner, values, depth + 1)
        case Invoke(method=key, args=args, receiver=receiver) if known.immutable_makers.matches(key):
            given = (*args, *((receiver,) if receiver is not None else ()))
            return all(_immutable_value(facts, known, body, a, values, depth + 1) or _elements(facts, known, a.type, values) for a in given)
        case New(cls=name):
            # `new Object()` as a marker and nothing else has no state; anything mutable has.
            return name in values
        case _:
            return False


def _elements(facts: Facts, known: Knowledge, type_: Type, values: frozenset[str]) -> bool:
    """Whether the elements of a collection or array handed to a maker of unmodifiable collections are immutable."""
    match type_:
        case ClassType(name, args) if name not in facts.top:
            return bool(args) and all(immutable_type(facts, known, a, values) or _functional(known, a) for a in args)
        case ArrayType(element):
            return immutable_type(facts, known, element, values)
        case _:
            return False


def _only_read(facts: Facts, known: Knowledge, field: FieldSymbol, values: frozenset[str]) -> bool:
    """A private collection filled by the static initialiser and afterwards only asked: a lookup table."""
    if not field.flags & Flags.PRIVATE or not _elements(facts, known, field.type, values) or isinstance(field.type, ArrayType):
        return False
    for site in facts.loads_of(field.key):
        if site.body.key == f"{field.owner}#<clinit>()V":
            continue
        target = cast(Load, site.statement).target.name
        for use in facts.uses(site.body).get(target, ()):
            if not (isinstance(use, Invoke) and use.method and isinstance(use.receiver, Local) and use.receiver.name == target):
                return False
            name = use.method.partition("#")[2].partition("(")[0]
            if name not in known.readers or any(isinstance(a, Local) and a.name == target for a in use.args):
                return False
    return True
