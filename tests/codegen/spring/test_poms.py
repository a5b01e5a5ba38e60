"""The pom of a part: what it needs at the scope that it needs it, compiled as the monolith is."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from refactor.codegen.spring.boot import Boot
from refactor.codegen.spring.poms import part_pom
from refactor.codegen.spring.sources import Placed
from refactor.frontend.project.effective import read_plugin
from refactor.frontend.project.model import Dependency, Module, Project, SourceSet

M = "{http://maven.apache.org/POM/4.0.0}"
OWN, OTHER = Boot("3.3.13", True), Boot("2.7.18", False)


def module(*dependencies: Dependency, **more: object) -> Module:
    made = Module("shop", ".", "g", "shop", "1", "jar", 17, 17, "UTF-8", SourceSet(), SourceSet(), dependencies=dependencies)
    return replace(made, **more)  # type: ignore[arg-type]


def pom(modules: tuple[Module, ...], boot: Boot | None, serves: bool = True) -> ET.Element:
    project = Project("shop", Path("/shop"), "shop", "maven", modules)
    text = part_pom(project, Placed(modules, True, False, False, False), "orders", boot, (), main_class="a.B" if serves else None)
    return ET.fromstring(text)


def scopes(root: ET.Element, where: str = "") -> dict[str, str]:
    return {
        d.findtext(f"{M}artifactId") or "": d.findtext(f"{M}scope") or "compile"
        for d in root.findall(f"{where}{M}dependencies/{M}dependency")
    }


@pytest.mark.parametrize("scope", ["test", "runtime", "provided"])
@pytest.mark.parametrize(
    ("group", "artifact", "boot"),
    [
        ("org.springframework", "spring-context", OTHER),
        ("org.springframework", "spring-core", OWN),
        ("org.apache.tomcat.embed", "tomcat-embed-core", OTHER),
        ("jakarta.annotation", "jakarta.annotation-api", OTHER),
        ("org.yaml", "snakeyaml", OTHER),
        ("com.fasterxml.jackson.core", "jackson-databind", OWN),
        ("org.slf4j", "slf4j-api", OWN),
        ("ch.qos.logback", "logback-classic", OWN),
    ],
)
def test_what_boot_needs_is_there_also_where_the_monolith_has_it_for_tests(scope: str, group: str, artifact: str, boot: Boot) -> None:
    library = Dependency(group, artifact, "1", scope=scope)
    of = module(library, managed=(library,))
    assert scopes(pom((of,), boot))[artifact] == "compile"
    if scope != "provided":
        assert scopes(pom((of,), boot), f"{M}dependencyManagement/")[artifact] == "compile"
    assert scopes(pom((of,), None, serves=False))[artifact] == scope, "the driver serves nothing"


def test_libraries_of_tests_alone_stay_theirs() -> None:
    libraries = [("org.springframework", "spring-test"), ("org.springframework.boot", "spring-boot-starter-test"), ("org.junit", "junit")]
    of = module(*(Dependency(g, a, "1", scope="test") for g, a in libraries))
    found = scopes(pom((of,), OWN))
    assert {found[a] for _, a in libraries} == {"test"}


def compiler(text: str) -> Module:
    plugin = read_plugin(ET.fromstring(f"<plugin><artifactId>maven-compiler-plugin</artifactId>{text}</plugin>"))
    return module(plugins=(plugin,))


def test_options_of_an_execution_are_those_of_the_part() -> None:
    argument = "<compilerArgs><compilerArg>-Amapstruct.defaultComponentModel=spring</compilerArg></compilerArgs>"
    execution = f"<execution><id>default-compile</id><configuration>{argument}</configuration></execution>"
    roots = "<compileSourceRoots><compileSourceRoot>/java9</compileSourceRoot></compileSourceRoots>"
    other = f"<execution><id>java9</id><goals><goal>compile</goal></goals><configuration>{roots}</configuration></execution>"
    text = ET.tostring(pom((compiler(f"<executions>{execution}{other}</executions>"),), OWN), encoding="unicode")
    assert text.count("-Amapstruct.defaultComponentModel=spring") == 1
    assert "java9" not in text


def test_options_of_every_module_whose_code_is_in_the_part() -> None:
    first = compiler("<configuration><release>17</release></configuration>")
    second = compiler("<configuration><parameters>true</parameters></configuration>")
    text = ET.tostring(pom((first, replace(second, path="web")), OWN), encoding="unicode")
    assert "parameters>true<" in text


def lines(root: ET.Element) -> dict[str, tuple[str | None, str | None]]:
    return {
        d.findtext(f"{M}artifactId") or "": (d.findtext(f"{M}version"), d.findtext(f"{M}scope"))
        for d in root.findall(f"{M}dependencies/{M}dependency")
    }


@pytest.fixture
def bill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local repository with Boot's bill of materials, which imports another one."""

    def pom(group: str, artifact: str, version: str, managed: str) -> None:
        folder = tmp_path / group.replace(".", "/") / artifact / version
        folder.mkdir(parents=True)
        head = f"<project><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>"
        tail = f"<dependencyManagement><dependencies>{managed}</dependencies></dependencyManagement></project>"
        (folder / f"{artifact}-{version}.pom").write_text(head + "<properties><y>3</y></properties>" + tail)

    def entry(group: str, artifact: str, version: str, more: str = "") -> str:
        return f"<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>{more}</dependency>"

    inner = entry("j", "json", "2")
    pom("j", "json-bom", "2", inner)
    imported = entry("j", "json-bom", "2", "<type>pom</type><scope>import</scope>")
    web = entry("org.springframework.boot", "spring-boot-starter-web", "3.3.13")
    pom("org.springframework.boot", "spring-boot-dependencies", "3.3.13", web + entry("x", "y", "${y}") + entry("x", "z", "1") + imported)
    monkeypatch.setenv("MAVEN_OPTS", f"-Dmaven.repo.local={tmp_path}")


