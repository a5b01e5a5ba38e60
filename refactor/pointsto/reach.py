"""What libraries reach through what they are given: the functions and application objects inside containers inside containers.

Every call of a library asks the same of the same containers. What is inside one is collected once, in a variable of its own, for
all calls; and of a set of objects only those are looked at that a question can be about. Both keep the work of a call with that
of the objects that it really reaches.
"""

from __future__ import annotations

from refactor.pointsto.core import KEPT, Core, Linker
from refactor.pointsto.dispatch import ORDERED, PROPERTIES, SHALLOW
from refactor.pointsto.result import ObjectKind
from refactor.pointsto.sets import NOTHING

SORTED = frozenset({"java.util.SortedSet", "java.util.SortedMap", "java.util.PriorityQueue"})
ANY, LEAF, HOLDER, HELD = range(4)
"""Which objects of a set a question is about: all, those that answer, those that contain others, those of a container."""


def call_backs(type_: int) -> int:
    """The question what a library may call on an object, where it asks for `type_`. Questions are numbers."""
    return type_ * 2


def asked(mask: int) -> int:
    """The question for the methods of a mask (refactor.pointsto.dispatch)."""
    return mask * 2 + 1


def about(question: int, role: int) -> int:
    """The filter of an edge that lets through only what a question is about."""
    return -4 - (question * 4 + role)


class Reach(Core):
    """Containers by question. The Solver's are `field`, and `_each`: one object that a question reaches."""

    _insides: dict[tuple[int, int], int]
    _deeps: dict[tuple[int, int], int]

    def _image(self, object_: int, kind: int) -> int:
        if kind >= KEPT:
            return super()._image(object_, kind)
        question, role = divmod(-4 - kind, 4)
        return self.sets.single(object_) if self._matters(object_, question, role) else NOTHING

    def _matters(self, object_: int, question: int, role: int) -> bool:
        argument, is_asked = divmod(question, 2)
        if is_asked and argument & ORDERED:
            return bool(self.world.types[self.types[object_]].supers & SORTED)
        answers = role in (ANY, LEAF) and (self._answers(object_, argument) if is_asked else self._called_back(object_, argument))
        return answers or (role != LEAF and self._holds(object_, question))

    def _answers(self, object_: int, mask: int) -> bool:
        info = self.world.types[self.types[object_]]
        return info.is_app and (bool(mask & PROPERTIES) or bool(self.base.dispatch.universal(info.name, mask)))

    def _called_back(self, object_: int, type_: int) -> bool:
        info = self.world.types[self.types[object_]]
        return self.alloc_of(object_).function is not None or (info.is_app and bool(self.base.dispatch.library_overrides(info.name)))

    def _holds(self, object_: int, question: int) -> bool:
        """Whether a library looks into an object: a container that is known, an array; of the application's own only to ask."""
        alloc = self.alloc_of(object_)
        info = self.world.types[alloc.type]
        mask, is_asked = divmod(question, 2)
        if alloc.function is not None or alloc.kind is ObjectKind.MERGED:
            return False
        if not is_asked:
            return not info.is_app and (info.element >= 0 or not alloc.collapsed)
        if info.is_app and not info.supers & self.world.structured:
            return False
        # What a library does with what it was given is its own business, but for containers that are known, and varargs.
        return not alloc.collapsed and (not mask & SHALLOW or info.element >= 0)

    def _look_inside(self, object_: int, linker: Linker, question: int) -> None:
        """Ask everything that is inside a container, at any depth."""
        key = (id(linker), question)
        deep = self._deeps.get(key)
        if deep is None:
            deep = self._deeps[key] = self._node()
            self._watch(deep, ("each", linker, question))
        self.connect(self._inside(object_, question), deep)

    def _inside(self, object_: int, question: int) -> int:
        """The variable of what a question reaches inside a container."""
        node = self._insides.get((object_, question))
        if node is None:
            node = self._insides[object_, question] = self._node()
            holders = self._node()
            self._watch(holders, ("deep", node, question))
            is_array = self.world.types[self.types[object_]].element >= 0
            for field in (self.world.elements,) if is_array else (self.world.elements, self.world.key, self.world.value):
                held = self.field(object_, field)
                self.connect(held, node, about(question, LEAF))
                self.connect(held, holders, about(question, HOLDER))
        return node

    def field(self, object_: int, field: int) -> int:
        raise NotImplementedError

    def _each(self, object_: int, linker: Linker, question: int) -> None:
        raise NotImplementedError
