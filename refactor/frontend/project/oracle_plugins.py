"""Which build plug-ins of a monolith a minimal pom keeps, and how they are written.

Kept: compilation, resources, tests with the monolith's own configuration, plug-ins that make code, and the few goals that
tests stand on (added source roots, unpacked or located libraries). Everything else is style, licences and releases.
"""

from __future__ import annotations

import copy
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from refactor.frontend.project.effective import OLDEST_RELEASE, parse_release
from refactor.frontend.project.generators import makes
from refactor.frontend.project.model import Dependency, Execution, Module, PluginConfig
from refactor.frontend.project.mvn import (
    COMPILER_PLUGIN_VERSION,
    DEPENDENCY_PLUGIN,
    RESOURCES_PLUGIN_VERSION,
    SUREFIRE_PLUGIN_VERSION,
)
from refactor.frontend.project.pom_text import block, dependencies_text, dependency_text, element, shifted
from refactor.frontend.project.pomxml import inner_xml, read_dependency, wrapped

_APACHE = "org.apache.maven.plugins"
BUILD_HELPER_VERSION = "3.6.0"
_OLDEST_SUREFIRE = (2, 22)
"""The first one that runs JUnit 5; older ones run no such test and do not say so."""
_RELEASES = ("release", "source", "target", "testRelease", "testSource", "testTarget")
_NOT_COMPILER = {"failOnWarning", "executable", "fork", "jdkToolchain", "compilerVersion", "compilerId", "optimize", "maxmem", "meminitial"}
_NOT_SUREFIRE = {
    "reportsDirectory", "reportNameSuffix", "disableXmlReport", "statelessTestsetReporter", "statelessTestsetInfoReporter",
    "consoleOutputReporter", "jdkToolchain", "jvm", "testFailureIgnore",
}  # fmt: skip
_STYLE_ARGUMENT = re.compile(r"^(-Werror|-Xlint.*|-Xdoclint.*|-Xplugin:ErrorProne.*|-Xep.*|-XDcompilePolicy.*|--should-stop.*)$")
_KEPT_GOALS = {
    "build-helper-maven-plugin": {"add-source", "add-test-source", "add-resource", "add-test-resource", "reserve-network-port"},
    "maven-dependency-plugin": {"properties", "copy", "copy-dependencies", "unpack", "unpack-dependencies"},
}
_AFTER_TESTS = {
    "prepare-package", "package", "pre-integration-test", "integration-test", "post-integration-test", "verify", "install", "deploy",
    "pre-site", "site", "post-site", "site-deploy", "none", "pre-clean", "clean", "post-clean",
}  # fmt: skip
_EXPECTED_DROPS = re.compile(
    r"enforcer|jacoco|cobertura|-rat-|checkstyle|pmd|spotbugs|license|sniffer|spotless|formatter|impsort|toolchains|flatten"
    r"|maven-artifact-plugin|maven-bundle-plugin|bnd-maven|moditect|japicmp|cyclonedx|sortpom|tidy|whitespace|remote-resources"
)


@dataclass(frozen=True, slots=True)
class PluginPlan:
    """The content of <build> below the source folders, extra properties it needs, and what was left out."""

    text: str
    properties: tuple[tuple[str, str], ...]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]


def plan_plugins(module: Module, *, added_main: Iterable[str], added_test: Iterable[str], only: PlainFilter | None) -> PluginPlan:
    """`added_*`: source roots beyond the first, relative to the module. `only`: for roots that main and test share."""
    written = [
        _resources(module),
        _compiler(module, only),
        _surefire(module),
        _written(PluginConfig(_APACHE, "maven-dependency-plugin", DEPENDENCY_PLUGIN.rpartition(":")[2])),
    ]
    kept, dropped = [], []
    for plugin in module.plugins:
        if plugin.artifact in ("maven-resources-plugin", "maven-compiler-plugin", "maven-surefire-plugin"):
            continue
        goals = _KEPT_GOALS.get(plugin.artifact)
        if makes(plugin):
            written.append(_written(plugin))
            kept.append(f"{plugin.group}:{plugin.artifact}")
            continue
        executions = tuple(e for e in plugin.executions if goals and goals & set(e.goals) and e.phase not in _AFTER_TESTS)
        if executions:
            if plugin.artifact == "maven-dependency-plugin":
                written.pop(3)
            version = plugin.version or (BUILD_HELPER_VERSION if plugin.artifact.startswith("build-helper") else "")
            written.append(_written(replace(plugin, executions=executions, version=version)))
            kept.append(f"{plugin.group}:{plugin.artifact}")
        left = [e for e in plugin.executions if e not in executions and e.phase and e.phase not in _AFTER_TESTS]
        if left and not _EXPECTED_DROPS.search(plugin.artifact):
            dropped.append(f"{plugin.artifact} ({', '.join(sorted({g for e in left for g in e.goals} | {e.phase for e in left}))})")
    if not any("build-helper" in name for name in kept):
        written += _build_helper(list(added_main), list(added_test))
    plugins = "".join(written)
    return PluginPlan(block("plugins", plugins, "    "), _late_properties(module, plugins), tuple(kept), tuple(dropped))


