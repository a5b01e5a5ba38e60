"""One round: many programs, each under one partition, compiled part by part and run in one JVM."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refactor.pipeline.fuzz.harness import MILLIS, Answer, Harness
from refactor.pipeline.fuzz.jvm import Silent
from refactor.pipeline.fuzz.processes import Processes
from refactor.pipeline.fuzz.split import MANIFEST, Split, merged_manifest

INFRASTRUCTURE = "infrastructure"
"""The kind of an outcome that is no word about the program: a Java process died or did not answer."""
_ERROR = re.compile(r"^(?P<file>/[^:]*\.java):\d+: error: .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A program under one partition. `package` tells it from the others; `expected` is the trace of the monolith.

    `keeps_roots`: it holds objects to its end, so ids may be left. `circles`: its objects may refer to each other in a circle over
    parts, which only a search for cycles frees: real processes are asked for one.
    """

    package: str
    expected: str
    split: Split
    keeps_roots: bool
    circles: bool = False


class HarnessFailed(Exception):
    """A Java process died, or did not answer, or javac failed without a reason in any source."""


@dataclass(slots=True)
class Outcome:
    """What the round found of one subject: `kind` is empty where everything agrees."""

    kind: str = ""
    detail: str = ""
    actual: str = ""
    calls: int = 0


