"""`refactor graph`: the system dependency graph."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from refactor.cli.console import Console, table
from refactor.cli.options import cached, common, jobs
from refactor.flow.facts import index
from refactor.ir.symbols import Origin
from refactor.pipeline.graph import graph_of
from refactor.pipeline.load import load_program
from refactor.pipeline.reading import exit_code
from refactor.sdg.export import accesses_json, dot, graphml, sdg_json, tables_json, transactions_json
from refactor.sdg.graph import Sdg
from refactor.sdg.views import class_view, table_view
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

_WRITERS = {".graphml": graphml, ".dot": dot, ".json": sdg_json}


@click.command()
@click.argument("path")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the graph to this .graphml, .dot or .json file.")
@click.option(
    "--view",
    type=click.Choice(["method", "class", "table"]),
    default="class",
    show_default=True,
    help="Methods, fields and tables; or top-level classes and tables; or tables alone.",
)
@click.option(
    "--calls",
    type=click.Choice(["points-to", "hierarchy"]),
    default="points-to",
    show_default=True,
    help="How calls are found: exact with contexts, heap edges and what is unreachable, or by class hierarchy, faster.",
)
@click.option("--ref", help="The commit, branch or tag, where PATH is a git repository.")
@jobs
@common
@cached
def graph(console: Console, path: str, out: Path | None, view: str, calls: str, **reading: Any) -> int:
    """Build the system dependency graph of the monolith at PATH: who calls whom, what data goes where, which tables they use.

    Ends with 4 where files could not be read: the graph is then that of the others.

    \b
    Examples:
      refactor graph .                                      tables, accesses, transactions
      refactor graph . --view table -o tables.dot           tables that one transaction touches
      refactor graph . --view method -o sdg.graphml         every method, field and table
      refactor graph . --calls hierarchy --format json      quick, for a script
      refactor graph . -o classes.json                      for `refactor metrics --graph classes.json`
    """
    if out is not None and out.suffix not in _WRITERS:
        raise click.UsageError(f"-o {out.name}: the file's name ends in one of {', '.join(_WRITERS)}")
    loaded = load_program(path, progress=console.progress, **reading)
    console.progress("building the graph")
    facts = index(loaded.program)
    sdg = graph_of(loaded.program, facts, precise=calls == "points-to")
    console.diagnostics((*loaded.project.diagnostics, *loaded.program.diagnostics, *sdg.diagnostics))
    spans = {n: facts.symbol(n).name_span for n in facts.members if facts.symbol(n).origin is Origin.MAIN}
    if not spans:
        raise RefactorError([Diagnostic("graph/no-classes", Severity.ERROR, "no class of the main sources could be read")], 4)
    shown = {"method": lambda: sdg, "class": lambda: class_view(sdg, facts.top, spans), "table": lambda: table_view(sdg)}[view]()
    if out is not None:
        console.save(out, _WRITERS[out.suffix](shown))
    nodes, edges = shown.counts()
    data = {
        "view": shown.view,
        "policy": shown.policy,
        "nodes": nodes,
        "edges": edges,
        "contexts": len(shown.contexts),
        "tables": tables_json(shown),
        "accesses": accesses_json(shown),
        "transactions": transactions_json(shown),
        "unreachable": [{"symbol": symbol, "reason": reason} for symbol, reason in shown.unreachable],
    }
    console.result("graph/1", data, graph_text(shown))
    return exit_code(loaded)


def graph_text(sdg: Sdg) -> str:
    """Counts, then each table with the classes that use it, then each transaction."""
    nodes, edges = sdg.counts()
    counts = [("nodes", kind, number) for kind, number in nodes.items()] + [("edges", kind, number) for kind, number in edges.items()]
    lines = [f"view: {sdg.view}; calls: {sdg.policy}; contexts: {len(sdg.contexts)}", "", table(("", "kind", "number"), counts)]
    users: dict[str, dict[str, Counter[str]]] = {t.name: {} for t in sdg.tables}
    for access in sdg.accesses:
        if access.io:
            owner = access.method.partition("#")[0]
            users[access.table].setdefault(owner, Counter())[access.crud.value] += 1
    rows = [
        (name, owner, "".join(k for k in "CRUD" if kinds[k]))
        for name, by_owner in users.items()
        for owner, kinds in sorted(by_owner.items()) or [("(no access found)", Counter())]
    ]
    if rows:
        lines += ["", table(("table", "class", "does"), rows)]
    if sdg.scopes:
        entries = [(s.entry.partition("(")[0], s.kind, " ".join(s.reads) or "-", " ".join(s.writes) or "-") for s in sdg.scopes]
        lines += ["", table(("transaction", "kind", "reads", "writes"), entries)]
    if sdg.unreachable:
        lines += ["", f"unreachable methods: {len(sdg.unreachable)} (--format json lists them with their reasons)"]
    return "\n".join(lines)
