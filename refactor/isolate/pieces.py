"""Pieces of a class: groups of its methods and fields that can become classes of their own, because they share no mutable state.

A labeller places whole classes; a class that does the data access for everything then ties everything together. A compiler can
give every part the methods that belong there. This pass says which groups there are and which of them may move;
`refactor.motion` moves them, one object of the piece for each object of the class.

Methods stay together where they share a private field that may change or that refers to something mutable of their own, a
private nested class, a monitor, or an object that is pinned to one process. References that are set once, by a constructor or
a container, every piece can use, as it can use constants and loggers. Private code without state is copied to every piece that
calls it. Constructors, initialisers and what the platform calls on an object itself (toString and the like) stay in the class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from refactor.flow.facts import annotated, flat, signature_types
from refactor.ir.program import Body
from refactor.ir.statements import Invoke, LocalClass, New, Store, Synchronized
from refactor.ir.symbols import ClassSymbol, FieldSymbol, Flags, MethodSymbol
from refactor.ir.types import ClassType, PrimitiveType, class_names
from refactor.isolate.context import Analyses
from refactor.isolate.extractable import Hindrance, class_hindrance, group_hindrance, keeps_own
from refactor.isolate.initial import repeatable_initial
from refactor.isolate.subgraphs import Joined, method_bodies, own_members

SEPARATOR = "~"  # between a class and the method after which a piece is named; no class name has it
SHARED = "(shared)"
_REST, _MONITOR = "\0rest", "\0monitor"
_HARMLESS = frozenset({"java.lang.SuppressWarnings", "java.lang.Deprecated"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A group of methods (keys, sorted) of the top-level class `cls`, with the fields and nested classes that only they use.

    `static`: it has no objects. `copied`: private code that every piece that calls it has. `hindrance`: why it stays in its class.
    """

    name: str
    cls: str
    methods: tuple[str, ...]
    reason: str
    nested: tuple[str, ...] = ()
    copied: bool = False
    fields: tuple[str, ...] = ()
    static: bool = False
    hindrance: Hindrance | None = None


@dataclass(frozen=True, slots=True)
class Pieces:
    """`pieces` by class: what can move, and the private code that can be copied; `whole`: why no group of any other class can move.

    `staying`: the groups of a class that stay, each with its hindrance. `of`: method key, or name of a nested class -> the name of
    its piece, for divided classes.
    """

    pieces: Mapping[str, tuple[Piece, ...]]
    whole: Mapping[str, str]
    of: Mapping[str, str]
    staying: Mapping[str, tuple[Piece, ...]]

    def node(self, member: str, top: str) -> str:
        """The node of a graph of pieces that a member belongs to: its piece, else its top-level class."""
        return self.of.get(member) or self.of.get(member.partition("#")[0], top)


def find_pieces(analyses: Analyses, keep: Iterable[str] = ()) -> Pieces:
    """before: the analyses of a program   after: which of its classes can be divided, and into what

    Classes in `keep` stay whole: copied ones, and those that a rule ties to another class as a whole.
    """
    facts, kept = analyses.facts, frozenset(keep)
    found: dict[str, tuple[Piece, ...]] = {}
    staying: dict[str, tuple[Piece, ...]] = {}
    whole: dict[str, str] = {}
    for top in sorted(facts.members):
        cls = facts.symbol(top)
        if facts.is_test(top) or top in kept or len(_written(analyses, cls)) < 2:
            continue
        groups = groups_of(analyses, cls)
        moving = tuple(p for p in groups if p.hindrance is None)
        alone = sum(not p.copied for p in groups) < 2
        if any(not p.copied for p in moving) and not alone:
            found[top] = moving
            staying[top] = tuple(p for p in groups if p.hindrance is not None)
        else:
            whole[top] = _why_whole(groups, alone)
    return Pieces(found, whole, {key: p.name for pieces in found.values() for p in pieces for key in (*p.methods, *p.nested)}, staying)


def _why_whole(groups: tuple[Piece, ...], alone: bool) -> str:
    said = dict.fromkeys(p.hindrance.message for p in groups if p.hindrance is not None)
    if said:
        return "; ".join(list(said)[:3])
    return f"its methods are one group: {groups[0].reason}" if alone and groups else "it has no group of methods"


def groups_of(analyses: Analyses, cls: ClassSymbol) -> tuple[Piece, ...]:
    """before: a top-level class   after: all groups of its methods, in source order; those that cannot move with their hindrance"""
    return tuple(_Division(analyses, cls).groups())


def _written(analyses: Analyses, cls: ClassSymbol) -> list[MethodSymbol]:
    bodies = analyses.facts.program.bodies
    return [m for m in cls.methods if not m.is_constructor and not m.implicit and m.key in bodies]


