"""`refactor metrics`: the quality of a partition."""

from __future__ import annotations

from pathlib import Path

import click

from refactor.cli.console import Console, table
from refactor.cli.options import common
from refactor.partition.classgraph import class_graph
from refactor.partition.formats import read_seed_partition
from refactor.partition.graphfile import load_graph
from refactor.partition.metrics import measure
from refactor.partition.partsfile import assign, read_parts
from refactor.pipeline.load import load_program
from refactor.support.diagnostics import RefactorError, Severity

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("path", required=False)
@click.option("--parts", "parts_file", type=FILE, required=True, help="parts.toml, or a published partition (.json).")
@click.option("--graph", "graph_file", type=FILE, help="A class graph in JSON instead of PATH.")
@common
def metrics(console: Console, path: str | None, parts_file: Path, graph_file: Path | None) -> int:
    """Measure the partition in --parts on the monolith at PATH, or on --graph.

    \b
    Example:  refactor metrics . --parts parts.toml
    """
    if (path is None) == (graph_file is None):
        raise click.UsageError("give either PATH or --graph FILE")
    graph = load_graph(graph_file) if graph_file else class_graph(load_program(str(path), progress=console.progress).program)
    if parts_file.suffix == ".toml":
        given = assign(read_parts(parts_file), graph.nodes)
        if any(d.severity is Severity.ERROR for d in given.diagnostics):
            raise RefactorError(given.diagnostics, 2)
        labels = given.assigned
    else:
        labels = read_seed_partition(parts_file, graph.nodes).labels
    found = measure(graph, labels)
    console.result("metrics/1", {"metrics": found}, table(("metric", "value"), [(n, f"{v:.3f}") for n, v in found.items()]))
    return 0
