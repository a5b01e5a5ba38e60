"""Pieces of a class: groups of its methods that could be classes of their own, because they share no state.

A labeller places whole classes; a class that does the data access for everything then ties everything together. A compiler can
give every part the methods that belong there. This pass finds out how far that goes; it changes no code, and nothing emits
pieces yet.

Only a class whose instances hold nothing but references to other objects, or that has no instances, is divided: an object with data
of its own would become several. Methods stay together where they share a static field that may change, a monitor, or an object that
is pinned to one process. References that are set once, by a constructor or a container, every piece can have, as it can have constants
and loggers. Private code without state is copied to every piece that calls it. A class is divided only where code of other classes
calls two pieces of it at least: what only a framework calls is called by one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from refactor.flow.facts import annotated, flat, operands, signature_types
from refactor.ir.program import Body
from refactor.ir.statements import Invoke, Lambda, Load, Local, MethodHandle, New, Store, Synchronized, Unsupported
from refactor.ir.symbols import ClassKind, ClassSymbol, FieldSymbol, Flags, MethodSymbol
from refactor.ir.types import ClassType, PrimitiveType, Type, class_names
from refactor.isolate.context import Analyses
from refactor.isolate.knowledge import Knowledge
from refactor.isolate.subgraphs import Joined, method_bodies, own_members

SEPARATOR = "~"  # between a class and the method after which a piece is named; no class name has it
SHARED = "(shared)"
_CONFIGURATION = "Configuration"
_OWN_NAME = ("java.lang.invoke.MethodHandles#", "java.lang.invoke.MethodHandles$Lookup#lookupClass(")  # as a logger is made


@dataclass(frozen=True, slots=True)
class Piece:
    """A group of methods (keys, sorted) of the top-level class `cls`, with the nested classes that only they use.

    `copied`: private code that every piece that calls it has.
    """

    name: str
    cls: str
    methods: tuple[str, ...]
    reason: str
    nested: tuple[str, ...] = ()
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Pieces:
    """`pieces` by class, two or more each; `whole`: why every other owned class with several methods stays one piece.

    `of`: method key, or name of a nested class -> the name of its piece, for divided classes.
    """

    pieces: Mapping[str, tuple[Piece, ...]]
    whole: Mapping[str, str]
    of: Mapping[str, str]

    def node(self, member: str, top: str) -> str:
        """The node of a graph of pieces that a member belongs to: its piece, else its top-level class."""
        return self.of.get(member) or self.of.get(member.partition("#")[0], top)


def find_pieces(analyses: Analyses, keep: Iterable[str] = ()) -> Pieces:
    """before: the analyses of a program   after: which of its owned classes could be divided, and into what

    Classes in `keep` stay whole: copied ones, and those that a rule ties to another class as a whole.
    """
    facts, kept = analyses.facts, frozenset(keep)
    found: dict[str, tuple[Piece, ...]] = {}
    whole: dict[str, str] = {}
    for top in sorted(facts.members):
        cls = facts.symbol(top)
        if facts.is_test(top) or top in kept or len(_written(analyses, cls)) < 2:
            continue
        why = _whole(analyses, cls)
        pieces = () if why else tuple(_divide(analyses, cls))
        if sum(not p.copied and any(_called(analyses, top, key) for key in p.methods) for p in pieces) > 1:
            found[top] = pieces
        else:
            whole[top] = why or "its methods share state or private code, or no code of other classes calls two groups of them"
    return Pieces(found, whole, {key: p.name for pieces in found.values() for p in pieces for key in (*p.methods, *p.nested)})


def _written(analyses: Analyses, cls: ClassSymbol) -> list[MethodSymbol]:
    bodies = analyses.facts.program.bodies
    return [m for m in cls.methods if not m.is_constructor and not m.implicit and m.key in bodies]


def _whole(analyses: Analyses, cls: ClassSymbol) -> str:
    """Why a class cannot be divided at all; empty where it can."""
    facts, known, eligible = analyses.facts, analyses.known, analyses.eligible
    if cls.kind is not ClassKind.CLASS:
        return f"it is {cls.kind.value}, not a class"
    if cls.superclass is not None and cls.superclass.name != "java.lang.Object":
        return f"it extends {cls.superclass.name}: what it inherits is one object's"
    if len(facts.hierarchy.subtypes(cls.name)) > 1:
        return "it has subclasses, which may override any of its methods"
    if annotated(cls, known.annotations["persistent"]) is not None:
        return "its instances are rows of a table"
    if cls.name in eligible.identity and any(not m.flags & Flags.STATIC for m in _written(analyses, cls)):
        return f"its instances have an identity: {eligible.identity[cls.name][1]}"
    if any(annotated(m, known.annotations["handler"]) for m in cls.methods):
        return "a framework binds its handlers to one object"
    if cls.name in eligible.single and eligible.single[cls.name].endswith(_CONFIGURATION):
        return "a container makes its beans with one object of it"
    data = next((f.name for f in cls.fields if not f.flags & Flags.STATIC and not _reference(analyses, cls, f)), None)
    if data is not None:
        return f"its instances have data of their own: {data}"
    if cls.name in analyses.once(_instantiated) and any(not f.flags & Flags.STATIC for f in cls.fields):
        return "the application makes its instances itself: each of them would become several"
    for body, _ in method_bodies(facts, cls.name):
        if _hands_itself_out(body):
            return "it hands itself out"
        once = _once(analyses, body) if body.key.partition("#")[2].startswith("<") else ""
        if once:
            return f"its constructor or initialiser does what must not happen once a piece: {once}"
    return ""


def _instantiated(analyses: Analyses) -> frozenset[str]:
    """Classes of which the application's own code makes instances; a class that declares beans does it for the container."""
    facts, single = analyses.facts, analyses.eligible.single
    made = ((s.top, s.statement.cls) for s in facts.sites(New) if isinstance(s.statement, New))
    return frozenset(cls for top, cls in made if not facts.is_test(top) and not single.get(top, "").endswith(_CONFIGURATION))


