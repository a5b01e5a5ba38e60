"""Given programs under given partitions: what each of them shows. For replayed cases, shrinking and small scopes."""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from refactor.ir.program import Library
from refactor.isolate.plan import Refusal
from refactor.pipeline.fuzz.again import PATIENCE, settled_round
from refactor.pipeline.fuzz.harness import MILLIS, Harness
from refactor.pipeline.fuzz.rounds import INFRASTRUCTURE, Subject, compile_all, run_round
from refactor.pipeline.fuzz.split import Split, read, split


@dataclass(frozen=True, slots=True)
class Item:
    """One program, its class `<package>.Main` is what runs, and class -> part. `keeps_roots`: ids may be left in the end."""

    package: str
    sources: Mapping[str, str]
    parts: Mapping[str, str]
    keeps_roots: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` is empty where everything agrees; "refused" where the rules forbid the partition; "invalid" where the program
    itself does not compile; else as in `findings.Divergence`."""

    kind: str
    detail: str = ""
    expected: str = ""
    actual: str = ""
    calls: int = 0
    refusals: tuple[Refusal, ...] = ()


def judge(items: Sequence[Item], harness: Harness, library: Library, scratch: Path, *, settle: bool = True) -> list[Verdict]:
    """before: programs in different packages   after: their verdicts, in the same order

    `settle`: what does not agree is run again alone, so that a busy machine is told from a divergence.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    said = compile_all(harness, {i.package: i.sources for i in items}, scratch / "plain-src", scratch / "plain")
    found: dict[str, Verdict] = {package: Verdict("invalid", text) for package, text in said.items()}
    subjects = []
    for item in items:
        if item.package not in found:
            made = _prepared(item, harness, library, scratch, PATIENCE if settle else 1)
            if isinstance(made, Verdict):
                found[item.package] = made
            else:
                subjects.append(made)
    if subjects:
        folder = scratch / "round"
        done = settled_round(harness, subjects, folder).round if settle else run_round(harness, subjects, folder)
        for s in subjects:
            outcome = done.outcomes[s.package]
            found[s.package] = Verdict(outcome.kind, outcome.detail, s.expected, outcome.actual, outcome.calls)
    for item in items:
        verdict = found[item.package]
        if not verdict.kind and verdict.calls and len(set(item.parts.values())) == 1:
            found[item.package] = replace(verdict, kind="remote-calls", detail=f"one part made {verdict.calls} remote calls")
    return [found[item.package] for item in items]


def _prepared(item: Item, harness: Harness, library: Library, scratch: Path, patience: int) -> Subject | Verdict:
    main = f"{item.package}.Main"
    ran = harness.plain(scratch / "plain", main)
    if ran.status != "ok" and patience > 1:
        harness.stop()
        ran = harness.plain(scratch / "plain", main, patience * MILLIS)
    if ran.status != "ok":
        harness.stop()
        return Verdict(INFRASTRUCTURE if ran.status == "silent" else "monolith", ran.text)
    try:
        found = read(scratch / "src" / item.package, item.sources, library)
        if found.program.diagnostics:
            return Verdict("front-end", "\n".join(str(d) for d in found.program.diagnostics[:5]))
        made = split(found, item.parts, main)
    except Exception:  # a crash of the compiler is a finding here
        return Verdict("split", traceback.format_exc())
    if isinstance(made, Split):
        return Subject(item.package, ran.text, made, item.keeps_roots)
    return Verdict("refused", "\n".join(f"{r.rule}: {r.message}" for r in made), ran.text, refusals=made)
