"""Entries on disk: written whole or not at all, checked before they are used, bounded in number and size.

    <folder>/<key>/<variant>     what was printed and written (frames), the Manifest (marshal), lengths, digests of both, a mark

A reader believes nothing that its digest does not prove: a damaged, cut or foreign entry is no entry. Writers make a file of their own and
rename it, so several processes do not meet. `variant` is the digest of the manifest: one command on two states of a tree has two entries.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import struct
import time
from collections.abc import Iterator
from typing import BinaryIO

from refactor.pipeline.cache.manifest import Manifest, Outside

_END = struct.Struct("<QQ32s32s8s")
_MARK = b"refactor"
_VARIANTS = 4
_ABANDONED_SECONDS = 86_400.0


class Draft:
    """An entry that is being written. `keep` makes it one, `drop` leaves nothing."""

    __slots__ = ("_digest", "_file", "_folder", "_length", "_limit", "_name", "_path")

    def __init__(self, folder: str, name: str, limit: int) -> None:
        self._folder, self._name, self._limit = folder, name, limit
        import tempfile  # much to import, and an unchanged command writes nothing

        os.makedirs(folder, mode=0o700, exist_ok=True)
        handle, self._path = tempfile.mkstemp(prefix=".draft-", dir=folder)
        self._file: BinaryIO | None = os.fdopen(handle, "wb")
        self._digest, self._length = hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        """More of the frames. Raises OSError where the disk is full."""
        if self._file is None:
            return
        self._length += len(data)
        if self._length > self._limit // 2:
            self.drop()
            return
        self._digest.update(data)
        self._file.write(data)

    def keep(self, manifest: Manifest) -> None:
        """The entry is whole. Oldest entries go where there are too many. Raises OSError."""
        if self._file is None:
            return
        plain = manifest._replace(outside=[tuple(one) for one in manifest.outside])  # type: ignore[misc]
        said = marshal.dumps(tuple(plain))
        with self._file as file:
            file.write(said)
            file.write(_END.pack(self._length, len(said), self._digest.digest(), hashlib.sha256(said).digest(), _MARK))
        self._file = None
        place = os.path.join(self._folder, self._name)
        os.makedirs(place, mode=0o700, exist_ok=True)
        os.replace(self._path, os.path.join(place, hashlib.sha256(said).hexdigest()[:16]))
        evict(self._folder, self._limit)

    def drop(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            with contextlib.suppress(OSError):
                os.unlink(self._path)


class Entry:
    """An entry as found. `manifest` is proved by its digest; `frames()` gives None unless they are proved too."""

    __slots__ = ("_digest", "_length", "manifest", "path")

    def __init__(self, path: str, manifest: Manifest, length: int, digest: bytes) -> None:
        self.path, self.manifest = path, manifest
        self._length, self._digest = length, digest

    def frames(self) -> bytes | None:
        with open(self.path, "rb", buffering=0) as file:
            data = file.read(self._length) or b""
        return data if len(data) == self._length and hashlib.sha256(data).digest() == self._digest else None

    def used(self) -> None:
        """It goes last when room is made."""
        with contextlib.suppress(OSError):
            os.utime(self.path)


def entries(folder: str, name: str) -> Iterator[Entry]:
    """The sound entries of one key, the one used last first."""
    place = os.path.join(folder, name)
    try:
        paths = [os.path.join(place, variant) for variant in os.listdir(place)]
    except OSError:
        return
    for path in sorted(paths, key=_used, reverse=True):
        try:
            found = _open(path)
        except OSError:
            continue
        if found is not None:
            yield found


def _open(path: str) -> Entry | None:
    with open(path, "rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        if size < _END.size:
            return None
        file.seek(size - _END.size)
        length, said, digest, proof, mark = _END.unpack(file.read(_END.size))
        if mark != _MARK or length + said + _END.size != size:
            return None
        file.seek(length)
        data = file.read(said)
    if hashlib.sha256(data).digest() != proof:
        return None
    files, outside, *rest = marshal.loads(data)
    return Entry(path, Manifest(files, [Outside(*one) for one in outside], *rest), length, digest)


def evict(folder: str, limit: int) -> None:
    """At most `limit` bytes, and of each key the few entries that were used last; drafts that nobody ends go after a day."""
    found: list[tuple[float, int, str]] = []
    for place in _listed(folder):
        if os.path.basename(place).startswith(".draft-"):
            if _used(place) < time.time() - _ABANDONED_SECONDS:
                _remove(place)
            continue
        own = sorted(_listed(place), key=_used, reverse=True)
        for path in own[_VARIANTS:]:
            _remove(path)
        for path in own[:_VARIANTS]:
            with contextlib.suppress(OSError):
                found.append((_used(path), os.stat(path).st_size, path))
    total = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if total <= limit:
            return
        _remove(path)
        with contextlib.suppress(OSError):
            os.rmdir(os.path.dirname(path))  # only where it was the last one
        total -= size


def _listed(folder: str) -> list[str]:
    try:
        return [os.path.join(folder, name) for name in os.listdir(folder)]
    except OSError:
        return []


def _used(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
