"""`refactor index`: every declaration and reference with its resolved target."""

from __future__ import annotations

import json
from typing import Any

import click

from refactor.cli.console import Console
from refactor.cli.options import cached, common, jobs


@click.command()
@click.argument("path")
@click.option("--ref", help="The commit, branch or tag, where PATH is a git repository.")
@jobs
@common
@cached
def index(console: Console, path: str, ref: str | None, **given: Any) -> int:
    """Print every declaration and reference, one JSON object a line. Ends with 4 where files could not be read.

    \b
    Example:  refactor index . | grep '"target": null'
    """
    from refactor.frontend.java.index import index as entries
    from refactor.pipeline.load import load_program
    from refactor.pipeline.reading import exit_code

    loaded = load_program(path, ref=ref, bodies=False, **given, progress=console.progress)
    console.diagnostics((*loaded.project.diagnostics, *loaded.program.diagnostics))
    for entry in entries(loaded.program):
        console.out(json.dumps(entry, ensure_ascii=False))
    return exit_code(loaded)
