"""What did not agree is run again, alone and with generous bounds: a busy machine is not a defect of the compiler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from refactor.pipeline.fuzz.harness import Harness
from refactor.pipeline.fuzz.rounds import INFRASTRUCTURE, Outcome, Round, Subject, run_round

PATIENCE = 9
"""How many times as long everything may take when a program runs alone: three minutes for 20 s."""
_STEADY = ("", "compile")
_TRANSPORT = ("RemoteFailure", "ObjectLost", "OutOfMemoryError", "unable to create native thread", "did not answer")


@dataclass(slots=True)
class Settled:
    """A round whose outcomes are the last word. `again`: what kept a program from agreeing at first, by package, where that was a matter
    of time or of a dead process and it did agree when it ran alone."""

    round: Round
    again: dict[str, str] = field(default_factory=dict)


def settled_round(harness: Harness, subjects: Sequence[Subject], folder: Path, over_http: int = 0) -> Settled:
    """before: splits of programs   after: as `rounds.run_round`, where every outcome but a compile error was seen to stay

    A difference that no time-out explains stays a difference even where it does not show again: it is then said to be unsteady.
    """
    settled = Settled(run_round(harness, subjects, folder, over_http))
    for subject in subjects:
        first = settled.round.outcomes[subject.package]
        if first.kind in _STEADY:
            continue
        harness.stop()
        alone = run_round(harness, [subject], folder.with_name(f"{folder.name}-alone"), int(_http(first, over_http)), PATIENCE)
        settled.round.over_http |= alone.over_http
        settled.round.circles_checked += alone.circles_checked
        second = alone.outcomes[subject.package]
        if second.kind:
            if second.kind == INFRASTRUCTURE:
                second.detail = f"at first {first.kind}: {first.detail[-2000:]}\nalone: {second.detail}"
            settled.round.outcomes[subject.package] = second
        elif is_doubtful(first):
            settled.again[subject.package] = first.kind
            settled.round.outcomes[subject.package] = second
        else:
            first.detail = f"unsteady: it agreed when it ran again, alone\n{first.detail}"
    return settled


def _http(outcome: Outcome, over_http: int) -> bool:
    return outcome.kind.startswith("http-") or (outcome.kind == INFRASTRUCTURE and over_http > 0)


def is_doubtful(outcome: Outcome) -> bool:
    """Whether the outcome may come from a machine that was too busy, not from the program."""
    slow = outcome.kind in (INFRASTRUCTURE, "hang", "http-hang")
    return slow or any(word in text for word in _TRANSPORT for text in (outcome.actual, outcome.detail))
