"""The front door: from what the user typed to a typed Project.

before: "shop/", "shop.git" with ref="v2", "maven:commons-cli:commons-cli:1.11.0"
after:  Project(name="shop", root=.., kind="maven", modules=(..), diagnostics=(..))
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from refactor.frontend.project.coordinates import fetch_coordinates
from refactor.frontend.project.git_ref import checkout, is_bare, is_repository
from refactor.frontend.project.gradle import BUILD_FILES as GRADLE_FILES
from refactor.frontend.project.gradle import is_gradle, read_gradle
from refactor.frontend.project.maven import read_maven
from refactor.frontend.project.model import Module, Project, ProjectKind
from refactor.frontend.project.mvn import cache_folder
from refactor.frontend.project.plain import read_plain
from refactor.frontend.project.pomxml import INPUT_UNREADABLE
from refactor.frontend.project.sources import Findings, walk
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

COORDINATES_PREFIX = "maven:"
WRONG_USE = 2
_NESTED_DEPTH = 2


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
    given = absolute(path)
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


def absolute(path: str) -> Path:
    """before: "../shop"   after: /home/me/shop, as the file system understands `..`: paths are compared by their text later"""
    given = Path(path).expanduser()
    return given.resolve() if ".." in given.parts else given.absolute()


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
    found, modules = _read_build(root, properties, cache, findings)
    if not modules:
        found, modules = _read_nested(root, properties, cache, findings)
    if not modules:
        modules = read_plain(root, findings)
    _report_other_languages(modules, findings)
    if not any(module.main.files or module.test.files for module in modules):
        error = _error("no-java", f"{origin} holds no Java source that belongs to its build", "give the folder that holds the sources")
        raise RefactorError([*error.diagnostics, *findings.items], INPUT_UNREADABLE)
    return Project(name, root, origin, kind or found, modules, tuple(findings.items))


def _read_build(root: Path, properties: Mapping[str, str], cache: Path, findings: Findings) -> tuple[ProjectKind, tuple[Module, ...]]:
    """The modules of the build whose files lie in `root` itself; none where there is no build file."""
    if (root / "pom.xml").is_file():
        return "maven", read_maven(root, findings, properties, cache)
    if is_gradle(root):
        return "gradle", read_gradle(root, findings, properties, cache)
    return "plain", ()


def _read_nested(root: Path, properties: Mapping[str, str], cache: Path, findings: Findings) -> tuple[ProjectKind, tuple[Module, ...]]:
    """Builds in folders below a root that has none (`backend/pom.xml` beside `frontend/package.json`)."""
    kinds: list[ProjectKind] = []
    modules: list[Module] = []
    outside = 0
    builds: list[Path] = []
    for folder, names in walk(root, findings):
        if any(folder.is_relative_to(build) for build in builds):
            continue
        shallow = len(folder.relative_to(root).parts) <= _NESTED_DEPTH
        if shallow and any(name in ("pom.xml", *GRADLE_FILES) for name in names) and "src" not in folder.relative_to(root).parts:
            builds.append(folder)
        else:
            outside += sum(name.endswith(".java") for name in names)
    for build in builds:
        kind, read = _read_build(build, properties, cache, findings)
        if any(module.main.files or module.test.files for module in read):
            kinds.append(kind)
            modules += read
    if not modules:
        return "plain", ()
    findings.add("nested-builds", f"the builds below {root.name} are read as one project: {', '.join(m.path for m in modules)}")
    if outside:
        findings.add("outside-of-builds", f"{outside} .java file(s) belong to none of these builds and are left out")
    return kinds[0], tuple(modules)


def _report_other_languages(modules: tuple[Module, ...], findings: Findings) -> None:
    for module in modules:
        for name in ("kotlin", "scala", "groovy"):
            for source_set in ("main", "test"):
                folder = findings.root / module.path / "src" / source_set / name
                if folder.is_dir():
                    findings.add("other-language", f"{findings.shown(folder)} holds {name.capitalize()} sources, which are not read")


def _error(id: str, message: str, help: str, exit_code: int = INPUT_UNREADABLE) -> RefactorError:
    return RefactorError([Diagnostic(f"project/{id}", Severity.ERROR, message, help=help)], exit_code)
