"""The import lines of a generated file: those of the original that it still needs and that still resolve, plus the runtime's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tree_sitter import Node

from refactor.codegen.spring.javatypes import Scope
from refactor.codegen.spring.syntax import Source, child, identifiers
from refactor.codegen.spring.world import World
from refactor.ir.symbols import ClassSymbol, Origin

RUNTIME = "refactor.runtime"


@dataclass(frozen=True, slots=True)
class RuntimeNames:
    """How a file says `refactor.runtime.X`: by simple name where that name means nothing else there."""

    taken: frozenset[str]
    scope: Scope

    def __call__(self, name: str) -> str:
        return f"{RUNTIME}.{name}" if name in self.taken else name

    def imports(self, text: str, names: tuple[str, ...]) -> list[str]:
        """Import lines for those of `names` that `text` mentions by simple name."""
        words = identifiers(text)
        return [f"import {RUNTIME}.{name};" for name in names if name in words and name not in self.taken]


def runtime_names(world: World, cls: ClassSymbol, source: Source) -> RuntimeNames:
    """Names that a generated file of this class must not import: those the source uses, and those of its package and supertypes."""
    words = identifiers(source.data.decode(errors="replace"))
    taken = {c.simple_name for c in world.program.classes.values() if c.package == cls.package}
    taken |= {source.plain(n).rpartition(".")[2].rstrip("; ") for n in source.imports()}
    for member in world.members_of(cls.top):
        for name in world.hierarchy.supertypes(member.name):
            found = world.program.find(name)
            taken |= {m.rpartition("$")[2] for m in found.members} if found else set()
        taken |= {p.name for p in member.type_params} | {p.name for m in member.methods for p in m.type_params}
    return RuntimeNames(words | taken, Scope(cls.package, frozenset(taken)))


def package_names(world: World, cls: ClassSymbol) -> RuntimeNames:
    """The same for a file without imports of its own in the class's package."""
    taken = frozenset(c.simple_name for c in world.program.classes.values() if c.package == cls.package)
    return RuntimeNames(taken, Scope(cls.package, taken))


def original_imports(world: World, source: Source, part: str, body: str) -> list[str]:
    """The imports of a source file that a file with the text `body` in `part` still needs, in their order.

    before: import java.util.List; import shop.absent.Thing; import static shop.Money.of;
    after:  import java.util.List;   (Thing is not in this part, `of` is not mentioned)
    """
    words = identifiers(body)
    kept = []
    for node in source.imports():
        named = child(node, "asterisk") is not None or source.plain(imported(node)).rpartition(".")[2] in words
        if named and resolves(world, source, node, part):
            kept.append(source.plain(node))
    return kept


def imported(node: Node) -> Node:
    """The name in an import declaration."""
    found = child(node, "scoped_identifier", "identifier")
    assert found is not None
    return found


def resolves(world: World, source: Source, node: Node, part: str) -> bool:
    """Whether what an import declaration names is in the part; what is no application class always is."""
    name = source.plain(imported(node))
    present = world.present(part)
    is_static = child(node, "static") is not None
    if child(node, "asterisk") is None:
        return _class_present(world, name.rpartition(".")[0] if is_static else name, present)
    if is_static:
        return _class_present(world, name, present)
    return _class_present(world, name, present) and _package_present(world, name, {n.rpartition(".")[0] for n in present})


def _class_present(world: World, dotted: str, present: frozenset[str]) -> bool:
    """Whether the part has the application class around `a.b.C.D`; true for what is no application class."""
    top = dotted
    while top:
        cls = world.program.classes.get(top)
        if cls is not None:
            return cls.origin is not Origin.MAIN or top in present
        top = top.rpartition(".")[0]
    return True


def _package_present(world: World, name: str, packages: set[str]) -> bool:
    """Whether the on-demand import of a package (or of a class's members) finds anything in this part."""
    of_application = any(c.package == name and c.outer is None for c in world.program.classes.values())
    return not of_application or name in packages


def header(what: str, cls: ClassSymbol, detail: str) -> str:
    """The line that says what a generated file is."""
    return f"// {what} of {cls.name}, generated from {cls.file}. {detail}"


def compilation_unit(first: str, package: str, imports: list[str], body: str) -> str:
    """Header, package, imports and declarations as one file."""
    lines = [first]
    if package:
        lines += [f"package {package};", ""]
    if imports:
        lines += [*dict.fromkeys(imports), ""]
    return "\n".join(lines) + "\n" + body.rstrip("\n") + "\n"


def indent(lines: list[str], levels: int) -> list[str]:
    """Indent by four spaces a level; empty lines stay empty."""
    return [("    " * levels + line) if line else "" for line in lines]


Replacements = Mapping[tuple[int, int], str]
"""Byte range -> text, for splicing generated text into original text."""
