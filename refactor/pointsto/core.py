"""The graph under the solver: numbered variables, edges with type filters, difference propagation over hash-consed sets.

Difference propagation after Pearce, Kelly and Hankin (Online cycle detection and difference propagation, SCAM 2003).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, cast

from refactor.ir.symbols import Flags
from refactor.ir.types import ArrayType, ClassType, Type
from refactor.pointsto.code import Code
from refactor.pointsto.policies import EMPTY, Context, Policy
from refactor.pointsto.program import Base
from refactor.pointsto.result import ObjectKind
from refactor.pointsto.sets import NOTHING, Sets
from refactor.pointsto.world import Alloc

_DEEPEST = 40  # uses that are applied inside one another, before the others wait: functions made of functions made of ..
_UNINHERITED = Flags.ABSTRACT | Flags.STATIC
KEPT = -2
"""The filter of what a library keeps: not its own objects, which it makes again where they are asked for. Below it: reach.py."""


class Exhausted(Exception):
    """A run has done as much work as it may; what it has so far is not sound."""


class Linker:
    """A call under one context: what it passes on, and which instances it is linked with already."""

    __slots__ = ("args", "caller", "filters", "linked", "pool", "result", "result_type", "signature", "site", "written")

    def __init__(
        self, caller: int, site: int, signature: int, args: tuple[int | None, ...], types: tuple[int, ...], result: int | None, pool: bool
    ) -> None:
        self.caller, self.site, self.signature = caller, site, signature
        self.args, self.filters, self.result, self.pool = args, types, result, pool
        self.linked: set[int] = set()
        self.result_type = -1
        self.written: Type | None = None


class Core:
    """Variables, objects, contexts and instances of one run; what instructions do is the Solver's.

    `refined`: whether a body is analysed under the policy's contexts; the others have the empty one only.
    """

    def __init__(self, base: Base, policy: Policy, refined: Callable[[str], bool] | None = None) -> None:
        self.base, self.world, self.policy = base, base.world, policy
        self._refined = refined
        self.sets = Sets()
        self.points: list[int] = []
        self._pending: list[int] = []
        self._queue: deque[int] = deque()
        self._copies: dict[int, list[tuple[int, int]]] = {}
        self._edges: set[tuple[int, int, int]] = set()
        self._uses: dict[int, list[tuple[Any, ...]]] = {}
        self._globals: dict[int, int] = {}
        self.contexts: list[Context] = [EMPTY]
        self._contexts: dict[Context, int] = {EMPTY: 0}
        self.objects: list[tuple[int, int]] = []  # (allocation site, heap context)
        self.types: list[int] = []
        self._objects: dict[tuple[int, int], int] = {}
        self.instances: list[tuple[Code, int]] = []  # (code, context)
        self.bases: list[int] = []
        self._instances: dict[tuple[str, int], int] = {}
        self._new: deque[int] = deque()
        self._late: deque[tuple[tuple[Any, ...], int]] = deque()  # uses to apply when the stack is empty again
        self._depth = 0
        self.fields: dict[tuple[int, int], int] = {}
        self.edges: dict[tuple[int, int, int], None] = {}  # (calling instance, site, called instance)
        self.constraints = 0
        self._initialised: set[tuple[int, str]] = set()
        self._registered: set[tuple[object, ...]] = set()
        self._pools: dict[int, tuple[Linker, Linker]] = {}

    # -- variables

    def _node(self) -> int:
        self.points.append(NOTHING)
        self._pending.append(NOTHING)
        return len(self.points) - 1

    def at(self, operand: int, base: int) -> int:
        """The variable of an operand, in the instance whose variables start at `base`."""
        return base + operand if operand >= 0 else self.global_node(operand)

    def global_node(self, operand: int) -> int:
        node = self._globals.get(operand)
        if node is None:
            node = self._globals[operand] = self._node()
            self._seed(node, self.world.globals[~operand])
        return node

    def add(self, node: int, items: int) -> None:
        """Put a set into a variable; it goes on from there when its turn comes."""
        pending = self._pending[node]
        if pending:
            self._pending[node] = self.sets.union(pending, items)
            return
        fresh = self.sets.minus(items, self.points[node])
        if fresh:
            self._pending[node] = fresh
            self._queue.append(node)

    def connect(self, source: int, target: int, filter_: int = -1, is_cast: bool = False) -> None:
        """Everything in `source` goes to `target` too, as far as the type filter lets it."""
        kind = filter_ if filter_ <= KEPT else -1 if filter_ < 0 or filter_ == self.world.object else filter_ * 2 + is_cast
        edge = (source, target, kind)
        if edge in self._edges or (source == target):
            return
        self._edges.add(edge)
        self.constraints += 1
        self._copies.setdefault(source, []).append((target, kind))
        items = self.points[source]
        if items:
            self.add(target, items if kind == -1 else self._filtered(items, kind))

    def _filtered(self, items: int, kind: int) -> int:
        found = self.sets._kept.get((items, kind))
        return found if found is not None else self.sets.mapped(items, kind, lambda o: self._image(o, kind))

    def _image(self, object_: int, kind: int) -> int:
        if kind == KEPT:
            alloc = self.alloc_of(object_)
            info = self.world.types[alloc.type]
            library = alloc.collapsed and not info.is_app and alloc.kind in (ObjectKind.LIBRARY, ObjectKind.MADE)
            return NOTHING if library or alloc.kind is ObjectKind.MERGED else self.sets.single(object_)
        wanted, is_cast = divmod(kind, 2)
        type_ = self.types[object_]
        if type_ == self.world.object and is_cast and self.world.types[wanted].is_app and self.alloc_of(object_).kind is ObjectKind.LIBRARY:
            node = self._made_node(ClassType(self.world.types[wanted].name))
            return self.sets.union(self.points[node], self._pending[node])
        return self.sets.single(object_) if self.world.accepts(type_, wanted) else NOTHING

    def _made_node(self, type_: Type) -> int:
        made = self.world.made(type_)
        assert made is not None
        return self.global_node(made)

    # -- objects

    def alloc_of(self, object_: int) -> Alloc:
        return self.world.allocs[self.objects[object_][0]]

    def object_of(self, alloc: int, context: int) -> int:
        number = self._objects.get((alloc, context))
        if number is None:
            number = self._objects[alloc, context] = len(self.objects)
            self.objects.append((alloc, context))
            self.types.append(self.world.allocs[alloc].type)
        return number

    def context(self, context: Context) -> int:
        number = self._contexts.get(context)
        if number is None:
            number = self._contexts[context] = len(self.contexts)
            self.contexts.append(context)
        return number

    def _seed(self, node: int, key: tuple[object, ...]) -> None:
        """What a global holds from the start."""
        world = self.world
        kind = key[0]
        if kind == "merged":
            self._put(node, world.alloc(key, world.type_named(str(key[1])), ObjectKind.MERGED, label=str(key[1])))
        elif kind == "class":
            type_ = world.type_named("java.lang.Class")
            self._put(node, world.alloc(key, type_, ObjectKind.MERGED, literal=str(key[1]), label=f"{key[1]}.class"))
        elif kind == "object":
            self._put(node, world.allocs[int(str(key[1]))])
        elif kind == "made":
            self._seed_made(node, str(key[1]), cast(Type, key[2]))

    def _put(self, node: int, alloc: Alloc) -> None:
        self.add(node, self.sets.single(self.object_of(alloc.number, 0)))

    def _seed_made(self, node: int, name: str, type_: Type) -> None:
        """Instances of a type that a library makes by itself: of every concrete class below it, filled by their types."""
        world = self.world
        if name in world.program.classes:
            concrete = world.concrete(name)
            for each in concrete:
                cls = world.program.classes[each]
                constants = [f for f in cls.fields if f.enum_constant]
                for constant in constants:
                    self.connect(self.global_node(world.global_of("static", constant.key)), node)
                    self._runs_initialiser(each)
                if constants:
                    continue
                if world.is_throwable(world.type_named(each)):  # one that was thrown, too
                    self.connect(self.global_node(world.global_of("merged", each)), node)
                key = ("made", each, type_ if each == name else None)
                label = f"{each} (made)"
                alloc = world.alloc(key, world.type_named(each), ObjectKind.MADE, automatic=True, written=type_, label=label)
                self._put(node, alloc)
                self._runs_initialiser(each)
                self._default_constructor(each, node)
            return
        is_array = isinstance(type_, ArrayType)
        number = world.type_named(name)
        kind = ObjectKind.ARRAY if is_array else ObjectKind.MADE
        if not is_array and world.is_throwable(number):
            self._put(node, world.alloc(("merged", name), number, ObjectKind.MERGED, label=name))
            return
        alloc = world.alloc(("made", name, type_), number, kind, automatic=True, written=type_, label=f"{name} (made)")
        self._put(node, alloc)

    def _runs_initialiser(self, cls: str) -> None:
        for key in self._initialisers(cls):
            self.instance(key, 0)

    def _default_constructor(self, cls: str, node: int) -> None:
        """A library makes instances through the constructor without parameters, or through any where there is none."""
        constructors = [m for m in self.world.program.classes[cls].methods if m.is_constructor]
        chosen = [m for m in constructors if not m.params] or constructors
        for method in chosen:
            if method.key in self.world.program.bodies:
                args = [self.world.made(p.type) for p in method.params]
                nodes = tuple([None if a is None else self.global_node(a) for a in args])
                span = method.name_span or method.span
                assert span is not None
                root = self._root()
                site = self.world.site("", span, "", f"made: a library makes instances of {cls}")
                linker = Linker(root, site, -1, nodes, tuple([-1] * len(nodes)), None, False)
                self._watch(node, ("fixed", linker, method.key))

    def _root(self) -> int:
        """The instance that stands for the world outside."""
        number = self._instances.get(("", 0))
        if number is None:
            number = self._instances["", 0] = len(self.instances)
            self.instances.append((Code("", self.world.object, transparent=True), 0))
            self.bases.append(len(self.points))
        return number

    # -- instances of code

    def instance(self, key: str, context: int) -> int:
        """The code of a body under a context, instantiated when it is first asked for."""
        if context and self._refined is not None and not self._refined(key):
            context = 0
        number = self._instances.get((key, context))
        if number is None:
            number = self._instances[key, context] = len(self.instances)
            code = self.base.code(key)
            self.instances.append((code, context))
            self.bases.append(len(self.points))
            self.points.extend([NOTHING] * code.size)
            self._pending.extend([NOTHING] * code.size)
            self._new.append(number)
        return number

    def run_code(self, code: Code) -> None:
        """Run the code of a plug-in, as the world outside."""
        number = self._instances[code.key, 0] = len(self.instances)
        self.instances.append((code, 0))
        self.bases.append(len(self.points))
        self.points.extend([NOTHING] * code.size)
        self._pending.extend([NOTHING] * code.size)
        self._new.append(number)

    def solve(self, budget: int = 0) -> None:
        """Until nothing changes.

        `budget`: the most constraints and changes of variables together; 0: no limit. Counted, not timed: the answer is the same on
        every machine. Raises Exhausted beyond it.
        """
        turns = 0
        sets, points, pending = self.sets, self.points, self._pending
        queue, copies, uses = self._queue, self._copies, self._uses
        while self._new or queue or self._late:
            while self._new:
                self._instantiate(self._new.popleft())
            while self._late:
                self._apply(*self._late.popleft())
            if not queue:
                continue
            node = queue.popleft()
            turns += 1
            if budget and turns + self.constraints > budget:
                raise Exhausted
            fresh = sets.minus(pending[node], points[node])
            pending[node] = NOTHING
            if not fresh:
                continue
            points[node] = sets.union(points[node], fresh)
            for target, kind in copies.get(node, ()):
                items = fresh if kind == -1 else self._filtered(fresh, kind)
                if items:
                    self.add(target, items)
            watching = uses.get(node)
            if watching:
                for use in tuple(watching):
                    self._apply(use, fresh)

    def _instantiate(self, number: int) -> None:
        raise NotImplementedError

    def _apply(self, use: tuple[Any, ...], fresh: int) -> None:
        raise NotImplementedError

    def _watch(self, node: int, use: tuple[Any, ...]) -> None:
        self._uses.setdefault(node, []).append(use)
        items = self.points[node]
        if not items:
            return
        if self._depth == _DEEPEST:
            self._late.append((use, items))
            return
        self._depth += 1
        self._apply(use, items)
        self._depth -= 1

    def _initialisers(self, cls: str) -> list[str]:
        """The bodies that run when a class is first used: its own, its superclasses' and those of interfaces with default methods."""
        world = self.world
        names = [cls, *(s.name for s in world.hierarchy.superclasses(cls) if s.name in world.program.classes)]
        own = world.program.classes.get(cls)
        if own is not None and not own.is_interface:
            above = (world.program.classes.get(n) for n in sorted(world.hierarchy.supertypes(cls) - {cls}))
            names += [i.name for i in above if i is not None and i.is_interface and any(not m.flags & _UNINHERITED for m in i.methods)]
        return [k for n in names if (k := f"{n}#<clinit>()V") in world.program.bodies]

