"""The run-time image of a JDK (`lib/modules`): class files by module and package, without starting a JVM.

Layout (jdk.internal.jimage.ImageHeader, BasicImageReader): header, redirect table, location offsets, location
attributes, strings, resources. A name is found by perfect hash: redirect[hash % n] gives a slot or the seed of a second hash.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from pathlib import Path
from typing import Final

_MAGIC: Final = 0xCAFEDADA
_COMPRESSED: Final = b"\xfa\xfa\xfe\xca"  # 0xCAFEFAFA, little endian
_HASH_MULTIPLIER: Final = 0x01000193
_MODULE, _PARENT, _BASE, _EXTENSION, _OFFSET, _PACKED, _UNPACKED = range(1, 8)


class ImageError(ValueError):
    """The file is not a run-time image this reader understands."""


class RuntimeImage:
    """Reads entries of one `lib/modules` file."""

    __slots__ = ("_attributes", "_data", "_order", "_redirect", "_resources", "_slots", "_strings", "_tables")

    def __init__(self, path: Path) -> None:
        with path.open("rb") as handle:
            self._data = data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
        for order in "<>":
            magic, _version, _flags, _count, slots, attributes, strings = struct.unpack_from(order + "7I", data, 0)
            if magic == _MAGIC:
                break
        else:
            raise ImageError(f"{path}: not a run-time image")
        self._order = order
        self._slots = slots
        self._redirect = 28
        self._tables = self._redirect + 4 * slots
        self._attributes = self._tables + 4 * slots
        self._strings = self._attributes + attributes
        self._resources = self._strings + strings

    def read(self, path: str) -> bytes | None:
        """The entry `/module/package/Name.class`, or None."""
        location = self._locate(path)
        return self._content(location) if location else None

    def module_of(self, package: str) -> str | None:
        """The module that holds classes of `package`."""
        content = self.read(f"/packages/{package}")
        if content is None:
            return None
        for at in range(0, len(content) - 7, 8):
            empty, name = struct.unpack_from(self._order + "2I", content, at)
            if not empty:
                return self._text(name)
        return None

    def classes(self) -> dict[str, dict[str, str]]:
        """package -> {simple name (with `$` for nested ones) -> path}, of the whole image."""
        found: dict[str, dict[str, str]] = {}
        texts: dict[int, str] = {}
        offsets = struct.unpack_from(f"{self._order}{self._slots}I", self._data, self._tables)
        for offset in offsets:
            location = self._location(offset)
            if self._cached(location.get(_EXTENSION, 0), texts) == "class":
                module = self._cached(location.get(_MODULE, 0), texts)
                package = self._cached(location.get(_PARENT, 0), texts)
                base = self._text(location.get(_BASE, 0))
                if module and package:
                    found.setdefault(package.replace("/", "."), {})[base] = f"/{module}/{package}/{base}.class"
        return found

    def _cached(self, offset: int, texts: dict[int, str]) -> str:
        text = texts.get(offset)
        if text is None:
            text = texts[offset] = self._text(offset)
        return text

    def _text(self, offset: int) -> str:
        start = self._strings + offset
        return self._data[start : self._data.find(b"\0", start)].decode("utf-8")

    def _locate(self, path: str) -> dict[int, int] | None:
        raw = path.encode("utf-8")
        (value,) = struct.unpack_from(self._order + "i", self._data, self._redirect + 4 * (_hash(raw, _HASH_MULTIPLIER) % self._slots))
        if value > 0:
            slot = _hash(raw, value) % self._slots
        elif value < 0:
            slot = -1 - value
        else:
            return None
        (offset,) = struct.unpack_from(self._order + "I", self._data, self._tables + 4 * slot)
        location = self._location(offset)
        return location if self._full_name(location) == path else None

    def _location(self, offset: int) -> dict[int, int]:
        """Attributes of one location: each a byte `kind << 3 | length - 1`, then a big-endian number."""
        data = self._data
        at = self._attributes + offset
        found: dict[int, int] = {}
        while kind := data[at] >> 3:
            length = (data[at] & 7) + 1
            found[kind] = int.from_bytes(data[at + 1 : at + 1 + length])
            at += 1 + length
        return found

    def _full_name(self, location: dict[int, int]) -> str:
        module = self._text(location.get(_MODULE, 0))
        parent = self._text(location.get(_PARENT, 0))
        extension = self._text(location.get(_EXTENSION, 0))
        name = f"/{module}/" if module else ""
        if parent:
            name += parent + "/"
        return name + self._text(location.get(_BASE, 0)) + (f".{extension}" if extension else "")

    def _content(self, location: dict[int, int]) -> bytes:
        start = self._resources + location.get(_OFFSET, 0)
        packed = location.get(_PACKED, 0)
        if not packed:
            return self._data[start : start + location.get(_UNPACKED, 0)]
        content = self._data[start : start + packed]
        while content[:4] == _COMPRESSED:
            # CompressedResourceHeader: magic, size (8), uncompressed size (8), decompressor name (4), config (4), is last (1)
            size, _, name = struct.unpack_from("<QQI", content, 4)
            if self._text(name) != "zip":
                raise ImageError(f"run-time image compressed with {self._text(name)!r}; only zip is read")
            content = zlib.decompress(content[29 : 29 + size])
        return content


def _hash(raw: bytes, seed: int) -> int:
    for byte in raw:
        seed = ((seed * _HASH_MULTIPLIER) ^ byte) & 0xFFFFFFFF
    return seed & 0x7FFFFFFF
