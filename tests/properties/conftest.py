"""One Java process and one compiled runtime for all generated programs of a test session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from refactor.pipeline.fuzz.harness import Harness, Toolchain, toolchain
from refactor.support.diagnostics import RefactorError


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Toolchain:
    if shutil.which("javac") is None:
        pytest.skip("javac is not installed")
    try:
        return toolchain(tmp_path_factory.mktemp("fuzz-tools"))
    except RefactorError as error:
        pytest.skip(str(error))


@pytest.fixture
def harness(tools: Toolchain) -> Iterator[Harness]:
    with Harness(tools) as running:
        yield running


@pytest.fixture(scope="session")
def case_folder() -> Path:
    return Path(__file__).parents[2] / "fixtures" / "fuzz"
