"""Input that cannot be read ends in a clear diagnostic and the documented exit code, never in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.frontend.project.classpath import resolve_classpath
from refactor.frontend.project.discover import discover
from refactor.support.diagnostics import RefactorError
from tests.frontend.project.conftest import Write, fake_maven

POM = "<project><groupId>g</groupId><artifactId>shop</artifactId><version>1</version>{}</project>"
CLASS = "package shop;\npublic class Order { }\n"


def failure(path: str | Path, cache: Path, **more: str) -> tuple[str, int, str]:
    with pytest.raises(RefactorError) as raised:
        discover(str(path), cache=cache, **more)  # type: ignore[arg-type]
    first = raised.value.diagnostics[0]
    assert first.help, "a way out is always named"
    return first.id, raised.value.exit_code, first.message


def ids(path: Path, cache: Path) -> list[str]:
    return [d.id for d in discover(str(path), cache=cache).diagnostics]


def test_path_does_not_exist(tmp_path: Path, cache: Path) -> None:
    id, code, message = failure(tmp_path / "nowhere", cache)
    assert (id, code) == ("project/no-such-path", 4)
    assert "nowhere" in message


def test_path_is_a_file(write: Write, cache: Path) -> None:
    assert failure(write("Order.java", CLASS), cache)[:2] == ("project/not-a-folder", 4)


def test_empty_folder(shop: Path, cache: Path) -> None:
    assert failure(shop, cache)[:2] == ("project/empty-folder", 4)


def test_folder_without_java(shop: Path, write: Write, cache: Path) -> None:
    write("README.md", "nothing")
    assert failure(shop, cache)[:2] == ("project/no-java", 4)


def test_maven_project_without_java(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("pom.xml", POM.format(""))
    assert failure(shop, cache)[:2] == ("project/no-java", 4)


@pytest.mark.parametrize("text", ["<project><groupId>g</project>", "", "<html/>", "\x00"])
def test_malformed_pom(shop: Path, write: Write, cache: Path, no_maven: Path, text: str) -> None:
    write("pom.xml", text)
    write("src/main/java/shop/Order.java", CLASS)
    id, code, message = failure(shop, cache)
    assert (id, code) == ("project/malformed-pom", 4)
    assert message.startswith("pom.xml ")


def test_malformed_pom_names_the_place(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("pom.xml", "<project>\n  <groupId>g\n</project>")
    with pytest.raises(RefactorError) as raised:
        discover(str(shop), cache=cache)
    span = raised.value.diagnostics[0].span
    assert span is not None
    assert (span.file, span.line, span.column) == ("pom.xml", 3, 3)


def test_malformed_pom_of_a_module(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("pom.xml", POM.format("<modules><module>web</module></modules>"))
    write("web/pom.xml", "<project>")
    assert failure(shop, cache)[2].startswith("web/pom.xml ")


def test_unreadable_file_is_left_out_and_said(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("shop/Order.java", CLASS)
    (shop / "shop" / "Gone.java").symlink_to(shop / "nothing-there.java")
    project = discover(str(shop), cache=cache)
    assert [f for _, _, f in project.java_files()] == ["shop/Order.java"]
    said = [d for d in project.diagnostics if d.id == "project/unreadable-file"]
    assert len(said) == 1
    assert "shop/Gone.java" in said[0].message


def test_a_loop_of_links_ends(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("shop/Order.java", CLASS)
    (shop / "shop" / "again").symlink_to(shop)
    assert [f for _, _, f in discover(str(shop), cache=cache).java_files()] == ["shop/Order.java"]


def test_missing_parent_is_a_warning_and_the_rest_is_read(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    parent = "<parent><groupId>far</groupId><artifactId>away</artifactId><version>3</version></parent>"
    dependency = "<dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId></dependency></dependencies>"
    write("pom.xml", POM.format(parent + dependency))
    write("src/main/java/shop/Order.java", CLASS)
    project = discover(str(shop), cache=cache)
    said = {d.id: d.message for d in project.diagnostics}
    assert "far:away:3" in said["project/missing-parent"]
    assert "a:b" in said["project/unversioned-dependency"]
    assert project.modules[0].main.files == ("src/main/java/shop/Order.java",)
    with pytest.raises(RefactorError) as raised:
        resolve_classpath(project, project.modules[0], cache=cache)
    assert raised.value.exit_code == 3, "without Maven the parent could not be asked for: a lack of this machine"
    assert "a:b" in raised.value.diagnostics[0].message


def test_without_maven_the_poms_are_read_and_the_class_path_is_refused(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    dependency = "<dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId><version>1</version></dependency></dependencies>"
    write("pom.xml", POM.format(dependency))
    write("src/main/java/shop/Order.java", CLASS)
    project = discover(str(shop), cache=cache)
    assert "project/maven-missing" in [d.id for d in project.diagnostics]
    with pytest.raises(RefactorError) as raised:
        resolve_classpath(project, project.modules[0], cache=cache)
    assert (raised.value.exit_code, raised.value.diagnostics[0].id) == (3, "project/maven-missing")
    assert "apt-get install maven" in raised.value.diagnostics[0].help


def test_coordinates_without_maven(cache: Path, no_maven: Path) -> None:
    assert failure("maven:g:a:1", cache)[:2] == ("project/maven-missing", 3)


@pytest.mark.parametrize("path", ["maven:g:a", "maven:", "maven:g:a:1:jar", "maven:g:../../a:1", "maven:g:..:1", "maven:g:a b:1"])
def test_coordinates_that_are_none(cache: Path, no_maven: Path, path: str) -> None:
    assert failure(path, cache)[:2] == ("project/bad-coordinates", 2)


@pytest.mark.parametrize(
    "answer",
    ["Could not find artifact g:a:pom:1 in central (https://repo)", "g:a:pom:1 was not found in https://repo during a previous attempt"],
)
def test_unknown_coordinates(cache: Path, home: Path, programs: Path, answer: str) -> None:
    fake_maven(programs, f"echo '[ERROR] {answer}'; exit 1")
    id, code, message = failure("maven:g:a:1", cache)
    assert (id, code) == ("project/unknown-coordinates", 4)
    assert "g:a:1" in message


def test_coordinates_without_network(cache: Path, home: Path, programs: Path) -> None:
    fake_maven(programs, "echo '[ERROR] Could not transfer artifact g:a:pom:1: Unknown host repo'; exit 1")
    assert failure("maven:g:a:1", cache)[:2] == ("project/download-failed", 3)


@pytest.mark.slow
def test_unknown_coordinates_of_the_real_registry(cache: Path) -> None:
    assert failure("maven:refactor.no.such.group:thing:1", cache)[:2] == ("project/unknown-coordinates", 4)


def test_ref_does_not_go_with_coordinates(cache: Path) -> None:
    assert failure("maven:g:a:1", cache, ref="main")[:2] == ("project/ref-with-coordinates", 2)


def test_ref_outside_a_repository(shop: Path, write: Write, cache: Path) -> None:
    write("Order.java", "class Order {}")
    assert failure(shop, cache, ref="main")[:2] == ("project/not-a-repository", 2)


def test_missing_module_is_said(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("pom.xml", POM.format("<modules><module>gone</module></modules>"))
    write("src/main/java/shop/Order.java", CLASS)
    assert "project/missing-module" in ids(shop, cache)


def test_a_build_that_maven_cannot_read_is_read_statically(shop: Path, write: Write, cache: Path, home: Path, programs: Path) -> None:
    fake_maven(programs, "echo '[ERROR] Non-resolvable parent POM'; exit 1")
    write("pom.xml", POM.format(""))
    write("src/main/java/shop/Order.java", CLASS)
    project = discover(str(shop), cache=cache)
    said = {d.id: d.message for d in project.diagnostics}
    assert "Non-resolvable parent POM" in said["project/maven-failed"]
    assert project.modules[0].resolved_by == "static"
