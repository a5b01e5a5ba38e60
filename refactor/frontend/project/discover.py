"""The front door: from what the user typed to a typed Project.

before: "shop/", "shop.git" with ref="v2", "maven:commons-cli:commons-cli:1.11.0"
after:  Project(name="shop", root=.., kind="maven", modules=(..), diagnostics=(..))
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from refactor.frontend.project.coordinates import fetch_coordinates
from refactor.frontend.project.git_ref import checkout, is_bare, is_repository
from refactor.frontend.project.gradle import is_gradle, read_gradle
from refactor.frontend.project.maven import read_maven
from refactor.frontend.project.model import Module, Project, ProjectKind
from refactor.frontend.project.mvn import cache_folder
from refactor.frontend.project.plain import read_plain
from refactor.frontend.project.pomxml import INPUT_UNREADABLE
from refactor.frontend.project.sources import Findings
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

COORDINATES_PREFIX = "maven:"
WRONG_USE = 2


def discover(path: str, *, ref: str | None = None, cache: Path | None = None, properties: Mapping[str, str] | None = None) -> Project:
    """Read a folder, a git repository (`ref` names a commit of it) or `maven:GROUP:ARTIFACT:VERSION`.

    `properties` are -D overrides for the build. Raises RefactorError: exit code 2 for wrong use, 3 where this machine
    lacks something, 4 where the input cannot be read or holds no Java. Everything less is a diagnostic of the result.
    """
    folder = cache_folder(cache)
    overrides = dict(properties or {})
    if path.startswith(COORDINATES_PREFIX):
        if ref is not None:
            raise _error("ref-with-coordinates", "a git ref does not go with Maven coordinates", "leave out --ref", WRONG_USE)
        root = fetch_coordinates(path.removeprefix(COORDINATES_PREFIX), folder)
        name = path.split(":")[2]
        return _assemble(name, root, path, "maven-coordinates", folder, overrides, Findings(root))
    given = Path(path).expanduser().absolute()
    _check_folder(given, path)
    findings: list[Diagnostic] = []
    root, origin = given, str(given)
    if ref is not None or is_bare(given):
        if not is_repository(given):
            message = f"{path} is not part of a git repository, so it has no ref {ref}"
            raise _error("not-a-repository", message, "leave out --ref, or name the repository", WRONG_USE)
        root, commit = checkout(given, ref or "HEAD", folder, findings)
        origin = f"{given}@{commit}"
    return _assemble(given.name.removesuffix(".git"), root, origin, None, folder, overrides, Findings(root, findings))


def _check_folder(given: Path, path: str) -> None:
    if not given.exists():
        raise _error("no-such-path", f"{path} does not exist", "PATH is a folder, a git repository, or maven:GROUP:ARTIFACT:VERSION")
    if not given.is_dir():
        raise _error("not-a-folder", f"{path} is a file, not a folder", "give the folder that holds the sources")
    try:
        empty = not any(given.iterdir())
    except OSError as error:
        raise _error("unreadable-folder", f"{path} cannot be listed: {error.strerror}", "make it readable") from None
    if empty:
        raise _error("empty-folder", f"{path} is empty", "give the folder that holds the sources")


def _assemble(
    name: str, root: Path, origin: str, kind: ProjectKind | None, cache: Path, properties: Mapping[str, str], findings: Findings
) -> Project:
    modules: tuple[Module, ...]
    found: ProjectKind
    if (root / "pom.xml").is_file():
        found, modules = "maven", read_maven(root, findings, properties, cache)
    elif is_gradle(root):
        found, modules = "gradle", read_gradle(root, findings, properties, cache)
    else:
        found, modules = "plain", read_plain(root, findings)
    if not any(module.main.files or module.test.files for module in modules):
        error = _error("no-java", f"{origin} holds no Java source that belongs to its build", "give the folder that holds the sources")
        raise RefactorError([*error.diagnostics, *findings.items], INPUT_UNREADABLE)
    return Project(name, root, origin, kind or found, modules, tuple(findings.items))


def _error(id: str, message: str, help: str, exit_code: int = INPUT_UNREADABLE) -> RefactorError:
    return RefactorError([Diagnostic(f"project/{id}", Severity.ERROR, message, help=help)], exit_code)
