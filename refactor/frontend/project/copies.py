"""Copies of a project that is never written to: what they leave out, and the project with its paths in the copy."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from refactor.frontend.project.model import Project
from refactor.frontend.project.sources import NEVER_SOURCE

_OF_TOOLS = frozenset({
    # editors
    ".vscode", ".vs", ".fleet", ".run", ".zed", ".classpath", ".project", ".factorypath", ".editorconfig", ".devcontainer",
    # agents
    ".claude", ".cursor", ".aider.conf.yml", ".windsurf", ".continue", ".junie", "AGENTS.md", "CLAUDE.md", "GEMINI.md", ".cursorrules",
    ".cursorignore", ".windsurfrules",
    # version control and the monolith's CI
    ".gitignore", ".gitattributes", ".gitmodules", ".mailmap", ".github", ".gitlab", ".gitlab-ci.yml", ".circleci", ".travis.yml",
    "Jenkinsfile", "azure-pipelines.yml", "appveyor.yml", ".appveyor.yml", "bitbucket-pipelines.yml", ".drone.yml", ".woodpecker.yml",
    ".woodpecker", ".buildkite", ".semaphore", ".teamcity", "codecov.yml", ".codecov.yml", "renovate.json", "dependabot.yml", ".husky",
    ".pre-commit-config.yaml", ".ci", "sonar-project.properties",
})  # fmt: skip
"""Files and folders beside the program that are for those who work on the monolith."""
_OUTPUTS = ("target", "build", "out", ".gradle")


def tool_files(project: Project) -> frozenset[str]:
    """Names of editors', agents' and CI's files: none of the program's own, but for those that its tests name."""
    named = frozenset(name for name in _OF_TOOLS)
    for _, is_test, file in project.java_files():
        if is_test and named:
            with contextlib.suppress(OSError):
                text = (project.root / file).read_bytes()
                named = frozenset(name for name in named if name.encode() not in text)
    return named


def beside_sources(below: Path) -> bool:
    """Whether a path lies where such files do: a resource of the program may have any name."""
    return "src" not in below.parts


def left_out(project: Project, needed: Iterable[Path]) -> Callable[[str, list[str]], set[str]]:
    """(folder, names in it) -> names that a copy does without: version control, tools' files, build output that holds nothing `needed`."""
    wanted = set(needed)
    outputs = {project.root / m.path / name for m in project.modules for name in _OUTPUTS}
    outputs = {o for o in outputs if not any(w.is_relative_to(o) for w in wanted)}
    tools = frozenset(n for n in tool_files(project) if not any(n in w.parts for w in wanted))

    def ignored(folder: str, names: list[str]) -> set[str]:
        unwanted = NEVER_SOURCE | tools if beside_sources(Path(folder).relative_to(project.root)) else NEVER_SOURCE
        return {n for n in names if n in unwanted or (Path(folder) / n in outputs and (Path(folder) / n).is_dir())}

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
