"""The copy of the monolith that is built and tested in its place."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from refactor.frontend.project.discover import discover
from refactor.frontend.project.jdk import default_jdk
from refactor.frontend.project.model import Project
from refactor.frontend.project.pom import ROOT_MODULE_POM, oracle_files, oracle_module
from refactor.frontend.project.pomxml import parse_pom, text, texts
from refactor.support.diagnostics import RefactorError
from refactor.support.process import run
from tests.frontend.project.conftest import Write, tree

ORDER = "package shop;\npublic class Order { }\n"
BUILD = """<build><plugins>
<plugin><artifactId>maven-enforcer-plugin</artifactId><version>3.0.0</version><executions><execution><phase>validate</phase>
  <goals><goal>enforce</goal></goals></execution></executions></plugin>
<plugin><groupId>org.jacoco</groupId><artifactId>jacoco-maven-plugin</artifactId><version>0.8.8</version><executions><execution>
  <goals><goal>prepare-agent</goal></goals></execution></executions></plugin>
<plugin><artifactId>maven-antrun-plugin</artifactId><version>3.0.0</version><executions><execution><phase>process-classes</phase>
  <goals><goal>run</goal></goals></execution></executions></plugin>
<plugin><groupId>org.antlr</groupId><artifactId>antlr4-maven-plugin</artifactId><version>4.13</version>
  <executions><execution><goals><goal>antlr4</goal></goals></execution></executions></plugin>
<plugin><artifactId>maven-compiler-plugin</artifactId><version>2.0</version><configuration><source>1.6</source><target>1.6</target>
  <compilerArgs><arg>-Werror</arg><arg>-Xlint:all</arg><arg>-parameters</arg></compilerArgs></configuration></plugin>
<plugin><artifactId>maven-surefire-plugin</artifactId><version>2.12</version><configuration>
  <argLine>@{argLine} -javaagent:${user.home}/.m2/repository/a.jar</argLine>
  <reportsDirectory>elsewhere</reportsDirectory><systemPropertyVariables><dir>${project.build.directory}/d</dir></systemPropertyVariables>
