"""Class files inside jars, jmods, folders and ct.sym: an index of the central directory, entries inflated when asked for.

zipfile.ZipFile makes an object per entry, which costs more than everything else for a class path of 50,000 classes.
"""

from __future__ import annotations

import mmap
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_END: Final = b"PK\x05\x06"
_CENTRAL: Final = struct.Struct("<8xHH8xL4xHHH8xL")  # flags, method, packed size, lengths of name, extra, comment, offset
_FIXED: Final = 46
_VERSIONS: Final = "META-INF/versions/"


class ArchiveError(ValueError):
    """The file is not an archive this reader understands."""


class Archive:
    """One zip file or jmod. Files only, no folders."""

    __slots__ = ("_data", "_entries", "path")

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as handle:
            try:
                self._data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:  # an empty file
                raise ArchiveError(f"{path}: not a zip file") from error
        self._entries = self._index()

    @property
    def entries(self) -> Mapping[str, object]:
        """The names of all entries, in the order of the central directory."""
        return self._entries

    def read(self, name: str) -> bytes:
        """The content of one entry. Raises KeyError where there is none."""
        method, size, offset = self._entries[name]
        data = self._data
        names = int.from_bytes(data[offset + 26 : offset + 28], "little")
        extra = int.from_bytes(data[offset + 28 : offset + 30], "little")
        start = offset + 30 + names + extra
        raw = data[start : start + size]
        if method == zipfile.ZIP_STORED:
            return raw
        if method == zipfile.ZIP_DEFLATED:
            return zlib.decompress(raw, -15)
        raise ArchiveError(f"{self.path}: entry {name} uses compression method {method}")

    def _index(self) -> dict[str, tuple[int, int, int]]:
        data = self._data
        end = data.rfind(_END)
        if end < 0:
            raise ArchiveError(f"{self.path}: not a zip file")
        count, at = struct.unpack_from("<H4xL", data, end + 10)
        size = int.from_bytes(data[end + 12 : end + 16], "little")
        if count == 0xFFFF or at == 0xFFFFFFFF:
            return self._index_zip64()
        # Bytes in front of the archive (a launcher script, the jmod header) shift all offsets.
        shift = end - size - at
        at += shift
        central = data[at:end]
        found: dict[str, tuple[int, int, int]] = {}
        here = 0
        limit = len(central)
        unpack = _CENTRAL.unpack_from
        while here + _FIXED <= limit:
            flags, method, packed, names, extra, comment, offset = unpack(central, here)
            raw = central[here + _FIXED : here + _FIXED + names]
            here += _FIXED + names + extra + comment
            if raw[-1:] != b"/":
                name = raw.decode("utf-8" if flags & 0x800 or raw.isascii() else "cp437")
                found[name] = (method, packed, offset + shift)
        return found

    def _index_zip64(self) -> dict[str, tuple[int, int, int]]:
        with zipfile.ZipFile(self.path) as archive:
            return {
                i.filename: (i.compress_type, i.compress_size, i.header_offset) for i in archive.infolist() if not i.filename.endswith("/")
            }


class ClassArchive:
    """The classes of one jar or class folder for one release: binary name -> bytes, newer versions of a class in front."""

    __slots__ = ("_archive", "_folder", "names", "path")

    def __init__(self, path: Path, release: int) -> None:
        self.path = path
        self._folder: Path | None = None
        self._archive: Archive | None = None
        if path.is_dir():
            self._folder = path
            self.names = {_binary(f.relative_to(path).as_posix()): str(f) for f in sorted(path.rglob("*.class"))}
        else:
            self._archive = Archive(path)
            self.names = self._jar_names(self._archive, release)

    def read(self, name: str) -> bytes:
        place = self.names[name]
        if self._archive is not None:
            return self._archive.read(place)
        return Path(place).read_bytes()

    @staticmethod
    def _jar_names(archive: Archive, release: int) -> dict[str, str]:
        found: dict[str, str] = {}
        versioned: list[tuple[int, str, str]] = []
        for entry in archive.entries:
            if not entry.endswith(".class"):
                continue
            if entry.startswith("META-INF/"):
                number, _, rest = entry[len(_VERSIONS) :].partition("/")
                if entry.startswith(_VERSIONS) and number.isdecimal() and 9 <= int(number) <= release:
                    versioned.append((int(number), rest, entry))
            else:
                found[entry[:-6].replace("/", ".")] = entry
        if versioned and _is_multi_release(archive):
            for _, rest, entry in sorted(versioned):
                found[_binary(rest)] = entry
        return found


def _is_multi_release(archive: Archive) -> bool:
    try:
        manifest = archive.read("META-INF/MANIFEST.MF").decode("utf-8", "replace")
    except KeyError:
        return False
    return any(line.strip().lower().replace(" ", "") == "multi-release:true" for line in manifest.splitlines())


def _binary(path: str) -> str:
    return path.removesuffix(".class").replace("/", ".")
