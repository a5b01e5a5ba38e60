"""The Plan: what goes where and why; reviewable, diffable text that replays to the same bytes.

It is language-neutral. Its JSON form is written and read by `refactor.isolate.planfile`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

from refactor.support.diagnostics import Diagnostic
from refactor.support.fast_members import fast_members
from refactor.support.source import Edit, Span

HOME = "home:"  # option of a plan: `home:<class>` -> the part that makes the beans of a class that every part has
DRIVER = "driver"  # the part without classes of its own: the process that runs tests and mains


@fast_members
class Role(Enum):
    """How a top-level class is present in the parts."""

    OWNED = "owned"  # one part has the code; every other part that mentions it has a proxy
    REPLICATED = "replicated"  # every part that mentions it has the original code


@fast_members
class Passing(Enum):
    """How instances of a class (nested ones too) cross the cut."""

    REFERENCE = "reference"  # an id travels
    VALUE = "value"  # copied field by field: records, immutable values, stateless instances
    EXCEPTION = "exception"  # copied with message, cause, frames
    ENUM = "enum"  # by name
    INTERFACE = "interface"  # decided by the run-time class of the instance


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """One top-level class. `part` is None for replicated classes. `passing` covers it and its nested classes."""

    name: str
    role: Role
    part: str | None
    passing: tuple[tuple[str, Passing], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class PartPlan:
    """One part: what it owns, what it has copies of, what it has proxies for (top-level names, sorted)."""

    name: str
    port: int
    owned: tuple[str, ...]
    replicas: tuple[str, ...]
    proxies: tuple[str, ...]
    tables: tuple[str, ...] = ()


@fast_members
class EndpointKind(Enum):
    CONSTRUCTOR = "constructor"
    METHOD = "method"
    STATIC = "static"
    GET = "get"
    SET = "set"
    STATIC_GET = "static-get"
    STATIC_SET = "static-set"


@dataclass(frozen=True, slots=True)
class EndpointPlan:
    """One endpoint: POST /api/<cls>/<operation> of `part`. `member` is the member's key.

    `modes`: the passing mode of each argument, in words ("value", "reference", "copy-restore", "copy", "by run-time class").
    """

    part: str
    cls: str
    operation: str
    kind: EndpointKind
    member: str
    modes: tuple[str, ...] = ()
    result: str = "value"
    read_only_arrays: bool = False
    used_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TestPlan:
    """Where a class of the test sources runs: DRIVER or a part's name. A helper class may be in several.

    The own tests of a class run in the first of its placements; in the others it is there for its users only. No placement
    at all: a suite, which is left out because the classes that it lists run by themselves.
    """

    name: str
    placements: tuple[str, ...]
    is_test: bool
    reason: str
    __test__: ClassVar[bool] = False  # the name begins like a test's; pytest must not collect it


@dataclass(frozen=True, slots=True)
class Move:
    """A class that the legaliser moved: the smaller side of a rule goes to the larger."""

    name: str
    source: str
    target: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """What cannot be kept: nothing is emitted. `merge` is the smallest set of classes to keep together."""

    rule: str
    span: Span | None
    message: str
    merge: tuple[str, ...]
    help: str = ""


@dataclass(frozen=True, slots=True)
class ProgramPlan:
    """A main program to compare: it runs in the process of `part` (the driver where its class is replicated).

    `module` is the path of its module inside the monolith; `stdin` is the text it reads.
    """

    main: str
    part: str
    module: str = "."
    args: tuple[str, ...] = ()
    stdin: str = ""


@dataclass(frozen=True, slots=True)
class PartEdit:
    """An edit of the copy of a source file that goes into `part` (its test tree for test sources)."""

    part: str
    edit: Edit


@dataclass(frozen=True, slots=True)
class MovedPiece:
    """Members of the class `cls` that became the class `name` in the new file `file`, before anything else was done.

    `pieces`: their names in parts.toml. `text`: the new file, to be written in `encoding`. `edits`: those of `source`, the file of
    `cls`, whose bytes had the hash `sha256`; `copied` lists what differs between the members' old text and their text in the new file.
    """

    name: str
    cls: str
    pieces: tuple[str, ...]
    members: tuple[str, ...]
    file: str
    text: str
    encoding: str
    source: str
    sha256: str
    edits: tuple[Edit, ...]
    copied: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole decision, before anything is written."""

    project: str
    language: str
    parts: tuple[PartPlan, ...]
    classes: tuple[ClassPlan, ...]
    tests: tuple[TestPlan, ...] = ()
    endpoints: tuple[EndpointPlan, ...] = ()
    edits: tuple[PartEdit, ...] = ()
    moves: tuple[Move, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    programs: tuple[ProgramPlan, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    inputs: tuple[tuple[str, str], ...] = field(default=())  # file -> sha256, what the plan was made from
    mains: tuple[tuple[str, str | None], ...] = ()  # class with a main -> the part that runs it (None: replicated)
    pieces: tuple[MovedPiece, ...] = ()  # code motion in the monolith's sources; everything else is about what came out of it

    def part_of(self, cls: str) -> str | None:
        """The part that owns the top-level class `cls`; None where it is replicated or unknown."""
        return next((c.part for c in self.classes if c.name == cls), None)
