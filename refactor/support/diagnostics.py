"""The one Diagnostic type: what every pass says when it cannot keep going, or wants to be heard."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from refactor.support.source import Span


class Severity(Enum):
    """ERROR stops the command with exit code 1 or 4; WARNING and NOTE never do."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Note:
    """A secondary place or remark of a Diagnostic."""

    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with a stable id (`layer/kebab-case`, e.g. `java/syntax-error`), a cause, and a way out (`help`)."""

    id: str
    severity: Severity
    message: str
    span: Span | None = None
    notes: tuple[Note, ...] = ()
    help: str = ""

    def render(self) -> str:
        """Plain text: `file:line:column: severity[id]: message`, then notes and help, one a line."""
        place = f"{self.span}: " if self.span else ""
        lines = [f"{place}{self.severity.value}[{self.id}]: {self.message}"]
        for note in self.notes:
            lines.append(f"  note: {note.span}: {note.message}" if note.span else f"  note: {note.message}")
        if self.help:
            lines.append(f"  help: {self.help}")
        return "\n".join(lines)


class RefactorError(Exception):
    """Ends a command. `exit_code` as documented in the README (1 the answer is no, 2 wrong use, 3 machine, 4 input)."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...] | list[Diagnostic], exit_code: int) -> None:
        super().__init__("\n".join(d.render() for d in diagnostics))
        self.diagnostics = tuple(diagnostics)
        self.exit_code = exit_code
