"""Named pieces become classes: the monolith that every later pass reads, where parts.toml or a plan names pieces."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from refactor.frontend.java.program import load_project
from refactor.frontend.project.model import Project
from refactor.ir.program import Program
from refactor.isolate.context import Analyses
from refactor.isolate.legalise import analyse
from refactor.isolate.pieces import Piece, groups_of
from refactor.isolate.plan import MovedPiece, Plan, Refusal
from refactor.motion.extract import extract
from refactor.motion.tree import moved_tree, rewritten
from refactor.partition.partsfile import PIECE, PartsFile, Pattern
from refactor.pipeline.load import Loaded
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Divided:
    """The monolith after code motion, and the parts.toml that speaks of its classes. `pieces` is empty where nothing moved."""

    project: Project
    program: Program
    parts_file: PartsFile | None
    pieces: tuple[MovedPiece, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()


@contextmanager
def divided(loaded: Loaded, parts_file: PartsFile | None, replay: Plan | None, progress: Progress) -> Iterator[Divided]:
    """before: a monolith, and pieces that parts.toml (or a plan to replay) names   after: the same program in other classes

    Where pieces moved, the result's project is a copy in a temporary folder that is gone afterwards. Raises RefactorError (exit
    code 2) for a piece that is none.
    """
    warnings: tuple[Diagnostic, ...] = ()
    if replay is not None:
        moved, names = replay.pieces, parts_file
    elif parts_file is not None and parts_file.pieces():
        progress("moving pieces of classes")
        wanted = _wanted(loaded.program, parts_file)
        motion = extract(wanted.analyses, wanted.classes)
        if motion.refusals:
            yield Divided(loaded.project, loaded.program, parts_file, (), motion.refusals, motion.warnings)
            return
        moved, warnings = motion.moved, motion.warnings
        by_entry = {text: tuple(dict.fromkeys(motion.names[p.name] for p in found)) for text, found in wanted.entries.items()}
        names = parts_file.in_place(by_entry)
    else:
        yield Divided(loaded.project, loaded.program, parts_file)
        return
    with tree_of(loaded, moved) as after:
        yield Divided(after.project, after.program, names, moved, (), warnings)


def refused(refusals: tuple[Refusal, ...]) -> list[Diagnostic]:
    """Refusals as errors, for commands that have no plan to show them in."""
    return [Diagnostic(r.rule, Severity.ERROR, r.message, r.span, (), r.help) for r in refusals]


@contextmanager
def tree_of(loaded: Loaded, moved: tuple[MovedPiece, ...]) -> Iterator[Loaded]:
    """before: a monolith and what moves in it   after: the monolith that comes out; itself where nothing moves"""
    if not moved:
        yield loaded
        return
    with tempfile.TemporaryDirectory(prefix="refactor-") as folder:
        project = moved_tree(loaded.project, rewritten(loaded.program, moved), Path(folder, "monolith"))
        yield Loaded(project, load_project(project))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """`classes`: class -> part -> pieces; `entries`: entry of parts.toml -> its pieces."""

    analyses: Analyses
    classes: dict[str, dict[str, list[Piece]]]
    entries: dict[str, list[Piece]]


def _wanted(program: Program, parts_file: PartsFile) -> _Wanted:
    analyses = analyse(program, frozenset({"final", "any"}))
    classes: dict[str, dict[str, list[Piece]]] = {}
    entries: dict[str, list[Piece]] = {}
    taken: dict[str, tuple[str, Pattern]] = {}
    found: list[Diagnostic] = []
    for part, entry in parts_file.pieces():
        name, _, label = entry.text.partition(PIECE)
        cls = program.classes.get(name)
        if cls is None or cls.outer is not None or analyses.facts.is_test(name):
            near = difflib.get_close_matches(name, [c.name for c in program.top_level()], n=1)
            help_ = f"did you mean {near[0]!r}?" if near else ""
            found.append(Diagnostic("parts/unknown-class", Severity.ERROR, f"{name!r} is no top-level class", entry.span, (), help_))
            continue
        groups = [p for p in groups_of(analyses, cls) if not p.copied]
        here = [p for p in groups if _matches(p, label)]
        if not here:
            found.append(_unknown(entry, groups))
        for piece in here:
            other = taken.setdefault(piece.name, (part, entry))
            if other[0] != part:
                message = f"{entry.text} and {other[1].text} are one group of methods, which cannot be in {part!r} and in {other[0]!r}"
                found.append(Diagnostic("parts/twice", Severity.ERROR, message, entry.span, help="name it in one part"))
            elif other[1] is entry:
                classes.setdefault(name, {}).setdefault(part, []).append(piece)
        entries[entry.text] = here
    if found:
        raise RefactorError(found, 2)
    return _Wanted(analyses, classes, entries)


def _matches(piece: Piece, label: str) -> bool:
    """Whether a group has a method of that name, or of that name and erased parameters."""
    shown = (key.partition("#")[2] for key in piece.methods)
    return any(label in (m.partition("(")[0], m.rpartition(")")[0] + ")") for m in shown)


def _unknown(entry: Pattern, groups: Sequence[Piece]) -> Diagnostic:
    labels = [p.name.partition(PIECE)[2] for p in groups]
    near = difflib.get_close_matches(entry.text.partition(PIECE)[2], labels, n=1)
    help_ = f"did you mean {near[0]!r}?" if near else f"its groups are: {', '.join(labels) or 'none'}"
    return Diagnostic("parts/unknown-piece", Severity.ERROR, f"{entry.text!r} is no method that could move", entry.span, (), help_)
