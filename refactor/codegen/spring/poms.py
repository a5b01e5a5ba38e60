"""The Maven files: one parent, one project per part, the driver."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from refactor.codegen.spring.boot import Boot
from refactor.codegen.spring.packaging import jar_profile, run_plugin
from refactor.codegen.spring.platforms import by_platform
from refactor.codegen.spring.sources import PROXY, SKELETON, TEST_RESOURCES, Placed, resource_folder
from refactor.codegen.spring.woven import AGENT
from refactor.frontend.project.compilation import ARTIFACT, single_compilations
from refactor.frontend.project.effective import GENERATED
from refactor.frontend.project.generators import makes
from refactor.frontend.project.model import Dependency, Execution, Module, PluginConfig, Project, ResourceRoot
from refactor.frontend.project.oracle_plugins import plan_plugins, raised_property, source_roots
from refactor.frontend.project.pom_text import block, element, pom_text

RUNTIME_GROUP, RUNTIME_VERSION = "refactor", "1.0.0"

# What Spring Boot puts on the class path of a service. Tests of a monolith without Spring do not see it.
BOOT_LIBRARIES = (
    "org.springframework.boot:*", "org.springframework:*", "org.apache.tomcat.embed:*", "io.micrometer:*", "jakarta.annotation:*",
    "org.yaml:snakeyaml", "commons-logging:commons-logging", "org.jspecify:jspecify", f"{RUNTIME_GROUP}:refactor-runtime-spring",
)  # fmt: skip
# What Boot's own starter brings besides where the monolith is a Boot application: its logging and JSON.
_OWN_BOOT_LIBRARIES = (
    "ch.qos.logback:*", "org.slf4j:*", "org.apache.logging.log4j:log4j-to-slf4j", "org.apache.logging.log4j:log4j-api",
    "com.fasterxml.jackson.*:*", "tools.jackson.*:*", "com.fasterxml:classmate",
)  # fmt: skip
_SUREFIRE = "maven-surefire-plugin"
_SOURCE_GOALS = frozenset({"add-source", "add-test-source", "add-resource", "add-test-resource"})
_NUMBERS = (".version", ".plugin")  # ends of the names of properties that hold a version number


def group_of(project: Project) -> str:
    return next((m.group for m in project.modules if m.group), "refactor") + ".services"


def version_of(project: Project) -> str:
    return next((m.version for m in project.modules if m.version and "$" not in m.version), "1")


def part_pom(
    project: Project, placed: Placed, part: str, boot: Boot | None, libraries: Iterable[str], *, main_class: str | None = None
) -> str:
    """The pom of one part; `boot` None: a driver without a container. `main_class`: what starts a service; the driver has none.

    `libraries`: `group:artifact` of everything the monolith's class path has.
    """
    modules = placed.modules or project.modules[:1]
    main = modules[0]
    serves = main_class is not None
    added = [folder for folder, there in ((PROXY, placed.has_proxies), (SKELETON, placed.has_skeletons)) if there]
    libraries = tuple(libraries)
    hidden = _hidden_from_tests(libraries) if boot is not None and not boot.own else []
    build_of = _with_agent(_with_hidden(_once(modules, added), hidden), placed.has_woven)
    plugins = plan_plugins(build_of, added_main=added, added_test=(), only=None)
    properties = dict(plugins.properties)
    for module in reversed(modules):
        properties |= {k: raised_property(k, v) for k, v in module.properties if re.fullmatch(r"[A-Za-z_][\w.\-]*", k)}
    properties.setdefault("project.build.sourceEncoding", main.encoding)
    build = (
        element("sourceDirectory", "src/main/java", "    ")
        + element("testSourceDirectory", "src/test/java", "    ")
        + block("resources", _resources(project, modules, tests=False), "    ")
        + block("testResources", _test_resources(project, modules, placed), "    ")
        + plugins.text
        + (run_plugin(main_class, boot.version) if main_class and boot else "")
    )
    # The last one of a key is the one that counts, as for Maven, and its place is that of the first.
    dependencies = list({d.key: d for d in (*_libraries(project, modules, boot, serves), *_runtime(boot, serves))}.values())
    managed = _managed(modules, frozenset(libraries), boot if serves else None)
    dependencies, managed = by_platform(boot, dependencies, managed)
    repositories = list(dict.fromkeys(r for m in modules for r in m.repositories))
    said = " ".join((build, *(str(d) for d in (*dependencies, *managed)), *map(str, repositories)))
    if not any(r.filtering for m in modules for r in (*m.main.resources, *m.test.resources)):
        properties = _used(properties, said)
    return pom_text(
        group=group_of(project),
        artifact=f"{project_name(project)}-{part}",
        version=version_of(project),
        properties=sorted(properties.items()),
        dependencies=dependencies,
        managed=managed,
        repositories=repositories,
        build=build,
        profiles=jar_profile(main_class, local_jars(project, modules)) if main_class else "",
    )


def _used(properties: Mapping[str, str], said: str) -> dict[str, str]:
    """before: every property of the monolith, `said` what the pom says   after: without version numbers that nothing here refers to"""
    texts = "".join((said, *properties.values()))
    kept = {k: v for k, v in properties.items() if k == "java.version" or not k.endswith(_NUMBERS) or f"${{{k}}}" in texts}
    return kept if len(kept) == len(properties) else _used(kept, said)


def project_name(project: Project) -> str:
    """The project's name as a Maven artifact: `Daytrader 8` -> `daytrader-8`."""
    return re.sub(r"[^a-z0-9_.-]+", "-", project.name.lower()).strip("-.") or "monolith"


