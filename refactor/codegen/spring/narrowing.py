"""The constants that an assignment narrows (JLS 5.2): `byte b = 5` is one, `byte b = n` is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tree_sitter import Node

from refactor.codegen.spring.syntax import COMMENTS, Source, descend, modifiers
from refactor.codegen.spring.world import World
from refactor.ir.program import RefKind

_LITERALS = frozenset(
    {"character_literal", "true", "false", "string_literal", *(f"{base}_integer_literal" for base in ("decimal", "hex", "octal", "binary")),
     "decimal_floating_point_literal", "hex_floating_point_literal"}
)  # fmt: skip
_OPERATIONS = frozenset({"parenthesized_expression", "unary_expression", "binary_expression", "ternary_expression"})
_PRIMITIVE = frozenset({"integral_type", "floating_point_type", "boolean_type"})
_STRING = frozenset({"String", "java.lang.String"})
_SCOPES = frozenset({"block", "switch_block_statement_group", "constructor_body", "for_statement", "lambda_expression"})


def narrowed_constants(indexed: World, source: Source, value: Node) -> Iterator[Node]:
    """The constant expressions that may be what `value` yields, outermost first: its branches, where it has some.

    before: flag ? 5 : LIMIT * 2      after: `5`, and `LIMIT * 2` where LIMIT is a constant
    """
    constants = _constant_names(indexed, source)
    todo = [value]
    while todo:
        node = todo.pop()
        if _is_constant(source, constants, node):
            yield node
        elif node.type == "parenthesized_expression":
            todo.extend(n for n in node.named_children if n.type not in COMMENTS)
        elif node.type == "ternary_expression":
            todo.extend(b for name in ("alternative", "consequence") if (b := node.child_by_field_name(name)) is not None)
        elif node.type == "switch_expression":
            todo.extend(_results(node))


def _results(switch: Node) -> Iterator[Node]:
    """What a switch yields: the expressions of its rules and its `yield` statements, not those of another switch inside."""
    todo = [n for n in switch.named_children if n.type == "switch_block"]
    while todo:
        node = todo.pop()
        if node.type == "switch_rule":
            last = node.named_children[-1]
            todo.append(last)
            if last.type == "expression_statement":
                yield last.named_children[0]
        elif node.type == "yield_statement":
            yield from (n for n in node.named_children if n.type not in COMMENTS)
        elif node.type.endswith(("statement", "block", "group", "clause")) or node.type == "block":
            todo.extend(node.named_children)


def _is_constant(source: Source, constants: Mapping[int, bool], node: Node) -> bool:
    todo = [node]
    while todo:
        node = todo.pop()
        inner = [n for n in node.named_children if n.type not in COMMENTS]
        if node.type in _LITERALS:
            continue
        if node.type in _OPERATIONS:
            todo.extend(inner)
        elif node.type == "cast_expression":
            type_, value = node.child_by_field_name("type"), node.child_by_field_name("value")
            if type_ is None or value is None or not (type_.type in _PRIMITIVE or source.text(type_) in _STRING):
                return False
            todo.append(value)
        elif node.type == "identifier":
            if not constants.get(node.start_byte, False):
                local = None if node.start_byte in constants else _local(source, node)
                if local is None:
                    return False
                todo.append(local)
        elif node.type == "field_access":
            field = node.child_by_field_name("field")
            if field is None or not constants.get(field.start_byte, False):
                return False
        else:
            return False
    return True


def _constant_names(indexed: World, source: Source) -> Mapping[int, bool]:
    """Place of a field's name in the file -> whether the field is a constant."""

    def found() -> dict[int, bool]:
        references = indexed.program.references.get(source.path, ())
        fields = ((r, indexed.program.field(r.target)) for r in references if r.kind is RefKind.FIELD and r.target is not None)
        return {r.span.start: f is not None and f.constant is not None for r, f in fields}

    return indexed.once(("constant names", source.path), found)


def _local(source: Source, name: Node) -> Node | None:
    """The initialiser of the local constant that a name means: of the nearest declaration around it, if that is final and primitive."""
    text, node = source.text(name), name
    while node.parent is not None:
        before = node.prev_named_sibling
        while before is not None and node.parent.type in _SCOPES:
            declared = _declarator(source, before, text)
            if declared is not None:
                type_ = before.child_by_field_name("type")
                known = type_ is not None and (type_.type in _PRIMITIVE or source.text(type_) in (*_STRING, "var"))
                return declared.child_by_field_name("value") if known and "final" in modifiers(source, before) else None
            before = before.prev_named_sibling
        node = node.parent
    return None


def _declarator(source: Source, statement: Node, name: str) -> Node | None:
    if statement.type != "local_variable_declaration":
        return None
    for node in descend(statement):
        if node.type == "variable_declarator":
            found = node.child_by_field_name("name")
            if found is not None and source.text(found) == name:
                return node
    return None
