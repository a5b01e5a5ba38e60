"""@Getter, @Setter, @With: one method a field.

before: @Getter private boolean isOpen;    after: public boolean isOpen() { return this.isOpen; }
"""

from __future__ import annotations

from collections.abc import Iterator

from refactor.frontend.lombok.marks import Mark, extra_annotations
from refactor.frontend.lombok.shape import Field, Shape, null_check


def getter_name(shape: Shape, f: Field) -> str:
    fluent = _accessors(shape, f).flag("fluent", shape.setting("lombok.accessors.fluent") == "true")
    return f.name if fluent else ("is" if f.type == "boolean" else "get") + _capital(_base(f))


def getter_names(shape: Shape, f: Field) -> tuple[str, ...]:
    """Every name by which a getter of the field may already be there."""
    base = _base(f)
    if getter_name(shape, f) == f.name:
        return (f.name,)
    if f.type == "boolean":
        return tuple(dict.fromkeys(p + _capital(b) for b in (base, f.name) for p in ("is", "get")))
    return ("get" + _capital(base),)


def setter_name(shape: Shape, f: Field) -> str:
    fluent = _accessors(shape, f).flag("fluent", shape.setting("lombok.accessors.fluent") == "true")
    return f.name if fluent else "set" + _capital(_base(f))


def getter_call(shape: Shape, f: Field, of: str) -> str:
    """How a generated method of the object reads a field: by its getter where there is one or will be."""
    for name in getter_names(shape, f):
        for method in shape.methods(name):
            if not method.params:
                return f"{of}.{name}()"
    mark = _effective(shape, f, "Getter", ("Data", "Value"))
    if mark is not None and mark.access() != "none":
        return f"{of}.{getter_name(shape, f)}()"
    return f"{of}.{f.name}"


def getters(shape: Shape) -> Iterator[str]:
    for f in shape.fields:
        mark = _effective(shape, f, "Getter", ("Data", "Value"))
        if mark is None or mark.access() == "none" or any(shape.has(n, 0) for n in getter_names(shape, f)):
            continue
        name = getter_name(shape, f)
        shape.made.add((name.lower(), 0))
        static, of = ("static ", shape.name) if f.static else ("", "this")
        yield f"{f.copied}{extra_annotations(mark, 'onMethod')}{mark.access()}{static}{f.type} {name}() {{ return {of}.{f.name}; }}"


def setters(shape: Shape) -> Iterator[str]:
    for f in shape.fields:
        mark = _effective(shape, f, "Setter", ("Data",))
        if mark is None or mark.access() == "none" or f.final or shape.has(setter_name(shape, f), 1):
            continue
        name = setter_name(shape, f)
        shape.made.add((name.lower(), 1))
        accessors = _accessors(shape, f)
        fluent = accessors.flag("fluent", shape.setting("lombok.accessors.fluent") == "true")
        chained = accessors.flag("chain", fluent or shape.setting("lombok.accessors.chain") == "true") and not f.static
        result, back = (shape.name + shape.arguments, " return this;") if chained else ("void", "")
        static, of = ("static ", shape.name) if f.static else ("", "this")
        parameter = f"{f.copied}{extra_annotations(mark, 'onParam')}final {f.type} {f.name}"
        head = f"{extra_annotations(mark, 'onMethod')}{mark.access()}{static}{result} {name}({parameter})"
        yield f"{head} {{ {null_check(shape, f)}{of}.{f.name} = {f.name};{back} }}"


def withers(shape: Shape) -> Iterator[str]:
    for f in shape.state:
        mark = _effective(shape, f, "With", ())
        if mark is None or mark.access() == "none" or (f.final and f.initialised):
            continue
        name = "with" + _capital(_base(f))
        if shape.has(name, 1):
            continue
        shape.made.add((name.lower(), 1))
        values = ", ".join(f.name if g is f else f"this.{g.name}" for g in shape.state if not (g.final and g.initialised))
        made = f"new {shape.name}{'<>' if shape.arguments else ''}({values})"
        head = f"{mark.access()}{shape.name}{shape.arguments} {name}({f.copied}final {f.type} {f.name})"
        yield f"{head} {{ {null_check(shape, f)}return this.{f.name} == {f.name} ? this : {made}; }}"


def _effective(shape: Shape, f: Field, name: str, whole: tuple[str, ...]) -> Mark | None:
    """The field's own annotation, else that of the class, else what @Data or @Value stand for."""
    own = f.mark(name)
    if own is not None:
        return own
    if f.static or f.name.startswith("$"):
        return None
    mark = shape.mark(name)
    if mark is not None:
        return mark
    base = shape.mark(*whole) if whole else None
    return Mark(name, base.node, {}, {}) if base is not None else None


def _accessors(shape: Shape, f: Field) -> Mark:
    for mark in (*f.marks, *shape.marks):
        if mark.name == "Accessors":
            return mark
    for outer in reversed(shape.outer):
        above = Shape(outer, (), shape.data, shape.names, shape.imports, shape.settings, shape.version).mark("Accessors")
        if above is not None:
            return above
    return Mark("Accessors", shape.decl.annotations[0] if shape.decl.annotations else f.decl, {}, {})  # type: ignore[arg-type]


def _base(f: Field) -> str:
    """The name of the property: a boolean `isOpen` is `open`."""
    if f.type == "boolean" and len(f.name) > 2 and f.name.startswith("is") and not f.name[2].islower():
        return f.name[2].lower() + f.name[3:]
    return f.name


def _capital(name: str) -> str:
    return name[:1].title() + name[1:]
