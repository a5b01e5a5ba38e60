"""Literals as written, to constants: integers wrapped as Java wraps them, escapes, text blocks (JLS 3.10)."""

from __future__ import annotations

import re
import struct
from typing import Final

_UNICODE: Final = re.compile(r"\\(\\|u+([0-9a-fA-F]{4}))")
_ESCAPE: Final = re.compile(r"\\([0-3][0-7]{0,2}|[0-7]{1,2}|\r\n|.|\n)", re.DOTALL)
_SIMPLE: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "s": " ", '"': '"', "'": "'", "\\": "\\"}


def integer(text: str) -> tuple[str, int]:
    """`("int" | "long", value)`; hexadecimal, octal and binary literals wrap to negative numbers."""
    text = text.replace("_", "").lower()
    bits, kind = 32, "int"
    if text.endswith("l"):
        text, bits, kind = text[:-1], 64, "long"
    if text.startswith("0x"):
        value = int(text[2:], 16)
    elif text.startswith("0b"):
        value = int(text[2:], 2)
    elif text.startswith("0") and len(text) > 1:
        value = int(text, 8)
    else:
        return kind, int(text)  # 2147483648 may only stand after a minus, which wraps it back
    return kind, value - (1 << bits) if value >= 1 << (bits - 1) else value


def floating(text: str) -> tuple[str, float]:
    """`("float" | "double", value)`; a float literal is rounded to 32 bits."""
    text = text.replace("_", "").lower()
    is_hex = text.startswith("0x")
    kind = "double"
    if text.endswith("f"):
        text, kind = text[:-1], "float"
    elif text.endswith("d") and (not is_hex or "p" in text):
        text = text[:-1]
    value = float.fromhex(text) if is_hex else float(text)
    return kind, to_float(value) if kind == "float" else value


def to_float(value: float) -> float:
    """Round to the nearest 32-bit float."""
    try:
        rounded: float = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    return rounded


def _one_unicode(match: re.Match[str]) -> str:
    return chr(int(match.group(2), 16)) if match.group(2) else match.group(0)


def _one_escape(match: re.Match[str]) -> str:
    body = match.group(1)
    if body[0] in "01234567":
        return chr(int(body, 8))
    if body in ("\n", "\r\n"):
        return ""
    return _SIMPLE.get(body, body)


def unescape(text: str) -> str:
    """Unicode escapes (JLS 3.3), then escape sequences; surrogate pairs are joined."""
    if "\\" not in text:
        return text
    text = _ESCAPE.sub(_one_escape, _UNICODE.sub(_one_unicode, text))
    if any("\ud800" <= c <= "\udfff" for c in text):
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return text


def string(text: str) -> str:
    """The value of a string literal or text block, quotes included in `text`."""
    if text.startswith('"""'):
        return text_block(text)
    return unescape(text[1:-1])


def text_block(text: str) -> str:
    """JLS 3.10.6: strip the common indentation and trailing blanks, then interpret escapes."""
    body = text[3:-3].replace("\r\n", "\n").replace("\r", "\n")
    body = body[body.index("\n") + 1 :]
    lines = body.split("\n")
    counted = [line for line in lines if line.strip()]
    if lines and not lines[-1].strip() and lines[-1] not in counted:
        counted.append(lines[-1])
    indent = min((len(line) - len(line.lstrip()) for line in counted if line.strip()), default=len(lines[-1]))
    if not lines[-1].strip():
        indent = min(indent, len(lines[-1]))
    stripped = [line[indent:].rstrip(" \t\f") if line.strip() else "" for line in lines]
    return unescape("\n".join(stripped))


def character(text: str) -> int:
    """The UTF-16 code unit of a character literal."""
    body = unescape(text[1:-1])
    return ord(body[0]) if body else 0
