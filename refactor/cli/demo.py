"""`refactor demo`: the main job, on the bundled monolith."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from refactor.cli.console import Console
from refactor.cli.options import EXIT_NO, common
from refactor.cli.split import split_text
from refactor.cli.verify import verdict_json, verdict_text
from refactor.pipeline.split import SplitRequest, run_split
from refactor.support.resources import resource
from refactor.verify.verify import verify


@click.command()
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Where to emit; default: a new temporary folder, which is kept.")
@common
def demo(out: Path | None, console: Console) -> int:
    """Split the bundled monolith, build and start its services, run its own tests and main program, compare.

    \b
    Example:  refactor demo -o out/shop
    """
    app = resource("fixtures/apps/shop")
    target = out or Path(tempfile.mkdtemp(prefix="refactor-demo-")) / "shop"
    result = run_split(SplitRequest(path=str(app), out=target, parts_file=app / "parts.toml"), console.progress)
    console.diagnostics(result.diagnostics)
    if result.plan.refusals:
        console.result("verify/1", {"verdict": "refused"}, split_text(result))
        return EXIT_NO
    verdict = verify(target, progress=console.progress)
    console.progress(f"the services are in {target}")
    console.result("verify/1", verdict_json(verdict), f"{split_text(result)}\n\n{verdict_text(verdict)}")
    return 0 if verdict.equal else EXIT_NO
