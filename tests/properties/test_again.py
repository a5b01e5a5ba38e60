"""A busy machine and a dead process are told from a divergence; nothing of it is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from refactor.frontend.java.library import JavaLibrary
from refactor.pipeline.fuzz import again
from refactor.pipeline.fuzz.again import PATIENCE, settled_round
from refactor.pipeline.fuzz.findings import Divergence, Report
from refactor.pipeline.fuzz.harness import MILLIS, Answer, Harness, Toolchain
from refactor.pipeline.fuzz.judge import judge
from refactor.pipeline.fuzz.report import report_text, write_found
from refactor.pipeline.fuzz.rounds import INFRASTRUCTURE, HarnessFailed, Outcome, Round, Subject, compile_all, run_round
from refactor.pipeline.fuzz.small import Scope, items_of
from refactor.pipeline.fuzz.split import Split, read, split

LIBRARY = JavaLibrary((), 17)


class Rounds:
    """Answers in place of rounds: the first for all subjects, the second for the one that runs alone."""

    def __init__(self, first: Outcome, second: Outcome) -> None:
        self.first, self.second = first, second
        self.asked: list[tuple[int, int]] = []

    def __call__(self, harness: Harness, subjects: Sequence[Subject], folder: Path, over_http: int = 0, patience: int = 1) -> Round:
        self.asked.append((over_http, patience))
        return Round({s.package: self.first if len(self.asked) == 1 else self.second for s in subjects})


@pytest.fixture
def subject() -> Subject:
    return Subject("fuzz.a", "x\n", Split({}, "a", None, ()), False)  # type: ignore[arg-type]


def settle(
    subject: Subject, rounds: Rounds, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, over_http: int = 0
) -> tuple[Outcome, str | None]:
    monkeypatch.setattr(again, "run_round", rounds)
    settled = settled_round(Harness(None), [subject], tmp_path / "round", over_http)  # type: ignore[arg-type]
    return settled.round.outcomes["fuzz.a"], settled.again.get("fuzz.a")


def test_a_time_out_that_does_not_come_again_is_counted_and_is_no_divergence(
    subject: Subject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rounds = Rounds(Outcome("hang", "stacks"), Outcome(calls=7))
    outcome, why = settle(subject, rounds, monkeypatch, tmp_path)
    assert (outcome.kind, outcome.calls, why) == ("", 7, "hang")
    assert rounds.asked == [(0, 1), (0, PATIENCE)]


def test_a_program_that_does_not_end_alone_either_is_a_divergence(
    subject: Subject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    outcome, why = settle(subject, Rounds(Outcome("hang", "busy"), Outcome("hang", "stacks")), monkeypatch, tmp_path)
    assert (outcome.kind, outcome.detail, why) == ("hang", "stacks", None)


def test_a_dead_process_twice_is_a_failure_of_the_infrastructure_with_both_causes(
    subject: Subject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rounds = Rounds(Outcome("http-hang", "late"), Outcome(INFRASTRUCTURE, "exit code 137"))
    outcome, _ = settle(subject, rounds, monkeypatch, tmp_path, 1)
    assert outcome.kind == INFRASTRUCTURE
    assert outcome.detail == "at first http-hang: late\nalone: exit code 137"
    assert rounds.asked == [(1, 1), (1, PATIENCE)]


def test_a_difference_that_does_not_come_again_stays_a_divergence(
    subject: Subject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    outcome, why = settle(subject, Rounds(Outcome("trace", "line 3", "y\n"), Outcome()), monkeypatch, tmp_path)
    assert (outcome.kind, why) == ("trace", None)
    assert outcome.detail == "unsteady: it agreed when it ran again, alone\nline 3"


def test_a_difference_that_a_lost_message_explains_is_tried_again(
    subject: Subject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    late = Outcome("trace", "line 3", "error | refactor.runtime.RemoteFailure: part b did not answer\n")
    assert settle(subject, Rounds(late, Outcome()), monkeypatch, tmp_path)[1] == "trace"


class Dying(Harness):
    """Its first processes die in the middle of a program."""

    def __init__(self, tools: Toolchain, deaths: int) -> None:
        super().__init__(tools)
        self.deaths = deaths

    def split(self, part: str, main: str, millis: int = MILLIS) -> Answer:
        if self.deaths:
            self.deaths -= 1
            assert self._runner is not None
            self._runner._process.kill()
        return super().split(part, main, millis)


def verdict_kind(tools: Toolchain, tmp_path: Path, deaths: int) -> tuple[str, str]:
    item = next(i for i in items_of(Scope(2, "write", "call"), 0) if len(set(i.parts.values())) == 2)
    with Dying(tools, deaths) as harness:
        verdict = judge([item], harness, LIBRARY, tmp_path)[0]
    return verdict.kind, verdict.detail


def test_a_process_that_dies_once_costs_a_repetition(tools: Toolchain, tmp_path: Path) -> None:
    assert verdict_kind(tools, tmp_path, 1) == ("", "")


def test_a_process_that_dies_twice_is_named(tools: Toolchain, tmp_path: Path) -> None:
    kind, detail = verdict_kind(tools, tmp_path, 2)
    assert kind == INFRASTRUCTURE
    assert "ended with exit code -9" in detail


class Hurried(Harness):
    """Programs get two seconds."""

    def split(self, part: str, main: str, millis: int = 0) -> Answer:
        return super().split(part, main, 2000)


def test_a_program_that_never_ends_is_a_hang_and_the_others_keep_their_verdicts(tools: Toolchain, harness: Harness, tmp_path: Path) -> None:
    items = [i for n, s in enumerate((Scope(2, "write", "call"), Scope(2, "update", "call"))) for i in list(items_of(s, n))[1:2]]
    assert not compile_all(harness, {i.package: i.sources for i in items}, tmp_path / "plain-src", tmp_path / "plain")
    subjects = []
    for item in items:
        made = split(read(tmp_path / "src" / item.package, item.sources, LIBRARY), item.parts, f"{item.package}.Main")
        assert isinstance(made, Split)
        expected = harness.plain(tmp_path / "plain", f"{item.package}.Main").text
        subjects.append(Subject(item.package, expected, made, item.keeps_roots))
    first = subjects[0].split
    files = {n: t.replace("System.out.print(", "while (T.SEP != null) Thread.onSpinWait(); System.out.print(")
             for n, t in first.parts[first.main_part].items()}  # fmt: skip
    assert files != first.parts[first.main_part]
    subjects[0] = replace(subjects[0], split=replace(first, parts={**first.parts, first.main_part: files}))
    with Hurried(tools) as hurried:
        outcomes = run_round(hurried, subjects, tmp_path / "round").outcomes
    assert [o.kind for o in outcomes.values()] == ["hang", ""]
    assert outcomes[subjects[1].package].calls > 0
    stacks = outcomes[subjects[0].package].actual  # of all threads, at the end of the time
    assert "-- refactor-leases" in stacks
    assert "-- refactor-cycles" not in stacks  # it would wake up in the middle of another program, its classes gone


def test_failures_of_the_infrastructure_are_reported_apart_and_written_out(tmp_path: Path) -> None:
    report = Report()
    report.found(Divergence(INFRASTRUCTURE, "1.2", "exit code 137", {"fuzz/p1_2/Main.java": "class Main {}\n"}, {"fuzz.p1_2.Main": "a"}))
    assert not report.divergences
    text = report_text(report, [])
    assert "failures of the infrastructure (nothing is known of these splits): 1\nseed 1.2: exit code 137\ndivergences: 0" in text
    assert write_found(report.infrastructure[0], tmp_path).name == "infrastructure-1-2-0.case"


def test_what_javac_fails_at_without_a_file_is_no_divergence(tmp_path: Path) -> None:
    class Mute(Harness):
        def compile(self, files: Sequence[Path], out: Path, class_path: str = "") -> Answer:
            return Answer("silent", "the Java process did not answer within 600 s")

    with pytest.raises(HarnessFailed, match="did not answer"):
        compile_all(Mute(None), {"a": {"a/A.java": ""}}, tmp_path / "src", tmp_path / "out")  # type: ignore[arg-type]
