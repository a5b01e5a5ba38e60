"""Java text -> extraction -> javac -> the same trace: a small program before and after code motion."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from refactor.frontend.java.files import JavaFile
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.program import load
from refactor.ir.program import Program
from refactor.ir.symbols import Origin
from refactor.isolate.legalise import analyse
from refactor.isolate.pieces import Piece, groups_of
from refactor.motion.extract import extract
from refactor.motion.model import Motion
from refactor.motion.tree import rewritten

_TYPE = re.compile(r"\b(?:class|interface|enum|record)\s+(\w+)")
_PACKAGE = re.compile(r"package ([\w.]+);")


@dataclass(slots=True)
class Done:
    """`files`: every file after the motion, by path; `groups`: by the label of each group."""

    motion: Motion
    files: dict[str, str]
    groups: dict[str, Piece]
    before: dict[str, str]

    @property
    def rules(self) -> set[str]:
        return {r.rule for r in self.motion.refusals}


Extracted = Callable[..., Done]


def sources(text: str) -> dict[str, str]:
    """Declarations that start in column 0 as files of one package; lines above the first are put into each of them."""
    head, *chunks = re.split(r"\n(?=(?:@\w+ )*(?:public |final |abstract )*(?:class|@?interface|enum|record) )", "\n" + text.strip())
    files = {}
    for chunk in chunks:
        found = _TYPE.search(chunk)
        assert found
        files[f"src/shop/{found[1]}.java"] = f"package shop;\n\n{head.strip()}\n\n{chunk.strip()}\n"
    return files


def program_of(folder: Path, files: Mapping[str, str], library: JavaLibrary) -> Program:
    made = []
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.encode())
        made.append(JavaFile(path, folder / path, "", Origin.TEST if path.endswith("Test.java") else Origin.MAIN))
    program = load(folder, made, library)
    assert not program.diagnostics, [d.render() for d in program.diagnostics]
    return program


class Jvm:
    """One process that compiles and runs small programs, each in a class loader of its own."""

    def __init__(self, folder: Path) -> None:
        source = Path(__file__).with_name("Runner.java")
        subprocess.run(["javac", "-d", str(folder), str(source)], check=True, timeout=120)
        command = ["java", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp", str(folder), "Runner"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def trace(self, folder: Path, files: Mapping[str, str]) -> str:
        """What `shop.Main` prints. Fails where javac does."""
        shutil.rmtree(folder, ignore_errors=True)
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content.encode())
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{folder}\n")
        self._process.stdin.flush()
        kind, _, text = self._process.stdout.readline().partition(" ")
        said = base64.b64decode(text).decode()
        assert kind == "ran", said + "\n".join(f"--- {p}\n{c}" for p, c in files.items())
        return said

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(timeout=30)


@pytest.fixture(scope="session")
def jvm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jvm]:
    started = Jvm(tmp_path_factory.mktemp("runner"))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def platform() -> JavaLibrary:
    return JavaLibrary([], 17)


def move(folder: Path, files: dict[str, str], library: JavaLibrary, **parts: str) -> Done:
    """Extracts; `one="Catalog~find Catalog~size"` names what goes to one new class."""
    program = program_of(folder, files, library)
    analyses = analyse(program)
    wanted: dict[str, dict[str, list[Piece]]] = {}
    groups: dict[str, Piece] = {}
    for name, labels in parts.items():
        for label in labels.split():
            cls, _, method = label.partition("~")
            found = {p.name.partition("~")[2]: p for p in groups_of(analyses, program.classes[f"shop.{cls}"])}
            groups.update(found)
            wanted.setdefault(f"shop.{cls}", {}).setdefault(name, []).append(found[method])
    motion = extract(analyses, wanted)
    after = dict(files)
    for path, data in rewritten(program, motion.moved).items():
        after[path] = data.decode()
    return Done(motion, after, groups, files)


@pytest.fixture
def moved(tmp_path: Path, platform: JavaLibrary, jvm: Jvm) -> Extracted:
    """Moves pieces of a program that prints a trace, and checks that the trace stays; refusals are for the test to look at."""

    def make(text: str, **parts: str) -> Done:
        files = sources(text)
        done = move(tmp_path / "src", files, platform, **parts)
        if not done.motion.refusals and "src/shop/Main.java" in files:
            before = jvm.trace(tmp_path / "before", files)
            assert before == jvm.trace(tmp_path / "after", done.files)
            assert "Exception in" not in before, before
        return done

    return make
