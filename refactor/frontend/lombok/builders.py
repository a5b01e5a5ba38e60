"""@Builder on a class, a constructor or a static method: a nested builder and the method that makes one.

before: @Builder class A { int x; }
after:  static class ABuilder { private int x; ABuilder x(final int x) {..} A build() {..} }  static ABuilder builder() {..}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from refactor.frontend.java import tree as t
from refactor.frontend.lombok.marks import Mark
from refactor.frontend.lombok.shape import Shape, null_check_of, one_line


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    type: str
    nonnull: bool
    default: bool = False

    @property
    def stored(self) -> str:
        return f"{self.name}$value" if self.default else self.name


@dataclass(frozen=True, slots=True)
class Built:
    """`outside`: members of the class; `inside`: members of a builder class that the user wrote, by that class."""

    outside: tuple[str, ...]
    inside: tuple[tuple[t.ClassDecl, str], ...]


def class_builder(shape: Shape, mark: Mark) -> Built:
    fields = [f for f in shape.state if not (f.final and f.initialised and f.mark("Builder.Default") is None)]
    items = [_Item(f.name, f.type, f.nonnull and not f.primitive, f.initialised and f.mark("Builder.Default") is not None) for f in fields]
    made = f"new {shape.name}{shape.arguments}"
    return _built(shape, mark, items, shape.name, shape.name + shape.arguments, shape.variables, shape.arguments, made)


def defaults(shape: Shape) -> Iterator[str]:
    """The methods that give the fields with @Builder.Default their values."""
    if shape.mark("Builder") is None:
        return
    for f in shape.state:
        if f.mark("Builder.Default") is not None and f.init is not None:
            value = one_line(shape.data[f.init.start : f.init.end].decode())
            variables = f"{shape.variables} " if shape.variables else ""
            yield f"private static {variables}{f.type} $default${f.name}() {{ return {value}; }}"


def method_builder(shape: Shape, method: t.MethodDecl, mark: Mark) -> Built:
    items = [_Item(p.name, shape.type(p.of, p.dims), False) for p in method.params]
    if method.name == "<init>":
        made = f"new {shape.name}{shape.arguments}"
        return _built(shape, mark, items, shape.name, shape.name + shape.arguments, shape.variables, shape.arguments, made)
    result = shape.type(method.result, method.dims) if method.result is not None else "void"
    variables = "<" + ", ".join(shape.text(p) for p in method.tparams) + ">" if method.tparams else ""
    arguments = "<" + ", ".join(p.name for p in method.tparams) + ">" if method.tparams else ""
    simple = result.partition("<")[0].rpartition(".")[2]
    simple = simple[:1].upper() + simple[1:]
    return _built(shape, mark, items, simple, result, variables, arguments, f"{shape.name}.{method.name}")


def _built(
    shape: Shape, mark: Mark, items: list[_Item], simple: str, result: str, variables: str, arguments: str, made: str
) -> Built:
    pattern = shape.setting("lombok.builder.classname") or "*Builder"
    name = mark.word("builderClassName") or pattern.replace("*", simple)
    access = mark.access("access") if "access" in mark.values else "public "
    prefix = mark.word("setterPrefix")
    me = name + arguments
    written = next((m for m in shape.decl.members if isinstance(m, t.ClassDecl) and m.name == name), None)
    has = Shape(written, (), shape.data, shape.names, shape.imports, shape.settings, shape.version) if written is not None else None
    known = {f.name for f in has.fields} if has is not None else set()
    inside: list[str] = []
    for item in items:
        if item.default and f"{item.name}$set" not in known:
            inside.append(f"private boolean {item.name}$set;")
        if item.stored not in known:
            inside.append(f"private {item.type} {item.stored};")
    if has is None or not has.constructors:
        inside.append(f"{name}() {{ }}")
    for item in items:
        setter = prefix + item.name[:1].upper() + item.name[1:] if prefix else item.name
        if has is not None and has.has(setter, 1):
            continue
        check = null_check_of(shape, item.name) if item.nonnull else ""
        flag = f" {item.name}$set = true;" if item.default else ""
        body = f"{check}this.{item.stored} = {item.name};{flag} return this;"
        inside.append(f"{access}{name}{arguments} {setter}(final {item.type} {item.name}) {{ {body} }}")
    build = mark.word("buildMethodName") or "build"
    if has is None or not has.has(build, 0):
        inside.append(_build_method(shape, items, access, result, build, made))
    if has is None or not has.has("toString", 0):
        texts = ' + ", '.join(f'{item.stored}=" + {_shown(item)}' for item in items)
        title = ".".join([*(d.name for d in (*shape.outer, shape.decl)), name])
        shown = f'"{title}({texts} + ")"' if items else f'"{title}()"'
        inside.append(f"@java.lang.Override public java.lang.String toString() {{ return {shown}; }}")
    outside: list[str] = []
    if written is None:
        outside.append(f"{access}static class {name}{variables} {{ {' '.join(inside)} }}")
    factory = mark.word("builderMethodName") if "builderMethodName" in mark.values else "builder"
    if factory and not shape.has(factory, 0):
        shown = f"{variables} " if variables else ""
        outside.append(f"{access}static {shown}{me} {factory}() {{ return new {me}(); }}")
    if mark.flag("toBuilder") and not shape.has("toBuilder", 0):
        calls = "".join(f".{prefix + i.name[:1].upper() + i.name[1:] if prefix else i.name}(this.{i.name})" for i in items)
        outside.append(f"{access}{me} toBuilder() {{ return new {me}(){calls}; }}")
    return Built(tuple(outside), ((written, " ".join(inside)),) if written is not None else ())


def _build_method(shape: Shape, items: list[_Item], access: str, result: str, build: str, made: str) -> str:
    """before: a field with a default  after: its value, or what the default's method gives where none was set"""
    first = ""
    values = []
    for item in items:
        if item.default:
            first += f"{item.type} {item.stored} = this.{item.stored}; "
            first += f"if (!this.{item.name}$set) {item.stored} = {shape.name}.$default${item.name}(); "
            values.append(item.stored)
        else:
            values.append(f"this.{item.name}")
    back = "" if result == "void" else "return "
    return f"{access}{result} {build}() {{ {first}{back}{made}({', '.join(values)}); }}"


def _shown(item: _Item) -> str:
    if not item.type.endswith("[]"):
        return f"this.{item.stored}"
    flat = item.type.count("[]") == 1 and item.type.removesuffix("[]").strip().islower()
    return f"java.util.Arrays.{'toString' if flat else 'deepToString'}(this.{item.stored})"
