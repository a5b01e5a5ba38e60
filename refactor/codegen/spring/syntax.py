"""Java source as text with structure: parsed once per file, nodes found by the byte where a name stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import tree_sitter_java
from tree_sitter import Language, Node, Parser, Query, QueryCursor

from refactor.frontend.java.prepass import syntax_tree

_LANGUAGE = Language(tree_sitter_java.language())
TYPE_NODES = frozenset(
    {"class_declaration", "interface_declaration", "enum_declaration", "record_declaration", "annotation_type_declaration"}
)
ANNOTATIONS = frozenset({"annotation", "marker_annotation"})
COMMENTS = frozenset({"line_comment", "block_comment"})
_SPACE = re.compile(r"\s+")
_NAMED = (*sorted(TYPE_NODES), "annotation_type_element_declaration", "compact_constructor_declaration", "constructor_declaration",
          "enum_constant", "method_declaration", "module_declaration", "variable_declarator")  # fmt: skip
_DECLARATIONS = Query(_LANGUAGE, f"[{' '.join(f'({kind} name: (_) @name)' for kind in _NAMED)}] @declaration")


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One parsed file."""

    path: str
    data: bytes
    root: Node
    encoding: str = "utf-8"
    _declared: dict[int, Node] = field(default_factory=dict)

    @property
    def declared(self) -> dict[int, Node]:
        """From the start byte of a declaration's name to the declaration; found when first asked for: most files are only copied."""
        if not self._declared:
            found = QueryCursor(_DECLARATIONS).matches(self.root)
            self._declared.update((nodes["name"][0].start_byte, nodes["declaration"][0]) for _, nodes in found)
        return self._declared

    def text(self, node: Node) -> str:
        """The node's text as written."""
        return self.between(node.start_byte, node.end_byte)

    def between(self, start: int, end: int) -> str:
        """The text of a byte range."""
        return self.data[start:end].decode(self.encoding)

    def plain(self, node: Node) -> str:
        """The node's text without annotations and comments, white space collapsed: `List<@NonNull String>` -> `List<String>`."""
        dropped = [n for n in descend(node) if n.type in ANNOTATIONS or n.type in COMMENTS] if self._may_drop(node) else []
        pieces, at = [], node.start_byte
        for gone in dropped:
            if gone.start_byte < at:
                continue
            pieces.append(self.between(at, gone.start_byte))
            at = gone.end_byte
        pieces.append(self.between(at, node.end_byte))
        text = _SPACE.sub(" ", " ".join(pieces) if len(pieces) > 1 else pieces[0]).strip()
        return re.sub(r"(?<=[<(\[]) | (?=[>,)\]])", "", text) if len(pieces) > 1 else text

    def _may_drop(self, node: Node) -> bool:
        """Whether there may be an annotation or a comment inside: a look at the text, cheaper than one at the tree."""
        start, end = node.start_byte, node.end_byte
        return self.data.find(b"@", start, end) >= 0 or self.data.find(b"/", start, end) >= 0

    def package(self) -> str:
        for node in self.root.named_children:
            if node.type == "package_declaration":
                return next((self.plain(n) for n in node.named_children if n.type in ("identifier", "scoped_identifier")), "")
        return ""

    def imports(self) -> tuple[Node, ...]:
        return tuple(n for n in self.root.named_children if n.type == "import_declaration")


def parse(path: str, data: bytes) -> Source:
    """Parse one file; positions are bytes of `data`. What is not UTF-8 is read as ISO 8859-1, as the front end does."""
    root = syntax_tree(Parser(_LANGUAGE), data)
    return Source(path, data, root, _encoding(data))


def _encoding(data: bytes) -> str:
    try:
        data.decode()
    except UnicodeDecodeError:
        return "iso-8859-1"
    return "utf-8"


def descend(node: Node) -> Iterator[Node]:
    """Every node below and including `node`, parents first, in source order, without recursion (deep expressions are common)."""
    todo = [node]
    while todo:
        current = todo.pop()
        yield current
        todo.extend(reversed(current.children))


def postfix(place: Node) -> Node | None:
    """The `x++` or `x--` whose variable `place` is, if it is one: the grammar reads `-x++` as `(-x)++` and `(int) x++` as `((int) x)++`."""
    node = place
    while node.parent is not None and node.parent.type in ("unary_expression", "cast_expression") and node.parent.children[-1] == node:
        node = node.parent
    parent = node.parent
    return parent if parent is not None and parent.type == "update_expression" and parent.children[0] == node else None


def child(node: Node, *types: str) -> Node | None:
    """The first direct child of one of the types."""
    return next((n for n in node.children if n.type in types), None)


def modifiers(source: Source, node: Node) -> tuple[str, ...]:
    """The modifier words of a declaration, as written, without annotations."""
    found = child(node, "modifiers")
    return tuple(source.text(n) for n in found.children if n.type not in ANNOTATIONS and n.type not in COMMENTS) if found else ()


def annotation_names(source: Source, node: Node) -> tuple[str, ...]:
    """The names of a declaration's annotations, as written."""
    found = child(node, "modifiers")
    nodes = [n for n in found.children if n.type in ANNOTATIONS] if found else []
    return tuple(source.text(name) for n in nodes if (name := n.child_by_field_name("name")) is not None)


def identifiers(text: str) -> frozenset[str]:
    """Every word of `text` that may be an identifier (comments and strings included: an over-approximation)."""
    return frozenset(re.findall(r"[A-Za-z_$][\w$]*", text))
