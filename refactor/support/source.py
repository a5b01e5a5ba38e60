"""Source spans: where in the user's files a thing stands."""

from __future__ import annotations

from dataclasses import dataclass

from refactor.support.fast_init import fast_init


@fast_init
@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open byte range of one file.

    `file` is the POSIX path relative to the project root. `start` and `end` are byte offsets.
    `line` and `column` are those of `start`, counted from 1; the column counts characters, not bytes.
    """

    file: str
    start: int
    end: int
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the bytes [start, end) of `file` by `text` (UTF-8). start == end inserts."""

    file: str
    start: int
    end: int
    text: str
    reason: str = ""


def apply_edits(source: bytes, edits: list[Edit]) -> bytes:
    """Splice `edits` into `source`.

    before: b"a.x = 1;", [Edit(f, 0, 7, "a.set$x(1)")]  after: b"a.set$x(1);"
    Raises ValueError where two edits overlap: an overlap is a defect of the pass that made them.
    """
    out: list[bytes] = []
    at = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start < at:
            raise ValueError(f"overlapping edits at byte {edit.start} of {edit.file}: {edit.reason}")
        out.append(source[at : edit.start])
        out.append(edit.text.encode())
        at = edit.end
    out.append(source[at:])
    return b"".join(out)
