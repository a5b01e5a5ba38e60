"""`refactor partition`: propose parts, with reasons and metrics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from refactor.cli.console import Console, diagnostic_json, table
from refactor.cli.options import cached, common, jobs
from refactor.cli.partitiontables import comparison_json, comparison_text, metrics_text, pieces_json, pieces_text
from refactor.partition.partsfile import read_parts
from refactor.partition.report import partition_report
from refactor.pipeline.compare import compare_cuts, pieces_of
from refactor.pipeline.cut import CutRequest
from refactor.pipeline.dividing import cut_of, propose_divided
from refactor.pipeline.load import load_program
from refactor.pipeline.reading import exit_code, left_out, unknown_types, unresolved_types
from refactor.pipeline.split import properties_of
from refactor.support.diagnostics import Severity

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("path")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Write the proposal as parts.toml to this file.")
@click.option("--ref", help="The commit, branch or tag, where PATH is a git repository.")
@click.option("--algorithm", type=click.Choice(["default", "cargo", "louvain", "label-propagation"]), default="default", show_default=True)
@click.option("--k", type=click.IntRange(1), help="How many parts to propose.")
@click.option(
    "--max-share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.4,
    show_default=True,
    help="Largest part, as a share of the classes.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the random numbers.")
@click.option("--seed-partition", type=FILE, help="Start from a published partition.")
@click.option("--parts", "parts_file", type=FILE, help="parts.toml whose lines are kept as pins.")
@click.option("--html", type=click.Path(path_type=Path), help="Write the proposal with all reasons as a page for a browser to this file.")
@click.option("--compare", is_flag=True, help="Print one table: the proposal beside CARGO, Louvain and others, and what is proved.")
@click.option("--pieces", is_flag=True, help="List the classes that can be divided by method, and why others cannot.")
@click.option("--divide", is_flag=True, help="Divide classes by method where that improves the cut (`a.b.C~method` in parts.toml).")
@jobs
@common
@cached
def partition(
    console: Console,
    path: str,
    out: Path | None,
    ref: str | None,
    compare: bool,
    pieces: bool,
    divide: bool,
    html: Path | None,
    **given: Any,
) -> int:
    """Propose parts for the monolith at PATH. Ends with 4 where files could not be read: the proposal is then for the others.

    \b
    Example:  refactor partition . --k 4 -o parts.toml
    """
    parts_file = given["parts_file"]
    properties = properties_of(read_parts(parts_file)) if parts_file else None
    loaded = load_program(path, ref=ref, properties=properties, jobs=given.pop("jobs"), progress=console.progress)
    unread, unknown = left_out(loaded), unknown_types(loaded.program, Severity.WARNING)
    read = (*loaded.project.diagnostics, *(d for d in unread if d not in loaded.project.diagnostics), *((unknown,) if unknown else ()))
    console.diagnostics(read)
    if compare:
        comparison = compare_cuts(loaded.program, CutRequest(**given), console.progress)
        console.result("partition-compare/1", comparison_json(comparison), comparison_text(comparison))
        return exit_code(loaded)
    if pieces:
        found = pieces_of(loaded.program)
        console.result("partition-pieces/1", pieces_json(found), pieces_text(found))
        return exit_code(loaded)
    request = CutRequest(**given | {"parts_file": read_parts(parts_file) if parts_file else None})
    cut = (propose_divided if divide else cut_of)(loaded, request, console.progress)
    console.diagnostics(cut.diagnostics)
    if out:
        console.save(out, cut.parts_toml())
    if html and cut.proposal is None:
        raise click.UsageError("--html is for what this command proposes; `refactor metrics --html` draws what a file gives")
    if html and cut.proposal:
        console.save(html, partition_report(cut.proposal, loaded.project.name, labels=cut.labels, numbers=cut.metrics))
    parts = cut.parts()
    data = {
        "parts": [{"name": name, "classes": [cut.named(c) for c in classes], "tables": list(cut.tables(name))} for name, classes in parts],
        "reasons": {cut.named(cls): list(reasons) for cls, reasons in sorted(cut.reasons.items())},
        "metrics": cut.metrics,
        "left_out": [diagnostic_json(d) for d in unread],
        "unresolved_types": unresolved_types(loaded.program),
    }
    text = table(("part", "classes"), [(name, len(classes)) for name, classes in parts])
    console.result("partition/1", data, f"{text}\n\n{metrics_text(cut.metrics)}")
    return exit_code(loaded)
