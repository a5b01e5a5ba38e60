"""What a verification sees and says: outcomes, runs, divergences, the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Status(Enum):
    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, order=True)
class CaseId:
    """A test as its framework names it: class and display name; `index` tells repeated names of one class apart."""

    cls: str
    name: str
    index: int = 0

    def __str__(self) -> str:
        return f"{self.cls}#{self.name}" + (f"[{self.index}]" if self.index else "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`error_type` and `message` are those of the failure, empty where the test passed or was skipped."""

    status: Status
    error_type: str = ""
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """One run of a main program: what a user of it sees."""

    name: str
    exit_code: int
    stdout: bytes
    stderr: bytes


@dataclass(frozen=True, slots=True)
class Divergence:
    """One observable difference; `test` names the test or the main program."""

    test: str
    monolith: str
    split: str


@dataclass(frozen=True, slots=True)
class Counts:
    run: int
    passed: int
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Remote:
    """`endpoints`: of the application's classes, in the allow-lists; `called`: per endpoint path, calls served while it was driven.

    `library`: the same for operations of library objects that are shared by reference (`java.util.List/get`), which are no endpoints.
    """

    endpoints: int
    called: tuple[tuple[str, int], ...]
    library: tuple[tuple[str, int], ...] = ()

    @property
    def calls(self) -> int:
        """All of them: those to endpoints and those to library objects."""
        return sum(n for _, n in (*self.called, *self.library))


@dataclass(frozen=True, slots=True)
class Verdict:
    """EQUAL only where something was compared and nothing differed.

    `ids_left`: per part, ids that nothing can reach and that are still in its table. `ids_rooted`: ids that services hold by themselves.
    `uncompared`: what was observed and could not be compared, each with the reason. `mains`: the names of the runs, each once.
    A divergence's `test` is a test of `tests`, or begins with `main NAME: `, or names a service or a group of tests.
    """

    monolith: Counts
    split: Counts
    tests: tuple[str, ...]
    mains: tuple[str, ...]
    divergences: tuple[Divergence, ...]
    remote: Remote
    replicated: tuple[tuple[str, str], ...]
    ids_left: tuple[tuple[str, int], ...]
    ids_rooted: tuple[tuple[str, int], ...] = ()
    uncompared: tuple[str, ...] = ()

    @property
    def compared(self) -> int:
        return len(self.tests) + len(self.mains)

    @property
    def equal(self) -> bool:
        return self.compared > 0 and not self.divergences and not any(n for _, n in self.ids_left)
