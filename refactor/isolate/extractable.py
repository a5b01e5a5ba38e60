"""What keeps code from leaving its class: each reason with a rule, the place and a way out.

What moves goes to a class of its own (a piece); what stays calls it, and the old names stay as one-line delegations. That is
sound as long as nobody looks at how the object is made: its fields, its copies, its form in a stream, the frames of its calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from refactor.flow.facts import annotated, flat, operands
from refactor.ir.program import Body
from refactor.ir.statements import Invoke, InvokeKind, Lambda, Load, Local, LocalClass, New, Store, Unsupported
from refactor.ir.symbols import Annotation, ClassKind, ClassSymbol, Flags, MethodSymbol
from refactor.isolate.context import Analyses
from refactor.isolate.rules.reflection import object_graph
from refactor.isolate.standins import mocks_of
from refactor.isolate.subjects import Subject, subjects
from refactor.support.source import Span

_CONFIGURATION = "Configuration"
_STREAMED = frozenset({"java.io.Serializable", "java.io.Externalizable"})
_COPIED = "java.lang.Cloneable"
_VERSION = "serialVersionUID"
_GENERATED = "lombok."
_SEEN = {
    "reflect": "is looked into by reflection",
    "fields": "has its fields read by a library",
    "mock": "is mocked or spied on with its own code",
    "literal": "is handed to a library as a class literal",
}
# Of the class Object and of serialisation: platform code calls them on the object itself.
_OWN = frozenset(
    {"toString()", "hashCode()", "equals(Ljava/lang/Object;)", "finalize()", "clone()", "readObject(Ljava/io/ObjectInputStream;)",
     "writeObject(Ljava/io/ObjectOutputStream;)", "readObjectNoData()", "readResolve()", "writeReplace()"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why something stays in its class. `rule` is stable (`extract/...`); `help` is a way out."""

    rule: str
    message: str
    span: Span | None
    help: str = ""


def keeps_own(method: MethodSymbol) -> bool:
    """Whether a method belongs to the object itself, whatever its code touches: it stays, and reaches what moved through the piece."""
    return method.key.partition("#")[2].rpartition(")")[0] + ")" in _OWN


def class_hindrance(analyses: Analyses, cls: ClassSymbol, static: bool) -> Hindrance | None:
    """before: a top-level class   after: why no code of it can move, or None

    `static`: only methods without an object are meant, of which neither a subclass nor a container knows anything.
    """
    return next(_of_class(analyses, cls, static), None)


def _of_class(analyses: Analyses, cls: ClassSymbol, static: bool) -> Iterator[Hindrance]:
    facts, known, at = analyses.facts, analyses.known, cls.name_span
    short = cls.simple_name
    if cls.kind is not ClassKind.CLASS:
        yield Hindrance("extract/kind", f"{short} is {cls.kind.value}, not a class", at)
    if any(a.name.startswith(_GENERATED) for a in _marks(cls)):
        yield Hindrance("extract/generated", f"members of {short} are generated from its annotations", at, "write them out (delombok)")
    above = facts.hierarchy.supertypes(cls.name)
    if above & _STREAMED:
        if not static:
            message = f"{short} is Serializable: a field for the piece would change its form in a stream"
            yield Hindrance("extract/serial-form", message, at, "move static methods only, or drop Serializable")
        elif cls.field(_VERSION) is None:
            message = f"{short} is Serializable and has no {_VERSION}: the computed one depends on its members"
            yield Hindrance("extract/serial-form", message, at, f"declare {_VERSION}")
    for subject in analyses.once(_looks).get(cls.name, ()):
        if not (static and subject.kind in ("fields", "literal")):
            message = f"{short} {_SEEN[subject.kind]} ({subject.what})"
            yield Hindrance("extract/reflection", message, subject.span, "keep the class whole, or take what is looked into out of it")
    if not static:
        yield from _of_objects(analyses, cls, above)
    elif any(known.throwable == n for n in above) and cls.field(_VERSION) is None:
        yield Hindrance("extract/serial-form", f"{short} is an exception without {_VERSION}", at, f"declare {_VERSION}")


def _marks(cls: ClassSymbol) -> Iterator[Annotation]:
    yield from cls.annotations
    for members in (cls.fields, cls.methods):
        for member in members:
            yield from member.annotations


def _of_objects(analyses: Analyses, cls: ClassSymbol, above: frozenset[str]) -> Iterator[Hindrance]:
    facts, known, at, short = analyses.facts, analyses.known, cls.name_span, cls.simple_name
    if cls.superclass is not None and cls.superclass.name != "java.lang.Object" and not _quiet(analyses, cls):
        message = f"{short} extends {cls.superclass.name}, whose constructor runs before the piece exists"
        yield Hindrance("extract/superclass", message, at, "move static methods only")
    copied = next((n for n in sorted(facts.hierarchy.subtypes(cls.name)) if _COPIED in facts.hierarchy.supertypes(n)), None)
    if copied or any(m.name == "clone" and not m.params for m in cls.methods):
        yield Hindrance("extract/copied-object", f"{copied or short} can be cloned: both copies would have one piece", at)
    unknown = next((n for n in sorted(above) if n not in facts.top and facts.program.find(n) is None), None)
    if unknown:
        yield Hindrance("extract/unread", f"a supertype of {short} cannot be read: {unknown}", at, "is the library on the class path?")
    if annotated(cls, known.annotations["persistent"]) is not None:
        yield Hindrance("extract/persistent", f"objects of {short} are rows of a table", at)
    single = analyses.eligible.single.get(cls.name, "")
    if single.endswith(_CONFIGURATION):
        yield Hindrance("extract/configuration", f"a container makes its beans with one object of {short}", at)
    if any(a.name.rpartition(".")[2] == "Stateful" for a in cls.annotations):
        yield Hindrance("extract/serial-form", f"a container may write {short} to a disk (@Stateful)", at)


