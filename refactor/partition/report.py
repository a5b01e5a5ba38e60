"""A partition as one HTML page: no script, nothing loaded from anywhere, the same bytes for the same input."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from refactor.partition.comparison import COLUMNS, Row
from refactor.partition.drawing import draw_parts
from refactor.partition.partitioner import Proposal

_MEANING = {
    "parts": "number of parts",
    "largest": "classes in the largest part",
    "largest_share": "its share of the classes; one part is 1",
    "coverage": "assigned classes / all",
    "coupling": "edge weight between parts / all edge weight; lower is better, one part is 0",
    "coupling_paper": "the same with every cut edge counted for both its parts",
    "cohesion_cargo": "mean of 2i / (2i + e) over parts; one part is 1",
    "cohesion_paper": "mean of i / (i + e) over parts",
    "icp": "calls between parts / all calls",
    "icp_mono2micro": "the same, each pair of classes weighted ln(calls) + 1",
    "dtp": "transactional purity: 1 - mean entropy of the parts that access a table; 1 is best",
    "table_entropy": "1 - dtp",
    "ned": "share of classes in parts of fewer than 5 or more than 20 classes; lower is better",
    "sm": "structural modularity; higher is better",
    "ifn": "classes per part that other parts call",
    "cut_write_transactions": "transactions that write tables of more than one part",
    "coupling_remote": "coupling of the calls and field accesses that stay remote when stateless code, interfaces and values are copied",
    "largest_share_remote": "largest_share of the classes that are not copied",
    "ned_remote": "ned of the classes that are not copied",
    "dtp_remote": "dtp of the classes that are not copied",
    "copied": "classes that are copied to every part that needs them",
    "stability": "adjusted Rand index between runs with other seeds; 1 is always the same",
}
_STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1f24;background:#fff}"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;display:block;overflow-x:auto}"
    "th,td{padding:.2rem .7rem;border-bottom:1px solid #d8dee4;text-align:left;vertical-align:top}td.n{text-align:right;"
    "font-variant-numeric:tabular-nums}code{font-size:.92em}svg{max-width:100%;height:auto}summary{cursor:pointer}"
    ".warning{color:#8a4b00}.error{color:#a40e26}.muted{color:#57606a}ul{margin:.2rem 0 .2rem 1.2rem;padding:0}"
)


def partition_report(proposal: Proposal, title: str, rows: Sequence[Row] = ()) -> str:
    """before: a proposal, perhaps a comparison   after: the text of an HTML file"""
    sections = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{len(proposal.labels)} classes in {len(proposal.parts)} parts, {len(proposal.tables)} tables with an owner"
        + (f", {len(proposal.replicated)} classes copied to every part" if proposal.replicated else "")
        + ".</p>",
        _findings(proposal),
        draw_parts(proposal.placed, proposal.labels, proposal.tables),
        _metrics(proposal),
        _comparison(rows),
        _transactions(proposal),
        *(_part(proposal, part, classes) for part, classes in proposal.parts.items()),
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


def _metrics(proposal: Proposal) -> str:
    lines = []
    for name, value in proposal.metrics.items():
        meaning = escape(_MEANING.get(name, ""))
        lines.append(f'<tr><td><code>{escape(name)}</code></td><td class="n">{value:.3f}</td><td class="muted">{meaning}</td></tr>')
    return "<h2>Metrics</h2>\n<table>\n<tr><th>name</th><th>value</th><th>meaning</th></tr>\n" + "\n".join(lines) + "\n</table>"


def _comparison(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    head = "".join(f'<th title="{escape(_MEANING.get(c, ""))}">{escape(c)}</th>' for c in COLUMNS)
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


def _part(proposal: Proposal, part: str, classes: tuple[str, ...]) -> str:
    owned = [t for t, owner in proposal.tables.items() if owner == part]
    tables = f"<p>Owns {', '.join(f'<code>{escape(t)}</code>' for t in owned)}.</p>\n" if owned else ""
    items = []
    for cls in classes:
        reasons = "".join(f"<li>{escape(r)}</li>" for r in proposal.reasons.get(cls, ()))
        items.append(f"<details><summary><code>{escape(cls)}</code></summary><ul>{reasons}</ul></details>")
    return f'<h2 id="part-{escape(part)}">{escape(part)} <span class="muted">({len(classes)})</span></h2>\n{tables}' + "\n".join(items)


def _replicated(proposal: Proposal) -> str:
    if not proposal.replicated:
        return ""
    why = {c: "; ".join(proposal.reasons.get(c, ())) for c in proposal.replicated}
    items = "".join(f'<li><code>{escape(c)}</code> <span class="muted">{escape(reason)}</span></li>' for c, reason in why.items())
    said = "An edge to one of them is never cut; what its code calls counts as its users' calls."
    return f"<h2>Copied to every part</h2>\n<p>{said}</p>\n<ul>{items}</ul>"
