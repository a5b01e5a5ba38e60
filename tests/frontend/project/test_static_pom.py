"""Poms read without Maven: inheritance, profiles, interpolation, bills of materials."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.frontend.project.discover import discover
from refactor.frontend.project.model import Dependency, Module, Project
from refactor.frontend.project.static_pom import _jdk_matches
from tests.frontend.project.conftest import Write, repository_pom, tree

IMPORTED = (
    "<dependency><groupId>far</groupId><artifactId>bom</artifactId><version>3</version><type>pom</type><scope>import</scope></dependency>"
)
ORDER = "package shop;\npublic class Order { }\n"


def read(shop: Path, cache: Path, **properties: str) -> Project:
    (shop / "src/main/java/shop").mkdir(parents=True, exist_ok=True)
    (shop / "src/main/java/shop/Order.java").write_text(ORDER, encoding="utf-8")
    return discover(str(shop), cache=cache, properties=properties)


def only(project: Project) -> Module:
    (module,) = project.modules
    return module


def pom(body: str) -> str:
    return f"<project><groupId>g</groupId><artifactId>shop</artifactId><version>1</version>{body}</project>"


def dependency(artifact: str, *more: str) -> str:
    return f"<dependency><groupId>lib</groupId><artifactId>{artifact}</artifactId>{''.join(more)}</dependency>"


def test_properties_and_management(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    managed = dependency("a", "<version>${a.version}</version>", "<scope>test</scope>")
    write(
        "pom.xml",
        pom(
            "<properties><base>2</base><a.version>${base}.5</a.version></properties>"
            f"<dependencyManagement><dependencies>{managed}</dependencies></dependencyManagement>"
            f"<dependencies>{dependency('a')}{dependency('b', '<version>${project.version}</version>')}</dependencies>"
        ),
    )
    assert only(read(shop, cache)).dependencies == (Dependency("lib", "a", "2.5", "test"), Dependency("lib", "b", "1"))


def test_overrides_win(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("pom.xml", pom(f"<properties><v>1</v></properties><dependencies>{dependency('a', '<version>${v}</version>')}</dependencies>"))
    assert only(read(shop, cache, v="9")).dependencies[0].version == "9"


def test_parents_of_the_project_and_of_the_local_repository(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    repository_pom(
        no_maven, "far", "base", "3", "<properties><a.version>7</a.version><maven.compiler.release>11</maven.compiler.release></properties>"
    )
    parent = "<parent><groupId>far</groupId><artifactId>base</artifactId><version>3</version></parent>"
    write(
        "pom.xml",
        f"<project>{parent}<groupId>g</groupId><artifactId>root</artifactId><version>5</version><packaging>pom</packaging>"
        "<modules><module>web</module></modules></project>",
    )
    near = "<parent><groupId>g</groupId><artifactId>root</artifactId><version>5</version></parent>"
    write(
        "web/pom.xml",
        f"<project>{near}<artifactId>web</artifactId>"
        f"<dependencies>{dependency('a', '<version>${a.version}</version>')}</dependencies></project>",
    )
    write("web/src/main/java/shop/Order.java", ORDER)
    project = discover(str(shop), cache=cache)
    web = project.module("web")
    assert (web.group, web.version, web.release, web.dependencies[0].version) == ("g", "5", 11, "7")
    assert web.parents == ("g:root:5", "far:base:3")
    assert project.module("root").modules == ("web",)
    assert web.main.files == ("web/src/main/java/shop/Order.java",)


def test_bill_of_materials(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    inner = dependency("a", "<version>${v}</version>")
    repository_pom(
        no_maven, "far", "bom", "3",
        f"<properties><v>8</v></properties><dependencyManagement><dependencies>{inner}</dependencies></dependencyManagement>",
    )  # fmt: skip
    write(
        "pom.xml",
        pom(
            f"<dependencyManagement><dependencies>{IMPORTED}</dependencies></dependencyManagement><dependencies>{dependency('a')}</dependencies>"
        ),
    )
    module = only(read(shop, cache))
    assert module.dependencies == (Dependency("lib", "a", "8"),)
    assert module.managed == (Dependency("lib", "a", "8"),)


def test_missing_bill_of_materials_is_said(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("pom.xml", pom(f"<dependencyManagement><dependencies>{IMPORTED}</dependencies></dependencyManagement>"))
    assert "project/missing-bom" in [d.id for d in read(shop, cache).diagnostics]


def test_profiles(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    def profile(id: str, activation: str, value: str) -> str:
        return f"<profile><id>{id}</id><activation>{activation}</activation><properties><v>{value}</v></properties></profile>"

    write(
        "pom.xml",
        pom(
            f"<properties><v>0</v></properties><dependencies>{dependency('a', '<version>${v}</version>')}</dependencies><profiles>"
            + profile("usual", "<activeByDefault>true</activeByDefault>", "1")
            + profile("asked", "<property><name>fast</name></property>", "2")
            + "</profiles>"
        ),
    )
    assert only(read(shop, cache)).dependencies[0].version == "1"
    assert only(read(shop, cache, fast="yes")).dependencies[0].version == "2"


@pytest.mark.parametrize(
    ("condition", "release", "matches"),
    [
        ("17", 17, True),
        ("1.8", 8, True),
        ("[1.8,)", 17, True),
        ("[9,17)", 17, False),
        ("(,11]", 11, True),
        ("!17", 17, False),
        ("[18,)", 17, False),
    ],
)
def test_jdk_activation(condition: str, release: int, matches: bool) -> None:
    assert _jdk_matches(condition, release) is matches


def test_test_configuration(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write(
        "pom.xml",
        pom("""<build><plugins>
      <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.2.5</version><configuration>
        <includes><include>**/*Check.java</include></includes><excludes><exclude>**/Slow*.java</exclude></excludes>
        <argLine>-Xmx64m
          -Dx=1</argLine><systemPropertyVariables><dir>${project.build.directory}/d</dir></systemPropertyVariables>
        <environmentVariables><TZ>UTC</TZ></environmentVariables></configuration></plugin>
      <plugin><artifactId>maven-compiler-plugin</artifactId><configuration><release>17</release><parameters>true</parameters>
        <compilerArgs><arg>-Xlint:all</arg></compilerArgs><annotationProcessorPaths><path><groupId>p</groupId><artifactId>q</artifactId>
        <version>1</version></path></annotationProcessorPaths></configuration></plugin></plugins></build>"""),
    )
    module = only(read(shop, cache))
    surefire, compiler = module.plugin("maven-surefire-plugin"), module.plugin("maven-compiler-plugin")
    assert surefire is not None
    assert compiler is not None
    assert (surefire.includes, surefire.excludes, surefire.arg_line) == (("**/*Check.java",), ("**/Slow*.java",), "-Xmx64m -Dx=1")
    assert surefire.system_properties == (("dir", f"{shop}/target/d"),)
    assert surefire.environment == (("TZ", "UTC"),)
    assert (module.release, compiler.parameters, compiler.annotation_processor_paths) == (17, True, (Dependency("p", "q", "1"),))


def test_old_release_is_raised_and_said(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("pom.xml", pom("<properties><maven.compiler.source>1.5</maven.compiler.source></properties>"))
    project = read(shop, cache)
    assert only(project).release == 8
    assert "project/release-raised" in [d.id for d in project.diagnostics]


def test_the_folder_is_not_written_to_and_the_result_is_equal(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("pom.xml", pom("<properties><built>${maven.build.timestamp}</built></properties>"))
    first = read(shop, cache)
    before = tree(shop)
    assert read(shop, cache) == first
    assert tree(shop) == before


def test_managed_configuration_reaches_plugins_that_are_not_listed(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    plugin = "<plugin><artifactId>maven-surefire-plugin</artifactId><version>3.1.0</version>"
    plugin += "<configuration><argLine>-Xmx1g</argLine></configuration></plugin>"
    write("pom.xml", pom(f"<build><pluginManagement><plugins>{plugin}</plugins></pluginManagement></build>"))
    surefire = only(read(shop, cache)).plugin("maven-surefire-plugin")
    assert surefire is not None
    assert (surefire.version, surefire.arg_line) == ("3.1.0", "-Xmx1g")
