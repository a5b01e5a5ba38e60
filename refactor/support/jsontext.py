"""Indented JSON, quickly: the text of `json.dumps(value, indent=1)`, whose encoder leaves C for Python as soon as it indents."""

from __future__ import annotations

import json
from json.encoder import encode_basestring_ascii
from typing import Any


def indented(value: Any) -> str:
    """The JSON text of dicts with text keys, lists, tuples, text, numbers, booleans and None; one blank per level of nesting.

    before: {"a": [1], "b": {}}   after: '{\\n "a": [\\n  1\\n ],\\n "b": {}\\n}'
    """
    pieces: list[str] = []
    _write(value, "\n", pieces)
    return "".join(pieces)


def _write(value: Any, line: str, to: list[str]) -> None:
    """`line`: the line break and the indentation of the value's own line."""
    if isinstance(value, str):
        to.append(encode_basestring_ascii(value))
    elif isinstance(value, dict) and value:
        inner = line + " "
        before = "{" + inner
        for key, item in value.items():
            to.append(f"{before}{encode_basestring_ascii(key)}: ")
            _write(item, inner, to)
            before = "," + inner
        to.append(line + "}")
    elif isinstance(value, list | tuple) and value:
        inner = line + " "
        before = "[" + inner
        for item in value:
            to.append(before)
            _write(item, inner, to)
            before = "," + inner
        to.append(line + "]")
    else:
        to.append(json.dumps(value))
