"""Annotations of class files (JVMS 4.7.16) as ir.symbols.Annotation."""

from __future__ import annotations

from refactor.frontend.java.classfile.pool import ClassFormatError, ConstantPool
from refactor.frontend.java.classfile.signature import field_descriptor
from refactor.ir.symbols import Annotation
from refactor.ir.types import ClassType


def read_annotations(data: bytes, at: int, pool: ConstantPool) -> tuple[Annotation, ...]:
    """The annotations of a Runtime(In)VisibleAnnotations attribute whose content starts at `at`."""
    return _annotations(data, at, pool)[0]


def read_parameter_annotations(data: bytes, at: int, pool: ConstantPool) -> tuple[tuple[Annotation, ...], ...]:
    """The annotations of each parameter that the attribute counts."""
    count = data[at]
    at += 1
    found = []
    for _ in range(count):
        annotations, at = _annotations(data, at, pool)
        found.append(annotations)
    return tuple(found)


def _annotations(data: bytes, at: int, pool: ConstantPool) -> tuple[tuple[Annotation, ...], int]:
    count = _u2(data, at)
    at += 2
    found = []
    for _ in range(count):
        annotation, at = _annotation(data, at, pool)
        found.append(annotation)
    return tuple(found), at


def _annotation(data: bytes, at: int, pool: ConstantPool) -> tuple[Annotation, int]:
    name = _class_name(pool.utf8(_u2(data, at)))
    pairs = _u2(data, at + 2)
    at += 4
    values = []
    for _ in range(pairs):
        key = pool.utf8(_u2(data, at))
        value, at = _value(data, at + 2, pool)
        values.append((key, value))
    return Annotation(name, tuple(values)), at


def _value(data: bytes, at: int, pool: ConstantPool) -> tuple[object, int]:
    tag = chr(data[at])
    at += 1
    match tag:
        case "B" | "D" | "F" | "I" | "J" | "S" | "s":
            return pool.constant(_u2(data, at)), at + 2
        case "Z":
            return bool(pool.constant(_u2(data, at))), at + 2
        case "C":
            return character(pool.constant(_u2(data, at))), at + 2
        case "e":
            return ("enum", _class_name(pool.utf8(_u2(data, at))), pool.utf8(_u2(data, at + 2))), at + 4
        case "c":
            return field_descriptor(pool.utf8(_u2(data, at))), at + 2
        case "@":
            return _annotation(data, at, pool)
        case "[":
            count = _u2(data, at)
            at += 2
            values = []
            for _ in range(count):
                value, at = _value(data, at, pool)
                values.append(value)
            return tuple(values), at
        case _:
            raise ClassFormatError(f"unknown annotation value tag {tag!r}")


def character(value: object) -> str:
    """A char constant: class files hold its number, the IR a string of length 1 whose type is char."""
    assert isinstance(value, int)
    return chr(value)


def _class_name(descriptor: str) -> str:
    type_ = field_descriptor(descriptor)
    return type_.name if isinstance(type_, ClassType) else descriptor


def _u2(data: bytes, at: int) -> int:
    return (data[at] << 8) | data[at + 1]