def _quiet(analyses: Analyses, cls: ClassSymbol) -> bool:
    """Whether the constructors above a class call no method of the object and hand it to nobody, so that no code that moved runs yet."""
    facts = analyses.facts
    above = [c for c in facts.hierarchy.superclasses(cls.name) if c.name != "java.lang.Object"]
    if any(c.name not in facts.top for c in above) or not above:
        return False
    names, tops = {c.name for c in above}, {facts.top[c.name] for c in above}
    for body in (b for c in above for b in facts.bodies.get(facts.top[c.name], ()) if b.owner in names and "#<init>" in b.key):
        for statement, _, _ in flat(body.statements):
            own = sum(isinstance(v, Local) and v.name == "this" for v in operands(statement))
            match statement:
                case Load(receiver=Local(name="this")) | Store(receiver=Local(name="this")):
                    own -= 1
                case Invoke(kind=InvokeKind.SPECIAL, receiver=Local(name="this"), method=str(key)) if "#<init>" in key:
                    own -= 1
                case New(cls=made):
                    own += facts.top.get(made, "") in tops
                case Lambda() | LocalClass() | Unsupported():
                    own += 1
                case _:
                    pass
            if own:
                return False
    return True


def group_hindrance(analyses: Analyses, cls: ClassSymbol, methods: Iterable[MethodSymbol], bodies: Iterable[Body]) -> Hindrance | None:
    """before: methods that would move together, and all their code   after: why they stay, or None"""
    return next(_of_group(analyses, cls, tuple(methods), bodies), None)


def _of_group(analyses: Analyses, cls: ClassSymbol, methods: tuple[MethodSymbol, ...], bodies: Iterable[Body]) -> Iterator[Hindrance]:
    known = analyses.known
    held = analyses.eligible.single.get(cls.name, "") or analyses.once(_stood_in).get(cls.name, "")
    for m in methods:
        if m.flags & Flags.NATIVE:
            yield Hindrance("extract/native", f"{m.name} is native: its code is found by the name of its class", m.name_span)
        if held and m.flags & Flags.FINAL and not m.flags & (Flags.STATIC | Flags.PRIVATE):
            message = f"{m.name} is final, so a proxy or a mock of {cls.simple_name} runs it without an object behind ({held})"
            yield Hindrance("extract/final-method", message, m.name_span, "drop final")
    for body in bodies:
        for statement, _, _ in flat(body.statements):
            if isinstance(statement, Unsupported):
                yield Hindrance("extract/unread", f"code that is not understood: {statement.what}", statement.span)
            if not isinstance(statement, Invoke):
                continue
            if statement.method is None:
                yield Hindrance("extract/unread", f"a call that could not be resolved ({statement.reason})", statement.name_span)
            elif known.sinks["frames"].matches(statement.method):
                message = f"{_short(statement.method)} sees which class it is called from"
                yield Hindrance("extract/frames", message, statement.name_span, "keep the method where it is")
            elif statement.kind is InvokeKind.SPECIAL and body.owner == cls.name and not _private(analyses, statement.method):
                message = f"a call of super.{_short(statement.method)} belongs to {cls.simple_name} itself"
                yield Hindrance("extract/super-call", message, statement.span)


def _private(analyses: Analyses, key: str) -> bool:
    method = analyses.facts.program.method(key)
    return method is not None and bool(method.flags & Flags.PRIVATE)


def _looks(analyses: Analyses) -> dict[str, tuple[Subject, ...]]:
    """Top-level class -> the places that look into it. A lock is taken on the object itself, and a stand-in has none of its code."""
    facts = analyses.facts
    found: dict[str, list[Subject]] = {}
    for subject in subjects(facts, analyses.known):
        if subject.kind in _SEEN:
            # What reads fields goes on to the objects that they hold; an object of a subclass has the fields of its superclass.
            deep = subject.kind == "fields" or "Recursive" in subject.what
            reached = object_graph(facts, subject.cls) if deep else (subject.cls,)
            names = {n for cls in reached for n in facts.hierarchy.supertypes(cls) & facts.top.keys()}
            for top in sorted({facts.top[n] for n in names}):
                found.setdefault(top, []).append(subject)
    for cls in facts.program.classes.values():
        for mark, mocked, span, _ in mocks_of(analyses.known, cls):
            for name in mocked if mark.name not in analyses.known.annotations["stand_in_field"] and span is not None else ():
                if name in facts.top and span is not None:
                    found.setdefault(facts.top[name], []).append(Subject(cls.top, name, "mock", span, f"@{mark.name.rpartition('.')[2]}"))
    return {name: tuple(places) for name, places in found.items()}


def _stood_in(analyses: Analyses) -> dict[str, str]:
    """Class -> what makes an object with its signatures and none of its fields."""
    return {s.cls: s.what for s in subjects(analyses.facts, analyses.known) if s.kind == "stand_in"}


def _short(key: str) -> str:
    owner, _, rest = key.partition("#")
    return f"{owner.rpartition('.')[2]}.{rest.partition('(')[0]}"
