"""Every rule treats the same fault alike, however it is spelled; the table is printed by `python -m tests.isolate.twins`."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.frontend.java.library import JavaLibrary
from refactor.isolate.rules import RULES
from tests.isolate.twins import SPELLINGS, TWINS, Why, caught

CELLS = [(rule, spelling) for rule, cells in TWINS.items() for spelling, cell in cells.items() if not isinstance(cell, Why)]


@pytest.mark.parametrize(("rule", "spelling"), CELLS, ids=[f"{rule}-{spelling}" for rule, spelling in CELLS])
def test_a_fault_is_found_in_every_spelling(tmp_path: Path, java_library: JavaLibrary, rule: str, spelling: str) -> None:
    assert caught(rule, spelling, tmp_path, java_library) == ("beside A" if spelling == "test" else "together")


def test_the_table_has_no_hole() -> None:
    """Each rule has every spelling, or says in words why not."""
    assert set(TWINS) == {rule.id for rule in RULES}
    assert all(tuple(cells) == SPELLINGS and all(len(cell) > 10 for cell in cells.values()) for cells in TWINS.values())
