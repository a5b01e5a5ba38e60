"""Read seed partitions: every published form in use, and parts.toml.

Published partitions name classes by their short names with `::` before an inner class; a graph names them in full
with `$`. Matching is by short name, and a short name that several classes of the graph share matches none of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from refactor.partition.partsfile import assign, read_parts
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity


@dataclass(frozen=True, slots=True)
class SeedPartition:
    """Labels on the graph's own class names, and what of the file did not fit.

    `outside` keeps the file's classes that the graph lacks with their labels: CARGO's refinement reports them too.
    """

    labels: dict[str, str]
    outside: dict[str, str]
    ambiguous: tuple[str, ...]


def read_seed_partition(path: Path, classes: Iterable[str], name: str | None = None) -> SeedPartition:
    """before: a partition file in any known form   after: labels on `classes`

    Forms: a flat JSON object class -> number or text (Mono2Micro, CoGCN, FoSCI, MEM); a JSON object holding several of
    them, `name` chooses (cargo_reference.json); clusters of numbered nodes (Mono2Micro's own graph export); parts.toml.
    """
    known = tuple(classes)
    if path.suffix == ".toml":
        parts = read_parts(path)
        found = assign(parts, known)
        errors = [d for d in found.diagnostics if d.severity is Severity.ERROR]
        if errors:
            raise RefactorError(errors, exit_code=4)
        return SeedPartition(dict(found.assigned), {}, ())
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        _unreadable(path, str(error))
    return match_labels(_labels_of(data, path, name), known)


def short_name(cls: str) -> str:
    """`a.b.Outer$Inner` and `Outer::Inner` -> `Outer$Inner`."""
    return cls.rsplit(".", 1)[-1].replace("::", "$")


def match_labels(given: Mapping[str, str], classes: Iterable[str]) -> SeedPartition:
    """Carry labels over to the graph's names: the full name where it is one, else the short one."""
    known = tuple(classes)
    by_short: dict[str, list[str]] = {}
    for cls in known:
        by_short.setdefault(short_name(cls), []).append(cls)
    full = set(known)
    labels: dict[str, str] = {}
    outside: dict[str, str] = {}
    ambiguous: list[str] = []
    for cls, label in given.items():
        candidates = [cls] if cls in full else by_short.get(short_name(cls), [])
        if len(candidates) == 1:
            labels[candidates[0]] = label
        elif candidates:
            ambiguous.append(cls)
        else:
            outside[cls.replace("::", "$")] = label
    return SeedPartition(labels, outside, tuple(ambiguous))


def by_short_name(values: Mapping[str, Any], classes: Iterable[str]) -> dict[str, Any]:
    """Facts published by short name, on the graph's names; names the graph lacks keep their short form."""
    known = {short_name(c): c for c in classes}
    return {known.get(short_name(k), short_name(k)): v for k, v in values.items()}


def _labels_of(data: Any, path: Path, name: str | None) -> dict[str, str]:
    if not isinstance(data, dict):
        _unreadable(path, "not a JSON object")
    if "clusters" in data and "nodes" in data:
        return _cluster_labels(data, path)
    if "native_partitions" in data:
        data = data["native_partitions"]
    if data and all(isinstance(v, dict) for v in data.values()):
        if name is None:
            _unreadable(path, f"holds several partitions; choose one of {', '.join(sorted(data))}")
        if name not in data:
            _unreadable(path, f"has no partition {name!r}; it has {', '.join(sorted(data))}")
        data = data[name]
    if not data or not all(isinstance(v, (int, str)) and not isinstance(v, bool) for v in data.values()):
        _unreadable(path, "not an object from class to part")
    return {cls: str(label) for cls, label in data.items()}


def _cluster_labels(data: dict[str, Any], path: Path) -> dict[str, str]:
    """Mono2Micro's export: only groups that are services label their classes; utility, unassigned groups do not."""
    try:
        names = {node["id"]: node["label"] for node in data["nodes"] if node["entity_type"] in ("class", "service_program")}
        return {
            names[node]: cluster["label"]
            for cluster in data["clusters"]
            if cluster["type"] == "microservices_group"
            for node in cluster["nodes"]
            if node in names
        }
    except (KeyError, TypeError) as error:
        _unreadable(path, f"{type(error).__name__}: {error}")


def _unreadable(path: Path, why: str) -> NoReturn:
    raise RefactorError(
        [
            Diagnostic(
                "partition/seed-unreadable",
                Severity.ERROR,
                f"{path}: {why}",
                help="give a JSON object from class to part, Mono2Micro's cluster export, or a parts.toml",
            )
        ],
        exit_code=4,
    )
