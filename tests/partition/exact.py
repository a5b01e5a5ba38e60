"""`python -m tests.partition.exact PATH`: the least coupling that any partition can have, by an integer program.

For what a proposal is compared with where it misses its target. Needs SciPy (its HiGHS solver), which this project does not: install
it beside. The program: each class in one of the parts, parts of at most `max_share` of the placed classes, at least as many parts with
a class as are asked for; the weight of edges between parts is least. Tables do not count, so the true least with pure tables is no
smaller. Twice: with the classes that whole write transactions need together, and without.
A partition of which two parts together keep the bound can be merged without more cut, so fewer than 2 / max_share + 1 parts are enough
unless more are asked for.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable, Sequence

from refactor.isolate.finest import finest_cut
from refactor.isolate.legalise import analyse
from refactor.partition.classgraph import class_graph
from refactor.partition.constraints import Constraints, MustLink, contract
from refactor.partition.graph import ClassGraph, undirected
from refactor.partition.metrics import measure
from refactor.partition.partitioner import propose
from refactor.pipeline.compare import unruled
from refactor.pipeline.cut import CutRequest, constraints_of
from refactor.pipeline.load import load_program


def least_coupling(
    graph: ClassGraph, together: Iterable[MustLink], cap: int, least: int, seconds: float
) -> tuple[float, float, dict[str, str]]:
    """The best coupling found, a proved lower bound of it, and the labels of the best."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import lil_matrix

    atoms = contract(graph.nodes, Constraints(must_link=tuple(together)))
    count = len(atoms.members)
    cap = max(cap, *(atoms.size(a) for a in range(count)))
    k = max(least, math.ceil(2 * len(graph.nodes) / cap))
    whole = undirected(graph)
    weights: dict[tuple[int, int], float] = {}
    total = 0.0
    for at, name in enumerate(whole.names):
        for other, weight in zip(whole.neighbours[at], whole.weights[at], strict=True):
            a, b = atoms.of[name], atoms.of[whole.names[other]]
            if at < other:
                total += weight
                if a != b:
                    weights[min(a, b), max(a, b)] = weights.get((min(a, b), max(a, b)), 0.0) + weight
    pairs = sorted(weights)
    size = count * k + len(pairs)
    rows = lil_matrix((count + k + 2 * len(pairs) * k, size))
    low: list[float] = []
    high: list[float] = []
    for a in range(count):
        for p in range(k):
            rows[len(low), a * k + p] = 1
        low.append(1)
        high.append(1)
    for p in range(k):
        for a in range(count):
            rows[len(low), a * k + p] = atoms.size(a)
        low.append(1 if p < least else 0)
        high.append(cap)
    for e, (a, b) in enumerate(pairs):
        for p in range(k):
            for one, other in ((a, b), (b, a)):
                rows[len(low), count * k + e] = 1
                rows[len(low), one * k + p] = -1
                rows[len(low), other * k + p] = 1
                low.append(0)
                high.append(math.inf)
    cost = [0.0] * (count * k) + [weights[pair] for pair in pairs]
    upper = [1.0] * size
    for a in range(min(count, k)):  # parts are alike: the first atom is in the first, the second in one of the first two
        for p in range(a + 1, k):
            upper[a * k + p] = 0.0
    done = milp(
        cost,
        constraints=LinearConstraint(rows.tocsr(), low, high),
        bounds=Bounds(0, upper),
        integrality=[1] * size,
        options={"time_limit": seconds},
    )
    labels = {}
    if done.x is not None:
        for a, members in enumerate(atoms.members):
            part = max(range(k), key=lambda p: done.x[a * k + p])
            labels |= dict.fromkeys(members, f"p{part}")
    best = math.inf if done.fun is None else done.fun / total
    return best, (done.mip_dual_bound or 0.0) / total, labels


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.partition.exact")
    parser.add_argument("path")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--parts", type=int, help="at least so many; by default 4, or 3 for fewer than 40 classes")
    chosen = parser.parse_args(argv)
    program = load_program(chosen.path, progress=lambda _: None).program
    analyses = analyse(program, frozenset({"final", "any"}))
    graph = class_graph(program, analyses.facts)
    finest = finest_cut(analyses)
    kept = constraints_of(graph, finest, CutRequest(), None)
    least = chosen.parts or (3 if len(graph.nodes) < 40 else 4)
    for name, rules in (("rules kept", kept), ("rules not kept", unruled(kept, graph, finest))):
        found = propose(graph, rules)
        cap = math.floor(rules.max_share * len(found.labels))
        numbers = f"coupling {found.metrics['coupling']:.4f}, dtp {found.metrics['dtp']:.3f}"
        print(f"{name}: {len(found.labels)} placed classes; proposed: {numbers}", flush=True)
        whole = (*rules.must_link, *found.write_cut.glue)
        for what, together in (("write transactions whole", whole), ("tables ignored", rules.must_link)):
            best, bound, labels = least_coupling(found.placed, together, cap, least, chosen.seconds)
            dtp = measure(found.placed, labels)["dtp"] if labels else math.nan
            said = f"least {best:.4f} (its dtp {dtp:.3f})" if bound >= best - 1e-6 else f"between {bound:.4f} and {best:.4f}"
            print(f"  {what}, {least} parts or more, at most {cap} classes in each (or one group of rules): {said}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
