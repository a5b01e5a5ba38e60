"""Lombok itself as the oracle: what it compiles, and what is compiled from the text that is written out, is the same code."""

from __future__ import annotations

import difflib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from refactor.frontend.lombok.written import write_out
from refactor.frontend.project.classpath import resolve_classpath
from refactor.frontend.project.discover import discover

FIXTURE = Path(__file__).parents[3] / "fixtures/lombok"
HELPER = "sneakyThrow$"
"""The method that throws on; Lombok changes the class file instead."""


def methods(folder: Path) -> dict[tuple[str, str], list[str]]:
    """(class file, signature) -> its byte code, without numbers of lines and of the constant pool."""
    found: dict[tuple[str, str], list[str]] = {}
    for file in sorted(folder.rglob("*.class")):
        text = subprocess.run(["javap", "-p", "-c", str(file)], capture_output=True, text=True, check=True).stdout
        for block in text.split("\n\n"):
            heads = [line.strip() for line in block.splitlines() if re.match(r" +\S.*(\(.*\).*|\{\});$", line)]
            code = [re.sub(r"#\d+", "", line.split(":", 1)[1]) for line in block.splitlines() if re.match(r" +\d+: ", line)]
            code = [" ".join(re.sub(r"^( *(?:if\w*|goto)) +\d+", r"\1", line).split()) for line in code if HELPER not in line]
            if heads and HELPER not in heads[0]:
                found[file.name, heads[0]] = [line for line in code if line != "goto"]
    return found


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("javac") is None or shutil.which("mvn") is None, reason="needs a JDK and Maven")
def test_the_code_is_lomboks_own(tmp_path: Path) -> None:
    project = discover(str(FIXTURE))
    jars = ":".join(map(str, resolve_classpath(project, project.modules[0])))
    compiled: dict[str, dict[tuple[str, str], list[str]]] = {}
    for name, root, options in (
        ("lombok", project.root, ["-cp", jars, "-processorpath", jars]),
        ("written", write_out(project, tmp_path / "cache").root, ["-proc:none"]),
    ):
        out = tmp_path / name
        files = [str(p) for p in sorted((root / "src").rglob("*.java"))]
        subprocess.run(["javac", "-nowarn", "-d", str(out), *options, *files], check=True, capture_output=True)
        compiled[name] = methods(out)
    lombok, written = compiled["lombok"], compiled["written"]
    assert sorted(lombok) == sorted(written)
    differing = {k: list(difflib.unified_diff(lombok[k], written[k], n=1)) for k in lombok if lombok[k] != written[k]}
    assert differing == {}
    assert len(lombok) > 100
