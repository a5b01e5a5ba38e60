"""The oracle's comparison sees every kind of difference, and none where there is none."""

from __future__ import annotations

import pytest

from refactor.verify.compare import compare_errors, compare_programs, compare_tests, counts, first_difference
from refactor.verify.model import CaseId, Counts, Outcome, ProgramRun, Status

A, B = CaseId("shop.T", "a"), CaseId("shop.T", "b")
PASS = Outcome(Status.PASSED)


def test_equal_outcomes_do_not_diverge() -> None:
    failed = Outcome(Status.FAILED, "java.lang.AssertionError", "thread 1")
    again = Outcome(Status.FAILED, "java.lang.AssertionError", "thread 2")
    assert compare_tests({A: PASS, B: failed}, {A: PASS, B: again}) == ()


@pytest.mark.parametrize(
    "other",
    [
        {A: PASS},
        {A: PASS, B: Outcome(Status.FAILED, "java.lang.AssertionError", "expected 1")},
        {A: PASS, B: Outcome(Status.SKIPPED)},
        {A: PASS, B: PASS, CaseId("shop.T", "c"): PASS},
    ],
)
def test_a_missing_failing_skipped_or_extra_test_diverges(other: dict[CaseId, Outcome]) -> None:
    assert len(compare_tests({A: PASS, B: PASS}, other)) == 1


def test_another_exception_type_diverges() -> None:
    ours, theirs = Outcome(Status.ERROR, "java.io.IOException"), Outcome(Status.ERROR, "refactor.runtime.RemoteFailure")
    (found,) = compare_tests({A: ours}, {A: theirs})
    assert found.monolith == "error java.io.IOException"
    assert found.split == "error refactor.runtime.RemoteFailure"


def test_programs_differ_in_output_or_exit_code() -> None:
    one = ProgramRun("Main", 0, b"a\nb\n", b"")
    assert compare_programs(one, ProgramRun("Main", 0, b"a\nb\n", b"log")) == ()
    (output,) = compare_programs(one, ProgramRun("Main", 0, b"a\nc\n", b""))
    assert (output.test, output.monolith, output.split) == ("main Main: output line 2", "b", "c")
    (code,) = compare_programs(one, ProgramRun("Main", 3, b"a\nb\n", b""))
    assert code.split == "3"


def test_programs_differ_in_what_they_write_to_standard_error() -> None:
    def run(stderr: bytes) -> ProgramRun:
        return ProgramRun("Main", 0, b"", stderr)

    one = run(b"warning: low\nException: broken\n\tat a.B.f(B.java:3)\n\t... 2 more\n")
    assert compare_errors(one, run(b"warning: low\nException: broken\n\tat refactor.runtime.boundary\n\tat a.B.f(B.java:3)\n")) == ()
    (lost,) = compare_errors(one, run(b"Exception: broken\n"))
    assert (lost.monolith, lost.split) == ("warning: low", "Exception: broken")
    assert "standard error line 1" in lost.test


def test_first_difference_past_the_end() -> None:
    assert first_difference(b"a", b"a\nb") == (2, "<end of output>", "b")


def test_counts() -> None:
    assert counts({A: PASS, B: Outcome(Status.SKIPPED)}) == Counts(2, 1, 1)
