"""One Java file: its bytes, its spans, its tree."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refactor.frontend.java.tree import Node, Unit
from refactor.ir.symbols import Origin
from refactor.support.diagnostics import Diagnostic
from refactor.support.source import Span


@dataclass(frozen=True, slots=True)
class JavaFile:
    """A file to load: `path` is POSIX and relative to the project's root."""

    path: str
    absolute: Path
    module: str = ""
    origin: Origin = Origin.MAIN
    encoding: str = "UTF-8"


class Source:
    """The text of one file as UTF-8 `data`, and the map from its offsets to spans of the file on disk."""

    __slots__ = ("_ascii", "_lines", "_spans", "data", "encoding", "file", "path", "sha256", "unit", "waiting")

    def __init__(self, file: JavaFile, raw: bytes) -> None:
        self.file, self.path = file, file.path
        self.sha256 = hashlib.sha256(raw).hexdigest()
        self.encoding = "utf-8"
        self.data = raw
        self._ascii = raw.isascii()
        if not self._ascii:
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError:
                self.encoding = file.encoding if file.encoding.lower() not in ("utf-8", "utf8") else "iso-8859-1"
                self.data = raw.decode(self.encoding, "replace").encode()
        self._lines: list[int] | None = None
        self._spans: dict[tuple[int, int], Span] = {}
        self.unit: Unit | None = None
        self.waiting: Any = None  # the bodies that are not built yet, and how many classes were met inside the code that is

    def span(self, start: int, end: int) -> Span:
        """The span of the byte range [start, end) of `data`."""
        key = (start, end)
        found = self._spans.get(key)
        if found is None:
            lines = self._lines
            if self._ascii and lines is not None:  # place(), written out: this is the hottest line of the front end
                line = bisect_right(lines, start)
                found = Span(self.path, start, end, line, start - lines[line - 1] + 1)
            else:
                line, column = self.place(start)
                if self.encoding != "utf-8":
                    start, end = self._original(start), self._original(end)
                found = Span(self.path, start, end, line, column)
            self._spans[key] = found
        return found

    def forget_spans(self) -> None:
        """Most are asked for while their file is worked on; what is asked for later is made again."""
        self._spans = {}

    def span_of(self, node: Node) -> Span:
        return self.span(node.start, node.end)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, counted from 1, the column in characters."""
        lines = self._lines
        if lines is None:
            lines = [0]
            at = self.data.find(b"\n")
            while at >= 0:
                lines.append(at + 1)
                at = self.data.find(b"\n", at + 1)
            if b"\r" in self.data:
                lines = _with_returns(self.data)
            self._lines = lines
        line = bisect_right(lines, offset)
        start = lines[line - 1]
        if self._ascii:
            return line, offset - start + 1
        return line, len(self.data[start:offset].decode("utf-8", "replace")) + 1

    def _original(self, offset: int) -> int:
        return len(self.data[:offset].decode("utf-8").encode(self.encoding, "replace"))


def _with_returns(data: bytes) -> list[int]:
    """Line starts where `\\r` alone ends a line too, as javac counts."""
    lines = [0]
    for at, byte in enumerate(data):
        if byte == 10 or (byte == 13 and data[at + 1 : at + 2] != b"\n"):
            lines.append(at + 1)
    return lines


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of one file: a source with its tree, or diagnostics only."""

    source: Source | None
    diagnostics: tuple[Diagnostic, ...] = ()
