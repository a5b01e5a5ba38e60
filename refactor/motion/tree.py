"""The monolith after code motion: the sources in memory, and a tree on disk that every other pass reads as it would the original."""

from __future__ import annotations

import hashlib
import os
import posixpath
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from refactor.frontend.project.model import Project
from refactor.frontend.project.sources import NEVER_SOURCE
from refactor.ir.program import Program
from refactor.isolate.plan import MovedPiece
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.source import apply_edits

_OUTPUT = "target"


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
    wanted = {project.root / path for _, _, path in project.java_files()} | set(_paths(project))
    _copy(project.root, folder, wanted)
    for path, data in changed.items():
        (folder / path).write_bytes(data)
    moved = _rebased(project, project.root, folder)
    assert isinstance(moved, Project)
    modules = []
    for module in moved.modules:
        new = [p for p in changed if p not in module.main.files and _holds(module.main.java, folder / p)]
        main = replace(module.main, files=tuple(sorted({*module.main.files, *new})))
        modules.append(replace(module, main=main) if new else module)
    return replace(moved, modules=tuple(modules))


def _holds(roots: tuple[Path, ...], path: Path) -> bool:
    return any(path.is_relative_to(root) for root in roots)


def _copy(source: Path, target: Path, wanted: set[Path]) -> None:
    def left_out(folder: str, names: list[str]) -> Iterator[str]:
        for name in names:
            path = Path(folder, name)
            built = name == _OUTPUT and path.is_dir() and not any(w.is_relative_to(path) for w in wanted)
            if name in NEVER_SOURCE or built:
                yield name

    shutil.copytree(
        source, target, ignore=lambda folder, names: set(left_out(folder, names)), dirs_exist_ok=True, copy_function=_copy_file,
        ignore_dangling_symlinks=True,
    )  # fmt: skip


def _copy_file(source: str, target: str) -> str:
    """As shutil.copy2, but what cannot be read is left out, as discovery leaves it out."""
    if os.access(source, os.R_OK):
        shutil.copy2(source, target)
    return target


def _paths(value: Any) -> Iterator[Path]:
    """Every path inside a frozen value."""
    if isinstance(value, Path):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _paths(item)
    elif is_dataclass(value):
        for f in fields(value):
            if f.name != "root" or not isinstance(value, Project):
                yield from _paths(getattr(value, f.name))


def _rebased(value: Any, old: Path, new: Path) -> Any:
    """The same value with every path below `old` below `new`."""
    if isinstance(value, Path):
        return new / value.relative_to(old) if value.is_relative_to(old) else value
    if isinstance(value, tuple):
        return tuple(_rebased(item, old, new) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: _rebased(getattr(value, f.name), old, new) for f in fields(value)}
        return replace(value, **{n: v for n, v in changed.items() if v is not getattr(value, n)})
    return value
