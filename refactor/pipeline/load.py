"""From PATH to a Program: discovery and the front end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from refactor.frontend.java.program import load_project
from refactor.frontend.lombok.written import write_out
from refactor.frontend.project.discover import discover
from refactor.frontend.project.model import Project
from refactor.ir.program import Program
from refactor.support.diagnostics import RefactorError

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    project: Project
    program: Program


def load_program(
    path: str,
    *,
    progress: Progress,
    ref: str | None = None,
    properties: Mapping[str, str] | None = None,
    jobs: int | None = None,
    bodies: bool = True,
) -> Loaded:
    """Discover the project at `path` and read its sources; without `bodies`, only declarations and references.

    Raises RefactorError with exit code 4 where there is nothing to read, 3 where this machine lacks what resolves its libraries.
    """
    progress(f"reading {path}")
    project = write_out(discover(path, ref=ref, properties=properties or {}))
    count = sum(len(m.main.files) + len(m.test.files) for m in project.modules)
    progress(f"parsing {count} files")
    try:
        return Loaded(project, load_project(project, jobs=jobs, bodies=bodies))
    except RefactorError as error:  # what discovery found is often the cause: a parent or a bill of materials out of reach
        raise RefactorError([*project.diagnostics, *error.diagnostics], error.exit_code) from error
