"""@NoArgsConstructor, @RequiredArgsConstructor, @AllArgsConstructor, and those that @Data, @Value and @Builder bring.

before: @RequiredArgsConstructor class A { final B b; }    after: public A(final B b) { this.b = b; }
"""

from __future__ import annotations

from collections.abc import Iterator

from refactor.frontend.lombok.marks import Mark, extra_annotations
from refactor.frontend.lombok.shape import PRIMITIVES, Field, Shape, null_check

_EXPLICIT = ("NoArgsConstructor", "RequiredArgsConstructor", "AllArgsConstructor")


def constructors(shape: Shape) -> Iterator[str]:
    for name in _EXPLICIT:
        mark = shape.mark(name)
        if mark is not None and mark.access("access") != "none":
            yield from _constructor(shape, mark, _fields(shape, name), mark.access("access"), mark.word("staticName"))
    if shape.constructors or shape.mark(*_EXPLICIT) is not None:
        return
    value, data, builder = shape.mark("Value"), shape.mark("Data"), shape.mark("Builder")
    if builder is not None:
        yield from _constructor(shape, builder, _fields(shape, "AllArgsConstructor"), "", "")
    elif value is not None:
        yield from _constructor(shape, value, _fields(shape, "AllArgsConstructor"), "public ", value.word("staticConstructor"))
    elif data is not None:
        yield from _constructor(shape, data, _fields(shape, "RequiredArgsConstructor"), "public ", data.word("staticConstructor"))


def _fields(shape: Shape, name: str) -> list[Field]:
    if name == "NoArgsConstructor":
        return []
    open_fields = [f for f in shape.state if not (f.final and f.initialised and f.mark("Builder.Default") is None)]
    if name == "AllArgsConstructor":
        return open_fields
    return [f for f in open_fields if (f.final or (f.nonnull and not f.primitive)) and not f.initialised]


def _constructor(shape: Shape, mark: Mark, fields: list[Field], access: str, static_name: str) -> Iterator[str]:
    access = "" if shape.is_enum else access
    parameters = ", ".join(f"{f.copied}final {f.type} {f.name}" for f in fields)
    body = "".join(null_check(shape, f) for f in fields) + " ".join(f"this.{f.name} = {f.name};" for f in fields)
    if mark.name == "NoArgsConstructor":
        body += " ".join(_initial(shape, f, mark.flag("force")) for f in shape.state)
    extra = extra_annotations(mark, "onConstructor")
    yield f"{'' if static_name else extra}{'private ' if static_name else access}{shape.name}({parameters}) {{ {body} }}"
    if static_name:
        made = f"new {shape.name}{'<>' if shape.arguments else ''}({', '.join(f.name for f in fields)})"
        variables = f"{shape.variables} " if shape.variables else ""
        yield f"{access}static {variables}{shape.name}{shape.arguments} {static_name}({parameters}) {{ return {made}; }}"


def _initial(shape: Shape, f: Field, force: bool) -> str:
    """What a constructor without parameters has to give a field."""
    if f.mark("Builder.Default") is not None and f.initialised:
        return f"this.{f.name} = {shape.name}.$default${f.name}();"
    if not force or not f.final or f.initialised:
        return ""
    zero = "false" if f.type == "boolean" else "0" if f.type in PRIMITIVES else "null"
    return f"this.{f.name} = {zero};"
