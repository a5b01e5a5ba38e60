"""`jobs`: processes that share the work make the Program that one makes, and none of them is waited for in vain."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from refactor.frontend.java import program as front_end
from refactor.frontend.java import workers
from refactor.frontend.java.deep import deep, on_thread
from refactor.frontend.java.files import JavaFile
from refactor.frontend.java.index import index
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.program import load
from refactor.frontend.java.share import Place, Share, said_of_library, take_share
from refactor.frontend.java.workers import can_fork, decode, divide, encode, fitting
from refactor.ir.program import Program
from refactor.ir.symbols import TypeParam
from refactor.ir.types import ClassType, TypeVar
from refactor.pipeline.fuzz.choices import Seeded
from refactor.pipeline.fuzz.generate import generate
from refactor.pipeline.fuzz.java_classes import java_sources
from refactor.pipeline.load import load_program
from refactor.pipeline.split import SplitRequest, run_split
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.resources import resource
from tests.frontend.java.sources import platform
from tests.frontend.java.test_cases import CASES, read_case

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that were started. Other tests' idle threads do not matter here."""
    started: list[int] = []
    fork = os.fork

    def counted() -> int:
        process = fork()
        if process:
            started.append(process)
        return process

    monkeypatch.setattr(os, "fork", counted)
    monkeypatch.setattr(front_end, "can_fork", lambda: True)
    return started


def write(root: Path, sources: Mapping[str, str]) -> list[JavaFile]:
    for name, text in sources.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return [JavaFile(name, root / name) for name in sources]


def same(one: Program, other: Program) -> None:
    """Equal in everything, orders included. By text, which recurses: NaN is not equal to itself."""
    with deep():
        on_thread(lambda: _same(one, other))


def _same(one: Program, other: Program) -> None:
    assert repr(list(other.references.items())) == repr(list(one.references.items()))
    assert repr(list(other.classes.items())) == repr(list(one.classes.items()))
    assert repr(list(other.bodies.items())) == repr(list(one.bodies.items()))
    assert other.diagnostics == one.diagnostics
    assert list(other.files.items()) == list(one.files.items())


def check(root: Path, sources: Mapping[str, str], forks: list[int]) -> Program:
    files = write(root, sources)
    one = load(root, files, platform())
    assert forks == []
    for jobs in (2, 3):
        same(one, load(root, files, platform(), jobs))
        assert len(forks) == jobs - 1
        forks.clear()
    bare = load(root, files, platform(), 2, bodies=False)
    assert bare.bodies == {}
    assert bare.references == one.references
    forks.clear()
    return one


def test_every_golden_case_at_once(tmp_path: Path, forks: list[int]) -> None:
    sources = {f"{case.stem}/{name}": text for case in CASES for name, text in read_case(case.read_text(encoding="utf-8"))[1].items()}
    program = check(tmp_path, sources, forks)
    assert any(c.anonymous for c in program.classes.values())
    assert {d.id for d in program.diagnostics} >= {"java/unresolved"}


@pytest.mark.parametrize("seed", ["one", "two", "three"])
def test_generated_programs(seed: str, tmp_path: Path, forks: list[int]) -> None:
    check(tmp_path, java_sources(generate(Seeded(seed)), "fuzz"), forks)


def test_the_bundled_monolith_has_one_index_and_one_split(tmp_path: Path, forks: list[int]) -> None:
    shop = resource("fixtures/apps/shop")
    indexes, splits = set(), set()
    for jobs in (1, 2, 3):
        loaded = load_program(str(shop), jobs=jobs, bodies=False, progress=lambda _: None).program
        indexes.add(json.dumps([list(index(loaded)), [d.render() for d in loaded.diagnostics]]))
        out = tmp_path / str(jobs)
        run_split(SplitRequest(path=str(shop), out=out, parts_file=shop / "parts.toml", jobs=jobs), lambda _: None)
        splits.add(tuple(sorted((str(f.relative_to(out)), f.read_bytes()) for f in out.rglob("*") if f.is_file())))
    assert len(forks) == 2 * (1 + 2)
    assert (len(indexes), len(splits)) == (1, 1)


def test_constants_and_classes_inside_code_come_back(tmp_path: Path, forks: list[int]) -> None:
    """The largest file is this process's own; the constants of the other one are asked for in both."""
    sources = {
        "A.java": f"class A {{ static final int X = B.Y + 1; static final String S = B.T; int f() {{ return B.Y; }} /* {'x' * 900} */ }}",
        "B.java": "class B { static final int Y = 40 + C.Z; static final String T = \"t\" + C.Z; Object o = new Object() { int n; }; }",
        "C.java": "class C { static final int Z = 1; <T> T g(T t) { class L<U extends Comparable<U>> {} return t; } }",
    }
    program = check(tmp_path, sources, forks)
    constants = {f.key: f.constant for c in program.classes.values() for f in c.fields if f.constant is not None}
    assert constants["A#X:I"] == 42
    assert constants["B#Y:I"] == 41
    assert constants["B#T:Ljava/lang/String;"] == "t1"
    assert "B$1" in program.classes
    for jobs in (1, 2, 3):
        found = load(tmp_path, [JavaFile(n, tmp_path / n) for n in sources], platform(), jobs)
        (variable,) = found.classes["C$1L"].type_params
        assert variable == TypeParam("U", (ClassType("java.lang.Comparable", (TypeVar("U", "C$1L"),)),))