class _Division:
    """What the methods, nested classes and initialisers of one class touch, and what that joins."""

    def __init__(self, analyses: Analyses, cls: ClassSymbol) -> None:
        self.analyses, self.cls, self.facts = analyses, cls, analyses.facts
        self.methods = {m.key: m for m in _written(analyses, cls) if not keeps_own(m)}
        self.nested = [n for n in self.facts.members[cls.name] if n != cls.name]
        # A member class that others can name is part of the shape of its class, with everything inside it.
        shown = [n for n in self.nested if self._is_member(n) and not self.facts.symbol(n).flags & Flags.PRIVATE]
        self.staying = {n for n in self.nested if any(n == s or n.startswith(f"{s}$") for s in shown)}
        self.touched: dict[str, set[str]] = {key: set() for key in (*self.methods, *self.nested)}
        self.code: dict[str, list[Body]] = {key: [] for key in self.touched}
        self.rest: set[str] = set()  # nested classes that constructors, initialisers and what stays make or use
        self.monitors = {key for key, m in self.methods.items() if m.flags & Flags.SYNCHRONIZED}
        self.local: set[str] = set()
        self._read()
        self.shared = {f.key for f in cls.fields if not shareable(analyses, cls, f)}

    def _is_member(self, name: str) -> bool:
        symbol = self.facts.symbol(name)
        return not symbol.local and not symbol.anonymous

    def _read(self) -> None:
        name = self.cls.name
        for body, method in method_bodies(self.facts, name):
            uses = {n for n in self.nested if _names(body, n)}
            if method not in self.methods:
                self.rest.update(n for n in uses if self._is_member(n))
                continue
            self.code[method].append(body)
            self.touched[method].update(own_members(body, name), uses)
            if any(isinstance(s, Synchronized) for s, _, _ in flat(body.statements)):
                self.monitors.add(method)
            if any(isinstance(s, LocalClass) for s, _, _ in flat(body.statements)):
                self.local.add(method)
        for body in self.facts.bodies[name]:
            if body.owner != name:
                self.code[body.owner].append(body)
                self.touched[body.owner].update(own_members(body, name))
                self.touched[body.owner].update(n for n in self.nested if n != body.owner and _names(body, n))

    def groups(self) -> Iterator[Piece]:
        copyable = self._copyable()
        joined = self._join(copyable)
        order = {m.key: at for at, m in enumerate(self.cls.methods)}
        sets = [keys for keys in joined.sets() if any(k in self.methods for k in keys)]
        for keys in sorted(sets, key=lambda ks: min(order[k] for k in ks if k in order)):
            yield self._piece(keys)
        if copyable:
            name = f"{self.cls.name}{SEPARATOR}{SHARED}"
            why = "private code without state, copied to each piece that calls it"
            yield Piece(name, self.cls.name, tuple(sorted(copyable)), why, copied=True)

    def _join(self, copyable: set[str]) -> Joined:
        joined = Joined(set(self.methods) - copyable)
        for key in self.touched:
            if key in copyable:
                continue
            stays = key in self.staying
            if stays:
                joined.join(_REST, key)
            if key in self.monitors:
                joined.join(_MONITOR, key)
            for other in self.touched[key]:
                if other in self.shared:
                    joined.join(f"\0{other}", key)
                elif other in self.nested and other not in self.staying:
                    joined.join(key, other)
                elif other in self.methods and other not in copyable:
                    callee = self.methods[other]
                    inside = key in self.nested and not stays
                    if inside or (callee.flags & Flags.PRIVATE and not stays) or _pinned(self.analyses, callee):
                        joined.join(key, other)
        for name in self.rest & (set(self.nested) - self.staying):
            if not self.facts.symbol(name).flags & Flags.STATIC:
                joined.join(_REST, name)
        return joined

    def _copyable(self) -> set[str]:
        """Private methods that touch nothing shared, and call only such methods: the greatest set."""
        bound = self.shared | (set(self.nested) - self.staying)
        private = (k for k, m in self.methods.items() if m.flags & Flags.PRIVATE and not _marked(m))
        found = {k for k in private if k not in self.monitors and k not in self.local and not self.touched[k] & bound}
        while True:
            less = {k for k in found if all(o in found for o in self.touched[k] if o in self.methods)}
            if less == found:
                return found
            found = less

    def _piece(self, keys: tuple[str, ...]) -> Piece:
        cls = self.cls
        inside = tuple(k for k in keys if k in self.methods)
        methods = [self.methods[k] for k in inside]
        own = tuple(k for k in keys if k in self.nested)
        shared = [f for f in cls.fields if f"\0{f.key}" in keys]
        static = all(m.flags & Flags.STATIC for m in methods) and all(f.flags & Flags.STATIC for f in shared)
        bodies = [b for k in (*inside, *own) for b in self.code[k]]
        hindrance = class_hindrance(self.analyses, cls, static) or self._bound(keys, shared)
        hindrance = hindrance or group_hindrance(self.analyses, cls, methods, bodies)
        name = f"{cls.name}{SEPARATOR}{_label(cls, inside)}"
        reason = _reason(inside, [f.name for f in shared], _MONITOR in keys)
        return Piece(name, cls.name, inside, reason, own, False, tuple(f.key for f in shared), static, hindrance)

    def _bound(self, keys: tuple[str, ...], shared: list[FieldSymbol]) -> Hindrance | None:
        """State that others can name stays, and so does who shares it."""
        short = self.cls.simple_name
        for f in shared:
            if not f.flags & Flags.PRIVATE:
                help_ = "make the field private, if nothing else uses it"
                return Hindrance("extract/visible-field", f"{short}.{f.name} is not private: it stays in {short}", f.name_span, help_)
            if any(a.name not in _HARMLESS for a in f.annotations):
                return Hindrance("extract/annotated-field", f"somebody sets {short}.{f.name} by its annotation", f.name_span)
        if _REST in keys:
            inner = next((k for k in keys if k in self.nested and (k in self.staying or k in self.rest)), short)
            message = f"it shares private code or state with {inner.rpartition('.')[2]}, which stays in {short}"
            place = self.facts.symbol(inner).name_span
            return Hindrance("extract/inner-class", message, place, "make the class private, or a class of its own")
        return None


