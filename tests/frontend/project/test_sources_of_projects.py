"""Where a project comes from: git refs and published source jars."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from refactor.frontend.project.coordinates import unpack
from refactor.frontend.project.discover import discover
from refactor.support.diagnostics import RefactorError
from tests.frontend.project.conftest import Write, fake_maven, tree


def git(folder: Path, *arguments: str) -> str:
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    environment = os.environ | identity | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(shop: Path, write: Write, home: Path) -> Path:
    git(shop, "init", "-q")
    write("code/shop/Order.java", "package shop; class Order {}")
    write(".gitattributes", "code/shop/Order.java export-ignore\n")
    git(shop, "add", ".")
    git(shop, "commit", "-q", "-m", "one")
    git(shop, "tag", "v1")
    write("code/shop/Later.java", "package shop; class Later {}")
    git(shop, "add", ".")
    git(shop, "commit", "-q", "-m", "two")
    write("code/shop/Uncommitted.java", "package shop; class Uncommitted {}")
    return shop


def files(path: Path, ref: str | None, cache: Path) -> list[str]:
    return [f for _, _, f in discover(str(path), ref=ref, cache=cache).java_files()]


def test_refs(repository: Path, cache: Path) -> None:
    before = tree(repository)
    assert files(repository, "v1", cache) == ["code/shop/Order.java"]
    assert files(repository, "HEAD", cache) == ["code/shop/Later.java", "code/shop/Order.java"]
    assert files(repository, None, cache) == ["code/shop/Later.java", "code/shop/Order.java", "code/shop/Uncommitted.java"]
    assert tree(repository) == before, "neither the work tree nor the repository was written to"


def test_a_folder_of_a_repository(repository: Path, cache: Path) -> None:
    assert files(repository / "code", "v1", cache) == ["shop/Order.java"]


def test_a_bare_repository(repository: Path, cache: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repository), "shop.git")
    project = discover(str(tmp_path / "shop.git"), cache=cache)
    assert project.name == "shop"
    assert project.origin.endswith("@" + git(repository, "rev-parse", "HEAD"))
    assert len(list(project.java_files())) == 2


def test_unknown_ref(repository: Path, cache: Path) -> None:
    for ref in ("nowhere", "--help", "v1:code"):
        with pytest.raises(RefactorError) as raised:
            discover(str(repository), ref=ref, cache=cache)
        assert (raised.value.exit_code, raised.value.diagnostics[0].id) == (4, "project/unknown-ref")


def test_a_ref_without_git(repository: Path, cache: Path, programs: Path) -> None:
    with pytest.raises(RefactorError) as raised:
        discover(str(repository), ref="v1", cache=cache)
    assert (raised.value.exit_code, raised.value.diagnostics[0].id) == (3, "project/git-missing")


def jar(path: Path, **entries: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def test_unpack(tmp_path: Path) -> None:
    sources = jar(tmp_path / "s.jar", **{"a/A.java": "1", "a/a.txt": "2", "META-INF/MANIFEST.MF": "3", "META-INF/services/x": "4"})
    unpack(sources, tmp_path / "out", "test")
    assert tree(tmp_path / "out") == {
        "src/test/java/a/A.java": b"1",
        "src/test/resources/a/a.txt": b"2",
        "src/test/resources/META-INF/services/x": b"4",
    }


@pytest.mark.parametrize("name", ["../evil.java", "/evil.java", "a/../../evil.java", "a\\..\\evil.java"])
def test_an_archive_cannot_write_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(RefactorError) as raised:
        unpack(jar(tmp_path / "s.jar", **{name: "x"}), tmp_path / "deep" / "out", "main")
    assert raised.value.diagnostics[0].id == "project/unsafe-archive"
    assert not list(tmp_path.rglob("evil.java"))


def test_coordinates(tmp_path: Path, cache: Path, home: Path, programs: Path) -> None:
    """The pom inside the jar is preferred: the published one may be flattened."""
    published = tmp_path / "published"
    published.mkdir()
    pom = "<project><groupId>g</groupId><artifactId>a</artifactId><version>1</version><name>{}</name></project>"
    (published / "a-1.pom").write_text(pom.format("flat"), encoding="utf-8")
    jar(published / "a-1-sources.jar", **{"p/A.java": "package p; class A {}"})
    jar(published / "a-1-test-sources.jar", **{"p/ATest.java": "package p; class ATest {}", "p/data.csv": "1"})
    jar(published / "a-1.jar", **{"META-INF/maven/g/a/pom.xml": pom.format("original")})
    fake_maven(
        programs,
        f"""
case "$ARGS" in *help*) exit 1;; esac
for a in "$@"; do case "$a" in -Dartifact=*) A="${{a#*=}}";; -DoutputDirectory=*) D="${{a#*=}}";; esac; done
case "$A" in *:pom) N=a-1.pom;; *:test-sources) N=a-1-test-sources.jar;; *:sources) N=a-1-sources.jar;; *) N=a-1.jar;; esac
cat '{published}'/$N > "$D/$N"
""",
    )
    project = discover("maven:g:a:1", cache=cache)
    assert (project.kind, project.name, project.origin) == ("maven-coordinates", "a", "maven:g:a:1")
    assert [f for _, _, f in project.java_files()] == ["src/main/java/p/A.java", "src/test/java/p/ATest.java"]
    assert project.modules[0].test.resources[0].root == project.root / "src/test/resources"
    assert "original" in (project.root / "pom.xml").read_text(encoding="utf-8")
    log = programs / "mvn.log"
    log.write_text("", encoding="utf-8")
    assert discover("maven:g:a:1", cache=cache).root == project.root
    assert "copy" not in log.read_text(encoding="utf-8"), "the second time nothing is downloaded"
