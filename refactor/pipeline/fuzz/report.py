"""What a campaign says: JSON, text, and a case file per divergence."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from refactor.frontend.java.library import JavaLibrary
from refactor.pipeline.fuzz.campaign import Divergence, Report
from refactor.pipeline.fuzz.cases import Case, dump_case
from refactor.pipeline.fuzz.choices import Seeded
from refactor.pipeline.fuzz.generate import generate
from refactor.pipeline.fuzz.harness import Harness
from refactor.pipeline.fuzz.java_classes import java_sources
from refactor.pipeline.fuzz.shrink import shrink

_SHRUNK_KINDS = frozenset({"trace", "compile", "split", "front-end", "remote-calls", "hang", "start"})


def report_json(report: Report) -> dict[str, Any]:
    """The fields of `fuzz/1` (cli contract)."""
    return {
        "programs": report.programs,
        "splits": report.splits,
        "over_http": report.over_http,
        "calls": report.calls,
        "ids_checked": report.ids_checked,
        "divergences": [{"kind": d.kind, "seed": d.seed, "detail": d.detail, "parts": dict(d.parts)} for d in report.divergences],
        "per_minute": round(report.per_minute, 1),
        "constructs": dict(sorted(report.constructs.items())),
        "refused": dict(sorted(report.refused.items())),
        "moved": dict(sorted(report.moved.items())),
        "forbidden": {r: {"run": n, "equal": report.forbidden_but_equal[r]} for r, n in sorted(report.forbidden.items())},
    }


def report_text(report: Report, cases: list[Path]) -> str:
    lines = [
        f"{report.programs} programs, {report.splits} splits, {report.calls} remote calls",
        f"{report.over_http} of the splits also as real processes over HTTP; id tables had to be empty after {report.ids_checked}",
        f"{report.per_minute:.0f} programs a minute",
        f"partitions refused, by rule: {_counts(report.refused)}",
        f"classes moved, by rule: {_counts(report.moved)}",
        f"run although forbidden (equal of run): {_shares(report)}",
        f"divergences: {len(report.divergences)}",
    ]
    lines += [f"{d.kind} (seed {d.seed})\n{d.detail}" for d in report.divergences]
    return "\n".join([*lines, *(f"written: {path}" for path in cases)])


def _counts(counter: Any) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(counter.items())) or "none"


def _shares(report: Report) -> str:
    return ", ".join(f"{rule} {report.forbidden_but_equal[rule]} of {n}" for rule, n in sorted(report.forbidden.items())) or "none"


def write_cases(report: Report, folder: Path, harness: Harness, progress: Callable[[str], None], *, shrunk: bool) -> list[Path]:
    """before: divergences   after: one self-contained file each in `folder`, shrunk where that is wanted and possible"""
    written = []
    library = JavaLibrary((), 17)
    for divergence in report.divergences:
        case = _small(divergence, harness, library, progress) if shrunk and divergence.kind in _SHRUNK_KINDS else _as_found(divergence)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{divergence.kind}-{divergence.seed.replace('.', '-')}.case"
        path.write_text(dump_case(case), encoding="utf-8")
        written.append(path)
    return written


def _as_found(found: Divergence) -> Case:
    package = next(iter(found.sources)).rpartition("/")[0].replace("/", ".")
    return Case(f"seed {found.seed}\n{found.detail}", found.kind, package, found.parts, found.sources, found.expected, found.actual)


def _small(found: Divergence, harness: Harness, library: JavaLibrary, progress: Callable[[str], None]) -> Case:
    progress(f"shrinking {found.kind} of seed {found.seed}")
    program = generate(Seeded(found.seed))
    simple = {name.rpartition(".")[2]: part for name, part in found.parts.items()}
    with tempfile.TemporaryDirectory(prefix="fuzz-shrink-") as scratch:
        small = shrink(program, simple, found.kind, harness, library, Path(scratch))
    if not small.verdict.detail:
        return _as_found(found)
    package = "fuzz.s"
    units = set(small.program.units())
    parts = {f"{package}.{name}": part for name, part in small.parts.items() if name in units}
    about = f"seed {found.seed}, shrunk in {small.attempts} attempts\n{small.verdict.detail}"
    return Case(about, found.kind, package, parts, java_sources(small.program, package), small.verdict.expected, small.verdict.actual)
