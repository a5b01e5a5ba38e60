"""One walk over a Program, so that no later pass needs its own: statements by kind, mentions by class, definitions by body."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from refactor.ir.dispatch import Dispatch
from refactor.ir.hierarchy import ClassHierarchy
from refactor.ir.program import Body, Program, RefKind
from refactor.ir.statements import (
    ArrayLoad,
    ArrayStore,
    Binary,
    Block,
    Cast,
    Const,
    Copy,
    If,
    InstanceOf,
    Invoke,
    Jump,
    Lambda,
    Load,
    Local,
    Loop,
    New,
    NewArray,
    Return,
    Statement,
    Store,
    Switch,
    Synchronized,
    Throw,
    Try,
    Unary,
    Value,
)
from refactor.ir.symbols import Annotation, ClassSymbol, FieldSymbol, Flags, MethodSymbol, Origin, Param
from refactor.ir.types import ClassType, Type, class_names

Defining = Copy | New | NewArray | ArrayLoad | Load | Invoke | Lambda | Cast | InstanceOf | Unary | Binary


class Site(NamedTuple):
    """A statement and where it stands. `top`: the top-level class; `loops`: how many loops are around it (lambdas not followed)."""

    body: Body
    top: str
    statement: Statement
    loops: int
    guarded: bool  # inside a try whose catch takes the platform's general exception types


@dataclass(slots=True)
class Facts:
    """What the passes above ask of a Program again and again. Built by `index`; not changed afterwards."""

    program: Program
    hierarchy: ClassHierarchy
    dispatch: Dispatch
    top: Mapping[str, str]  # application class -> its top-level class
    members: Mapping[str, tuple[str, ...]]  # top-level class -> all its classes, sorted
    bodies: Mapping[str, tuple[Body, ...]]  # top-level class -> bodies, sorted by key
    mentions: Mapping[str, frozenset[str]]  # application class -> application classes that its own text names
    named_in_signatures_elsewhere: frozenset[str]  # classes named by the non-private declarations of another top-level class
    _sites: dict[type, list[Site]]
    _definitions: dict[str, dict[str, list[Defining]]] = field(default_factory=dict)
    _signatures: dict[str, frozenset[str]] = field(default_factory=dict)
    _mentions_of: dict[str, frozenset[str]] = field(default_factory=dict)
    _uses: dict[str, dict[str, list[Statement]]] = field(default_factory=dict)
    _by_field: dict[type, dict[str, list[Site]]] = field(default_factory=dict)
    memo: dict[str, object] = field(default_factory=dict)  # what passes above have found out once, by their own names

    def sites(self, kind: type) -> list[Site]:
        """Every statement of one kind, bodies in key order."""
        return self._sites.get(kind, [])

    def symbol(self, name: str) -> ClassSymbol:
        return self.program.classes[name]

    def is_test(self, top: str) -> bool:
        return self.program.classes[top].origin is Origin.TEST

    def top_of_member(self, key: str | None) -> str | None:
        """The top-level application class that declares a member; None for the library's and for unresolved ones."""
        return self.top.get(key.partition("#")[0]) if key else None

    def mentions_of(self, top: str) -> frozenset[str]:
        """The other top-level classes that the text of `top` names, nested classes included."""
        found = self._mentions_of.get(top)
        if found is None:
            names: set[str] = set()
            for name in self.members[top]:
                names.update(self.top[n] for n in self.mentions.get(name, ()))
            names.discard(top)
            found = self._mentions_of[top] = frozenset(names)
        return found

    def signature_mentions(self, top: str) -> frozenset[str]:
        """The other top-level classes that a proxy of `top` names: headers and what is not private, nested classes included."""
        found = self._signatures.get(top)
        if found is None:
            names: set[str] = set()
            for name in self.members[top]:
                cls = self.program.classes[name]
                if not (cls.anonymous or cls.local or cls.flags & Flags.PRIVATE):
                    names.update(self.top[n] for n in declared_names(cls, private=False) if n in self.top)
            names.update(self.top[n] for n in self._heirs_named(top) if n in self.top)
            names.discard(top)
            found = self._signatures[top] = frozenset(names)
        return found

    def _heirs_named(self, top: str) -> set[str]:
        """The classes through which declarations of `top` name what those only inherit: `SimpleLook.Kind`, declared in Look."""
        program, members = self.program, set(self.members[top])
        file = program.classes[top].file
        found = {i.name for i in program.files[file].imports if i.inherited} if file in program.files else set()
        code = _code(self.bodies.get(top, ()))
        named = {
            r.target
            for r in program.references.get(file, ())
            if r.kind is RefKind.TYPE and r.target in self.top and r.within in members and not _within(code, r.span.start)
        }
        outers = {outer for n in named if n is not None and (outer := program.classes[n].outer) is not None}
        found |= {n for n in named if n is not None and outers & (self.hierarchy.supertypes(n) - {n})}
        return found

    def definitions(self, body: Body) -> Mapping[str, list[Defining]]:
        """Local name -> the statements of this body that assign it."""
        found = self._definitions.get(body.key)
        if found is None:
            found = {}
            for statement, _, _ in flat(body.statements):
                if isinstance(statement, Defining):
                    target = statement.target
                    if target is not None:
                        found.setdefault(target.name, []).append(statement)
            self._definitions[body.key] = found
        return found

    def uses(self, body: Body) -> Mapping[str, list[Statement]]:
        """Local name -> the statements of this body that read it."""
        found = self._uses.get(body.key)
        if found is None:
            found = {}
            for statement, _, _ in flat(body.statements):
                for value in operands(statement):
                    if isinstance(value, Local):
                        found.setdefault(value.name, []).append(statement)
            self._uses[body.key] = found
        return found

    def loads_of(self, key: str) -> list[Site]:
        """Every Load of one field."""
        return self._field_sites(Load).get(key, [])

    def stores_of(self, key: str) -> list[Store]:
        """Every Store of one field."""
        return [cast(Store, s.statement) for s in self._field_sites(Store).get(key, [])]

    def _field_sites(self, kind: type) -> dict[str, list[Site]]:
        found = self._by_field.get(kind)
        if found is None:
            found = self._by_field[kind] = {}
            for site in self.sites(kind):
                found.setdefault(cast(Load | Store, site.statement).field, []).append(site)
        return found


