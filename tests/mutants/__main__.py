"""The report: every seeded defect, the oracle that caught it, and after how many programs. Exit code 1 where one survives."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from refactor.pipeline.fuzz.harness import toolchain
from tests.mutants.bench import Bench, Caught, corpus_items
from tests.mutants.defects import DEFECTS, Defect
from tests.mutants.junit import caught_by_junit
from tests.mutants.leases import caught_by_protocol
from tests.mutants.patch import ROOT, broken_codegen
from tests.mutants.texts import overridden_defaults_are_forwarded
from tests.runtime.junit import SLOW, suite

RANDOM = 16


def main(words: list[str]) -> int:
    """`words`: only defects whose names contain one of them; none: all."""
    chosen = [d for d in DEFECTS if not words or any(w in d.name for w in words)]
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        items = corpus_items((ROOT / "fixtures" / "fuzz", Path(__file__).with_name("cases")), RANDOM)
        bench = Bench(items, toolchain(), Path(scratch))
        try:
            wrong = bench.run(None) or caught_by_protocol(bench, None)
            if wrong is not None:
                print(f"without any defect: {wrong}")
                return 1
            print(f"{len(bench.corpus)} programs agree without a defect", flush=True)
            survived = [d for i, d in enumerate(chosen) if not _report(i + 1, d, _caught(bench, d))]
        finally:
            bench.close()
    print(f"{len(chosen) - len(survived)} of {len(chosen)} seeded defects caught in {time.monotonic() - started:.0f} s")
    return 1 if survived else 0


def _caught(bench: Bench, defect: Defect) -> Caught | None:
    if defect.where == "leases":
        return caught_by_protocol(bench, defect)
    if defect.where == "junit":
        return caught_by_junit(suite(), bench.compiler, defect, bench.scratch / "junit")
    caught = bench.run(defect)
    if caught is None and defect.where == "codegen":
        with broken_codegen(defect):
            wrong = overridden_defaults_are_forwarded(bench.scratch / "texts" / str(len(defect.name)))
        caught = Caught("emitted text", 1, wrong) if wrong is not None else None
    return caught


def tier(defect: Defect) -> str:
    """Whether `make test` runs the oracle that this report uses, or only `make mutants` and `make fuzz` do."""
    return "fast" if defect.where == "junit" and not set(defect.tests) & SLOW else "whole"


def _report(number: int, defect: Defect, caught: Caught | None) -> bool:
    mark = "*" if defect.published else " "
    said = f"{caught.oracle:<22} after {caught.programs:>3}  {tier(defect)}" if caught else "SURVIVED"
    print(f"{number:>3}{mark} {defect.name:<72} {said}", flush=True)
    if caught and caught.detail:
        print(f"       {caught.detail.splitlines()[0][:150]}", file=sys.stderr, flush=True)
    return caught is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
