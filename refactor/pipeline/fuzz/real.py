"""Generated partitions of a real program, each split and verified by the product's own commands."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from refactor.ir.program import Program
from refactor.isolate.context import Analyses
from refactor.isolate.legalise import analyse, legalise
from refactor.isolate.links import must_link
from refactor.partition.partswriter import format_parts
from refactor.pipeline.fuzz.choices import Seeded
from refactor.pipeline.fuzz.partitions import partition
from refactor.pipeline.load import load_program
from refactor.pipeline.split import SplitRequest, run_split
from refactor.support.diagnostics import RefactorError
from refactor.verify.verify import verify

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RealRun:
    """One partition. `kind`: equal, different, refused, or crash."""

    seed: str
    kind: str
    detail: str
    parts_toml: str


def run_real(path: str, count: int, seed: int, progress: Progress) -> list[RealRun]:
    """before: a monolith   after: what each of `count` generated partitions showed"""
    program = load_program(path, progress=progress).program
    analyses = analyse(program)
    links = [link.classes for link in must_link(analyses)]
    units = [c.name for c in program.top_level()]
    found = []
    for i in range(count):
        name = f"{seed}.{i}"
        labels = _legal(program, analyses, partition(Seeded(name), units, links, respect=100))
        text = format_parts(labels, {})
        found.append(_one(path, name, text, progress))
        progress(f"partition {name}: {found[-1].kind}")
    return found


def _legal(program: Program, analyses: Analyses, labels: dict[str, str]) -> dict[str, str]:
    """The nearest partition that the rules accept, following what they say has to be kept together; the last one tried if none."""
    for _ in range(20):
        plan = legalise(program, labels, analyses=analyses)
        if not plan.refusals:
            return {name: plan.part_of(name) or part for name, part in labels.items()}
        for refusal in plan.refusals:
            together = {labels[name] for name in refusal.merge if name in labels}
            labels = {name: min(together) if name in refusal.merge else part for name, part in labels.items()}
    return labels


def _one(path: str, seed: str, parts_toml: str, progress: Progress) -> RealRun:
    with tempfile.TemporaryDirectory(prefix="fuzz-real-") as scratch:
        parts, out = Path(scratch) / "parts.toml", Path(scratch) / "out"
        parts.write_text(parts_toml, encoding="utf-8")
        try:
            result = run_split(SplitRequest(path, out, parts_file=parts), progress)
            if not result.emitted:
                return RealRun(seed, "refused", "\n".join(f"{r.rule}: {r.message}" for r in result.plan.refusals), parts_toml)
            verdict = verify(out, progress=progress)
        except RefactorError as error:
            return RealRun(seed, "crash", "\n".join(d.render() for d in error.diagnostics), parts_toml)
        except Exception:  # a crash of the compiler is what this program looks for
            return RealRun(seed, "crash", traceback.format_exc(), parts_toml)
    if verdict.equal:
        return RealRun(seed, "equal", "", parts_toml)
    lines = [f"{d.test}: {d.monolith} / {d.split}" for d in verdict.divergences]
    return RealRun(seed, "different", "\n".join([*lines, *(f"ids left in {p}: {n}" for p, n in verdict.ids_left if n)]), parts_toml)
