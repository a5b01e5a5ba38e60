"""The runtime, compiled once for all tests of this folder."""

from __future__ import annotations

import pytest

from tests.codegen.spring.toy import compile_runtime


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> str:
    return compile_runtime(tmp_path_factory.mktemp("runtime"))
