"""The front end's speed and memory on one tree: `python -m tests.bench.frontend [PATH]`.

Every step runs in its own process, cold, on the same files in one run, so that the ratios carry over to other machines.
javac's two steps include the start of its JVM; ours the start of Python (also shown apart).
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
    """One step: seconds of the work and of the whole process by the clock, processor seconds of the process, peak resident set."""

    name: str
    work: float
    process: float
    processor: float
    megabytes: float


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
    from refactor.frontend.java.files import JavaFile
    from refactor.frontend.java.parse import parse

    project = discover(path)
    files = [JavaFile(file, project.root / file) for _, _, file in project.java_files()]
    return timed(lambda: [parse(file) for file in files])


def full_program(path: str) -> float:
    """load_project: parse, declare, resolve and lower everything, on one process."""
    from refactor.frontend.java.program import load_project
    from refactor.frontend.project.classpath import resolve_classpath

    project = discover(path)
    for module in project.modules:
        resolve_classpath(project, module)  # fills the cache of Maven's answers: not the front end's work
    return timed(lambda: load_project(project))


STEPS: dict[str, Callable[[str], float]] = {"bare-parse": bare_parse, "parse": parse_and_build, "program": full_program}


def timed(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    started = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - started
    del result
    return seconds


def measure_ours(step: str, path: str) -> Measured:
    with tempfile.TemporaryDirectory() as scratch:
        answer = Path(scratch) / "seconds"
        ran = run([sys.executable, "-m", "tests.bench.frontend", "--step", step, "--answer", str(answer), path])
        return Measured(step, float(answer.read_text()), *ran)


def measure_javac(step: str, project: Project) -> Measured:
    """javac on every module in turn, as the oracle runs it."""
    total = processor = most = 0.0
    for module in project.modules:
        files = [project.root / f for f in (*module.main.files, *module.test.files)]
        if files:
            with tempfile.TemporaryDirectory() as scratch:
                command = oracle_command(project.root, files, javac_options(project, module), Path(scratch) / "arguments")
                seconds, used, megabytes = run([*command, step])
            total += seconds
            processor += used
            most = max(most, megabytes)
    return Measured(f"javac {step}", total, total, processor, most)


def run(command: Sequence[str]) -> tuple[float, float, float]:
    """Seconds by the clock, processor seconds and peak megabytes of one child; raises where it fails."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]} failed: {output.read().decode(errors='replace')[-2000:]}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def bench(path: str) -> list[Measured]:
    """All steps on one project, each once."""
    project = discover(path)
    javac_options(project, project.modules[0])
    return [
        *(measure_ours(step, path) for step in STEPS),
        measure_javac("parse", project),
        measure_javac("attribute", project),
    ]


def report(path: str, measured: Sequence[Measured]) -> str:
    project = discover(path)
    files = [project.root / file for _, _, file in project.java_files()]
    base = measured[0].work
    lines = [f"{path}: {len(files)} files, {sum(f.stat().st_size for f in files) / 1e6:.2f} MB"]
    lines.append(f"{'step':16} {'s':>7} {'x bare parse':>13} {'process s':>10} {'cpu s':>6} {'peak MB':>8}")
    lines += [f"{m.name:16} {m.work:7.2f} {m.work / base:13.2f} {m.process:10.2f} {m.processor:6.2f} {m.megabytes:8.0f}" for m in measured]
    program = next(m for m in measured if m.name == "program")
    attribute = next(m for m in measured if m.name == "javac attribute")
    ratios = f"{program.work / attribute.work:.2f} (processes {program.process / attribute.process:.2f}, "
    lines.append(f"program / javac attribute: {ratios}processor {program.processor / attribute.processor:.2f})")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.frontend", description=__doc__)
    parser.add_argument("path", nargs="*", default=[DEFAULT], help=f"projects; without any, {DEFAULT}")
    parser.add_argument("--step", choices=sorted(STEPS), help=argparse.SUPPRESS)
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    for path in options.path:
        if options.step:
            options.answer.write_text(repr(STEPS[options.step](path)))
        else:
            print(report(path, bench(path)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
