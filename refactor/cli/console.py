"""Where things go: data on stdout, progress and messages on stderr (coloured on a terminal)."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from refactor.pipeline.cache.answers import ERR, OUT, Recording
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.progress import spoken
from refactor.support.source import Span

_WARNINGS_OF_A_KIND = 3


@dataclass(frozen=True, slots=True)
class Console:
    """The two streams of one command, with its verbosity: -1 quiet, 0 normal, 1 verbose."""

    format: str = "text"
    verbosity: int = 0
    color: bool = True
    recording: Recording | None = None

    def out(self, text: str) -> None:
        """A line of the answer, on stdout."""
        self._echo(text, OUT)

    def say(self, text: str) -> None:
        """A line on stderr."""
        self._echo(text, ERR)

    def save(self, path: Path, text: str) -> None:
        """A file that was asked for."""
        path.write_text(text, encoding="utf-8")
        if self.recording is not None:
            self.recording.file(str(path), text.encode())

    def _echo(self, text: str, to: int) -> None:
        click.echo(text, err=to == ERR)
        if to == ERR:
            spoken()
        if self.recording is not None:
            self.recording.text(f"{text}\n", to)

    def progress(self, message: str) -> None:
        """One step that begins, on stderr."""
        if self.verbosity < 0:
            return
        coloured = self.color and sys.stderr.isatty()
        self.say(f"\033[1;36m>\033[0m {message}" if coloured else f"> {message}")
        spoken(message)

    def diagnostics(self, found: Iterable[Diagnostic]) -> None:
        """Diagnostics on stderr: every error, the first few warnings of each kind, all of them and notes when verbose."""
        shown: Counter[str] = Counter()
        for diagnostic in found:
            if diagnostic.severity is Severity.ERROR or self.verbosity > 0:
                self.say(diagnostic.render())
            elif diagnostic.severity is Severity.WARNING and self.verbosity == 0:
                shown[diagnostic.id] += 1
                if shown[diagnostic.id] <= _WARNINGS_OF_A_KIND:
                    self.say(diagnostic.render())
        for name, number in shown.items():
            if number > _WARNINGS_OF_A_KIND:
                self.say(f"warning[{name}]: {number - _WARNINGS_OF_A_KIND} more like this; -v shows them")

    def result(self, schema: str, data: Mapping[str, Any], text: str) -> None:
        """The command's answer: JSON with its schema, or text."""
        if self.format == "json":
            self.out(json.dumps({"schema": schema, **data}, indent=2, ensure_ascii=False))
        elif text:
            self.out(text)


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """One Diagnostic as JSON fields."""
    return {
        "id": diagnostic.id,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **place_json(diagnostic.span),
        "notes": [{"message": n.message, **place_json(n.span)} for n in diagnostic.notes],
        "help": diagnostic.help,
    }


def place_json(span: Span | None) -> dict[str, Any]:
    """`file`, `line`, `column`; nulls where there is no place."""
    if span is None:
        return {"file": None, "line": None, "column": None}
    return {"file": span.file, "line": span.line, "column": span.column}


def table(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """Plain aligned columns; numbers to the right."""
    cells = [tuple(str(c) for c in row) for row in rows]
    widths = [max(len(r[i]) for r in [header, *cells]) for i in range(len(header))]
    numeric = [all(_is_number(r[i]) for r in cells) and bool(cells) for i in range(len(header))]
    lines = []
    for row in [header, *cells]:
        parts = [c.rjust(w) if n else c.ljust(w) for c, w, n in zip(row, widths, numeric, strict=True)]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()
