"""The front end's speed and memory on one tree: `python -m tests.bench.frontend [PATH ..]`.

Every step runs in a process of its own, cold, on the same files. The steps take turns, several times over, and the least processor
time of each counts: what else runs on the machine disturbs that least, so that the ratios carry over to other machines.

    bare parse         tree-sitter alone, the bytes in memory
    parse + tree       ours: files read, hashed, parsed and lowered to the syntax trees that resolution works on (no types, no names)
    index              what `refactor index` does: the same, and every name, call and type resolved, with classes read from the jars
    index + IR         what `refactor split` starts from: the same, and every body lowered to the IR, which needs the types
    javac parse        the compiler's own parser, with the start of its JVM
    javac attribute    parsed, entered and fully attributed, which is what resolution is to be held against
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from refactor.frontend.project.discover import discover
from refactor.frontend.project.model import Project
from tests.oracle.javac_oracle import javac_options, oracle_command

DEFAULT = "maven:commons-validator:commons-validator:1.10.1"


@dataclass(frozen=True, slots=True)
class Measured:
    """One step, in processor seconds: of the work alone (javac: of the process), of the whole process; and its peak resident set."""

    name: str
    work: float
    process: float
    megabytes: float

    def least(self, other: Measured) -> Measured:
        """The lesser time of two runs, and the greater memory."""
        return Measured(
            self.name, min(self.work, other.work), min(self.process, other.process), max(self.megabytes, other.megabytes)
        )


def bare_parse(path: str) -> float:
    """tree-sitter alone, the bytes in memory."""
    import tree_sitter_java
    from tree_sitter import Language, Parser

    project = discover(path)
    parser = Parser(Language(tree_sitter_java.language()))
    texts = [(project.root / file).read_bytes() for _, _, file in project.java_files()]
    return timed(lambda: [parser.parse(text) for text in texts])


def parse_and_build(path: str) -> float:
    """Our reading of the files up to the syntax trees that resolution works on."""
    from refactor.frontend.java.build_declarations import UnitBuilder
    from refactor.frontend.java.files import JavaFile
    from refactor.frontend.java.parse import parse

    project = discover(path)
    files = [JavaFile(file, project.root / file) for _, _, file in project.java_files()]
    builder = UnitBuilder()
    return timed(lambda: [parse(file, builder) for file in files])


def names_only(path: str) -> float:
    """load_project without bodies: parse, declare, resolve everything, on one process."""
    return _load(path, bodies=False)


def full_program(path: str) -> float:
    """load_project: parse, declare, resolve and lower everything, on one process."""
    return _load(path, bodies=True)


def _load(path: str, *, bodies: bool) -> float:
    from refactor.frontend.java.program import load_project
    from refactor.frontend.project.classpath import resolve_classpath

    project = discover(path)
    for module in project.modules:
        resolve_classpath(project, module)  # fills the cache of Maven's answers: not the front end's work
    return timed(lambda: load_project(project, bodies=bodies))


STEPS: dict[str, Callable[[str], float]] = {
    "bare parse": bare_parse,
    "parse + tree": parse_and_build,
    "index": names_only,
    "index + IR": full_program,
}
JAVAC = ("parse", "attribute")
ROUNDS = 5


def timed(work: Callable[[], object]) -> float:
    """Processor seconds of `work`, without those of dropping its result."""
    gc.collect()
    gc.disable()
    started = time.process_time()
    result = work()
    seconds = time.process_time() - started
    del result
    return seconds


def measure_ours(step: str, path: str) -> Measured:
    with tempfile.TemporaryDirectory() as scratch:
        answer = Path(scratch) / "seconds"
        processor, megabytes = run([sys.executable, "-m", "tests.bench.frontend", "--step", step, "--answer", str(answer), path])
        return Measured(step, float(answer.read_text()), processor, megabytes)


def measure_javac(step: str, project: Project) -> Measured:
    """javac on every module in turn, as the oracle runs it."""
    total = most = 0.0
    for module in project.modules:
        files = [project.root / f for f in (*module.main.files, *module.test.files)]
        if files:
            with tempfile.TemporaryDirectory() as scratch:
                command = oracle_command(project.root, files, javac_options(project, module), Path(scratch) / "arguments")
                used, megabytes = run([*command, step])
            total += used
            most = max(most, megabytes)
    return Measured(f"javac {step}", total, total, most)


def run(command: Sequence[str]) -> tuple[float, float]:
    """Processor seconds and peak megabytes of one child; raises where it fails."""
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]} failed: {output.read().decode(errors='replace')[-2000:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def bench(path: str, rounds: int) -> list[Measured]:
    """All steps on one project, in turns; javac twice at the most, being steadier and much longer."""
    project = discover(path)
    javac_options(project, project.modules[0])
    best: dict[str, Measured] = {}
    for turn in range(rounds):
        found = [measure_ours(step, path) for step in STEPS]
        found += [measure_javac(step, project) for step in JAVAC] if turn < _JAVAC_ROUNDS else []
        for one in found:
            best[one.name] = one.least(best.get(one.name, one))
    return list(best.values())


_JAVAC_ROUNDS = 2
_AIMS = {"parse + tree": 2.0, "index": 6.0}


def report(path: str, measured: Sequence[Measured]) -> str:
    """The table: processor seconds, times the bare parse, the aim where there is one."""
    project = discover(path)
    files = [project.root / file for _, _, file in project.java_files()]
    steps = {m.name: m for m in measured}
    base = steps["bare parse"].work
    lines = [f"{path}: {len(files)} files, {sum(f.stat().st_size for f in files) / 1e6:.2f} MB; processor seconds"]
    lines.append(f"{'step':16} {'s':>7} {'x bare parse':>13} {'aim':>5} {'process s':>10} {'peak MB':>8}")
    for m in measured:
        aim = f"{_AIMS[m.name]:.1f}" if m.name in _AIMS else ""
        lines.append(f"{m.name:16} {m.work:7.2f} {m.work / base:13.2f} {aim:>5} {m.process:10.2f} {m.megabytes:8.0f}")
    attribute = steps["javac attribute"].process
    shares = ", ".join(f"{name} {steps[name].process / attribute:.2f}" for name in ("index", "index + IR"))
    lines.append(f"whole processes, of javac's full attribution (aim 0.50): {shares}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.frontend", description=__doc__)
    parser.add_argument("path", nargs="*", default=[DEFAULT], help=f"projects; without any, {DEFAULT}")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--step", choices=sorted(STEPS), help=argparse.SUPPRESS)
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    for path in options.path:
        if options.step:
            options.answer.write_text(repr(STEPS[options.step](path)))
        else:
            print(report(path, bench(path, options.rounds)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
