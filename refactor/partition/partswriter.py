"""Write a partition as the parts.toml that gives exactly that partition back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from refactor.partition.graph import Labels
from refactor.partition.partsfile import PROPOSE, RunSpec

_COPIES = "copied into every part that uses them"


def format_parts(
    labels: Labels,
    tables: Mapping[str, str] | None = None,
    build_args: Iterable[str] = (),
    exclude_tests: Iterable[str] = (),
    rest: str = PROPOSE,
    comments: Mapping[str, Iterable[str]] | None = None,
    runs: Iterable[RunSpec] = (),
    copied: Collection[str] = (),
    pieces: Mapping[str, str] | None = None,
) -> str:
    """before: class -> part   after: parts.toml text, `assign(parse_parts(text), labels).assigned == labels`

    A package whose classes are all in one part is one `a.b.*`; of a package that several parts share, only the part
    that has more than half writes the glob and the others name their classes. A nested class is written only where it
    is not with its outer class. `comments` are lines to stand above a part. Of a package only the classes that parts own
    vote, and `copied` ones that have to be named stand apart: where they are listed decides nothing about who has them.
    `pieces`: entry (`a.b.C~find`) -> part; the class that they become has no label.
    """
    tables = tables or {}
    comments = comments or {}
    patterns = _patterns(labels, frozenset(copied))
    out: list[str] = []
    for part in sorted({*labels.values(), *tables.values(), *(pieces or {}).values()}):
        out.extend("# " + line for line in comments.get(part, ()))
        out.append(f"[parts.{_key(part)}]")
        named = sorted(patterns.get(part, ()), key=lambda name: (name in copied, name))
        named += sorted(entry for entry, owner in (pieces or {}).items() if owner == part)
        out.extend(_list("classes", named, {next((n for n in named if n in copied), ""): _COPIES}))
        owned = sorted(t for t, owner in tables.items() if owner == part)
        if owned:
            out.extend(_list("tables", owned))
        out.append("")
    args, tests = list(build_args), list(exclude_tests)
    if args or tests:
        out.append("[build]")
        out.extend(_list("args", args) if args else [])
        out.extend(_list("exclude_tests", tests) if tests else [])
        out.append("")
    out.extend(["[options]", f"rest = {_string(rest)}"])
    for run in runs:
        out.extend(["", "[[run]]", f"main = {_string(run.main)}"])
        out.extend(_list("args", list(run.args)) if run.args else [])
        out.extend([f"stdin = {_string(run.stdin)}"] if run.stdin else [])
    return "\n".join(out) + "\n"


def _patterns(labels: Labels, copied: frozenset[str]) -> dict[str, set[str]]:
    owned: dict[str, Counter[str]] = {}
    packages: dict[str, Counter[str]] = {}
    for cls, part in labels.items():
        package = cls.rpartition(".")[0]
        packages.setdefault(package, Counter())[part] += 1
        if cls not in copied:
            owned.setdefault(package, Counter())[part] += 1
    glob_owner = {
        package: next((part for part, n in sorted(counts.items()) if 2 * n > counts.total()), None)
        for package, counts in (packages | owned).items()
    }
    result: dict[str, set[str]] = {}
    written: set[str] = set()
    for cls in sorted(labels, key=lambda c: (c.count("$"), c)):
        part, package = labels[cls], cls.rpartition(".")[0]
        outer = _written_outer(cls, written)
        # What reaches the class if nothing more is written: its nearest outer class that is named, else the glob.
        reached_by = labels[outer] if outer is not None else glob_owner[package]
        if reached_by != part:
            result.setdefault(part, set()).add(cls)
            written.add(cls)
        elif outer is None:
            result.setdefault(part, set()).add(f"{package}.*" if package else "*")
    return result


def _written_outer(cls: str, written: set[str]) -> str | None:
    outer = cls
    while "$" in outer:
        outer = outer.rpartition("$")[0]
        if outer in written:
            return outer
    return None


def _list(key: str, values: list[str], before: Mapping[str, str] | None = None) -> list[str]:
    """`before`: a comment to stand above a value."""
    notes = before or {}
    if len(values) <= 1 and not any(v in notes for v in values):
        return [f"{key} = [{', '.join(_string(v) for v in values)}]"]
    lines = (line for v in values for line in ((f"    # {notes[v]}",) if v in notes else ()) + (f"    {_string(v)},",))
    return [f"{key} = [", *lines, "]"]


def _string(value: str) -> str:
    """JSON's escapes are TOML's, except that JSON leaves DEL alone."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else _string(name)
