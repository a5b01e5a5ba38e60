"""tree-sitter's Java grammar: the language, and the numbers of its kinds and fields.

A node's `kind_id` is a plain number; its `type` is text that is made anew for each look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

import tree_sitter_java
from tree_sitter import Language

LANGUAGE: Final = Language(tree_sitter_java.language())
_Found = TypeVar("_Found")


def kind(name: str) -> int:
    """The number of a named kind of node; raises ValueError where the grammar has none."""
    found = LANGUAGE.id_for_node_kind(name, True)
    if not found:
        raise ValueError(f"no kind of node in the grammar: {name}")
    return found


def token(text: str) -> int:
    """The number of a keyword or sign; raises ValueError where the grammar has none."""
    found = LANGUAGE.id_for_node_kind(text, False)
    if not found:
        raise ValueError(f"no token in the grammar: {text}")
    return found


def field(name: str) -> int:
    """The number of a field; raises ValueError where the grammar has none."""
    found = LANGUAGE.field_id_for_name(name)
    if not found:
        raise ValueError(f"no field in the grammar: {name}")
    return found


def by_kind(named: Mapping[str, _Found], other: _Found) -> list[_Found]:
    """A table by `kind_id` from one by `type`; `other` stands for every other kind."""
    table = [other] * LANGUAGE.node_kind_count
    for name, value in named.items():
        table[kind(name)] = value
    return table


ARGUMENTS: Final = field("arguments")
FIELD: Final = field("field")
LEFT: Final = field("left")
NAME: Final = field("name")
OBJECT: Final = field("object")
OPERATOR: Final = field("operator")
RIGHT: Final = field("right")
TYPE: Final = field("type")
VALUE: Final = field("value")
