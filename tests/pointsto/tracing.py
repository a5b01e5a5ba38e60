"""Traced runs against the call graph: which calls really happen, and whether the graph has them."""

from __future__ import annotations

import os
import subprocess
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from refactor.ir.program import Program
from refactor.ir.statements import walk
from refactor.pointsto.result import PointsTo

_ASM = "java.base/jdk.internal.org.objectweb.asm=ALL-UNNAMED"
_AGENT = Path(__file__).parent / "agent"


@dataclass(frozen=True, slots=True)
class Recall:
    """`seen`: calls between bodies of the program that the run made; `missed`: those not in the graph; `through`: calls by way of a
    framework, which the graph has as entry points; `edges`: calls of the graph from bodies that the run entered, `hit` of them seen;
    `entered`: calls from outside; `closed`: those that nothing in the graph reaches."""

    seen: int
    through: int
    missed: tuple[tuple[str, str], ...]
    edges: int
    hit: int
    entered: int
    closed: tuple[str, ...]

    def report(self) -> str:
        share = self.hit / self.edges if self.edges else 1.0
        found = self.seen - len(self.missed)
        lines = [
            f"calls made {self.seen}, in the graph {found} ({self.through} as entry points), "
            f"recall {100 * found / max(1, self.seen):.2f} %",
            f"entered from outside {self.entered}, reached {self.entered - len(self.closed)}",
            f"edges of the graph between methods that ran {self.edges}, seen {self.hit}, precision {100 * share:.1f} %",
        ]
        lines += [f"  missed: {a} -> {b}" for a, b in self.missed]
        lines += [f"  not reached: {b}" for b in self.closed]
        return "\n".join(lines)


def build_agent(folder: Path) -> Path:
    """Compile the agent into a jar in `folder`."""
    classes = folder / "agent-classes"
    sources = [str(p) for p in sorted(_AGENT.glob("*.java"))]
    subprocess.run(["javac", "-nowarn", "--add-exports", _ASM, "-d", str(classes), *sources], check=True, timeout=120)
    manifest = folder / "manifest.txt"
    manifest.write_text("Premain-Class: calltrace.CallAgent\n")
    jar = folder / "calltrace.jar"
    subprocess.run(["jar", "cfm", str(jar), str(manifest), "-C", str(classes), "."], check=True, timeout=60)
    return jar


def traced_environment(program: Program, folder: Path) -> tuple[Mapping[str, str], Path]:
    """The environment that makes every JVM record calls of classes below `folder`, and the folder where it leaves them."""
    out = folder / "calls"
    out.mkdir()
    names = folder / "classes.txt"
    names.write_text("\n".join(sorted(program.classes)) + "\n")
    jar = build_agent(folder)
    options = f"--add-exports={_ASM} -javaagent:{jar}={names},{out},{folder}"
    return {**os.environ, "JAVA_TOOL_OPTIONS": options}, out


def run_traced(command: Sequence[str], cwd: Path, environment: Mapping[str, str], seconds: int = 900) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=dict(environment), capture_output=True, text=True, timeout=seconds, check=False)


def recall(program: Program, found: PointsTo, out: Path) -> Recall:
    """Compare the recorded calls in `out` with the graph."""
    names = _Names(program)
    graph: dict[str, set[str]] = defaultdict(set)
    for edge in found.calls:
        graph[edge.caller].add(edge.callee)
    # What an anonymous class's initialiser calls happens in the code that makes the object.
    for caller in list(graph):
        for callee in list(graph[caller]):
            if names.is_anonymous_constructor(callee):
                graph[caller] |= graph.get(callee, set())
    entries = {e.method for e in found.entries}
    calls: set[tuple[str, str]] = set()
    for file in sorted(out.glob("calls-*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            caller, _, callee = line.partition("\t")
            calls.add((caller, callee))
    seen, through, missed, entered, closed = 0, 0, [], set(), set()
    hits: set[tuple[str, str]] = set()
    ran: set[str] = set()
    for caller, callee in sorted(calls):
        callees, callers = names.bodies(callee), names.bodies(caller) if caller else ()
        ran.update(callees)
        if not callees:
            continue  # no code of the source: values() of an enum
        if not callers:
            entered.add(callee)
            if not any(c in found.reached for c in callees):
                closed.add(callee)
            continue
        seen += 1
        made = [(a, b) for a in callers for b in callees if b in graph.get(a, ())]
        hits.update(made)
        if not made and entries & set(callees):
            through += 1
        elif not made:
            missed.append((caller, callee))
    between = [(a, b) for a, bs in graph.items() for b in bs if a in ran and b in program.bodies]
    return Recall(seen, through, tuple(missed), len(between), len(hits & set(between)), len(entered), tuple(sorted(closed)))


class _Names:
    """From the names of a run (JVM descriptors, lines of lambdas) to keys of bodies."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._lambdas: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        self._first: dict[tuple[str, int], list[str]] = defaultdict(list)  # functions by the line of their first statement
        self._constructors: dict[str, list[str]] = defaultdict(list)
        sources: dict[str, bytes] = {}
        for key, body in program.bodies.items():
            if body.enclosing is not None:
                data = sources.get(body.span.file)
                if data is None:
                    data = sources[body.span.file] = program.source(body.span.file)
                last = body.span.line + data.count(b"\n", body.span.start, body.span.end)
                self._lambdas[body.owner].append((body.span.line, last, key))
                lines = [s.span.line for s in walk(body.statements)]
                self._first[body.owner, min(lines, default=body.span.line)].append(key)
            elif "#<init>(" in key:
                self._constructors[body.owner].append(key)

    @staticmethod
    def is_anonymous_constructor(key: str) -> bool:
        return "#<init>" in key and key.partition("#")[0].rpartition("$")[2].isdecimal()

    def bodies(self, name: str) -> tuple[str, ...]:
        """The bodies that a recorded name may stand for; several where lambdas share a line."""
        owner, _, member = name.partition("#")
        if member.startswith("lambda@"):
            line = int(member[len("lambda@") :])
            if (owner, line) in self._first:
                return tuple(self._first[owner, line])
            around = [(last - first, key) for first, last, key in self._lambdas[owner] if first <= line <= last]
            shortest = min((size for size, _ in around), default=0)
            return tuple(key for size, key in around if size == shortest)
        if name in self._program.bodies:
            return (name,)
        if member.startswith("<init>"):
            # The JVM's constructors of inner and local classes and enums have more parameters than the source's.
            written = member.partition("(")[2].rpartition(")")[0]
            fits = [(k.partition("(")[2].rpartition(")")[0], k) for k in self._constructors[owner]]
            best = [(p, k) for p, k in fits if p in written]
            longest = max((len(p) for p, _ in best), default=0)
            return tuple(k for p, k in best if len(p) == longest)
        return ()