def jar_name(project: Project, part: str) -> str:
    """The file that `mvn package` makes of a part, in its target folder."""
    return f"{project_name(project)}-{part}-{version_of(project)}.jar"


def local_jars(project: Project, modules: Sequence[Module]) -> list[str]:
    """The libraries that lie in the monolith's own folders, relative to the part that has copies of them."""
    return [os.path.relpath(jar, project.root).replace(os.sep, "/") for module in modules for jar in module.jars]


def _libraries(project: Project, modules: Sequence[Module], boot: Boot | None, serves: bool) -> list[Dependency]:
    """Every library of the modules, the monolith's own modules left out: their code is in the part.

    What a server would provide, a service has itself: it `serves` without one. What Boot needs is on its class path also where the
    monolith has it for tests alone: the scope of a direct dependency wins over the one that Boot's starter brings.
    """
    found: dict[tuple[str, str, str, str], Dependency] = {}
    for module in modules:
        for dependency in module.dependencies:
            if project.reactor(dependency) is None:
                known = found.get(dependency.key)
                if known is None or _width(dependency) > _width(known):
                    needed = serves and (dependency.scope == "provided" or _boot_needs(dependency, boot))
                    found[dependency.key] = replace(dependency, scope="compile") if needed else dependency
        for jar in local_jars(project, (module,)):
            stem, path = Path(jar).stem, "${project.basedir}/" + jar
            found[("local.jar", stem, "jar", "")] = Dependency("local.jar", stem, "1", scope="system", system_path=path)
    return list(found.values())


def _width(dependency: Dependency) -> int:
    return {"compile": 3, "provided": 2, "runtime": 1}.get(dependency.scope, 0)


def _boot_needs(dependency: Dependency, boot: Boot | None) -> bool:
    """Whether Boot's web starter brings this library, so that a scope that hides it would take it from the service."""
    if boot is None or "test" in dependency.artifact or dependency.scope not in ("test", "runtime"):
        return False
    name = f"{dependency.group}:{dependency.artifact}"
    patterns = (*BOOT_LIBRARIES, *_OWN_BOOT_LIBRARIES) if boot.own else BOOT_LIBRARIES
    return any(re.fullmatch(re.escape(p).replace(r"\*", ".*"), name) for p in patterns)


def _managed(modules: Sequence[Module], libraries: frozenset[str], boot: Boot | None) -> list[Dependency]:
    """What the monolith manages of the libraries that it has; all where these are not known. The rest has no effect."""
    direct = (d for m in modules for d in m.dependencies if d.type == "jar" and not d.system_path)
    known = all(f"{d.group}:{d.artifact}" in libraries for d in direct)
    found: dict[tuple[str, str, str, str], Dependency] = {}
    for module in modules:
        for dependency in module.managed:
            listed = not known or dependency.scope == "import" or f"{dependency.group}:{dependency.artifact}" in libraries
            if dependency.version and listed:
                needed = _boot_needs(dependency, boot)  # a managed scope holds for what others bring, too
                found.setdefault(dependency.key, replace(dependency, scope="compile") if needed else dependency)
    return list(found.values())


def _runtime(boot: Boot | None, serves: bool) -> list[Dependency]:
    """What generated code needs; last, so that the monolith's versions of shared libraries are the nearer ones."""
    found = [Dependency(RUNTIME_GROUP, "refactor-runtime", RUNTIME_VERSION)]
    if boot is not None:
        found.append(Dependency(RUNTIME_GROUP, "refactor-runtime-spring", RUNTIME_VERSION))
    if boot is not None and serves:
        # A monolith without Boot keeps its own logging and JSON libraries, or none.
        without = () if boot.own else tuple(f"org.springframework.boot:spring-boot-starter-{n}" for n in ("logging", "json", "jackson"))
        found.append(Dependency("org.springframework.boot", "spring-boot-starter-web", boot.version, exclusions=without))
    return found


def _hidden_from_tests(libraries: Iterable[str]) -> list[str]:
    """Patterns of Boot's libraries that the monolith does not have itself."""
    own = set(libraries)
    return [p for p in BOOT_LIBRARIES if not any(re.fullmatch(re.escape(p).replace(r"\*", ".*"), name) for name in own)]