@dataclass(slots=True)
class Round:
    """The outcomes by package; the packages that were run as real processes as well."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    over_http: set[str] = field(default_factory=set)
    circles_checked: int = 0

    def failed(self, package: str, kind: str, detail: str, actual: str = "") -> None:
        outcome = self.outcomes[package]
        if not outcome.kind:
            outcome.kind, outcome.detail, outcome.actual = kind, detail, actual


def run_round(harness: Harness, subjects: Sequence[Subject], folder: Path, over_http: int = 0, patience: int = 1) -> Round:
    """before: splits of programs in different packages   after: for each, whether it says the same as its monolith

    `over_http`: how many of those that agree are run once more as real processes. `patience` multiplies all bounds of time.
    Where the Java processes fail, the outcomes that are then missing are of kind INFRASTRUCTURE.
    """
    done = Round({s.package: Outcome() for s in subjects})
    waiting = list(subjects)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        waiting = live = compile_round(harness, subjects, folder, done)
        while waiting:
            waiting = _run(harness, waiting, live, folder, done, patience * MILLIS)
        waiting = [s for s in live if not done.outcomes[s.package].kind][:over_http]
        while waiting:
            waiting = _over_http(harness, waiting, live, folder, done, patience * 60.0)
    except (HarnessFailed, Silent) as error:
        for subject in waiting:
            done.failed(subject.package, INFRASTRUCTURE, str(error))
    return done


def _over_http(
    harness: Harness, chosen: list[Subject], live: Sequence[Subject], folder: Path, done: Round, seconds: float
) -> list[Subject]:
    """Runs subjects in one set of real processes; the answer is what has to be run again in another one, because one did not end."""
    with Processes({part: folder / "classes" / part for part in part_names(live)}, harness.class_path(), seconds) as running:
        for subject in chosen:
            try:
                said = running.run(subject.split.main_part, f"{subject.package}.Main")
            except Silent as error:
                done.failed(subject.package, "http-hang" if error.late else INFRASTRUCTURE, str(error))
                return [s for s in chosen if s is not subject]
            done.over_http.add(subject.package)
            if said != subject.expected:
                done.failed(subject.package, "http-trace", _difference(subject.expected, said), said)
        left = running.left()
        for subject in chosen:
            done.circles_checked += subject.circles and not subject.keeps_roots
            for part, exported in left.items():
                mine = of_package(subject.package, exported)
                if mine and not subject.keeps_roots:
                    done.failed(subject.package, "http-ids", f"part {part} still holds {mine}")
    return []


def part_names(subjects: Sequence[Subject]) -> list[str]:
    """The parts that any of the subjects has."""
    return sorted({part for s in subjects for part in s.split.parts})


def compile_round(harness: Harness, subjects: Sequence[Subject], folder: Path, done: Round) -> list[Subject]:
    """Compiles every part below `folder / "classes"`; a subject that does not compile is noted and left out, and the rest is compiled
    again. The answer is that rest."""
    live = list(subjects)
    for part in part_names(subjects):
        texts = {s.package: {n: t for n, t in s.split.parts.get(part, {}).items() if n != MANIFEST} for s in live}
        bad = compile_all(harness, texts, folder / part, folder / "classes" / part, harness.class_path())
        for package, said in bad.items():
            done.failed(package, "compile", f"part {part}:\n{said}")
        live = [s for s in live if s.package not in bad]
    return live


def compile_all(harness: Harness, texts: Mapping[str, Mapping[str, str]], sources: Path, out: Path, class_path: str = "") -> dict[str, str]:
    """before: package -> its files   after: classes of every package that compiles; the answer is what javac said of the others"""
    rejected: dict[str, str] = {}
    while True:
        shutil.rmtree(out, ignore_errors=True)
        live = [package for package in texts if package not in rejected]
        files = [_write(sources, name, text) for package in live for name, text in texts[package].items()]
        if not files:
            out.mkdir(parents=True)
            return rejected
        answer = harness.compile(files, out, class_path)
        if answer.status == "ok":
            return rejected
        bad = _blamed(answer.text, live, sources)
        if not bad:
            raise HarnessFailed(f"javac failed without a file to blame: {answer.status}\n{answer.text[:2000]}")
        rejected.update(bad)


def _write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _blamed(text: str, live: Sequence[str], root: Path) -> dict[str, str]:
    """Package -> the first errors of javac in its files."""
    found: dict[str, list[str]] = {}
    lines = text.splitlines()
    for i, line in enumerate(lines):
        match = _ERROR.match(line)
        if match is None:
            continue
        below = Path(match["file"]).relative_to(root).parent.as_posix().replace("/", ".")
        package = next((p for p in live if below == p or below.startswith(p + ".")), None)
        if package is not None:
            found.setdefault(package, []).append("\n".join(lines[i : i + 6]))
    return {package: "\n".join(said[:3]) for package, said in found.items()}


def write_manifests(live: Sequence[Subject], folder: Path) -> None:
    """The manifest of every part: of all subjects together."""
    for part in part_names(live):
        manifests = [s.split.parts[part][MANIFEST] for s in live if part in s.split.parts]
        (folder / "classes" / part / MANIFEST).write_text(merged_manifest(part, manifests), encoding="utf-8")


def _run(harness: Harness, waiting: list[Subject], live: list[Subject], folder: Path, done: Round, millis: int) -> list[Subject]:
    """Runs subjects in one set of processes; the answer is what has to be run again in another one, because one did not end."""
    names = part_names(live)
    write_manifests(live, folder)
    opened = harness.open({part: folder / "classes" / part for part in names})
    if opened.status != "ok":
        harness.stop()
        if opened.status == "broken" and len(live) == 1:
            done.failed(live[0].package, "start", opened.text)
            return []
        raise HarnessFailed(f"the processes did not start: {opened.text}")
    for subject in waiting:
        answer = harness.split(subject.split.main_part, f"{subject.package}.Main", millis)
        if answer.status != "ok":
            done.failed(subject.package, "hang" if answer.status == "timeout" else INFRASTRUCTURE, answer.text[-20000:], answer.text)
            harness.stop()
            return [s for s in waiting if s is not subject]  # all of them: what they leave behind is counted at the end
        if answer.text != subject.expected:
            done.failed(subject.package, "trace", _difference(subject.expected, answer.text), answer.text)
    _counters(harness, waiting, done, millis / 1000)
    harness.close()
    return []


def _difference(expected: str, actual: str) -> str:
    left, right = expected.splitlines(), actual.splitlines()
    at = next((i for i, (x, y) in enumerate(zip(left, right, strict=False)) if x != y), min(len(left), len(right)))
    shown = [f"line {at + 1} of the trace"]
    shown += [f"  monolith: {line[:300]}" for line in left[at : at + 2]]
    shown += [f"  split:    {line[:300]}" for line in right[at : at + 6]]
    return "\n".join(shown)


def _counters(harness: Harness, ran: Sequence[Subject], done: Round, seconds: float) -> None:
    """After all roots are gone no id may be left, and one part has nobody to call. A busy machine tells of collected objects late, so
    the tables are asked again for up to `seconds` as long as there is one that has to become empty."""
    deadline = time.monotonic() + seconds
    while True:
        counts = _stats(harness.stats(collect=True))
        left = {s.package: _left(s, counts) for s in ran if not (s.keeps_roots or s.circles or done.outcomes[s.package].kind)}
        if not any(left.values()) or time.monotonic() > deadline:
            break
    for package, held in left.items():
        if held:
            done.failed(package, "ids", held)
    for subject in ran:
        made = sum(sum(of_package(subject.package, stats["calls"]).values()) for stats in counts.values())
        done.outcomes[subject.package].calls = made


def _stats(answer: Answer) -> dict[str, Any]:
    """Part -> its counters."""
    if answer.status != "ok":
        raise HarnessFailed(f"no counters: {answer.text}")
    lines = (line.partition(" ") for line in answer.text.splitlines())
    return {part: json.loads(text) for part, _, text in lines}


def _left(subject: Subject, counts: Mapping[str, Any]) -> str:
    """Which parts still hold objects of the subject; empty: none."""
    held = {part: of_package(subject.package, stats["exported"]) for part, stats in counts.items()}
    return "; ".join(f"part {part} still holds {mine}" for part, mine in held.items() if mine)


def of_package(package: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Those counts whose names are in the package."""
    return {name: count for name, count in counts.items() if name.startswith(package + ".")}