@dataclass(frozen=True, slots=True)
class PlainFilter:
    """Files of a root that main and test share, as patterns relative to that root."""

    main_excludes: tuple[str, ...]
    test_excludes: tuple[str, ...]


def _own(module: Module, artifact: str, version: str) -> PluginConfig:
    return module.plugin(artifact) or PluginConfig(_APACHE, artifact, version)


def _resources(module: Module) -> str:
    plugin = _own(module, "maven-resources-plugin", "")
    # Maven repeats the general configuration in the lifecycle's own executions.
    executions = tuple(e for e in plugin.executions if not (e.id.startswith("default-") and e.configuration == plugin.configuration))
    return _written(replace(plugin, version=RESOURCES_PLUGIN_VERSION, executions=executions))


def _compiler(module: Module, only: PlainFilter | None) -> str:
    plugin = _own(module, "maven-compiler-plugin", "")
    configuration = _compiler_configuration(_versioned(wrapped(plugin.configuration), module))
    stated = {e.tag for e in configuration} | {
        name.rpartition(".")[2] for name, value in module.properties if name.startswith("maven.compiler.") and value
    }
    if not stated & {"release", "source"}:
        _put(configuration, "release", str(module.release))
    if module.test_release != module.release and not stated & {"testRelease", "testSource"}:
        _put(configuration, "testRelease", str(module.test_release))
    if not plugin.configuration and not plugin.executions:
        # From Gradle: only the typed fields are known.
        _put_list(configuration, "compilerArgs", "arg", [a for a in plugin.compiler_args if not _STYLE_ARGUMENT.match(a)])
        if plugin.parameters:
            _put(configuration, "parameters", "true")
        _put_paths(configuration, plugin.annotation_processor_paths)
    if only is not None:
        _put_list(configuration, "excludes", "exclude", list(only.main_excludes))
        _put_list(configuration, "testExcludes", "testExclude", list(only.test_excludes))
    cleaned = (_compiler_configuration(_versioned(wrapped(e.configuration), module)) for e in plugin.executions)
    executions = tuple(replace(e, configuration=inner_xml(c)) for e, c in zip(plugin.executions, cleaned, strict=True))
    return _written(
        replace(plugin, version=COMPILER_PLUGIN_VERSION, configuration=inner_xml(configuration), executions=executions, dependencies=())
    )


def _versioned(configuration: ET.Element, module: Module) -> ET.Element:
    """Processor paths with the versions that the module's management gives them: the pom that they go into may not have it."""
    managed = {(d.group, d.artifact, d.classifier): d.version for d in module.managed}
    for path in configuration.findall("annotationProcessorPaths/*"):
        if path.find("version") is None:
            dependency = read_dependency(path)
            version = managed.get((dependency.group, dependency.artifact, dependency.classifier), "")
            if version:
                ET.SubElement(path, "version").text = version
    return configuration


def _compiler_configuration(configuration: ET.Element) -> ET.Element:
    """Without what is style or another machine's, and with no release that today's compilers refuse."""
    for child in list(configuration):
        value = (child.text or "").strip()
        if child.tag in _NOT_COMPILER or (child.tag in _RELEASES and ("${" in value or not value)):
            configuration.remove(child)
        elif child.tag in _RELEASES:
            child.text = _raised(value)
        elif child.tag == "compilerArgs":
            for argument in list(child):
                if _STYLE_ARGUMENT.match((argument.text or "").strip()):
                    child.remove(argument)
        elif child.tag == "compilerArgument" and _STYLE_ARGUMENT.match(value):
            configuration.remove(child)
    return configuration


def _raised(value: str) -> str:
    release = parse_release(value)
    return str(OLDEST_RELEASE) if release is not None and release < OLDEST_RELEASE else value