def operands(statement: Statement) -> tuple[Value | None, ...]:
    """What a statement itself reads (not what the statements inside it read)."""
    match statement:
        case Copy(value=value) | Cast(value=value) | InstanceOf(value=value) | Unary(value=value) | Throw(value=value):
            return (value,)
        case Return(value=value) | Jump(value=value):
            return (value,)
        case New(args=args, outer=outer):
            return (*args, outer)
        case NewArray(dimensions=dimensions, elements=elements):
            return (*dimensions, *(elements or ()))
        case ArrayLoad(array=array, index=index_):
            return (array, index_)
        case ArrayStore(array=array, index=index_, value=value):
            return (array, index_, value)
        case Load(receiver=receiver):
            return (receiver,)
        case Store(receiver=receiver, value=value):
            return (receiver, value)
        case Invoke(receiver=receiver, args=args):
            return (receiver, *args)
        case Lambda(captures=captures):
            return captures
        case Binary(left=left, right=right):
            return (left, right)
        case If(condition=condition):
            return (condition,)
        case Switch(subject=subject):
            return (subject,)
        case Synchronized(lock=lock):
            return (lock,)
        case _:
            return ()


_GENERAL = frozenset(
    {"java.lang.Throwable", "java.lang.Exception", "java.lang.RuntimeException", "builtins.Exception", "builtins.BaseException"}
)


