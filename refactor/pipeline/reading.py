"""What of the input was not read: the answer of a command that only reads is then incomplete, and a split has no ground to stand on."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.ir.program import Program, Reference, RefKind
from refactor.ir.statements import Invoke, New, Unsupported
from refactor.ir.symbols import Origin
from refactor.pipeline.load import Loaded
from refactor.support.diagnostics import Diagnostic, Note, Severity
from refactor.support.source import Span

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



def unread(program: Program, severity: Severity = Severity.ERROR) -> Diagnostic | None:
    """Code of main sources that no rule can look at: syntax that was not understood, bodies that could not be lowered, and calls
    without a target that may be calls of the program's own methods. None where there is none.

    A call without a target whose name no method of the program has is a library's: the rules take it to do anything with what it is given.
    """
    found = sorted(_unread(program), key=lambda place: (place[0].file, place[0].start))
    if not found:
        return None
    notes = tuple(Note(why, span) for span, why in found[:_SHOWN])
    message = f"{len(found)} places in the main sources could not be read: no rule sees what they do with objects of other parts"
    help_ = "write them in another way, put what is missing on the class path, or accept them with --accept-unread (the plan says so)"
    return Diagnostic("split/unread", severity, message, found[0][0], notes, help_)


def _unread(program: Program) -> Iterator[tuple[Span, str]]:
    own = {(m.name, len(m.params)) for cls in program.classes.values() for m in cls.methods}
    for body, statement in program.statements():
        if program.classes[body.owner].origin is not Origin.MAIN:
            continue
        match statement:
            case Unsupported(span=span, what=what):
                yield span, what
            case Invoke(method=None, name_span=span, args=args, reason=reason):
                if (_text(program, span), len(args)) in own:
                    yield span, f"a call without a target: {reason}"
            case New(constructor=None, cls=cls, span=span) if cls in program.classes:
                yield span, f"a constructor of {cls} that is not resolved"
            case _:
                pass


def _text(program: Program, span: Span) -> str:
    return program.source(span.file)[span.start : span.end].decode("utf-8", "replace")


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
