"""Java that javac reads and the grammar does not (grammars/java/language.toml): the grammar is given other text of the same length.

Offsets stay, so every span fits the bytes on disk; names and literals are taken from the original (`spelled`), never from what is made
here. Unicode escapes are translated before anything else (JLS 3.3); the other repairs are tried only where the file does not parse.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from tree_sitter import Node, Parser

_ESCAPE = re.compile(rb"\\u+([0-9a-fA-F]{4})")
_PAIR = 2
_DIGITS = frozenset("0123456789")
_SIGNS = frozenset(" \t\n\f\r!\"#%&'()*+,-./:;<=>?@[]^`{|}~")
"""What separates tokens, or is one; of the rest some are letters, and no name has the others."""
_BACKSLASHES = re.compile(rb"\\+")
_WORD = re.compile(rb"(?:[A-Za-z0-9_$\x80-\xff]|\\u+[0-9a-fA-F]{4})+")
_KEYWORDS = frozenset(
    b"abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally float"
    b" for goto if implements import instanceof int interface long native new null package private protected public return short static"
    b" strictfp super switch synchronized this throw throws transient true try void volatile while".split()
)
_ANNOTATION = rb"@\s*[A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*(?:\s*\((?:[^()]|\([^()]*\))*\))?"
_BEFORE_DOTS = re.compile(rb"((?:" + _ANNOTATION + rb"\s*)+)\.\.\.")
_IN_CATCH = re.compile(rb"\|\s*((?:" + _ANNOTATION + rb"\s*)+)")
_OCTAL = re.compile(rb"(?<![\w$.])0_[0-7_]*[0-7](?=[lL]?(?![\w$.]))")
_UNDERSCORES = re.compile(rb"(?<=[0-9a-fA-F])__+(?=[0-9a-fA-F])")
_PLACE = re.compile(rb"\)\s*(?:=(?!=)|(?:[-+*/%&|^]|<<|>>>?)=)")


def syntax_tree(parser: Parser, data: bytes) -> Node:
    """The concrete tree of a file; it has errors only where no repair helps.

    before: (i) = 3;     after: the tree of ` i  = 3;`
    """
    # The parser takes a zero byte for the end of its input; in literals and comments it is a character like any other.
    text = translated(data.replace(b"\0", b"\1"))
    root = parser.parse(text).root_node
    if not root.has_error:
        return root
    other = repaired(text)
    if other == text:
        return root
    second = parser.parse(other).root_node
    return root if second.has_error else second


def translated(data: bytes) -> bytes:
    """Unicode escapes as what they stand for, padded to their length; letters and digits in names as other letters and digits.

    before: b"class A \\\\u007b int \\\\u0061b; }"     after: b"class A      { int $u0061b; }"
    """
    if b"\\u" not in data:
        return data
    out = bytearray(data)
    at = 0
    for start, end in _escapes(data):
        if start < at:
            continue
        at, char = end, _character(data, start, end)
        if char < " " and not char.isspace():  # only a literal or a comment can have it; a zero byte would end the parser's input
            continue
        if char == "\\":  # what it escapes has to stand right after it
            after = _ESCAPE.match(data, end)
            at = after.end() if after is not None else end + 1
            escaped = chr(int(after[1], 16)) if after is not None else chr(data[end]) if end < len(data) else ""
            if escaped.isascii() and escaped != "\0":
                out[start:at] = (char + escaped).rjust(at - start).encode()
        elif char in _DIGITS:
            out[start:at] = char.rjust(at - start, "0").encode()
        elif char in _SIGNS:
            out[start:at] = char.rjust(at - start).encode()
        else:
            out[start] = ord("$")  # and the rest of the escape are letters and digits
    for word in _WORD.finditer(data):  # a keyword is one in whatever spelling
        meant = spell(word[0]) if b"\\" in word[0] else b""
        if meant in _KEYWORDS:
            out[word.start() : word.end()] = meant.rjust(word.end() - word.start())
    return bytes(out)


def repaired(text: bytes) -> bytes:
    """What else the grammar lacks, in text of the same length.

    before: b"void f(int @A ... x)", b"0_17", b"(i) = 3"     after: b"void f(int    ... x)", b"0017", b" i  = 3"
    """
    out = bytearray(text)
    for pattern in (_BEFORE_DOTS, _IN_CATCH):
        for match in pattern.finditer(text):
            out[match.start(1) : match.end(1)] = re.sub(rb"\S", b" ", match[1])
    for match in _OCTAL.finditer(text):
        out[match.start() : match.end()] = match[0].replace(b"_", b"0")
    for match in _UNDERSCORES.finditer(text):
        out[match.start() : match.end()] = b"0" * len(match[0])
    for match in _PLACE.finditer(text):
        _without_parentheses(out, match.start())
    return bytes(out)


def _without_parentheses(out: bytearray, close: int) -> None:
    """Blanks the parentheses around an assigned variable, of which `close` is the last one."""
    while close >= 0 and out[close : close + 1] == b")":
        depth, at = 0, close
        while at >= 0:
            depth += {b")": 1, b"(": -1}.get(bytes(out[at : at + 1]), 0)
            if depth == 0:
                break
            at -= 1
        if at < 0:
            return
        out[close : close + 1] = out[at : at + 1] = b" "
        close -= 1
        while close > at and out[close : close + 1].isspace():
            close -= 1


class Spelled(bytes):
    """The bytes of a file with escapes: a slice is what its tokens say, with escapes that it cuts taken whole."""

    ranges: list[tuple[int, int]]

    def __new__(cls, data: bytes) -> Spelled:
        made = super().__new__(cls, data)
        made.ranges = list(_escapes(data))
        return made

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, slice):
            return super().__getitem__(key)
        start, end, _ = key.indices(len(self))
        around = self._around(start)
        start = around[0] if around is not None else start
        around = self._around(end)
        end = around[1] if around is not None else end
        return spell(bytes.__getitem__(self, slice(start, end)))

    def _around(self, at: int) -> tuple[int, int] | None:
        """The escape in whose middle an offset is."""
        before = bisect_right(self.ranges, (at, 0)) - 1
        return self.ranges[before] if before >= 0 and self.ranges[before][0] < at < self.ranges[before][1] else None


def spelled(data: bytes) -> bytes:
    """The bytes of a file for whoever takes the text of tokens from them."""
    return Spelled(data) if b"\\u" in data else data


def spell(text: bytes) -> bytes:
    """Unicode escapes as what they stand for; surrogate pairs are joined, and halves of one stay escapes: UTF-8 has none."""
    out, at = bytearray(), 0
    for start, end in _escapes(text):
        if start < at:
            continue
        out += text[at:start]
        at, char = end, _character(text, start, end)
        if "\ud800" <= char <= "\udbff":
            second = _ESCAPE.match(text, end)
            char += chr(int(second[1], 16)) if second is not None and 0xDC00 <= int(second[1], 16) <= 0xDFFF else ""
            at = second.end() if second is not None and len(char) == _PAIR else end
        whole = char.encode("utf-16", "surrogatepass").decode("utf-16", "ignore") if char >= "\ud800" else char
        out += whole.encode() if whole else text[start:at]
    return bytes(out + text[at:])


def _escapes(data: bytes) -> Iterator[tuple[int, int]]:
    """A backslash starts an escape only where an even number of others is right before it."""
    at = data.find(b"\\")
    while at >= 0:
        run = _BACKSLASHES.match(data, at)
        assert run is not None
        found = _ESCAPE.match(data, run.end() - 1) if (run.end() - at) % 2 else None
        if found is not None:
            yield found.span()
        at = data.find(b"\\", found.end() if found is not None else run.end())


def _character(data: bytes, start: int, end: int) -> str:
    return chr(int(data[end - 4 : end], 16))