def flat(statements: tuple[Statement, ...], loops: int = 0, guarded: bool = False) -> Iterator[tuple[Statement, int, bool]]:
    """Every statement with its loop depth and whether a general catch is around it, in source order."""
    todo: list[tuple[Iterator[Statement], int, bool]] = [(iter(statements), loops, guarded)]
    while todo:
        items, depth, guard = todo[-1]
        statement = next(items, None)
        if statement is None:
            todo.pop()
            continue
        yield statement, depth, guard
        kind = type(statement)
        if kind not in _NESTING:
            continue
        match statement:
            case Loop(body=body):
                todo.append((iter(body), depth + 1, guard))
            case If(then=then, orelse=orelse):
                todo.append((iter(orelse), depth, guard))
                todo.append((iter(then), depth, guard))
            case Switch(cases=cases):
                todo.extend((iter(case), depth, guard) for case in reversed(cases))
            case Block(body=body) | Synchronized(body=body):
                todo.append((iter(body), depth, guard))
            case Try(body=body, catches=catches, finally_=finally_):
                todo.append((iter(finally_), depth, guard))
                todo.extend((iter(c.body), depth, guard) for c in reversed(catches))
                general = any(isinstance(t, ClassType) and t.name in _GENERAL for c in catches for t in c.types)
                todo.append((iter(body), depth, guard or general))
            case _:
                pass


_NESTING = frozenset({Loop, If, Switch, Block, Synchronized, Try})


def index(program: Program) -> Facts:
    """before: a Program   after: its Facts, from one walk over every statement"""
    classes = program.classes
    top = {name: cls.top or name for name, cls in classes.items()}
    members: dict[str, list[str]] = {}
    for name in sorted(classes):
        members.setdefault(top[name], []).append(name)
    sites: dict[type, list[Site]] = {}
    bodies: dict[str, list[Body]] = {}
    named: dict[str, set[str]] = {name: set() for name in classes}
    for key in sorted(program.bodies):
        body = program.bodies[key]
        owner_top = top[body.owner]
        bodies.setdefault(owner_top, []).append(body)
        for statement, loops, guarded in flat(body.statements):
            kind = type(statement)
            found = sites.get(kind)
            if found is None:
                found = sites[kind] = []
            found.append(Site(body, owner_top, statement, loops, guarded))
    _mentions(program, top, sites, named)
    hierarchy = ClassHierarchy(program)
    return Facts(
        program,
        hierarchy,
        Dispatch(program, hierarchy, [cast(Lambda, s.statement) for s in sites.get(Lambda, ())]),
        top,
        {name: tuple(found) for name, found in members.items()},
        {name: tuple(found) for name, found in bodies.items()},
        {name: frozenset(found) for name, found in named.items()},
        _in_signatures(program, top),
        sites,
    )


def _code(bodies: Iterable[Body]) -> list[tuple[int, int]]:
    """From the first statement of each method to its end, in order, without those inside others: what is no declaration."""
    found: list[tuple[int, int]] = []
    for body in sorted(bodies, key=lambda b: (b.span.start, -b.span.end)):
        start, end = body.span.start, body.span.end
        first = next((s.span.start for s in body.statements if start <= s.span.start < end), end)
        if not body.key.partition("#")[2].startswith("<clinit>") and not (found and end <= found[-1][1]):
            found.append((first, end))
    return found


def _within(ranges: list[tuple[int, int]], at: int) -> bool:
    before = bisect_right(ranges, (at, at)) - 1
    return before >= 0 and ranges[before][0] <= at < ranges[before][1]


def _mentions(program: Program, top: Mapping[str, str], sites: Mapping[type, list[Site]], named: dict[str, set[str]]) -> None:
    for cls in program.classes.values():
        own = named[cls.name]
        own.update(name for name in declared_names(cls, private=True) if name in top)
    for file, references in program.references.items():
        whole = program.files[file].classes if file in program.files else ()
        for reference in references:
            target = reference.target.partition("#")[0] if reference.target else None
            if target is not None and target in top:
                # What stands in no class (an annotation of the package) belongs to every class of its file.
                for within in (reference.within,) if reference.within in named else whole:
                    named[within].add(target)
    for source in program.files.values():
        # A test is compiled as it stands; of other sources, imports that nothing uses are taken out.
        imported = [i.name for i in source.imports if i.inherited or (source.origin is Origin.TEST and not i.is_package)]
        for within in source.classes:
            named[within].update(name for name in imported if name in top)
    for kind, found in sites.items():
        names_of = _STATEMENT_NAMES.get(kind)
        if names_of is not None:
            for site in found:
                own = named[site.body.owner]
                for name in names_of(site.statement):
                    if name in top:
                        own.add(name)


