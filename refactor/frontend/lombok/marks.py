"""Which annotations of a file are Lombok's, and what they say.

before: import lombok.*;  @Getter(AccessLevel.PACKAGE) class A {}
after:  {A: (Mark("Getter", values={"value": "AccessLevel.PACKAGE"}),)}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from refactor.frontend.java import tree as t

_PACKAGES = ("lombok.", "lombok.extern.slf4j.", "lombok.extern.java.", "lombok.extern.log4j.", "lombok.extern.apachecommons.",
             "lombok.extern.jbosslog.", "lombok.extern.flogger.", "lombok.extern.jackson.", "lombok.experimental.")  # fmt: skip
WRITTEN = frozenset(
    {"Getter", "Setter", "Data", "Value", "ToString", "EqualsAndHashCode", "NoArgsConstructor", "RequiredArgsConstructor",
     "AllArgsConstructor", "Builder", "With", "NonNull", "SneakyThrows", "FieldDefaults", "Accessors", "UtilityClass", "Slf4j", "XSlf4j",
     "Log", "Log4j", "Log4j2", "CommonsLog", "JBossLog", "ToString.Exclude", "ToString.Include", "EqualsAndHashCode.Exclude",
     "EqualsAndHashCode.Include", "Builder.Default", "NonFinal", "PackagePrivate", "Generated"}
)  # fmt: skip
"""What `expand` writes out; every other annotation of Lombok is told as such."""
_OTHERS = frozenset(
    {"Cleanup", "CustomLog", "Delegate", "ExtensionMethod", "FieldNameConstants", "Flogger", "Helper", "Jacksonized", "Locked",
     "Locked.Read", "Locked.Write", "Singular", "StandardException", "SuperBuilder", "Synchronized", "Tolerate", "WithBy", "Wither"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotation of Lombok; `values` are the texts of its elements, `lists` those of braces (one value is a list of one)."""

    name: str
    node: t.AnnotationNode
    values: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]

    def flag(self, name: str, default: bool = False) -> bool:
        return self.values.get(name, "true" if default else "false") == "true"

    def word(self, name: str) -> str:
        """A string element without its quotes; empty where it is not stated."""
        return self.values.get(name, "").strip('"')

    def access(self, name: str = "value") -> str:
        """before: AccessLevel.PROTECTED  after: "protected "; "none" for NONE"""
        level = self.values.get(name, "PUBLIC").rpartition(".")[2]
        return {"PUBLIC": "public ", "MODULE": "", "PACKAGE": "", "PROTECTED": "protected ", "PRIVATE": "private ", "NONE": "none"}[level]


class Names:
    """The simple names by which one file may write Lombok's annotations."""

    def __init__(self, unit: t.Unit) -> None:
        self.known: dict[str, str] = {}
        self.demanded: list[str] = []
        for imported in unit.imports:
            if imported.static:
                continue
            if imported.demand and f"{imported.name}." in _PACKAGES:
                self.demanded.append(f"{imported.name}.")
            elif any(imported.name.startswith(p) for p in _PACKAGES):
                short = _short(imported.name)
                self.known[imported.name.rpartition(".")[2]] = short

    def of(self, name: str) -> str | None:
        """before: "Builder.Default", "lombok.Getter", "Value"  after: the name below Lombok's package, or None"""
        if name.startswith("lombok."):
            return _short(name)
        first, dot, rest = name.partition(".")
        if first in self.known:
            return self.known[first] + dot + rest
        return name if self.demanded and (name in WRITTEN or name in _OTHERS) else None

    def __bool__(self) -> bool:
        return bool(self.known or self.demanded)


def _short(name: str) -> str:
    parts = name.split(".")
    return ".".join(p for p in parts if p[:1].isupper()) or parts[-1]


def marks(names: Names, data: bytes, annotations: Iterable[t.AnnotationNode]) -> tuple[Mark, ...]:
    """Lombok's among `annotations`, in their order."""
    found = []
    for node in annotations:
        name = names.of(".".join(p.name for p in node.name.parts))
        if name is not None:
            values: dict[str, str] = {}
            lists: dict[str, tuple[str, ...]] = {}
            for key, value in node.values:
                texts = tuple(_text(data, v) for v in (value if isinstance(value, list) else [value]))
                lists[key] = tuple(x.strip('"') for x in texts)
                if len(texts) == 1:
                    values[key] = texts[0]
            found.append(Mark(name, node, values, lists))
    return tuple(found)


def extra_annotations(mark: Mark, key: str) -> str:
    """before: onMethod_ = {@Deprecated}, or onMethod = @__(@Deprecated)   after: "@Deprecated " """
    found = list(mark.lists.get(f"{key}_", ()))
    for text in mark.lists.get(key, ()):
        inner = re.fullmatch(r"@_+\(\s*\{?(.*?)\}?\s*\)", text)
        found += [inner[1].replace(", @", " @") if inner is not None else text]
    return "".join(f"{text} " for text in found)


def _text(data: bytes, node: Any) -> str:
    return re.sub(r"\s+", " ", data[node.start : node.end].decode()).strip()


def classes(unit: t.Unit) -> Iterator[tuple[t.ClassDecl, tuple[t.ClassDecl, ...]]]:
    """Member classes of a file with those around them, outermost first."""

    def below(decl: t.ClassDecl, outer: tuple[t.ClassDecl, ...]) -> Iterator[tuple[t.ClassDecl, tuple[t.ClassDecl, ...]]]:
        yield decl, outer
        for member in decl.members:
            if isinstance(member, t.ClassDecl):
                yield from below(member, (*outer, decl))

    for decl in unit.types:
        yield from below(decl, ())
