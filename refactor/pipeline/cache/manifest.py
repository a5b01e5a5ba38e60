"""What an answer was made from, and whether that is still so.

before: the Trace of a run that has ended
after:  a Manifest: a digest of the content of every file that was opened inside the user's folders; for files outside of them (jars,
        the JDK, Maven's answers) the stamp (device, inode, size, times of last change) and, where that differs, the content; a digest
        of the names in every folder that was listed, and of what was found at every path that was only looked at

Files of the user's folders are always read again: stamps do not survive a checkout and are the lesser proof. A stamp holds the time of the
last change of the inode, which no program can set, so a file cannot be changed behind it.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from refactor.support.trace import Stamp, Trace, stamp

T = TypeVar("T")
_GROUP = 64
"""Files that share a digest: fewer digests, and work that threads can divide."""
_FEW = 512
_LARGEST = 32 << 20
"""Bytes of a file outside of the user's folders above which only its stamp counts (the JDK's image)."""
_RACE_NS = 100_000_000
"""A file system's clock ticks every few milliseconds: a file that was written just before it was read could be written again unseen."""
_CHUNK = 1 << 20


class Outside(NamedTuple):
    """A file outside of the user's folders; `content` is None where only the stamp counts."""

    path: str
    stamp: Stamp | None
    content: bytes | None


class Manifest(NamedTuple):
    """Plain values only: it is stored with marshal."""

    files: list[tuple[tuple[str, ...], bytes]]
    outside: list[Outside]
    listed: tuple[str, ...]
    looked: tuple[str, ...]
    linked: tuple[str, ...]
    places: bytes
    """Digest of what `listed`, `looked` and `linked` show."""
    environment: bytes
    """Digest of all variables where a run read them all; else empty."""


def manifest_of(trace: Trace, folders: Sequence[str]) -> Manifest | None:
    """The Manifest of a run; `folders` are the user's. None where the answer cannot be kept.

    That is so where a program was started, which may have read anything, and where something was changed after it was first read,
    or so shortly before that a second change could not be told.
    """
    if trace.programs:
        return None
    inside = tuple(f"{folder.rstrip(os.sep)}{os.sep}" for folder in folders)
    own = sorted(path for path in trace.opened if path.startswith(inside)) if inside else []
    others = sorted(trace.opened.keys() - set(own))
    looked = tuple(sorted(trace.looked - trace.opened.keys()))
    listed, linked = tuple(sorted(trace.listed)), tuple(sorted(trace.linked))
    groups = [tuple(own[at : at + _GROUP]) for at in range(0, len(own), _GROUP)]
    digests = _divided(_contents, groups)
    outside = [Outside(path, found, _content(path, found)) for path in others for found in (stamp(path),)]
    environment = _environment() if trace.environment else b""
    files = list(zip(groups, digests, strict=True))
    found = Manifest(files, outside, listed, looked, linked, _places(listed, looked, linked), environment)
    return found if _unchanged(trace) else None


def still_true(manifest: Manifest) -> bool:
    """Whether everything is as it was: a new run would read the same."""
    if manifest.environment and manifest.environment != _environment():
        return False
    if manifest.places != _places(manifest.listed, manifest.looked, manifest.linked):
        return False
    for path, was, content in manifest.outside:
        now = stamp(path)
        if now != was and (content is None or now is None or _content(path, now) != content):
            return False
    digests = _divided(_contents, [paths for paths, _ in manifest.files])
    return all(now == was for now, (_, was) in zip(digests, manifest.files, strict=True))


def _unchanged(trace: Trace) -> bool:
    for notes in (trace.opened, trace.listed):
        for path, (was, at) in notes.items():
            if stamp(path) != was or (was is not None and max(was[3], was[4]) > at - _RACE_NS):
                return False
    return True


def _environment() -> bytes:
    return hashlib.sha256(repr(sorted(os.environ.items())).encode("utf-8", "surrogatepass")).digest()


def _contents(paths: Iterable[str]) -> bytes:
    """One digest for the contents of some files, each with its length."""
    state = hashlib.sha256()
    for path in paths:
        _feed(state.update, path)
    return state.digest()


def _content(path: str, found: Stamp | None) -> bytes | None:
    return _contents((path,)) if found is not None and found[2] <= _LARGEST else None


def _feed(update: Callable[[bytes], None], path: str) -> None:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        update(f"\0{error.errno}\0".encode())
        return
    length = 0
    try:
        while data := os.read(handle, _CHUNK):
            length += len(data)
            update(data)
    except OSError as error:
        update(f"\0{error.errno}\0".encode())
    finally:
        os.close(handle)
    update(length.to_bytes(8, "big"))


def _places(listed: Iterable[str], looked: Iterable[str], linked: Iterable[str]) -> bytes:
    """One digest for what is found at these paths: names and kinds in folders; kind, permissions and size; targets of links."""
    state = hashlib.sha256()
    for path in listed:
        state.update(_names(path))
    for path in looked:
        try:
            found = os.stat(path)
        except (OSError, ValueError):
            state.update(b"-;")
            continue
        state.update(b"%d %d;" % (found.st_mode, found.st_size if stat.S_ISREG(found.st_mode) else 0))
    for path in linked:
        try:
            mode = os.lstat(path).st_mode
            state.update(b"%d " % mode + (os.fsencode(os.readlink(path)) if stat.S_ISLNK(mode) else b"") + b"\0;")
        except (OSError, ValueError):
            state.update(b"-;")
    return state.digest()


def _names(folder: str) -> bytes:
    try:
        with os.scandir(folder) as entries:
            names = sorted(os.fsencode(entry.name) + (b"/" if entry.is_dir() else b"") for entry in entries)
    except OSError as error:
        return b"%d;" % (error.errno or 0)
    return b"\0".join(names) + b"\0;"


def _divided(work: Callable[[T], bytes], items: Sequence[T]) -> list[bytes]:
    """`[work(item) for item in items]`, on two threads where there is much: reading and hashing leave the interpreter free."""
    if len(items) * _GROUP < _FEW or (os.cpu_count() or 1) < 2:
        return [work(item) for item in items]
    found: list[bytes] = [b""] * len(items)

    def half(start: int) -> None:
        for at in range(start, len(items), 2):
            found[at] = work(items[at])

    other = threading.Thread(target=half, args=(1,))
    other.start()
    half(0)
    other.join()
    return found
