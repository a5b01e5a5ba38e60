"""The solver: what instructions do, and what objects do when they arrive where something waits for them.

Closed: it knows instructions (refactor.pointsto.code) and a policy, no framework and no syntax. Andersen's analysis with the call
graph built on the fly (Bravenboer and Smaragdakis, Strictly Declarative Specification of Points-to Analyses, OOPSLA 2009).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refactor.ir.dispatch import substitute
from refactor.ir.types import ArrayType, ClassType, Type, class_names
from refactor.pointsto import code as c
from refactor.pointsto.code import Code
from refactor.pointsto.core import KEPT, Linker
from refactor.pointsto.dispatch import EQUAL, ORDERED, PROPERTIES, SHALLOW, TEXT
from refactor.pointsto.policies import Policy
from refactor.pointsto.program import Base
from refactor.pointsto.reach import ANY, HELD, Reach, about, asked, call_backs
from refactor.pointsto.result import ObjectKind
from refactor.pointsto.world import MERGED, Alloc

_ITERATION = frozenset(
    {"iterator", "hasNext", "next", "get", "size", "entrySet", "getKey", "getValue", "keySet", "values", "hasMoreElements", "nextElement"}
)


class Solver(Reach):
    """One run over one program."""

    def __init__(self, base: Base, policy: Policy, refined: Callable[[str], bool] | None = None) -> None:
        super().__init__(base, policy, refined)
        self._insides, self._deeps = {}, {}
        world = self.world
        self._content = (world.any, world.elements, world.key, world.value, world.callbacks)
        self._run: dict[type, Callable[[Any, int, int], None]] = {
            c.Alloc: self._alloc,
            c.Copy: self._copy,
            c.Read: self._read,
            c.Write: self._write,
            c.Call: self._call,
            c.Function: self._function,
            c.Escape: self._escape,
            c.Use: self._use,
            c.Elements: self._elements,
            c.Reflect: self._reflect,
            c.Initialise: self._initialise,
        }

    def _instantiate(self, number: int) -> None:
        code, _ = self.instances[number]
        base = self.bases[number]
        run = self._run
        self.constraints += len(code.instructions)
        for instruction in code.instructions:
            run[type(instruction)](instruction, base, number)

    def _apply(self, use: tuple[Any, ...], fresh: int) -> None:
        kind = use[0]
        items = self.sets.items[fresh]
        if kind == "read":
            for o in items:
                self._read_from(o, use[1], use[2], use[3])
        elif kind == "write":
            for o in items:
                self._write_to(o, use[1], use[2])
        elif kind == "virtual":
            for o in items:
                self._dispatch(o, use[1])
        elif kind == "fixed":
            for o in items:
                self._link(use[1], use[2], o)
        elif kind == "function":
            for o in items:
                self._call_function(o, use[1])
        elif kind == "escape":
            for o in self.sets.items[self._filtered(fresh, about(call_backs(use[2]), ANY))]:
                self._escaped(o, use[1], use[2])
        elif kind == "elements":
            for o in items:
                self._iterated(o, use[1])
        elif kind == "use":
            for o in self.sets.items[self._filtered(fresh, about(asked(use[2]), HELD if use[3] else ANY))]:
                self._asked(o, use[1], use[2], use[3])
        elif kind == "deep":
            for o in items:
                self.connect(self._inside(o, use[2]), use[1])
        elif kind == "each":
            for o in items:
                self._each(o, use[1], use[2])
        else:
            for o in items:
                self._reflected(o, use[1])

    # -- instructions

    def _alloc(self, i: c.Alloc, base: int, instance: int) -> None:
        alloc = self.world.allocs[i.alloc]
        own = self.instances[instance][1]
        # A function runs as if it stood in the code that makes it: it keeps the whole context.
        context = own if alloc.function is not None else self.context(self.policy.heap(self.contexts[own])) if own else 0
        self.add(base + i.target, self.sets.single(self.object_of(i.alloc, context)))

    def _copy(self, i: c.Copy, base: int, instance: int) -> None:
        self.connect(self.at(i.source, base), self.at(i.target, base), i.filter, i.cast)

    def _read(self, i: c.Read, base: int, instance: int) -> None:
        self._watch(self.at(i.base, base), ("read", i.field, self.at(i.target, base), i.filter))

    def _write(self, i: c.Write, base: int, instance: int) -> None:
        self._watch(self.at(i.base, base), ("write", i.field, self.at(i.source, base)))

    def _call(self, i: c.Call, base: int, instance: int) -> None:
        args = tuple([None if a is None else self.at(a, base) for a in i.args])
        result = None if i.result is None else self.at(i.result, base)
        linker = Linker(instance, i.site, i.signature, args, i.arg_types, result, False)
        linker.result_type, linker.written = i.result_type, i.written
        if i.receiver is None:
            assert i.target is not None
            context = self.instances[instance][1]
            called = context  # what the world outside calls starts without one
            if not self.world.sites[i.site].reason:
                called = self.context(self.policy.static(self.contexts[context], ~i.site))
            self._join(linker, self.instance(i.target, called), None)
        elif i.same and i.target is not None:
            called = self.instance(i.target, self.instances[instance][1])
            self._join(linker, called, None)
            code = self.instances[called][0]
            if code.this >= 0:
                self.connect(self.at(i.receiver, base), self.bases[called] + code.this, self.world.type_named(i.target.partition("#")[0]))
        elif i.target is not None:
            self._watch(self.at(i.receiver, base), ("fixed", linker, i.target))
        else:
            self._watch(self.at(i.receiver, base), ("virtual", linker))

    def _function(self, i: c.Function, base: int, instance: int) -> None:
        args = tuple([self.at(a, base) for a in i.args])
        result = None if i.result is None else self.at(i.result, base)
        linker = Linker(instance, i.site, i.signature, args, tuple([-1] * len(args)), result, False)
        self._watch(self.at(i.receiver, base), ("function", linker))

    def _escape(self, i: c.Escape, base: int, instance: int) -> None:
        pool = tuple([self.at(a, base) for a in i.pool])
        linker = Linker(instance, i.site, -1, pool, (), self.at(i.out, base), True)
        self._watch(self.at(i.source, base), ("escape", linker, i.type))

    def _use(self, i: c.Use, base: int, instance: int) -> None:
        linker = Linker(instance, i.site, -1, (self._node(),), (), None, True)
        self._watch(self.at(i.source, base), ("use", linker, i.mask, i.inside))

    def _elements(self, i: c.Elements, base: int, instance: int) -> None:
        result = self._node()
        linker = Linker(instance, i.site, -1, (), (), result, True)
        self.connect(result, self.at(i.target, base))
        self._watch(result, ("elements", linker))
        self._watch(self.at(i.source, base), ("elements", linker))

    def _reflect(self, i: c.Reflect, base: int, instance: int) -> None:
        self._watch(self.at(i.source, base), ("reflect", self.at(i.target, base)))

    def _initialise(self, i: c.Initialise, base: int, instance: int) -> None:
        if (instance, i.cls) in self._initialised:
            return
        self._initialised.add((instance, i.cls))
        for key in self._initialisers(i.cls):
            self.edges[instance, i.site, self.instance(key, 0)] = None

    # -- what objects do

    def field(self, object_: int, field: int) -> int:
        """The variable of one field of one object."""
        node = self.fields.get((object_, field))
        if node is None:
            alloc = self.alloc_of(object_)
            if field == self.world.any and self._shares(alloc):
                family = ".".join(self.world.types[alloc.type].name.split(".")[:2])
                node = self.fields[object_, field] = self.global_node(self.world.global_of("content", family))
                return node
            node = self.fields[object_, field] = self._node()
            if alloc.automatic:
                self._fill(alloc, field, node)
        return node

    def _shares(self, alloc: Alloc) -> bool:
        """Objects of library classes without model and type parameters reach each other in ways that nobody can follow (sessions,
        requests, connections): they share one content for each library, by the first two words of the package."""
        cls = self.world.types[alloc.type].cls
        made = alloc.kind in (ObjectKind.LIBRARY, ObjectKind.NEW) or (alloc.kind is ObjectKind.MADE and alloc.automatic)
        return made and not alloc.proxy and alloc.collapsed and cls is not None and not cls.type_params

    def _fill(self, alloc: Alloc, field: int, node: int) -> None:
        """A field of an object that a library made holds what its type says."""
        world, key = self.world, self.world.fields[field]
        made: list[Type] = []
        if "#" in key:
            symbol = world.program.field(key)
            if symbol is not None:
                view = self._arguments(alloc, symbol.owner)
                made.append(substitute(symbol.type, view))
        elif isinstance(alloc.written, ArrayType):
            made.append(alloc.written.element)
        elif isinstance(alloc.written, ClassType) and key in ("[]", "key", "value", "<any>"):
            args = alloc.written.args
            if key == "key":
                args = args[:1]
            elif key == "value":
                args = args[-1:]
            made.extend(args)
        for type_ in made:
            found = world.made(type_)
            if found is not None:
                self.connect(self.global_node(found), node)

    def _arguments(self, alloc: Alloc, owner: str) -> dict[str, Type]:
        written = alloc.written
        name = self.world.types[alloc.type].name
        cls = self.world.program.find(name)
        own: dict[str, Type] = {}
        if isinstance(written, ClassType) and written.name == name and cls is not None and len(written.args) == len(cls.type_params):
            own = {p.name: a for p, a in zip(cls.type_params, written.args, strict=True)}
        view = self.base.dispatch.view(name, owner)
        return {n: substitute(t, own) for n, t in view.items()} if view else own

    def _fields_of(self, object_: int, field: int, write: bool) -> list[int]:
        """Which variables a content field means: one for all where the class has no model, all where anything is asked for."""
        world = self.world
        if field <= world.callbacks and field in self._content:
            if self.alloc_of(object_).collapsed:
                return [self.field(object_, world.any)]
            if field == world.any:
                if self.world.types[self.types[object_]].element >= 0:
                    return [] if write else [self.field(object_, world.elements)]
                return [self.field(object_, f) for f in self._content]
        return [self.field(object_, field)]

    def _read_from(self, object_: int, field: int, target: int, filter_: int) -> None:
        for node in self._fields_of(object_, field, False):
            self.connect(node, target, filter_)

    def _write_to(self, object_: int, field: int, source: int) -> None:
        for node in self._fields_of(object_, field, True):
            self.connect(source, node, KEPT if field == self.world.any and self.alloc_of(object_).collapsed else -1)

    def _called_under(self, object_: int) -> int:
        """The context of a method whose receiver is this object."""
        alloc, heap = self.objects[object_]
        site = self.world.allocs[alloc]
        owner = self.world.type_named(site.method.partition("#")[0]) if site.method else site.type
        return self.context(self.policy.virtual(alloc * 2, self.contexts[heap], owner * 2 + 1))

    def _dispatch(self, object_: int, linker: Linker) -> None:
        alloc = self.alloc_of(object_)
        info = self.world.types[alloc.type]
        dispatch = self.base.dispatch
        if alloc.function is not None:
            if dispatch.runs_function(info.name, linker.signature):
                self._join(linker, self.instance(alloc.function, self.objects[object_][1]), object_)
            else:
                target = dispatch.default_of(info.name, linker.signature)
                if target is not None:
                    self._link(linker, target, object_)
            return
        target = dispatch.target(info.name, linker.signature) if info.is_app else None
        if target is not None:
            self._link(linker, target, object_)
        elif alloc.proxy:
            self._answer(object_, linker)

    def _answer(self, object_: int, linker: Linker) -> None:
        """A framework implements the method: it keeps its arguments, and answers with them or with what its type says."""
        self._watch(self.field(object_, self.world.field("<delegate>")), ("virtual", linker))
        kept = self.field(object_, self.world.any)
        for arg in linker.args:
            if arg is not None:
                self.connect(arg, kept)
        asked = Linker(linker.caller, linker.site, -1, (self._node(),), (), None, True)  # is it the same as before, and how is it told
        self._watch(kept, ("use", asked, TEXT | EQUAL | SHALLOW, False))
        if linker.result is not None and linker.written is not None:
            self.connect(kept, linker.result, linker.result_type)
            made = self.world.made(linker.written)
            if made is not None:
                self.connect(self.global_node(made), linker.result)

    def _link(self, linker: Linker, target: str, object_: int) -> None:
        self._join(linker, self.instance(target, self._called_under(object_)), object_)

    def _join(self, linker: Linker, called: int, object_: int | None) -> None:
        """A call reaches an instance: the receiver, the arguments and the result are connected."""
        code = self.instances[called][0]
        base = self.bases[called]
        if object_ is not None:
            if code.closure >= 0:
                self.add(base + code.closure, self.sets.single(object_))
            elif code.this >= 0:
                self.add(base + code.this, self.sets.single(object_))
        if called in linker.linked:
            return
        linker.linked.add(called)
        self.edges[linker.caller, linker.site, called] = None
        if linker.pool:
            self._join_pool(linker, code, base)
        else:
            for index, (arg, param) in enumerate(zip(linker.args, code.params, strict=False)):
                if arg is not None and param is not None:
                    wanted = code.param_types[index]
                    known = linker.filters[index]
                    filter_ = -1 if self.world.is_subtype(known, wanted) else wanted
                    self.connect(arg, base + param, filter_, True)
        if linker.result is not None and code.result >= 0:
            wanted = linker.result_type
            filter_ = -1 if code.result_type >= 0 and self.world.is_subtype(code.result_type, wanted) else wanted
            self.connect(base + code.result, linker.result, filter_, True)

    def _join_pool(self, linker: Linker, code: Code, base: int) -> None:
        """A library calls back: any of its objects may be any argument, and objects of its own classes are made."""
        world = self.world
        for index, param in enumerate(code.params):
            if param is None:
                continue
            wanted = code.param_types[index]
            for arg in linker.args:
                if arg is not None:
                    self.connect(arg, base + param, wanted, True)
            written = code.param_written[index]
            if written is not None and wanted >= 0 and not world.types[wanted].is_app and wanted != world.object:
                made = world.made(written)
                if made is not None and world.types[wanted].name not in MERGED:
                    self.connect(self.global_node(made), base + param)

    def _call_function(self, object_: int, linker: Linker) -> None:
        alloc = self.alloc_of(object_)
        info = self.world.types[alloc.type]
        if alloc.function is not None:
            code = self.base.code(alloc.function)
            fits = len(code.params) == len(linker.args)
            self._join(linker if fits else self._pooled(linker), self.instance(alloc.function, self.objects[object_][1]), object_)
        elif info.is_app:
            target = self.base.dispatch.target(info.name, linker.signature) if linker.signature >= 0 else None
            if target is not None:
                self._link(linker, target, object_)
            elif linker.signature < 0:
                for each, _ in self.base.dispatch.library_overrides(info.name):
                    self._link(self._pooled(linker), each, object_)
        elif alloc.kind is not ObjectKind.MERGED:
            kept = self.field(object_, self.world.any if alloc.collapsed else self.world.callbacks)
            self._forward(kept, linker)

    def _forward(self, kept: int, linker: Linker) -> None:
        """A library object made of functions is called: it calls them, on its arguments and on each other's results, and compares."""
        pooled = self._pooled(linker)
        key = ("function", id(pooled), kept)
        if key in self._registered:
            return
        self._registered.add(key)
        self._watch(kept, ("function", pooled))
        for arg in pooled.args:
            if arg is not None and ("compared", id(pooled), arg) not in self._registered:
                self._registered.add(("compared", id(pooled), arg))
                self._watch(arg, ("use", Linker(linker.caller, linker.site, -1, (self._node(),), (), None, True), EQUAL, False))

    def _pooled(self, linker: Linker) -> Linker:
        """The same call where it is not known which argument goes where."""
        if linker.pool and linker.signature < 0:
            return linker
        found = self._pools.get(id(linker))
        if found is None:
            between = self._node()
            if linker.result is not None:
                self.connect(between, linker.result)
            pooled = Linker(linker.caller, linker.site, -1, (*linker.args, between), (), between, True)
            found = self._pools[id(linker)] = (linker, pooled)
        return found[1]

    def _escaped(self, object_: int, linker: Linker, type_: int) -> None:
        question = call_backs(self.world.object)
        if self._holds(object_, question):
            self._look_inside(object_, linker, question)
        else:
            self._each(object_, linker, call_backs(type_))

    def _asked(self, object_: int, linker: Linker, mask: int, inside: bool) -> None:
        """toString, or equals, hashCode and compareTo, of an object of the application or of what a container holds."""
        if mask & ORDERED:
            self._forward(self.field(object_, self.world.callbacks), linker)
            return
        if not inside:
            self._each(object_, linker, asked(mask))
        if self._holds(object_, asked(mask)):
            self._look_inside(object_, linker, asked(mask))

    def _each(self, object_: int, linker: Linker, question: int) -> None:
        """What a library calls on one object: a function, what overrides the library's methods, or the methods that it asks for."""
        alloc = self.alloc_of(object_)
        info = self.world.types[alloc.type]
        argument, is_asked = divmod(question, 2)
        if is_asked:
            if argument & PROPERTIES and info.is_app:
                self._properties(object_, linker, argument)
            elif info.is_app:
                pool = linker.args[0]
                assert pool is not None
                for target in self.base.dispatch.universal(info.name, argument):
                    self.add(pool, self.sets.single(object_))
                    self._link(linker, target, object_)
        elif alloc.function is not None:
            self._join(linker, self.instance(alloc.function, self.objects[object_][1]), object_)
        elif info.is_app:
            wanted = self.world.types[argument]
            for target, method in self.base.dispatch.library_overrides(info.name):
                if argument == self.world.object or method.owner in wanted.supers or wanted.name in self.world.supertypes(method.owner)[0]:
                    self._link(linker, target, object_)

    def _properties(self, object_: int, linker: Linker, mask: int) -> None:
        """A binder or mapper gets and sets what is named in a text: everything that a property's type says, and of it again."""
        world = self.world
        if ("properties", id(linker), object_) in self._registered:
            return
        self._registered.add(("properties", id(linker), object_))
        for method in self.base.dispatch.properties(world.types[self.types[object_]].name):
            if method.params:
                made = world.made(method.params[0].type)
                args = (None if made is None else self.global_node(made),)
                self._link(Linker(linker.caller, linker.site, -1, args, (-1,), None, False), method.key, object_)
                continue
            held = self._node()
            getter = Linker(linker.caller, linker.site, -1, (), (), held, False)
            self._link(getter, method.key, object_)
            self._watch(held, ("use", linker, mask, False))
            for name in sorted(class_names(method.result) & world.program.classes.keys()):
                element = world.made(ClassType(name))
                if element is not None and name != world.name_of(method.result):
                    self._watch(held, ("write", world.elements, self.global_node(element)))

    def _iterated(self, object_: int, linker: Linker) -> None:
        """The methods by which a library goes through an application's own container."""
        info = self.world.types[self.types[object_]]
        if info.is_app and self._is_container(info.number):
            for target, method in self.base.dispatch.library_overrides(info.name):
                if method.name in _ITERATION:
                    self._link(linker, target, object_)

    def _is_container(self, type_: int) -> bool:
        return bool(self.world.types[type_].supers & self.world.structured)

    def _reflected(self, object_: int, target: int) -> None:
        literal = self.alloc_of(object_).literal
        if literal is not None:
            made = self.world.made(ClassType(literal))
            if made is not None:
                self.connect(self.global_node(made), target)
