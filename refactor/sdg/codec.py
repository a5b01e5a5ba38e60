"""The graph as few bytes: columns of numbers, every text and place once, compressed. `decode` gives the same graph back."""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from refactor.sdg.graph import Edge, EdgeKind, Node, NodeKind, Sdg
from refactor.sdg.model import Access, Crud, Table
from refactor.sdg.scopes import Scope
from refactor.support.source import Span

FORMAT = b"sdg\x01"
_NODES, _EDGES = list(NodeKind), list(EdgeKind)


@dataclass(slots=True)
class _Pool:
    """Each value once, by number."""

    numbers: dict[object, int] = field(default_factory=dict)

    def put(self, value: object) -> int:
        return self.numbers.setdefault(value, len(self.numbers))


def encode(sdg: Sdg) -> bytes:
    """before: an Sdg without its diagnostics   after: bytes; the same graph always gives the same ones"""
    texts, spans = _Pool(), _Pool()

    def span(value: Span | None) -> int:
        if value is None:
            return -1
        return spans.put((texts.put(value.file), value.start, value.end, value.line, value.column))

    def strings(values: Iterable[str]) -> list[int]:
        return [texts.put(v) for v in values]

    number = {access: at for at, access in enumerate(sdg.accesses)}
    nodes = [(_NODES.index(n.kind), texts.put(n.name), span(n.span)) for n in sdg.nodes]
    edges = [
        (e.source, e.target, _EDGES.index(e.kind), texts.put(e.label), e.source_context, e.target_context, span(e.span), e.weight)
        for e in sdg.edges
    ]
    accesses = [
        (*strings((a.method, a.table, a.crud.value)), span(a.span), *strings((a.source, a.how)), span(a.text), int(a.io))
        for a in sdg.accesses
    ]
    rest = {
        "view": sdg.view,
        "policy": sdg.policy,
        "contexts": strings(sdg.contexts),
        "tables": [
            (texts.put(t.name), strings(t.columns), strings(t.entities), [span(s) for s in t.spans], strings(t.sources)) for t in sdg.tables
        ],
        "scopes": [
            (*strings((s.entry, s.kind, s.how)), span(s.span), strings(s.reads), strings(s.writes), [number[a] for a in s.accesses])
            for s in sdg.scopes
        ],
        "unreachable": [strings(u) for u in sdg.unreachable],
    }
    columns = [_columns(nodes, 3), _columns(edges, 8), _columns(accesses, 8), _columns(spans.numbers, 5)]
    head = json.dumps({**rest, "texts": list(texts.numbers), "sizes": [[len(c) for c in t] for t in columns]}, ensure_ascii=False).encode()
    body = b"".join(c for t in columns for c in t)
    return FORMAT + zlib.compress(len(head).to_bytes(8, "little") + head + body, 6)


def _columns(rows: Iterable[Any], width: int) -> list[bytes]:
    rows = list(rows)
    columns = [array("i", (row[at] for row in rows)) for at in range(width)]
    if sys.byteorder == "big":
        for column in columns:
            column.byteswap()
    return [c.tobytes() for c in columns]


def decode(data: bytes) -> Sdg:
    """before: what `encode` wrote   after: the same Sdg; raises ValueError for anything else"""
    if not data.startswith(FORMAT):
        raise ValueError("not a system dependency graph of this version")
    raw = zlib.decompress(data[len(FORMAT) :])
    start = 8 + int.from_bytes(raw[:8], "little")
    rest = json.loads(raw[8:start])
    parts: list[list[tuple[int, ...]]] = []
    for sizes in rest["sizes"]:
        columns = []
        for size in sizes:
            column = array("i", raw[start : start + size])
            if sys.byteorder == "big":
                column.byteswap()
            columns.append(column)
            start += size
        parts.append(list(zip(*columns, strict=True)))
    nodes, edges, accesses, places = parts
    text: Callable[[int], str] = rest["texts"].__getitem__
    spans = [Span(text(file), *numbers) for file, *numbers in places]

    def span(number: int) -> Span | None:
        return spans[number] if number >= 0 else None

    def texts(numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(text(n) for n in numbers)

    found = tuple(
        Access(text(m), text(t), Crud(text(c)), spans[s], text(by), text(how), span(where), bool(io))
        for m, t, c, s, by, how, where, io in accesses
    )
    return Sdg(
        rest["view"],
        rest["policy"],
        tuple(Node(_NODES[kind], text(name), span(at)) for kind, name, at in nodes),
        tuple(Edge(s, t, _EDGES[kind], text(label), a, b, span(at), weight) for s, t, kind, label, a, b, at, weight in edges),
        texts(rest["contexts"]),
        tuple(Table(text(n), texts(c), texts(e), tuple(spans[s] for s in at), texts(by)) for n, c, e, at, by in rest["tables"]),
        found,
        tuple(_scopes(rest["scopes"], text, texts, span, found)),
        tuple((text(symbol), text(reason)) for symbol, reason in rest["unreachable"]),
    )


def _scopes(
    rows: list[tuple[int, int, int, int, list[int], list[int], list[int]]],
    text: Callable[[int], str],
    texts: Callable[[Iterable[int]], tuple[str, ...]],
    span: Callable[[int], Span | None],
    accesses: tuple[Access, ...],
) -> Iterator[Scope]:
    for entry, kind, how, at, reads, writes, inside in rows:
        yield Scope(text(entry), text(kind), text(how), span(at), texts(reads), texts(writes), tuple(accesses[n] for n in inside))
