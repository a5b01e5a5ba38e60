"""Effective poms without Maven: inheritance, profiles, interpolation, BOM imports, management.

It reads only files: the project's own poms, and the parents and BOMs that lie in the local repository. What it cannot
find becomes a finding, and the module is read as far as it goes. Maven's own answer is preferred where Maven is there.
"""

from __future__ import annotations

import copy
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from refactor.frontend.project.mvn import local_repository, user_home
from refactor.frontend.project.pomxml import children, parse_pom, text
from refactor.frontend.project.sources import Findings
from refactor.support.diagnostics import RefactorError
from refactor.support.trace import read_environment

_EXPRESSION = re.compile(r"\$\{([^${}]+)\}")
_INHERITED = ("groupId", "version", "properties", "dependencyManagement", "dependencies", "repositories", "build")
_MAX_DEPTH = 24
BUILD_TIME = "1970-01-01T00:00:00Z"
"""What stands for the time of the build: two readings of one project must be equal."""


@dataclass(slots=True)
class StaticReader:
    """Reads effective poms of one project. `properties` are -D overrides: they win over every pom."""

    findings: Findings
    properties: Mapping[str, str]
    java_release: int
    report_missing: bool = True
    _boms: dict[str, list[ET.Element]] = field(default_factory=dict)

    def effective(self, path: Path) -> tuple[ET.Element, tuple[str, ...]]:
        """The effective pom of the file `path`, and its chain of parents, nearest first."""
        pom, parents = self._inherited(path, 0)
        values = self._values(pom, path.parent)
        _interpolate(pom, values)
        self._import_boms(pom)
        _add_lifecycle_plugins(pom)
        _apply_management(pom)
        return pom, parents

    def _inherited(self, path: Path, depth: int) -> tuple[ET.Element, tuple[str, ...]]:
        """The pom with its active profiles and everything its parents give it; nothing interpolated yet."""
        pom = parse_pom(path, self.findings.shown(path))
        self._inject_profiles(pom, path.parent)
        parent = pom.find("parent")
        if parent is None or depth > _MAX_DEPTH:
            return pom, ()
        coordinates = ":".join(text(parent, tag) for tag in ("groupId", "artifactId", "version"))
        values = dict(self.properties) | _simple_properties(pom)
        coordinates = _EXPRESSION.sub(lambda m: values.get(m[1], m[0]), coordinates)
        chain: tuple[str, ...] = (coordinates,)
        found = self._parent_file(parent, path.parent, coordinates)
        if found is None:
            if self.report_missing:
                message = f"{self.findings.shown(path)}: its parent {coordinates} was not found; what it would give is missing"
                self.findings.add("missing-parent", message, help="connect to the registry that has it, then run again")
            _set_default(pom, "groupId", text(parent, "groupId"))
            _set_default(pom, "version", text(parent, "version"))
            return pom, chain
        above, more = self._inherited(found, depth + 1)
        return _merge_parent(pom, above), chain + more

    def _parent_file(self, parent: ET.Element, folder: Path, coordinates: str) -> Path | None:
        given = parent.find("relativePath")
        relative = "../pom.xml" if given is None else (given.text or "").strip()
        if relative:
            near = Path(os.path.normpath(folder / relative))
            near = near / "pom.xml" if near.is_dir() else near
            if near.is_file():
                pom = parse_pom(near, self.findings.shown(near))
                if text(pom, "artifactId") == coordinates.split(":")[1]:
                    return near
        return repository_pom(coordinates)

    def _inject_profiles(self, pom: ET.Element, folder: Path) -> None:
        profiles = children(pom, "profiles/profile")
        active = [p for p in profiles if self._activated(p.find("activation"), folder)]
        if not active:
            active = [p for p in profiles if text(p, "activation/activeByDefault") == "true"]
        for profile in active:
            for tag in ("properties", "dependencyManagement", "dependencies", "repositories", "build", "modules"):
                part = profile.find(tag)
                if part is not None:
                    _merge_into(pom, part, dominant=True)

    def _activated(self, activation: ET.Element | None, folder: Path) -> bool:
        if activation is None:
            return False
        answers = []
        jdk = text(activation, "jdk")
        if jdk:
            answers.append(_jdk_matches(jdk, self.java_release))
        wanted = activation.find("property")
        if wanted is not None:
            name = text(wanted, "name")
            absent = name.startswith("!")
            value = self.properties.get(name.removeprefix("!"))
            expected = text(wanted, "value")
            answers.append((value is None) if absent else value is not None and (not expected or value == expected))
        file = activation.find("file")
        if file is not None:
            exists, missing = (text(file, tag).replace("${basedir}", str(folder)) for tag in ("exists", "missing"))
            answers.append((folder / exists).exists() if exists else not (folder / missing).exists())
        system = activation.find("os")
        if system is not None:
            answers.append(text(system, "family").lower() in ("unix", "linux") or text(system, "name").lower() == "linux")
        return bool(answers) and all(answers)

    def _values(self, pom: ET.Element, folder: Path) -> dict[str, str]:
        system = {"user.home": str(user_home()), "file.separator": os.sep, "path.separator": os.pathsep, "line.separator": os.linesep}
        read_environment()
        values = {f"env.{k}": v for k, v in os.environ.items()} | system | _simple_properties(pom)
        base = str(folder)
        for prefix in ("project.", "pom.", ""):
            values |= {f"{prefix}{tag}": text(pom, tag) for tag in ("groupId", "artifactId", "version", "packaging", "name")}
            values[f"{prefix}basedir"] = base
        parent = pom.find("parent")
        values |= {f"project.parent.{tag}": text(parent, tag) for tag in ("groupId", "artifactId", "version")}
        build = {"directory": f"{base}/target", "outputDirectory": f"{base}/target/classes"}
        build |= {"testOutputDirectory": f"{base}/target/test-classes", "sourceDirectory": f"{base}/src/main/java"}
        values |= {f"project.build.{tag}": value for tag, value in build.items()}
        values["maven.build.timestamp"] = BUILD_TIME
        values["java.version"] = values.get("java.version", str(self.java_release))
        return values | dict(self.properties)

    def _import_boms(self, pom: ET.Element) -> None:
        holder = pom.find("dependencyManagement/dependencies")
        if holder is None:
            return
        known = {_key(e) for e in holder if text(e, "scope") != "import"}
        for element in list(holder):
            if text(element, "scope") != "import":
                continue
            holder.remove(element)
            for managed in self._bom(":".join(text(element, tag) for tag in ("groupId", "artifactId", "version"))):
                if _key(managed) not in known:
                    known.add(_key(managed))
                    holder.append(copy.deepcopy(managed))

    def _bom(self, coordinates: str) -> list[ET.Element]:
        if coordinates not in self._boms:
            self._boms[coordinates] = []  # also ends a cycle of imports
            path = repository_pom(coordinates)
            if path is None:
                if self.report_missing:
                    message = f"the bill of materials {coordinates} was not found; versions that it manages are missing"
                    self.findings.add("missing-bom", message, help="connect to the registry that has it, then run again")
            else:
                pom, _ = StaticReader(self.findings, {}, self.java_release, self.report_missing, self._boms).effective(path)
                self._boms[coordinates] = children(pom, "dependencyManagement/dependencies/dependency")
        return self._boms[coordinates]


