"""Maven's own answer: effective poms of all modules in one run, matched to their files, cached."""

from __future__ import annotations

from pathlib import Path

from refactor.frontend.project.discover import discover
from refactor.frontend.project.model import Project
from tests.frontend.project.conftest import Write, fake_maven

ORDER = "package shop;\npublic class Order { }\n"


def raw(artifact: str, more: str = "") -> str:
    return f"<project><groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version>{more}</project>"


def effective(shop: Path, programs: Path, *projects: str) -> Path:
    answer = programs / "effective.xml"
    answer.write_text(f'<?xml version="1.0"?><projects>{"".join(projects)}</projects>', encoding="utf-8")
    return fake_maven(programs, f"cat '{answer}' > \"$OUT\"")


def read(shop: Path, cache: Path, **properties: str) -> Project:
    return discover(str(shop), cache=cache, properties=properties)


def test_modules_are_matched_and_the_answer_is_cached(shop: Path, write: Write, cache: Path, home: Path, programs: Path) -> None:
    write("pom.xml", raw("root", "<packaging>pom</packaging><modules><module>web</module></modules>"))
    write("web/pom.xml", raw("web", "<properties><built>${maven.build.timestamp}</built></properties>"))
    write("web/src/main/java/shop/Order.java", ORDER)
    properties = "<properties><maven.compiler.release>17</maven.compiler.release><built>now</built></properties>"
    log = effective(
        shop,
        programs,
        raw("root", "<packaging>pom</packaging><modules><module>web</module></modules>"),
        raw("web", f"{properties}<build><sourceDirectory>{shop}/web/src/main/java</sourceDirectory></build>"),
    )
    project = read(shop, cache)
    web = project.module("web")
    assert (web.path, web.release, web.resolved_by) == ("web", 17, "maven")
    assert web.main.files == ("web/src/main/java/shop/Order.java",)
    assert web.property("built") == "1970-01-01T00:00:00Z", "the time of the build is not part of the input"
    assert read(shop, cache) == project
    assert len(log.read_text(encoding="utf-8").splitlines()) == 1, "the second reading comes from the cache"
    read(shop, cache, v="2")
    assert "-Dv=2" in log.read_text(encoding="utf-8").splitlines()[1]


def test_a_changed_pom_is_read_again(shop: Path, write: Write, cache: Path, home: Path, programs: Path) -> None:
    write("pom.xml", raw("shop"))
    write("src/main/java/shop/Order.java", ORDER)
    log = effective(shop, programs, raw("shop"))
    read(shop, cache)
    write("pom.xml", raw("shop", "<description>changed</description>"))
    read(shop, cache)
    assert len(log.read_text(encoding="utf-8").splitlines()) == 2


def test_offline_first_then_online(shop: Path, write: Write, cache: Path, home: Path, programs: Path) -> None:
    write("pom.xml", raw("shop"))
    write("src/main/java/shop/Order.java", ORDER)
    answer = programs / "effective.xml"
    answer.write_text(raw("shop"), encoding="utf-8")
    log = fake_maven(programs, f"case \"$ARGS\" in *' -o') exit 1;; esac; cat '{answer}' > \"$OUT\"")
    assert read(shop, cache).modules[0].resolved_by == "maven"
    first, second = log.read_text(encoding="utf-8").splitlines()
    assert first.endswith(" -o")
    assert " -o" not in second


def test_generated_sources_are_said(shop: Path, write: Write, cache: Path, home: Path, programs: Path) -> None:
    plugin = (
        "<build><plugins><plugin><groupId>org.antlr</groupId><artifactId>antlr4-maven-plugin</artifactId><version>4.13</version>"
        "<executions><execution><goals><goal>antlr4</goal></goals></execution></executions></plugin></plugins></build>"
    )
    write("pom.xml", raw("shop"))
    write("src/main/java/shop/Order.java", ORDER)
    effective(shop, programs, raw("shop", plugin))
    assert any(d.id == "project/generated-sources" and "antlr4" in d.message for d in read(shop, cache).diagnostics)


