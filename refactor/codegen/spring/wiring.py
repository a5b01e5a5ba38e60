"""Annotations that make classes beans by naming them: in a part that has only proxies of some, those are not named.

before: @Import({Orders.class, Bills.class})    after (in the part that owns Orders): @Import({Orders.class, shop.RemoteBeans.class})

The generated configuration takes their place, so that a context which only imports, and does not scan, has their beans too.
"""

from __future__ import annotations

from collections.abc import Iterator

from refactor.codegen.spring.beans import bean_world, configuration, home
from refactor.codegen.spring.syntax import descend
from refactor.codegen.spring.world import World
from refactor.flow.facts import annotated
from refactor.frameworks.knowledge import container
from refactor.frameworks.model import BeanKind
from refactor.frameworks.spring import made_once
from refactor.frameworks.springbeans import literals, packages_of
from refactor.ir.symbols import Annotation, ClassSymbol
from refactor.isolate.plan import PartPlan
from refactor.support.source import Edit


def wiring_edits(world: World, part: PartPlan) -> Iterator[Edit]:
    """The edits of one part's copies; the bean of another part is declared by the generated configuration instead."""
    marks = container().imports | container().settings
    for top in (*part.owned, *part.replicas):
        for cls in world.program.members_of(top):
            for mark in cls.annotations:
                if mark.name in marks and mark.span is not None:
                    yield from _without_proxies(world, part.name, cls, mark)
                elif mark.name in container().mapper_scans and mark.span is not None and not _maps(world, part.name, cls, mark):
                    why = "the mappers that it finds live in other parts"
                    yield Edit(cls.file, mark.span.start, mark.span.end, "", why)
            made_by = home(world, cls.name)
            if world.owner(cls.name) is None and made_by not in (None, part.name):
                found, facts = bean_world(world).found, bean_world(world).facts
                once = {b.span for b in found.declared_in(cls.name) if made_once(found, facts, b)}
                for method in cls.methods:
                    bean = annotated(method, container().methods)
                    if bean is not None and bean.span is not None and (method.name_span or method.span) in once:
                        yield Edit(cls.file, bean.span.start, bean.span.end, "", f"the bean {method.name} is made in part {made_by}")
                yield from _without_work(world, cls, made_by or "")


def _without_work(world: World, cls: ClassSymbol, elsewhere: str) -> Iterator[Edit]:
    """before: class App implements Look, CommandLineRunner { @Override void run(..)   after: class App implements Look { void run(..)"""
    known = container()
    why = f"what {cls.name.rpartition('.')[2]} does when it starts is done in part {elsewhere}"
    gone = [n for n, i in enumerate(cls.interfaces) if i.name in known.works_once]
    for method in cls.methods:
        marks = known.work_marks_once | ({"java.lang.Override"} if gone and method.name in known.works_once_methods else frozenset())
        for mark in method.annotations:
            if mark.name in marks and mark.span is not None:
                yield Edit(cls.file, mark.span.start, mark.span.end, "", why)
    if not gone or cls.span is None:
        return
    source = world.source(cls)
    node = source.root.descendant_for_byte_range(cls.span.start, cls.span.end)
    clause = next((n for n in descend(node) if n.type == "super_interfaces"), None) if node is not None else None
    listed = next((n.named_children for n in clause.named_children if n.type == "type_list"), []) if clause is not None else []
    assert clause is not None, cls.name
    assert len(listed) == len(cls.interfaces), cls.name
    kept = ", ".join(source.text(n) for at, n in enumerate(listed) if at not in gone)
    yield Edit(cls.file, clause.start_byte, clause.end_byte, f"implements {kept}" if kept else "", why)


def _maps(world: World, part: str, cls: ClassSymbol, mark: Annotation) -> bool:
    """Whether a scan for mappers finds one that this part has, or any that nobody owns."""
    packages = tuple(f"{p}." for p in packages_of(mark, cls))
    found = (b for b in bean_world(world).found.beans if b.kind is BeanKind.REPOSITORY and b.type.startswith(packages))
    owners = {world.owner(b.declared_in) for b in found}
    return not owners or bool(owners & {None, part})


def _without_proxies(world: World, part: str, cls: ClassSymbol, mark: Annotation) -> Iterator[Edit]:
    assert mark.span is not None
    source = world.source(cls)
    node = source.root.descendant_for_byte_range(mark.span.start, mark.span.end)
    named = literals(mark)
    found = [n for n in descend(node) if n.type == "class_literal"] if node is not None else []
    if len(found) != len(named):
        return
    gone = [n for n in named if world.owner(n) not in (None, part) and world.is_proxied(n)]
    if not gone:
        return
    why = f"{', '.join(n.rpartition('.')[2] for n in gone)} of {', '.join(sorted({world.owner(n) or '' for n in gone}))} is no bean here"
    kept = [source.text(literal) for literal, name in zip(found, named, strict=True) if name not in gone]
    if mark.name in container().imports and bean_world(world).application is not None:
        kept.append(f"{configuration(world)}.class")
    array = next((n for n in descend(node) if n.type == "element_value_array_initializer"), None) if node is not None else None
    value = array or (found[0] if len(found) == 1 else None)
    if kept and value is not None:
        text = ", ".join(kept)
        yield Edit(cls.file, value.start_byte, value.end_byte, f"{{{text}}}" if array or len(kept) > 1 else text, why)
    elif node is not None:
        yield Edit(cls.file, node.start_byte, node.end_byte, "", why)
