"""Class paths: what is asked of Maven, and how its answer is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.frontend.project.classpath import flattened, resolve_classpath, resolve_libraries
from refactor.frontend.project.model import Dependency, Module, Project, SourceSet
from refactor.support.diagnostics import RefactorError
from tests.frontend.project.conftest import fake_maven


def module(name: str, *dependencies: Dependency, managed: tuple[Dependency, ...] = ()) -> Module:
    return Module(name, name, "g", name, "1", "jar", 17, 17, "UTF-8", SourceSet(), SourceSet(), dependencies, managed)


def project(*modules: Module) -> Project:
    return Project("shop", Path("/shop"), "/shop", "maven", modules)


def lib(name: str, version: str = "1", scope: str = "compile", **more: object) -> Dependency:
    return Dependency("lib", name, version, scope, **more)  # type: ignore[arg-type]


def own(name: str, scope: str = "compile", **more: object) -> Dependency:
    return Dependency("g", name, "1", scope, **more)  # type: ignore[arg-type]


def test_modules_of_the_project_pass_on_what_maven_passes_on() -> None:
    core = module(
        "core",
        lib("a", "1"),
        lib("b", scope="runtime"),
        lib("t", scope="test"),
        lib("p", scope="provided"),
        lib("o", optional=True),
        lib("x"),
    )
    web = module("web", own("core", exclusions=("lib:x",)), lib("a", "2"))
    exclusions = ("lib:x",)
    assert list(flattened(project(core, web), web)) == [lib("a", "2"), lib("b", scope="runtime", exclusions=exclusions)]


def test_test_scope_is_passed_down_and_management_wins() -> None:
    core = module("core", lib("a", "1"))
    web = module("web", own("core", "test"), managed=(lib("a", "5"),))
    assert list(flattened(project(core, web), web)) == [lib("a", "5", "test")]


def test_modules_that_depend_on_each_other_end() -> None:
    one, two = module("one", own("two")), module("two", own("one"), lib("a"))
    assert list(flattened(project(one, two), one)) == [lib("a")]


def answering(programs: Path, jars: dict[str, tuple[str, str]]) -> Path:
    """A Maven that answers with these jars: path -> (coordinates, scope), the list in another order than the path."""
    listing = "".join(f"   {name}:{scope}:{path}\n" for path, (name, scope) in sorted(jars.items(), reverse=True))
    (programs / "list.txt").write_text("\nThe following files have been resolved:\n" + listing, encoding="utf-8")
    (programs / "path.txt").write_text(":".join(jars), encoding="utf-8")
    body = 'for a in "$@"; do case "$a" in -Dmdep.outputFile=*) P="${a#*=}";; -DoutputFile=*) L="${a#*=}";; esac; done\n'
    return fake_maven(programs, body + f"cat '{programs}/list.txt' > \"$L\"; cat '{programs}/path.txt' > \"$P\"")


def test_scopes_order_and_cache(cache: Path, home: Path, programs: Path, tmp_path: Path) -> None:
    jars = {}
    for name, scope in (("z", "compile"), ("r", "runtime"), ("t", "test"), ("p", "provided")):
        path = tmp_path / f"{name}-1.jar"
        path.touch()
        jars[str(path)] = (f"lib:{name}:jar:1", scope)
    log = answering(programs, jars)
    web = module("web", lib("z"))
    shop = project(web)
    z, r, t, p = (Path(j) for j in jars)
    assert resolve_classpath(shop, web, "test", cache) == (z, r, t, p)
    assert resolve_classpath(shop, web, "compile", cache) == (z, p)
    assert resolve_classpath(shop, web, "runtime", cache) == (z, r)
    assert len(log.read_text(encoding="utf-8").splitlines()) == 1
    z.unlink()
    z.touch()
    r.unlink()
    resolve_classpath(shop, web, "test", cache)
    assert len(log.read_text(encoding="utf-8").splitlines()) == 2, "a jar that is gone is resolved again"


def test_classifiers(cache: Path, home: Path, programs: Path, tmp_path: Path) -> None:
    path = tmp_path / "n-1-linux.jar"
    path.touch()
    answering(programs, {str(path): ("lib:n:jar:linux:1", "compile")})
    web = module("web", lib("n", classifier="linux"))
    (library,) = resolve_libraries(project(web), web, cache)
    assert library.dependency == lib("n", classifier="linux")


@pytest.mark.parametrize(
    ("message", "code", "id"),
    [
        ("Could not find artifact lib:a:jar:1 in central", 4, "project/dependencies-unresolved"),
        ("Could not transfer artifact lib:a:jar:1: Unknown host repo", 3, "project/registry-unreachable"),
    ],
)
def test_failures(cache: Path, home: Path, programs: Path, message: str, code: int, id: str) -> None:
    fake_maven(programs, f"echo '[ERROR] {message}'; exit 1")
    web = module("web", lib("a"))
    with pytest.raises(RefactorError) as raised:
        resolve_classpath(project(web), web, "test", cache)
    assert (raised.value.exit_code, raised.value.diagnostics[0].id) == (code, id)
    assert message in raised.value.diagnostics[0].message
