"""Bytes -> tree.py. A file that does not parse is reported and left out."""

from __future__ import annotations

from tree_sitter import Node as TS

from refactor.frontend.java.build_declarations import UnitBuilder, Waiting
from refactor.frontend.java.files import JavaFile, Parsed, Source
from refactor.frontend.java.numbering import number
from refactor.frontend.java.prepass import spelled, syntax_tree
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.source import Span

_MAX_ERRORS = 5


def parse(file: JavaFile, builder: UnitBuilder | None = None, *, bodies: bool = True) -> Parsed:
    """Read and parse one file. `builder`: one that other files were built with; it knows their words already.

    Without `bodies`, those of methods and initialisers stay empty until `complete` builds them.

    before: "class A { int x = ; }"   after: Parsed(None, (java/syntax-error at 1:19,))
    """
    try:
        with open(file.absolute, "rb", buffering=0) as opened:
            raw = opened.readall()
    except OSError as error:
        span = Span(file.path, 0, 0, 1, 1)
        return Parsed(None, (Diagnostic("java/unreadable", Severity.ERROR, f"cannot read the file: {error.strerror}", span),))
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = b"   " + raw[3:]  # a byte order mark is blank; offsets stay
    source = Source(file, raw)
    builder = builder or UnitBuilder()
    root = syntax_tree(builder.parser, source.data)
    if root.has_error:
        return Parsed(None, _errors(source, root))
    try:
        waiting: list[Waiting] | None = None if bodies else []
        source.unit = builder.unit(spelled(source.data), root, waiting)
        if waiting is not None:
            source.waiting = (waiting, builder.local_classes)
        elif builder.local_classes:
            number(source.unit)
    except Exception as error:  # a shape of tree that the builders do not expect costs this file, not the run
        message = f"the syntax tree cannot be read ({type(error).__name__}: {error}); the file is left out"
        return Parsed(None, (Diagnostic("java/syntax-error", Severity.ERROR, message, source.span(0, len(source.data))),))
    notes: tuple[Diagnostic, ...] = ()
    if source.encoding != "utf-8":
        message = f"the file is not valid UTF-8; read as {source.encoding}"
        notes = (Diagnostic("java/encoding", Severity.WARNING, message, source.span(0, 0)),)
    return Parsed(source, notes)


def complete(source: Source, builder: UnitBuilder) -> tuple[Diagnostic, ...]:
    """Build the bodies that `parse` left out, and number the classes inside them.

    before: void f() {}   after: void f() { new Object() {}; }, whose class is A$1
    """
    if source.waiting is None:
        return ()
    (waiting, builder.local_classes), source.waiting = source.waiting, None
    failed = builder.bodies(spelled(source.data), waiting)
    if builder.local_classes:
        assert source.unit is not None
        number(source.unit)
    text = "a body cannot be read ({}); it is taken to do anything"
    return tuple(Diagnostic("java/unresolved", Severity.WARNING, text.format(what), source.span_of(block)) for block, what in failed)


def _errors(source: Source, root: TS) -> tuple[Diagnostic, ...]:
    """The first few ERROR and MISSING nodes."""
    found: list[Diagnostic] = []
    stack = [root]
    while stack and len(found) < _MAX_ERRORS:
        node = stack.pop()
        if node.is_missing or node.is_error:
            text = source.data[node.start_byte : node.end_byte].decode("utf-8", "replace")
            first = text.strip().splitlines()[0][:60] if text.strip() else ""
            what = f"missing {node.type}" if node.is_missing else f"unexpected {first!r}" if first else "unexpected end"
            message = f"syntax error: {what}; the file is left out"
            found.append(
                Diagnostic(
                    "java/syntax-error",
                    Severity.ERROR,
                    message,
                    source.span(node.start_byte, node.end_byte),
                    help="if javac accepts this file, it uses syntax that the grammar does not know yet (see grammars/java/language.toml)",
                )
            )
            continue
        stack.extend(c for c in reversed(node.children) if c.has_error or c.is_missing)
    return tuple(found)
