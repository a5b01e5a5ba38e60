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
    with Lab(broken, folder) as lab, pytest.raises(AssertionError, match=r"is not known to its owner|ObjectLost"):
        runs(lab, 100, shrink=False)