def _once(modules: Sequence[Module], added: Sequence[str]) -> Module:
    """The first module with one compilation of main and one of tests, and of source roots only those that are `added`.

    All sources of a part lie in the standard folders, so a build that compiles for several releases, sets module-info apart
    or adds folders would find nothing there, or the monolith's own files. Options and processors are those of all the modules.
    """
    module, plugins = modules[0], []
    generated = any(f"/{GENERATED}/" in f"{root.as_posix()}/" for root in module.main.java)
    for plugin in module.plugins:
        executions = plugin.executions
        if generated and makes(plugin) == "sources":
            continue  # what it made lies among the part's own sources
        if plugin.artifact == ARTIFACT:
            plugin, executions = _one_compilation(modules)
        elif plugin.artifact == "build-helper-maven-plugin":
            executions = tuple(e for e in executions if not _SOURCE_GOALS & set(e.goals))
            if not executions:
                continue
            executions += source_roots(added, ())
        plugins.append(replace(plugin, executions=executions))
    return replace(module, plugins=tuple(plugins))


def _one_compilation(modules: Sequence[Module]) -> tuple[PluginConfig, tuple[Execution, ...]]:
    """The compiler plug-in of the first module, with the executions that have the options of all."""
    found = [plugin for m in modules if (plugin := m.plugin(ARTIFACT)) is not None]
    first = found[0]
    if not any(p.configuration or p.executions for p in found):
        # From Gradle: only the typed fields are known.
        args = tuple(dict.fromkeys(a for p in found for a in p.compiler_args))
        paths = tuple(dict.fromkeys(d for p in found for d in p.annotation_processor_paths))
        return replace(first, compiler_args=args, parameters=any(p.parameters for p in found), annotation_processor_paths=paths), ()
    return first, single_compilations(found)


def _with_hidden(module: Module, patterns: list[str]) -> Module:
    """The module with Surefire told to leave `patterns` off the class path of tests."""
    if not patterns:
        return module
    extra = block("classpathDependencyExcludes", "".join(element("classpathDependencyExclude", p, "  ") for p in patterns), "").rstrip()
    known = module.plugin(_SUREFIRE)
    if known is None:
        known = PluginConfig("org.apache.maven.plugins", _SUREFIRE, "")
        return replace(module, plugins=(*module.plugins, replace(known, configuration=extra)))
    changed = replace(known, configuration="\n".join(t for t in (known.configuration, extra) if t))
    return replace(module, plugins=tuple(changed if p is known else p for p in module.plugins))


def _with_agent(module: Module, wanted: bool) -> Module:
    """The module with Surefire told to start its JVM with the runtime's agent, beside what the monolith gives it."""
    known = module.plugin(_SUREFIRE)
    if not wanted:
        return module
    if known is None:
        known = PluginConfig("org.apache.maven.plugins", _SUREFIRE, "")
        return replace(module, plugins=(*module.plugins, replace(known, configuration=element("argLine", AGENT, "").rstrip())))
    text = known.configuration
    changed = re.sub(r"<argLine>(.*?)</argLine>", lambda m: f"<argLine>{m[1]} {AGENT}</argLine>", text, count=1, flags=re.S)
    if changed == text:
        changed = "\n".join(t for t in (text, element("argLine", AGENT, "").rstrip()) if t)
    return replace(module, plugins=tuple(replace(known, configuration=changed) if p is known else p for p in module.plugins))


def _resources(project: Project, modules: Sequence[Module], *, tests: bool) -> str:
    """The resource roots of the modules, and the part's own."""
    tag = "testResource" if tests else "resource"
    listed = [(resource_folder(project, m, r), r) for m in modules for r in (m.test.resources if tests else m.main.resources)]
    text = "".join(_resource(tag, folder, resource) for folder, resource in listed)
    if not tests and not any(folder == "src/main/resources" and not r.filtering for folder, r in listed):
        text += block(tag, element("directory", "src/main/resources", "        "), "      ")
    return text


def _test_resources(project: Project, modules: Sequence[Module], placed: Placed) -> str:
    """The test resource roots of the modules, and the part's own where the agent's list lies in it."""
    text = _resources(project, modules, tests=True) if placed.has_tests else ""
    if placed.has_woven and not any(resource_folder(project, m, r) == TEST_RESOURCES for m in modules for r in m.test.resources):
        text += block("testResource", element("directory", TEST_RESOURCES, "        "), "      ")
    return text


def _resource(tag: str, folder: str, resource: ResourceRoot) -> str:
    inner = "        "
    # The part's own files must pass whatever the monolith lets through.
    own = ["refactor-manifest.json", "META-INF/refactor-main-class"] if resource.includes and folder == "src/main/resources" else []
    excludes = dict.fromkeys((*resource.excludes, "**/*.java"))
    return block(
        tag,
        element("targetPath", resource.target_path, inner)
        + element("filtering", "true" if resource.filtering else "", inner)
        + element("directory", folder, inner)
        + block("includes", "".join(element("include", i, inner + "  ") for i in (*resource.includes, *own)), inner)
        + block("excludes", "".join(element("exclude", e, inner + "  ") for e in excludes), inner),
        "      ",
    )


