"""Source to emitted services: `python -m tests.bench.split [PATH ..]`, processor seconds per pass.

Without paths: the bundled monolith, and DayTrader 7 where the variable DAYTRADER names its folder or git can fetch it (aim: 1 s).
Each run is a process of its own and writes into an empty folder. The first fills the cache of class paths, as a user's first run
does, and is not shown; of the others the quickest counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from refactor.support.resources import resource
from tests.bench.frontend import run

SOURCE = "https://github.com/WASdev/sample.daytrader7"
RUNS = 4
_CLONE_SECONDS = 120


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.split", description=__doc__)
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--k", type=int, default=5)
    parser.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(list(argv or []))
    if chosen.once:
        chosen.once.write_text(json.dumps(one_run(chosen.paths[0], chosen.k)))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        for path in chosen.paths or [str(resource("fixtures/apps/shop")), *daytrader(Path(scratch) / "daytrader7")]:
            print(report(path, chosen.k, Path(scratch) / "answer"), flush=True)
    return 0


def daytrader(clone: Path) -> list[str]:
    """The folder of DayTrader 7, or nothing, which is said."""
    named = os.environ.get("DAYTRADER")
    if named:
        return [named]
    try:
        subprocess.run(
            ["git", "clone", "-q", "--depth", "1", SOURCE, str(clone)],
            check=True,
            timeout=_CLONE_SECONDS,
            capture_output=True,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        )
    except (OSError, subprocess.SubprocessError):
        print(f"DayTrader 7 is not measured: {SOURCE} cannot be fetched; set DAYTRADER to its folder", flush=True)
        return []
    return [str(clone)]


def one_run(path: str, k: int) -> list[tuple[str, float]]:
    """(pass, processor seconds) of one split, in this process."""
    from refactor.pipeline.split import SplitRequest, run_split

    steps: list[tuple[str, float]] = []

    def note(text: str) -> None:
        steps.append((text, time.process_time()))

    with tempfile.TemporaryDirectory() as scratch:
        run_split(SplitRequest(path=path, out=Path(scratch) / "out", k=k), note)
        note("done")
    return [(text, after - at) for (text, at), (_, after) in pairwise(steps)]


def report(path: str, k: int, answer: Path) -> str:
    """The quickest run: passes, their sum, and the whole process with Python's start and imports."""
    command = [sys.executable, "-m", "tests.bench.split", "--once", str(answer), "--k", str(k), path]
    run(command)
    runs: list[tuple[float, float, float, list[tuple[str, float]]]] = []
    for _ in range(RUNS):
        processor, megabytes = run(command)
        steps = [(str(text), float(seconds)) for text, seconds in json.loads(answer.read_text())]
        runs.append((sum(s for _, s in steps), processor, megabytes, steps))
    total, processor, megabytes, steps = min(runs)
    head = f"{path}: source to services {total:.2f} s of processor, whole process {processor:.2f} s, {megabytes:.0f} MB"
    return "\n".join([head, *(f"  {seconds:6.2f} s  {text}" for text, seconds in steps)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
