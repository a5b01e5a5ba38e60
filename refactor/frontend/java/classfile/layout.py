"""Where things stand in a class file (JVMS 4.1): the constant pool, attributes, members by name. Nothing is decoded here."""

from __future__ import annotations

from typing import Final

from refactor.frontend.java.classfile.annotations import read_annotations
from refactor.frontend.java.classfile.pool import ConstantPool
from refactor.ir.symbols import Annotation

PRIVATE: Final = 0x0002
STATIC: Final = 0x0008
BRIDGE: Final = 0x0040
INTERFACE: Final = 0x0200
ABSTRACT: Final = 0x0400
SYNTHETIC: Final = 0x1000
ANNOTATION: Final = 0x2000
ENUM: Final = 0x4000
MANDATED: Final = 0x8000

Attributes = dict[str, tuple[int, int]]
"""The offset and length of each attribute's content, by the attribute's name."""


class Layout:
    """One class file. `fields` and `methods` map names to the offsets of members that a source may mention, in file order."""

    __slots__ = ("attributes", "data", "fields", "methods", "pool", "private", "start")

    def __init__(self, data: bytes, private: bool) -> None:
        self.data = data
        self.private = private
        self.pool = pool = ConstantPool(data)
        self.start = pool.end
        """The offset of the class's own access flags."""
        at = pool.end + 8 + 2 * self.u2(pool.end + 6)
        # Synthetic members are not there for a source. Fields know no bridges: that bit says volatile.
        hidden = SYNTHETIC if private else SYNTHETIC | PRIVATE
        self.fields, at = self._members(at, hidden)
        self.methods, at = self._members(at, hidden | BRIDGE)
        self.methods.pop("<clinit>", None)
        self.attributes, _ = self.attributes_at(at)

    def u2(self, at: int) -> int:
        return (self.data[at] << 8) | self.data[at + 1]

    def text(self, at: int) -> str:
        """The Utf8 entry whose index stands at `at`."""
        return self.pool.utf8(self.u2(at))

    def attributes_at(self, at: int) -> tuple[Attributes, int]:
        """The attributes counted and listed at `at`, and the offset after them."""
        data, utf8 = self.data, self.pool.utf8
        count = (data[at] << 8) | data[at + 1]
        at += 2
        found: Attributes = {}
        for _ in range(count):
            length = int.from_bytes(data[at + 2 : at + 6])
            found[utf8((data[at] << 8) | data[at + 1])] = (at + 6, length)
            at += 6 + length
        return found, at

    def class_list(self, at: int) -> tuple[str, ...]:
        """A counted list of Class entries, as binary names."""
        return tuple(self.pool.class_name(self.u2(at + 2 + 2 * i)) for i in range(self.u2(at)))

    def annotations(self, attributes: Attributes) -> tuple[Annotation, ...]:
        found: tuple[Annotation, ...] = ()
        for name in ("RuntimeVisibleAnnotations", "RuntimeInvisibleAnnotations"):
            if name in attributes:
                found += read_annotations(self.data, attributes[name][0], self.pool)
        return found

    def _members(self, at: int, hidden: int) -> tuple[dict[str, list[int]], int]:
        data, utf8 = self.data, self.pool.utf8
        count = (data[at] << 8) | data[at + 1]
        at += 2
        found: dict[str, list[int]] = {}
        for _ in range(count):
            if not ((data[at] << 8) | data[at + 1]) & hidden:
                name = utf8((data[at + 2] << 8) | data[at + 3])
                known = found.get(name)
                if known is None:
                    found[name] = [at]
                else:
                    known.append(at)
            attributes = data[at + 7]  # a member has few attributes: the count's high byte is 0
            if data[at + 6]:
                attributes |= data[at + 6] << 8
            at += 8
            for _ in range(attributes):
                at += 6 + int.from_bytes(data[at + 2 : at + 6])
        return found, at
