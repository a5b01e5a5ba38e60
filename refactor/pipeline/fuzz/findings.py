"""What many generated programs showed, as values that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields

from refactor.pipeline.fuzz.rounds import INFRASTRUCTURE


@dataclass(frozen=True, slots=True)
class Divergence:
    """One program under one partition that does not say what the monolith says. `kind`: trace, compile, hang, ids, remote-calls,
    start, front-end, split, monolith (the generated program itself is not what it should be), the first four also as http-*; or
    infrastructure: it could not be found out, twice, because Java processes died or did not answer.
    `round`: which of the program's partitions it was."""

    kind: str
    seed: str
    detail: str
    sources: Mapping[str, str]
    parts: Mapping[str, str]
    expected: str = ""
    actual: str = ""
    round: int = 0


Tell = Callable[[Divergence], None]
"""Called with every divergence and every failure of the infrastructure at the moment it is found."""


@dataclass(slots=True)
class Report:
    """`splits`: partitions that were run; `ids_checked`: those whose id tables have to be empty in the end.

    `constructs`: how many programs use each; `across`: how many of them were run with it across a cut; `two_sided`: how many use it
    between two classes that could be owned by different parts; `joined` (`construct: rule`): in how many of those a rule keeps the two
    together wherever it is used. `one_part`: splits that
    had to run without any remote call. `circles_checked`: splits whose circles over several processes had to be found and dropped.
    `refused`: partitions that were not run, by rule; `moved`: classes that rules moved. `forbidden`: partitions that were run
    exactly as asked although exactly these rules forbid it; `forbidden_but_equal`: those of them that showed no difference. What
    one run does not show may still be there: the share is an upper bound.
    `unmeasured`: forbidden partitions of which nothing is known. `infrastructure`: splits of which nothing is known, because Java
    processes failed twice; `again`: splits that agreed only when they were run again alone, by what stopped them at first.
    """

    programs: int = 0
    splits: int = 0
    calls: int = 0
    over_http: int = 0
    ids_checked: int = 0
    seconds: float = 0.0
    divergences: list[Divergence] = field(default_factory=list)
    infrastructure: list[Divergence] = field(default_factory=list)
    again: Counter[str] = field(default_factory=Counter)
    one_part: int = 0
    circles_checked: int = 0
    constructs: Counter[str] = field(default_factory=Counter)
    across: Counter[str] = field(default_factory=Counter)
    two_sided: Counter[str] = field(default_factory=Counter)
    joined: Counter[str] = field(default_factory=Counter)
    unmeasured: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    forbidden: Counter[str] = field(default_factory=Counter)
    forbidden_but_equal: Counter[str] = field(default_factory=Counter)

    def add(self, other: Report) -> None:
        """Counts what another run found as found by this one; the times are not added."""
        for f in fields(self):
            mine, theirs = getattr(self, f.name), getattr(other, f.name)
            if f.name == "seconds":
                continue
            if isinstance(mine, int):
                setattr(self, f.name, mine + theirs)
            elif isinstance(mine, Counter):
                mine.update(theirs)
            else:
                mine.extend(theirs)

    def found(self, divergence: Divergence) -> None:
        (self.infrastructure if divergence.kind == INFRASTRUCTURE else self.divergences).append(divergence)

    @property
    def per_minute(self) -> float:
        return 60 * self.programs / self.seconds if self.seconds else 0.0
