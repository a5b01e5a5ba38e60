"""The lease and hand-off protocol of the runtime's own classes, under a bad network; and that a race in it would be noticed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("hypothesis")

from refactor.pipeline.fuzz.harness import Harness, Toolchain
from tests.mutants.defects import DEFECTS
from tests.mutants.patch import broken_runtime
from tests.properties.lease.lab import Lab, compiled
from tests.properties.lease.protocol import runs


@pytest.fixture(scope="module")
def folder(tools: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with Harness(tools) as compiler:
        yield compiled(tools, compiler, tmp_path_factory.mktemp("lease-lab"))


def test_a_live_reference_never_loses_its_object_and_garbage_is_freed(tools: Toolchain, folder: Path) -> None:
    with Lab(tools, folder) as lab:
        runs(lab, 15)


@pytest.mark.slow
def test_many_histories_of_references(tools: Toolchain, folder: Path) -> None:
    with Lab(tools, folder) as lab:
        runs(lab, 300)


def test_a_release_that_overtakes_a_re_send_is_noticed(tools: Toolchain, folder: Path, tmp_path: Path) -> None:
    defect = next(d for d in DEFECTS if d.name.startswith("a release overtakes"))
    with Harness(tools) as compiler:
        broken = broken_runtime(defect, tools, compiler, tmp_path)
    with Lab(broken, folder) as lab:
        with pytest.raises(AssertionError, match=r"is not known to its owner|ObjectLost|garbage is kept"):
            runs(lab, 100, shrink=False)
        with pytest.raises(AssertionError):
            history(lab, OVERTAKEN)


START = ("reset", "make a o", "send m1 a o b", "deliver m1 r")
OVERTAKEN = (*START, "send m2 a o b", "drop b r", "drop a o", "gc", "flush b", "deliver m2 s", "check b s = o")
HISTORIES = {
    "a release overtakes a reference that is sent again": OVERTAKEN,
    "a release that is lost is sent again": (*START, "drop b r", "gc", "fates lost", "flush b", "drop a o", "flush b", "exported a ="),
    "a release whose answer is lost counts once": (
        *START, "send m2 b r c", "deliver m2 q", "flush b", "drop b r", "drop a o", "gc", "fates mute", "flush b", "flush b",
        "send m3 c q b", "deliver m3 s", "flush c", "drop c q", "gc", "flush c", "check b s = o",
    ),
    "a release that arrives twice counts once": (
        *START, "send m2 b r c", "deliver m2 q", "flush b", "drop b r", "drop a o", "gc", "fates twice", "flush b", "late 0",
        "send m3 c q b", "deliver m3 s", "flush c", "drop c q", "gc", "flush c", "check b s = o",
    ),
    "a grant that is lost keeps its sender's reference until it arrives": (
        *START, "send m2 b r c", "deliver m2 q", "fates lost", "flush b", "drop b r", "drop a o", "gc", "fates lost", "flush b",
        "check c q = o", "flush b", "gc", "flush b", "check c q = o", "drop c q", "gc", "flush c", "exported a =",
    ),
    "the process that handed a reference on dies before it said so": (
        *START, "send m2 b r c", "deliver m2 q", "drop a o", "die b", "beat c", "expire a b", "check c q = o",
    ),
}  # fmt: skip


def history(lab: Lab, commands: tuple[str, ...]) -> None:
    """Commands of the lab; after ` =` stands what it has to answer."""
    for command in commands:
        said, asked, expected = command.partition(" =")
        answer = lab.say(*said.split())
        assert not asked or answer == expected.strip(), f"{command}: {answer}"


def test_what_went_wrong_once_goes_well(tools: Toolchain, folder: Path) -> None:
    with Lab(tools, folder) as lab:
        for name, commands in HISTORIES.items():
            try:
                history(lab, commands)
            except AssertionError as error:
                pytest.fail(f"{name}: {error}")
