"""Large trees, stage by stage, cold and unchanged: `python -m tests.bench.trees [FOLDER ..]`.

Trees: the folders given, else each folder in the folder REFACTOR_TREES, else two put together from the `-sources` jars of Maven Central
that `TREES` lists (about 100,000 and 1,000,000 lines; downloaded once, kept in the user's cache folder, nothing of them here).

Every figure of a stage is of that stage alone, in a process of its own or between two marks of one process, after what it needs.
`s` is wall time, `cpu s` processor time of all processes; `x parse` is processor time as a multiple of a bare parse; `peak MB` is the most
that the process held during the stage. Then the whole command, without a cache, with an empty one, and again unchanged, beside
`sha256sum` of the same files in the same run.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from refactor.frontend.project.classpath import resolve_classpath
from refactor.frontend.project.discover import discover
from refactor.frontend.project.model import Project
from refactor.frontend.project.mvn import DEPENDENCY_PLUGIN, cache_folder, run_maven

_SPRING, _BOOT, _SECURITY = "6.2.8", "3.5.3", "6.5.1"
_DATA = ("jdbc", "tx", "orm", "jms", "oxm")
_ALL = (
    *("core", "beans", "aop", "expression", "context", "context-support", *_DATA, "messaging", "web", "webmvc", "webflux"),
    *("websocket", "r2dbc", "test"),
)
TREES: Mapping[str, tuple[str, ...]] = {
    "100k": tuple(f"org.springframework:spring-{a}:{_SPRING}" for a in _DATA),
    "1M": (
        *(f"org.springframework:spring-{a}:{_SPRING}" for a in _ALL),
        *(f"org.springframework.boot:spring-{a}:{_BOOT}" for a in ("boot", "boot-autoconfigure")),
        f"org.springframework.security:spring-security-core:{_SECURITY}",
    ),
}
"""Tree -> the published sources that it is made of."""
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "partition": ("partition",),
    "graph": ("graph", "--calls", "hierarchy"),
    "index": ("index",),
}
"""What is run as a user would, on the tree as the last argument."""
LAYOUT = "1"


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the table, times in seconds."""

    name: str
    wall: float
    processor: float
    megabytes: float


# --- trees


