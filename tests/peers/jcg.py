"""The Java cases of a peer's call graph suite (opalj/JCG), from a folder of one's own: `python -m tests.peers.jcg FOLDER [CASE]`.

Each case is a program with annotations that say which calls a call graph has to have (`resolvedTargets`) and which it must not
(`prohibitedTargets`), at which line. Nothing of the suite is in this repository: FOLDER holds its `*.md`;
the annotations are written anew below.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from refactor.flow.facts import Facts, index
from refactor.frontend.java.files import JavaFile
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.program import load
from refactor.ir.program import Program
from refactor.ir.statements import Invoke
from refactor.ir.symbols import Annotation, MethodSymbol
from refactor.ir.types import ClassType, Type, descriptor
from refactor.pipeline.graph import graph_of
from refactor.sdg.calls import method_of
from refactor.sdg.graph import EdgeKind, Sdg

_CALL = """package lib.annotations.callgraph;
public @interface {name} {{ String name() default ""; int line() default -1; String[] resolvedTargets() default {{}};
  String[] prohibitedTargets() default {{}}; Class<?> returnType() default Void.class; Class<?>[] parameterTypes() default {{}}; }}
"""
_CALLS = "package lib.annotations.callgraph;\npublic @interface {name}s {{ {name}[] value(); }}\n"
ANNOTATIONS = {
    **{f"lib/annotations/callgraph/{n}.java": _CALL.format(name=n) for n in ("DirectCall", "IndirectCall")},
    **{f"lib/annotations/callgraph/{n}s.java": _CALLS.format(name=n) for n in ("DirectCall", "IndirectCall")},
}
_CASE = re.compile(r"^##(?!#)\s*(\S+)(.*?)(?=^##(?!#)|\Z)", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"```java\n(?://\s*(\S+\.java)\s*\n)?(.*?)```", re.DOTALL)
_OF_LIBRARY = re.compile(r"^L(java|javax|jdk|sun)/")


@dataclass(frozen=True, slots=True)
class Case:
    """`library`: without a main, what anybody can call is an entry."""

    name: str
    files: tuple[tuple[str, str], ...]
    main: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`missing`, `wrong`: as text; `said`: every missing call has a diagnostic at its line."""

    case: str
    expected: int
    missing: tuple[str, ...]
    wrong: tuple[str, ...]
    said: bool

    @property
    def sound(self) -> bool:
        return not self.missing

    @property
    def kept(self) -> bool:
        return not self.missing or self.said


def cases(folder: Path) -> Iterator[Case]:
    """The cases of all files, in order."""
    for path in sorted(folder.glob("*.md")):
        for match in _CASE.finditer(path.read_text(encoding="utf-8")):
            files = tuple((name, text) for name, text in _FILE.findall(match[2]) if name)  # others are not compiled with it
            main = re.search(r"\(MAIN:\s*(\S+)\)", match[2])
            if files:
                yield Case(match[1], files, main[1] if main else None)


def judge(case: Case, folder: Path) -> Verdict:
    """before: a case   after: which of its expected calls the method view lacks, which prohibited ones it has"""
    files = {**ANNOTATIONS, **dict(case.files)}
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    program = load(folder, [JavaFile(p, folder / p) for p in sorted(files)], JavaLibrary((), 17), jobs=1)
    facts = index(program)
    graph = graph_of(program, facts)
    edges = _edges(facts, graph)
    unreachable = {name for name, _ in graph.unreachable} - {callee for found in edges.values() for callee, _ in found}
    missing: list[str] = []
    wrong: list[str] = []
    places: list[tuple[str, int]] = []
    expected = 0
    for method, mark in _marks(program):
        values = dict(mark.values)
        line, name = int(str(values.get("line", -1))), str(values["name"])
        for target in _texts(values.get("resolvedTargets")):
            expected += 1
            if _OF_LIBRARY.match(target):  # the platform's code has no bodies here: the call has to be read, and its method to run
                if not _calls_library(facts, method, line, name) or method.key in unreachable:
                    missing.append(f"{method.owner}.{method.name}:{line} -> {target}{name}")
                    places.append((method.span.file if method.span is not None else "", line))
            elif not _has(program, edges, method, line, target, name, values, "Indirect" in mark.name):
                missing.append(f"{method.owner}.{method.name}:{line} -> {target}{name}")
                assert method.span is not None
                places.append((method.span.file, line))
        for target in _texts(values.get("prohibitedTargets")):
            if _has(program, edges, method, line, target, name, values, False):
                wrong.append(f"{method.owner}.{method.name}:{line} -> {target}{name}")
    said = {(d.span.file, d.span.line) for d in (*graph.diagnostics, *program.diagnostics) if d.span is not None}
    return Verdict(case.name, expected, tuple(missing), tuple(wrong), all(p in said for p in places))


