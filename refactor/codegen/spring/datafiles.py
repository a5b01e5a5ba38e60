"""Resources that a container reads by itself and that name classes or tables: in a part that has neither, they are left out or emptied."""

from __future__ import annotations

import re

from refactor.codegen.spring.world import World
from refactor.flow.facts import annotated
from refactor.isolate.knowledge import knowledge
from refactor.isolate.plan import PartPlan

_MAPPER = re.compile(rb"""<mapper\s[^>]*namespace\s*=\s*["']([\w.$]+)["'][^>]*>""")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_NAME = re.compile(rb"[\w$]+(?:\.[\w$]+)+")
_DATA = re.compile(r"(?:data(?:-\w+)?|import)\.sql")


def for_part(world: World, part: PartPlan, below: str, data: bytes) -> bytes | None:
    """before: a resource by its path on the class path   after: what this part has of it, None for nothing

    Rows go where entities are: a part without any has no table for them, unless a script of the monolith's makes the tables.
    """
    if below.endswith(".xml"):
        return _mapper(world, part, data)
    if _DATA.fullmatch(below) and not _has_tables(world, part):
        return None
    return data


def _mapper(world: World, part: PartPlan, data: bytes) -> bytes:
    """before: the statements of a mapper of another part, or of classes that are not here   after: an empty one, which lists may name"""
    plain = _COMMENT.sub(lambda found: b" " * len(found[0]), data)
    opened = _MAPPER.search(plain)
    if opened is None:
        return data
    present = world.present(part.name)
    elsewhere = world.owner(opened[1].decode()) not in (None, part.name)
    named = (world.program.classes.get(name.decode()) for name in _NAME.findall(plain))
    missing = elsewhere or any(cls is not None and cls.top not in present for cls in named)
    if not missing or opened[0].endswith(b"/>"):
        return data
    return data[: opened.end() - 1] + b"/>\n"


def _has_tables(world: World, part: PartPlan) -> bool:
    entities = {c.top for c in world.program.classes.values() if annotated(c, knowledge().annotations["persistent"])}
    if not entities or entities & set(part.owned):
        return True
    return any(world.program.root.rglob("schema*.sql"))
