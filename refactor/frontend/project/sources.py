"""Listing source sets: which .java files lie below which roots, and what could not be read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from refactor.frontend.project.model import ResourceRoot, SourceSet
from refactor.support.diagnostics import Diagnostic, Severity

NEVER_SOURCE = frozenset({".git", ".hg", ".svn", ".gradle", ".idea", ".settings", ".mvn", "node_modules", "__pycache__", ".venv"})

UNREACHABLE = "registry-unreachable"
"""The finding where Maven was asked and the network did not answer: what is missing then is missing on this machine."""


@dataclass(slots=True)
class Findings:
    """The diagnostics of one discovery, in the order found; shared by the readers of one project."""

    root: Path
    items: list[Diagnostic] = field(default_factory=list)

    def add(self, id: str, message: str, help: str = "", severity: Severity = Severity.WARNING) -> None:
        diagnostic = Diagnostic(f"project/{id}", severity, message, help=help)
        if diagnostic not in self.items:
            self.items.append(diagnostic)

    def shown(self, path: Path) -> str:
        """`path` as a person would name it: relative to the project where it lies inside."""
        return relative(path, self.root) if path.is_relative_to(self.root) else str(path)


def relative(path: Path, root: Path) -> str:
    """POSIX, relative to `root`; `.` for the root itself."""
    return path.relative_to(root).as_posix()


def artifact_name(name: str) -> str:
    """before: "my shop+1"  after: "my-shop-1", which Maven takes for an artifactId."""
    return re.sub(r"[^A-Za-z0-9_.\-]+", "-", name).strip("-.") or "monolith"


def walk(folder: Path, findings: Findings, skip: frozenset[str] = NEVER_SOURCE) -> Iterator[tuple[Path, list[str]]]:
    """Folders below `folder` with their file names, both sorted. Symbolic links are followed once, so a loop ends.

    A folder that cannot be listed becomes a diagnostic.
    """

    def report(error: OSError) -> None:
        findings.add("unreadable-folder", f"{findings.shown(Path(error.filename))} cannot be listed: {error.strerror}")

    seen: set[tuple[int, int]] = set()
    for current, names, files in os.walk(folder, onerror=report, followlinks=True):
        status = os.stat(current)
        if (status.st_dev, status.st_ino) in seen:
            names.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        names[:] = sorted(n for n in names if n not in skip)
        yield Path(current), sorted(files)


def readable(path: Path, findings: Findings) -> bool:
    """Whether the file can be opened; where not, the diagnostic says so and the file is left out."""
    if os.access(path, os.R_OK) and path.is_file():
        return True
    reason = "is a symbolic link to nothing" if path.is_symlink() and not path.exists() else "is not readable"
    findings.add("unreadable-file", f"{findings.shown(path)} {reason}; it is left out", help="make it readable, then run again")
    return False


def source_set(java: Sequence[Path], resources: Iterable[ResourceRoot], findings: Findings) -> SourceSet:
    """The source set of these roots: those that exist, and every readable .java file below them."""
    roots: list[Path] = []
    for root in java:
        if root.is_dir() and root not in roots:
            roots.append(root)
    files: set[str] = set()
    for root in roots:
        if not root.is_relative_to(findings.root):
            findings.add("source-outside", f"source root {root} lies outside the project; its files are left out")
            continue
        for folder, names in walk(root, findings):
            for name in names:
                if name.endswith(".java") and readable(folder / name, findings):
                    files.add(relative(folder / name, findings.root))
    return SourceSet(tuple(roots), tuple(r for r in resources if r.root.is_dir()), tuple(sorted(files)))
