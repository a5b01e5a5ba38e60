"""Library calls -> instructions: by model where there is one, else by the sound default.

The default, for a method of which nothing is known: the receiver (or the class, for a static method) keeps its arguments; the
result may be one of the arguments, the receiver, something kept, or a new object that shares what the receiver keeps; arguments of
application classes are called back on every method that the parameter's type declares, with the other arguments, what is kept, and
library objects of the parameters' types; their results go where arguments go; toString, equals, hashCode and compareTo of all of
them may be called. A result of type Object is an object of unknown class, which a cast turns into one of the class that it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refactor.ir.statements import Local
from refactor.ir.symbols import MethodSymbol
from refactor.ir.types import ClassType, Type, TypeVar, class_names
from refactor.pointsto import code as c
from refactor.pointsto.code import Code
from refactor.pointsto.dispatch import EQUAL, ORDERED, PROPERTIES, TEXT
from refactor.pointsto.models import Asked, CallBack, Effect, Place
from refactor.pointsto.result import ObjectKind
from refactor.pointsto.world import OBJECT
from refactor.support.source import Span

if TYPE_CHECKING:
    from refactor.pointsto.build import Builder

_STREAM = "java.util.stream.BaseStream"
_FIELDS = {"[]": "[]", "key": "key", "value": "value", "fn": "<fn>", "any": "<any>"}
_NO_TEMPLATES = frozenset({OBJECT, "java.lang.Enum", "java.lang.Record", "java.lang.Throwable", "java.lang.Exception"})
Operands = tuple[int | None, ...]


class Effects:
    """Writes library calls into one Builder's code."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def call(
        self,
        span: Span,
        key: str,
        method: MethodSymbol | None,
        receiver: int | None,
        receiver_type: int,
        args: Operands,
        types: tuple[int, ...],
        result: int | None,
        target: Local | None,
    ) -> None:
        """One call of a library method. `result`: where its value goes, None where nobody wants it or it holds no object."""
        _Call(self._builder, span, key, method, receiver, receiver_type, args, types, result, target).write()