def test_spring_boot_counts_only_where_it_is_used(shop: Path, write: Write, cache: Path, home: Path, programs: Path) -> None:
    boot = "<groupId>org.springframework.boot</groupId>"
    managed = (
        f"<dependencyManagement><dependencies><dependency>{boot}<artifactId>spring-boot</artifactId><version>3.3.1</version></dependency>"
        "</dependencies></dependencyManagement>"
    )
    used = (
        f"<dependencies><dependency>{boot}<artifactId>spring-boot-starter</artifactId><version>3.3.1</version></dependency></dependencies>"
    )
    write("pom.xml", raw("root", "<modules><module>a</module><module>b</module></modules>"))
    for name in ("a", "b"):
        write(f"{name}/pom.xml", raw(name))
        write(f"{name}/src/main/java/shop/Order.java", ORDER)
    effective(shop, programs, raw("root"), raw("a", managed), raw("b", managed + used))
    project = read(shop, cache)
    assert (project.module("a").spring_boot, project.module("b").spring_boot) == (None, "3.3.1")


def test_folders_of_the_monolith_are_told_by_its_own_place(shop: Path, write: Write, cache: Path, home: Path, programs: Path) -> None:
    """Maven answers with absolute folders; a copy of the build that names them would compile the original's files."""
    write("pom.xml", raw("root", "<packaging>pom</packaging><modules><module>web</module></modules>"))
    write("web/pom.xml", raw("web"))
    write("web/src/main/java/shop/Order.java", ORDER)
    write("web/src/gen/shop/Made.java", "package shop;\npublic class Made { }\n")
    helper = (
        "<plugin><groupId>org.codehaus.mojo</groupId><artifactId>build-helper-maven-plugin</artifactId><executions><execution>"
        f"<goals><goal>add-source</goal></goals><configuration><sources><source>{shop}/web/src/gen</source></sources></configuration>"
        "</execution></executions></plugin><plugin><artifactId>maven-surefire-plugin</artifactId>"
        f"<configuration><argLine>-Da={shop}/web/target/a -Db={shop}/data</argLine></configuration></plugin>"
    )
    build = f"<properties><here>{shop}/web</here></properties><build><plugins>{helper}</plugins></build>"
    effective(shop, programs, raw("root", "<packaging>pom</packaging><modules><module>web</module></modules>"), raw("web", build))
    web = read(shop, cache).module("web")
    said = [p.configuration for p in web.plugins] + [e.configuration for p in web.plugins for e in p.executions]
    assert str(shop) not in "".join(said)
    assert web.plugins[1].arg_line == "-Da=${project.basedir}/target/a -Db=${project.basedir}/../data"
    assert web.property("here") == "${project.basedir}"
    assert web.main.files == ("web/src/gen/shop/Made.java", "web/src/main/java/shop/Order.java")


def test_what_a_build_has_generated_is_read(shop: Path, write: Write, cache: Path, home: Path, programs: Path) -> None:
    write("pom.xml", raw("shop"))
    write("src/main/java/shop/Order.java", ORDER)
    plugin = "<plugin><groupId>org.openapitools</groupId><artifactId>openapi-generator-maven-plugin</artifactId><executions><execution>"
    plugin += "<goals><goal>generate</goal></goals></execution></executions></plugin>"
    effective(shop, programs, raw("shop", f"<build><plugins>{plugin}</plugins></build>"))
    project = read(shop, cache)
    assert [d.id for d in project.diagnostics if d.id == "project/generated-sources"] != []
    write("target/generated-sources/openapi/src/main/java/shop/api/Api.java", "/* made */\npackage shop.api;\npublic interface Api { }\n")
    write("target/generated-sources/annotations/shop/OrderImpl.java", "package shop;\nclass OrderImpl { }\n")
    project = read(shop, cache)
    assert project.modules[0].main.files == (
        "src/main/java/shop/Order.java",
        "target/generated-sources/openapi/src/main/java/shop/api/Api.java",
    )
    assert [d.id for d in project.diagnostics if d.id == "project/generated-sources"] == []
