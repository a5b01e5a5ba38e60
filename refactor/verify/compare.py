"""The oracle's comparison: the monolith's outcomes against those of the split program."""

from __future__ import annotations

from collections.abc import Mapping

from refactor.verify.model import CaseId, Counts, Divergence, Outcome, ProgramRun, Status


def compare_tests(monolith: Mapping[CaseId, Outcome], split: Mapping[CaseId, Outcome]) -> tuple[Divergence, ...]:
    """Per test, the outcome on the split must be the monolith's own.

    before: {T#a: passed, T#b: failed AssertionError}, {T#a: passed}
    after:  [Divergence(T#b, "failed AssertionError", "did not run")]
    A failure equals a failure of the same exception type; its message may name another thread or port.
    """
    found = []
    for test in sorted(monolith.keys() | split.keys()):
        ours, theirs = monolith.get(test), split.get(test)
        if ours is None or theirs is None or not _same(ours, theirs):
            found.append(Divergence(str(test), _words(ours), _words(theirs)))
    return tuple(found)


def compare_programs(monolith: ProgramRun, split: ProgramRun) -> tuple[Divergence, ...]:
    """Standard output byte for byte, and the exit code. Standard error is compared by `compare_errors`."""
    found = []
    if monolith.exit_code != split.exit_code:
        found.append(Divergence(f"main {monolith.name}: exit code", str(monolith.exit_code), str(split.exit_code)))
    if monolith.stdout != split.stdout:
        line, ours, theirs = first_difference(monolith.stdout, split.stdout)
        found.append(Divergence(f"main {monolith.name}: output line {line}", ours, theirs))
    return tuple(found)


def compare_errors(monolith: ProgramRun, split: ProgramRun) -> tuple[Divergence, ...]:
    """Standard error but for the frames of stack traces: those of the split program show both sides of a call.

    Whether the monolith itself writes the same twice is for the caller to find out.
    """
    ours, theirs = _without_frames(monolith.stderr), _without_frames(split.stderr)
    if ours == theirs:
        return ()
    line, left, right = first_difference(ours, theirs)
    return (Divergence(f"main {monolith.name}: standard error line {line} (frames left out)", left, right),)


def _without_frames(text: bytes) -> bytes:
    lines = text.split(b"\n")
    return b"\n".join(line for line in lines if not line.startswith((b"\tat ", b"\t... ")))


def first_difference(left: bytes, right: bytes) -> tuple[int, str, str]:
    """The first line (from 1) at which two outputs differ, with both lines; `<end of output>` past an end."""
    a, b = (text.decode(errors="replace").split("\n") for text in (left, right))
    end = "<end of output>"
    for number in range(max(len(a), len(b))):
        ours = a[number] if number < len(a) else end
        theirs = b[number] if number < len(b) else end
        if ours != theirs:
            return number + 1, ours, theirs
    return 0, "", ""


def merge_groups(
    groups: Mapping[str, Mapping[CaseId, Outcome]], homes: Mapping[str, str]
) -> tuple[Mapping[CaseId, Outcome], tuple[Divergence, ...]]:
    """before: outcomes per group of tests; test class -> the group in which its own tests count
    after:  one outcome per test, and a difference for each test that more than one group reports

    A class that is in another group for its users only may run there as well: what it reports there is nobody's.
    """
    reported: dict[CaseId, dict[str, Outcome]] = {}
    for group, outcomes in groups.items():
        for test, outcome in outcomes.items():
            if homes.get(test.cls.partition("$")[0], group) == group:
                reported.setdefault(test, {})[group] = outcome
    twice = [(test, found) for test, found in sorted(reported.items()) if len(found) > 1]
    differences = [
        Divergence(str(test), "one outcome", "; ".join(f"{_words(outcome)} in {group}" for group, outcome in found.items()))
        for test, found in twice
    ]
    return {test: next(iter(found.values())) for test, found in reported.items()}, tuple(differences)


def counts(outcomes: Mapping[CaseId, Outcome]) -> Counts:
    passed = sum(1 for o in outcomes.values() if o.status is Status.PASSED)
    skipped = sum(1 for o in outcomes.values() if o.status is Status.SKIPPED)
    return Counts(len(outcomes), passed, skipped)


def _same(ours: Outcome, theirs: Outcome) -> bool:
    return ours.status is theirs.status and ours.error_type == theirs.error_type


def _words(outcome: Outcome | None) -> str:
    if outcome is None:
        return "did not run"
    parts = (outcome.status.value, outcome.error_type, outcome.message[:300])
    return " ".join(p for p in parts if p)