class _Call:
    def __init__(
        self,
        builder: Builder,
        span: Span,
        key: str,
        method: MethodSymbol | None,
        receiver: int | None,
        receiver_type: int,
        args: Operands,
        types: tuple[int, ...],
        result: int | None,
        target: Local | None,
    ) -> None:
        self.b, self.world, self.base = builder, builder.world, builder.base
        self.span, self.key, self.method = span, key, method
        self.receiver, self.args, self.types, self.result = receiver, args, types, result
        self.owner, _, rest = key.partition("#")
        self.name = rest.partition("(")[0]
        self.site = self.world.site(builder.code.key, span, key)
        static = self.world.types[receiver_type] if receiver_type >= 0 else None
        self.receiver_type = receiver_type
        # An interface's Object methods are declared by Object; what the receiver is says more.
        self.lookup = static.name if static is not None and not static.is_app and static.element < 0 else self.owner
        self.written: Type | None = target.type if target is not None else None
        declared = method.result if method is not None else self.written
        self.result_type = self.world.type_of(declared) if declared is not None else -1
        self._ret: int | None = None
        self._made = False

    def write(self) -> None:
        effects = self.base.models.find(self._order(), self.name, len(self.args))
        if effects is None:
            self._default()
        else:
            for effect in effects:
                self._effect(effect)
            if not any(isinstance(e.source, Asked) and e.source.what in ("text", "same", "quiet") for e in effects):
                self._compare()
            self._calls_interfaces(effects)
            self._pending()
            self._template(effects)
            if self.result is not None and not self._made and not any(e.target == Place("ret") for e in effects):
                self._new()
        if self._ret is not None and self.result is not None:
            self.b.emit(c.Copy(self.result, self._ret, self.world.type_of(self.written) if self.written is not None else -1, True))

    def _order(self) -> tuple[str, ...]:
        """The classes to look a model up in, nearest first."""
        found: list[str] = []
        todo = [self.lookup, self.owner]
        while todo:
            name = todo.pop(0)
            if name in found:
                continue
            found.append(name)
            cls = self.world.program.find(name)
            if cls is not None:
                todo.extend(self.world.hierarchy.direct_supertypes(cls))
        return (*(n for n in found if n != OBJECT), OBJECT)

    # -- places

    def ret(self) -> int:
        if self._ret is None:
            self._ret = self.b.temp()
        return self._ret

    def _root(self, place: Place) -> int | None:
        if place.root == "this":
            return self.receiver
        if place.root == "ret":
            return self.ret()
        if not self.args:
            return None
        index = len(self.args) - 1 if place.root == "last" else int(place.root[3:])
        return self.args[index] if index < len(self.args) else None

    def _roots(self, place: Place) -> list[int]:
        if place.root == "all":
            return [a for a in self.args if a is not None]
        found = self._read(place)
        return [] if found is None else [found]

    def _read(self, place: Place) -> int | None:
        at = self._root(place)
        for name in place.fields:
            if at is None:
                return None
            found = self.b.temp()
            self.b.emit(c.Read(found, at, self.world.field(_FIELDS[name])))
            self._record(at, name, False)
            if name in ("[]", "key", "value") and self.base.own_containers:
                self.b.emit(c.Elements(self.site, at, found))
            at = found
        return at

    def _record(self, base: int, name: str, write: bool) -> None:
        self.b.code.accesses.append(c.Access(base, self.world.field(_FIELDS[name]), write, self.span))

    def _assign(self, place: Place, source: int) -> None:
        if not place.fields:
            self.b.emit(c.Copy(self.ret(), source, self.result_type, True))
            return
        base = self._read(Place(place.root, place.fields[:-1]))
        if base is not None:
            self.b.emit(c.Write(base, self.world.field(_FIELDS[place.fields[-1]]), source))
            self._record(base, place.fields[-1], True)

    # -- effects of a model

    def _effect(self, effect: Effect) -> None:
        source = effect.source
        if isinstance(source, Place):
            for found in self._roots(source):
                assert effect.target is not None
                self._assign(effect.target, found)
        elif isinstance(source, CallBack):
            self._call_back(source, effect.target)
        elif source.what == "new":
            self._new(False)
        elif source.what == "identity":
            self._identity()
        elif source.what == "instance":
            for found in self._roots(source.places[0]):
                self.b.emit(c.Reflect(self.site, self.ret(), found))
        elif source.what == "properties":
            for found in [f for place in source.places for f in self._roots(place)]:
                self.b.emit(c.Use(self.site, found, PROPERTIES))
        elif source.what in ("text", "same"):
            for place in source.places:
                for found in self._roots(place):
                    self.b.emit(c.Use(self.site, found, TEXT if source.what == "text" else EQUAL))
                if source.what == "same" and place.root == "this" and place.fields and self.receiver is not None:
                    self.b.emit(c.Use(self.site, self.receiver, ORDERED, True))

    def _new(self, collapsed: bool | None = None) -> None:
        """A library object made by this call."""
        self._made = True
        type_ = self.result_type
        if self.method is not None and isinstance(self.method.result, TypeVar) and self.written is not None:
            said = self.world.type_of(self.written)
            if said >= 0 and not self.world.types[said].is_app:
                type_ = said
        if type_ < 0 or self.world.types[type_].merged:
            if type_ >= 0:
                self.b.emit(c.Copy(self.ret(), self.world.global_of("merged", self.world.types[type_].name)))
            return
        more: dict[str, object] = {} if collapsed is None else {"collapsed": collapsed}
        key = ("library", self.b.code.key, self.span, self.key)
        alloc = self.world.alloc(key, type_, ObjectKind.LIBRARY, span=self.span, method=self.b.code.key, **more)
        self.b.emit(c.Alloc(self.ret(), alloc.number))

    def _identity(self) -> None:
        """A function that gives back its argument."""
        key = f"{self.b.code.key}@{self.span.start}::identity"
        code = Code(key, self.world.object, transparent=True, size=3, closure=0, result=2)
        code.params, code.param_types, code.param_written = [1], [-1], [None]
        code.instructions.append(c.Copy(2, 1))
        self.base.synthetic[key] = code
        self.b.function(self.ret(), self.method.result if self.method is not None else ClassType(OBJECT), key, self.span)
        self._made = True

    def _pending(self) -> None:
        """The last operation of a stream runs what the ones before have left with it."""
        if self.receiver is None or (self.result_type >= 0 and _STREAM in self.world.types[self.result_type].supers):
            return
        if any(_STREAM in self.world.supertypes(n)[0] for n in (self.lookup, self.owner)):
            kept = self.b.temp()
            self.b.emit(c.Read(kept, self.receiver, self.world.callbacks))
            self.b.emit(c.Function(self.site, kept, -1, (), None))

    def _template(self, effects: tuple[Effect, ...]) -> None:
        """A method of a library class that the application extends may be made of methods that it overrides (a Writer's write)."""
        cls = self.world.program.find(self.lookup)
        if self.receiver is None or cls is None or cls.is_interface or self.lookup in _NO_TEMPLATES or cls.name in self.world.structured:
            return
        if self.name == "<init>" or any(isinstance(e.source, CallBack) for e in effects):
            return
        if any(n in self.world.program.classes for n in self.world.hierarchy.subtypes(self.lookup)):
            out = self.b.temp()
            self.b.emit(c.Escape(self.site, self.receiver, self.world.type_named(self.lookup), (), out))

    def _call_back(self, call: CallBack, target: Place | None) -> None:
        args = tuple([a for place in call.args for a in self._roots(place)])
        for on in self._roots(call.on):
            signature = self._signature(call)
            result = self.b.temp() if target is not None else None
            self.b.emit(c.Function(self.site, on, signature, args, result))
            if target is not None and result is not None:
                self._assign(target, result)

    def _signature(self, call: CallBack) -> int:
        holder = self._declared(call.on)
        if call.method:
            cls = self.world.program.find(holder or self.owner)
            method = next((m for m in cls.methods if m.name == call.method and len(m.params) == len(call.args)), None) if cls else None
            return self.world.signature(holder or self.owner, call.method, len(call.args), method)
        method = self.base.dispatch.functional(holder) if holder is not None else None
        return self.world.signature(method.owner, method.name, len(method.params), method) if method is not None else -1

    def _declared(self, place: Place) -> str | None:
        if place.fields:
            return None
        if place.root == "this":
            return self.lookup
        index = len(self.args) - 1 if place.root == "last" else int(place.root[3:])
        return self._parameter(index)

    def _parameter(self, index: int) -> str | None:
        if self.method is None or index >= len(self.method.params):
            return None
        return self.world.name_of(self.method.params[index].type)

    def _compare(self) -> None:
        """Equality is asked of reference arguments and of what the receiver contains."""
        found = [a for a in self.args if a is not None and not self._is_merged(a)]
        for each in found:
            self.b.emit(c.Use(self.site, each, EQUAL))
        if found and self.receiver is not None and not self._is_merged(self.receiver):
            self.b.emit(c.Use(self.site, self.receiver, EQUAL, True))
            self.b.emit(c.Use(self.site, self.receiver, ORDERED, True))

    def _is_merged(self, operand: int) -> bool:
        return operand < 0 and self.world.globals[~operand][0] in ("merged", "class")

    def _calls_interfaces(self, effects: tuple[Effect, ...]) -> None:
        """Known methods read their interface-typed arguments too: an application's own collection or sequence is asked."""
        called = {e.source.on.root for e in effects if isinstance(e.source, CallBack)}
        for index, arg in enumerate(self.args):
            name = self._parameter(index)
            cls = self.world.program.find(name) if name else None
            if arg is None or self._is_merged(arg) or cls is None or not cls.is_interface or f"arg{index}" in called:
                continue
            if "last" in called and index == len(self.args) - 1:
                continue
            if any(isinstance(e.source, Place) and e.source == Place(f"arg{index}") for e in effects):
                continue
            out = self.b.temp()
            self.b.emit(c.Escape(self.site, arg, self.world.type_named(cls.name), (arg,), out))

    # -- the default

    def _default(self) -> None:
        b, world = self.b, self.world
        args = [(i, a) for i, a in enumerate(self.args) if a is not None and not self._is_merged(a)]
        receiver = self.receiver if self.receiver is None or not self._is_merged(self.receiver) else None
        static = world.global_of("kept", self.owner) if receiver is None else None
        wanted = self.result is not None and self.result_type >= 0 and not world.types[self.result_type].merged
        if not args and not wanted and (receiver is None or not self._may_call(self.receiver_type)):
            return
        kept: int | None = None
        out = b.temp()
        if receiver is not None:
            kept = b.temp()
            b.emit(c.Read(kept, receiver, world.any))
            b.emit(c.Write(receiver, world.any, out))
            self._record(receiver, "any", False)
            if args:
                self._record(receiver, "any", True)
        elif static is not None and (args or wanted):
            kept = static
            b.emit(c.Copy(static, out))
        pool = tuple([a for _, a in args] + ([kept] if kept is not None else []))
        for index, arg in args:
            if receiver is not None:
                b.emit(c.Write(receiver, world.any, arg))
            elif static is not None:
                b.emit(c.Copy(static, arg))
            name = self._parameter(index)
            b.emit(c.Escape(self.site, arg, world.type_named(name) if name else world.object, pool, out))
            b.emit(c.Use(self.site, arg, TEXT | EQUAL))
        if receiver is not None and self._may_call(self.receiver_type):
            b.emit(c.Escape(self.site, receiver, world.type_named(self.owner) if self.method else world.object, pool, out))
        if self.name == "<init>" or not wanted:
            return
        self._result(args, kept, receiver, out)

    def _may_call(self, type_: int) -> bool:
        """Whether an application class may be behind a static type."""
        if type_ < 0:
            return False
        info = self.world.types[type_]
        return info.is_app or (info.element < 0 and len(self.world.hierarchy.subtypes(info.name)) > 1)

    def _result(self, args: list[tuple[int, int]], kept: int | None, receiver: int | None, out: int) -> None:
        b, world = self.b, self.world
        ret = self.ret()
        declared = self.method.result if self.method is not None else None
        for source in [a for _, a in args] + [out] + ([kept] if kept is not None else []):
            b.emit(c.Copy(ret, source, self.result_type))
        variable = isinstance(declared, TypeVar)
        if not (variable and self._from_arguments(declared)):
            if variable and "(" not in getattr(declared, "owner", "("):
                return  # what a generic class's object holds: it is among what is kept
            literals = [a for i, a in enumerate(self.args) if a is not None and self._parameter(i) == "java.lang.Class"]
            if literals and self.method is not None:
                for literal in literals:
                    b.emit(c.Reflect(self.site, ret, literal))
                if variable:
                    return
            self._new()
            if receiver is not None and kept is not None:
                if world.is_subtype(self.receiver_type, self.result_type) or world.is_subtype(self.result_type, self.receiver_type):
                    b.emit(c.Copy(ret, receiver, self.result_type))
                again = b.temp()
                b.emit(c.Read(again, ret, world.any))
                b.emit(c.Write(receiver, world.any, again))
            elif kept is not None:
                b.emit(c.Read(kept, ret, world.any))
            if kept is not None:
                b.emit(c.Write(ret, world.any, kept))

    def _from_arguments(self, declared: Type | None) -> bool:
        """Whether a parameter's type mentions the type variable of the result, other than as a class literal."""
        if not isinstance(declared, TypeVar) or self.method is None:
            return False
        for param in self.method.params:
            if param.type == declared or (_mentions(param.type, declared) and "java.lang.Class" not in class_names(param.type)):
                return True
        return False


def _mentions(type_: Type, variable: TypeVar) -> bool:
    if type_ == variable:
        return True
    if isinstance(type_, ClassType):
        return any(_mentions(a, variable) for a in type_.args)
    return any(
        part is not None and _mentions(part, variable) for part in (getattr(type_, n, None) for n in ("element", "upper", "lower"))
    )


