"""`refactor split`: from a monolith to service trees."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from refactor.cli.console import Console, diagnostic_json, place_json, table
from refactor.cli.options import EXIT_NO, common, jobs
from refactor.isolate.plan import Plan
from refactor.pipeline.split import SplitRequest, SplitResult, run_split

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("path")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="A new folder, or one that this command wrote.")
@click.option("--ref", help="The commit, branch or tag, where PATH is a git repository.")
@click.option("--parts", "parts_file", type=FILE, help="parts.toml: which classes go where; the rest is proposed.")
@click.option("--k", type=click.IntRange(1), help="How many parts to propose.")
@click.option("--seed-partition", type=FILE, help="Start from a published partition (any format of the literature's tools).")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the random numbers.")
@click.option("--plan", "plan_file", type=FILE, help="Replay a plan.json to the same bytes.")
@click.option("--accept-unread", is_flag=True, help="Go on where main code could not be read; no rule looks at it, and the plan says so.")
@click.option("--dry-run", is_flag=True, help="Write nothing; print the diff of the edits to the user's sources.")
@jobs
@common
def split(console: Console, path: str, out: Path, dry_run: bool, **given: Any) -> int:
    """Split the monolith at PATH into services under OUT. PATH is never written to.

    \b
    Examples:
      refactor split . -o ../services --parts parts.toml
      refactor split maven:commons-cli:commons-cli:1.11.0 -o out --k 3
      refactor split . -o ../services --plan ../services/plan.json
    """
    result = run_split(SplitRequest(path=path, out=out, dry_run=dry_run, **given), console.progress)
    console.diagnostics(result.diagnostics)
    if dry_run and console.format == "text":
        click.echo(result.diff, nl=False)
    else:
        console.result("split/1", split_json(result), split_text(result))
    return EXIT_NO if result.plan.refusals else 0


def split_json(result: SplitResult) -> dict[str, Any]:
    """The fields of `split/1` (cli contract)."""
    plan = result.plan
    endpoints = Counter(e.part for e in plan.endpoints)
    return {
        "out": str(result.out) if result.emitted else None,
        "parts": [
            {
                "name": p.name,
                "classes": list(p.owned),
                "endpoints": endpoints[p.name],
                "port": p.port,
                "proxies": len(p.proxies),
                "tables": list(p.tables),
            }
            for p in plan.parts
        ],
        "replicated": [{"class": c.name, "why": c.reason} for c in plan.classes if c.part is None],
        "pieces": [
            {"class": p.cls, "becomes": p.name, "pieces": list(p.pieces), "members": list(p.members), "file": p.file} for p in plan.pieces
        ],
        "moves": [{"class": m.name, "from": m.source, "to": m.target, "rule": m.rule, "why": m.reason} for m in plan.moves],
        "edits": [{"part": None, "file": e.file, "start": e.start, "end": e.end, "text": e.text} for p in plan.pieces for e in p.edits]
        + [{"part": e.part, "file": e.edit.file, "start": e.edit.start, "end": e.edit.end, "text": e.edit.text} for e in plan.edits],
        "refusals": [
            {"rule": r.rule, **place_json(r.span), "message": r.message, "merge": list(r.merge), "help": r.help} for r in plan.refusals
        ],
        "diagnostics": [diagnostic_json(d) for d in result.diagnostics],
    }


def split_text(result: SplitResult) -> str:
    """A table of the parts, then moves and refusals, each with its reason."""
    plan: Plan = result.plan
    endpoints = Counter(e.part for e in plan.endpoints)
    tests = Counter(place for t in plan.tests if t.is_test for place in t.placements)
    rows = [(p.name, len(p.owned), len(p.replicas), len(p.proxies), endpoints[p.name], tests[p.name]) for p in plan.parts]
    lines = [table(("part", "owned", "copies", "proxies", "endpoints", "test classes"), rows)]
    lines.extend(f"divided {p.cls}: {', '.join(p.pieces)} became {p.name} ({p.file})" for p in plan.pieces)
    lines.extend(f"moved {m.name}: {m.source} -> {m.target} ({m.rule}: {m.reason})" for m in plan.moves)
    for refusal in plan.refusals:
        lines.append(f"REFUSED {refusal.span or ''} [{refusal.rule}] {refusal.message}")
        lines.append(f"  keep together: {', '.join(refusal.merge)}")
        if refusal.help:
            lines.append(f"  help: {refusal.help}")
    lines.append(f"edits to original sources: {len(plan.edits) + sum(len(p.edits) for p in plan.pieces)}")
    if result.emitted:
        lines.append(f"emitted: {result.out}")
    return "\n".join(lines)
