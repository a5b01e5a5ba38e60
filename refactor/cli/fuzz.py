"""`refactor fuzz`: generated programs and partitions through the compiler, compared with their monoliths."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from refactor.cli.console import Console
from refactor.cli.options import EXIT_NO, common
from refactor.support.guard import scratch

EXIT_UNKNOWN = 3
"""No divergence, but splits of which nothing is known: this machine's processes died or did not answer."""


@click.command()
@click.option("--programs", type=click.IntRange(1), help="How many programs (with --from: partitions).  [default: 200; with --from: 3]")
@click.option("--seed", type=int, default=0, show_default=True, help="Equal seeds make equal programs and partitions.")
@click.option("--from", "source", metavar="PATH", help="Partitions of this real program instead of generated programs.")
@click.option("--cases", type=click.Path(path_type=Path, file_okay=False), default=Path("fuzz-cases"), show_default=True,
              help="Where shrunk cases of divergences are written.")  # fmt: skip
@click.option("--shrink/--no-shrink", default=True, help="Make diverging programs small first.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="How many batches of programs run at the same time.")
@click.option("--minutes", type=click.FloatRange(0), default=0.0, help="Begin no further batch after this time.  [default: no limit]")
@click.option("--threads", type=click.IntRange(0, 100), default=25, show_default=True, help="How many of 100 have a second thread.")
@click.option("--spring", metavar="N", type=click.IntRange(0), default=0,
              help="N applications of Spring Boot with beans, events and caches, as one monolith, instead of random programs.")  # fmt: skip
@click.option("--exhaustive", is_flag=True, help="All programs of a tiny grammar under all partitions, instead of random ones.")
@common
def fuzz(
    console: Console,
    programs: int | None,
    seed: int,
    source: str | None,
    cases: Path,
    shrink: bool,
    jobs: int,
    minutes: float,
    threads: int,
    spring: int,
    exhaustive: bool,
) -> int:
    """Generate programs and partitions, split them, and compare every split with its monolith.

    Every finding is written to --cases when it is made. What does not agree is run again alone, with more time; exit code 3 says
    that processes of this machine failed even then, and that nothing else differed.

    \b
    Examples:
      refactor fuzz --programs 500 --seed 7
      refactor fuzz --exhaustive
      refactor fuzz --spring 12 --seed 3
      refactor fuzz --from . --programs 5
    """
    if source:
        return _real(console, source, programs or 3, seed)
    if spring:
        return _spring(console, spring, seed)
    if exhaustive:
        return _exhaustive(console, cases, jobs)
    from refactor.pipeline.fuzz.campaign import CampaignOptions, run_campaign
    from refactor.pipeline.fuzz.harness import Harness, toolchain
    from refactor.pipeline.fuzz.report import report_json, report_text, write_cases, write_found

    tools = toolchain()
    count = programs or 200
    batch = max(1, min(CampaignOptions().batch, -(-count // jobs)))
    options = CampaignOptions(count, seed, batch=batch, jobs=jobs, minutes=minutes, threads=threads)
    with scratch("fuzz-") as folder:
        report = run_campaign(options, tools, folder, console.progress, lambda d: console.progress(f"written: {write_found(d, cases)}"))
        with Harness(tools) as harness:
            written = write_cases(report, cases, harness, folder, console.progress, shrunk=shrink)
    console.result("fuzz/1", {**report_json(report), "cases": [str(p) for p in written]}, report_text(report, written))
    return _exit(bool(report.divergences), bool(report.infrastructure))


def _exit(diverged: bool, unknown: bool) -> int:
    return EXIT_NO if diverged else EXIT_UNKNOWN if unknown else 0


def _spring(console: Console, count: int, seed: int) -> int:
    from refactor.pipeline.fuzz.boot import boot_json, boot_text, run_boot

    with scratch("fuzz-") as folder:
        report = run_boot(count, seed, folder, console.progress)
    console.result("fuzz/1", boot_json(report), boot_text(report))
    return _exit(bool(report.differences), False)


def _exhaustive(console: Console, folder: Path, jobs: int) -> int:
    from refactor.pipeline.fuzz.cases import Case, dump_case
    from refactor.pipeline.fuzz.exhaustive import run_exhaustive
    from refactor.pipeline.fuzz.harness import toolchain

    written: list[Path] = []

    def write(case: Case) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        written.append(folder / f"{case.kind}-{case.package.rpartition('.')[2]}.case")
        written[-1].write_text(dump_case(case), encoding="utf-8")
        console.progress(f"written: {written[-1]}")

    with scratch("fuzz-") as temporary:
        found = run_exhaustive(toolchain(), jobs, temporary, console.progress, write)
    data: dict[str, Any] = {
        "programs": found.programs,
        "partitioned": found.partitioned,
        "splits": found.splits,
        "calls": found.calls,
        "refused": dict(sorted(found.refused.items())),
        "divergences": [{"kind": c.kind, "detail": c.about, "parts": dict(c.parts)} for c in found.cases],
        "infrastructure": found.unknown,
        "per_minute": round(60 * found.programs / found.seconds, 1),
        "cases": [str(path) for path in written],
    }
    rules = ", ".join(f"{rule} {n}" for rule, n in sorted(found.refused.items())) or "none"
    lines = [
        f"all {found.programs} programs of the grammar under all partitions: {found.partitioned} pairs",
        f"{found.splits} splits run, {found.calls} remote calls",
        f"refused, by rule: {rules}",
        f"failures of the infrastructure (nothing is known of these): {len(found.unknown)}",
        *found.unknown,
        f"divergences: {len(found.cases)}",
        *(f"{c.kind}: {c.about}" for c in found.cases),
        *(f"written: {path}" for path in written),
    ]
    console.result("fuzz/1", data, "\n".join(lines))
    return _exit(bool(found.cases), bool(found.unknown))


def _real(console: Console, source: str, count: int, seed: int) -> int:
    from refactor.pipeline.fuzz.real import run_real

    runs = run_real(source, count, seed, console.progress)
    bad = [r for r in runs if r.kind in ("different", "crash")]
    data: dict[str, Any] = {
        "programs": len(runs),
        "divergences": [{"kind": r.kind, "seed": r.seed, "detail": r.detail, "parts": r.parts_toml} for r in bad],
        "refused": sum(r.kind == "refused" for r in runs),
        "equal": sum(r.kind == "equal" for r in runs),
    }
    lines = [f"{len(runs)} partitions: {data['equal']} equal, {data['refused']} refused, {len(bad)} different"]
    lines += [f"{r.seed} {r.kind}: {r.detail}" for r in runs if r.kind != "equal"]
    console.result("fuzz/1", data, "\n".join(lines))
    return EXIT_NO if bad else 0
