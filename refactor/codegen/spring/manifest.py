"""`refactor-manifest.json`: what the runtime of one process needs to know about its part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from refactor.codegen.spring.beans import bean_world
from refactor.codegen.spring.opened import opened
from refactor.codegen.spring.skeleton import needs_skeleton, operations_served, served_classes, skeleton_name
from refactor.codegen.spring.world import World
from refactor.ir.symbols import ClassKind, ClassSymbol
from refactor.isolate.plan import PartPlan, Passing
from refactor.support.jsontext import indented


def manifest(world: World, part: PartPlan) -> str:
    """The manifest of one part (or of the driver) as JSON text: sorted, one entry a line."""
    owned = _classes(world, part.owned)
    present = [*owned, *_classes(world, part.replicas), *_classes(world, part.proxies)]
    by_passing = {p: sorted(c.name for c in present if _keeps_code(world, c, part) and world.passes(c.name) is p) for p in Passing}
    data = {
        "schema": "refactor-manifest/1",
        "part": part.name,
        "hash": pair_hashes(world, part),
        "owned": sorted(c.name for c in owned),
        "proxies": {c.name: world.owner(c.name) for c in _classes(world, part.proxies) if _has_proxy(world, c)},
        "values": by_passing[Passing.VALUE],
        "exceptions": by_passing[Passing.EXCEPTION],
        "enums": {c.name: world.owner(c.name) or "" for c in present if c.kind is ClassKind.ENUM},
        "interfaces": sorted({*by_passing[Passing.INTERFACE], *(c.name for c in present if c.kind is ClassKind.INTERFACE)}),
        "skeletons": [skeleton_name(world, top) for top in skeletons(world, part)],
        "beans": list(bean_world(world).shared(part.name)),
        "libraries": opened(world),
    }
    return indented(data) + "\n"


def skeletons(world: World, part: PartPlan) -> tuple[str, ...]:
    """The top-level classes that have a skeleton in the part."""
    return world.once(("skeletons", part.name), lambda: _skeletons(world, part))


def _skeletons(world: World, part: PartPlan) -> tuple[str, ...]:
    return tuple(top for top in sorted((*part.owned, *part.replicas)) if needs_skeleton(world, top, part.name))


def pair_hashes(world: World, part: PartPlan) -> dict[str, str]:
    """Other part -> a hash of everything either of the two serves: equal on both sides as long as they were built together."""
    own = interface_text(world, part)
    found = {}
    for other in world.plan.parts:
        if other.name != part.name:
            text = "\n".join(sorted((own, interface_text(world, other))))
            found[other.name] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return found


def interface_text(world: World, part: PartPlan) -> str:
    """One line per endpoint of the part: path and erased descriptor."""
    return world.once(("interface", part.name), lambda: _interface_text(world, part))


def _interface_text(world: World, part: PartPlan) -> str:
    lines = []
    for top in skeletons(world, part):
        for cls in served_classes(world, top, part.name):
            lines += [f"{cls.name}/{o.name} {o.member}" for o in operations_served(world, cls, part.name)]
    return part.name + "\n" + "\n".join(lines)


def _classes(world: World, tops: Iterable[str]) -> list[ClassSymbol]:
    """Every class of these files, nested, local and anonymous ones included, by name."""
    found = [c for top in tops for c in world.members_of(top) if not _inside_code(world, c)]
    return sorted(found, key=lambda c: c.name)


def _inside_code(world: World, cls: ClassSymbol) -> bool:
    """Whether the class is local or anonymous, or stands in one that is: other parts know such objects by their supertypes only."""
    at: ClassSymbol | None = cls
    while at is not None and not at.local and not at.anonymous:
        at = world.program.classes.get(at.outer) if at.outer else None
    return at is not None


def _has_proxy(world: World, cls: ClassSymbol) -> bool:
    """Local and anonymous classes have no generated proxy: the runtime makes one from their supertypes."""
    return not cls.local and not cls.anonymous and world.is_proxied(cls.name)


def _keeps_code(world: World, cls: ClassSymbol, part: PartPlan) -> bool:
    """Whether the part has the class itself rather than a proxy."""
    return world.owner(cls.name) in (None, part.name) or not world.is_proxied(cls.name)
