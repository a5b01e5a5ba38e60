"""Writing minimal poms: dependencies and their management, nothing of the monolith's style, licences or releases."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from refactor.frontend.project.model import Dependency, Repository

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://maven.apache.org/POM/4.0.0 https://maven.apache.org/xsd/maven-4.0.0.xsd">
  <modelVersion>4.0.0</modelVersion>
"""


def element(tag: str, value: str, indent: str = "  ") -> str:
    """One line `<tag>value</tag>`, or nothing for an empty value."""
    return f"{indent}<{tag}>{escape(value)}</{tag}>\n" if value else ""


def block(tag: str, body: str, indent: str = "  ") -> str:
    """`<tag>` around `body`, or nothing around nothing."""
    return f"{indent}<{tag}>\n{body}{indent}</{tag}>\n" if body else ""


def shifted(xml: str, indent: str) -> str:
    """XML text with every line indented."""
    return "".join(f"{indent}{line}\n" for line in xml.splitlines())


def dependency_text(dependency: Dependency, indent: str, *, tag: str = "dependency") -> str:
    inner = indent + "  "
    exclusions = "".join(
        block("exclusion", element("groupId", group, inner + "    ") + element("artifactId", artifact, inner + "    "), inner + "  ")
        for group, _, artifact in (exclusion.partition(":") for exclusion in dependency.exclusions)
    )
    body = (
        element("groupId", dependency.group, inner)
        + element("artifactId", dependency.artifact, inner)
        + element("version", dependency.version, inner)
        + element("type", "" if dependency.type == "jar" else dependency.type, inner)
        + element("classifier", dependency.classifier, inner)
        + element("scope", "" if dependency.scope == "compile" else dependency.scope, inner)
        + element("systemPath", dependency.system_path, inner)
        + element("optional", "true" if dependency.optional else "", inner)
        + block("exclusions", exclusions, inner)
    )
    return block(tag, body, indent)


def dependencies_text(dependencies: Iterable[Dependency], indent: str = "  ") -> str:
    return block("dependencies", "".join(dependency_text(d, indent + "  ") for d in dependencies), indent)


def managed_text(managed: Iterable[Dependency], indent: str = "  ") -> str:
    return block("dependencyManagement", dependencies_text(managed, indent + "  "), indent)


def repositories_text(repositories: Iterable[Repository], indent: str = "  ") -> str:
    inner = indent + "    "
    listed = "".join(
        block(
            "repository",
            element("id", r.id, inner)
            + element("url", r.url, inner)
            + block("releases", element("enabled", str(r.releases).lower(), inner + "  "), inner)
            + block("snapshots", element("enabled", str(r.snapshots).lower(), inner + "  "), inner),
            indent + "  ",
        )
        for r in repositories
    )
    return block("repositories", listed, indent)


def pom_text(
    *,
    group: str,
    artifact: str,
    version: str,
    packaging: str = "jar",
    properties: Iterable[tuple[str, str]] = (),
    modules: Iterable[str] = (),
    dependencies: Iterable[Dependency] = (),
    managed: Iterable[Dependency] = (),
    repositories: Iterable[Repository] = (),
    build: str = "",
    profiles: str = "",
) -> str:
    """A whole pom. `build` is the content of <build> as XML lines, already indented by four spaces; `profiles` the element itself."""
    body = (
        element("groupId", group)
        + element("artifactId", artifact)
        + element("version", version)
        + element("packaging", packaging)
        + block("properties", "".join(element(k, v, "    ") or f"    <{k}/>\n" for k, v in properties))
        + block("modules", "".join(element("module", m, "    ") for m in modules))
        + repositories_text(repositories)
        + managed_text(managed)
        + dependencies_text(dependencies)
        + block("build", build)
        + profiles
    )
    return f"{_HEAD}{body}</project>\n"
