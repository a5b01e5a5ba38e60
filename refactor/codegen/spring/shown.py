"""Annotations of properties: a proxy shows those of its class to whoever binds, checks, formats or prints objects.

before (original):  @NotEmpty private String city;   public String getCity() { return city; }
after (proxy):      @NotEmpty public String getCity() { return (String) Remote.call(Endpoints$.GET_CITY, this); }

The same move is an edit of a base class's copy where a part has proxies of classes below it: their fields above hold nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from refactor.codegen.spring.beans import bean_world
from refactor.codegen.spring.javatypes import canonical
from refactor.codegen.spring.literals import string
from refactor.codegen.spring.world import World
from refactor.frameworks.properties import is_kept, moved
from refactor.frameworks.xmlcontext import xml_contexts
from refactor.ir.symbols import Annotation, ClassSymbol, MethodSymbol
from refactor.ir.types import ClassType
from refactor.isolate.plan import PartPlan
from refactor.support.source import Edit

INJECTED = "org.springframework.beans.factory.annotation.Autowired"


def of_class(world: World, cls: ClassSymbol) -> list[str]:
    """The annotations of a class that its proxy shows, as written."""
    return [_written(world, cls, m) for m in cls.annotations if is_kept(bean_world(world).facts, m)]


def of_method(world: World, cls: ClassSymbol, method: MethodSymbol) -> list[str]:
    """Those of a method, its parameters apart, and of the field that it only returns."""
    return [_written(world, cls, m) for m in _marks(world, method)]


def of_inherited(world: World, method: MethodSymbol) -> list[str]:
    """The same for a method of a superclass, whose file may import what this one does not."""
    return [_qualified(world, m) for m in _marks(world, method)]


def called_by_container(world: World, cls: ClassSymbol, method: MethodSymbol) -> list[str]:
    """What a container needs at the only constructor of a class that an XML file names: the proxy has one more, for references."""
    contexts = world.once("contexts", lambda: xml_contexts(world.program))
    named = {n for c in contexts.values() for n in c.named}
    single = sum(m.is_constructor for m in cls.methods) == 1 and bool(method.params)
    return [f"@{INJECTED}"] if single and cls.name in named and world.program.find(INJECTED) is not None else []


def moving_edits(world: World, part: PartPlan) -> Iterator[Edit]:
    """In copies of base classes with proxies below them: annotations of fields stand at the getters, which proxies override."""
    for top in part.replicas:
        for cls in world.program.members_of(top):
            below = (n for n in world.hierarchy.subtypes(cls.name) if n in world.program.classes and n != cls.name)
            if any(world.owner(n) not in (None, part.name) and world.is_proxied(n) for n in below):
                yield from _moving(world, cls)


def _moving(world: World, cls: ClassSymbol) -> Iterator[Edit]:
    data = world.source(cls).data
    for mark, field, getter in moved(bean_world(world).facts, cls):
        if mark.span is None or getter.span is None:
            continue
        why = f"a proxy below {cls.simple_name} answers {getter.name}(), but has nothing in the field {field.name}"
        end = mark.span.end
        while end < len(data) and data[end : end + 1].isspace():
            end += 1
        start = getter.span.start
        margin = data[data.rfind(b"\n", 0, start) + 1 : start]
        space = "\n" + margin.decode() if not margin.strip() else " "
        yield Edit(cls.file, mark.span.start, end, "", why)
        yield Edit(cls.file, start, start, _written(world, cls, mark) + space, why)


def _marks(world: World, method: MethodSymbol) -> list[Annotation]:
    facts, cls = bean_world(world).facts, world.program.classes.get(method.owner)
    own = [m for m in method.annotations if is_kept(facts, m)]
    of_field = [mark for mark, _, getter in (moved(facts, cls) if cls else ()) if getter.key == method.key]
    return [*own, *(m for m in of_field if m.name not in {o.name for o in own})]


def _written(world: World, cls: ClassSymbol, mark: Annotation) -> str:
    if mark.span is None:
        return _qualified(world, mark)
    return " ".join(world.source(cls).between(mark.span.start, mark.span.end).split())


def _qualified(world: World, mark: Annotation) -> str:
    """An annotation as any file can write it."""
    values = ", ".join(f"{name} = {_value(world, value)}" for name, value in mark.values)
    return f"@{canonical(world.program, mark.name)}({values})" if values else f"@{canonical(world.program, mark.name)}"


def _value(world: World, value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return string(value)
        case int():
            return f"{value}L" if abs(value) >= 2**31 else str(value)
        case ClassType(name, _):
            return f"{canonical(world.program, name)}.class"
        case Annotation():
            return _qualified(world, value)
        case ("enum", str(owner), str(constant)):
            return f"{canonical(world.program, owner)}.{constant}"
        case tuple():
            return f"{{{', '.join(_value(world, v) for v in value)}}}"
        case _:
            return str(value)