def test_deep_code_survives(tmp_path: Path, forks: list[int]) -> None:
    deep = "if (x > 0) { " * 400 + "x = 1;" + " }" * 400
    chain = " + ".join(f'"{i}" + x' for i in range(1000))
    check(tmp_path, {f"{c}.java": f"class {c} {{ String f(int x) {{ {deep} return x + {chain}; }} }}" for c in "ABC"}, forks)


def test_broken_class_files_are_said_in_the_order_of_one_process(tmp_path: Path, forks: list[int]) -> None:
    broken = tmp_path / "classes" / "lib"
    broken.mkdir(parents=True)
    for name in "PQRS":
        (broken / f"{name}.class").write_bytes(b"no class file")
    bodies = {c: " ".join(f"Object {n} = lib.{n}.x();" for n in names) for c, names in {"A": "SP", "B": "PQ", "C": "RSQ"}.items()}
    files = write(tmp_path / "src", {f"{c}.java": f"class {c} {{ void f() {{ {body} }} }}" for c, body in bodies.items()})
    said = [load(tmp_path / "src", files, JavaLibrary([tmp_path / "classes"]), jobs).diagnostics for jobs in (1, 2, 3)]
    assert said[1] == said[2] == said[0]
    assert [d.message.split()[0] for d in said[0] if d.id == "java/broken-class-file"] == ["lib.S", "lib.P", "lib.Q", "lib.R"]


def test_what_two_shares_heard_counts_once_at_its_first_place() -> None:
    def share(*heard: tuple[int, str]) -> Share:
        found: list[tuple[Place, Diagnostic]] = [((0, 0, at, ""), Diagnostic("x/y", Severity.WARNING, text)) for at, text in heard]
        return Share({}, {}, (), (), (), tuple(found))

    assert [d.message for d in said_of_library([share((2, "x"), (5, "y")), share((1, "y"))])] == ["y", "x"]
    assert [d.message for d in said_of_library([share((2, "x"), (5, "x")), share((1, "x"))])] == ["x", "x"]


@pytest.mark.parametrize("how", ["killed", "exit"])
def test_a_process_that_dies_is_an_error(how: str, tmp_path: Path, forks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    parent = os.getpid()
    take = take_share

    def die(*args: object) -> Share:
        if os.getpid() != parent:
            if how == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            raise SystemExit(0)
        return take(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(front_end, "take_share", die)
    with pytest.raises(RefactorError, match="java/worker-died") as caught:
        load(tmp_path, write(tmp_path, {"A.java": "class A {}", "B.java": "class B {}", "C.java": "class C {}"}), platform(), 3)
    assert caught.value.exit_code == 3
    assert ("signal 9" if how == "killed" else "exit code") in caught.value.diagnostics[0].message
    for process in forks:
        with pytest.raises(ChildProcessError):
            os.waitpid(process, os.WNOHANG)  # already waited for


@pytest.mark.parametrize("here", [True, False])
def test_a_failure_has_its_traceback_and_leaves_no_process(
    here: bool, tmp_path: Path, forks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = os.getpid()
    take = take_share

    def fail(*args: object) -> Share:
        if (os.getpid() == parent) is here:
            raise ValueError("a defect of the front end")
        return take(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(front_end, "take_share", fail)
    with pytest.raises(ValueError if here else RuntimeError, match="a defect of the front end"):
        load(tmp_path, write(tmp_path, {"A.java": "class A {}", "B.java": "class B {}"}), platform(), 2)
    (process,) = forks
    with pytest.raises(ChildProcessError):
        os.waitpid(process, os.WNOHANG)


def test_no_fork_beside_other_threads() -> None:
    release = threading.Event()
    thread = threading.Thread(target=release.wait)
    thread.start()
    try:
        assert not can_fork()
    finally:
        release.set()
        thread.join()


def test_shares_are_of_about_equal_size() -> None:
    assert divide([5, 1, 4], 2) == [[0], [1, 2]]
    assert divide([1, 1], 5) == [[0], [1]]
    assert divide([], 3) == [[]]


def test_a_share_comes_back_as_it_was_sent() -> None:
    variable = TypeVar("T", "A")
    object.__setattr__(variable, "bounds", (ClassType("java.lang.Comparable", (variable,)),))
    share = Share({"A.java": ()}, {"A.java": {}}, (), (("A", "x", variable),), (), ())
    found = decode(*encode(share))
    assert found == share
    back = found.constants[0][2]
    assert isinstance(back, TypeVar)
    assert back.bounds == variable.bounds


def test_large_trees_use_the_cores_without_being_told(tmp_path: Path, forks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    files = write(tmp_path, {f"{name}.java": f"class {name} {{ int f() {{ return {name}.this.f(); }} }}" for name in "ABCDE"})
    one = load(tmp_path, files, platform())
    assert forks == []
    monkeypatch.setattr(workers, "_cores", lambda: 3)
    monkeypatch.setattr(workers, "_WORTH", 40)
    same(one, load(tmp_path, files, platform()))
    assert len(forks) == 2
    same(one, load(tmp_path, files, platform(), 1))
    assert len(forks) == 2


@pytest.mark.parametrize(
    ("size", "cores", "processes"), [(0, 8, 1), (2_900_000, 8, 1), (3_000_000, 8, 2), (3_000_000, 1, 1), (10**8, 64, 4)]
)
def test_processes_that_fit(size: int, cores: int, processes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: cores)
    assert fitting(size) == processes
