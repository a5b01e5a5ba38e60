"""Copies of a project that is never written to: what they leave out, and the project with its paths in the copy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from refactor.frontend.project.model import Project
from refactor.frontend.project.sources import NEVER_SOURCE

_OUTPUTS = ("target", "build", "out", ".gradle")


def left_out(project: Project, needed: Iterable[Path]) -> Callable[[str, list[str]], set[str]]:
    """(folder, names in it) -> the names that a copy does without: version control, and build output that holds nothing `needed`."""
    wanted = set(needed)
    outputs = {project.root / m.path / name for m in project.modules for name in _OUTPUTS}
    outputs = {o for o in outputs if not any(w.is_relative_to(o) for w in wanted)}

    def ignored(folder: str, names: list[str]) -> set[str]:
        return {n for n in names if n in NEVER_SOURCE or (Path(folder) / n in outputs and (Path(folder) / n).is_dir())}

    return ignored


def copy_with(project: Project, changed: Mapping[str, bytes], folder: Path) -> None:
    """before: a project, files that are new or other than before, by path   after: `folder` has the project with those files

    What cannot be read is left out, as discovery leaves it out.
    """
    ignored = left_out(project, _paths(project))

    def unwanted(at: str, names: list[str]) -> set[str]:
        return ignored(at, names) | {n for n in names if not os.access(Path(at, n), os.R_OK)}

    shutil.copytree(project.root, folder, ignore=unwanted, ignore_dangling_symlinks=True, dirs_exist_ok=True)
    for path, data in changed.items():
        (folder / path).write_bytes(data)


def rebased(project: Project, folder: Path) -> Project:
    """The same project with every path below its root below `folder`, where a copy of it is."""
    moved = _rebased(project, project.root, folder)
    assert isinstance(moved, Project)
    return moved


def _paths(project: Project) -> Iterator[Path]:
    """What a project names: roots of sources and resources, jars of its own, its web application."""
    for module in project.modules:
        for sources in (module.main, module.test):
            yield from sources.java
            yield from (r.root for r in sources.resources)
        yield from module.jars
        if module.webapp is not None:
            yield module.webapp


def _rebased(value: Any, old: Path, new: Path) -> Any:
    if isinstance(value, Path):
        return new / value.relative_to(old) if value.is_relative_to(old) else value
    if isinstance(value, tuple):
        return tuple(_rebased(item, old, new) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: _rebased(getattr(value, f.name), old, new) for f in fields(value)}
        return replace(value, **{n: v for n, v in changed.items() if v is not getattr(value, n)})
    return value
