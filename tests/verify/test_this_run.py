"""A verdict is of this run: what earlier runs reported does not count, and no outcome hides another one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from refactor.cli.verify import verdict_text
from refactor.isolate.plan import EndpointKind, EndpointPlan, Plan, ProgramPlan, TestPlan
from refactor.support.process import Finished
from refactor.verify import drive, oracle
from refactor.verify import verify as verification
from refactor.verify.compare import merge_groups
from refactor.verify.layout import Layout
from refactor.verify.model import CaseId, Outcome, Status, Verdict
from refactor.verify.verify import named_runs

REPORTS = "target/surefire-reports"
PASSED, FAILED = Outcome(Status.PASSED), Outcome(Status.FAILED, "java.lang.AssertionError")


class Machine:
    """An output folder whose Maven reports what it is told to."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, plan: Plan, groups: tuple[str, ...]) -> None:
        self.root = root
        self.says: dict[str, list[tuple[str, str, bool]]] = {}
        self.calls: dict[str, int] = {}
        self.ran: list[str] = []
        self.stops: set[str] = set()
        layout = Layout(root, plan, tuple(g for g in groups if g != "driver"), groups)
        for module in (drive, oracle):
            monkeypatch.setattr(module, "maven", self.maven)
        monkeypatch.setattr(drive, "Fleet", NoServices)
        monkeypatch.setattr(drive, "services", lambda *_: ())
        monkeypatch.setattr(drive, "settle", lambda _: (self.calls, drive.Ids({}, {})))
        monkeypatch.setattr(verification, "build_split", lambda *_, **__: self.ran.append("build"))
        monkeypatch.setattr(verification, "read_layout", lambda _: layout)
        monkeypatch.setattr(verification, "require_build_tools", lambda: None)

    def report(self, folder: str, cls: str, passes: bool = True, reports: str = REPORTS) -> None:
        file = self.root / folder / reports / f"TEST-{cls}.xml"
        file.parent.mkdir(parents=True, exist_ok=True)
        body = "" if passes else '<failure type="java.lang.AssertionError" message="boom"/>'
        file.write_text(f'<testsuite name="{cls}"><testcase classname="{cls}" name="t" time="0">{body}</testcase></testsuite>')

    def maven(self, folder: Path, goals: Sequence[str], **_: Any) -> Finished:
        group = goals[goals.index("-pl") + 1] if "-pl" in goals else "monolith"
        self.ran.append(group)
        if group in self.stops:
            raise KeyboardInterrupt
        for where, cls, passes in self.says.get(group, ()):
            self.report(where, cls, passes)
        log = self.root / "log"
        log.write_text("")
        return Finished((), 0, log, 0.0, False)

    def verify(self, fresh: bool = False) -> Verdict:
        self.ran.clear()
        self.told: list[str] = []
        return verification.verify(self.root, progress=self.told.append, fresh=fresh)


class NoServices:
    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __enter__(self) -> NoServices:
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def environment(self, name: str) -> dict[str, str]:
        return {}

    def dead(self) -> tuple[()]:
        return ()


def plan(**more: Any) -> Plan:
    return Plan("shop", "java", (), (), **more)


@pytest.mark.parametrize("folder", [REPORTS, "target/failsafe-reports", "web/target/surefire-reports"])
@pytest.mark.parametrize("where", ["a", "driver", "monolith"])
def test_reports_of_an_earlier_run_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, folder: str) -> None:
    machine = Machine(tmp_path, monkeypatch, plan(), ("driver", "a"))
    machine.report(where, "x.Old", reports=folder)
    machine.says = {"monolith": [("monolith", "x.T", True)], "driver": [("driver", "x.T", True)]}
    verdict = machine.verify()
    assert verdict.equal
    assert verdict.tests == ("x.T#t",)


def test_a_test_that_was_moved_is_not_judged_by_its_old_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(tmp_path, monkeypatch, plan(), ("driver", "a"))
    machine.report("a", "x.T", True)
    machine.says = {"monolith": [("monolith", "x.T", True)], "driver": [("driver", "x.T", False)]}
    assert [d.test for d in machine.verify().divergences] == ["x.T#t"]


def test_a_test_that_did_not_run_is_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(tmp_path, monkeypatch, plan(), ("driver",))
    machine.says = {"monolith": [("monolith", "x.T", True), ("monolith", "x.U", True)], "driver": [("driver", "x.T", True)]}
    (found,) = machine.verify().divergences
    assert (found.test, found.split) == ("x.U#t", "did not run")


def test_tests_of_equal_names_in_two_modules_are_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(tmp_path, monkeypatch, plan(), ("driver",))
    machine.says = {"monolith": [("monolith/a", "x.T", True), ("monolith/b", "x.T", False)], "driver": [("driver", "x.T", True)]}
    verdict = machine.verify()
    assert verdict.monolith.run == 2
    assert not verdict.equal


def test_the_monolith_s_tests_run_also_where_no_class_looks_like_a_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(tmp_path, monkeypatch, plan(), ())
    machine.says = {"monolith": [("monolith", "x.Specification", True)]}
    assert [d.split for d in machine.verify().divergences] == ["did not run"]


