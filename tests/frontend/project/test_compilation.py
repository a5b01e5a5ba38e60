"""Options and processors of the compiler are found wherever Maven lets one write them, and are those of a part's one compilation."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from refactor.frontend.project.compilation import compilation, single_compilations
from refactor.frontend.project.discover import discover
from refactor.frontend.project.effective import generated_roots, read_plugin
from refactor.frontend.project.model import PluginConfig
from refactor.frontend.project.oracle_plugins import plan_plugins
from refactor.frontend.project.pomxml import inner_xml
from tests.frontend.project.conftest import Write

ARGS = "<compilerArgs><arg>-Aa=b</arg></compilerArgs>"
PATH = "<path><groupId>p</groupId><artifactId>q</artifactId><version>1</version></path>"
PATHS = f"<annotationProcessorPaths>{PATH}</annotationProcessorPaths>"
PARAMETERS = "<parameters>true</parameters>"


def plugin(configuration: str = "", *executions: tuple[str, str, str, str]) -> PluginConfig:
    """`executions`: id, phase, goal, configuration."""
    written = "".join(
        f"<execution><id>{id}</id><phase>{phase}</phase><goals><goal>{goal}</goal></goals><configuration>{content}</configuration></execution>"
        for id, phase, goal, content in executions
    )
    text = f"<plugin><artifactId>maven-compiler-plugin</artifactId><configuration>{configuration}</configuration>"
    return read_plugin(ET.fromstring(f"{text}<executions>{written}</executions></plugin>"))


SPELLINGS = {
    "plug-in": plugin(ARGS + PATHS + "<parameters>true</parameters>"),
    "default-compile": plugin("", ("default-compile", "compile", "compile", ARGS + PATHS + "<parameters>true</parameters>")),
    "both": plugin(PATHS, ("default-compile", "compile", "compile", ARGS + "<parameters>true</parameters>")),
    "another execution": plugin(
        "<parameters>true</parameters>", ("default-compile", "none", "compile", ""), ("java", "compile", "compile", ARGS + PATHS)
    ),
    "processing apart": plugin(
        "<parameters>true</parameters>",
        ("processing", "generate-sources", "compile", "<proc>only</proc>" + ARGS + PATHS),
        ("default-compile", "compile", "compile", "<proc>none</proc>"),
    ),
    "processing apart, by arguments": plugin(
        "<parameters>true</parameters>",
        ("processing", "process-sources", "compile", ARGS.replace("</compilerArgs>", "<arg>-proc:only</arg></compilerArgs>") + PATHS),
        ("default-compile", "compile", "compile", "<compilerArgument>-proc:none</compilerArgument>"),
    ),
    "one argument": plugin("", ("default-compile", "", "compile", "<compilerArgument>-Aa=b</compilerArgument>" + PARAMETERS + PATHS)),
}


@pytest.mark.parametrize("where", SPELLINGS)
def test_options_and_processors_are_found(where: str) -> None:
    found = SPELLINGS[where]
    assert found.compiler_args == ("-Aa=b",)
    assert [(d.group, d.artifact, d.version) for d in found.annotation_processor_paths] == [("p", "q", "1")]
    assert found.parameters
    text = inner_xml(compilation(found, "compile"))
    assert "-proc" not in text
    assert "<proc>" not in text
    part = inner_xml(ET.fromstring(f"<c>{found.configuration}</c>")) + "".join(e.configuration for e in single_compilations([found]))
    assert "-Aa=b" in part
    assert "<artifactId>q</artifactId>" in part


def test_tests_are_compiled_as_they_were() -> None:
    found = plugin(
        "<release>17</release>",
        ("default-compile", "compile", "compile", "<release>11</release>"),
        ("default-testCompile", "", "testCompile", ARGS),
    )
    assert inner_xml(compilation(found, "testCompile")).count("-Aa=b") == 1
    assert [e.id for e in single_compilations([found])] == ["default-compile", "default-testCompile"]


def test_what_is_only_the_general_configuration_is_not_written_again() -> None:
    assert single_compilations([plugin(ARGS + PATHS)]) == ()
    assert single_compilations([plugin(ARGS, ("default-compile", "compile", "compile", ARGS))]) == ()
    assert single_compilations([plugin(ARGS, ("java9", "compile", "compile", "<release>9</release>"))]) == (), "a second class folder"


def test_a_part_of_two_modules_has_the_options_of_both() -> None:
    (execution,) = single_compilations([plugin("<release>17</release>"), plugin(ARGS + PATHS)])[:1]
    assert execution.id == "default-compile"
    assert "-Aa=b" in execution.configuration
    assert "<artifactId>q</artifactId>" in execution.configuration
    assert "<release>17</release>" in execution.configuration


def test_folders_of_the_monolith_are_not_carried_over() -> None:
    roots = "<compileSourceRoots><compileSourceRoot>/else</compileSourceRoot></compileSourceRoots>"
    assert "/else" not in "".join(
        e.configuration for e in single_compilations([plugin("", ("default-compile", "", "compile", ARGS + roots))])
    )


def test_the_release_of_an_execution_is_the_module_s(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    execution = "<execution><id>default-compile</id><configuration><release>11</release></configuration></execution>"
    build = f"<artifactId>maven-compiler-plugin</artifactId><executions>{execution}</executions>"
    build = f"<build><plugins><plugin>{build}</plugin></plugins></build>"
    write("pom.xml", f"<project><groupId>g</groupId><artifactId>shop</artifactId><version>1</version>{build}</project>")
    write("src/main/java/shop/Order.java", "package shop; class Order {}")
    assert discover(str(shop), cache=cache).modules[0].release == 11


def test_a_processor_has_the_version_that_management_gives_it(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    path = "<path><groupId>p</groupId><artifactId>q</artifactId></path>"
    configuration = f"<configuration><annotationProcessorPaths>{path}</annotationProcessorPaths></configuration>"
    build = f"<build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId>{configuration}</plugin></plugins></build>"
    managed = "<dependency><groupId>p</groupId><artifactId>q</artifactId><version>7</version></dependency>"
    managed = f"<dependencyManagement><dependencies>{managed}</dependencies></dependencyManagement>"
    write("pom.xml", f"<project><groupId>g</groupId><artifactId>shop</artifactId><version>1</version>{managed}{build}</project>")
    write("src/main/java/shop/Order.java", "package shop; class Order {}")
    (module,) = discover(str(shop), cache=cache).modules
    assert "<version>7</version>" in plan_plugins(module, added_main=(), added_test=(), only=None).text


def test_sources_that_a_build_has_made(tmp_path: Path) -> None:
    def write(name: str, package: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"package {package};\nclass X {{}}\n")

    write("made/any-plugin/demo/made/Name.java", "demo.made")
    write("made/source/proto/main/java/a/b/C.java", "a.b")
    write("made/sources/annotationProcessor/java/main/a/Y_.java", "a")
    write("made/annotations/a/Z_.java", "a")
    write("made/other/a/Own.java", "a")
    write("src/a/Own.java", "a")
    found = generated_roots(tmp_path / "made", [tmp_path / "src"])
    assert [p.relative_to(tmp_path / "made").as_posix() for p in found] == ["any-plugin", "source/proto/main/java"]


MADE = ("generated/sources/some-codegen", "generated-src/antlr/main", "generated/source/proto/main/java", "generate-resources/main/java")


@pytest.mark.parametrize("folder", MADE)
def test_sources_that_a_gradle_build_has_made_are_read(shop: Path, write: Write, cache: Path, folder: str) -> None:
    write("settings.gradle", "rootProject.name = 'shop'\n")
    write("build.gradle", "plugins { id 'java'; id 'com.netflix.dgs.codegen' version '5.0.6' }\n")
    write("src/main/java/demo/Left.java", "package demo;\nclass Left { demo.made.Name name; }\n")
    made = f"build/{folder}/demo/made/Name.java"
    write(made, "package demo.made;\npublic class Name {}\n")
    write("build/generated/sources/annotationProcessor/java/main/demo/Left_.java", "package demo;\nclass Left_ {}\n")
    of_tests = folder.replace("main", "test").replace("some-codegen", "test")
    write(f"build/{of_tests}/demo/made/NameTest.java", "package demo.made;\nclass NameTest {}\n")
    project = discover(str(shop), cache=cache)
    assert made in project.modules[0].main.files
    assert not any("Left_" in f or "NameTest" in f for f in project.modules[0].main.files)
    assert any("NameTest" in f for f in project.modules[0].test.files)
    assert "project/generated-sources" not in [d.id for d in project.diagnostics]


LINES = ("-Dmaven.compiler.parameters -Dmaven.compiler.release=11", "-D maven.compiler.release=11\n--define=maven.compiler.parameters=true")


@pytest.mark.parametrize("text", LINES)
def test_options_of_maven_s_own_command_line(shop: Path, write: Write, cache: Path, no_maven: Path, text: str) -> None:
    properties = "<properties><maven.compiler.release>17</maven.compiler.release></properties>"
    write("pom.xml", f"<project><groupId>g</groupId><artifactId>shop</artifactId><version>1</version>{properties}</project>")
    write(".mvn/maven.config", f"-B\n{text}\n-Dother=1")
    write("src/main/java/shop/Order.java", "package shop; class Order {}")
    (module,) = discover(str(shop), cache=cache).modules
    assert module.release == 11
    assert module.property("maven.compiler.parameters") == "true"
    assert module.property("other") == ""
