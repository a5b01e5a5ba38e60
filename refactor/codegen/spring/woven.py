"""`refactor-woven.txt`: the field accesses of a part's test classes that the runtime's agent turns into calls."""

from __future__ import annotations

from refactor.codegen.spring.members import accessor_name
from refactor.codegen.spring.world import World
from refactor.ir.symbols import parse_key

WOVEN = "refactor-woven.txt"
AGENT = "-javaagent:${project.basedir}/../runtime/core/target/refactor-runtime-1.0.0.jar"


def woven_fields(world: World, part: str) -> str:
    """One line per test class and per field as a class file may name it; empty text where no test of the part needs it.

    A class file names the static type of the receiver, which may be any proxied subclass of the declaring class.
    """
    lines = []
    for place, key in sorted(world.woven):
        field = world.program.field(key)
        if place != part or field is None or world.owner(field.owner) in (None, part) or not world.is_proxied(field.owner):
            continue
        for owner in sorted(world.hierarchy.subtypes(field.owner)):
            descriptor = parse_key(key).descriptor
            lines.append(f"field {owner.replace('.', '/')} {field.name} {descriptor} {accessor_name(world, field)}")
    if not lines:
        return ""
    tests = sorted(t.name.replace(".", "/") for t in world.plan.tests if part in t.placements)
    return "\n".join([*(f"class {name}" for name in tests), *lines]) + "\n"
