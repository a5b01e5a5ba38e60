"""Objects that a container reads and writes through their public properties alone: a proxy serves it as well as the object would.

before: @NotEmpty private String city;  public String getCity() { return city; }
after:  a proxy without the field and with `@NotEmpty` at the getter: what binds, checks, formats or prints it sees the same
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import Facts, annotation_names, flat
from refactor.frameworks.knowledge import container
from refactor.ir.statements import Invoke, Load, Return
from refactor.ir.symbols import Annotation, ClassKind, ClassSymbol, FieldSymbol, Flags, MethodSymbol


def obstacle(facts: Facts, name: str) -> str:
    """before: an application class   after: why a container sees more of it, or of a class below it, than its public properties; ""

    The object may be of any class below, and has the fields of those above.
    """
    family = {name, *facts.hierarchy.subtypes(name), *facts.hierarchy.supertypes(name)}
    found = (_of_class(facts, facts.symbol(n)) for n in sorted(family) if n in facts.top and not facts.is_test(facts.top[n]))
    return next((why for why in found if why), "")


def looks_inside(facts: Facts) -> str:
    """The library method by which the program lets its container look at the fields of objects; "" where there is none."""
    known = container()
    for site in facts.sites(Invoke):
        owner, _, rest = (cast(Invoke, site.statement).method or "").partition("#")
        name = rest.partition("(")[0]
        if name in known.inside_calls and owner.startswith(known.inside_owners) and not facts.is_test(site.top):
            return f"{owner.rpartition('.')[2]}.{name}"
    return ""


def is_kept(facts: Facts, mark: Annotation) -> bool:
    """Whether a proxy shows an annotation: it is about properties, and needs no code of the program."""
    known = container()
    return mark.name.startswith(known.kept) and mark.name not in known.inside and not any(n in facts.top for n in annotation_names(mark))


def moved(facts: Facts, cls: ClassSymbol) -> tuple[tuple[Annotation, FieldSymbol, MethodSymbol], ...]:
    """The annotations of a class's fields that hold for their getters, too: (annotation, field, getter), in source order."""
    found = []
    for field in cls.fields:
        getter = _getter(facts, cls, field)
        if getter is not None:
            found += [(mark, field, getter) for mark in field.annotations if is_kept(facts, mark)]
    return tuple(found)


def _of_class(facts: Facts, cls: ClassSymbol) -> str:
    short = cls.simple_name
    if cls.is_interface:
        return ""
    if cls.kind is not ClassKind.CLASS:
        return f"{short} is no plain class"
    made = [m for m in cls.methods if m.is_constructor and not m.params and not m.flags & Flags.PRIVATE]
    if not made and not cls.flags & Flags.ABSTRACT:
        return f"{short} has no constructor without arguments"
    for field in cls.fields:
        if field.flags & Flags.PUBLIC and not field.flags & Flags.STATIC:
            return f"the field {short}.{field.name} is public"
    for mark, where in _marks(cls):
        if not is_kept(facts, mark) and not mark.name.startswith(container().unseen):
            return f"what @{mark.name.rpartition('.')[2]} at {where} means to it is not known"
    for field in cls.fields:
        if any(is_kept(facts, m) for m in field.annotations) and _getter(facts, cls, field) is None:
            return f"the annotated field {short}.{field.name} has no getter that only returns it"
    return ""


def _marks(cls: ClassSymbol) -> Iterator[tuple[Annotation, str]]:
    yield from ((m, cls.simple_name) for m in cls.annotations)
    yield from ((m, f"{cls.simple_name}.{f.name}") for f in cls.fields for m in f.annotations)
    yield from ((m, f"{cls.simple_name}.{f.name}") for f in cls.methods for m in f.annotations)


def _getter(facts: Facts, cls: ClassSymbol, field: FieldSymbol) -> MethodSymbol | None:
    """The public method that only returns the field, and that nothing overrides."""
    if field.flags & Flags.STATIC:
        return None
    bean = field.name[:1].upper() + field.name[1:]
    for method in cls.methods:
        is_public = method.flags & Flags.PUBLIC and not method.params
        if not is_public or method.name not in (f"get{bean}", f"is{bean}") or method.result != field.type:
            continue
        body = facts.program.bodies.get(method.key)
        steps = [s for s, _, _ in flat(body.statements)] if body is not None else []
        reads = [s for s in steps if isinstance(s, Load)]
        returns = [s for s in steps if isinstance(s, Return)]
        simple = len(steps) == len(reads) + len(returns) == 2 and reads[0].field == field.key and returns[0].value == reads[0].target
        return method if simple and not _is_overridden(facts, method) else None
    return None


def _is_overridden(facts: Facts, method: MethodSymbol) -> bool:
    return any(facts.dispatch.declared(n, method) for n in facts.dispatch.subtypes(method.owner) if n != method.owner)
