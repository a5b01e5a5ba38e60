"""Programs from text, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from refactor.frontend.java.files import JavaFile
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.program import load
from refactor.ir.check import check
from refactor.ir.program import Program


@cache
def platform() -> JavaLibrary:
    """The platform's classes, decoded once for all tests."""
    return JavaLibrary(())


def load_text(root: Path, files: Mapping[str, str | bytes], encoding: str = "UTF-8") -> Program:
    """The checked Program of these files, written below `root`."""
    found = []
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        found.append(JavaFile(name, path, encoding=encoding))
    program = load(root, found, platform())
    violations = check(program)
    assert violations == (), "\n".join(d.render() for d in violations)
    return program


def targets(program: Program) -> dict[str, str | None]:
    """`line:column` -> target of every member reference of a single-file program."""
    (references,) = program.references.values()
    return {f"{r.span.line}:{r.span.column}": r.target for r in references if r.kind.value != "type"}
