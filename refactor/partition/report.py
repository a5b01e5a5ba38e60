"""A partition as one HTML page: no script, nothing loaded from anywhere, the same bytes for the same input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from refactor.partition.comparison import COLUMNS, Row
from refactor.partition.drawing import draw_parts
from refactor.partition.meanings import meaning
from refactor.partition.partitioner import Proposal

_STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1f24;background:#fff}"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;display:block;overflow-x:auto}"
    "th,td{padding:.2rem .7rem;border-bottom:1px solid #d8dee4;text-align:left;vertical-align:top}td.n{text-align:right;"
    "font-variant-numeric:tabular-nums}code{font-size:.92em}svg{max-width:100%;height:auto}summary{cursor:pointer}"
    ".warning{color:#8a4b00}.error{color:#a40e26}.muted{color:#57606a}ul{margin:.2rem 0 .2rem 1.2rem;padding:0}"
)


def partition_report(
    proposal: Proposal,
    title: str,
    rows: Sequence[Row] = (),
    *,
    labels: Mapping[str, str] | None = None,
    numbers: Mapping[str, float] | None = None,
) -> str:
    """before: a proposal, perhaps a comparison   after: the text of an HTML file

    `labels`, `numbers`: what the command prints, where it gives copied classes a home as well and measures with them: the page then says
    the same.
    """
    homes = labels if labels is not None else proposal.labels
    here = Counter(homes.values())
    sections = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{len(homes)} classes in {len(here)} parts, {len(proposal.tables)} tables with an owner"
        + (f"; {len(proposal.replicated)} of the classes are copied to every part" if proposal.replicated else "")
        + (", and counted in the one that parts.toml lists them in" if proposal.replicated and labels is not None else "")
        + ".</p>",
        _findings(proposal),
        draw_parts(proposal.placed, homes, proposal.tables),
        _metrics(proposal.metrics if numbers is None else numbers),
        _comparison(rows),
        _transactions(proposal),
        *(_part(proposal, part, proposal.parts.get(part, ()), here[part]) for part in sorted(here)),
        _replicated(proposal),
    ]
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    )
    return head + "\n".join(s for s in sections if s) + "\n</body>\n</html>\n"


def _findings(proposal: Proposal) -> str:
    items = [
        f'<li class="{d.severity.value}">{escape(d.severity.value)}: {escape(d.message)}'
        + (f' <span class="muted">({escape(d.help)})</span>' if d.help else "")
        + "</li>"
        for d in proposal.diagnostics
    ]
    return f"<h2>Findings</h2>\n<ul>{''.join(items)}</ul>" if items else ""


def _metrics(numbers: Mapping[str, float]) -> str:
    lines = []
    for name, value in numbers.items():
        said = escape(meaning(name))
        lines.append(f'<tr><td><code>{escape(name)}</code></td><td class="n">{value:.3f}</td><td class="muted">{said}</td></tr>')
    return "<h2>Metrics</h2>\n<table>\n<tr><th>name</th><th>value</th><th>meaning</th></tr>\n" + "\n".join(lines) + "\n</table>"


def _comparison(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    head = "".join(f'<th title="{escape(meaning(c))}">{escape(c)}</th>' for c in COLUMNS)
    lines = []
    for row in rows:
        cells = "".join(f'<td class="n">{row.metrics[c]:.3f}</td>' if c in row.metrics else "<td>-</td>" for c in COLUMNS)
        lines.append(f'<tr><td>{escape(row.name)}</td><td class="n">{row.runs}</td>{cells}</tr>')
    return f"<h2>Beside other algorithms</h2>\n<table>\n<tr><th>algorithm</th><th>runs</th>{head}</tr>\n" + "\n".join(lines) + "\n</table>"


def _transactions(proposal: Proposal) -> str:
    if not proposal.write_cut.proofs:
        return ""
    proofs = "".join(f"<li>{escape(p)}</li>" for p in proposal.write_cut.proofs)
    cut = "".join(f"<li><code>{escape(entry)}</code></li>" for entry in proposal.cut_transactions)
    return f"<h2>Write transactions</h2>\n<ul>{proofs}</ul>" + (f"<p>Cut in this partition:</p><ul>{cut}</ul>" if cut else "")


def _part(proposal: Proposal, part: str, classes: tuple[str, ...], number: int) -> str:
    """`number`: its classes, with the copied ones that are counted here."""
    owned = [t for t, owner in proposal.tables.items() if owner == part]
    tables = f"<p>Owns {', '.join(f'<code>{escape(t)}</code>' for t in owned)}.</p>\n" if owned else ""
    items = []
    for cls in classes:
        reasons = "".join(f"<li>{escape(r)}</li>" for r in proposal.reasons.get(cls, ()))
        items.append(f"<details><summary><code>{escape(cls)}</code></summary><ul>{reasons}</ul></details>")
    copies = f", {number - len(classes)} of them copied to every part" if number > len(classes) else ""
    head = f'<h2 id="part-{escape(part)}">{escape(part)} <span class="muted">({number}{copies})</span></h2>'
    return f"{head}\n{tables}" + "\n".join(items)


def _replicated(proposal: Proposal) -> str:
    if not proposal.replicated:
        return ""
    why = {c: "; ".join(proposal.reasons.get(c, ())) for c in proposal.replicated}
    items = "".join(f'<li><code>{escape(c)}</code> <span class="muted">{escape(reason)}</span></li>' for c, reason in why.items())
    said = "An edge to one of them is never cut; what its code calls counts as its users' calls."
    return f"<h2>Copied to every part</h2>\n<p>{said}</p>\n<ul>{items}</ul>"
