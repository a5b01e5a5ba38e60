"""The `dependencies` and `dependencyManagement` blocks of a Gradle script.

before: implementation(platform("g:bom:1")); implementation(libs.guava); testImplementation 'junit:junit'
after:  managed=(g:bom:pom:1:import,), dependencies=(guava:33.0, junit:4.13.2:test)
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from refactor.frontend.project.gradle_script import Statement, find
from refactor.frontend.project.model import Dependency, Module
from refactor.frontend.project.mvn import HELP_PLUGIN, digest, maven_executable, run_maven, write_atomically
from refactor.frontend.project.mvn_log import errors_of, out_of_reach
from refactor.frontend.project.pom_text import pom_text
from refactor.frontend.project.pomxml import children, parse_pom, read_dependency
from refactor.frontend.project.sources import UNREACHABLE, Findings
from refactor.frontend.project.static_pom import StaticReader

SCOPES = {
    "implementation": "compile", "api": "compile", "compile": "compile", "compileOnly": "provided", "compileOnlyApi": "provided",
    "providedCompile": "provided", "providedRuntime": "provided", "runtimeOnly": "runtime", "runtime": "runtime",
    "testImplementation": "test", "testCompile": "test", "testCompileOnly": "test", "testRuntimeOnly": "test", "testRuntime": "test",
    "testApi": "test", "developmentOnly": "", "testAndDevelopmentOnly": "test", "annotationProcessor": "processor",
    "testAnnotationProcessor": "processor", "kapt": "processor",
}  # fmt: skip
_STYLE = frozenset({"checkstyle", "pmd", "spotbugs", "spotbugsPlugins", "detektPlugins", "ktlint", "errorprone", "jacocoAgent"})
"""Configurations of tools that look at the code: never on a class path."""
_COORDINATES = re.compile(r"^([\w.\-]+):([\w.\-]+)(?::([^:@]*))?(?::([\w.\-]+))?(?:@(\w+))?$")


@dataclass(slots=True)
class Found:
    dependencies: tuple[Dependency, ...] = ()
    managed: tuple[Dependency, ...] = ()
    processors: tuple[Dependency, ...] = ()
    files: tuple[str, ...] = ()

    def jars(self, folder: Path) -> tuple[Path, ...]:
        """The jars behind `files("lib/a.jar")` and `fileTree("lib")`."""
        jars: list[Path] = []
        for name in self.files:
            path = folder / name
            jars += sorted(path.rglob("*.jar")) if path.is_dir() else [path] if path.is_file() else []
        return tuple(dict.fromkeys(jars))


@dataclass(slots=True)
class DependencyReader:
    name: str
    values: dict[str, str]
    catalogue: dict[str, tuple[str, ...]]
    modules: dict[str, str]
    group: str
    version: str
    boot: str | None
    findings: Findings
    _found: dict[tuple[str, ...], Dependency] = field(default_factory=dict)
    _managed: list[Dependency] = field(default_factory=list)
    _processors: list[Dependency] = field(default_factory=list)
    _files: list[str] = field(default_factory=list)

    def read(self, script: tuple[Statement, ...], added: tuple[Statement, ...] = (), *, managed_by_boot: bool) -> Found:
        """`added`: what plug-ins add. `managed_by_boot`: io.spring.dependency-management takes Spring Boot's versions for everything."""
        for block in find(script, "dependencyManagement"):
            for statement in (s for b in block.body for s in b.body):
                for text in statement.strings()[:1]:
                    self._manage(self._filled(text), imported=statement.name == "mavenBom")
        if self.boot and managed_by_boot:
            self._managed.append(_bom(f"org.springframework.boot:spring-boot-dependencies:{self.boot}"))
        for statement in (*(s for block in find(script, "dependencies") for s in block.body), *added):
            self._statement(statement)
        self._platforms_of_metadata()
        inherits = [s.text for b in find(script, "configurations", "compileOnly") for s in (b, *b.body)]
        if any("extendsFrom" in text and "annotationProcessor" in text for text in inherits):
            for processor in self._processors:
                self._keep(replace(processor, scope="provided"))
        return Found(
            tuple(self._found.values()), tuple(dict.fromkeys(self._managed)), tuple(dict.fromkeys(self._processors)), tuple(self._files)
        )

    def _platforms_of_metadata(self) -> None:
        """JUnit's published Gradle metadata brings its bill of materials along, so that siblings need no version."""
        listed = [d for d in self._found.values() if d.group.startswith("org.junit.")]
        versions = [d.version for d in listed if d.group == "org.junit.jupiter" and d.version]
        if versions and any(not d.version for d in listed):
            self._managed.append(_bom(f"org.junit:junit-bom:{versions[0]}"))

    def _statement(self, statement: Statement) -> None:
        configuration = statement.name or statement.text.strip("\"'").split('"')[0].split("'")[0]
        if configuration in ("constraints", "modules", "components"):
            for inner in statement.body:
                for text in inner.strings()[:1] if not re.search(r"\bproject\s*\(", inner.text) else ():
                    self._manage(self._filled(text), imported=False)
            return
        if configuration in _STYLE:
            return
        if configuration not in SCOPES:
            self.findings.add("gradle-configuration", f"{self.name}: `{statement.text[:80]}` is in a configuration that is not read")
            return
        scope = SCOPES[configuration]
        if not scope:
            return
        text = statement.text
        if re.search(r"\b(enforcedPlatform|platform|mavenBom)\s*\(", text):
            if "SpringBootPlugin" in text and self.boot:
                self._managed.append(_bom(f"org.springframework.boot:spring-boot-dependencies:{self.boot}"))
                return
            for coordinates in self._coordinates(text, statement):
                self._manage(coordinates, imported=True)
            return
        if re.search(r"\b(files|fileTree)\s*\(", text):
            self._files += [s for s in statement.strings() if "*" not in s]
            return
        project = re.search(r"\bproject\s*\(", text) or re.search(r"\bprojects\.([\w.]+)", text)
        if project:
            self._reactor(statement, scope)
            return
        exclusions = tuple(_exclusion(s) for s in statement.body if s.name == "exclude")
        for coordinates in self._coordinates(text, statement):
            self._add(coordinates, scope, exclusions, text)

    def _reactor(self, statement: Statement, scope: str) -> None:
        accessor = re.search(r"\bprojects\.([\w.]+)", statement.text)
        wanted = accessor[1].replace(".", "-").lower() if accessor else ""
        for path, name in self.modules.items():
            camel = re.sub(r"(?<!^)(?=[A-Z])", "-", wanted)
            if path in statement.strings() or (accessor and path.strip(":").replace(":", "-").lower() in (wanted, camel)):
                dependency = Dependency(self.group, name, self.version, scope=scope)
                self._found.setdefault(dependency.key, dependency)
                return
        self.findings.add("gradle-dependency", f"{self.name}: `{statement.text[:80]}` names a module that is not known")

    def _coordinates(self, text: str, statement: Statement) -> list[str]:
        catalogues = "|".join(sorted({re.escape(k.split(".")[0]) for k in self.catalogue} | {"libs"}))
        catalogued = re.findall(rf"(?<![\w.\"'])((?:{catalogues})\.[\w.]+)", text)
        strings = [self._filled(s) for s in statement.strings()]
        named = dict(re.findall(r"""\b(group|name|version|classifier|ext)\s*[:=]\s*["']([^"']*)["']""", text))
        if "group" in named and "name" in named:
            version = self._filled(named.get("version", ""))
            return [":".join(p for p in (named["group"], named["name"], version, named.get("classifier", "")) if p)]
        if catalogued:
            found: list[str] = []
            for accessor in catalogued:
                accessor = accessor.removesuffix(".get")
                if accessor not in self.catalogue:
                    self.findings.add("gradle-dependency", f"{self.name}: {accessor} is in no version catalogue")
                found += self.catalogue.get(accessor, ())
            return found
        if not strings:
            self.findings.add("gradle-dependency", f"{self.name}: `{text[:80]}` is not literal; this dependency is missing")
        return [s for s in strings if ":" in s]

    def _add(self, coordinates: str, scope: str, exclusions: tuple[str, ...], text: str) -> None:
        match = _COORDINATES.match(coordinates)
        if match is None:
            self.findings.add("gradle-dependency", f"{self.name}: `{text[:80]}` is not literal; this dependency is missing")
            return
        group, artifact, version, classifier, extension = (g or "" for g in match.groups())
        dependency = Dependency(
            group, artifact, version, scope="compile" if scope == "processor" else scope, type=extension or "jar", classifier=classifier,
            exclusions=exclusions,
        )  # fmt: skip
        if scope == "processor":
            self._processors.append(dependency)
            return
        self._keep(dependency)

    def _keep(self, dependency: Dependency) -> None:
        """A library in several configurations has the widest of them; compile-only and runtime-only together make compile."""
        known = self._found.get(dependency.key)
        order = ("compile", "provided", "runtime", "test")
        if known is None or order.index(dependency.scope) < order.index(known.scope):
            self._found[dependency.key] = dependency
        if known is not None and {known.scope, dependency.scope} == {"provided", "runtime"}:
            self._found[dependency.key] = replace(dependency, scope="compile")

    def _manage(self, coordinates: str, *, imported: bool) -> None:
        match = _COORDINATES.match(coordinates)
        if match is None or not match[3]:
            self.findings.add("gradle-dependency", f"{self.name}: the platform {coordinates} is not literal")
            return
        self._managed.append(_bom(coordinates) if imported else Dependency(match[1], match[2], match[3]))

    def _filled(self, raw: str) -> str:
        def value(match: re.Match[str]) -> str:
            name = (match[1] or match[2]).removeprefix("project.").removeprefix("rootProject.").removeprefix("ext.")
            quoted = re.match(r"""(?:property|extra|findProperty)[(\[]\s*["']([^"']+)["']""", name)
            return self.values.get(quoted[1] if quoted else name, match[0])

        return re.sub(r"\$\{([^}]+)\}|\$(\w+)", value, raw)


