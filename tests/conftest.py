"""Options and fixtures that all tests share."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh", action="store_true", help="rewrite the expected parts of golden cases from what the code answers now")


@pytest.fixture
def refresh(request: pytest.FixtureRequest) -> bool:
    """Whether golden cases are to be rewritten."""
    return bool(request.config.getoption("--refresh"))
