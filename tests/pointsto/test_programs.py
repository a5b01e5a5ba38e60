"""The programs of fixtures/pointsto: what variables may hold, who calls whom, what is never reached."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from refactor.frameworks.plugins.all import plugins
from refactor.frontend.java.library import JavaLibrary
from refactor.ir.program import Program
from refactor.pointsto.core import Exhausted
from refactor.pointsto.policies import Hybrid, Insensitive, KObject, KType, Policy
from refactor.pointsto.solve import solve
from tests.pointsto.programs import Case, cases, failures, program

FIXTURES = Path(__file__).parents[2] / "fixtures" / "pointsto"
CASES = [pytest.param(c, id=f"{path.stem}-{c.name}") for path in sorted(FIXTURES.glob("*.case")) for c in cases(path)]
POLICIES: dict[str, Policy] = {"insensitive": Insensitive(), "type": KType(), "hybrid": Hybrid()}


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> JavaLibrary:
    """The platform and the compiled stand-ins for the frameworks (fixtures/pointsto/stubs.txt: `package: declarations`)."""
    folder = tmp_path_factory.mktemp("pointsto-stubs")
    sources = []
    for line in (FIXTURES / "stubs.txt").read_text(encoding="utf-8").splitlines():
        package, _, text = line.partition(": ")
        if not text or line.startswith("#"):
            continue
        name = text.partition("{")[0].split("<")[0]
        words = [w for w in name.replace("(", " ").split() if w not in ("public", "abstract", "final")]
        simple = words[1]
        path = folder / "src" / package.replace(".", "/") / f"{simple}.java"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"package {package};\n{text}\n")
        sources.append(str(path))
    subprocess.run(["javac", "-d", str(folder / "classes"), *sources], check=True, timeout=120)
    return JavaLibrary([folder / "classes"], 17)


@pytest.mark.parametrize("case", CASES)
def test_what_the_program_says_of_itself_holds(case: Case, tmp_path: Path, library: JavaLibrary) -> None:
    policy = POLICIES.get(case.name.partition(" ")[0], KObject())
    made = program(case, tmp_path, library)
    broken = [d.render() for d in made.diagnostics]
    assert not broken
    assert failures(case, made, solve(made, policy, plugins())) == []


@pytest.mark.parametrize("case", CASES[::5])
def test_uses_that_wait_until_the_stack_is_empty_change_no_answer(
    case: Case, tmp_path: Path, library: JavaLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = program(case, tmp_path, library)
    at_once = solve(made, KObject(), plugins())
    monkeypatch.setattr("refactor.pointsto.core._DEEPEST", 0)
    assert solve(made, KObject(), plugins()).calls == at_once.calls


def test_there_are_enough_programs_and_each_plugin_has_one() -> None:
    assert len(CASES) >= 60
    texts = "\n".join(path.read_text(encoding="utf-8") for path in FIXTURES.glob("*.case"))
    for plugin in plugins():
        assert f"plugin: {plugin.name}" in texts, plugin.name


def test_a_wrong_assertion_fails(tmp_path: Path, library: JavaLibrary) -> None:
    text = "class M { public static void main(String[] a) {\n Object x = new M();\n // pt: x = {}\n // calls: M.no\n } }\n"
    case = Case("wrong", text)
    made = program(case, tmp_path, library)
    assert len(failures(case, made, solve(made, KObject(), plugins()))) == 2


def test_work_is_bounded_and_what_is_given_up_is_said(tmp_path: Path, library: JavaLibrary) -> None:
    cells = "\n".join(f"static Cell make{n}() {{ Cell c = new Cell(); c.put(new M()); c.get(); return c; }}" for n in range(8))
    calls = " ".join(f"make{n}();" for n in range(8))
    text = f"""class M {{ public static void main(String[] a) {{ {calls} }}
        {cells} }}
        class Cell {{ Object held; void put(Object o) {{ held = o; }} Object get() {{ return held; }} }}"""
    made = program(Case("budget", text), tmp_path, library)
    plain = solve(made, Insensitive(), plugins())
    exact = solve(made, KObject(), plugins())
    assert len(exact.contexts) > 1
    assert not [d for d in exact.diagnostics if d.id == "pointsto/without-contexts"]
    between = next(b for b in range(10, 5000, 10) if _fits(made, b))
    given_up = solve(made, KObject(), plugins(), budget=between)
    assert [d.id for d in given_up.diagnostics] == ["pointsto/without-contexts"]
    assert (given_up.policy, given_up.calls) == ("insensitive", plain.calls)
    with pytest.raises(Exhausted):
        solve(made, KObject(), plugins(), budget=10)


def _fits(made: Program, budget: int) -> bool:
    try:
        solve(made, Insensitive(), plugins(), budget=budget)
    except Exhausted:
        return False
    return True