def raised_property(name: str, value: str) -> str:
    """before: ("maven.compiler.source", "1.6")  after: "8"; other properties as they are."""
    return _raised(value) if name.startswith("maven.compiler.") and name.rpartition(".")[2] in _RELEASES else value


def _surefire(module: Module) -> str:
    plugin = _own(module, "maven-surefire-plugin", "")
    numbers = tuple(int(n) for n in re.findall(r"\d+", plugin.version)[:2])
    version = plugin.version if numbers >= _OLDEST_SUREFIRE else SUREFIRE_PLUGIN_VERSION
    configuration = wrapped(plugin.configuration)
    for child in list(configuration):
        if child.tag in _NOT_SUREFIRE:
            configuration.remove(child)
    if not plugin.configuration:
        _put_list(configuration, "includes", "include", list(plugin.includes))
        _put_list(configuration, "excludes", "exclude", list(plugin.excludes))
        if plugin.arg_line:
            _put(configuration, "argLine", plugin.arg_line)
        for tag, pairs in (("systemPropertyVariables", plugin.system_properties), ("environmentVariables", plugin.environment)):
            if pairs:
                holder = ET.SubElement(configuration, tag)
                for name, value in pairs:
                    ET.SubElement(holder, name).text = value
    executions = tuple(e for e in plugin.executions if e.id != "default-test")
    return _written(replace(plugin, version=version, configuration=inner_xml(configuration), executions=executions))


def source_roots(main: Sequence[str], test: Sequence[str]) -> tuple[Execution, ...]:
    """The executions of build-helper-maven-plugin that add these folders."""
    return tuple(
        Execution(goal, phase, (goal,), block("sources", "".join(element("source", root, "  ") for root in roots), "").rstrip())
        for goal, phase, roots in (("add-source", "generate-sources", main), ("add-test-source", "generate-test-sources", test))
        if roots
    )


def _build_helper(main: list[str], test: list[str]) -> list[str]:
    executions = source_roots(main, test)
    if not executions:
        return []
    return [_written(PluginConfig("org.codehaus.mojo", "build-helper-maven-plugin", BUILD_HELPER_VERSION, executions=executions))]


def _written(plugin: PluginConfig) -> str:
    inner = "        "
    executions = "".join(
        block(
            "execution",
            element("id", e.id, inner + "    ")
            + element("phase", e.phase, inner + "    ")
            + block("goals", "".join(element("goal", g, inner + "      ") for g in e.goals), inner + "    ")
            + block("configuration", shifted(e.configuration, inner + "      "), inner + "    "),
            inner + "  ",
        )
        for e in plugin.executions
    )
    return block(
        "plugin",
        element("groupId", plugin.group, inner)
        + element("artifactId", plugin.artifact, inner)
        + element("version", plugin.version, inner)
        + dependencies_text(plugin.dependencies, inner)
        + block("configuration", shifted(plugin.configuration, inner + "  "), inner)
        + block("executions", executions, inner),
        "      ",
    )


def _put(holder: ET.Element, tag: str, value: str) -> None:
    found = holder.find(tag)
    found = ET.SubElement(holder, tag) if found is None else found
    found.text = value


def _put_list(holder: ET.Element, tag: str, item: str, values: list[str]) -> None:
    if values:
        found = ET.SubElement(holder, tag) if (existing := holder.find(tag)) is None else existing
        for value in values:
            ET.SubElement(found, item).text = value


def _put_paths(holder: ET.Element, paths: tuple[Dependency, ...]) -> None:
    if paths:
        listed = "".join(dependency_text(p, "", tag="path") for p in paths)
        holder.append(copy.deepcopy(ET.fromstring(f"<annotationProcessorPaths>{listed}</annotationProcessorPaths>")))


def _late_properties(module: Module, plugins: str) -> tuple[tuple[str, str], ...]:
    """Properties that a plug-in which is left out would set while the build runs (a coverage agent's argLine): empty here."""
    known = {name for name, _ in module.properties}
    late = set(re.findall(r"@\{([A-Za-z][\w.\-]*)\}", plugins)) | set(re.findall(r"<argLine>[^<]*?\$\{([A-Za-z][\w.\-]*)\}", plugins))
    builtin = re.compile(r"(project|settings|env|java|os|user|surefire|file|path|line)\.|basedir$")
    return tuple((name, "") for name in sorted(late - known) if not builtin.match(name))
