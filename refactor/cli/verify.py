"""`refactor verify`: the proof."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from refactor.cli.console import Console, table
from refactor.cli.options import EXIT_NO, common
from refactor.support.diagnostics import RefactorError
from refactor.verify.junitxml import error_xml, to_junit_xml
from refactor.verify.model import Counts, Remote, Verdict
from refactor.verify.verify import verify as run_verify


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--junit-xml", type=click.Path(path_type=Path), help="Also write the verdict as JUnit XML to this file.")
@click.option("--timeout", default=1800.0, show_default=True, help="Seconds for one build, one start of the services, one run of tests.")
@click.option("--base-port", type=click.IntRange(1024, 65000), help="Use consecutive ports from this one instead of free ones.")
@click.option("--fresh", is_flag=True, help="Take nothing over from an earlier run of the same inputs.")
@common
def verify(out: Path, junit_xml: Path | None, timeout: float, base_port: int | None, fresh: bool, console: Console) -> int:
    """Build what `refactor split` left in OUT, start the services, run the monolith's own tests and mains, compare.

    A run that was interrupted, or failed, goes on where it was; builds and the monolith's own tests are not made again while nothing
    that they are made from has changed.

    \b
    Example:  refactor verify out --junit-xml verdict.xml
    """
    try:
        verdict = run_verify(out, progress=console.progress, timeout=timeout, base_port=base_port, fresh=fresh)
    except RefactorError as error:
        if junit_xml:
            junit_xml.write_text(error_xml(error), encoding="utf-8")
        raise
    if junit_xml:
        junit_xml.write_text(to_junit_xml(verdict), encoding="utf-8")
    console.result("verify/1", verdict_json(verdict), verdict_text(verdict, console.verbosity > 0))
    return 0 if verdict.equal else EXIT_NO


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """The fields of `verify/1` (cli contract)."""
    return {
        "verdict": "equal" if verdict.equal else "different",
        "tests": {"monolith": _counts(verdict.monolith), "split": _counts(verdict.split)},
        "mains": list(verdict.mains),
        "divergences": [{"test": d.test, "monolith": d.monolith, "split": d.split} for d in verdict.divergences],
        "remote": {
            "endpoints": verdict.remote.endpoints,
            "endpoints_called": len(verdict.remote.called),
            "calls": verdict.remote.calls,
            "by_endpoint": dict(verdict.remote.called),
            "library_operations_called": len(verdict.remote.library),
            "by_library_operation": dict(verdict.remote.library),
        },
        "replicated": [{"class": name, "why": why} for name, why in verdict.replicated],
        "ids_left": dict(verdict.ids_left),
        "ids_rooted": dict(verdict.ids_rooted),
        "uncompared": list(verdict.uncompared),
    }


def verdict_text(verdict: Verdict, verbose: bool = False) -> str:
    """The verdict table, then each divergence."""
    rows = [("monolith", *_row(verdict.monolith)), ("split", *_row(verdict.split))]
    lines = [table(("tests of", "run", "passed", "skipped"), rows), ""]
    lines.append(f"main programs compared: {len(verdict.mains)}")
    remote = verdict.remote
    lines.append(_remote_line(remote))
    lines.append(f"ids left in the tables: {sum(n for _, n in verdict.ids_left)}")
    lines.append(f"ids held by the services themselves: {sum(n for _, n in verdict.ids_rooted)}")
    if verbose:
        lines.extend(["", table(("endpoint", "calls"), (*remote.called, *remote.library))])
    lines.extend(f"not compared: {what}" for what in verdict.uncompared)
    for divergence in verdict.divergences:
        lines.extend(["", f"DIFFERENT {divergence.test}", f"  monolith: {divergence.monolith}", f"  split:    {divergence.split}"])
    lines.extend(["", f"verdict: {'EQUAL' if verdict.equal else 'DIFFERENT'}"])
    if not verdict.compared:
        lines.append("nothing was compared: the monolith has no tests and no main program is listed")
    return "\n".join(lines)


def _remote_line(remote: Remote) -> str:
    """Numbers that add up: calls to endpoints of the application's classes, and those to library objects that parts share."""
    called = sum(n for _, n in remote.called)
    line = f"remote: {called} calls to {len(remote.called)} of {remote.endpoints} endpoints"
    if remote.library:
        shared = sum(n for _, n in remote.library)
        line += f", {shared} calls to {len(remote.library)} operations of shared library objects: {remote.calls} in all"
    return line


def _counts(counts: Counts) -> dict[str, int]:
    return {"run": counts.run, "passed": counts.passed, "skipped": counts.skipped}


def _row(counts: Counts) -> tuple[int, int, int]:
    return (counts.run, counts.passed, counts.skipped)
