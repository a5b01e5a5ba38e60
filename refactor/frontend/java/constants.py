"""Constant expressions (JLS 15.29): folding as the JVM computes. A char is its code unit, a boolean a bool."""

from __future__ import annotations

import math
from typing import Any

from refactor.frontend.java.literals import to_float
from refactor.ir.types import ClassType, PrimitiveType, Type

_BITS = {"byte": 8, "short": 16, "char": 16, "int": 32, "long": 64}
_RANK = {"byte": 0, "short": 0, "char": 0, "int": 0, "long": 1, "float": 2, "double": 3}


def wrap(value: int, kind: str) -> int:
    """Reduce to the range of an integral type."""
    bits = _BITS[kind]
    value &= (1 << bits) - 1
    return value - (1 << bits) if kind != "char" and value >= 1 << (bits - 1) else value


def promoted(left: str, right: str = "int") -> str:
    """Binary numeric promotion."""
    rank = max(_RANK.get(left, 0), _RANK.get(right, 0))
    return ("int", "long", "float", "double")[rank]


def convert(value: Any, to: Type, source: Type | None = None) -> tuple[Any] | None:
    """Cast a constant; None where the result is not constant."""
    if isinstance(to, ClassType):
        return (value,) if to.name == "java.lang.String" and isinstance(value, str) else None
    if not isinstance(to, PrimitiveType):
        return None
    if to.name == "boolean":
        return (value,) if isinstance(value, bool) else None
    if isinstance(value, bool | str):
        return None
    if to.name in _BITS:
        if isinstance(value, float):
            if math.isnan(value):
                return (0,)
            bits = 64 if to.name == "long" else 32
            low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
            value = high if value >= high else low if value <= low else int(value)
        return (wrap(value, to.name),)
    try:
        number = float(value)
    except OverflowError:
        return None
    return (to_float(number) if to.name == "float" else number,)


def unary(op: str, value: Any, kind: str) -> tuple[Any] | None:
    if op == "!":
        return (not value,) if isinstance(value, bool) else None
    if isinstance(value, bool | str):
        return None
    if op == "+":
        return (value,)
    if op == "-":
        return (wrap(-value, kind) if isinstance(value, int) else -value,)
    if op == "~" and isinstance(value, int):
        return (wrap(~value, kind),)
    return None


def text(value: Any, type_: Type) -> str | None:
    """A constant as string concatenation prints it; None for floating point, whose digits only the platform knows."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return chr(value) if type_ == PrimitiveType("char") else str(value)
    if isinstance(value, float) and value == int(value) if isinstance(value, float) and math.isfinite(value) else False:
        return f"{value:.1f}" if abs(value) < 1e7 and not (value == 0 and math.copysign(1, value) < 0) else None
    return None


def binary(op: str, left: Any, left_type: Type, right: Any, right_type: Type) -> tuple[Any] | None:
    """Fold one binary operation; None where it is not constant (division by zero, for one)."""
    if op == "+" and (isinstance(left, str) or isinstance(right, str)):
        one, two = text(left, left_type), text(right, right_type)
        return (one + two,) if one is not None and two is not None else None
    if isinstance(left, str) or isinstance(right, str):
        return (left == right,) if op == "==" else (left != right,) if op == "!=" else None
    if isinstance(left, bool) or isinstance(right, bool):
        return _logic(op, left, right) if isinstance(left, bool) and isinstance(right, bool) else None
    if op in ("<<", ">>", ">>>"):
        return _shift(op, left, promoted(getattr(left_type, "name", "int")), right)
    kind = promoted(getattr(left_type, "name", "int"), getattr(right_type, "name", "int"))
    if kind in ("float", "double"):
        return _floating(op, float(left), float(right), kind)
    return _integral(op, left, right, kind)


def _logic(op: str, left: bool, right: bool) -> tuple[Any] | None:
    match op:
        case "&&" | "&":
            return (left and right,)
        case "||" | "|":
            return (left or right,)
        case "^" | "!=":
            return (left != right,)
        case "==":
            return (left == right,)
    return None


def _shift(op: str, left: Any, kind: str, right: Any) -> tuple[Any] | None:
    if not isinstance(left, int) or not isinstance(right, int):
        return None
    count = right & (_BITS[kind] - 1)
    if op == "<<":
        return (wrap(left << count, kind),)
    if op == ">>":
        return (left >> count,)
    return (wrap((left & ((1 << _BITS[kind]) - 1)) >> count, kind),)


def _integral(op: str, left: int, right: int, kind: str) -> tuple[Any] | None:
    match op:
        case "+":
            return (wrap(left + right, kind),)
        case "-":
            return (wrap(left - right, kind),)
        case "*":
            return (wrap(left * right, kind),)
        case "/" | "%":
            if right == 0:
                return None
            quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
            return (wrap(quotient if op == "/" else left - quotient * right, kind),)
        case "&":
            return (left & right,)
        case "|":
            return (left | right,)
        case "^":
            return (left ^ right,)
    return _compare(op, left, right)


def _floating(op: str, left: float, right: float, kind: str) -> tuple[Any] | None:
    try:
        match op:
            case "+":
                value = left + right
            case "-":
                value = left - right
            case "*":
                value = left * right
            case "/":
                if right == 0.0:
                    sign = math.copysign(1, left) * math.copysign(1, right)
                    value = math.nan if left == 0 or math.isnan(left) else sign * math.inf
                else:
                    value = left / right
            case "%":
                value = math.fmod(left, right)
            case _:
                return _compare(op, left, right)
    except (OverflowError, ValueError):
        return (math.nan,)
    return (to_float(value) if kind == "float" else value,)


def _compare(op: str, left: Any, right: Any) -> tuple[Any] | None:
    match op:
        case "==":
            return (left == right,)
        case "!=":
            return (left != right,)
        case "<":
            return (left < right,)
        case "<=":
            return (left <= right,)
        case ">":
            return (left > right,)
        case ">=":
            return (left >= right,)
    return None
