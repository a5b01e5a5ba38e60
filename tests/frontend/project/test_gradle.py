"""Gradle builds as far as they are literal, in both languages; the rest is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.frontend.project.discover import discover
from refactor.frontend.project.gradle_script import Statement, statements
from refactor.frontend.project.model import Dependency, Project
from tests.frontend.project.conftest import Write, repository_pom

CLASS = "package shop;\npublic class Order { }\n"


def said(project: Project) -> list[str]:
    return [d.id for d in project.diagnostics]


def test_statements() -> None:
    script = "a 'x{', /* } */ \"y\" // }\nb(\n  'z'\n) { c = 1; d 2 }\n"
    assert statements(script) == (
        Statement("a 'x{', \"y\""),
        Statement("b( 'z' )", (Statement("c = 1"), Statement("d 2"))),
    )


def test_unbalanced_braces_end() -> None:
    assert statements("a {\n b\n") == (Statement("a", (Statement("b"),)),)
    assert statements("}\n")[:1] == ()


def test_groovy(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("settings.gradle", "rootProject.name = 'shop'\ninclude 'web', ':core'\nproject(':core').projectDir = file('libs/core')\n")
    write("build.gradle", "ext { guavaVersion = '33.0-jre' }\nsubprojects {\n  apply plugin: 'java'\n  group = 'g'\n  version = '1'\n}\n")
    write("libs/core/build.gradle", "sourceCompatibility = '11'\n")
    write("libs/core/src/main/java/shop/Order.java", CLASS)
    write(
        "web/build.gradle",
        """
dependencies {
    implementation project(':core')
    implementation "com.google.guava:guava:$guavaVersion"
    runtimeOnly group: 'org.h2', name: 'h2', version: '2.1'
    compileOnly('a:b:1') { exclude group: 'x', module: 'y' }
    testImplementation 'junit:junit:4.13.2'
    implementation files('lib/own.jar')
    implementation someFunction()
}
java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }
sourceSets { main { java { srcDirs = ['source'] } } }
test { useJUnitPlatform(); systemProperty 'mode', 'fast'; jvmArgs '-Xmx64m'; exclude '**/Slow*' }
""",
    )
    write("web/source/shop/Web.java", CLASS)
    write("web/lib/own.jar", "")
    project = discover(str(shop), cache=cache)
    core, web = project.module("core"), project.module("web")
    assert (core.path, core.release, web.release) == ("libs/core", 11, 17)
    assert web.dependencies == (
        Dependency("g", "core", "1"),
        Dependency("com.google.guava", "guava", "33.0-jre"),
        Dependency("org.h2", "h2", "2.1", "runtime"),
        Dependency("a", "b", "1", "provided", exclusions=("x:y",)),
        Dependency("junit", "junit", "4.13.2", "test"),
    )
    assert project.reactor(web.dependencies[0]) is core
    assert web.main.java == (shop / "web/source",)
    assert web.jars == (shop / "web/lib/own.jar",)
    surefire = web.plugin("maven-surefire-plugin")
    assert surefire is not None
    assert (surefire.system_properties, surefire.arg_line, surefire.excludes) == ((("mode", "fast"),), "-Xmx64m", ("**/Slow*",))
    assert "project/gradle-dependency" in said(project), "someFunction() is not literal"


def test_kotlin_with_a_catalogue(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("settings.gradle.kts", 'rootProject.name = "shop"\n')
    write(
        "gradle/libs.versions.toml",
        """
[versions]
jupiter = "5.10.2"
[libraries]
junit-api = { module = "org.junit.jupiter:junit-jupiter-api", version.ref = "jupiter" }
guava = "com.google.guava:guava:33.0-jre"
[bundles]
testing = ["junit-api"]
""",
    )
    write(
        "build.gradle.kts",
        """