</configuration></plugin></plugins></build>"""


def raw(artifact: str, more: str = "") -> str:
    return f"<project><groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version>{more}</project>"


def needs(artifact: str, kind: str) -> str:
    coordinates = f"<groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version>"
    return f"<dependencies><dependency>{coordinates}<type>{kind}</type></dependency></dependencies>"


@pytest.fixture
def maven_shop(shop: Path, write: Write, cache: Path, no_maven: Path) -> Project:
    write("pom.xml", raw("shop", BUILD))
    write("src/main/java/shop/Order.java", ORDER)
    write("data/input.csv", "1")
    write("target/classes/old.class", "x")
    write("src/main/java/target/Aim.java", "package target; class Aim {}")
    write(".git/HEAD", "x")
    return discover(str(shop), cache=cache)


def plugin(pom: ET.Element, artifact: str) -> ET.Element | None:
    return next((p for p in pom.findall("build/plugins/plugin") if text(p, "artifactId") == artifact), None)


def test_files_are_copied_without_build_output(maven_shop: Project, tmp_path: Path) -> None:
    before = tree(maven_shop.root)
    oracle_module(maven_shop, tmp_path / "out")
    assert sorted(tree(tmp_path / "out")) == ["data/input.csv", "pom.xml", "src/main/java/shop/Order.java", "src/main/java/target/Aim.java"]
    assert tree(maven_shop.root) == before


def test_files_in_memory_are_those_that_are_written(maven_shop: Project, tmp_path: Path) -> None:
    (maven_shop.root / "link").symlink_to("data")
    (maven_shop.root / "data" / "link.csv").symlink_to("input.csv")
    oracle_module(maven_shop, tmp_path / "out")
    written = {p for p in (tmp_path / "out").rglob("*") if p.is_file() and not p.is_symlink()}
    assert oracle_files(maven_shop) == {p.relative_to(tmp_path / "out").as_posix(): p.read_bytes() for p in written}


def test_only_what_the_result_depends_on_is_carried(maven_shop: Project, tmp_path: Path) -> None:
    oracle = oracle_module(maven_shop, tmp_path / "out")
    written = parse_pom(tmp_path / "out/pom.xml", "pom.xml")
    assert [text(p, "artifactId") for p in written.findall("build/plugins/plugin")] == [
        "maven-resources-plugin", "maven-compiler-plugin", "maven-surefire-plugin", "maven-dependency-plugin", "antlr4-maven-plugin",
    ]  # fmt: skip
    assert oracle.kept_plugins == ("org.antlr:antlr4-maven-plugin",)
    dropped = [d.message for d in oracle.diagnostics if d.id == "project/dropped-plugin"]
    assert len(dropped) == 1
    assert "maven-antrun-plugin" in dropped[0]


def test_compilation_and_tests_keep_their_configuration(maven_shop: Project, tmp_path: Path) -> None:
    oracle_module(maven_shop, tmp_path / "out")
    written = parse_pom(tmp_path / "out/pom.xml", "pom.xml")
    compiler, surefire = plugin(written, "maven-compiler-plugin"), plugin(written, "maven-surefire-plugin")
    assert texts(compiler, "configuration/compilerArgs/arg") == ("-parameters",)
    assert (text(compiler, "configuration/source"), text(compiler, "configuration/target")) == ("8", "8")
    assert text(surefire, "version") >= "3", "2.12 would run no JUnit 5 test and not say so"
    assert text(surefire, "configuration/argLine") == "@{argLine} -javaagent:${settings.localRepository}/a.jar"
    assert written.find("properties/argLine") is not None, "the coverage agent that would set it is not there"
    assert text(surefire, "configuration/systemPropertyVariables/dir") == "${project.basedir}/target/d"
    assert text(surefire, "configuration/reportsDirectory") == ""
    assert str(maven_shop.root) not in (tmp_path / "out/pom.xml").read_text(encoding="utf-8")


def test_modules(shop: Path, write: Write, cache: Path, no_maven: Path, tmp_path: Path) -> None:
    write(
        "pom.xml", raw("root", "<packaging>pom</packaging><modules><module>core</module><module>web</module><module>ear</module></modules>")
    )
    write("core/pom.xml", raw("core", "<packaging>ejb</packaging>"))
    core = needs("core", "ejb")
    write("web/pom.xml", raw("web", f"<packaging>war</packaging>{core}"))
    web = needs("web", "war")
    write("ear/pom.xml", raw("ear", f"<packaging>ear</packaging>{web}"))
    write("core/src/main/java/shop/Order.java", ORDER)
    write("web/src/main/java/shop/Web.java", "package shop; class Web {}")
    oracle = oracle_module(discover(str(shop), cache=cache), tmp_path / "out")
    assert oracle.modules == (".", "core", "web", "ear")
    root, written = (parse_pom(tmp_path / "out" / p, p) for p in ("pom.xml", "web/pom.xml"))
    assert texts(root, "modules/module") == ("core", "web", "ear")
    assert text(written, "packaging") == "jar"
    assert text(written, "dependencies/dependency/type", "jar") == "jar"
    assert parse_pom(tmp_path / "out/ear/pom.xml", "ear").find("dependencies") is None


def test_a_root_with_code_and_modules(shop: Path, write: Write, cache: Path, no_maven: Path, tmp_path: Path) -> None:
    write("settings.gradle", "include 'core'")
    write("build.gradle", "dependencies { implementation project(':core') }")
    write("src/main/java/shop/Web.java", "package shop; class Web {}")
    write("core/src/main/java/shop/Order.java", ORDER)
    oracle_module(discover(str(shop), cache=cache), tmp_path / "out")
    assert texts(parse_pom(tmp_path / "out/pom.xml", "pom.xml"), "modules/module") == (ROOT_MODULE_POM, "core")
    assert text(parse_pom(tmp_path / "out" / ROOT_MODULE_POM, "x"), "dependencies/dependency/artifactId") == "core"


def test_a_plain_tree_with_tests_beside_the_code(shop: Path, write: Write, cache: Path, no_maven: Path, tmp_path: Path) -> None:
    write("code/shop/Order.java", ORDER)
    write("code/shop/OrderTest.java", "package shop;\nimport org.junit.jupiter.api.Test;\nclass OrderTest {}")
    write("lib/own.jar", "")
    oracle_module(discover(str(shop), cache=cache), tmp_path / "out")
    written = parse_pom(tmp_path / "out/pom.xml", "pom.xml")
    compiler = plugin(written, "maven-compiler-plugin")
    assert (text(written, "build/sourceDirectory"), text(written, "build/testSourceDirectory")) == ("code", "code")
    assert texts(compiler, "configuration/excludes/exclude") == ("shop/OrderTest.java",)
    assert texts(compiler, "configuration/testExcludes/testExclude") == ("shop/Order.java",)
    assert "${project.basedir}/lib/own.jar" in texts(written, "dependencies/dependency/systemPath")


def test_out_must_be_new(maven_shop: Project, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(RefactorError) as raised:
        oracle_module(maven_shop, tmp_path / "out")
    assert (raised.value.exit_code, raised.value.diagnostics[0].id) == (2, "project/out-exists")


def test_a_newer_language_than_the_jdk(maven_shop: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    (tmp_path / "jdk" / "bin").mkdir(parents=True)
    module = replace(maven_shop.modules[0], release=default_jdk() + 1)
    with pytest.raises(RefactorError) as raised:
        oracle_module(replace(maven_shop, modules=(module,)), tmp_path / "out")
    assert (raised.value.exit_code, raised.value.diagnostics[0].id) == (3, "project/jdk-too-old")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("coordinates", "run_tests", "skipped"),
    [
        ("commons-cli:commons-cli:1.11.0", 977, 61),
        ("org.apache.commons:commons-csv:1.14.1", 923, 11),
        ("commons-validator:commons-validator:1.10.1", 992, 2),
    ],
)
def test_the_copy_gives_the_published_result(coordinates: str, run_tests: int, skipped: int, tmp_path: Path) -> None:
    """Maven Central and a JDK 17 are needed; the numbers are those of the libraries' own builds."""
    oracle_module(discover(f"maven:{coordinates}", cache=tmp_path / "cache"), tmp_path / "out")
    finished = run(["mvn", "-B", "test"], cwd=tmp_path / "out", output=tmp_path / "log", timeout=600)
    assert finished.ok, finished.tail()
    assert f"Tests run: {run_tests}, Failures: 0, Errors: 0, Skipped: {skipped}" in finished.text()
