"""Maven projects: every module in one run of `mvn help:effective-pom`, the static reader where that is not possible.

before: a folder with pom.xml and <modules>
after:  one Module per active module, in the order of the build files
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

from refactor.frontend.project.effective import BASE, GENERATED, GENERATED_TESTS, module_from_effective
from refactor.frontend.project.generators import makes
from refactor.frontend.project.jdk import default_jdk
from refactor.frontend.project.model import Module
from refactor.frontend.project.mvn import HELP_PLUGIN, digest, maven_executable, run_maven, user_home, write_atomically
from refactor.frontend.project.mvn_log import errors_of, out_of_reach
from refactor.frontend.project.pomxml import children, module_names, parse_pom, text, texts
from refactor.frontend.project.sources import UNREACHABLE, Findings, relative
from refactor.frontend.project.static_pom import BUILD_TIME, StaticReader, raw_facts
from refactor.support.diagnostics import Severity

GENERATE = "generate-test-sources"
_FOLDERS = (GENERATED, GENERATED_TESTS)
_OF_COMPILER = re.compile(r"maven\.compiler\.[\w\-]+|project\.build\.sourceEncoding")


def read_maven(root: Path, findings: Findings, properties: Mapping[str, str], cache: Path) -> tuple[Module, ...]:
    """The modules of the Maven project at `root`. Raises RefactorError (exit code 4) for a malformed pom."""
    poms = _walk(root, findings)
    effective = _effective_poms(root, poms, findings, properties, cache)
    modules = _read_statically(root, findings, properties) if effective is None else _match(poms, effective, findings, properties)
    for module in modules:
        for plugin in module.plugins:
            made = makes(plugin)
            if made == "sources" and not _reads_generated(module):
                message = f"{module.name}: {plugin.artifact} generates sources during the build; they are not among the files read"
                findings.add("generated-sources", message, help=f"run `mvn {GENERATE}` in the project first: what it leaves there is read")
            elif made:
                message = f"{module.name}: {plugin.artifact} makes {made} during the build, which the sources do not show"
                findings.add("changed-classes", message)
    return modules


def _reads_generated(module: Module) -> bool:
    """Whether the build has run, so that what it generates lies there and is among the module's sources."""
    return any(f"/{folder}/" in f"{root.as_posix()}/" for root in (*module.main.java, *module.test.java) for folder in _FOLDERS)


def _walk(root: Path, findings: Findings) -> dict[Path, ET.Element]:
    """Every pom file that the build may read, by path, parents before their modules."""
    found: dict[Path, ET.Element] = {}

    def visit(path: Path) -> None:
        if path in found:
            return
        found[path] = parse_pom(path, findings.shown(path))
        always = set(texts(found[path], "modules/module"))
        for name in module_names(found[path]):
            below = _module_pom(path, name)
            if below is None:
                if name in always:
                    findings.add("missing-module", f"{findings.shown(path)} names the module {name}, which is not there")
            elif below.is_relative_to(findings.root):
                visit(below)
            else:
                findings.add("module-outside", f"{findings.shown(path)} names the module {name} outside the project; it is left out")

    visit(root / "pom.xml")
    return found


def _module_pom(pom: Path, name: str) -> Path | None:
    path = Path(os.path.normpath(pom.parent / name.strip().replace("\\", "/")))
    path = path / "pom.xml" if path.is_dir() else path
    return path if path.is_file() else None


def _effective_poms(
    root: Path, poms: Mapping[Path, ET.Element], findings: Findings, properties: Mapping[str, str], cache: Path
) -> list[ET.Element] | None:
    """The effective poms as Maven gives them, or None (with a finding) where it cannot."""
    executable = maven_executable()
    if executable is None:
        message = "there is no `mvn` on the PATH; the poms are read statically, without what only the registry knows"
        findings.add("maven-missing", message, help="apt-get install maven (see `refactor doctor`)")
        return None
    settings = user_home() / ".m2" / "settings.xml"
    local_configuration = [p for p in (root / ".mvn" / "maven.config", root / ".mvn" / "extensions.xml", settings) if p.is_file()]
    key = digest(
        [str(root), os.path.realpath(executable), str(default_jdk()), HELP_PLUGIN]
        + [f"{k}={v}" for k, v in sorted(properties.items())]
        + [part for path in [*poms, *local_configuration] for part in (str(path), path.read_bytes())]
    )
    stored = cache / "effective-pom" / f"{key}.xml"
    if not stored.is_file():
        fresh = cache / "effective-pom" / f"{key}.{os.getpid()}.tmp"
        fresh.parent.mkdir(parents=True, exist_ok=True)
        # Maven runs in the cache: nothing that a plug-in writes relative to the current folder reaches the user's tree.
        arguments = ["-f", str(root / "pom.xml"), f"{HELP_PLUGIN}:effective-pom", f"-Doutput={fresh}"]
        finished = run_maven(arguments, cwd=fresh.parent, log=stored.with_suffix(".log"), properties=properties)
        if not finished.ok or not fresh.is_file():
            message = f"Maven could not read this build; the poms are read statically: {errors_of(finished)}"
            if out_of_reach(finished):
                findings.add(UNREACHABLE, message, help="connect to the Maven registry, then run again")
            else:
                findings.add("maven-failed", message, help="make `mvn help:effective-pom` work in the project, then run again")
            return None
        write_atomically(stored, fresh.read_bytes())
        fresh.unlink()
    tree = parse_pom(stored, "effective pom")
    return [tree] if tree.tag == "project" else children(tree, "project")


