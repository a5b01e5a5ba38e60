"""Keep write transactions whole: which classes to glue so that the fewest transactions write tables of several parts.

A transaction is cut where the tables it writes have more than one owning part. A table's owner is the part it is
pinned to, else the part with most of its writers' weight, and of several such parts the one that cuts least; so all of
it depends on where the writing classes go. Tables and the classes that write them fall into components; two components influence each
other only through a part that pins name, and are then treated as one.
- A component whose writers fit together has 0 cut transactions, and nothing is below 0: proved.
- One that does not (rules, pins or the size bound forbid it) of at most 9 members is searched exhaustively, all set
  partitions: proved. Members are the writing atoms, and one for each part that a table is pinned to.
- A larger one is merged greedily and reported with its lower bound: transactions that the rules alone cut.
A bound on the number of parts is not looked at here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from refactor.partition.constraints import Atoms, Constraints, MustLink
from refactor.partition.graph import ClassGraph
from refactor.partition.writers import Grouping, WriteProblem, write_components

EXHAUSTIVE_MEMBERS = 9  # 21,147 set partitions


@dataclass(frozen=True, slots=True)
class WriteCut:
    """The result over all components: `bound` <= the optimum <= `cut`; `proofs` has a sentence for each component.

    `glue` are further must-links, `homes` the parts that pins give to classes without a pin of their own, `owners` a
    class for each written table: the part that class ends up in owns the table.
    """

    glue: tuple[MustLink, ...]
    homes: dict[str, str]
    owners: dict[str, str]
    cut: int
    bound: int
    proofs: tuple[str, ...]

    @property
    def optimal(self) -> bool:
        return self.cut == self.bound


def keep_writes_whole(
    graph: ClassGraph, atoms: Atoms, constraints: Constraints, cap: int, exhaustive: int = EXHAUSTIVE_MEMBERS
) -> WriteCut:
    """before: atoms from the rules alone   after: what to glue on top of them, never against them

    Later passes may put two groups into one part, which can only lower the cut: owners are classes, not parts.
    """
    glue: list[MustLink] = []
    homes: dict[str, str] = {}
    owners: dict[str, str] = {}
    proofs: list[str] = []
    cut = bound = 0
    for component in write_components(graph, atoms, constraints):
        problem = WriteProblem(component, atoms, constraints, cap)
        best, low, how = _solve(problem, exhaustive)
        reached = problem.score(best)[0]
        cut += reached
        bound += low
        name = ", ".join(component.tables)
        proofs.append(f"write transactions on {name}: cut {how}")
        labels = problem.labels(best)
        for group in problem.groups(best):
            classes = tuple(c for c in labels if problem.position(c) in group)
            if len({atoms.of[c] for c in classes}) > 1:
                glue.append(MustLink(classes, f"transactions that write {name} stay whole"))
            home = problem.home(best, group)
            if home is not None and classes and all(atoms.pin[atoms.of[c]] is None for c in classes):
                homes[classes[0]] = home
        owners |= _owner_classes(problem.owners(best), labels)
    return WriteCut(tuple(glue), homes, owners, cut, bound, tuple(proofs))


def _solve(problem: WriteProblem, exhaustive: int) -> tuple[Grouping, int, str]:
    """The grouping, a lower bound of the cut, and the proof in words."""
    natural = problem.natural()
    if problem.allowed(natural) and problem.score(natural)[0] == 0:
        return natural, 0, "0, the least there can be: its writers fit together"
    if len(natural) <= exhaustive:
        best, tried = problem.search()
        low = problem.score(best)[0]
        if not problem.exact:
            bound = problem.lower_bound()
            return best, bound, f"{low}, not proved (owners tie in too many ways): the lower bound is {bound}"
        return best, low, f"{low}, proved by trying all {tried} ways to group its {len(natural)} members"
    best = problem.merge()
    low, reached = problem.lower_bound(), problem.score(best)[0]
    how = "equal to its lower bound" if reached == low else f"not proved: the lower bound is {low}"
    return best, low, f"{reached}, {how}"


def _owner_classes(owners: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, str]:
    return {table: next(c for c in labels if labels[c] == label) for table, label in owners.items()}