@pytest.mark.usefixtures("bill")
def test_boot_s_bill_is_imported_and_only_the_rest_is_written() -> None:
    managed = (Dependency("x", "y", "3"), Dependency("x", "z", "9"), Dependency("j", "json", "2"), Dependency("own", "lib", "1"))
    of = module(Dependency("x", "y", "3"), Dependency("x", "z", "9"), Dependency("own", "lib", "1"), managed=managed)
    root = pom((of,), OWN)
    listed = [d.findtext(f"{M}artifactId") for d in root.findall(f"{M}dependencyManagement/{M}dependencies/{M}dependency")]
    assert listed == ["z", "lib", "spring-boot-dependencies"]
    found = lines(root)
    assert found["y"] == (None, None)
    assert found["z"] == ("9", None)
    assert found["lib"] == ("1", None)
    assert found["spring-boot-starter-web"] == (None, None)


@pytest.mark.usefixtures("bill")
@pytest.mark.parametrize("boot", [OTHER, Boot("3.3.99", True), None], ids=str)
def test_where_there_is_no_bill_everything_is_written(boot: Boot | None) -> None:
    of = module(Dependency("x", "y", "3"), managed=(Dependency("x", "y", "3"),))
    assert lines(pom((of,), boot, serves=boot is not None))["y"] == ("3", None)


def test_no_dependency_is_there_twice_and_the_service_runs_by_its_plug_in() -> None:
    web = Dependency("org.springframework.boot", "spring-boot-starter-web", "3.3.13", exclusions=("a:b",))
    root = pom((module(web),), OWN)
    listed = [(d.findtext(f"{M}groupId"), d.findtext(f"{M}artifactId")) for d in root.findall(f"{M}dependencies/{M}dependency")]
    assert len(listed) == len(set(listed))
    (plugin,) = root.findall(f"{M}build/{M}pluginManagement/{M}plugins/{M}plugin")
    assert plugin.findtext(f"{M}artifactId") == "spring-boot-maven-plugin"
    assert plugin.findtext(f"{M}configuration/{M}mainClass") == "a.B"
