"""The Java runtime is a library of its own: it builds, its own tests pass, and its documentation names what it has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.runtime.junit import SLOW, all_test_classes, suite

RUNTIME = Path(__file__).resolve().parents[2] / "templates" / "spring" / "runtime"
SOURCES = RUNTIME / "core" / "src" / "main" / "java" / "refactor" / "runtime"


def maven(folder: Path, *goals: str) -> subprocess.CompletedProcess[str]:
    """Runs Maven without the network first, because everything is usually there already."""
    command = ["mvn", "-q", "-B", *goals]
    done = subprocess.run([*command, "-o"], cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0 and "offline mode" in done.stdout + done.stderr:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900, check=False)
    return done


def test_the_quick_tests_of_its_own_pass() -> None:
    """In one JVM, without Maven; with what starts processes of its own or waits for leases, the whole tier runs them all."""
    quick = [name for name in all_test_classes() if name not in SLOW]
    done = suite().run(quick)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, "\n".join(line for line in lines if line.startswith("FAILED ")) or done.stderr[-3000:]
    text = [(RUNTIME / "core/src/test/java/refactor/runtime" / f"{name}.java").read_text() for name in quick]
    written = sum(len(re.findall(r"@(?:Test|ParameterizedTest)\b", t)) for t in text)
    assert sum(line.startswith("ok ") for line in lines) >= written > 60


@pytest.mark.slow
def test_builds_and_its_own_tests_pass(tmp_path: Path) -> None:
    copy = tmp_path / "runtime"
    shutil.copytree(RUNTIME, copy, ignore=shutil.ignore_patterns("target"))
    done = maven(copy, "verify")
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    run = 0
    for module in ("core", "spring"):
        reports = list((copy / module / "target" / "surefire-reports").glob("TEST-*.xml"))
        assert reports, f"no tests ran in {module}"
        for report in reports:
            suite = ET.parse(report).getroot()
            assert suite.get("failures") == "0", report.name
            assert suite.get("errors") == "0", report.name
            assert suite.get("skipped") == "0", report.name
            run += int(suite.get("tests", "0"))
    written = sum(len(re.findall(r"@(?:Test|ParameterizedTest)\b", f.read_text())) for f in RUNTIME.glob("*/src/test/java/**/*Test.java"))
    assert run >= written > 0


def brought(pom: Path) -> set[str]:
    """`group:artifact` of what a module puts on the class path of whoever uses it."""
    root = ET.parse(pom).getroot()
    space = {"": root.tag[1:].partition("}")[0]}
    found = set()
    for each in [*root.findall("./dependencies/dependency", space), *root.findall("./profiles//dependency", space)]:
        if each.findtext("scope", "compile", space) in ("compile", "runtime"):
            found.add(each.findtext("groupId", "", space) + ":" + each.findtext("artifactId", "", space))
    return found


def test_the_runtime_brings_no_library_that_a_monolith_may_have() -> None:
    """It shares their class path: one version would replace the other."""
    expected = {"runtime": set[str](), "core": {"org.apache.xbean:xbean-asm9-shaded"}, "spring": {"refactor:refactor-runtime"}}
    assert {pom.parent.name: brought(pom) for pom in (RUNTIME / "pom.xml", *RUNTIME.glob("*/pom.xml"))} == expected


def test_the_runtime_names_no_library_but_its_own() -> None:
    for source in SOURCES.rglob("*.java"):
        text = source.read_text()
        allowed = r"java\.|refactor\.|org\.apache\.xbean\.asm9\.|com\.sun\.management\."
        assert not [name for name in re.findall(r"^import (?:static )?([\w.*]+);", text, re.M) if not re.match(allowed, name)], source.name
    generators = r"\b(?:net\.bytebuddy|net\.sf\.cglib|javassist|org\.objectweb\.asm|org\.springframework\.(?:asm|cglib))\b"
    for source in RUNTIME.glob("*/src/main/java/**/*.java"):
        assert not re.findall(generators, source.read_text()), source.name


def dependency_jars(folder: Path) -> set[str]:
    """The names of the jars on the run-time class path of a Maven module, as Maven resolves it."""
    listing = folder / "class-path.txt"
    done = maven(folder, "dependency:build-classpath", "-DincludeScope=runtime", f"-Dmdep.outputFile={listing}")
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return {Path(jar).name for jar in listing.read_text().split(os.pathsep) if jar}


@pytest.mark.slow
def test_the_library_of_the_runtime_has_none_of_its_own(tmp_path: Path) -> None:
    copy = tmp_path / "runtime"
    shutil.copytree(RUNTIME, copy, ignore=shutil.ignore_patterns("target"))
    (jar,) = dependency_jars(copy / "core")
    assert re.fullmatch(r"xbean-asm9-shaded-[\d.]+\.jar", jar)


def test_every_row_of_the_type_table_is_well_formed() -> None:
    table = RUNTIME / "core" / "src" / "main" / "resources" / "refactor" / "runtime" / "library-types.txt"
    rows = [line.split(" ", 2) for line in table.read_text().splitlines() if line and not line.startswith("#")]
    names = [row[1] for row in rows]
    assert len(names) == len(set(names)), sorted({name for name in names if names.count(name) > 1})
    assert {row[0] for row in rows} == {"value", "restored", "reference", "opaque", "pinned"}
    assert all(re.fullmatch(r"[a-z][\w.]*\.(?:[A-Z][\w$]*|\*)", name) for name in names)


def test_the_readme_names_every_public_type_and_every_tag() -> None:
    readme = (RUNTIME / "README.md").read_text()
    for source in SOURCES.glob("*.java"):
        if re.search(rf"^public .*(?:class|interface) {source.stem}\b", source.read_text(), re.M):
            assert source.stem in readme, source.stem
    reader = (SOURCES / "Unmarshal.java").read_text()
    tags = set(re.findall(r'case "(\w+)":', reader[reader.index("Object tagged(") : reader.index("Object reference(")]))
    assert len(tags) > 8
    missing = sorted(tag for tag in tags if f"`{tag}`" not in readme)
    assert not missing


def test_files_stay_small() -> None:
    # The cells repeat one method per operator and operand type; everything else is to be read.
    for source in SOURCES.glob("*.java"):
        lines = len(source.read_text().splitlines())
        assert lines <= 500 or source.stem.endswith("Cell"), f"{source.name}: {lines} lines"