def trees(given: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """(name, folder) of every tree to measure."""
    named = os.environ.get("REFACTOR_TREES")
    if given:
        yield from ((Path(folder).name, Path(folder)) for folder in given)
    elif named:
        yield from ((folder.name, folder) for folder in sorted(Path(named).iterdir()) if folder.is_dir())
    else:
        for name, artifacts in TREES.items():
            yield name, put_together(name, artifacts)


def put_together(name: str, artifacts: Sequence[str]) -> Path:
    """A Maven project of one module with the published sources of `artifacts`, whose libraries are those that they name themselves.

    `module-info.java` is left out: many modules become one.
    """
    key = hashlib.sha256("\n".join((LAYOUT, *artifacts)).encode()).hexdigest()[:12]
    target = cache_folder(None) / "bench-trees" / f"{name}-{key}"
    if (target / "pom.xml").is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        tree, jars = Path(scratch) / "tree", Path(scratch) / "jars"
        tree.mkdir()
        (tree / "pom.xml").write_text(_pom(name, artifacts), encoding="utf-8")
        arguments = [f"{DEPENDENCY_PLUGIN}:copy-dependencies", "-Dclassifier=sources", "-DexcludeTransitive=true"]
        finished = run_maven([*arguments, f"-DoutputDirectory={jars}"], cwd=tree, log=Path(scratch) / "log")
        if not finished.ok:
            raise SystemExit(f"no sources for tree {name}: set REFACTOR_TREES to a folder of trees\n{finished.tail(5)}")
        for jar in sorted(jars.glob("*.jar")):
            _unpack(jar, tree / "src" / "main")
        tree.rename(target)
    return target


def _pom(name: str, artifacts: Sequence[str]) -> str:
    listed = "".join(
        f"<dependency><groupId>{g}</groupId><artifactId>{a}</artifactId><version>{v}</version></dependency>\n"
        for g, a, v in (artifact.split(":") for artifact in artifacts)
    )
    return (
        "<project><modelVersion>4.0.0</modelVersion>"
        f"<groupId>bench</groupId><artifactId>tree-{name}</artifactId><version>1</version>"
        "<properties><maven.compiler.release>17</maven.compiler.release></properties>\n"
        f"<dependencies>\n{listed}</dependencies></project>\n"
    )


def _unpack(jar: Path, main: Path) -> None:
    with zipfile.ZipFile(jar) as archive:
        for entry in archive.infolist():
            name = entry.filename
            if entry.is_dir() or name.startswith("META-INF/") or name == "module-info.java" or ".." in name.split("/"):
                continue
            file = main / ("java" if name.endswith(".java") else "resources") / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(archive.read(entry))


# --- stages, each in a process of its own


def read_and_hash(folder: str) -> Callable[[], object]:
    """Every source read, with its SHA-256."""
    files = _files(discover(folder))
    return lambda: [hashlib.sha256(file.read_bytes()).digest() for file in files]


def bare_parse(folder: str) -> Callable[[], object]:
    """tree-sitter alone, the bytes in memory, no tree kept."""
    import tree_sitter_java
    from tree_sitter import Language, Parser

    texts = [file.read_bytes() for file in _files(discover(folder))]
    parser = Parser(Language(tree_sitter_java.language()))
    return lambda: [None for text in texts if parser.parse(text) is None]


def parse_and_tree(folder: str) -> Callable[[], object]:
    """Read, parse, and build the syntax trees that names are resolved on."""
    from refactor.frontend.java.build_declarations import UnitBuilder
    from refactor.frontend.java.files import JavaFile
    from refactor.frontend.java.parse import parse

    project = discover(folder)
    builder = UnitBuilder()
    return lambda: [parse(JavaFile(file, project.root / file), builder) for _, _, file in project.java_files()]


def index(folder: str) -> Callable[[], object]:
    """Declarations and every reference resolved; no bodies."""
    from refactor.frontend.java.program import load_project

    project = _resolved(folder)
    return lambda: load_project(project, bodies=False, jobs=1)


ALONE: Mapping[str, Callable[[str], Callable[[], object]]] = {
    "read + hash": read_and_hash,
    "bare parse": bare_parse,
    "parse + trees": parse_and_tree,
    "index": index,
}


def passes(folder: str, jobs: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """The passes of `refactor partition`, one after the other in one process: (name, the work)."""
    from refactor.flow.facts import index as facts_of
    from refactor.frontend.java.program import load_project
    from refactor.isolate.finest import finest_cut
    from refactor.isolate.legalise import analyse
    from refactor.partition.classgraph import class_graph
    from refactor.partition.partitioner import Options, propose
    from refactor.pipeline.cut import CutRequest, constraints_of
    from refactor.pipeline.graph import graph_of
    from refactor.sdg.calls import resolved_calls
    from refactor.sdg.scopes import scopes
    from refactor.sdg.tables.collect import table_facts

    held: dict[str, object] = {}

    def hold(name: str, make: Callable[[], object]) -> Callable[[], object]:
        return lambda: held.__setitem__(name, make())

    def got(name: str) -> object:
        return held[name]

    def table_stage() -> object:
        found = table_facts(got("facts"))  # type: ignore[arg-type]
        held["tables"] = found
        return scopes(got("facts"), resolved_calls(got("facts"), found.by_method), found)  # type: ignore[arg-type]

    yield "discover", hold("project", lambda: discover(folder))
    yield "index + IR", hold("program", lambda: load_project(got("project"), jobs=jobs))  # type: ignore[arg-type]
    yield "facts", hold("facts", lambda: facts_of(got("program")))  # type: ignore[arg-type]
    yield "tables, transactions", table_stage
    yield "class graph", hold("graph", lambda: class_graph(got("program"), got("facts"), got("tables")))  # type: ignore[arg-type]
    yield "analyses", hold("analyses", lambda: analyse(got("program"), frozenset({"final", "any"})))  # type: ignore[arg-type]
    yield "finest cut", hold("finest", lambda: finest_cut(got("analyses")))  # type: ignore[arg-type]
    yield (
        "partition",
        lambda: propose(got("graph"), constraints_of(got("graph"), got("finest"), CutRequest(), None), Options()),  # type: ignore[arg-type]
    )
    yield "SDG, by hierarchy", lambda: graph_of(got("program"), got("facts"), precise=False)  # type: ignore[arg-type]
    yield "points-to, SDG", hold("sdg", lambda: graph_of(got("program"), got("facts")))  # type: ignore[arg-type]
    for diagnostic in got("sdg").diagnostics:  # type: ignore[attr-defined]
        if diagnostic.id.startswith(("sdg/no-entry", "sdg/too-large", "pointsto/without")):
            print(f"  ({diagnostic.message})", file=sys.stderr, flush=True)


def _resolved(folder: str) -> Project:
    """Maven's answers are in the cache then: they are not what is measured."""
    project = discover(folder)
    for module in project.modules:
        resolve_classpath(project, module)
    return project


def _files(project: Project) -> list[Path]:
    return [project.root / file for _, _, file in project.java_files()]


def once(step: str, folder: str, jobs: int) -> list[Stage]:
    """In this process: one stage alone, or all passes."""
    _resolved(folder)
    todo = passes(folder, jobs) if step == "passes" else iter([(step, ALONE[step](folder))])
    if step in ("read + hash", "bare parse"):
        gc.disable()
    found = []
    for name, work in todo:
        _forget_peak()
        wall, processor = time.perf_counter(), _processor()
        work()
        found.append(Stage(name, time.perf_counter() - wall, _processor() - processor, _peak()))
        print(f"  ({name} {found[-1].wall:.1f} s)", file=sys.stderr, flush=True)
    return found


def _processor() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _forget_peak() -> None:
    """Linux: the high-water mark of memory starts anew. Elsewhere peaks are those since the start."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def _peak() -> float:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- commands


def command(name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[Stage, str]:
    """One run of a program, with the SHA-256 of what it printed. Peak memory is of the whole tree of processes, shared pages once."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=dict(environment))
        most = 0.0
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            passed = time.perf_counter() - began
            if passed > 1:
                most = max(most, _held(child.pid))
            time.sleep(0.002 if passed < 1 else 0.25)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(arguments)} failed: {errors.read().decode(errors='replace')[-2000:]}")
        output.seek(0)
        printed = hashlib.file_digest(output, "sha256").hexdigest()
    return Stage(name, wall, usage.ru_utime + usage.ru_stime, max(most, usage.ru_maxrss / 1024)), printed


def _held(process: int) -> float:
    """Megabytes of a process and its children, shared pages once (proportional set size); 0 where that is not known."""
    total = 0.0
    for one in [process, *_children(process)]:
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return total


def _children(process: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def commands(folder: Path, wanted: Sequence[str]) -> Iterator[str]:
    """Cold and unchanged runs of the commands, beside sha256sum."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, "XDG_CACHE_HOME": scratch}
        own = cache_folder(None)
        for part in ("classpath", "effective-pom"):  # Maven's answers: not what is measured
            if (own / part).is_dir():
                shutil.copytree(own / part, Path(scratch) / own.name / part)
        program = [str(Path(sys.executable).parent / "refactor")]
        for name in wanted:
            arguments = [*program, *COMMANDS[name], str(folder)]
            cold, first = command(f"{name}, cold", arguments, environment)
            yield line(cold)
            repeated = [command(f"{name}, unchanged", arguments, environment) for _ in range(5)]
            hashed = [sha256sum(folder) for _ in range(5)]
            least, hashing = min((s for s, _ in repeated), key=lambda s: s.wall), min(hashed)
            same = "the same bytes" if {printed for _, printed in repeated} == {first} else "OTHER BYTES"
            yield f"{line(least)}  {same}; x sha256sum ({hashing:.3f} s): {least.wall / hashing:.2f} (aim 2)"


def sha256sum(folder: Path) -> float:
    """Wall seconds of sha256sum over the files of the tree, hidden folders left out."""
    listed = b"\0".join(bytes(file) for file in sorted(every_file(folder)))
    began = time.perf_counter()
    subprocess.run(["xargs", "-0", "sha256sum"], input=listed, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def every_file(folder: Path) -> Iterator[Path]:
    for current, folders, files in os.walk(folder):
        folders[:] = [f for f in folders if not f.startswith(".")]
        yield from (Path(current) / file for file in files)


# --- the table


def line(stage: Stage, parse: float | None = None) -> str:
    ratio = f"{stage.processor / parse:9.2f}" if parse else " " * 9
    return f"{stage.name:22} {stage.wall:8.2f} {stage.processor:8.2f} {ratio} {stage.megabytes:8.0f}"


def measure(name: str, folder: Path, options: argparse.Namespace) -> None:
    """Prints the table of one tree."""
    files = _files(discover(str(folder)))
    texts = [file.read_bytes() for file in files]
    lines = sum(text.count(b"\n") for text in texts)
    print(f"{name}: {len(files)} Java files, {lines:,} lines, {sum(map(len, texts)) / 1e6:.1f} MB")
    del texts
    print(f"{'stage':22} {'s':>8} {'cpu s':>8} {'x parse':>9} {'peak MB':>8}", flush=True)
    parse = 0.0
    total = Stage("sum of the passes", 0, 0, 0)
    with tempfile.TemporaryDirectory() as scratch:
        answer = Path(scratch) / "answer"
        for step in (*ALONE, "passes"):
            own = [sys.executable, "-m", "tests.bench.trees", "--step", step, "--answer", str(answer), "--jobs", str(options.jobs)]
            subprocess.run([*own, str(folder)], check=True)
            for stage in (Stage(*found) for found in json.loads(answer.read_text())):
                parse = stage.processor if stage.name == "bare parse" else parse
                print(line(stage, parse), flush=True)
                if step == "passes":
                    more = (total.wall + stage.wall, total.processor + stage.processor, max(total.megabytes, stage.megabytes))
                    total = Stage(total.name, *more)
    print(line(total, parse), flush=True)
    for text in commands(folder, options.command or ["partition"]):
        print(text, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.trees", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="*")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes of the pass `index + IR`")
    parser.add_argument("--command", action="append", choices=sorted(COMMANDS), help="commands to run whole; without any, partition")
    parser.add_argument("--step", choices=[*ALONE, "passes"], help=argparse.SUPPRESS)
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(list(argv or []))
    if options.step:
        stages = once(options.step, options.folder[0], options.jobs)
        options.answer.write_text(json.dumps([(s.name, s.wall, s.processor, s.megabytes) for s in stages]))
        return 0
    for name, folder in trees(options.folder):
        measure(name, folder, options)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