def _calls_library(facts: Facts, method: MethodSymbol, line: int, name: str) -> bool:
    """Whether the method, or one that its code at that line may run, calls a library method; of that name where it is direct."""
    here = [s for s in facts.sites(Invoke) if method_of(facts, s.body.key) == method.key and s.statement.span.line == line]
    return any(isinstance(s.statement, Invoke) and s.statement.method is not None for s in here)


Edges = dict[str, list[tuple[str, int]]]


def _edges(facts: Facts, graph: Sdg) -> Edges:
    """The calls of the method view; a lambda's code, which is its method's there, starts where something calls it too."""
    found: Edges = {}
    bodies = facts.program.bodies
    lambdas = [b for b in bodies.values() if b.enclosing]
    for edge in graph.edges:
        if edge.kind is EdgeKind.CALL:
            caller, callee = graph.nodes[edge.source].name, graph.nodes[edge.target].name
            line = edge.span.line if edge.span is not None else -1
            found.setdefault(caller, []).append((callee, line))
            inside = edge.span is not None and any(
                method_of(facts, b.key) == caller and b.span.start <= edge.span.start < b.span.end for b in lambdas
            )
            if inside or any(method_of(facts, b.key) == callee for b in lambdas):  # one edge stands for both: made there, called here
                found[caller].append((callee, -1))
    return found


def _has(
    program: Program, edges: Edges, method: MethodSymbol, line: int, target: str, name: str, values: dict[str, object], indirect: bool
) -> bool:
    owner = target.removeprefix("L").removesuffix(";").replace("/", ".")
    todo = [key for key, at in edges.get(method.key, ()) if line in (-1, at) or at == -1]
    seen = set(todo)
    while todo:
        key = todo.pop()
        found = program.method(key)
        if found is not None and found.owner == owner and found.name == name and _fits(found, values):
            return True
        for further, _ in edges.get(key, ()) if indirect else ():
            if further not in seen:
                seen.add(further)
                todo.append(further)
    return False


def _fits(found: MethodSymbol, values: dict[str, object]) -> bool:
    wanted = values.get("parameterTypes")
    if wanted is not None:
        types = wanted if isinstance(wanted, tuple) and not isinstance(wanted, ClassType) else (wanted,)
        if [descriptor(t) for t in types if _is_type(t)] != [descriptor(p.type) for p in found.params]:
            return False
    result = values.get("returnType")
    return result is None or not _is_type(result) or descriptor(result) == descriptor(found.result)  # type: ignore[arg-type]


def _is_type(value: object) -> bool:
    return isinstance(value, Type.__args__)  # type: ignore[attr-defined]


def _texts(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value) if isinstance(value, tuple) else ()


def _marks(program: Program) -> Iterator[tuple[MethodSymbol, Annotation]]:
    for cls in program.classes.values():
        for method in cls.methods:
            todo = list(method.annotations)
            while todo:
                mark = todo.pop(0)
                if mark.name.endswith(("DirectCall", "IndirectCall")):
                    yield method, mark
                elif mark.name.endswith(("DirectCalls", "IndirectCalls")):
                    inner = dict(mark.values).get("value")
                    todo.extend(m for m in (inner if isinstance(inner, tuple) else (inner,)) if isinstance(m, Annotation))


def main(argv: Sequence[str]) -> int:
    """One line a case; the sums."""
    verdicts = []
    for case in cases(Path(argv[0])):
        if len(argv) > 1 and not case.name.startswith(argv[1]):
            continue
        with tempfile.TemporaryDirectory() as folder:
            verdict = judge(case, Path(folder))
        verdicts.append(verdict)
        state = "sound" if verdict.sound else "said" if verdict.kept else "UNSOUND"
        wrong = " IMPRECISE" if verdict.wrong else ""
        print(f"{case.name} {state}{wrong} {verdict.expected} {' | '.join((*verdict.missing, *verdict.wrong))}")
    precise = sum(not v.wrong for v in verdicts)
    sound, kept = sum(v.sound for v in verdicts), sum(v.kept for v in verdicts)
    print(f"{len(verdicts)} cases: {sound} sound, {kept} sound or said, {precise} precise")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
