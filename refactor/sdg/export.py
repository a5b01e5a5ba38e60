"""The graph as GraphML, DOT and JSON text; the same graph always gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from refactor.sdg.graph import EdgeKind, NodeKind, Sdg
from refactor.support.source import Span

_SHAPES = {NodeKind.METHOD: "ellipse", NodeKind.FIELD: "note", NodeKind.CLASS: "box", NodeKind.TABLE: "cylinder"}
_STYLES = {EdgeKind.CALL: "solid", EdgeKind.DATA: "dashed", EdgeKind.HEAP: "dotted", EdgeKind.TRANSACTION: "bold"}
_NODE_KEYS = ("kind", "name", "place")
_EDGE_KEYS = ("kind", "label", "source_context", "target_context", "place", "weight")


def graphml(sdg: Sdg) -> str:
    """GraphML 1.0: nodes n0, n1, ... with kind, name and place; edges with kind, label, contexts, place and weight."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    lines += [f'  <key id="{key}" for="node" attr.name="{key}" attr.type="string"/>' for key in _NODE_KEYS]
    for key in _EDGE_KEYS:
        type_ = "int" if key == "weight" else "string"
        lines.append(f'  <key id="e_{key}" for="edge" attr.name="{key}" attr.type="{type_}"/>')
    lines.append(f'  <graph id={quoteattr(sdg.view)} edgedefault="directed">')
    for number, node in enumerate(sdg.nodes):
        lines.append(f'    <node id="n{number}">{"".join(_data("", _NODE_KEYS, (node.kind.value, node.name, _place(node.span))))}</node>')
    for edge in sdg.edges:
        contexts = sdg.context(edge.source_context), sdg.context(edge.target_context)
        values = (edge.kind.value, edge.label, *contexts, _place(edge.span), edge.weight)
        lines.append(f'    <edge source="n{edge.source}" target="n{edge.target}">{"".join(_data("e_", _EDGE_KEYS, values))}</edge>')
    return "\n".join([*lines, "  </graph>", "</graphml>", ""])


def _data(prefix: str, keys: tuple[str, ...], values: tuple[object, ...]) -> Iterator[str]:
    for key, value in zip(keys, values, strict=True):
        if value not in (None, ""):
            yield f'<data key="{prefix}{key}">{escape(str(value))}</data>'


def dot(sdg: Sdg) -> str:
    """Graphviz: a shape for each kind of node, a line style for each kind of edge; parallel edges of one kind are one line."""
    lines = [f"digraph {_quoted(sdg.view)} {{", "  rankdir=LR;"]
    for number, node in enumerate(sdg.nodes):
        lines.append(f"  n{number} [label={_quoted(_short(node.name, node.kind))}, shape={_SHAPES[node.kind]}];")
    drawn: dict[tuple[int, int, EdgeKind], list[str]] = {}
    for edge in sdg.edges:
        labels = drawn.setdefault((edge.source, edge.target, edge.kind), [])
        if edge.kind is EdgeKind.TRANSACTION and edge.label not in labels:
            labels.append(edge.label)
    for (source, target, kind), labels in drawn.items():
        label = f", label={_quoted(' '.join(labels))}" if labels else ""
        lines.append(f"  n{source} -> n{target} [style={_STYLES[kind]}{label}];")
    return "\n".join([*lines, "}", ""])


def sdg_json(sdg: Sdg) -> str:
    """Everything: nodes, edges by kind, contexts, tables with columns, accesses in their transactions, what is unreachable."""
    edges: dict[str, list[list[object]]] = {kind.value: [] for kind in EdgeKind}
    for e in sdg.edges:
        edges[e.kind.value].append([e.source, e.target, e.label, e.source_context, e.target_context, _place(e.span), e.weight])
    data = {
        "schema": "sdg/1",
        "view": sdg.view,
        "policy": sdg.policy,
        "nodes": [[n.kind.value, n.name, _place(n.span)] for n in sdg.nodes],
        "edge_fields": ["source", "target", "label", "source_context", "target_context", "place", "weight"],
        "edges": edges,
        "contexts": list(sdg.contexts),
        "tables": tables_json(sdg),
        "accesses": accesses_json(sdg),
        "transactions": transactions_json(sdg),
        "unreachable": [{"symbol": symbol, "reason": reason} for symbol, reason in sdg.unreachable],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def tables_json(sdg: Sdg) -> list[dict[str, object]]:
    return [
        {
            "name": t.name,
            "columns": list(t.columns),
            "entities": list(t.entities),
            "places": [_place(s) for s in t.spans],
            "sources": list(t.sources),
        }
        for t in sdg.tables
    ]


def accesses_json(sdg: Sdg) -> list[dict[str, object]]:
    return [
        {
            "method": a.method,
            "table": a.table,
            "crud": a.crud.value,
            "place": _place(a.span),
            "text": _place(a.text),
            "source": a.source,
            "how": a.how,
            "io": a.io,
        }
        for a in sdg.accesses
    ]


def transactions_json(sdg: Sdg) -> list[dict[str, object]]:
    """`accesses` are numbers in the list of accesses."""
    number = {access: at for at, access in enumerate(sdg.accesses)}
    return [
        {
            "entry": s.entry,
            "kind": s.kind,
            "how": s.how,
            "place": _place(s.span),
            "reads": list(s.reads),
            "writes": list(s.writes),
            "accesses": [number[a] for a in s.accesses],
        }
        for s in sdg.scopes
    ]


def _place(span: Span | None) -> str | None:
    return str(span) if span else None


def _short(name: str, kind: NodeKind) -> str:
    """before: a.b.Order$Line#total(I)J   after: Order$Line.total"""
    owner, _, rest = name.partition("#")
    simple = owner.rpartition(".")[2] if kind is not NodeKind.TABLE else owner
    return f"{simple}.{rest.partition('(')[0].partition(':')[0]}" if rest else simple


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
