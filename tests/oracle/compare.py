"""How far the front end's references agree with javac's: `python -m tests.oracle.compare PATH`.

A place (file, line, column of the member's name) that javac attributes counts as agreement only where the front end names the
same declaring class, member and erased descriptor there. Places that only the front end reports are listed as "extra": they
are disagreements too, outside files that javac rejects.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from refactor.frontend.java.program import load_project
from refactor.frontend.project.discover import discover
from refactor.frontend.project.model import Project
from refactor.ir.program import Program, Reference, RefKind
from tests.oracle.javac_oracle import OracleAnswer, OracleReference, ask_project

_MEMBERS = (RefKind.CALL, RefKind.NEW, RefKind.METHOD_REF, RefKind.FIELD)
Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`why`: wrong (another target), unresolved (a reference without target), missing (no reference), extra (only ours)."""

    why: str
    kind: str
    place: Place
    name: str
    expected: str | None
    actual: str | None
    reason: str
    in_application: bool

    def __str__(self) -> str:
        file, line, column = self.place
        reason = f"  [{self.reason}]" if self.reason else ""
        head = f"{self.why:10} {self.kind:10} {file}:{line}:{column}  {self.name}"
        return f"{head}\n    javac {self.expected}\n    ours  {self.actual}{reason}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`agreed` of `total` places; the same for those whose target is declared in the application."""

    total: int
    agreed: int
    application_total: int
    application_agreed: int
    disagreements: tuple[Disagreement, ...]
    javac_errors: tuple[str, ...]

    @property
    def share(self) -> float:
        return 100 * self.agreed / self.total if self.total else 0.0

    @property
    def application_share(self) -> float:
        return 100 * self.application_agreed / self.application_total if self.application_total else 0.0

    def summary(self) -> str:
        extra = sum(d.why == "extra" for d in self.disagreements)
        return (
            f"application {self.application_agreed}/{self.application_total} = {self.application_share:.3f} %, "
            f"all {self.agreed}/{self.total} = {self.share:.3f} %, extra {extra}, javac errors {len(self.javac_errors)}"
        )


def compare(program: Program, answer: OracleAnswer) -> Comparison:
    """Match the two by place. Places that javac could not attribute itself are left out on both sides."""
    ours = _by_place(program)
    expected = {(r.file, r.line, r.column): r for r in answer.references}
    found: list[Disagreement] = []
    total = agreed = application_total = application_agreed = 0
    for place, reference in expected.items():
        mine = ours.get(place)
        if reference.target is None or (reference.kind == "enum_constant" and mine is None):
            continue  # an enum constant's constructor call has no name of its own in the source: optional
        same = mine is not None and mine.target == reference.target
        total += 1
        agreed += same
        application_total += reference.in_application
        application_agreed += same and reference.in_application
        if not same:
            found.append(_disagreement(place, reference, mine))
    rejected = {e.partition(":")[0] for e in answer.errors}
    for place, mine in ours.items():
        if place not in expected and not any(r.endswith(place[0]) for r in rejected):
            found.append(Disagreement("extra", mine.kind.value, place, "", None, mine.target, mine.reason, _owner(mine) in program.classes))
    found.sort(key=lambda d: (not d.in_application, d.place))
    return Comparison(total, agreed, application_total, application_agreed, tuple(found), tuple(answer.errors))


def _by_place(program: Program) -> dict[Place, Reference]:
    found: dict[Place, Reference] = {}
    for file, references in program.references.items():
        for reference in references:
            if reference.kind in _MEMBERS:
                found[(file, reference.span.line, reference.span.column)] = reference
    return found


def _owner(reference: Reference) -> str:
    return (reference.target or "").partition("#")[0]


def _disagreement(place: Place, reference: OracleReference, mine: Reference | None) -> Disagreement:
    why = "missing" if mine is None else "unresolved" if mine.target is None else "wrong"
    actual, reason = (mine.target, mine.reason) if mine else (None, "")
    return Disagreement(why, reference.kind, place, reference.name, reference.target, actual, reason, reference.in_application)


def compare_project(project: Project) -> Comparison:
    """Run the front end and the oracle on one project."""
    return compare(load_project(project), ask_project(project))


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the shares and the disagreements; exit code 1 where the application's share is below --threshold."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle.compare", description=__doc__)
    parser.add_argument("path", nargs="+", help="a folder, or maven:GROUP:ARTIFACT:VERSION")
    parser.add_argument("--list", type=int, default=1_000_000, help="at most this many disagreements")
    parser.add_argument("--threshold", type=float, default=0.0)
    options = parser.parse_args(arguments)
    worst = 100.0
    for path in options.path:
        project = discover(path)
        started = time.monotonic()
        program = load_project(project)
        loaded = time.monotonic()
        answer = ask_project(project)
        asked = time.monotonic()
        result = compare(program, answer)
        for disagreement in result.disagreements[: options.list]:
            print(disagreement)
        for error in result.javac_errors[:20]:
            print(f"javac: {error}")
        print(f"{path}: {result.summary()}; front end {loaded - started:.1f} s, javac {asked - loaded:.1f} s", flush=True)
        worst = min(worst, result.application_share)
    return 0 if worst >= options.threshold else 1


if __name__ == "__main__":
    sys.exit(main())
