"""What of the input was not read: the answer of a command that only reads is then incomplete, and a split has no ground to stand on."""

from __future__ import annotations

from refactor.ir.program import Program, Reference, RefKind
from refactor.ir.symbols import Origin
from refactor.pipeline.load import Loaded
from refactor.support.diagnostics import Diagnostic, Note, Severity

INPUT_UNREADABLE = 4
_LEFT_OUT = frozenset({"project/unreadable-file", "project/unreadable-folder", "project/missing-object"})
"""Warnings that stand for files of the project which are not among those read; errors do in any case."""
_SHOWN = 5


def left_out(loaded: Loaded) -> tuple[Diagnostic, ...]:
    """What says that files, or parts of them, are not in the Program."""
    found = (*loaded.project.diagnostics, *loaded.program.diagnostics)
    return tuple(d for d in found if d.severity is Severity.ERROR or d.id in _LEFT_OUT)


def exit_code(loaded: Loaded) -> int:
    """Of a command that gives its answer from what could be read: 4 where that was not everything."""
    return INPUT_UNREADABLE if left_out(loaded) else 0


def unknown_types(program: Program, severity: Severity = Severity.ERROR) -> Diagnostic | None:
    """Names of types in main sources that are nowhere: no part that has them would compile. None where all are known."""
    gone = _unresolved(program)
    if not gone:
        return None
    notes = tuple(Note(reference.reason or "no such type", reference.span) for reference in gone[:_SHOWN])
    message = f"{len(gone)} names of types in the main sources are not resolved, so nothing that uses them can be checked or emitted"
    help_ = "generate the sources that the build makes, or put the missing library on the class path"
    return Diagnostic("java/unknown-types", severity, message, gone[0].span, notes, help_)



def unresolved_types(program: Program) -> int:
    """How many names of types in main sources are nowhere."""
    return len(_unresolved(program))


def _unresolved(program: Program) -> list[Reference]:
    return [
        reference
        for file in sorted(program.files)
        if program.files[file].origin is Origin.MAIN
        for reference in program.references[file]
        if reference.kind is RefKind.TYPE and reference.target is None
    ]
