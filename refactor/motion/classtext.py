"""One class as text: which bytes are which member, with the comments that belong to it."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from refactor.codegen.spring.syntax import ANNOTATIONS, COMMENTS, Source, child, descend
from refactor.ir.symbols import ClassSymbol, FieldSymbol, MethodSymbol

_BODIES = frozenset({"class_body", "interface_body", "enum_body", "annotation_type_body"})


@dataclass(frozen=True, slots=True)
class Block:
    """A member: its declaration, and the bytes [start, end) of the lines that it takes, comments included."""

    node: Node
    start: int
    end: int


class ClassText:
    """The text of a top-level class."""

    def __init__(self, source: Source, cls: ClassSymbol) -> None:
        assert cls.name_span is not None
        self.source, self.cls, self.data = source, cls, source.data
        self.node = source.declared[cls.name_span.start]
        body = self.node.child_by_field_name("body")
        assert body is not None
        self.body = body
        self.newline = "\r\n" if b"\r\n" in source.data else "\n"

    def block(self, symbol: ClassSymbol | MethodSymbol | FieldSymbol) -> Block:
        """The member's declaration; for a field, that of all variables declared with it."""
        assert symbol.name_span is not None
        node = self.source.declared[symbol.name_span.start]
        if node.type == "variable_declarator" and node.parent is not None:
            node = node.parent
        return Block(node, self._start(node), self._end(node))

    def declarator(self, field: FieldSymbol) -> Node:
        assert field.name_span is not None
        return self.source.declared[field.name_span.start]

    def _start(self, node: Node) -> int:
        """Where the comments right above a member begin; a comment behind the member before it is that one's."""
        first, before = node, node.prev_sibling
        while before is not None and before.type in COMMENTS and first.start_point[0] - before.end_point[0] <= 1:
            above = before.prev_sibling
            if above is not None and above.type not in COMMENTS and above.end_point[0] == before.start_point[0]:
                break
            first, before = before, above
        line = self.data.rfind(b"\n", 0, first.start_byte) + 1
        return line if not self.data[line : first.start_byte].strip() else first.start_byte

    def _end(self, node: Node) -> int:
        """The end of the member's last line, with a comment that stands behind it."""
        last, after = node, node.next_sibling
        while after is not None and after.type in COMMENTS and after.start_point[0] == last.end_point[0]:
            last, after = after, after.next_sibling
        line = self.data.find(b"\n", last.end_byte)
        return line + 1 if line >= 0 and not self.data[last.end_byte : line].strip() else last.end_byte

    def without(self, block: Block) -> tuple[int, int]:
        """The bytes to remove with a member, so that one empty line is left where there were two."""
        before = self.data[: block.start].rstrip(b" \t")
        line = self.data.find(b"\n", block.end)
        empty = line >= 0 and not self.data[block.end : line].strip()
        opened = before.endswith((b"\n\n", b"\n\r\n", b"{\n", b"{\r\n"))
        return block.start, line + 1 if empty and opened else block.end

    def indent(self, node: Node) -> str:
        """The white space before the line on which a declaration begins."""
        line = self.data.rfind(b"\n", 0, node.start_byte) + 1
        text = self.data[line : node.start_byte]
        return text[: len(text) - len(text.lstrip())].decode(self.source.encoding)

    def step(self) -> str:
        """One step of indentation, as the members of the class have it."""
        first = next((n for n in self.body.named_children if n.type not in COMMENTS), None)
        inner, outer = (self.indent(first) if first is not None else ""), self.indent(self.node)
        found = inner.removeprefix(outer) if inner.startswith(outer) else ""
        return found or "    "

    def modifier(self, node: Node, word: str) -> tuple[int, int] | None:
        """The bytes of a modifier and of the white space behind it; None where the declaration has it not."""
        found = child(node, "modifiers")
        for n in found.children if found is not None else ():
            if n.type == word:
                return n.start_byte, self._after(n)
        return None

    def annotations(self, node: Node, keep: frozenset[str]) -> list[tuple[int, int]]:
        """The bytes of a declaration's annotations but for those named in `keep` (simple names), with the white space behind each."""
        found = child(node, "modifiers")
        places = []
        for n in found.children if found is not None else ():
            name = n.child_by_field_name("name")
            if n.type in ANNOTATIONS and name is not None and self.source.text(name).rpartition(".")[2] not in keep:
                places.append((n.start_byte, self._after(n)))
        return places

    def _after(self, node: Node) -> int:
        at = node.end_byte
        while at < len(self.data) and self.data[at : at + 1].isspace():
            at += 1
        return at

    def type_params(self) -> tuple[str, str]:
        """The class's type parameters as written, and their names as arguments: `<K extends A, V>`, `<K, V>`; empty where it has none."""
        node = self.node.child_by_field_name("type_parameters")
        names = ", ".join(p.name for p in self.cls.type_params)
        return (self.source.text(node), f"<{names}>") if node is not None else ("", "")

    def own_this(self, block: Block) -> list[Node]:
        """Each `this` inside a member that means the object of this class, `C.this` as a whole."""
        found = []
        for node in descend(block.node):
            if node.type == "this":
                parent = node.parent
                if parent is not None and parent.type == "field_access" and parent.child_by_field_name("field") == node:
                    named = parent.child_by_field_name("object")
                    if named is not None and self.source.text(named).rpartition(".")[2] == self.cls.simple_name:
                        found.append(parent)
                elif not self._nested(node):
                    found.append(node)
        return found

    def _nested(self, node: Node) -> bool:
        """Whether a node stands in a class inside this one."""
        at = node.parent
        while at is not None and at.id != self.body.id:
            if at.type in _BODIES:
                return True
            at = at.parent
        return False


def qualifier(name: Node) -> Node | None:
    """What stands before the dot (or `::`) of a name: `a.b` of `a.b.c`; None for a simple name."""
    parent = name.parent
    if parent is None:
        return None
    if parent.type == "field_access" and parent.child_by_field_name("field") == name:
        return parent.child_by_field_name("object")
    if parent.type == "method_invocation" and parent.child_by_field_name("name") == name:
        return parent.child_by_field_name("object")
    if parent.type == "method_reference" and parent.children[-1] == name:
        return parent.children[0]
    if parent.type in ("scoped_type_identifier", "scoped_identifier") and parent.named_children[-1] == name:
        return parent.named_children[0]
    return None


def type_of(text: ClassText, field: FieldSymbol) -> str:
    """The type of a field as written: `int[][]` of `int[] a[]`."""
    node = text.block(field).node.child_by_field_name("type")
    assert node is not None
    extra = text.declarator(field).child_by_field_name("dimensions")
    return text.source.plain(node) + (text.source.plain(extra) if extra is not None else "")