plugins { `java-library` }
val lang3 by extra("3.14.0")
dependencies {
    api(libs.guava)
    implementation("org.apache.commons:commons-lang3:${lang3}")
    testImplementation(libs.bundles.testing)
    testRuntimeOnly(libs.nothing)
}
tasks.withType<JavaCompile> { options.release.set(21) }
tasks.named<Test>("test") { environment("TZ", "UTC") }
""",
    )
    write("src/main/java/shop/Order.java", CLASS)
    project = discover(str(shop), cache=cache)
    (module,) = project.modules
    assert [str(d) for d in module.dependencies] == [
        "com.google.guava:guava:jar:33.0-jre:compile",
        "org.apache.commons:commons-lang3:jar:3.14.0:compile",
        "org.junit.jupiter:junit-jupiter-api:jar:5.10.2:test",
    ]
    assert module.release == 21
    surefire = module.plugin("maven-surefire-plugin")
    assert surefire is not None
    assert surefire.environment == (("TZ", "UTC"),)
    assert "project/gradle-dependency" in said(project)


def test_platforms_give_versions(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    managed = "<dependency><groupId>a</groupId><artifactId>b</artifactId><version>4</version></dependency>"
    body = f"<dependencyManagement><dependencies>{managed}</dependencies></dependencyManagement>"
    repository_pom(no_maven, "far", "bom", "3", body)
    write("build.gradle", "dependencies {\n implementation platform('far:bom:3')\n implementation 'a:b'\n implementation 'a:c'\n}\n")
    write("src/main/java/shop/Order.java", CLASS)
    project = discover(str(shop), cache=cache)
    assert [d.version for d in project.modules[0].dependencies] == ["4", ""]
    assert any("a:c" in d.message for d in project.diagnostics if d.id == "project/unversioned-dependency")


def test_applied_scripts_are_read(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("build.gradle", "apply from: 'deps.gradle'\napply from: 'gone.gradle'\n")
    write("deps.gradle", "dependencies { implementation 'a:b:1' }\n")
    write("src/main/java/shop/Order.java", CLASS)
    project = discover(str(shop), cache=cache)
    assert project.modules[0].dependencies == (Dependency("a", "b", "1"),)
    assert any("gone.gradle" in d.message for d in project.diagnostics)


@pytest.mark.parametrize(
    ("script", "version"),
    [
        ("plugins {\n id 'java'\n id 'io.freefair.lombok' version '9.5.0'\n}\n", "1.18.44"),
        ('plugins {\n java\n id("io.freefair.lombok") version "9.5.0"\n}\nlombok { version.set("1.18.30") }\n', "1.18.30"),
        ("apply plugin: 'java'\napply plugin: 'io.freefair.lombok'\nlombok {\n version = '1.18.30'\n}\n", "1.18.30"),
        ("plugins { alias(libs.plugins.beans) }\n", "1.18.44"),
    ],
)
def test_plug_ins_bring_libraries(shop: Path, write: Write, cache: Path, no_maven: Path, script: str, version: str) -> None:
    """A library that a plug-in adds is in no `dependencies`: without it the monolith does not compile."""
    write("build.gradle", script)
    write("gradle/libs.versions.toml", '[plugins]\nbeans = { id = "io.freefair.lombok", version = "9.5.0" }\n')
    write("src/main/java/shop/Order.java", CLASS)
    module = discover(str(shop), cache=cache).modules[0]
    compiler = module.plugin("maven-compiler-plugin")
    assert compiler is not None
    assert compiler.annotation_processor_paths == (Dependency("org.projectlombok", "lombok", version),)
    assert module.dependencies == (Dependency("org.projectlombok", "lombok", version, "provided"),)


BOOT = "org.springframework.boot"
ROOT_STATES = f"plugins {{ id '{BOOT}' version '3.2.0' apply false }}\n"
BUILDSCRIPT = f"buildscript {{\n dependencies {{ classpath '{BOOT}:spring-boot-gradle-plugin:3.2.0' }}\n}}\n"


@pytest.mark.parametrize(
    ("settings", "root", "web"),
    [
        ("", ROOT_STATES, f"plugins {{ id '{BOOT}' }}\n"),
        ("", f'plugins {{\n id("{BOOT}") version "3.2.0" apply false\n}}\n', f'apply(plugin = "{BOOT}")\n'),
        ("", ROOT_STATES + f"subprojects {{ apply plugin: '{BOOT}' }}\n", ""),
        ("", f"ext {{ boot = '3.2.0' }}\nplugins {{ id '{BOOT}' version \"$boot\" apply false }}\n", f"plugins {{ id '{BOOT}' }}\n"),
        (f"pluginManagement {{\n plugins {{ id '{BOOT}' version '3.2.0' }}\n}}\n", "", f"plugins {{ id '{BOOT}' }}\n"),
        ("", BUILDSCRIPT, f"apply plugin: '{BOOT}'\n"),
    ],
)
def test_versions_of_plug_ins_stated_elsewhere(
    shop: Path, write: Write, cache: Path, no_maven: Path, settings: str, root: str, web: str
) -> None:
    """Modules apply a plug-in whose version the root, the settings or the build script's class path states."""
    managed = (
        "<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot</artifactId><version>3.2.0</version></dependency>"
    )
    body = f"<dependencyManagement><dependencies>{managed}</dependencies></dependencyManagement>"
    repository_pom(no_maven, "org.springframework.boot", "spring-boot-dependencies", "3.2.0", body)
    write("settings.gradle", f"{settings}include 'web'\n")
    write("build.gradle", root)
    libraries = f"dependencies {{ implementation platform(SpringBootPlugin.BOM_COORDINATES)\n implementation '{BOOT}:spring-boot' }}\n"
    write("web/build.gradle", web + libraries)
    write("web/src/main/java/shop/Order.java", CLASS)
    write("src/main/java/shop/Root.java", "package shop;\npublic class Root { }\n")
    project = discover(str(shop), cache=cache)
    assert project.module("web").dependencies == (Dependency("org.springframework.boot", "spring-boot", "3.2.0"),)
    assert project.module("web").spring_boot == "3.2.0"
    assert project.module("shop").spring_boot is None, "apply false"
