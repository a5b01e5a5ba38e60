"""parts.toml: what people say about the parts, read with places for every complaint, and written back.

Patterns: `a.b.*` the classes of one package, `a.b.**` of a package and everything below, `a.b.C` one class. The most
specific pattern that matches a class places it: the class itself, then its outer classes from the inside out, then
the package, then trees from the longest. A nested class so follows its outer class unless something names it.

`a.b.C~find` is a piece: the group of methods of C that `find` belongs to (`refactor partition --pieces` lists them). It becomes
a class of its own in that part before anything is placed; the rest of C is placed as any class. Where C has several methods
of the name, their groups all go there; `a.b.C~find(Ljava/lang/String;)` names one of them.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from refactor.partition.naming import RESERVED
from refactor.partition.partslines import LineFinder
from refactor.support.diagnostics import Diagnostic, Note, RefactorError, Severity
from refactor.support.source import Span

PROPOSE = "propose"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
PIECE = "~"  # between a class and a method of it; no class name has it
_PATTERN = re.compile(r"[^\W\d][\w$]*(\.[^\W\d][\w$]*)*(\.\*\*?|~[^\W\d][\w$]*(\([\w$/;\[]*\))?)?|\*\*?")
_KEYS: dict[str, frozenset[str]] = {
    "parts": frozenset({"classes", "tables"}),
    "build": frozenset({"args", "exclude_tests"}),
    "options": frozenset({"rest"}),
    "run": frozenset({"main", "args", "stdin"}),
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One entry of a `classes` list and where it stands."""

    text: str
    span: Span

    @property
    def is_piece(self) -> bool:
        """Whether it names methods of a class, not classes: the class that they become takes its place (`in_place`)."""
        return PIECE in self.text

    def specificity(self, cls: str) -> tuple[int, int] | None:
        """How closely the pattern names `cls` (larger is closer), None where it does not match."""
        package = cls.rpartition(".")[0]
        if self.text.endswith("**"):
            tree = self.text[:-2].rstrip(".")
            inside = not tree or package == tree or package.startswith(tree + ".")
            return (0, len(tree)) if inside else None
        if self.text.endswith("*"):
            return (1, 0) if package == self.text[:-1].rstrip(".") else None
        if cls == self.text:
            return (3, 0)
        return (2, len(self.text)) if cls.startswith(self.text + "$") else None


