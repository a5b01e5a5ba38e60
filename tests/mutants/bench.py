"""Runs programs against a product with one defect until an oracle notices."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from refactor.frontend.java.library import JavaLibrary
from refactor.isolate.legalise import LegaliseOptions, legalise
from refactor.isolate.links import must_link
from refactor.isolate.plan import Plan
from refactor.pipeline.fuzz.cases import read_cases, renamed
from refactor.pipeline.fuzz.choices import Seeded
from refactor.pipeline.fuzz.cycles import may_cycle
from refactor.pipeline.fuzz.generate import generate
from refactor.pipeline.fuzz.harness import MILLIS, Answer, Harness, Toolchain
from refactor.pipeline.fuzz.java_classes import java_sources, keeps_roots
from refactor.pipeline.fuzz.judge import Item
from refactor.pipeline.fuzz.jvm import Silent
from refactor.pipeline.fuzz.partitions import partition
from refactor.pipeline.fuzz.processes import Processes
from refactor.pipeline.fuzz.rounds import Round, Subject, compile_all, compile_round, of_package, part_names, write_manifests
from refactor.pipeline.fuzz.small import Scope, items_of
from refactor.pipeline.fuzz.split import Read, emitted, read
from tests.mutants.defects import Defect
from tests.mutants.patch import broken_codegen, broken_runtime

_CHUNK = 8
_SCOPES = (
    Scope(3, "call", "write"), Scope(3, "update", "call"), Scope(3, "list", "identity"), Scope(3, "create", "static"),
    Scope(3, "throw", "keep"), Scope(3, "identity", "throw"), Scope(2, "lock", "call"), Scope(3, "static", "update"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prepared:
    """One program of the corpus under one legal partition, compiled by no one yet."""

    subject: Subject
    found: Read
    plan: Plan


@dataclass(frozen=True, slots=True)
class Caught:
    """`oracle`: what noticed; `programs`: how many had run by then."""

    oracle: str
    programs: int
    detail: str = ""


def corpus_items(cases: Sequence[Path], random: int) -> list[Item]:
    """Small scopes, then random programs, then cases of fixed bugs and of threads."""
    items = []
    for number, scope in enumerate(_SCOPES):
        items.append(max(items_of(scope, number), key=lambda item: len(set(item.parts.values()))))
    for i in range(random):
        program = generate(Seeded(f"mutants.{i}"))
        package = f"fuzz.m{i}"
        units = [f"{package}.{unit}" for unit in program.units()]
        parts = partition(Seeded(f"mutants.{i} parts"), units)
        simple = {name.rpartition(".")[2]: part for name, part in parts.items()}
        items.append(Item(package, java_sources(program, package), parts, keeps_roots(program) or may_cycle(program, simple)))
    for folder in cases:
        for name, case in read_cases(folder).items():
            moved = renamed(case, f"fuzz.c{len(items)}")
            assert name
            items.append(Item(moved.package, moved.sources, moved.parts))
    return items


class Bench:
    """The corpus, ready to run: every program as a monolith once, split and compiled once by the product as it is."""

    def __init__(self, items: Sequence[Item], tools: Toolchain, scratch: Path) -> None:
        self.tools, self.scratch, self.compiler = tools, scratch, Harness(tools)
        self.corpus = self._prepare(items)
        subjects = [p.subject for p in self.corpus]
        done = Round({s.package: _outcome() for s in subjects})
        compile_round(self.compiler, subjects, scratch / "right", done)
        wrong = {p: o.detail for p, o in done.outcomes.items() if o.kind}
        if wrong:
            raise RuntimeError(f"the corpus does not compile: {wrong}")
        write_manifests(subjects, scratch / "right")

    def close(self) -> None:
        self.compiler.__exit__(None, None, None)

    def _prepare(self, items: Sequence[Item]) -> list[Prepared]:
        library = JavaLibrary((), 17)
        said = compile_all(self.compiler, {i.package: i.sources for i in items}, self.scratch / "plain-src", self.scratch / "plain")
        assert not said, said
        found = []
        for item in items:
            main = f"{item.package}.Main"
            ran = self.compiler.plain(self.scratch / "plain", main)
            assert ran.status == "ok", f"{item.package}: {ran.text}"
            known = read(self.scratch / "src" / item.package, item.sources, library)
            plan = _legal(known, item.parts)
            if plan is None or len(plan.parts) < 2:
                continue
            found.append(Prepared(Subject(item.package, ran.text, emitted(known, plan, main), item.keeps_roots), known, plan))
        return found

    def run(self, defect: Defect | None) -> Caught | None:
        """What notices the defect; None where it survives. Without a defect: what is wrong with the bench itself."""
        if defect is None:
            return self._in_one_jvm(self.tools, [p.subject for p in self.corpus], self.scratch / "right", 0) or self._over_http(self.tools)
        if defect.where == "codegen":
            return self._with_codegen(defect)
        folder = self.scratch / "defects" / "".join(c if c.isalnum() else "-" for c in defect.name)
        tools = broken_runtime(defect, self.tools, self.compiler, folder)
        if defect.where == "http":
            return self._over_http(tools)
        return self._in_one_jvm(tools, [p.subject for p in self.corpus], self.scratch / "right", 0)

    def _with_codegen(self, defect: Defect) -> Caught | None:
        for first in range(0, len(self.corpus), _CHUNK):
            chunk = self.corpus[first : first + _CHUNK]
            subjects: list[Subject] = []
            with broken_codegen(defect):
                for i, p in enumerate(chunk):
                    try:
                        made = emitted(p.found, p.plan, f"{p.subject.package}.Main")
                    except Exception as error:  # a broken generator may fail by itself
                        return Caught("generator failed", first + i + 1, repr(error))
                    subjects.append(replace(p.subject, split=made))
            folder = self.scratch / "codegen"
            done = Round({s.package: _outcome() for s in subjects})
            live = compile_round(self.compiler, subjects, folder, done)
            bad = [i for i, s in enumerate(subjects) if s not in live]
            if bad:
                return Caught("compile", first + bad[0] + 1, done.outcomes[subjects[bad[0]].package].detail)
            write_manifests(live, folder)
            caught = self._in_one_jvm(self.tools, live, folder, first)
            if caught:
                return caught
        return None

    def _in_one_jvm(self, tools: Toolchain, subjects: Sequence[Subject], folder: Path, before: int) -> Caught | None:
        with Harness(tools) as harness:
            opened = harness.open({part: folder / "classes" / part for part in part_names(subjects)})
            if opened.status != "ok":
                return Caught("start", before + 1, opened.text)
            for i, s in enumerate(subjects):
                answer = harness.split(s.split.main_part, f"{s.package}.Main")
                if answer.status != "ok":
                    # A busy machine catches nothing: it has to stop again, alone and with more time.
                    alone = self._alone(tools, s, folder)
                    if alone.status == "silent":
                        raise RuntimeError(f"{s.package}: {alone.text}")
                    if alone.status != "ok":
                        return Caught("hang", before + i + 1, alone.text[:500])
                    return self._in_one_jvm(tools, subjects[i + 1 :], folder, before + i + 1)
                if answer.text != s.expected:
                    return Caught(_oracle(s.expected, answer.text), before + i + 1, _shown(s.expected, answer.text))
            answer = harness.stats(collect=True)
            for line in answer.text.splitlines():
                stats = json.loads(line.partition(" ")[2])
                for i, s in enumerate(subjects):
                    left = of_package(s.package, stats["exported"])
                    if left and not s.keeps_roots:
                        return Caught("id tables", before + i + 1, str(left))
        return None

    def _alone(self, tools: Toolchain, subject: Subject, folder: Path) -> Answer:
        with Harness(tools) as harness:
            opened = harness.open({part: folder / "classes" / part for part in part_names([subject])})
            main = f"{subject.package}.Main"
            return harness.split(subject.split.main_part, main, 3 * MILLIS) if opened.status == "ok" else opened

    def _over_http(self, tools: Toolchain) -> Caught | None:
        subjects = [p.subject for p in self.corpus]
        folder = self.scratch / "right" / "classes"
        ran = 0
        try:
            with Processes({part: folder / part for part in part_names(subjects)}, tools.class_path, seconds=120) as running:
                for i, s in enumerate(subjects[:4]):
                    ran = i + 1
                    said = running.run(s.split.main_part, f"{s.package}.Main")
                    if said != s.expected:
                        return Caught(f"{_oracle(s.expected, said)} over HTTP", i + 1, _shown(s.expected, said))
        except Silent as error:
            return Caught("hang over HTTP" if ran else "start over HTTP", max(1, ran), str(error))
        return None


def _outcome():  # type: ignore[no-untyped-def]
    from refactor.pipeline.fuzz.rounds import Outcome

    return Outcome()


def _legal(found: Read, parts: Mapping[str, str]) -> Plan | None:
    """The plan of the nearest legal partition: what the rules want together is put together."""
    labels = dict(parts)
    links = [link.classes for link in must_link(found.analyses)]
    for group in [*links, *links]:
        known = [g for g in group if g in labels]
        labels.update(dict.fromkeys(known, labels[known[0]]) if known else {})
    for _ in range(10):
        plan = legalise(found.program, labels, LegaliseOptions(project="fuzz"), found.analyses)
        if not plan.refusals:
            return plan
        for refusal in plan.refusals:
            together = {labels[name] for name in refusal.merge if name in labels}
            labels = {name: min(together) if name in refusal.merge else part for name, part in labels.items()}
    return None


def _oracle(expected: str, actual: str) -> str:
    """Which comparison of the trace noticed first: the final heap, an exception with its frames, or any other line."""
    pairs = zip([*expected.splitlines(), ""], [*actual.splitlines(), ""], strict=False)
    left = next((x for x, y in pairs if x != y), "")
    return "final heap" if left.startswith("#") else "exception" if left.startswith(("error", "  at")) else "trace"


def _shown(expected: str, actual: str) -> str:
    pairs = zip([*expected.splitlines(), ""], [*actual.splitlines(), ""], strict=False)
    return next((f"{x} / {y}" for x, y in pairs if x != y), "")