def test_two_groups_that_report_one_test_are_an_error() -> None:
    test = CaseId("x.T", "t")
    _, (found,) = merge_groups({"driver": {test: PASSED}, "a": {test: PASSED}}, {})
    assert (found.test, found.split) == ("x.T#t", "passed in driver; passed in a")
    merged, none = merge_groups({"driver": {test: FAILED}, "a": {test: PASSED}}, {"x.T": "driver"})
    assert (dict(merged), none) == ({test: FAILED}, ()), "in `a` it is there for its users only"


def test_test_classes_of_which_nothing_is_reported_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tests = tuple(TestPlan(name, ("driver",), True, "") for name in ("x.T", "x.ManualIT"))
    machine = Machine(tmp_path, monkeypatch, plan(tests=tests), ("driver",))
    machine.says = {"monolith": [("monolith", "x.T", True)], "driver": [("driver", "x.T", True)]}
    verdict = machine.verify()
    assert verdict.equal
    assert verdict.uncompared == ("1 test classes that the monolith's own build does not run: x.ManualIT",)


def test_calls_and_endpoints_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoints = tuple(EndpointPlan("a", "x.A", name, EndpointKind.METHOD, f"x.A#{name}()V") for name in ("f", "g", "h"))
    machine = Machine(tmp_path, monkeypatch, plan(endpoints=endpoints), ("driver",))
    machine.says = {"monolith": [("monolith", "x.T", True)], "driver": [("driver", "x.T", True)]}
    machine.calls = {"x.A/f": 4, "x.A/g": 2}
    machine.calls |= {"java.util.List/get": 7, "java.util.List/size": 3, "java.util.Map/get": 1, "java.util.Map/put": 1}
    verdict = machine.verify()
    assert (len(verdict.remote.called), verdict.remote.endpoints, verdict.remote.calls) == (2, 3, 18)
    line = "remote: 6 calls to 2 of 3 endpoints, 12 calls to 4 operations of shared library objects: 18 in all"
    assert line in verdict_text(verdict)


def test_runs_of_one_main_have_names_of_their_own() -> None:
    one, two = ProgramPlan("a.Main", "a", args=("1",)), ProgramPlan("a.Main", "a", args=("2",))
    assert [name for name, _ in named_runs((one, two))] == ["a.Main", "a.Main (run 2)"]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Sources and classes in every module; tests in two groups."""
    found = Machine(tmp_path, monkeypatch, plan(), ("driver", "a"))
    found.says = {"monolith": [("monolith", "x.T", True), ("monolith", "x.U", True)]}
    found.says |= {"driver": [("driver", "x.T", True)], "a": [("a", "x.U", True)]}
    for module in ("monolith", "driver", "a", "runtime"):
        for name in ("src/main/java/X.java", "target/classes/X.class", "pom.xml"):
            (tmp_path / module / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / module / name).write_text(name)
    return found


def test_what_is_finished_is_not_done_again(machine: Machine) -> None:
    assert machine.verify().equal
    assert machine.ran == ["monolith", "build", "driver", "a"]
    again = machine.verify()
    assert machine.ran == ["driver", "a"], "the services are driven in every verification"
    assert again.equal
    assert again.monolith.run == 2
    assert sum("taken over from an earlier run" in line for line in machine.told) == 2
    machine.verify(fresh=True)
    assert machine.ran == ["monolith", "build", "driver", "a"]


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("monolith/src/main/java/X.java", ["monolith"]),
        ("monolith/src/main/java/New.java", ["monolith"]),
        ("monolith/pom.xml", ["monolith"]),
        ("monolith/target/classes/X.class", ["monolith"]),
        ("a/src/main/java/X.java", ["build"]),
        ("a/target/classes/X.class", ["build"]),
        ("runtime/src/main/java/X.java", ["build"]),
    ],
)
def test_what_has_changed_is_done_again(machine: Machine, changed: str, again: list[str]) -> None:
    machine.verify()
    (machine.root / changed).write_text("other")
    machine.verify()
    assert machine.ran == [*again, "driver", "a"]


def test_other_settings_are_other_runs(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.verify()
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    machine.verify()
    assert machine.ran[:2] == ["monolith", "build"]


def test_an_interrupted_verification_goes_on_where_it_was(machine: Machine) -> None:
    machine.stops = {"a"}
    with pytest.raises(KeyboardInterrupt):
        machine.verify()
    machine.stops = set()
    verdict = machine.verify()
    assert machine.ran == ["a"]
    assert verdict.equal
    assert verdict.split.run == 2
    machine.verify()
    assert machine.ran == ["driver", "a"], "a verdict is the end of it"


def test_what_a_group_reported_before_the_interruption_counts(machine: Machine) -> None:
    machine.stops = {"a"}
    machine.says["driver"] = [("driver", "x.T", False)]
    with pytest.raises(KeyboardInterrupt):
        machine.verify()
    machine.stops, machine.says["driver"] = set(), [("driver", "x.T", True)]
    assert not machine.verify().equal, "what it reported is taken over with its failure: the comparison is made anew"


def test_what_is_changed_while_it_runs_is_not_kept(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def edited(*_: Any, **__: Any) -> None:
        machine.ran.append("build")
        (machine.root / "a/src/main/java/X.java").write_text(f"edited {len(machine.ran)}")

    monkeypatch.setattr(verification, "build_split", edited)
    machine.verify()
    machine.verify()
    assert "build" in machine.ran
