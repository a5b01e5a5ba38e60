"""Concrete tree -> tree.py: types, type parameters, annotations, modifiers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from sys import intern
from typing import Any, Final

from tree_sitter import Node as TS

from refactor.frontend.java import grammar
from refactor.frontend.java import tree as t
from refactor.ir.symbols import Flags

COMMENTS: Final = frozenset({"line_comment", "block_comment"})
_MODIFIER_BITS: Final = {
    "public": Flags.PUBLIC.value,
    "private": Flags.PRIVATE.value,
    "protected": Flags.PROTECTED.value,
    "static": Flags.STATIC.value,
    "final": Flags.FINAL.value,
    "synchronized": Flags.SYNCHRONIZED.value,
    "volatile": Flags.VOLATILE.value,
    "transient": Flags.TRANSIENT.value,
    "native": Flags.NATIVE.value,
    "abstract": Flags.ABSTRACT.value,
    "strictfp": Flags.STRICT.value,
    "default": Flags.DEFAULT.value,
    "sealed": Flags.SEALED.value,
    "non-sealed": Flags.NON_SEALED.value,
}
_MODIFIERS: Final = {grammar.token(word): bits for word, bits in _MODIFIER_BITS.items()}
_ANNOTATIONS: Final = frozenset({"annotation", "marker_annotation"})
_ANNOTATION: Final = frozenset(map(grammar.kind, _ANNOTATIONS))
_MODIFIER_LIST: Final = grammar.kind("modifiers")
_SIMPLE: Final = frozenset({grammar.kind("type_identifier"), grammar.kind("identifier")})
_PRIMITIVE: Final = frozenset(map(grammar.kind, ("integral_type", "floating_point_type", "boolean_type", "void_type")))
FEW: Final = 8
"""Up to so many children are taken one by one: quicker, but each costs a walk over those before it."""


@cache
def flags_of(bits: int) -> Flags:
    """Flags(bits), made once: enum's call is slow."""
    return Flags(bits)


class Words(dict[bytes, str]):
    """The text of identifiers, decoded once each."""

    def __missing__(self, key: bytes) -> str:
        found = self[key] = intern(key.decode())
        return found


class TypeBuilder:
    """Builds types; the base of the expression, statement and declaration builders."""

    expr: Callable[[TS], t.Expr]

    def __init__(self) -> None:
        self.data = b""
        self.words = Words()
        self.uses: list[t.Expr] = []
        """Where to put the nodes that may use a member: the list of the class being built."""
        self.local_classes = 0
        """Classes met inside code so far: tells which members need numbering."""

    def text(self, n: TS) -> str:
        return self.words[self.data[n.start_byte : n.end_byte]]

    @staticmethod
    def kids(n: TS) -> list[TS]:
        """The named children without comments."""
        count = n.named_child_count
        if count == 1:
            only: TS | None = n.named_child(0)
            return [only] if only is not None and not only.is_extra else []
        return [c for c in n.named_children if not c.is_extra] if count else []

    def type(self, n: TS) -> t.TypeNode:
        number = n.kind_id
        start, end = n.start_byte, n.end_byte
        if number in _SIMPLE:
            return t.TName(start, end, [t.Part(start, end, self.words[self.data[start:end]])])
        if number in _PRIMITIVE:
            return t.TPrim(start, end, self.words[self.data[start:end]])
        kind = n.type
        if kind == "generic_type" or kind == "scoped_type_identifier" or kind == "scoped_identifier" or kind == "field_access":
            return t.TName(start, end, self.parts(n))
        if kind == "array_type":
            element = n.child_by_field_name("element")
            dims = n.child_by_field_name("dimensions")
            assert element is not None
            assert dims is not None
            return self.array(self.type(element), self.dims(dims), end)
        if kind == "annotated_type":
            return self.type(self.kids(n)[-1])
        if kind == "wildcard":
            bound = [c for c in self.kids(n) if c.type not in _ANNOTATIONS]
            is_super = bool(bound) and bound[0].type == "super"
            return t.TWild(start, end, self.type(bound[-1]) if bound else None, is_super)
        return t.TName(start, end, [t.Part(start, end, self.text(n))])

    def parts(self, n: TS) -> list[t.Part]:
        kind = n.type
        if kind == "type_identifier" or kind == "identifier" or kind == "this" or kind == "super":
            return [t.Part(n.start_byte, n.end_byte, self.text(n))]
        kids = [c for c in self.kids(n) if c.type not in _ANNOTATIONS]
        parts = self.parts(kids[0])
        if kind == "generic_type":
            parts[-1].args = [self.type(c) for c in self.kids(kids[1])]
        else:
            for kid in kids[1:]:
                parts.extend(self.parts(kid))
        return parts

    def array(self, element: t.TypeNode, dims: int, end: int) -> t.TypeNode:
        for _ in range(dims):
            element = t.TArray(element.start, end, element)
        return element

    @staticmethod
    def dims(n: TS | None) -> int:
        """The number of `[]` of a `dimensions` node."""
        return sum(1 for c in n.children if c.type == "[") if n is not None else 0

    def targs(self, n: TS | None) -> list[t.TypeNode]:
        return [self.type(c) for c in self.kids(n)] if n is not None else []

    def tparams(self, n: TS | None) -> list[t.TParam]:
        found: list[t.TParam] = []
        for kid in self.kids(n) if n is not None else ():
            name, bounds = "", []
            for part in self.kids(kid):
                if part.type == "type_bound":
                    bounds = [self.type(c) for c in self.kids(part)]
                elif part.type not in _ANNOTATIONS:
                    name = self.text(part)
            found.append(t.TParam(kid.start_byte, kid.end_byte, name, bounds))
        return found

    def modifiers(self, n: TS | None) -> tuple[Flags, list[t.AnnotationNode]]:
        """Flags and annotations of a `modifiers` node."""
        flags, annotations = 0, []
        for kid in n.children if n is not None else ():
            number = kid.kind_id
            flag = _MODIFIERS.get(number)
            if flag is not None:
                flags |= flag
            elif number in _ANNOTATION:
                annotations.append(self.annotation(kid))
        return flags_of(flags), annotations

    def own_modifiers(self, n: TS) -> tuple[Flags, list[t.AnnotationNode]]:
        """Those of the `modifiers` child of a declaration."""
        first: TS | None = n.child(0)
        if first is not None and first.is_extra:
            first = next((c for c in n.children if not c.is_extra), None)
        return self.modifiers(first) if first is not None and first.kind_id == _MODIFIER_LIST else (Flags.NONE, [])

    def annotation(self, n: TS) -> t.AnnotationNode:
        name = n.child_by_field_name("name")
        assert name is not None
        values: list[tuple[str, Any]] = []
        arguments = n.child_by_field_name("arguments")
        for kid in self.kids(arguments) if arguments is not None else ():
            if kid.type == "element_value_pair":
                key, value = kid.child_by_field_name("key"), kid.child_by_field_name("value")
                assert key is not None
                assert value is not None
                values.append((self.text(key), self.element_value(value)))
            else:
                values.append(("value", self.element_value(kid)))
        return t.AnnotationNode(n.start_byte, n.end_byte, t.TName(name.start_byte, name.end_byte, self.parts(name)), values)

    def element_value(self, n: TS) -> Any:
        """An Expr, an AnnotationNode, or a list of those."""
        if n.type in _ANNOTATIONS:
            return self.annotation(n)
        if n.type == "element_value_array_initializer":
            return [self.element_value(c) for c in self.kids(n)]
        return self.expr(n)
