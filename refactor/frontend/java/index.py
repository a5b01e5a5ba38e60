"""Program -> the JSON lines of `refactor index`: declarations and references, by file and place."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.ir.program import Program, Reference
from refactor.ir.symbols import ClassSymbol
from refactor.support.source import Span


def index(program: Program) -> Iterator[dict[str, object]]:
    """One dictionary a line, files in order, declarations before references of the same place.

    before: class A { int f() { return g(); } }
    after:  {"kind": "decl", .., "symbol": "a.A"}, {"kind": "decl", .., "symbol": "a.A#f()I"},
            {"kind": "ref", .., "symbol": null, "target": "a.A#g()I", "reason": ""}
    """
    declared: dict[str, list[tuple[Span, str]]] = {}
    for cls in program.classes.values():
        for span, symbol in _declarations(cls):
            declared.setdefault(span.file, []).append((span, symbol))
    for file in sorted(program.files):
        lines: list[tuple[int, int, str, dict[str, object]]] = []
        for span, symbol in declared.get(file, ()):
            lines.append((span.start, 0, symbol, _line("decl", span, symbol, None, "")))
        for reference in program.references.get(file, ()):
            lines.append((reference.span.start, 1, reference.target or "", _reference(reference)))
        lines.sort(key=lambda line: line[:3])
        for _, _, _, line in lines:
            yield line


def _declarations(cls: ClassSymbol) -> Iterator[tuple[Span, str]]:
    if cls.name_span is not None:
        yield cls.name_span, cls.name
    for field in cls.fields:
        if field.name_span is not None:
            yield field.name_span, field.key
    for method in cls.methods:
        if method.name_span is not None and not method.implicit:
            yield method.name_span, method.key


def _reference(reference: Reference) -> dict[str, object]:
    return _line("ref", reference.span, None, reference.target, reference.reason) | {"use": reference.kind.value}


def _line(kind: str, span: Span, symbol: str | None, target: str | None, reason: str) -> dict[str, object]:
    return {
        "kind": kind,
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "symbol": symbol,
        "target": target,
        "reason": reason,
    }
