"""What moves where: the units of code motion, and its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from refactor.ir.symbols import ClassSymbol
from refactor.isolate.plan import MovedPiece, Refusal
from refactor.support.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Unit:
    """Pieces of one class that become one new class together.

    `methods`, `fields` (keys) and `nested` (binary names) move; `copied` and `constants` are private code and constants that the new
    class has for itself; `mirrored` are references that both have, set at the same time. `holder` is the field of the old class that
    refers to the new one's object, `owner` the field of the new class that refers back; `static`: there are no objects.
    """

    cls: ClassSymbol
    name: str
    pieces: tuple[str, ...]
    methods: frozenset[str]
    fields: frozenset[str]
    nested: frozenset[str]
    copied: frozenset[str]
    constants: frozenset[str]
    mirrored: frozenset[str]
    static: bool
    holder: str
    owner: str

    @property
    def simple_name(self) -> str:
        return self.name.rpartition(".")[2]

    def has(self, key: str) -> bool:
        """Whether the new class declares the member."""
        return key in self.methods or key in self.fields or key in self.copied or key in self.constants or key in self.mirrored


@dataclass(frozen=True, slots=True)
class Motion:
    """`moved`: the new classes with every edit; `names`: piece, as parts.toml calls it -> new class (binary name)."""

    moved: tuple[MovedPiece, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
