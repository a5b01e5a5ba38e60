"""The checks of emitted text hold without a defect, and fail with the one they are for."""

from __future__ import annotations

from pathlib import Path

from tests.mutants.defects import DEFECTS
from tests.mutants.patch import broken_codegen
from tests.mutants.texts import overridden_defaults_are_forwarded


def test_what_a_subclass_overrides_is_forwarded(tmp_path: Path) -> None:
    assert overridden_defaults_are_forwarded(tmp_path / "right") is None
    (defect,) = [d for d in DEFECTS if d.name == "an overridden default method is not forwarded"]
    with broken_codegen(defect):
        assert overridden_defaults_are_forwarded(tmp_path / "wrong") is not None
