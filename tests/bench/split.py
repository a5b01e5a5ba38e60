"""Source to emitted services: seconds per pass, for the bundled monolith or the trees named on the command line."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from refactor.pipeline.split import SplitRequest, run_split
from refactor.support.resources import resource


def main(argv: Sequence[str] | None = None) -> int:
    """Two runs per tree: the second finds class paths and poms in the cache, as every later run of a user does."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.split")
    parser.add_argument("paths", nargs="*", default=[str(resource("fixtures/apps/shop"))])
    parser.add_argument("--k", type=int, default=5)
    chosen = parser.parse_args(list(argv or []))
    for path in chosen.paths:
        for run in ("first run", "second run"):
            steps: list[tuple[str, float]] = []
            with tempfile.TemporaryDirectory() as scratch:
                began = time.perf_counter()
                processor = time.process_time()
                run_split(
                    SplitRequest(path=path, out=Path(scratch) / "out", k=chosen.k),
                    lambda text, to=steps: to.append((text, time.perf_counter())),
                )
                ended = time.perf_counter()
                processor = time.process_time() - processor
            ends = [at for _, at in steps[1:]] + [ended]
            print(f"{path}, {run}: {ended - began:.2f} s by the clock, {processor:.2f} s of processor")
            for (text, at), end in zip(steps, ends, strict=True):
                print(f"  {end - at:6.2f} s  {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