def _in_signatures(program: Program, top: Mapping[str, str]) -> frozenset[str]:
    found: set[str] = set()
    for cls in program.classes.values():
        for name in declared_names(cls, private=False):
            if name in top and top[name] != top[cls.name]:
                found.add(name)
    return frozenset(found)


def _owner(key: str | None) -> tuple[str, ...]:
    return (key.partition("#")[0],) if key else ()


def _invoke_names(s: Invoke) -> Iterable[str]:
    yield from _owner(s.method)
    if s.receiver_type:
        yield s.receiver_type
    for arg in s.args:
        if isinstance(arg, Const) and isinstance(arg.value, ClassType):
            yield arg.value.name


def _catch_names(s: Try) -> Iterable[str]:
    for catch in s.catches:
        for type_ in catch.types:
            yield from class_names(type_)


_STATEMENT_NAMES: dict[type, Callable[[Any], Iterable[str]]] = {
    Invoke: _invoke_names,
    New: lambda s: (s.cls, *class_names(s.type), *_owner(s.constructor)),
    NewArray: lambda s: class_names(s.type),
    Load: lambda s: _owner(s.field),
    Store: lambda s: _owner(s.field),
    Lambda: lambda s: class_names(s.interface),
    Cast: lambda s: class_names(s.type),
    InstanceOf: lambda s: class_names(s.type),
    Try: _catch_names,
    Copy: lambda s: (s.value.value.name,) if isinstance(s.value, Const) and isinstance(s.value.value, ClassType) else (),
}


def declared_names(cls: ClassSymbol, *, private: bool) -> Iterator[str]:
    """Class names in the declarations of `cls` (header, fields, signatures, annotations); members that are private only on demand."""
    types: list[Type] = [*cls.interfaces]
    if cls.superclass:
        types.append(cls.superclass)
    annotations = [*cls.annotations]
    for parameter in cls.type_params:
        types.extend(parameter.bounds)
    yield from cls.permits
    for member in cls.fields:
        if private or not member.flags & Flags.PRIVATE:
            types.append(member.type)
            annotations.extend(member.annotations)
    for method in cls.methods:
        if private or not method.flags & Flags.PRIVATE:
            types.extend(signature_types(method))
            annotations.extend(method.annotations)
            for param in method.params:
                annotations.extend(param.annotations)
    for component in cls.record_components:
        types.append(component.type)
        annotations.extend(component.annotations)
    for type_ in types:
        yield from class_names(type_)
    for annotation in annotations:
        yield from annotation_names(annotation)


def signature_types(method: MethodSymbol) -> tuple[Type, ...]:
    """Parameters, result, exceptions and bounds of one method."""
    bounds = tuple(b for p in method.type_params for b in p.bounds)
    return (*(p.type for p in method.params), method.result, *method.throws, *bounds)


def annotation_names(annotation: Annotation) -> Iterator[str]:
    """The annotation's own class and every class named in its values."""
    yield annotation.name
    for _, value in annotation.values:
        yield from _value_names(value)


def _value_names(value: object) -> Iterator[str]:
    if isinstance(value, ClassType):
        yield value.name
    elif isinstance(value, Annotation):
        yield from annotation_names(value)
    elif isinstance(value, tuple):
        if len(value) == 3 and value[0] == "enum":
            yield str(value[1])
        else:
            for item in value:
                yield from _value_names(item)


def annotated(symbol: ClassSymbol | MethodSymbol | FieldSymbol | Param, names: frozenset[str]) -> Annotation | None:
    """The first annotation of `symbol` whose type is one of `names`."""
    return next((a for a in symbol.annotations if a.name in names), None)