@dataclass(frozen=True, slots=True)
class PartSpec:
    """One `[parts.name]` table."""

    name: str
    patterns: tuple[Pattern, ...]
    tables: tuple[Pattern, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class RunSpec:
    """One `[[run]]`: a main program that `refactor verify` runs on both sides, with its arguments and its input as text."""

    main: str
    args: tuple[str, ...]
    stdin: str
    span: Span


@dataclass(frozen=True, slots=True)
class PartsFile:
    """A parts.toml that is well formed in itself; whether it fits a program is `assign`'s to say."""

    parts: tuple[PartSpec, ...]
    build_args: tuple[str, ...] = ()
    exclude_tests: tuple[str, ...] = ()
    rest: str = PROPOSE
    runs: tuple[RunSpec, ...] = ()

    def pieces(self) -> tuple[tuple[str, Pattern], ...]:
        """(part, entry) for every piece that is named."""
        return tuple((part.name, p) for part in self.parts for p in part.patterns if p.is_piece)

    def in_place(self, classes: Mapping[str, tuple[str, ...]]) -> PartsFile:
        """The same with the classes that pieces became, by the entry's text, in the place of the pieces."""
        parts = []
        for part in self.parts:
            names = dict.fromkeys((n, p.span) for p in part.patterns for n in (classes[p.text] if p.is_piece else (p.text,)))
            parts.append(replace(part, patterns=tuple(Pattern(n, span) for n, span in names)))
        return replace(self, parts=tuple(parts))


@dataclass(frozen=True, slots=True)
class PartialAssignment:
    """`assigned` and, for each of its classes, the pattern that did it; `unassigned` is the partitioner's to place."""

    assigned: dict[str, str]
    reasons: dict[str, str]
    unassigned: tuple[str, ...]
    tables: dict[str, str]
    rest: str
    diagnostics: tuple[Diagnostic, ...]


def read_parts(path: Path, root: Path | None = None) -> PartsFile:
    """before: the file   after: a PartsFile; spans name the file relative to `root` where that is given

    Raises RefactorError: exit code 4 where it cannot be read as TOML, 2 where what it says is wrong use.
    """
    shown = path.relative_to(root).as_posix() if root is not None and path.is_relative_to(root) else path.as_posix()
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RefactorError([Diagnostic("parts/unreadable", Severity.ERROR, f"{shown}: {error}")], exit_code=4) from error
    return parse_parts(text, shown)


def parse_parts(text: str, file: str = "parts.toml") -> PartsFile:
    """As `read_parts`, from text."""
    lines = LineFinder(text, file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RefactorError([Diagnostic("parts/syntax", Severity.ERROR, str(error), lines.of_toml_error(str(error)))], 4) from error
    found: list[Diagnostic] = []
    for key in data:
        if key not in _KEYS:
            found.append(_wrong(f"unknown table [{key}]", lines.header(key), "known are [parts.<name>], [build], [options] and [[run]]"))
    parts = tuple(_part(name, body, lines, found) for name, body in _table(data, "parts", lines, found).items())
    build = _table(data, "build", lines, found)
    options = _table(data, "options", lines, found)
    for section, body in (("build", build), ("options", options)):
        for key in body:
            if key not in _KEYS[section]:
                found.append(_wrong(f"unknown key {key!r} in [{section}]", lines.key(section, key), _known(section)))
    rest = options.get("rest", PROPOSE)
    names = [part.name for part in parts]
    if rest != PROPOSE and rest not in names:
        place = lines.key("options", "rest")
        found.append(_wrong(f"rest names {rest!r}, which is no part", place, f'use "propose" or one of: {", ".join(names)}'))
    _once("table", [(t, part.name) for part in parts for t in part.tables], found)
    _once("pattern", [(p, part.name) for part in parts for p in part.patterns], found)
    args = _strings(build.get("args", []), "build", "args", lines, found)
    tests = _strings(build.get("exclude_tests", []), "build", "exclude_tests", lines, found)
    runs = _runs(data.get("run", []), lines, found)
    if found:
        raise RefactorError(found, exit_code=2)
    return PartsFile(parts, tuple(p.text for p in args), tuple(p.text for p in tests), str(rest), runs)


def assign(parts: PartsFile, classes: Iterable[str], tables: Iterable[str] | None = None) -> PartialAssignment:
    """Place the classes that the file names.

    before: patterns and class names   after: class -> part, the rest left open or put where `rest` says
    Errors are in `diagnostics`: a pattern or table that names nothing, a part that would be empty, a class that two
    equally specific patterns put into two parts. `tables` are checked only where they are given.
    """
    known = sorted(set(classes))
    found: list[Diagnostic] = []
    assigned: dict[str, str] = {}
    reasons: dict[str, str] = {}
    used: set[Pattern] = set()
    for cls in known:
        matches = [(rank, pattern, part.name) for part in parts.parts for pattern in part.patterns if (rank := pattern.specificity(cls))]
        if not matches:
            continue
        used.update(pattern for _, pattern, _ in matches)
        top = max(rank for rank, _, _ in matches)
        best = [(pattern, part) for rank, pattern, part in matches if rank == top]
        if len({part for _, part in best}) > 1:
            found.append(_twice(cls, best))
            continue
        assigned[cls] = best[0][1]
        reasons[cls] = f"{best[0][0].text} ({best[0][0].span})"
    for part in parts.parts:
        found.extend(_unknown(p, "class", known) for p in part.patterns if p not in used)
    rest_open = tuple(cls for cls in known if cls not in assigned)
    if parts.rest != PROPOSE:
        for cls in rest_open:
            assigned[cls] = parts.rest
            reasons[cls] = f'rest = "{parts.rest}"'
        rest_open = ()
    for part in parts.parts:
        # A part of tables alone is for the partitioner to fill; one whose patterns all lost to closer ones is a mistake.
        if part.name not in assigned.values() and not (part.tables and not part.patterns and rest_open):
            found.append(
                Diagnostic(
                    "parts/empty-part",
                    Severity.ERROR,
                    f"part {part.name!r} would have no class",
                    part.span,
                    help="give it a class of its own, or remove it",
                )
            )
    # Databases fold the case of names; the graph has one spelling of each.
    spelled = {t.lower(): t for t in tables or ()}
    owners = {spelled.get(t.text.lower(), t.text): part.name for part in parts.parts for t in part.tables}
    if tables is not None:
        names = sorted(spelled.values())
        found.extend(_unknown(t, "table", names) for part in parts.parts for t in part.tables if t.text.lower() not in spelled)
    return PartialAssignment(assigned, reasons, rest_open, owners, parts.rest, tuple(found))


def _part(name: str, body: Any, lines: LineFinder, found: list[Diagnostic]) -> PartSpec:
    section = f"parts.{name}"
    place = lines.header(section)
    if not _NAME.fullmatch(name):
        found.append(_wrong(f"part name {name!r} cannot name a service", place, "letters, digits, - and _, starting with a letter"))
    if name.lower() in RESERVED:
        found.append(_wrong(f"no part can be called {name!r}: the emitted tree has a folder of its own of that name", place, "rename it"))
    if not isinstance(body, dict):
        found.append(_wrong(f"[{section}] is not a table", place, 'write [parts.name] and below it classes = ["..."]'))
        return PartSpec(name, (), (), place)
    for key in body:
        if key not in _KEYS["parts"]:
            found.append(_wrong(f"unknown key {key!r} in [{section}]", lines.key(section, key), _known("parts")))
    patterns = _strings(body.get("classes", []), section, "classes", lines, found)
    for pattern in patterns:
        if not _PATTERN.fullmatch(pattern.text):
            found.append(_wrong(f"{pattern.text!r} is no class pattern", pattern.span, "a.b.* , a.b.** , a.b.C or a.b.C~method"))
    return PartSpec(name, patterns, _strings(body.get("tables", []), section, "tables", lines, found), place)


def _runs(value: Any, lines: LineFinder, found: list[Diagnostic]) -> tuple[RunSpec, ...]:
    place = lines.header("run")
    way_out = 'write [[run]] and below it main = "a.b.Main", args = ["..."], stdin = "..."'
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        found.append(_wrong("'run' is not a list of tables", place, way_out))
        return ()
    runs = []
    for body in value:
        args = body.get("args", [])
        strings = [body.get("main"), body.get("stdin", ""), *(args if isinstance(args, list) else [None])]
        if set(body) - _KEYS["run"] or not all(isinstance(s, str) for s in strings):
            found.append(_wrong("a [[run]] table is not understood", place, way_out))
        else:
            runs.append(RunSpec(body["main"], tuple(args), body.get("stdin", ""), place))
    return tuple(runs)


def _table(data: Mapping[str, Any], key: str, lines: LineFinder, found: list[Diagnostic]) -> dict[str, Any]:
    value = data.get(key, {})
    if isinstance(value, dict):
        return value
    found.append(_wrong(f"{key!r} is not a table", lines.header(key), f"write it as [{key}]"))
    return {}


def _strings(value: Any, section: str, key: str, lines: LineFinder, found: list[Diagnostic]) -> tuple[Pattern, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        found.append(_wrong(f"{key!r} in [{section}] is not a list of strings", lines.key(section, key), f'write {key} = ["..."]'))
        return ()
    return tuple(Pattern(v, lines.value(section, key, v, value[:at].count(v))) for at, v in enumerate(value))


def _once(what: str, entries: list[tuple[Pattern, str]], found: list[Diagnostic]) -> None:
    first: dict[str, tuple[Pattern, str]] = {}
    for entry, part in entries:
        if entry.text in first:
            other, owner = first[entry.text]
            where = f"in part {owner!r} and in part {part!r}" if owner != part else f"twice in part {part!r}"
            note = Note("first here", other.span)
            found.append(Diagnostic("parts/twice", Severity.ERROR, f"{what} {entry.text!r} is {where}", entry.span, (note,), "keep one"))
        else:
            first[entry.text] = (entry, part)


def _twice(cls: str, best: list[tuple[Pattern, str]]) -> Diagnostic:
    (one, part), *others = best
    other, second = next((p, name) for p, name in others if name != part)
    message = f"class {cls} is in part {part!r} ({one.text}) and in part {second!r} ({other.text}), and neither is closer"
    return Diagnostic("parts/twice", Severity.ERROR, message, other.span, (Note("also here", one.span),), f'name "{cls}" in one of them')


def _unknown(pattern: Pattern, what: str, known: list[str]) -> Diagnostic:
    near = difflib.get_close_matches(pattern.text.rstrip("*").rstrip("."), known, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}?" if near else f"`refactor partition` lists every {what} name"
    return Diagnostic(f"parts/unknown-{what}", Severity.ERROR, f"{pattern.text!r} matches no {what} of the program", pattern.span, (), hint)


def _wrong(message: str, place: Span, way_out: str) -> Diagnostic:
    return Diagnostic("parts/wrong", Severity.ERROR, message, place, help=way_out)


def _known(section: str) -> str:
    return "known are: " + ", ".join(sorted(_KEYS[section]))
