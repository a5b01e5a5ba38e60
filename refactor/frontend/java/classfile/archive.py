"""Class files inside jars, jmods, folders and ct.sym: an index of the central directory, entries inflated when asked for.

zipfile.ZipFile makes an object per entry, which costs more than everything else for a class path of 50,000 classes.
"""

from __future__ import annotations

import mmap
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

_END: Final = b"PK\x05\x06"
_CENTRAL: Final = struct.Struct("<8xHH8xL4xHHH8xL")  # flags, method, packed size, lengths of name, extra, comment, offset
_FIXED: Final = 46
_VERSIONS: Final = b"META-INF/versions/"
# A central header after its signature, then the name. Greedy: the header that follows starts with control characters.
_CLASS_ENTRY: Final = re.compile(rb"PK\x01\x02(.{42})([^\x00-\x1f]+)\.class", re.DOTALL)
_HEADER: Final = struct.Struct("<6xH8xL18xL")  # the same without the signature: method, packed size, offset


class ArchiveError(ValueError):
    """The file is not an archive this reader understands."""


class _Zip:
    """The bytes of a zip file, its central directory and the shift of its offsets."""

    __slots__ = ("central", "data", "is_64", "path", "shift")

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as handle:
            try:
                self.data = data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:  # an empty file
                raise ArchiveError(f"{path}: not a zip file") from error
        end = data.rfind(_END)
        if end < 0:
            raise ArchiveError(f"{path}: not a zip file")
        count, size, at = struct.unpack_from("<HLL", data, end + 10)
        self.is_64 = count == 0xFFFF or at == 0xFFFFFFFF
        # Bytes in front of the archive (a launcher script, the jmod header) shift all offsets.
        self.shift = 0 if self.is_64 else end - size - at
        self.central = b"" if self.is_64 else data[at + self.shift : end]

    def read(self, name: str, method: int, size: int, offset: int) -> bytes:
        """The content of an entry whose local header stands at `offset`."""
        data = self.data
        names, extra = struct.unpack_from("<HH", data, offset + 26)
        start = offset + 30 + names + extra
        raw = data[start : start + size]
        if method == zipfile.ZIP_STORED:
            return raw
        if method != zipfile.ZIP_DEFLATED:
            raise ArchiveError(f"{self.path}: entry {name} uses compression method {method}")
        try:
            return zlib.decompress(raw, -15)
        except zlib.error as error:
            raise ArchiveError(f"{self.path}: entry {name} is damaged: {error}") from error


class Archive:
    """One zip file or jmod: all its files by name."""

    __slots__ = ("_entries", "_zip", "path")

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = _Zip(path)
        self._entries = self._index_64() if self._zip.is_64 else self._index()

    @property
    def entries(self) -> Mapping[str, object]:
        """The names of all files, in the order of the central directory."""
        return self._entries

    def read(self, name: str) -> bytes:
        """The content of one entry. Raises KeyError where there is none, ArchiveError where it is damaged."""
        return self._zip.read(name, *self._entries[name])

    def _index(self) -> dict[str, tuple[int, int, int]]:
        central, shift = self._zip.central, self._zip.shift
        found: dict[str, tuple[int, int, int]] = {}
        at = 0
        limit = len(central)
        unpack = _CENTRAL.unpack_from
        while at + _FIXED <= limit:
            flags, method, packed, names, extra, comment, offset = unpack(central, at)
            raw = central[at + _FIXED : at + _FIXED + names]
            at += _FIXED + names + extra + comment
            if raw[-1:] != b"/":
                name = raw.decode("utf-8" if flags & 0x800 or raw.isascii() else "cp437")
                found[name] = (method, packed, offset + shift)
        return found

    def _index_64(self) -> dict[str, tuple[int, int, int]]:
        with zipfile.ZipFile(self.path) as archive:
            return {
                i.filename: (i.compress_type, i.compress_size, i.header_offset) for i in archive.infolist() if not i.filename.endswith("/")
            }


class ClassArchive:
    """The classes of one jar or class folder for one release; a newer version of a class stands in front of the plain one.

    `names` are paths without the suffix, as bytes: `java/util/Map$Entry`. A class path holds tens of thousands of them, so
    they are found by one regular expression over the central directory and decoded only where somebody asks.
    """

    __slots__ = ("_places", "_zip", "path")

    def __init__(self, path: Path, release: int) -> None:
        self.path = path
        self._zip: _Zip | None = None
        self._places: dict[bytes, bytes | tuple[int, int, int] | Path]
        if path.is_dir():
            self._places = {str(f.relative_to(path).with_suffix("").as_posix()).encode(): f for f in sorted(path.rglob("*.class"))}
            return
        self._zip = _Zip(path)
        self._places = self._class_entries()
        self._choose_versions(release)

    @property
    def names(self) -> Iterable[bytes]:
        return self._places

    def read(self, name: bytes) -> bytes:
        """The class file. Raises KeyError where there is none, ArchiveError where it is damaged."""
        place = self._places[name]
        if isinstance(place, Path):
            return place.read_bytes()
        assert self._zip is not None
        if isinstance(place, bytes):
            method, packed, offset = _HEADER.unpack_from(place)
            place = (method, packed, offset + self._zip.shift)
        return self._zip.read(name.decode(), *place)

    def _class_entries(self) -> dict[bytes, bytes | tuple[int, int, int] | Path]:
        assert self._zip is not None
        found = _CLASS_ENTRY.findall(self._zip.central)
        named = sum(len(name) for _, name in found) + len(found) * len(".class")
        stated = sum(header[24] + (header[25] << 8) for header, _ in found)
        if found and named == stated:
            return {name: header for header, name in found}
        # Zip64, no class at all, or a name that the expression cut wrongly: entry by entry.
        entries = Archive(self.path)._entries
        return {name[:-6].encode(): place for name, place in entries.items() if name.endswith(".class")}

    def _choose_versions(self, release: int) -> None:
        special = [name for name in self._places if name.startswith(b"META-INF/")]
        versioned = []
        for name in special:
            if name.startswith(_VERSIONS):
                number, _, rest = name[len(_VERSIONS) :].partition(b"/")
                if number.isdigit() and 9 <= int(number) <= release:
                    versioned.append((int(number), rest, name))
        if versioned and _is_multi_release(self.path):
            for _, rest, name in sorted(versioned):
                self._places[rest] = self._places[name]
        for name in special:
            del self._places[name]


def _is_multi_release(path: Path) -> bool:
    try:
        manifest = Archive(path).read("META-INF/MANIFEST.MF").decode("utf-8", "replace")
    except KeyError:
        return False
    return any(line.strip().lower().replace(" ", "") == "multi-release:true" for line in manifest.splitlines())
