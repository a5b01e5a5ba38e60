"""fast_members changes how members are found, and nothing else."""

from __future__ import annotations

import copy
import pickle
from enum import Enum, IntFlag

from refactor.ir.symbols import Flags
from refactor.support.fast_members import fast_members


@fast_members
class Colour(Enum):
    RED = "red"
    ROT = "red"
    BLUE = "blue"


def test_members_stay_what_they_are() -> None:
    assert Colour.RED is Colour["RED"] is Colour("red") is Colour.ROT
    assert list(Colour) == [Colour.RED, Colour.BLUE]
    assert pickle.loads(pickle.dumps(Colour.BLUE)) is copy.deepcopy(Colour.BLUE) is Colour.BLUE
    assert "BLUE" in vars(Colour)


def test_flags_still_combine() -> None:
    both = Flags.PUBLIC | Flags.STATIC
    assert isinstance(both, IntFlag)
    assert both & Flags.PUBLIC
    assert not both & Flags.FINAL
    assert Flags(9) is both
