"""A command's answer: given again where nothing has changed, else recorded while the command runs.

An answer is what was printed on both streams and the files that were written, in order. Only a command that ends well is kept.
This module and what it imports are all that an unchanged command needs, so they import little.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from refactor.pipeline.cache.key import key, own_folders
from refactor.pipeline.cache.manifest import manifest_of, still_true
from refactor.pipeline.cache.store import Draft, entries
from refactor.support.trace import Trace

COMMANDS = frozenset({"graph", "index", "metrics", "partition"})
"""Those whose answer depends on files alone. `split` writes many files and `verify` runs programs: they work each time."""
OFF = "REFACTOR_NO_CACHE"
LIMIT = "REFACTOR_CACHE_MB"
_LIMIT_MB = 2048
OUT, ERR, FILE = 1, 2, 3
_FRAME = struct.Struct("<BI")
_WHOLE = 1 << 20


class Place(NamedTuple):
    """Where answers are, and the name of the one that is asked for."""

    folder: str
    name: str
    limit: int
    folders: tuple[str, ...]


class Recording:
    """What a command prints and writes while it runs, and what it reads."""

    __slots__ = ("_draft", "_place", "_text", "_to", "_trace")

    def __init__(self, place: Place) -> None:
        self._place = place
        self._text: list[bytes] = []
        self._to = 0
        self._draft: Draft | None = None
        self._trace = Trace(own_folders())

    def __enter__(self) -> Recording:
        try:
            self._draft = Draft(self._place.folder, self._place.name, self._place.limit)
        except OSError:
            self._draft = None  # a cache that cannot be written to is no reason not to work
        self._trace.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._trace.__exit__()
        if self._draft is not None:
            self._draft.drop()

    def text(self, text: str, to: int) -> None:
        """Something printed, OUT or ERR."""
        if to != self._to or len(self._text) > 4096:
            self._flush()
        self._to = to
        self._text.append(text.encode("utf-8", "surrogatepass"))

    def file(self, path: str, content: bytes) -> None:
        """A file that was written."""
        self._flush()
        name = os.fsencode(os.path.abspath(path))
        self._frame(FILE, struct.pack("<I", len(name)) + name + content)

    def keep(self) -> None:
        """The command ended well: its answer is stored, where it can be."""
        self._trace.__exit__()
        self._flush()
        if self._draft is None:
            return
        manifest = manifest_of(self._trace, self._place.folders)
        if manifest is None:
            self._draft.drop()
            return
        try:
            self._draft.keep(manifest)
        except OSError:
            self._draft.drop()

    def _flush(self) -> None:
        text, self._text = b"".join(self._text), []
        for at in range(0, len(text), _WHOLE):
            self._frame(self._to, text[at : at + _WHOLE])

    def _frame(self, kind: int, data: bytes) -> None:
        if self._draft is not None:
            try:
                self._draft.write(_FRAME.pack(kind, len(data)) + data)
            except OSError:
                self._draft.drop()


def place_of(arguments: Sequence[str], terminal: bool) -> Place | None:
    """Where the answer to this command line is kept; None for commands without one, and where the user wants none."""
    if not arguments or arguments[0] not in COMMANDS or "--no-cache" in arguments or os.environ.get(OFF):
        return None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    cache = os.path.join(base, "refactor-compiler")
    given = [argument for argument in arguments[1:] if os.path.isdir(argument)]
    folders = tuple(dict.fromkeys(form for one in given for form in (os.path.join(os.getcwd(), one), os.path.abspath(one))))
    if any(f"{folder}{os.sep}".startswith(tuple(f"{own}{os.sep}" for own in own_folders())) for folder in folders):
        return None  # the program's own files are no input to it
    stated = os.environ.get(LIMIT, "")
    limit = (int(stated) if stated.isdecimal() else _LIMIT_MB) << 20
    return Place(os.path.join(cache, "answers"), key(arguments, terminal, cache), limit, folders) if limit else None


def replay(place: Place) -> bool:
    """Print and write the kept answer again; False where there is none that still holds."""
    for entry in entries(place.folder, place.name):
        if still_true(entry.manifest):
            try:
                data = entry.frames()
            except OSError:
                continue
            if data is not None:
                entry.used()
                _perform(data)
                return True
    return False


def _perform(data: bytes) -> None:
    for kind, content in _frames(data):
        if kind == FILE:
            (length,) = struct.unpack_from("<I", content)
            _write(os.fsdecode(content[4 : 4 + length]), content[4 + length :])
        else:
            _print(sys.stdout if kind == OUT else sys.stderr, content)
    sys.stdout.flush()


def _frames(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        kind, length = _FRAME.unpack_from(data, at)
        at += _FRAME.size
        yield kind, data[at : at + length]
        at += length


def _print(stream: object, content: bytes) -> None:
    if getattr(stream, "encoding", "").lower() in ("utf-8", "utf8"):
        stream.flush()  # type: ignore[attr-defined]
        stream.buffer.write(content)  # type: ignore[attr-defined]
        stream.buffer.flush()  # type: ignore[attr-defined]
    else:
        stream.write(content.decode("utf-8", "surrogatepass"))  # type: ignore[attr-defined]


def _write(path: str, content: bytes) -> None:
    """As the command would have: unless the file has this content already."""
    try:
        with open(path, "rb") as file:
            if file.read() == content:
                return
    except OSError:
        pass
    with open(path, "wb") as file:
        file.write(content)