def _hands_itself_out(body: Body) -> bool:
    """Whether `this` is used as anything but the receiver of members or the captured object of a lambda."""
    for statement, _, _ in flat(body.statements):
        if isinstance(statement, Lambda | Synchronized):
            continue
        used = sum(isinstance(v, Local) and v.name == "this" for v in operands(statement))
        if isinstance(statement, Load | Store | Invoke) and isinstance(statement.receiver, Local):
            used -= statement.receiver.name == "this"
        if used:
            return True
    return False


def _once(analyses: Analyses, body: Body) -> str:
    """What a constructor or initialiser does that cannot be done for every piece; empty where nothing outside can tell."""
    facts, known = analyses.facts, analyses.known
    for statement, _, _ in flat(body.statements):
        match statement:
            case Invoke(method=key) | New(constructor=key):
                if key is None:
                    return "a call that could not be resolved"
                owner, _, rest = key.partition("#")
                # What makes a logger may be called again: loggers are found by name.
                made = isinstance(statement, Invoke) and statement.target is not None and _is_duplicable(known, statement.target.type)
                harmless = made or owner in known.duplicable or known.is_pure(key) or key.startswith(_OWN_NAME)
                if owner in facts.top or not harmless:
                    return f"{owner.rpartition('.')[2]}.{rest.partition('(')[0]}"
            case Lambda() | MethodHandle() | Unsupported():
                return "it keeps a function"
            case _:
                pass
    return ""


def _is_duplicable(known: Knowledge, type_: Type) -> bool:
    return isinstance(type_, ClassType) and type_.name in known.duplicable


def _divide(analyses: Analyses, cls: ClassSymbol) -> Iterator[Piece]:
    facts = analyses.facts
    methods = {m.key: m for m in _written(analyses, cls)}
    nested = [n for n in facts.members[cls.name] if n != cls.name]
    touched: dict[str, set[str]] = {key: set() for key in (*methods, *nested)}
    monitors = {key for key, m in methods.items() if m.flags & Flags.SYNCHRONIZED}
    for body, method in method_bodies(facts, cls.name):
        if method in methods:
            touched[method].update(own_members(body, cls.name))
            touched[method].update(n for n in nested if _names(body, n))
            if any(isinstance(s, Synchronized) for s, _, _ in flat(body.statements)):
                monitors.add(method)
    for body in facts.bodies[cls.name]:
        if body.owner != cls.name:
            touched[body.owner].update(own_members(body, cls.name))
            touched[body.owner].update(n for n in nested if n != body.owner and _names(body, n))
    shared = {f.key for f in cls.fields if not _replicable(analyses, cls, f)}
    copyable = _copyable(methods, touched, shared | set(nested), monitors)
    joined = Joined(set(methods) - copyable)
    for key in touched:
        if key in copyable:
            continue
        if key in monitors:
            joined.join("\0monitor", key)
        for other in touched[key]:
            if other in shared:
                joined.join(f"\0{other}", key)
            elif other in nested or (key in nested and other in methods and other not in copyable):
                joined.join(key, other)
            elif other in methods and other not in copyable:
                callee = methods[other]
                if callee.flags & Flags.PRIVATE or _pinned(analyses, callee):
                    joined.join(key, other)
    for keys in joined.sets():
        inside = tuple(k for k in keys if k in methods)
        if inside:
            fields = sorted(k[1:].partition("#")[2].partition(":")[0] for k in keys if k[0] == "\0" and "#" in k)
            name = f"{cls.name}{SEPARATOR}{_label(cls, inside)}"
            own = tuple(k for k in keys if k in nested)
            yield Piece(name, cls.name, inside, _reason(inside, fields, "\0monitor" in keys), own)
    if copyable:
        name = f"{cls.name}{SEPARATOR}{SHARED}"
        yield Piece(name, cls.name, tuple(sorted(copyable)), "private code without state, copied to each piece that calls it", copied=True)


