"""How `mvn package` of a service makes a jar that `java -jar` runs: the libraries lie beside it and its manifest names them.

That is the layout that Spring Boot's own tools extract a fat jar into: no nested jars, no class loader of its own, so a service
started from it has the class path that was verified.
"""

from __future__ import annotations

from collections.abc import Iterable

from refactor.frontend.project.mvn import DEPENDENCY_PLUGIN
from refactor.frontend.project.pom_text import block, element

CLASSES_ONLY = "refactor.classes"
"""The property that leaves the jar as it is: who only wants classes, as `refactor verify` does, copies no libraries."""

_JAR_PLUGIN_VERSION = "3.4.2"
# The names that `prependGroupId` gives: without the group, two libraries may have one file name.
_FILE = "$${artifact.groupId}.$${artifact.artifactId}-$${artifact.baseVersion}$${dashClassifier?}.$${artifact.extension}"


def jar_profile(main_class: str, local_jars: Iterable[str] = ()) -> str:
    """before: the main class of a service; jars of the monolith's own folders, relative to the module   after: <profiles> of its pom"""
    manifest = (
        element("addClasspath", "true", " " * 18)
        + element("classpathPrefix", "lib/", " " * 18)
        + element("classpathLayoutType", "custom", " " * 18)
        + element("customClasspathLayout", _FILE, " " * 18)
        + element("mainClass", main_class, " " * 18)
    )
    entries = element("Class-Path", " ".join(f"../{jar}" for jar in local_jars), " " * 18)
    archive = block("manifest", manifest, " " * 16) + block("manifestEntries", entries, " " * 16)
    jar = _plugin("maven-jar-plugin", _JAR_PLUGIN_VERSION) + block("configuration", block("archive", archive, " " * 14), " " * 12)
    copying = (
        element("includeScope", "runtime", " " * 18)
        + element("prependGroupId", "true", " " * 18)
        + element("outputDirectory", "${project.build.directory}/lib", " " * 18)
    )
    execution = (
        element("id", "libraries", " " * 16)
        + element("phase", "package", " " * 16)
        + block("goals", element("goal", "copy-dependencies", " " * 18), " " * 16)
        + block("configuration", copying, " " * 16)
    )
    copy = _plugin("maven-dependency-plugin", DEPENDENCY_PLUGIN.rpartition(":")[2]) + block(
        "executions", block("execution", execution, " " * 14), " " * 12
    )
    plugins = block("plugin", jar, " " * 10) + block("plugin", copy, " " * 10)
    profile = (
        element("id", "executable-jar", " " * 6)
        + block("activation", block("property", element("name", f"!{CLASSES_ONLY}", " " * 10), " " * 8), " " * 6)
        + block("build", block("plugins", plugins, " " * 8), " " * 6)
    )
    return block("profiles", block("profile", profile, " " * 4))


def run_plugin(main_class: str, version: str) -> str:
    """`mvn spring-boot:run`: <pluginManagement> with Boot's plug-in, which no phase of the build runs."""
    named = {"groupId": "org.springframework.boot", "artifactId": "spring-boot-maven-plugin", "version": version}
    plugin = "".join(element(tag, value, " " * 10) for tag, value in named.items())
    plugin += block("configuration", element("mainClass", main_class, " " * 12), " " * 10)
    return block("pluginManagement", block("plugins", block("plugin", plugin, " " * 8), " " * 6), " " * 4)


def _plugin(artifact: str, version: str) -> str:
    named = {"groupId": "org.apache.maven.plugins", "artifactId": artifact, "version": version}
    return "".join(element(tag, value, " " * 12) for tag, value in named.items())
