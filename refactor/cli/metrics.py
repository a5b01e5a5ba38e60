"""`refactor metrics`: the quality of a partition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from refactor.cli.console import Console
from refactor.cli.options import cached, common, jobs
from refactor.cli.partitiontables import metrics_text
from refactor.partition.classgraph import class_graph
from refactor.partition.formats import read_seed_partition
from refactor.partition.given import given_partition
from refactor.partition.graphfile import load_graph
from refactor.partition.partsfile import assign, read_parts
from refactor.partition.report import partition_report
from refactor.pipeline.divide import divided, refused
from refactor.pipeline.load import load_program
from refactor.pipeline.reading import exit_code, left_out
from refactor.pipeline.split import properties_of
from refactor.support.diagnostics import RefactorError, Severity

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("path", required=False)
@click.option("--parts", "parts_file", type=FILE, required=True, help="parts.toml, or a published partition (.json).")
@click.option("--graph", "graph_file", type=FILE, help="A class graph in JSON instead of PATH.")
@click.option("--select", help="Which partition, where the file in --parts holds several.")
@click.option("--html", type=click.Path(path_type=Path), help="Write a report for a browser to this file: drawing, metrics, reasons.")
@jobs
@common
@cached
def metrics(
    console: Console, path: str | None, parts_file: Path, graph_file: Path | None, select: str | None, html: Path | None, **reading: Any
) -> int:
    """Measure the partition in --parts on the monolith at PATH, or on --graph.

    \b
    Examples:
      refactor metrics . --parts parts.toml
      refactor metrics . --parts parts.toml --html report.html
    """
    if (path is None) == (graph_file is None):
        raise click.UsageError("give either PATH or --graph FILE")
    given = read_parts(parts_file) if parts_file.suffix == ".toml" else None
    code = 0
    if graph_file:
        graph, name = load_graph(graph_file), graph_file.stem
    else:
        loaded = load_program(str(path), properties=properties_of(given), progress=console.progress, **reading)
        code, name = exit_code(loaded), loaded.project.name
        console.diagnostics(left_out(loaded))
        with divided(loaded, given, None, console.progress) as after:  # classes that parts.toml divides count as what they become
            if after.refusals:
                raise RefactorError(refused(after.refusals), 1)
            graph, given = class_graph(after.program), after.parts_file
    why: dict[str, str] = {}
    owners: dict[str, str] = {}
    if given:
        assigned = assign(given, graph.nodes)
        if any(d.severity is Severity.ERROR for d in assigned.diagnostics):
            raise RefactorError(assigned.diagnostics, 2)
        labels, why, owners = assigned.assigned, dict(assigned.reasons), dict(assigned.tables)
    else:
        labels = read_seed_partition(parts_file, graph.nodes, select).labels
        why = dict.fromkeys(labels, parts_file.name)
    judged = given_partition(graph, labels, why, owners)
    found = judged.metrics
    if html:
        console.save(html, partition_report(judged, f"{name}: {parts_file.name}"))
        console.progress(f"wrote {html}")
    console.result("metrics/1", {"metrics": found}, metrics_text(found))
    return code
