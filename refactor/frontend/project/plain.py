"""Folders of .java files without a build file: source roots are deduced from the package declarations.

before: code/shop/Order.java says `package shop;`
after:  Module(main=SourceSet(java=(code,), files=("code/shop/Order.java",)))
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from refactor.frontend.project.jdk import default_jdk
from refactor.frontend.project.model import Module, ResourceRoot, SourceSet
from refactor.frontend.project.sources import Findings, readable, relative, walk
from refactor.support.diagnostics import Severity

_BUILD_OUTPUT = frozenset({"target", "build", "out", "bin", "dist"})
_TEST_FOLDERS = frozenset({"test", "tests", "it", "integration-test", "integrationTest"})
_COMMENTS = re.compile(rb"/\*.*?\*/|//[^\n]*", re.DOTALL)
_PACKAGE = re.compile(rb"\A\s*(?:@[\w.]+(?:\([^)]*\))?\s*)*package\s+([\w.\s]+?)\s*;")
_TEST_IMPORT = re.compile(rb"^\s*import\s+(?:static\s+)?(?:org\.junit\.|junit\.framework\.|org\.testng\.)", re.MULTILINE)
_RESOURCE_FOLDERS = ("resources", "res", "conf", "config")


def declared_package(source: bytes) -> str | None:
    """The package of a compilation unit: "" for the unnamed one, None where the text does not look like Java at all."""
    bare = _COMMENTS.sub(b" ", source).removeprefix(b"\xef\xbb\xbf")
    found = _PACKAGE.match(bare)
    if found:
        return re.sub(rb"\s", b"", found[1]).decode("utf-8", errors="replace")
    return "" if re.search(rb"\b(class|interface|enum|record|import|module)\b", bare) else None


def source_root(file: Path, package: str) -> Path | None:
    """The folder that `package` starts in, or None where the file does not lie in its package's folder."""
    folder = file.parent
    for part in reversed(package.split(".") if package else []):
        if folder.name != part:
            return None
        folder = folder.parent
    return folder


def read_plain(root: Path, findings: Findings) -> tuple[Module, ...]:
    """One module for the whole tree. Tests are files that import a test framework, or lie below a test folder."""
    main: dict[str, Path] = {}
    test: dict[str, Path] = {}
    jars: list[Path] = []
    for folder, names in walk(root, findings):
        inside = folder.relative_to(root)
        if _is_build_output(inside, root):
            continue
        for name in names:
            if name.endswith(".jar"):
                jars.append(folder / name)
            if not name.endswith(".java") or not readable(folder / name, findings):
                continue
            file = relative(folder / name, root)
            source = (folder / name).read_bytes()
            package = declared_package(source)
            if package is None and source.strip():
                findings.add("not-java", f"{file} holds no Java declaration")
            place = source_root(folder / name, package or "")
            if place is None:
                findings.add("misplaced-file", f"{file} declares the package {package}, which is not the folder it lies in")
                place = folder
            is_test = bool(_TEST_IMPORT.search(source)) or not _TEST_FOLDERS.isdisjoint(PurePosixPath(file).parts[:-1])
            (test if is_test else main)[file] = place
    if main or test:
        _default_remarks(jars, bool(test), findings)
    return (
        Module(
            name=root.name,
            path=".",
            group="",
            artifact=root.name,
            version="",
            packaging="jar",
            release=default_jdk(),
            test_release=default_jdk(),
            encoding="UTF-8",
            main=_set(main, root),
            test=_set(test, root),
            jars=tuple(jars),
        ),
    )


def _is_build_output(inside: Path, root: Path) -> bool:
    """A folder `target` or `build` beside the sources is output; one inside a package (`shop/build/`) is code."""
    for index, part in enumerate(inside.parts):
        if part in _BUILD_OUTPUT and not any((root / Path(*inside.parts[: index + 1])).glob("*.java")):
            above = root / Path(*inside.parts[:index])
            if not any(above.glob("*.java")) and "src" not in inside.parts[:index]:
                return True
    return False


def _set(files: dict[str, Path], root: Path) -> SourceSet:
    roots = tuple(sorted(set(files.values())))
    resources = [place.parent / name for place in roots for name in _RESOURCE_FOLDERS if place != root]
    # Non-Java files beside the classes are found by `getResource`, so every source root is a resource root as well.
    found = [ResourceRoot(place, excludes=("**/*.java",)) for place in roots]
    found += [ResourceRoot(place) for place in dict.fromkeys(resources) if place.is_dir() and place not in roots]
    return SourceSet(roots, tuple(found), tuple(sorted(files)))


def _default_remarks(jars: list[Path], tests: bool, findings: Findings) -> None:
    message = f"no build file: Java {default_jdk()}, UTF-8 and the {len(jars)} jar(s) found below the folder are taken"
    findings.add("no-build-file", message, severity=Severity.NOTE)
    if tests and not any(re.match(r"(junit|testng)", jar.name) for jar in jars):
        findings.add("no-test-library", "there are tests, and no JUnit or TestNG jar among the files; one is needed to run them")
