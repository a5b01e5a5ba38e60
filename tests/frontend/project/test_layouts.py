"""Layouts around the build file: nested builds, other languages, modules elsewhere."""

from __future__ import annotations

from pathlib import Path

from refactor.frontend.project.discover import discover
from refactor.frontend.project.model import Project
from refactor.frontend.project.pom import oracle_module
from refactor.frontend.project.pomxml import parse_pom, texts
from tests.frontend.project.conftest import Write

ORDER = "package shop;\npublic class Order { }\n"


def pom(artifact: str, more: str = "") -> str:
    return f"<project><groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version>{more}</project>"


def said(project: Project, id: str) -> list[str]:
    return [d.message for d in project.diagnostics if d.id == f"project/{id}"]


def test_a_build_in_a_folder_below(shop: Path, write: Write, cache: Path, no_maven: Path, tmp_path: Path) -> None:
    write("frontend/package.json", "{}")
    write("backend/pom.xml", pom("backend"))
    write("backend/src/main/java/shop/Order.java", ORDER)
    write("tools/build.gradle", "")
    write("tools/src/main/java/shop/Tool.java", "package shop; class Tool {}")
    write("scripts/Stray.java", "class Stray {}")
    project = discover(str(shop), cache=cache)
    assert [(m.path, m.main.files) for m in project.modules] == [
        ("backend", ("backend/src/main/java/shop/Order.java",)),
        ("tools", ("tools/src/main/java/shop/Tool.java",)),
    ]
    assert project.kind == "maven"
    assert said(project, "nested-builds")
    assert "1 .java file" in said(project, "outside-of-builds")[0]
    oracle_module(project, tmp_path / "out")
    assert texts(parse_pom(tmp_path / "out/pom.xml", "pom.xml"), "modules/module") == ("backend", "tools")


def test_other_languages_are_said(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("pom.xml", pom("shop"))
    write("src/main/java/shop/Order.java", ORDER)
    write("src/main/kotlin/shop/Other.kt", "class Other")
    assert "src/main/kotlin" in said(discover(str(shop), cache=cache), "other-language")[0]


def test_a_module_outside_the_project_is_said(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("app/pom.xml", pom("app", "<modules><module>../common</module></modules>"))
    write("app/src/main/java/shop/Order.java", ORDER)
    write("common/pom.xml", pom("common"))
    project = discover(str(shop / "app"), cache=cache)
    assert [m.path for m in project.modules] == ["."]
    assert "../common" in said(project, "module-outside")[0]