def _names(body: Body, nested: str) -> bool:
    """Whether a body makes or uses a nested class."""
    for statement, _, _ in flat(body.statements):
        match statement:
            case New(cls=name) if name == nested:
                return True
            case Invoke(method=str(key)) | MethodHandle(method=str(key)) | Load(field=key) | Store(field=key):
                if key.startswith(f"{nested}#"):
                    return True
            case _:
                pass
    return False


def _copyable(methods: Mapping[str, MethodSymbol], touched: Mapping[str, set[str]], shared: set[str], monitors: set[str]) -> set[str]:
    """Private methods that touch nothing shared, and call only such methods: the greatest set."""
    found = {k for k, m in methods.items() if m.flags & Flags.PRIVATE and k not in monitors and not touched[k] & shared}
    while True:
        less = {k for k in found if all(o in found for o in touched[k] if o in methods)}
        if less == found:
            return found
        found = less


def _reference(analyses: Analyses, cls: ClassSymbol, field: FieldSymbol) -> bool:
    """Whether an instance field only refers to another object, for good: every piece can have the same reference."""
    known = analyses.known
    if field.key in analyses.eligible.changing and not _injected_only(analyses, field):
        return False
    if not isinstance(field.type, ClassType):
        return False
    name = field.type.name
    # An object of the application is one object whoever refers to it; a library's would be one a piece, so it must be injected.
    injected = annotated(field, known.annotations["injected"]) is not None
    return name in analyses.facts.top or name in known.duplicable or name in known.persistence_users or injected


def _replicable(analyses: Analyses, cls: ClassSymbol, field: FieldSymbol) -> bool:
    """Whether every piece can have the field for itself, with the same value for ever."""
    if not field.flags & Flags.STATIC:
        return _reference(analyses, cls, field)
    if field.constant is not None:
        return True
    if field.key in analyses.eligible.changing:
        return False
    known, type_ = analyses.known, field.type
    name = type_.name if isinstance(type_, ClassType) else ""
    return isinstance(type_, PrimitiveType) or name in known.value or name in known.duplicable or name in known.immutable


def _injected_only(analyses: Analyses, field: FieldSymbol) -> bool:
    """Whether only a setter that no code of the application calls stores to the field: a container does, once."""
    facts = analyses.facts
    stores = [s for s in facts.sites(Store) if isinstance(s.statement, Store) and s.statement.field == field.key]
    setter = f"set{field.name[:1].upper()}{field.name[1:]}("
    makers = {s.body.key for s in stores if "#<init>" not in s.body.key}
    return all(key.partition("#")[2].startswith(setter) for key in makers) and not makers & analyses.once(_calls).keys()


def _calls(analyses: Analyses) -> dict[str, frozenset[str]]:
    """Method key, as called -> the top-level classes of the main sources that call it."""
    facts = analyses.facts
    found: dict[str, set[str]] = {}
    for site in facts.sites(Invoke):
        if isinstance(site.statement, Invoke) and site.statement.method and not facts.is_test(site.top):
            found.setdefault(site.statement.method, set()).add(site.top)
    for site in facts.sites(MethodHandle):
        if isinstance(site.statement, MethodHandle) and site.statement.method and not facts.is_test(site.top):
            found.setdefault(site.statement.method, set()).add(site.top)
    return {key: frozenset(users) for key, users in found.items()}


def _called(analyses: Analyses, top: str, key: str) -> bool:
    """Whether code of another class of the application calls the method, by its own name or by that of an interface."""
    calls, member = analyses.once(_calls), key.partition("#")[2]
    names = analyses.facts.hierarchy.supertypes(top)
    return any(calls.get(f"{name}#{member}", frozenset()) - {top} for name in names)


def _pinned(analyses: Analyses, method: MethodSymbol) -> bool:
    """Whether a call passes something that is bound to one process or transaction."""
    return any(n in analyses.known.pinned for type_ in signature_types(method) for n in class_names(type_))


def _label(cls: ClassSymbol, keys: tuple[str, ...]) -> str:
    """The first method by place in the source; with its parameters where the class has another of that name."""
    first = next(m for m in cls.methods if m.key in keys)
    alone = sum(m.name == first.name for m in cls.methods) == 1
    return first.name if alone else first.key.partition("#")[2].rpartition(")")[0] + ")"


def _reason(methods: tuple[str, ...], fields: list[str], monitor: bool) -> str:
    if len(methods) == 1 and not fields:
        return "one method, which shares no changing field with another"
    why = [f"share {', '.join(fields)}"] if fields else []
    why += ["lock the same object"] if monitor else []
    return f"{len(methods)} methods that {' and '.join(why) or 'call one another in ways that cannot be remote'}"
