"""Folders of .java files without a build file: source roots are deduced from the package declarations.

before: code/shop/Order.java says `package shop;`
after:  Module(main=SourceSet(java=(code,), files=("code/shop/Order.java",)))
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from refactor.frontend.project.jdk import default_jdk
from refactor.frontend.project.model import Dependency, Module, ResourceRoot, SourceSet
from refactor.frontend.project.sources import Findings, artifact_name, readable, relative, walk
from refactor.support.diagnostics import Severity

_BUILD_OUTPUT = frozenset({"target", "build", "out", "bin", "dist"})
_TEST_FOLDERS = frozenset({"test", "tests", "it", "integration-test", "integrationTest"})
_COMMENTS = re.compile(rb"/\*.*?\*/|//[^\n]*", re.DOTALL)
_PACKAGE = re.compile(rb"\A\s*(?:@[\w.]+(?:\([^)]*\))?\s*)*package\s+([\w.\s]+?)\s*;")
_TEST_IMPORT = re.compile(
    rb"(?:^|;)\s*import\s+(?:static\s+)?(org\.junit\.(?:jupiter|platform)\.|org\.junit\.|junit\.framework\.|org\.testng\.)", re.MULTILINE
)
_JUNIT4 = Dependency("junit", "junit", "4.13.2", scope="test")
_JUPITER = Dependency("org.junit.jupiter", "junit-jupiter", "5.11.4", scope="test")
_TEST_LIBRARIES = (
    (b"org.junit.jupiter.", r"junit-jupiter|junit-platform-console", _JUPITER),
    (b"org.junit.", r"junit(-?4|\.jar)|junit-platform-console", _JUNIT4),
    (b"junit.framework.", r"junit(-?[34]|\.jar)|junit-platform-console", _JUNIT4),
    (b"org.testng.", r"testng", Dependency("org.testng", "testng", "7.5.1", scope="test")),
)
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
    frameworks: set[bytes] = set()
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
            imported = {m[1] for m in _TEST_IMPORT.finditer(_COMMENTS.sub(b" ", source))}
            frameworks |= imported
            is_test = bool(imported) or not _TEST_FOLDERS.isdisjoint(PurePosixPath(file).parts[:-1])
            (test if is_test else main)[file] = place
    if main or test:
        message = f"no build file: Java {default_jdk()}, UTF-8 and the {len(jars)} jar(s) found below the folder are taken"
        findings.add("no-build-file", message, severity=Severity.NOTE)
    return (
        Module(
            name=root.name,
            path=".",
            group="",
            artifact=artifact_name(root.name),
            version="",
            packaging="jar",
            release=default_jdk(),
            test_release=default_jdk(),
            encoding="UTF-8",
            main=_set(main, root),
            test=_set(test, root),
            dependencies=_test_libraries(frameworks, jars, findings),
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


def _test_libraries(frameworks: set[bytes], jars: list[Path], findings: Findings) -> tuple[Dependency, ...]:
    """Test libraries that the tests import and that do not lie in the folder: taken from the registry, and said so."""
    found = []
    for sign, jar_name, library in _TEST_LIBRARIES:
        if sign in frameworks and not any(re.match(jar_name, jar.name) for jar in jars) and library not in found:
            found.append(library)
            message = f"the tests import {sign.decode()}*, and no such jar is here; {library} is taken"
            findings.add("test-library-assumed", message, severity=Severity.NOTE)
    return tuple(found)
