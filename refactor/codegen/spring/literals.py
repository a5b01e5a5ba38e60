"""Folded constants as Java literals."""

from __future__ import annotations

import math

from refactor.ir.symbols import Annotation, FieldSymbol
from refactor.ir.types import ClassType, PrimitiveType

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def literal(field: FieldSymbol) -> str:
    """The compile-time constant of a field as an expression of the field's type. Exact for NaN, infinities and -0.0."""
    value = field.constant
    name = field.type.name if isinstance(field.type, PrimitiveType) else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if name == "char":
        code = ord(value) if isinstance(value, str) else int(str(value))
        return character(code)
    if isinstance(value, str):
        return string(value)
    if name in ("float", "double"):
        return _floating(float(str(value)), name)
    number = int(str(value))
    if name == "long":
        return "Long.MIN_VALUE" if number == -(2**63) else f"{number}L"
    if name in ("byte", "short"):
        return f"({name}) {number}" if number < 0 else str(number)
    return "Integer.MIN_VALUE" if number == -(2**31) else str(number)


def annotation(mark: Annotation) -> str:
    """before: Annotation("b.When", (("names", ("x", "y")), ("strict", True)))   after: @b.When(names = {"x", "y"}, strict = true)"""
    values = ", ".join(f"{name} = {_element(value)}" for name, value in mark.values)
    return f"@{mark.name.replace('$', '.')}({values})" if values else f"@{mark.name.replace('$', '.')}"


def _element(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return string(value)
        case ClassType(name):
            return f"{name.replace('$', '.')}.class"
        case Annotation():
            return annotation(value)
        case ("enum", str(owner), str(constant)):
            return f"{owner.replace('$', '.')}.{constant}"
        case tuple():
            return f"{{{', '.join(_element(item) for item in value)}}}"
        case _:
            return str(value)


def _floating(value: float, name: str) -> str:
    box = "Float" if name == "float" else "Double"
    if math.isnan(value):
        return f"{box}.NaN"
    if math.isinf(value):
        return f"{box}.{'POSITIVE' if value > 0 else 'NEGATIVE'}_INFINITY"
    return f"{value!r}{'f' if name == 'float' else ''}"


def string(value: str) -> str:
    """A string literal in ASCII; characters outside the basic plane become surrogate pairs."""
    units = value.encode("utf-16-be", "surrogatepass")
    shown = [_unit(int.from_bytes(units[i : i + 2], "big")) for i in range(0, len(units), 2)]
    return '"' + "".join(shown) + '"'


def character(code: int) -> str:
    if code == ord("'"):
        return "'\\''"
    if code == ord('"'):
        return "'\"'"
    return f"'{_unit(code)}'"


def _unit(code: int) -> str:
    # A Unicode escape of a line end would end the line before the lexer sees the literal: those have escapes of their own.
    char = chr(code)
    if char in _ESCAPES:
        return _ESCAPES[char]
    return char if 32 <= code < 127 else f"\\u{code:04x}"
