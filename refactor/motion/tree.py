"""The monolith after code motion: the sources in memory, and a tree on disk that every other pass reads as it would the original."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from refactor.frontend.project.copies import copy_with, rebased
from refactor.frontend.project.model import Project
from refactor.ir.program import Program
from refactor.isolate.plan import MovedPiece
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.source import apply_edits


def rewritten(program: Program, moved: Iterable[MovedPiece]) -> dict[str, bytes]:
    """before: a program and what moves   after: the files that are new or other than before, by path

    Raises RefactorError (exit code 2) where a source is no longer the one that the motion was made from.
    """
    pieces = tuple(moved)
    found: dict[str, bytes] = {}
    for piece in pieces:
        beside = posixpath.dirname(piece.file) == posixpath.dirname(piece.source) and piece.file not in program.files
        if piece.source not in program.files or not beside or not piece.file.endswith(".java"):
            message = f"{piece.file} is no new file beside a source of the program ({piece.source})"
            raise RefactorError([Diagnostic("plan/stale", Severity.ERROR, message)], 2)
        before = program.source(piece.source)
        if hashlib.sha256(before).hexdigest() != piece.sha256:
            message = f"{piece.source} is not the file that {piece.name} was taken from"
            help_ = "run `refactor split` without --plan to make a new one"
            raise RefactorError([Diagnostic("plan/stale", Severity.ERROR, message, help=help_)], 2)
        edits = [e for p in pieces if p.source == piece.source for e in p.edits]
        found[piece.source] = apply_edits(before, edits)
        found[piece.file] = piece.text.encode(piece.encoding)
    return found


def moved_tree(project: Project, changed: dict[str, bytes], folder: Path) -> Project:
    """before: a project, and files that are new or other than before   after: the project that a copy of it in `folder` is

    The original is not written to. Version control and build output are not copied, unless sources are there.
    """
    copy_with(project, changed, folder)
    moved = rebased(project, folder)
    modules = []
    for module in moved.modules:
        new = [p for p in changed if p not in module.main.files and _holds(module.main.java, folder / p)]
        main = replace(module.main, files=tuple(sorted({*module.main.files, *new})))
        modules.append(replace(module, main=main) if new else module)
    return replace(moved, modules=tuple(modules))


def _holds(roots: tuple[Path, ...], path: Path) -> bool:
    return any(path.is_relative_to(root) for root in roots)
