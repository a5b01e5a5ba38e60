"""Where things go: data on stdout, progress and messages on stderr (rich with a terminal, plain lines without)."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import click
from rich.console import Console as RichConsole

from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.source import Span

_WARNINGS_OF_A_KIND = 3


@dataclass(frozen=True, slots=True)
class Console:
    """The two streams of one command, with its verbosity: -1 quiet, 0 normal, 1 verbose."""

    format: str = "text"
    verbosity: int = 0
    color: bool = True

    def progress(self, message: str) -> None:
        """One step that begins, on stderr."""
        if self.verbosity < 0:
            return
        if self.color and sys.stderr.isatty():
            RichConsole(stderr=True).print(f"[bold cyan]>[/] {message}", highlight=False)
        else:
            click.echo(f"> {message}", err=True)

    def diagnostics(self, found: Iterable[Diagnostic]) -> None:
        """Diagnostics on stderr: every error, the first few warnings of each kind, all of them and notes when verbose."""
        shown: Counter[str] = Counter()
        for diagnostic in found:
            if diagnostic.severity is Severity.ERROR or self.verbosity > 0:
                click.echo(diagnostic.render(), err=True)
            elif diagnostic.severity is Severity.WARNING and self.verbosity == 0:
                shown[diagnostic.id] += 1
                if shown[diagnostic.id] <= _WARNINGS_OF_A_KIND:
                    click.echo(diagnostic.render(), err=True)
        for name, number in shown.items():
            if number > _WARNINGS_OF_A_KIND:
                click.echo(f"warning[{name}]: {number - _WARNINGS_OF_A_KIND} more like this; -v shows them", err=True)

    def result(self, schema: str, data: Mapping[str, Any], text: str) -> None:
        """The command's answer: JSON with its schema, or text."""
        if self.format == "json":
            click.echo(json.dumps({"schema": schema, **data}, indent=2, ensure_ascii=False))
        elif text:
            click.echo(text)


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
