"""One generated program through the compiler's own passes, to the texts of every part: no Maven, no files but the sources."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from refactor.codegen.spring.edits import plan_edits
from refactor.codegen.spring.sources import emit_sources
from refactor.codegen.spring.world import world
from refactor.codegen.writer import Tree
from refactor.frontend.java.program import load_project
from refactor.frontend.project.model import Module, Project, SourceSet
from refactor.ir.program import Library, Program
from refactor.isolate.context import Analyses
from refactor.isolate.legalise import LegaliseOptions, analyse, legalise
from refactor.isolate.plan import DRIVER, Move, Plan, Refusal

MANIFEST = "refactor-manifest.json"
_RESOURCES = "src/main/resources/"


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A program that the front end has read: what all its partitions share."""

    project: Project
    program: Program
    analyses: Analyses


@dataclass(frozen=True, slots=True)
class Split:
    """The texts of every part: part -> (file name -> text), the manifest under its own name. `main_part` runs the main program."""

    parts: Mapping[str, Mapping[str, str]]
    main_part: str
    plan: Plan
    moves: tuple[Move, ...]


def plain_project(root: Path, files: tuple[str, ...]) -> Project:
    """A project of one source root."""
    module = Module("fuzz", ".", "fuzz", "fuzz", "1", "jar", 17, 17, "UTF-8", SourceSet((root,), (), files), SourceSet())
    return Project("fuzz", root, str(root), "plain", (module,))


def read(root: Path, sources: Mapping[str, str], library: Library) -> Read:
    """before: Java texts   after: the same on disk below `root`, and read by the front end"""
    for name, text in sources.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    project = plain_project(root, tuple(sorted(sources)))
    program = load_project(project, library=library)
    return Read(project, program, analyse(program))


def split(found: Read, assignment: Mapping[str, str], main: str) -> Split | tuple[Refusal, ...]:
    """before: class -> part   after: the texts of the parts, or the refusals"""
    plan = legalise(found.program, assignment, LegaliseOptions(project="fuzz"), found.analyses)
    if plan.refusals:
        return plan.refusals
    return emitted(found, plan, main)


def emitted(found: Read, plan: Plan, main: str) -> Split:
    """The texts of a legal plan."""
    plan = plan_edits(found.program, plan)
    indexed = world(found.program, plan)
    tree = Tree()
    for part in plan.parts:
        emit_sources(found.project, indexed, part, tree)
    parts: dict[str, dict[str, str]] = {p.name: {} for p in plan.parts}
    for path, data in tree.files.items():
        name_of_part, _, rest = path.partition("/")
        name = rest.removeprefix(_RESOURCES) if rest.startswith(_RESOURCES) else "/".join(rest.split("/")[3:])
        parts[name_of_part][name] = data.decode()
    return Split(parts, dict(plan.mains).get(main) or DRIVER, plan, plan.moves)


def merged_manifest(part: str, manifests: list[str]) -> str:
    """One process serves a part of many programs: the union of what their manifests say."""
    merged: dict[str, object] = {}
    hashes: dict[str, list[str]] = {}
    for text in manifests:
        for key, value in json.loads(text).items():
            if key == "hash":
                for other, digest in value.items():
                    hashes.setdefault(other, []).append(digest)
            elif isinstance(value, dict):
                known = merged.setdefault(key, {})
                assert isinstance(known, dict)
                known.update(value)
            elif isinstance(value, list):
                listed = merged.setdefault(key, [])
                assert isinstance(listed, list)
                listed.extend(value)
            else:
                merged[key] = value
    joined = {other: hashlib.sha256("".join(found).encode()).hexdigest()[:16] for other, found in hashes.items()}
    return json.dumps({**merged, "part": part, "hash": joined}, indent=1)
