"""Gradle projects, as far as their scripts state things literally; the rest becomes diagnostics.

Gradle itself is not run: a build script is a program, and would run with the user's rights.

before: settings.gradle with `include 'web'`, web/build.gradle with `implementation 'g:a:1'`
after:  Module(path="web", dependencies=(g:a:1,), ..)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from refactor.frontend.project.effective import generated_roots, parse_release
from refactor.frontend.project.gradle_catalogue import read_catalogues
from refactor.frontend.project.gradle_dependencies import DependencyReader, complete_versions
from refactor.frontend.project.gradle_plugins import applied, brought, stated_versions
from refactor.frontend.project.gradle_script import Statement, find, statements
from refactor.frontend.project.jdk import default_jdk
from refactor.frontend.project.model import Dependency, Module, PluginConfig, Repository, ResourceRoot
from refactor.frontend.project.sources import Findings, artifact_name, relative, source_set
from refactor.support.diagnostics import Severity

_BUILD_FILES = ("build.gradle", "build.gradle.kts")
_SETTINGS_FILES = ("settings.gradle", "settings.gradle.kts")
BUILD_FILES = (*_SETTINGS_FILES, *_BUILD_FILES)
_BOOT_PLUGIN = "org.springframework.boot"
_HARMLESS_PLUGINS = {
    "java", "java-library", "application", "war", "ear", "jacoco", "idea", "eclipse", "maven-publish", "signing", "checkstyle", "pmd",
    _BOOT_PLUGIN, "io.spring.dependency-management", "base", "java-test-fixtures", "groovy", "com.diffplug.spotless", "maven", "cpd",
    "com.github.spotbugs", "org.sonarqube", "com.gradle.enterprise", "com.gradle.develocity", "com.github.ben-manes.versions",
}  # fmt: skip
_MAKES_CODE = re.compile(
    r"codegen|openapi|swagger|protobuf|jooq|antlr|xjc|jaxb|avro|wsdl|querydsl|kotlin|groovy|scala|aspectj|weav|modelgen|jsonschema"
)
_ROOT_FOLDER = re.compile(r"\$\{?(?:rootDir|rootProject\.projectDir|rootProject\.rootDir)\}?")
_MAX_APPLIED = 8
_OF_TESTS = frozenset({"test", "tests", "testFixtures", "integrationTest"})


def is_gradle(root: Path) -> bool:
    return any((root / name).is_file() for name in BUILD_FILES)


def read_gradle(root: Path, findings: Findings, properties: Mapping[str, str], cache: Path) -> tuple[Module, ...]:
    """The modules that settings.gradle includes, the root first."""
    settings = _script(root, _SETTINGS_FILES, findings)
    named = next((s.strings()[-1] for s in settings if s.text.startswith("rootProject.name") and s.strings()), root.name)
    folders = {":": root} | _included(settings, root, findings)
    catalogue = read_catalogues(root, findings)
    shared = _properties_file(root) | dict(properties)
    scripts = {path: _script(folder, _BUILD_FILES, findings) for path, folder in folders.items()}
    root_script = scripts[":"]
    everywhere = tuple(s for b in find(root_script, "allprojects") for s in b.body)
    below = tuple(s for b in find(root_script, "subprojects") for s in b.body)
    names = {path: artifact_name(path.rpartition(":")[2] or named) for path in folders}
    known = shared | _variables(settings) | _variables(root_script)
    plugin_versions = stated_versions(root_script, settings, catalogue, lambda raw: _fill(raw, known))
    modules = []
    for path, folder in folders.items():
        about_it = re.compile(rf"""(configure\()?project\(\s*["']{re.escape(path)}["']""")
        given = tuple(s for b in root_script if about_it.match(b.text) for s in b.body)
        script = everywhere + (below if path != ":" else ()) + given + scripts[path]
        values = shared | _properties_file(folder) | _variables(root_script) | _variables(script)
        reader = _ModuleReader(root, folder, names[path], script, values, catalogue, names, plugin_versions, findings)
        modules.append(complete_versions(reader.module(), findings, cache))
    return tuple(modules)


def _script(folder: Path, names: tuple[str, ...], findings: Findings) -> tuple[Statement, ...]:
    for name in names:
        if (folder / name).is_file():
            return _expanded(_read(folder / name, findings), folder, findings, _MAX_APPLIED)
    return ()


def _read(file: Path, findings: Findings) -> tuple[Statement, ...]:
    try:
        return statements(file.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        findings.add("unreadable-file", f"{findings.shown(file)} cannot be read: {error.strerror}")
        return ()


def _expanded(script: tuple[Statement, ...], folder: Path, findings: Findings, depth: int) -> tuple[Statement, ...]:
    """The script with `apply from: "other.gradle"` replaced by that file, at any level; the rest as it was."""
    found: list[Statement] = []
    for statement in script:
        applied = re.match(r"""apply\s*\(?\s*from\s*[:=]""", statement.text)
        if not applied:
            found.append(replace(statement, body=_expanded(statement.body, folder, findings, depth)) if statement.body else statement)
            continue
        name = _ROOT_FOLDER.sub(lambda _: str(findings.root), "".join(statement.strings()))
        candidates = [base / name for base in (folder, findings.root)]
        file = next((c for c in candidates if name and c.is_file()), None)
        if file is None or depth == 0:
            findings.add("gradle-script", f"{findings.shown(folder)}: `{statement.text[:80]}` is not read; what it configures is missing")
        else:
            found += _expanded(_read(file, findings), folder, findings, depth - 1)
    return tuple(found)


def _included(settings: tuple[Statement, ...], root: Path, findings: Findings) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for statement in settings:
        if statement.name == "include":
            for name in statement.strings():
                parts = [p for p in re.split(r"[:/]", name) if p]
                for end in range(1, len(parts) + 1):  # including a:b includes a as well
                    found.setdefault(":" + ":".join(parts[:end]), root.joinpath(*parts[:end]))
        elif statement.name in ("includeBuild", "apply") or statement.text.startswith(("rootDir.eachDir", "file(")):
            findings.add("gradle-settings", f"settings.gradle: `{statement.text[:80]}` is not read; modules that it adds are missing")
        moved = re.match(r"""project\(\s*["']([^"']+)["']\s*\)\.projectDir\s*=""", statement.text)
        if moved and len(statement.strings()) > 1:
            found[moved[1]] = root / statement.strings()[-1]
    for path, folder in list(found.items()):
        if not folder.is_dir():
            findings.add("missing-module", f"settings.gradle includes {path}, which is not there")
            del found[path]
        elif not folder.resolve().is_relative_to(findings.root.resolve()):
            findings.add("module-outside", f"settings.gradle includes {path} from outside the project; it is left out")
            del found[path]
    return dict(sorted(found.items()))


def _properties_file(folder: Path) -> dict[str, str]:
    file = folder / "gradle.properties"
    if not file.is_file():
        return {}
    lines = (line.partition("=") for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if not line.startswith("#"))
    return {key.strip(): value.strip() for key, sign, value in lines if sign}


def _variables(script: tuple[Statement, ...]) -> dict[str, str]:
    """Literal variables: def x = "1", val x = "1", val x by extra("1"), ext.x = "1", ext { x = "1" }, extra["x"] = "1", set("x", "1")."""
    found: dict[str, str] = {}
    assignment = re.compile(
        r"""^(?:def|val|var|final|String|ext\.|project\.ext\.)?\s*(\w+)\s*(?::\s*String)?\s*(?:=|by\s+extra\s*\()\s*["']"""
    )
    for statement in script:
        if statement.name in ("ext", "buildscript", "extra", "project.ext"):
            found |= _variables(statement.body)
        strings = statement.strings()
        match = assignment.match(statement.text)
        if match and strings:
            found[match[1]] = strings[0]
        elif statement.text.startswith(("extra[", "ext[", "ext.set(", "extra.set(", "set(", "project.ext[")) and len(strings) >= 2:
            found[strings[0]] = strings[1]
        elif (listed := re.match(r"^(?:ext\.)?(\w+)\s*=\s*\[", statement.text)) is not None:
            for key, value in re.findall(r"""["']?([\w.-]+)["']?\s*:\s*["']([^"']*)["']""", statement.text):
                found[f"{listed[1]}.{key}"] = value
    return found


@dataclass(slots=True)
class _ModuleReader:
    root: Path
    folder: Path
    name: str
    script: tuple[Statement, ...]
    values: dict[str, str]
    catalogue: dict[str, tuple[str, ...]]
    names: dict[str, str]
    plugin_versions: dict[str, str]
    findings: Findings
    _plugins: dict[str, str] = field(default_factory=dict)

    def module(self) -> Module:
        self._read_plugins()
        group, version = self._assigned("group"), self._assigned("version") or "unspecified"
        boot = self._plugins.get(_BOOT_PLUGIN) or None
        reader = DependencyReader(self.name, self.values, self.catalogue, self.names, group, version, boot, self.findings)
        managed_by_boot = "io.spring.dependency-management" in self._plugins
        added = brought(self._plugins, self.script, managed_by_boot and boot is not None, self._filled)
        found = reader.read(self.script, added, managed_by_boot=managed_by_boot)
        main, test = self._roots("main", "java"), self._roots("test", "java")
        made_main, made_test = self._generated(main + test)
        self._say_generated(bool(made_main or made_test))
        release = self._release()
        packaging = "war" if "war" in self._plugins else "jar"
        webapp = self.folder / "src/main/webapp"
        return Module(
            name=self.name,
            path=relative(self.folder, self.findings.root),
            group=group,
            artifact=self.name,
            version=version,
            packaging=packaging,
            release=release,
            test_release=release,
            encoding="UTF-8",
            main=source_set([*main, *made_main], self._resources("main"), self.findings),
            test=source_set([*test, *made_test], self._resources("test"), self.findings),
            dependencies=found.dependencies,
            managed=found.managed,
            properties=tuple(sorted(self.values.items())),
            repositories=self._repositories(),
            plugins=(*self._test_plugin(), *self._compiler_plugin(found.processors)),
            spring_boot=boot if any(d.group == _BOOT_PLUGIN for d in found.dependencies) else None,
            jars=found.jars(self.folder),
            webapp=webapp if packaging == "war" and webapp.is_dir() else None,
        )

    def _read_plugins(self) -> None:
        self._plugins = applied(self.script, self.plugin_versions, self.catalogue, self._filled)
        unread = ", ".join(sorted(identity for identity in self._plugins if identity not in _HARMLESS_PLUGINS))
        if unread:
            message = f"{self.name}: what these Gradle plug-ins do to the build is not read: {unread}"
            self.findings.add("gradle-plugin", message, severity=Severity.NOTE)

    def _generated(self, known: list[Path]) -> tuple[list[Path], list[Path]]:
        """Roots of the sources that the build has made, of main and of tests: what lies below build/generated*, by declared packages."""
        folders = sorted(p for p in (self.folder / "build").glob("generate*") if p.is_dir())
        found = [root for folder in folders for root in generated_roots(folder, known)]
        test = [root for root in found if _OF_TESTS & set(root.relative_to(self.folder).parts)]
        return [root for root in found if root not in test], test

    def _say_generated(self, there: bool) -> None:
        for identity in sorted(i for i in self._plugins if _MAKES_CODE.search(i)) if not there else ():
            message = f"{self.name}: the Gradle plug-in {identity} makes code during the build; it is not among the files read"
            self.findings.add("generated-sources", message, help="run `gradle classes` in the project first: what it leaves there is read")

    def _filled(self, raw: str) -> str:
        return _fill(raw, self.values)

    def _assigned(self, name: str) -> str:
        for statement in reversed(self.script):
            match = re.match(rf"""(?:project\.)?{name}\s*=?\s*["']""", statement.text)
            if match and statement.strings():
                return self._filled(statement.strings()[0])
        return self.values.get(name, "")

    def _release(self) -> int:
        texts = [s.text for s in _all(self.script)]
        for pattern in (
            r"options\.release(?:\.set)?\s*[=(]\s*\(?(\d+)",
            r"languageVersion(?:\.set)?\s*[=(]\s*JavaLanguageVersion\.of\(\s*[\"']?(\d+)",
            r"jvmToolchain\(\s*(\d+)",
            r"sourceCompatibility\s*=?\s*(?:JavaVersion\.VERSION_)?(?:toVersion\()?[\"']?((?:1[._])?\d+)",
            r"targetCompatibility\s*=?\s*(?:JavaVersion\.VERSION_)?(?:toVersion\()?[\"']?((?:1[._])?\d+)",
        ):
            for text in reversed(texts):
                match = re.search(pattern, text)
                release = parse_release(match[1].replace("_", ".")) if match else None
                if release is not None:
                    return max(release, 8)
        return default_jdk()

    def _roots(self, source: str, kind: str) -> list[Path]:
        default = self.folder / "src" / source / kind
        roots = [default]
        for statement in (*find(self.script, "sourceSets", source, kind), *find(self.script, "sourceSets", source)):
            own = [s for s in (statement, *statement.body) if "srcDir" in s.text]
            if statement.name in (source, f"sourceSets.{source}"):
                own = [s for s in own if re.search(rf"\b{kind}\.", s.text)]
            for inner in own:
                listed = [self.folder / self._filled(s) for s in inner.strings()]
                roots = listed if re.search(r"srcDirs\s*=|setSrcDirs", inner.text) else [*roots, *listed]
                if not listed:
                    self.findings.add("gradle-source-root", f"{self.name}: `{inner.text[:80]}` names a source root that is not literal")
        return list(dict.fromkeys(roots))

    def _resources(self, source: str) -> list[ResourceRoot]:
        return [ResourceRoot(root) for root in self._roots(source, "resources")]

    def _repositories(self) -> tuple[Repository, ...]:
        found = []
        for statement in (s for b in find(self.script, "repositories") for s in b.body):
            urls = [u for s in (statement, *statement.body) for u in s.strings() if u.startswith("http")]
            for url in urls:
                name = re.sub(r"\W+", "-", url.split("//", 1)[1]).strip("-")
                found.append(Repository(name, url.rstrip("/"), snapshots="snapshot" in url))
        return tuple(dict.fromkeys(found))

    def _test_plugin(self) -> tuple[PluginConfig, ...]:
        """Gradle runs every test class it finds, so the equivalent surefire configuration includes everything."""
        body = [s for name in ("test", "tasks.test") for b in find(self.script, *name.split(".")) for s in b.body]
        body += [s for b in _all(self.script) if re.match(r"(tasks\.)?withType[<(]\s*Test", b.text) for s in b.body]
        named: dict[str, dict[str, str]] = {"systemProperty": {}, "environment": {}}
        lists: dict[str, list[str]] = {"include": [], "exclude": [], "jvmArgs": []}
        for statement in body:
            strings = tuple(self._filled(s) for s in statement.strings())
            if statement.name in named and len(strings) >= 2:
                named[statement.name][strings[0]] = strings[1]
            elif statement.name in lists:
                lists[statement.name] += strings
            elif statement.name in (*named, "systemProperties", "doFirst", "jvmArgumentProviders"):
                self.findings.add("gradle-test", f"{self.name}: `{statement.text[:80]}` configures the tests and is not literal")
        return (
            PluginConfig(
                "org.apache.maven.plugins",
                "maven-surefire-plugin",
                "",
                includes=tuple(lists["include"]) or ("**/*.java",),
                excludes=tuple(lists["exclude"]),
                arg_line=" ".join(lists["jvmArgs"]),
                system_properties=tuple(sorted(named["systemProperty"].items())),
                environment=tuple(sorted(named["environment"].items())),
            ),
        )

    def _compiler_plugin(self, processors: tuple[Dependency, ...]) -> tuple[PluginConfig, ...]:
        args = tuple(s for st in _all(self.script) if "compilerArgs" in st.text for s in st.strings() if s.startswith("-"))
        boot = _BOOT_PLUGIN in self._plugins  # its plug-in compiles with -parameters
        config = PluginConfig(
            "org.apache.maven.plugins",
            "maven-compiler-plugin",
            "",
            compiler_args=args,
            parameters=boot or "-parameters" in args,
            annotation_processor_paths=processors,
        )
        return (config,)


def _fill(raw: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\$\{?([\w.]+)\}?", lambda m: values.get(m[1].removeprefix("project."), m[0]), raw)


def _all(body: tuple[Statement, ...]) -> list[Statement]:
    return [s for statement in body for s in (statement, *_all(statement.body))]
