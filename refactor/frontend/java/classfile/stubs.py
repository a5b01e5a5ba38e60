"""The platform's declarations from text, for machines without a JDK: grammars/java/stubs, one file a module.

A line is a letter and columns between tabs; names are internal ones (`java/util/Map`), flags hexadecimal (JVMS 4.1, 4.5, 4.6):

    p  package
    c  simple name   flags  superclass  interfaces,  signature  permitted,  annotations,
    i  inner class   outer  simple name  flags        one entry of the class's InnerClasses
    r  name          descriptor  signature            a record's component; a bare r says that it is a record
    f  flags  name   descriptor  signature  constant's bits in hexadecimal, `=` before a text's
    m  flags  name   descriptor  signature  exceptions,  annotations,

What follows a class's line belongs to it. A class is given to the reader of class files as the class file that says the same.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from refactor.frontend.java.classfile.pool import ClassFormatError

_HEAD: Final = re.compile(rb"^(?:p\t(?P<package>[^\n]*)|c\t(?P<simple>[^\t\n]*))", re.MULTILINE)
_INT, _FLOAT, _LONG, _DOUBLE, _CLASS, _STRING = 3, 4, 5, 6, 7, 8
_WIDE: Final = {"F": _FLOAT, "J": _LONG, "D": _DOUBLE}


class StubPlatform:
    """The stubs of a folder, as a `Platform`."""

    def __init__(self, folder: Path) -> None:
        self._classes: dict[str, dict[str, tuple[str, bytes, int, int]]] = {}
        for path in sorted(folder.glob("*.txt")):
            self._index(path.read_bytes())

    def read(self, package: str, simple: str) -> bytes | None:
        place = self._classes.get(package, {}).get(simple)
        if place is None:
            return None
        internal, text, start, end = place
        return class_file(internal, text[start:end].decode("utf-8").splitlines())

    def has_package(self, package: str) -> bool:
        return package in self._classes

    def has_prefix(self, package: str) -> bool:
        return package in self._prefixes

    @property
    def packages(self) -> Mapping[str, Mapping[str, object]]:
        return self._classes

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        parts = (package.split(".") for package in self._classes)
        return frozenset(".".join(names[:i]) for names in parts for i in range(1, len(names) + 1))

    def _index(self, text: bytes) -> None:
        heads = list(_HEAD.finditer(text))
        internal = ""
        found: dict[str, tuple[str, bytes, int, int]] = {}
        for head, after in zip(heads, [*(h.start() for h in heads[1:]), len(text)], strict=True):
            if head["package"] is not None:
                internal = head["package"].decode()
                found = self._classes.setdefault(internal.replace("/", "."), {})
            else:
                found[head["simple"].decode()] = (internal, text, head.start(), after)


def class_file(package: str, lines: list[str]) -> bytes:
    """before: the lines of one class   after: the class file (JVMS 4) that declares the same. Raises ClassFormatError."""
    try:
        return _Writer().whole(package, [line.split("\t") for line in lines])
    except (IndexError, ValueError, struct.error) as error:
        raise ClassFormatError(f"broken stub {lines[:1]}: {error}") from error


class _Writer:
    """The constant pool of one class file, and the structures that refer to it."""

    def __init__(self) -> None:
        self._pool = bytearray()
        self._count = 1
        self._known: dict[tuple[int, bytes], int] = {}

    def whole(self, package: str, rows: list[list[str]]) -> bytes:
        name, flags, parent, interfaces, signature, permitted, marks = _columns(rows[0], 7)
        inner = [_columns(r, 4) for r in rows if r[0] == "i"]
        components = [_columns(r, 3) for r in rows if r[0] == "r"]
        fields = [self._field(*_columns(r, 5)) for r in rows if r[0] == "f"]
        methods = [self._method(*_columns(r, 6)) for r in rows if r[0] == "m"]
        own = [*self._signature(signature), *self._marks(marks)]
        if permitted:
            own.append(self._attribute("PermittedSubclasses", self._classes(permitted)))
        if inner:
            entries = [
                _u2(self._class(n), self._class(outer) if outer else 0, self._utf8(simple) if simple else 0, int(access, 16))
                for n, outer, simple, access in inner
            ]
            own.append(self._attribute("InnerClasses", _counted(entries)))
        if components:
            entries = [_u2(self._utf8(n), self._utf8(d)) + _counted(self._signature(s)) for n, d, s in components if n]
            own.append(self._attribute("Record", _counted(entries)))
        this = self._class(f"{package}/{name}" if package else name)
        above = self._class(parent) if parent else 0
        body = _u2(int(flags, 16), this, above) + self._classes(interfaces) + _counted(fields) + _counted(methods) + _counted(own)
        return struct.pack(">LHH", 0xCAFEBABE, 0, 61) + _u2(self._count) + bytes(self._pool) + body

    def _field(self, flags: str, name: str, desc: str, signature: str, value: str) -> bytes:
        own = self._signature(signature)
        if value:
            own.append(self._attribute("ConstantValue", _u2(self._constant(desc, value))))
        return _u2(int(flags, 16), self._utf8(name), self._utf8(desc)) + _counted(own)

    def _method(self, flags: str, name: str, desc: str, signature: str, throws: str, marks: str) -> bytes:
        own = [*self._signature(signature), *self._marks(marks)]
        if throws:
            own.append(self._attribute("Exceptions", self._classes(throws)))
        return _u2(int(flags, 16), self._utf8(name), self._utf8(desc)) + _counted(own)

    def _signature(self, text: str) -> list[bytes]:
        return [self._attribute("Signature", _u2(self._utf8(text)))] if text else []

    def _marks(self, names: str) -> list[bytes]:
        entries = [_u2(self._utf8(f"L{name};"), 0) for name in _listed(names)]
        return [self._attribute("RuntimeVisibleAnnotations", _counted(entries))] if entries else []

    def _attribute(self, name: str, content: bytes) -> bytes:
        return _u2(self._utf8(name)) + struct.pack(">L", len(content)) + content

    def _classes(self, names: str) -> bytes:
        return _counted([_u2(self._class(name)) for name in _listed(names)])

    def _class(self, name: str) -> int:
        return self._entry(_CLASS, _u2(self._utf8(name)))

    def _constant(self, desc: str, value: str) -> int:
        if value.startswith("="):
            return self._entry(_STRING, _u2(self._utf8(bytes.fromhex(value[1:]).decode("utf-8", "surrogatepass"))))
        return self._entry(_WIDE.get(desc, _INT), bytes.fromhex(value))

    def _utf8(self, text: str) -> int:
        raw = text.encode("utf-8", "surrogatepass")
        return self._entry(1, _u2(len(raw)) + raw)

    def _entry(self, tag: int, content: bytes) -> int:
        known = self._known.get((tag, content))
        if known is None:
            known = self._known[tag, content] = self._count
            self._pool += bytes([tag]) + content
            self._count += 2 if tag in (_LONG, _DOUBLE) else 1
        return known


def _columns(row: list[str], count: int) -> list[str]:
    """The columns after the letter, empty ones at the end put back."""
    return [*row[1:], *[""] * (count + 1 - len(row))]


def _listed(names: str) -> list[str]:
    return names.split(",") if names else []


def _u2(*values: int) -> bytes:
    return struct.pack(f">{len(values)}H", *values)


def _counted(entries: Iterable[bytes]) -> bytes:
    entries = list(entries)
    return _u2(len(entries)) + b"".join(entries)
