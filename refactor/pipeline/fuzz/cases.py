"""Self-contained cases: the sources of a program, its parts, and what both runs said. Fixed bugs stay as `fixtures/fuzz/*.case`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_MARK = "==== "


@dataclass(frozen=True, slots=True)
class Case:
    """`about`: what went wrong, in words. `expected`, `actual`: the traces when the case was found."""

    about: str
    kind: str
    package: str
    parts: Mapping[str, str]
    sources: Mapping[str, str]
    expected: str = ""
    actual: str = ""


def dump_case(case: Case) -> str:
    """The text of a case file."""
    lines = [*(f"# {line}" for line in case.about.splitlines()), f"kind = {case.kind}", f"package = {case.package}"]
    sections = [("parts", "".join(f"{name} = {part}\n" for name, part in case.parts.items()))]
    sections += [(f"file {name}", text) for name, text in case.sources.items()]
    sections += [("monolith", case.expected), ("split", case.actual)]
    return "\n".join(lines) + "\n" + "".join(f"{_MARK}{name}\n{text}{'' if text.endswith(chr(10)) else chr(10)}" for name, text in sections)


def load_case(text: str) -> Case:
    """The case of a file's text. Raises ValueError for text that is not one."""
    head, *rest = ("\n" + text).split("\n" + _MARK)
    about = "\n".join(line[2:] for line in head.splitlines() if line.startswith("# "))
    fields = dict(line.split(" = ", 1) for line in head.splitlines() if " = " in line and not line.startswith("#"))
    sections = {name: body for name, _, body in (section.partition("\n") for section in rest)}
    if "parts" not in sections or "package" not in fields:
        raise ValueError("not a case: it has no package or no parts")
    parts = dict(line.split(" = ", 1) for line in sections["parts"].splitlines() if " = " in line)
    sources = {name.removeprefix("file "): body + "\n" for name, body in sections.items() if name.startswith("file ")}
    return Case(about, fields.get("kind", ""), fields["package"], parts, sources, sections.get("monolith", ""), sections.get("split", ""))


def read_cases(folder: Path) -> dict[str, Case]:
    """All cases of a folder by name."""
    return {path.stem: load_case(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.case"))}


def renamed(case: Case, package: str) -> Case:
    """The same case in another package: many cases run in one virtual machine."""
    old, new = case.package, package

    def text(given: str) -> str:
        return given.replace(old, new)

    folder = old.replace(".", "/")
    sources = {name.replace(folder, new.replace(".", "/")): text(body) for name, body in case.sources.items()}
    parts = {text(name): part for name, part in case.parts.items()}
    return Case(case.about, case.kind, new, parts, sources, text(case.expected), text(case.actual))
