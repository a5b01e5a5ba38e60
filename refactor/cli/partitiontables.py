"""The answers of `refactor partition --compare` and `--pieces`, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refactor.cli.console import table
from refactor.isolate.pieces import Pieces
from refactor.partition.comparison import format_rows
from refactor.partition.meanings import meaning
from refactor.pipeline.compare import Comparison


def metrics_text(metrics: Mapping[str, float]) -> str:
    """Each metric with its number and what it is."""
    return table(("metric", "value", "meaning"), [(name, f"{value:.3f}", meaning(name)) for name, value in metrics.items()])


def comparison_text(found: Comparison) -> str:
    """The table; then for each of our answers what it misses and what is proved."""
    lines = [format_rows(found.rows).rstrip(), ""]
    lines.append("coupling: records (calls, data, shared objects, each under its contexts) between parts; every class once, nothing copied")
    lines.append("_remote: what a cut makes remote when classes without state, interfaces and values are copied")
    lines.append("sites_remote: the same, counted in places of the source; rows 'with contexts' look at both")
    lines.append("Pieces: classes divided by method (--divide), measured in places of the source.")
    if found.why:
        lines.append(f"coupling counts places of the source too: {found.why}")
    said = "one and the same" if found.same else "NOT the same"
    lines.append(f"the proposals of classes: {said} answer for {found.orders} orders of nodes, edges, tables and rules; no seed enters")
    for answer in found.answers:
        lines += ["", f"{answer.name}: {', '.join(f'{part} {len(classes)}' for part, classes in answer.proposal.parts.items())}"]
        lines += [f"  {note}" for note in answer.notes]
    return "\n".join(lines)


def comparison_json(found: Comparison) -> dict[str, Any]:
    """The fields of `partition-compare/1`."""
    return {
        "rows": [{"name": row.name, "runs": row.runs, "metrics": row.metrics} for row in found.rows],
        "answers": [
            {
                "name": a.name,
                "parts": [{"name": part, "classes": list(classes)} for part, classes in a.proposal.parts.items()],
                "copied": list(a.proposal.replicated),
                "cut_write_transactions": list(a.proposal.cut_transactions),
                "notes": list(a.notes),
            }
            for a in found.answers
        ],
        "without_contexts": found.why,
        "orders": found.orders,
        "same": found.same,
    }


def pieces_text(found: Pieces) -> str:
    """Each divided class with its pieces and their reasons, then why the others stay whole."""
    lines = []
    for cls, pieces in found.pieces.items():
        lines.append(f"{cls}: {sum(not p.copied for p in pieces)} pieces")
        lines += [f"  {p.name.rpartition('~')[2]} ({len(p.methods)}): {p.reason}" for p in pieces]
        for p in found.staying.get(cls, ()):
            why = f"{p.hindrance.message} [{p.hindrance.rule}]" if p.hindrance else ""
            lines.append(f"  {p.name.rpartition('~')[2]} ({len(p.methods)}) stays: {why}")
    lines += [f"{cls} stays whole: {why}" for cls, why in found.whole.items()]
    return "\n".join(lines)


def pieces_json(found: Pieces) -> dict[str, Any]:
    """The fields of `partition-pieces/1`."""
    return {
        "classes": [
            {
                "class": cls,
                "pieces": [
                    {
                        "name": p.name,
                        "methods": list(p.methods),
                        "fields": list(p.fields),
                        "nested": list(p.nested),
                        "static": p.static,
                        "copied": p.copied,
                        "why": p.reason,
                    }
                    for p in pieces
                ],
                "staying": [
                    {"name": p.name, "methods": list(p.methods), "rule": p.hindrance.rule, "why": p.hindrance.message}
                    for p in found.staying.get(cls, ())
                    if p.hindrance
                ],
            }
            for cls, pieces in found.pieces.items()
        ],
        "whole": [{"class": cls, "why": why} for cls, why in found.whole.items()],
    }
