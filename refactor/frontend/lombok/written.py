"""A project that uses Lombok -> the same project with its annotations written out, in a copy.

before: Project(root=shop/), a file of it with @Getter
after:  Project(root=cache/written-out/3f../, rewritten=(("src/main/java/shop/Order.java", shop/src/..),)), with the getter in that file
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from refactor.frontend.java.build_declarations import UnitBuilder
from refactor.frontend.java.deep import deep, on_thread
from refactor.frontend.java.files import JavaFile, Source
from refactor.frontend.java.parse import parse
from refactor.frontend.lombok.config import settings_of
from refactor.frontend.lombok.expand import expand
from refactor.frontend.project.classpath import resolve_libraries
from refactor.frontend.project.copies import copy_with, rebased
from refactor.frontend.project.model import Module, Project
from refactor.frontend.project.mvn import cache_folder, digest
from refactor.frontend.project.sources import NEVER_SOURCE
from refactor.ir.symbols import Origin
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.source import Span, apply_edits

_FORM = "1"
"""Part of the cache key: a change of what is written out must not meet copies of the old form."""
_VAL = re.compile(rb"\bval\b(?=\s+[A-Za-z_$][\w$]*\s*[=:])")
_OUTPUTS = ("target", "build")


def write_out(project: Project, cache: Path | None = None) -> Project:
    """The project to read in place of `project`, which is returned itself where nothing names Lombok.

    Lines stay what they were. What cannot be written out is an error among the diagnostics of the result; `rewritten` tells where
    the files are that the user wrote.
    """
    with deep():
        changed, said = on_thread(lambda: _expanded(project))
    if not changed:
        return project
    shown = project.root / next(iter(sorted(changed)))
    note = Diagnostic(
        "lombok/written-out",
        Severity.NOTE,
        f"Lombok's annotations in {len(changed)} files are written out, as delombok does",
        Span(shown.relative_to(project.root).as_posix(), 0, 0, 1, 1),
    )
    content = [part for path in sorted(changed) for part in (path, changed[path])]
    folder = cache_folder(cache) / "written-out" / digest([_FORM, str(project.root), *_state(project), *content])
    if not folder.is_dir():
        _copy(project, changed, folder)
    before = tuple((path, project.root / path) for path in sorted(changed))
    return replace(rebased(project, folder), rewritten=before, diagnostics=(*project.diagnostics, note, *said))


def _expanded(project: Project) -> tuple[dict[str, bytes], list[Diagnostic]]:
    builder = UnitBuilder()
    found: dict[str, bytes] = {}
    said: list[Diagnostic] = []
    keys: set[str] = set()
    versions: dict[str, tuple[int, ...]] = {}
    for module, is_test, path in project.java_files():
        absolute = project.root / path
        try:
            raw = absolute.read_bytes()
        except OSError:
            continue
        if b"lombok" not in raw:
            continue
        if module.path not in versions:
            versions[module.path] = _version(project, module)
        parsed = parse(JavaFile(path, absolute, module.name, Origin.TEST if is_test else Origin.MAIN, module.encoding), builder)
        if parsed.source is None or parsed.source.unit is None or parsed.source.encoding != "utf-8":
            continue  # the front end says so
        settings, unknown = settings_of(absolute.parent, project.root)
        keys.update(unknown)
        data = parsed.source.data if not raw.startswith(b"\xef\xbb\xbf") else raw
        tree = builder.parser.parse(parsed.source.data).root_node
        expansion = expand(path, parsed.source.unit, tree, parsed.source.data, settings, versions[module.path])
        if expansion is None:
            continue
        said.extend(_unread(parsed.source, start, end, what) for start, end, what in expansion.unread)
        text = apply_edits(data, expansion.edits)
        if b"lombok.val" in data or b"lombok.*" in data:
            text = _VAL.sub(b"final var", text)
        if text != raw:
            found[path] = text
    said.extend(
        Diagnostic("lombok/setting", Severity.ERROR, f"the setting {key} of lombok.config is not understood", help=_HELP)
        for key in sorted(keys)
    )
    return found, said


_HELP = "write it out with `java -jar lombok.jar delombok src -d out`, and split that"


def _unread(source: Source, start: int, end: int, what: str) -> Diagnostic:
    message = f"Lombok's {what} is not read: the members that it makes are unknown"
    return Diagnostic("lombok/unread", Severity.ERROR, message, source.span(start, end), help=_HELP)


def _version(project: Project, module: Module) -> tuple[int, ...]:
    """The version of Lombok that compiles the module; the newest form where it cannot be told."""
    paths = [p for plugin in module.plugins for p in plugin.annotation_processor_paths]
    with contextlib.suppress(RefactorError):  # told by whoever needs the class path
        paths += [r.dependency for r in resolve_libraries(project, module)]
    found = next((p.version for p in paths if (p.group, p.artifact) == ("org.projectlombok", "lombok")), "")
    return tuple(int(n) for n in re.findall(r"\d+", found)[:3]) or (9,)


def _state(project: Project) -> Iterator[str]:
    """What tells two states of the project's other files apart: names, sizes, times."""
    for folder, below, names in os.walk(project.root):
        below[:] = sorted(n for n in below if n not in NEVER_SOURCE and n not in _OUTPUTS)
        for name in sorted(names):
            status = os.lstat(os.path.join(folder, name))
            yield f"{folder}/{name}:{status.st_size}:{status.st_mtime_ns}"


def _copy(project: Project, changed: dict[str, bytes], folder: Path) -> None:
    """Write beside the place, then rename: two runs never see half a copy."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        fresh = Path(scratch) / "copy"
        copy_with(project, changed, fresh)
        if not folder.is_dir():
            fresh.rename(folder)
