"""Escapes of characters that no parser takes as they are: literals keep them, and the file is read."""

from __future__ import annotations

from pathlib import Path

from refactor.frontend.java.library import JavaLibrary
from refactor.pipeline.fuzz.split import read

SOURCE = r"""package p;
class A {
    static final char NUL = '\u0000', BELL = '\uu0007', TOP = '\uffff', LETTER = '\u0041';
    static final String TEXT = "\u0000\u2028" + "\u001b[0m"; // \u0000
    char of(char c) { return c == '\u0000' ? '\u0001' : c; }
}
"""


def test_control_characters_in_literals_are_read(tmp_path: Path) -> None:
    program = read(tmp_path, {"p/A.java": SOURCE}, JavaLibrary((), 17)).program
    assert not program.diagnostics
    constants = {f.name: f.constant for c in program.top_level() for f in c.fields}
    assert constants == {"NUL": "\0", "BELL": "\x07", "TOP": "\uffff", "LETTER": "A", "TEXT": "\0\u2028\x1b[0m"}
