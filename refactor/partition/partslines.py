"""Where things stand in a parts.toml: tomllib gives values without places, this finds the places again."""

from __future__ import annotations

import re

from refactor.support.source import Span

_HEADER = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_AT_LINE = re.compile(r"at line (\d+), column (\d+)")


class LineFinder:
    """Finds sections, keys and strings by scanning lines.

    Good for a file laid out as people lay it out; where a thing is written in a way the scan does not know (an inline
    table, an escaped string), the nearest enclosing place is given instead, never a wrong one further on.
    """

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line.encode()) + 1)
        self._code = [_without_comment(line) for line in self._lines]

    def header(self, section: str) -> Span:
        """The `[section]` line, else the first key that spells it dotted, else the file's first line."""
        at, _ = self._section(section)
        return self._span(at, 0, len(self._lines[at])) if at is not None else self._span(0, 0, len(self._lines[0]))

    def key(self, section: str, key: str) -> Span:
        """The `key =` of a section, else the section."""
        found = self._key(section, key)
        if found is None:
            return self.header(section)
        start = len(self._lines[found]) - len(self._lines[found].lstrip())
        return self._span(found, start, len(self._lines[found].rstrip("\r")))

    def value(self, section: str, key: str, text: str, skip: int = 0) -> Span:
        """The string literal `text` in the list of a key (after `skip` earlier ones), else the key."""
        start = self._key(section, key)
        if start is None:
            return self.header(section)
        literals = (f'"{text}"', f"'{text}'")
        for at in range(start, len(self._lines)):
            if at > start and (_HEADER.match(self._code[at]) or _KEY.match(self._code[at])):
                break
            column = 0
            while True:
                hits = [(p, lit) for lit in literals if (p := self._code[at].find(lit, column)) >= 0]
                if not hits:
                    break
                column, literal = min(hits)
                if skip == 0:
                    return self._span(at, column, column + len(literal))
                skip -= 1
                column += len(literal)
        return self.key(section, key)

    def of_toml_error(self, message: str) -> Span:
        """tomllib's own "(at line n, column m)"; the end of the file where it says so."""
        found = _AT_LINE.search(message)
        if found:
            at = min(int(found[1]), len(self._lines)) - 1
            column = min(int(found[2]) - 1, len(self._lines[at]))
            return self._span(at, column, column)
        at = len(self._lines) - 1
        return self._span(at, len(self._lines[at]), len(self._lines[at]))

    def _section(self, section: str) -> tuple[int | None, int]:
        for at, line in enumerate(self._code):
            match = _HEADER.match(line)
            if match and _dotted(match[1]) == section:
                return at, at + 1
        for at, line in enumerate(self._code):
            match = _KEY.match(line)
            if match and (_dotted(match[1]) + ".").startswith(section + "."):
                return at, at
        return None, 0

    def _key(self, section: str, key: str) -> int | None:
        start, body = self._section(section)
        if start is None:
            return None
        for at in range(body, len(self._code)):
            if at > start and _HEADER.match(self._code[at]):
                return None
            match = _KEY.match(self._code[at])
            if match and _dotted(match[1]) in (key, f"{section}.{key}"):
                return at
        return None

    def _span(self, at: int, start: int, end: int) -> Span:
        line = self._lines[at]
        offset = self._starts[at]
        return Span(self._file, offset + len(line[:start].encode()), offset + len(line[:end].encode()), at + 1, start + 1)


def _dotted(key: str) -> str:
    return ".".join(piece.strip().strip("\"'") for piece in key.split("."))


def _without_comment(line: str) -> str:
    """The line up to a `#` outside quotes, blanked so that columns stay."""
    quote = ""
    for at, char in enumerate(line):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "#":
            return line[:at]
    return line.rstrip("\r")
