"""What a campaign says: JSON, text, and a case file per divergence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from refactor.frontend.java.library import JavaLibrary
from refactor.pipeline.fuzz.cases import Case, dump_case
from refactor.pipeline.fuzz.constructs import CONSTRUCTS
from refactor.pipeline.fuzz.findings import Divergence, Report
from refactor.pipeline.fuzz.generate import program_of
from refactor.pipeline.fuzz.harness import Harness
from refactor.pipeline.fuzz.java_classes import java_sources
from refactor.pipeline.fuzz.rounds import HarnessFailed
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
        "circles_checked": report.circles_checked,
        "one_part": report.one_part,
        "divergences": [_finding(d) for d in report.divergences],
        "infrastructure": [_finding(d) for d in report.infrastructure],
        "again": dict(sorted(report.again.items())),
        "per_minute": round(report.per_minute, 1),
        "constructs": {
            name: {"programs": report.constructs[name], "across": report.across[name], "joined": kept_together(report, name)}
            for name in CONSTRUCTS
        },
        "refused": dict(sorted(report.refused.items())),
        "moved": dict(sorted(report.moved.items())),
        "unmeasured": report.unmeasured,
        "forbidden": {r: {"run": n, "equal": equal} for r, n, equal in over_refusal(report)},
    }


def _finding(found: Divergence) -> dict[str, Any]:
    return {"kind": found.kind, "seed": found.seed, "detail": found.detail, "parts": dict(found.parts)}


def report_text(report: Report, cases: list[Path]) -> str:
    share = 100 * report.over_http / report.splits if report.splits else 0.0
    lines = [
        f"{report.programs} programs, {report.splits} splits, {report.calls} remote calls, {report.per_minute:.0f} programs a minute",
        f"{report.over_http} splits ({share:.0f} %) also as real processes over HTTP",
        f"id tables had to be empty after {report.ids_checked} splits, with a search for cycles after {report.circles_checked} more",
        f"no remote call in one part: {report.one_part} splits",
        *construct_table(report),
        *refusal_table(report),
        f"agreed only when run again, alone, by what stopped them at first: {_counts(report.again)}",
        f"failures of the infrastructure (nothing is known of these splits): {len(report.infrastructure)}",
        *(f"seed {d.seed}: {d.detail}" for d in report.infrastructure),
        f"divergences: {len(report.divergences)}",
    ]
    lines += [f"{d.kind} (seed {d.seed})\n{d.detail}" for d in report.divergences]
    return "\n".join([*lines, *(f"written: {path}" for path in cases)])


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(counts.items())) or "none"


def construct_table(report: Report) -> list[str]:
    """A line per construct: how many programs use it, how many of them were run with it across a cut, and where none was, why."""
    lines = ["", f"{'construct':<30} {'programs':>9} {'across a cut':>13}  kept together by rule"]
    for name in CONSTRUCTS:
        why = "" if report.across[name] else kept_together(report, name)
        lines.append(f"{name:<30} {report.constructs[name]:>9} {report.across[name]:>13}  {why}".rstrip())
    return lines


def kept_together(report: Report, construct: str) -> str:
    """The rule that keeps its two sides in one part, and in how many of the programs in which they are two classes."""
    if not report.constructs[construct]:
        return ""
    total = report.two_sided[construct]
    if not total:
        return "it has no second class that a part could own"
    rules = {key.partition(": ")[2]: n for key, n in report.joined.items() if key.partition(": ")[0] == construct}
    said = [f"{rule} in {n} of {total}" for rule, n in sorted(rules.items(), key=lambda item: (-item[1], item[0]))]
    return ", ".join(said[:1] if rules and max(rules.values()) == total else said) or f"by none in {total}"


def refusal_table(report: Report) -> list[str]:
    """A line per rule, or set of rules, that forbade a partition: how often it was repaired, refused, and refused without need."""
    lines = ["", f"{'rule':<44} {'moved':>6} {'refused':>8} {'run anyway':>11} {'equal':>6} {'over-refusal':>13}"]
    runs = {rule: (run, equal) for rule, run, equal in over_refusal(report)}
    for rule in sorted({*report.moved, *report.refused, *runs}):
        run, equal = runs.get(rule, (0, 0))
        rate = f"{100 * equal / run:.0f} %" if run else "-"
        lines.append(f"{rule:<44} {report.moved[rule]:>6} {report.refused[rule]:>8} {run:>11} {equal:>6} {rate:>13}")
    more = [f"{report.unmeasured} forbidden partitions could not be run: processes failed"] if report.unmeasured else []
    return [*lines, *more, ""]


def over_refusal(report: Report) -> list[tuple[str, int, int]]:
    """Rule, how many partitions that only it (with `+`: only they) forbade were run, and how many of those were equal."""
    return [(rule, run, report.forbidden_but_equal[rule]) for rule, run in sorted(report.forbidden.items())]


def write_found(found: Divergence, folder: Path) -> Path:
    """before: a finding, just made   after: a self-contained file in `folder`, as large as it was found"""
    return _written(found, _as_found(found), folder)


def write_cases(
    report: Report, folder: Path, harness: Harness, scratch: Path, progress: Callable[[str], None], *, shrunk: bool
) -> list[Path]:
    """before: divergences   after: one self-contained file each in `folder`, shrunk where that is wanted and possible"""
    written = [write_found(failure, folder) for failure in report.infrastructure]
    library = JavaLibrary((), 17)
    for found in report.divergences:
        small = shrunk and found.kind in _SHRUNK_KINDS
        case = _small(found, harness, library, scratch, progress) if small else _as_found(found)
        written.append(_written(found, case, folder))
    return written


def _written(found: Divergence, case: Case, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{found.kind}-{found.seed.replace('.', '-')}-{found.round}.case"
    path.write_text(dump_case(case), encoding="utf-8")
    return path


def _as_found(found: Divergence) -> Case:
    package = next(iter(found.sources)).rpartition("/")[0].replace("/", ".")
    return Case(f"seed {found.seed}\n{found.detail}", found.kind, package, found.parts, found.sources, found.expected, found.actual)


def _small(found: Divergence, harness: Harness, library: JavaLibrary, scratch: Path, progress: Callable[[str], None]) -> Case:
    progress(f"shrinking {found.kind} of seed {found.seed}")
    program = program_of(found.seed)
    simple = {name.rpartition(".")[2]: part for name, part in found.parts.items()}
    try:
        small = shrink(program, simple, found.kind, harness, library, scratch / "shrink")
    except HarnessFailed:  # it stays as large as it is
        return _as_found(found)
    if not small.verdict.detail:
        return _as_found(found)
    package = "fuzz.s"
    units = set(small.program.units())
    parts = {f"{package}.{name}": part for name, part in small.parts.items() if name in units}
    about = f"seed {found.seed}, shrunk in {small.attempts} attempts\n{small.verdict.detail}"
    return Case(about, found.kind, package, parts, java_sources(small.program, package), small.verdict.expected, small.verdict.actual)
