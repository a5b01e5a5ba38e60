"""A published library as a project: its source jars, unpacked the way Maven lays out a module.

before: commons-cli:commons-cli:1.11.0
after:  <cache>/coordinates/commons-cli/commons-cli/1.11.0/ with pom.xml, src/main/{java,resources}, src/test/{java,resources}
"""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from refactor.frontend.project.mvn import (
    DEPENDENCY_PLUGIN,
    MACHINE_LACKS,
    run_maven,
)
from refactor.frontend.project.mvn_log import errors_of, out_of_reach
from refactor.frontend.project.pomxml import INPUT_UNREADABLE
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

_LAYOUT = "2"
"""Part of the cache path: a change of the layout below must not meet trees of the old one."""
_WRONG_USE = 2
_NOT_THERE = ("Could not find artifact", "was not found in")
"""Maven's two ways to say that the registry answered and does not have it; a registry out of reach is said otherwise."""
_NOT_RESOURCES = ("META-INF/MANIFEST.MF", "META-INF/maven/")


def fetch_coordinates(coordinates: str, cache: Path) -> Path:
    """The unpacked folder of GROUP:ARTIFACT:VERSION, downloaded once.

    Raises RefactorError: 2 for coordinates that are none, 3 without Maven or network, 4 where nobody publishes them or
    they come without sources.
    """
    parts = coordinates.split(":")
    if len(parts) != 3 or not all(re.fullmatch(r"[A-Za-z0-9_.\-]+", part) and part.strip(".") for part in parts):
        message = f"maven:{coordinates} is not maven:GROUP:ARTIFACT:VERSION"
        raise _error("bad-coordinates", message, "for example maven:commons-cli:commons-cli:1.11.0", _WRONG_USE)
    target = cache / f"coordinates-{_LAYOUT}" / Path(*parts)
    if (target / "pom.xml").is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        downloads, tree = Path(scratch) / "jars", Path(scratch) / "tree"
        downloads.mkdir()
        group, artifact, _ = parts
        pom = _download(coordinates, "pom", "", downloads)
        sources = _download(coordinates, "jar", "sources", downloads)
        if pom is None or sources is None:
            missing = "it is not published" if pom is None else "it is published without a -sources jar"
            raise _error("unknown-coordinates", f"{coordinates}: {missing}", "check the coordinates; this way needs published sources")
        unpack(sources, tree, "main")
        tests = _download(coordinates, "jar", "test-sources", downloads)
        if tests is not None:
            unpack(tests, tree, "test")
        original = _embedded_pom(group, artifact, (sources, _download(coordinates, "jar", "", downloads)))
        (tree / "pom.xml").write_bytes(original or pom.read_bytes())
        if not target.is_dir():
            tree.rename(target)
    return target


def unpack(jar: Path, tree: Path, source_set: str) -> None:
    """.java files below src/<set>/java, everything else that is a resource below src/<set>/resources.

    Refuses entries that would leave the folder.
    """
    with zipfile.ZipFile(jar) as archive:
        for entry in sorted(archive.infolist(), key=lambda e: e.filename):
            name = entry.filename
            if entry.is_dir() or name.startswith(_NOT_RESOURCES):
                continue
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name:
                raise _error("unsafe-archive", f"{jar.name} holds an entry outside its own folder: {name}", "do not use this jar")
            destination = tree / "src" / source_set / ("java" if name.endswith(".java") else "resources") / path
            destination.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, destination.open("wb") as sink:
                shutil.copyfileobj(source, sink)


def _download(coordinates: str, type: str, classifier: str, folder: Path) -> Path | None:
    """One published file, or None where Maven says that it does not exist."""
    _, artifact, version = coordinates.split(":")
    name = f"{artifact}-{version}{f'-{classifier}' if classifier else ''}.{type}"
    full = f"{coordinates}:{type}{f':{classifier}' if classifier else ''}"
    finished = run_maven(
        [f"{DEPENDENCY_PLUGIN}:copy", f"-Dartifact={full}", f"-DoutputDirectory={folder}", "-Dmdep.useBaseVersion=true"],
        cwd=folder,
        log=folder / f"{name}.log",
    )
    if finished.ok and (folder / name).is_file():
        return folder / name
    message = errors_of(finished)
    if out_of_reach(finished) or not any(sign in finished.text() for sign in _NOT_THERE):
        raise _error(
            "download-failed", f"{full} could not be downloaded: {message}", "connect to a Maven registry, then run again", MACHINE_LACKS
        )
    return None


def _embedded_pom(group: str, artifact: str, jars: tuple[Path | None, ...]) -> bytes | None:
    """The pom.xml that the build put into a jar: the published one may be flattened and lack the tests' dependencies."""
    for jar in jars:
        if jar is None:
            continue
        with zipfile.ZipFile(jar) as archive:
            name = f"META-INF/maven/{group}/{artifact}/pom.xml"
            if name in archive.namelist():
                return archive.read(name)
    return None


def _error(id: str, message: str, help: str, exit_code: int = INPUT_UNREADABLE) -> RefactorError:
    return RefactorError([Diagnostic(f"project/{id}", Severity.ERROR, message, help=help)], exit_code)