def _names(body: Body, nested: str) -> bool:
    """Whether a body makes or uses a nested class."""
    for statement, _, _ in flat(body.statements):
        match statement:
            case New(cls=name) if name == nested:
                return True
            case LocalClass(cls=name) if name == nested:
                return True
            case _:
                pass
    return any(key.startswith(f"{nested}#") for key in own_members(body, nested))


def shareable(analyses: Analyses, cls: ClassSymbol, field: FieldSymbol) -> bool:
    """Whether several pieces can use the field: it has one value for ever, and no state of the class is behind it."""
    known, type_ = analyses.known, field.type
    if field.constant is not None:
        return True
    name = type_.name if isinstance(type_, ClassType) else ""
    # An object of the application is one object whoever refers to it; a library's may be the state itself, unless it is injected.
    injected = annotated(field, known.annotations["injected"]) is not None
    refers = name in analyses.facts.top or name in known.persistence_users or injected
    if field.key in analyses.eligible.changing and not (refers and _injected_only(analyses, field)):
        return False
    if isinstance(type_, PrimitiveType) or name in known.value or name in known.duplicable or name in known.immutable:
        # A static one is copied to each piece, so it has to come out the same each time.
        return not field.flags & Flags.STATIC or repeatable_initial(analyses, cls, field) or not field.flags & Flags.PRIVATE
    return refers and not field.flags & Flags.STATIC


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
        statement = site.statement
        if isinstance(statement, Invoke) and statement.method and not facts.is_test(site.top):
            found.setdefault(statement.method, set()).add(site.top)
    return {key: frozenset(users) for key, users in found.items()}


def _pinned(analyses: Analyses, method: MethodSymbol) -> bool:
    """Whether a call passes something that is bound to one process or transaction."""
    return any(n in analyses.known.pinned for type_ in signature_types(method) for n in class_names(type_))


def _marked(method: MethodSymbol) -> bool:
    """Whether somebody may find a private method by its annotation."""
    return any(a.name not in _HARMLESS for a in method.annotations)


def _label(cls: ClassSymbol, keys: tuple[str, ...]) -> str:
    """The first method by place in the source that others can call; with its parameters where the class has another of that name."""
    inside = [m for m in cls.methods if m.key in keys]
    first = next((m for m in inside if not m.flags & Flags.PRIVATE), inside[0])
    alone = sum(m.name == first.name for m in cls.methods) == 1
    return first.name if alone else first.key.partition("#")[2].rpartition(")")[0] + ")"


def _reason(methods: tuple[str, ...], fields: list[str], monitor: bool) -> str:
    if len(methods) == 1 and not fields:
        return "one method, which shares no changing field with another"
    if len(methods) == 1:
        return f"one method, alone with {', '.join(fields)}"
    why = [f"share {', '.join(fields)}"] if fields else []
    why += ["lock the same object"] if monitor else []
    return f"{len(methods)} methods that {' and '.join(why) or 'call one another in ways that cannot be remote'}"