def repository_pom(coordinates: str) -> Path | None:
    """The pom of `group:artifact:version` in the local repository."""
    group, artifact, version = coordinates.split(":")
    path = local_repository() / group.replace(".", "/") / artifact / version / f"{artifact}-{version}.pom"
    return path if path.is_file() else None


def raw_facts(path: Path, findings: Findings, properties: Mapping[str, str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The coordinates of all parents of a pom file as far as they can be found, nearest first, and the names of the
    properties that hold the time of the build. Says nothing about gaps.
    """
    try:
        pom, parents = StaticReader(findings, properties, 0, report_missing=False)._inherited(path, 0)
    except RefactorError:
        return (), frozenset()
    return parents, frozenset(k for k, v in _simple_properties(pom).items() if "${maven.build.timestamp}" in v)


def _simple_properties(pom: ET.Element) -> dict[str, str]:
    return {e.tag: (e.text or "").strip() for e in children(pom, "properties/*")}


def _set_default(pom: ET.Element, tag: str, value: str) -> None:
    if pom.find(tag) is None and value:
        ET.SubElement(pom, tag).text = value


def _merge_parent(child: ET.Element, parent: ET.Element) -> ET.Element:
    for part in parent:
        if part.tag in _INHERITED:
            _merge_into(child, part, dominant=False)
    return child


_KEYED = {"dependency", "plugin", "execution", "repository"}
_LISTS = {"dependencies", "plugins", "executions", "repositories"}


def _key(element: ET.Element) -> tuple[str, ...]:
    if element.tag == "dependency":
        return (text(element, "groupId"), text(element, "artifactId"), text(element, "type", "jar"), text(element, "classifier"))
    if element.tag == "plugin":
        return (text(element, "groupId", "org.apache.maven.plugins"), text(element, "artifactId"))
    return (text(element, "id", "default"),)


def _merge_into(holder: ET.Element, part: ET.Element, *, dominant: bool) -> None:
    """Merge `part` into the element of the same name below `holder`; `dominant` says whether `part` wins.

    Lists that have keys merge by key, other elements by name; a text or a list without keys is taken whole.
    """
    mine = holder.find(part.tag)
    if mine is None:
        holder.append(copy.deepcopy(part))
        return
    if part.tag in _LISTS:
        known = {_key(e): e for e in mine if e.tag in _KEYED}
        for entry in part:
            same = known.get(_key(entry)) if entry.tag in _KEYED else None
            if same is None:
                mine.append(copy.deepcopy(entry))
            elif entry.tag == "dependency":
                if dominant:
                    mine[list(mine).index(same)] = copy.deepcopy(entry)
            else:
                for below in entry:
                    _merge_into(same, below, dominant=dominant)
    elif len(part) and part.tag not in ("resources", "testResources", "modules"):
        for below in part:
            _merge_into(mine, below, dominant=dominant)
    elif part.tag == "modules":
        mine.extend(copy.deepcopy(list(part)))
    elif dominant:
        holder[list(holder).index(mine)] = copy.deepcopy(part)


def _interpolate(pom: ET.Element, values: Mapping[str, str]) -> None:
    def replace(raw: str, seen: frozenset[str]) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in seen or name not in values:
                return match[0]
            return replace(values[name], seen | {name})

        return _EXPRESSION.sub(value, raw)

    for element in pom.iter():
        if element.text and "${" in element.text:
            element.text = replace(element.text, frozenset())


def _add_lifecycle_plugins(pom: ET.Element) -> None:
    """Compilation and tests run without being listed, with the configuration that plug-in management has for them."""
    if text(pom, "packaging") == "pom":
        return
    build = pom.find("build")
    build = ET.SubElement(pom, "build") if build is None else build
    plugins = build.find("plugins")
    plugins = ET.SubElement(build, "plugins") if plugins is None else plugins
    known = {_key(e) for e in plugins}
    for artifact in ("maven-resources-plugin", "maven-compiler-plugin", "maven-surefire-plugin"):
        plugin = ET.Element("plugin")
        ET.SubElement(plugin, "artifactId").text = artifact
        if _key(plugin) not in known:
            plugins.append(plugin)


def _apply_management(pom: ET.Element) -> None:
    """Give dependencies and plug-ins what their management says and they do not."""
    for listed, managed in (
        ("dependencies", "dependencyManagement/dependencies"),
        ("build/plugins", "build/pluginManagement/plugins"),
    ):
        by_key = {_key(e): e for e in reversed(children(pom, f"{managed}/*"))}
        for element in children(pom, f"{listed}/*"):
            defaults = by_key.get(_key(element))
            for part in defaults if defaults is not None else ():
                if element.tag == "plugin" or element.find(part.tag) is None:
                    _merge_into(element, part, dominant=False)


def _jdk_matches(condition: str, release: int) -> bool:
    """before: "[1.8,)", "!17", "11"  after: whether a JDK of `release` is meant."""

    def number(value: str) -> int | None:
        match = re.match(r"(?:1\.)?(\d+)", value.strip())
        return int(match[1]) if match else None

    if condition.startswith("!"):
        return not _jdk_matches(condition[1:], release)
    if condition[0] not in "[(":
        return number(condition) == release
    low, _, high = condition[1:-1].partition(",")
    above = (n := number(low)) is None or release > n or (release == n and condition[0] == "[")
    below = (n := number(high)) is None or release < n or (release == n and condition[-1] == "]")
    return above and below
