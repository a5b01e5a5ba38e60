"""Every seeded defect still has its place in the product's sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.defects import DEFECTS, Defect

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda d: d.name)
def test_a_defect_applies_once(defect: Defect) -> None:
    for file, old, new in defect.changes:
        assert (ROOT / file).read_text(encoding="utf-8").count(old) == 1, f"{file}: {old}"
        assert old != new


def test_there_are_enough_defects_and_every_published_one() -> None:
    assert len(DEFECTS) >= 90
    assert len({d.name for d in DEFECTS}) == len(DEFECTS)
    assert sum(d.published for d in DEFECTS) >= 12
