"""Golden cases: fixtures/codegen/*.case hold a toy monolith and what is generated for it, side by side.

    ## parts
    desk: desk.Desk
    ## file shop/Order.java
    package shop; ...
    ## expect desk shop.Order
    // Proxy of shop.Order ...
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from refactor.support.resources import resource

MARK = "## "


@dataclass(frozen=True, slots=True)
class Case:
    path: Path
    parts: dict[str, list[str]]
    files: dict[str, str]
    expected: dict[tuple[str, str], str]

    def rewrite(self, answers: dict[tuple[str, str], str]) -> None:
        """The file with new answers; the input sections stay as they are."""
        parts = "".join(f"{name}: {' '.join(classes)}\n" for name, classes in self.parts.items())
        text = f"{MARK}parts\n{parts}"
        text += "".join(f"{MARK}file {path}\n{source}" for path, source in self.files.items())
        text += "".join(f"{MARK}expect {part} {cls}\n{answer}" for (part, cls), answer in answers.items())
        self.path.write_text(text, encoding="utf-8")


def cases() -> list[Path]:
    return sorted((resource("fixtures/codegen")).glob("*.case"))


def read_case(path: Path) -> Case:
    parts: dict[str, list[str]] = {}
    files: dict[str, str] = {}
    expected: dict[tuple[str, str], str] = {}
    sections: list[tuple[list[str], list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith(MARK):
            sections.append((line[len(MARK) :].split(), []))
        else:
            sections[-1][1].append(line)
    for head, lines in sections:
        text = "".join(lines)
        match head:
            case ["parts"]:
                parts = {n.strip(): c.split() for n, _, c in (line.partition(":") for line in lines if line.strip())}
            case ["file", name]:
                files[name] = text
            case ["expect", part, cls]:
                expected[part, cls] = text
            case _:
                raise ValueError(f"{path}: unknown section {head}")
    return Case(path, parts, files, expected)
