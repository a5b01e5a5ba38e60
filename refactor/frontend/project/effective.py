"""From an effective pom (all inheritance and interpolation done) to a Module.

before: <project>..<plugin><artifactId>maven-compiler-plugin</artifactId><configuration><release>17</release>..
after:  Module(name="shop", path=".", release=17, ..)
"""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from refactor.frontend.project.compilation import ARTIFACT, compilation
from refactor.frontend.project.model import (
    Dependency,
    Execution,
    Module,
    Pairs,
    PluginConfig,
    Repository,
    ResourceRoot,
)
from refactor.frontend.project.pomxml import children, inner_xml, read_dependency, text, texts
from refactor.frontend.project.sources import Findings, relative, source_set
from refactor.support.diagnostics import Severity

OLDEST_RELEASE = 8
"""What the JDKs that this program runs on still compile without warning about removal; older code is valid Java 8."""
BASE = "${project.basedir}"
"""The module's own folder, in a pom."""
GENERATED, GENERATED_TESTS = "target/generated-sources", "target/generated-test-sources"
_OF_PROCESSORS = frozenset({"annotations", "test-annotations", "annotationProcessor", "apt", "delombok", "headers"})
_PACKAGE = re.compile(rb"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_CENTRAL = "https://repo.maven.apache.org/maven2"
_DEFAULT_PLUGIN_GROUP = "org.apache.maven.plugins"
_UNRESOLVED = re.compile(r"\$\{[^}]+\}")


def module_from_effective(
    pom: ET.Element,
    folder: Path,
    *,
    resolved_by: Literal["maven", "static"],
    parents: tuple[str, ...],
    aggregated: tuple[str, ...],
    findings: Findings,
) -> Module:
    """Read one effective <project> whose base folder is `folder`. What cannot be told becomes a finding."""
    properties = {e.tag: (e.text or "").strip() for e in children(pom, "properties/*")}
    plugins = tuple(read_plugin(e) for e in children(pom, "build/plugins/plugin"))
    artifact = text(pom, "artifactId")
    release, test_release = _releases(properties, plugins, artifact, findings)
    build = pom.find("build")
    main_java = [_path(folder, text(build, "sourceDirectory", "src/main/java"))]
    test_java = [_path(folder, text(build, "testSourceDirectory", "src/test/java"))]
    for plugin in plugins:
        main_java += [_path(folder, p) for p in _added_sources(plugin, "add-source")]
        test_java += [_path(folder, p) for p in _added_sources(plugin, "add-test-source")]
    main_java += generated_roots(folder / GENERATED, main_java)
    test_java += generated_roots(folder / GENERATED_TESTS, [*main_java, *test_java])
    dependencies = tuple(read_dependency(e) for e in children(pom, "dependencies/dependency"))
    dependencies = tuple(_checked(d, artifact, findings) for d in dependencies)
    managed = tuple(read_dependency(e) for e in children(pom, "dependencyManagement/dependencies/dependency"))
    webapp = _webapp(pom, folder, plugins)
    return Module(
        name=artifact or folder.name,
        path=relative(folder, findings.root),
        group=text(pom, "groupId"),
        artifact=artifact,
        version=text(pom, "version"),
        packaging=text(pom, "packaging", "jar"),
        release=release,
        test_release=test_release,
        encoding=properties.get("project.build.sourceEncoding") or _plugin_value(plugins, "encoding") or "UTF-8",
        main=source_set(main_java, _resources(build, "resources/resource", folder), findings),
        test=source_set(test_java, _resources(build, "testResources/testResource", folder), findings),
        dependencies=dependencies,
        managed=managed,
        properties=tuple(sorted(properties.items())),
        repositories=_repositories(pom),
        plugins=plugins,
        spring_boot=_spring_boot(dependencies, managed, parents),
        parents=parents,
        modules=aggregated,
        webapp=webapp,
        resolved_by=resolved_by,
    )


def read_plugin(element: ET.Element) -> PluginConfig:
    """One <plugin> with the typed fields that tests and compilation depend on."""
    configuration = _configuration(element)
    executions = tuple(
        Execution(
            id=text(e, "id", "default"),
            phase=text(e, "phase"),
            goals=texts(e, "goals/goal"),
            configuration=inner_xml(e.find("configuration")),
        )
        for e in children(element, "executions/execution")
    )
    plugin = PluginConfig(
        group=text(element, "groupId", _DEFAULT_PLUGIN_GROUP),
        artifact=text(element, "artifactId"),
        version=text(element, "version"),
        configuration=inner_xml(configuration),
        executions=executions,
        dependencies=tuple(read_dependency(e) for e in children(element, "dependencies/dependency")),
        includes=texts(configuration, "includes/*"),
        excludes=texts(configuration, "excludes/*"),
        groups=text(configuration, "groups"),
        excluded_groups=text(configuration, "excludedGroups"),
        arg_line=" ".join(text(configuration, "argLine").split()),
        system_properties=_pairs(configuration, "systemPropertyVariables/*") or _named_properties(configuration),
        environment=_pairs(configuration, "environmentVariables/*"),
    )
    return _compiler(plugin) if plugin.artifact == ARTIFACT else plugin


def _compiler(plugin: PluginConfig) -> PluginConfig:
    """The compiler plug-in with its typed fields: those of the run that compiles the main sources."""
    configuration = compilation(plugin, "compile")
    args = texts(configuration, "compilerArgs/*") + tuple(text(configuration, "compilerArgument").split())
    return replace(
        plugin,
        compiler_args=args,
        parameters=text(configuration, "parameters") == "true" or "-parameters" in args,
        annotation_processors=texts(configuration, "annotationProcessors/*"),
        annotation_processor_paths=tuple(read_dependency(e) for e in children(configuration, "annotationProcessorPaths/*")),
    )


def _configuration(plugin: ET.Element) -> ET.Element | None:
    """The plug-in's configuration; for the tests that of the lifecycle's own execution, which wins over the general one."""
    general = plugin.find("configuration")
    if text(plugin, "artifactId") != "maven-surefire-plugin":
        return general
    for execution in children(plugin, "executions/execution"):
        own = execution.find("configuration")
        if own is not None and text(execution, "id") == "default-test":
            tags = {e.tag for e in own}
            merged = ET.Element("configuration")
            merged.extend([e for e in general if e.tag not in tags] if general is not None else [])
            merged.extend(own)
            return merged
    return general


def _pairs(element: ET.Element | None, path: str) -> Pairs:
    return tuple(sorted((e.tag, (e.text or "").strip()) for e in children(element, path)))


def _named_properties(element: ET.Element | None) -> Pairs:
    """The older form: <systemProperties><property><name>..</name><value>..</value></property></systemProperties>."""
    return tuple(sorted((text(e, "name"), text(e, "value")) for e in children(element, "systemProperties/property")))


def parse_release(value: str) -> int | None:
    """before: "1.8", "17"  after: 8, 17; None for anything else."""
    match = re.fullmatch(r"(?:1\.)?(\d{1,2})", value.strip())
    return int(match[1]) if match else None


def _releases(properties: dict[str, str], plugins: tuple[PluginConfig, ...], artifact: str, findings: Findings) -> tuple[int, int]:
    def first(*names: str, goal: str = "compile") -> int | None:
        for name in names:
            value = _plugin_value(plugins, name, goal) or properties.get(f"maven.compiler.{name}", "")
            if value and (number := parse_release(value)) is not None:
                return number
        return None

    declared = first("release", "source", "target")
    if declared is None:
        findings.add("release-unknown", f"{artifact}: no Java release is stated; {OLDEST_RELEASE} is taken", severity=Severity.NOTE)
        declared = OLDEST_RELEASE
    elif declared < OLDEST_RELEASE:
        message = f"{artifact}: Java release {declared} is older than current compilers support; {OLDEST_RELEASE} is taken"
        findings.add("release-raised", message, severity=Severity.NOTE)
    release = max(declared, OLDEST_RELEASE)
    of_tests = first("testRelease", "testSource", "release", "source", goal="testCompile")
    return release, max(of_tests or release, OLDEST_RELEASE)


def _plugin_value(plugins: tuple[PluginConfig, ...], name: str, goal: str = "compile") -> str:
    for plugin in plugins:
        if plugin.artifact == ARTIFACT:
            found = text(compilation(plugin, goal), name)
            return found if not _UNRESOLVED.search(found) else ""
    return ""


def _added_sources(plugin: PluginConfig, goal: str) -> list[str]:
    if plugin.artifact != "build-helper-maven-plugin":
        return []
    return [
        path
        for execution in plugin.executions
        if goal in execution.goals
        for path in re.findall(r"<source>\s*([^<]+?)\s*</source>", execution.configuration)
    ]


def generated_roots(folder: Path, known: Sequence[Path] = ()) -> list[Path]:
    """The source roots below a build's folder of generated sources, where the build has run: by the packages that files declare.

    A root with a file that one of the `known` roots has as well is another form of those sources (delombok), and none of its own.
    """
    found: dict[Path, list[Path]] = {}
    for file in sorted(folder.glob("**/*.java")):
        if _OF_PROCESSORS & set(file.relative_to(folder).parts):
            continue  # annotation processors make them again, whichever part compiles
        package = _PACKAGE.search(file.read_bytes())
        names = package[1].decode("ascii", "replace").split(".") if package is not None else []
        above = len(file.parent.parts) - len(names)
        if list(file.parent.parts[above:]) == names and above >= len(folder.parts):
            found.setdefault(Path(*file.parent.parts[:above]), []).append(file)
    return sorted(r for r, files in found.items() if not any((k / f.relative_to(r)).exists() for k in known for f in files))


def _path(folder: Path, value: str) -> Path:
    """Absolute, normalised, symbolic links kept as the user wrote them."""
    return Path(os.path.normpath(folder / value.replace(BASE, str(folder))))


def _resources(build: ET.Element | None, path: str, folder: Path) -> list[ResourceRoot]:
    default = "src/main/resources" if path.startswith("resources") else "src/test/resources"
    found = children(build, path)
    if not found:
        return [ResourceRoot(_path(folder, default))]
    return [
        ResourceRoot(
            root=_path(folder, text(e, "directory", default)),
            includes=texts(e, "includes/include"),
            excludes=texts(e, "excludes/exclude"),
            filtering=text(e, "filtering") == "true",
            target_path=text(e, "targetPath"),
        )
        for e in found
    ]


def _webapp(pom: ET.Element, folder: Path, plugins: tuple[PluginConfig, ...]) -> Path | None:
    if text(pom, "packaging") != "war":
        return None
    war = next((p.configuration for p in plugins if p.artifact == "maven-war-plugin"), "")
    stated = re.search(r"<warSourceDirectory>\s*([^<]+?)\s*</warSourceDirectory>", war)
    path = _path(folder, stated[1] if stated else "src/main/webapp")
    return path if path.is_dir() else None


def _repositories(pom: ET.Element) -> tuple[Repository, ...]:
    found = (
        Repository(
            id=text(e, "id"),
            url=text(e, "url").rstrip("/"),
            releases=text(e, "releases/enabled") != "false",
            snapshots=text(e, "snapshots/enabled") != "false",
        )
        for e in children(pom, "repositories/repository")
    )
    return tuple(r for r in found if r.id != "central" and r.url != _CENTRAL)


def _spring_boot(dependencies: tuple[Dependency, ...], managed: tuple[Dependency, ...], parents: tuple[str, ...]) -> str | None:
    """The version, where the module itself depends on Spring Boot (a managed entry alone does not make it an application)."""
    group = "org.springframework.boot"
    used = [d for d in dependencies if d.group == group]
    if not used:
        return None
    for parent in parents:
        if parent.startswith(f"{group}:spring-boot-starter-parent:"):
            return parent.rpartition(":")[2]
    managed_version = next((m.version for m in managed if m.group == group and m.artifact == "spring-boot"), "")
    return managed_version or used[0].version or None


def _checked(dependency: Dependency, artifact: str, findings: Findings) -> Dependency:
    """The dependency as it is, and a finding where its version could not be told."""
    if dependency.scope != "system" and (not dependency.version or _UNRESOLVED.search(dependency.version)):
        message = f"{artifact}: the version of {dependency.group}:{dependency.artifact} could not be resolved"
        findings.add("unversioned-dependency", message, help="install Maven, or connect to the registry, then run again")
    return dependency