def _bom(coordinates: str) -> Dependency:
    group, artifact, version = coordinates.split(":")[:3]
    return Dependency(group, artifact, version, scope="import", type="pom")


def _exclusion(statement: Statement) -> str:
    named = dict(re.findall(r"""\b(group|module)\s*[:=]\s*["']([^"']*)["']""", statement.text))
    return f"{named.get('group', '*')}:{named.get('module', '*')}"


def complete_versions(module: Module, findings: Findings, cache: Path) -> Module:
    """Give the versions that platforms (bills of materials) state: a generated pom imports them and Maven reads it."""
    imports = any(d.scope == "import" for d in module.managed)
    if not imports:
        return _reported(module, findings)
    pom = pom_text(
        group="refactor.resolve",
        artifact="resolve",
        version="1",
        dependencies=module.dependencies,
        managed=module.managed,
        repositories=module.repositories,
    )
    folder = cache / "platforms" / digest([pom])
    folder.mkdir(parents=True, exist_ok=True)
    source, effective = folder / "pom.xml", folder / "effective.xml"
    write_atomically(source, pom.encode())
    if maven_executable() is not None and not effective.is_file():
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            arguments = ["-f", str(source), f"{HELP_PLUGIN}:effective-pom", f"-Doutput={scratch}/out"]
            finished = run_maven(arguments, cwd=Path(scratch), log=folder / "log")
            if finished.ok:
                write_atomically(effective, (Path(scratch) / "out").read_bytes())
            else:
                message = f"{module.name}: its platforms could not be read: {errors_of(finished)}"
                if out_of_reach(finished):
                    findings.add(UNREACHABLE, message, help="connect to the Maven registry, then run again")
                else:
                    findings.add("maven-failed", message, help="check the platforms in the build script")
    if effective.is_file():
        tree = parse_pom(effective, "effective pom")
    else:
        tree, _ = StaticReader(findings, {}, module.release).effective(source)
    managed = tuple(read_dependency(e) for e in children(tree, "dependencyManagement/dependencies/dependency"))
    versions = {d.key: d.version for d in managed}

    def completed(listed: tuple[Dependency, ...]) -> tuple[Dependency, ...]:
        return tuple(replace(d, version=d.version or versions.get(d.key, "")) for d in listed)

    plugins = tuple(replace(p, annotation_processor_paths=completed(p.annotation_processor_paths)) for p in module.plugins)
    done = replace(module, dependencies=completed(module.dependencies), managed=managed, plugins=plugins)
    return _reported(done, findings)


def _reported(module: Module, findings: Findings) -> Module:
    for dependency in module.dependencies:
        if not dependency.version:
            message = f"{module.name}: the version of {dependency.group}:{dependency.artifact} is not literal"
            findings.add("unversioned-dependency", message, help="state it in the build script or in a platform")
    return module