def _match(
    poms: Mapping[Path, ET.Element], effective: list[ET.Element], findings: Findings, properties: Mapping[str, str]
) -> tuple[Module, ...]:
    """Pair each effective pom with the file it came from: Maven's output does not say."""
    by_name: dict[str, list[Path]] = {}
    for path, pom in poms.items():
        by_name.setdefault(text(pom, "artifactId"), []).append(path)
    paired: dict[Path, ET.Element] = {}
    for project in effective:
        artifact = text(project, "artifactId")
        candidates = by_name.get(artifact, [])
        if len(candidates) > 1:
            candidates = [p for p in candidates if text(project, "build/directory").startswith(f"{p.parent}{os.sep}")] or candidates
            candidates = sorted(candidates, key=lambda p: -len(p.parts))
        if candidates:
            paired.setdefault(candidates[0], project)
        elif not any(d.id == "project/module-outside" for d in findings.items):
            findings.add("unmatched-module", f"no pom file was found for the module {artifact}; it is left out")
    modules = []
    for path in poms:
        if path not in paired:
            continue
        parents, timed = raw_facts(path, findings, properties)
        for element in children(paired[path], "properties/*"):
            if element.tag in timed:
                element.text = BUILD_TIME
        _locate(paired[path], path.parent, findings.root)
        _define(paired[path], compiler_options(findings.root, properties))
        aggregated = _aggregated(path, paired[path], findings)
        modules.append(
            module_from_effective(paired[path], path.parent, resolved_by="maven", parents=parents, aggregated=aggregated, findings=findings)
        )
    return tuple(modules)


def _locate(pom: ET.Element, folder: Path, root: Path) -> None:
    """before: <argLine>-Da=/home/me/shop/web/target/a</argLine>   after: <argLine>-Da=${project.basedir}/target/a</argLine>

    Maven answers with absolute folders. A copy of the build that names them would read the original's files.
    """
    top = re.compile(rf"(?<![\w.\-/]){re.escape(str(root))}(?=/|\W|$)(/[^\s:;,<>\"']*)?")

    def here(match: re.Match[str]) -> str:
        below = os.path.relpath(match[0], folder)
        return BASE if below == "." else f"{BASE}/{below}"

    for part in (*children(pom, "properties/*"), *children(pom, "build/plugins/plugin")):
        for element in part.iter():
            if element.text and str(root) in element.text:
                element.text = top.sub(here, element.text)


def compiler_options(root: Path, properties: Mapping[str, str]) -> dict[str, str]:
    """What Maven's command line, given or kept in .mvn/maven.config, says to the compiler: no pom has it, and it wins over them."""
    found: dict[str, str] = {}
    with contextlib.suppress(OSError, ValueError):
        words = shlex.split((root / ".mvn" / "maven.config").read_text(encoding="utf-8"), comments=True)
        joined = " ".join(words).replace("--define=", "-D").replace("--define ", "-D").replace("-D ", "-D")
        found = {name: value or "true" for name, value in re.findall(r"(?:^|\s)-D([\w.\-]+)(?:=(\S*))?", joined)}
    return {name: value for name, value in (found | dict(properties)).items() if _OF_COMPILER.fullmatch(name)}


def _define(pom: ET.Element, options: Mapping[str, str]) -> None:
    holder = pom.find("properties")
    if options and holder is None:
        holder = ET.SubElement(pom, "properties")
    for name, value in options.items():
        assert holder is not None
        element = holder.find(name)
        (ET.SubElement(holder, name) if element is None else element).text = value


def _read_statically(root: Path, findings: Findings, properties: Mapping[str, str]) -> tuple[Module, ...]:
    reader = StaticReader(findings, properties, default_jdk())
    modules: dict[Path, Module] = {}

    def visit(path: Path) -> None:
        if path in modules:
            return
        pom, parents = reader.effective(path)
        _define(pom, compiler_options(findings.root, properties))
        aggregated = _aggregated(path, pom, findings)
        modules[path] = module_from_effective(
            pom, path.parent, resolved_by="static", parents=parents, aggregated=aggregated, findings=findings
        )
        for name in texts(pom, "modules/module"):
            below = _module_pom(path, name)
            if below is not None and below.is_relative_to(findings.root):
                visit(below)

    visit(root / "pom.xml")
    findings.add("static-read", "the poms were read without Maven; see the warnings for what is missing", severity=Severity.NOTE)
    return tuple(modules.values())


def _aggregated(path: Path, pom: ET.Element, findings: Findings) -> tuple[str, ...]:
    found = (_module_pom(path, name) for name in texts(pom, "modules/module"))
    return tuple(dict.fromkeys(relative(p.parent, findings.root) for p in found if p and p.is_relative_to(findings.root)))
