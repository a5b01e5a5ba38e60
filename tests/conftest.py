"""Options and fixtures that all tests share."""

from __future__ import annotations

import os

os.environ["REFACTOR_FROZEN"] = "1"  # before the program is imported: see refactor.support.fast_init

import signal

import pytest
from hypothesis import settings

# CI runs the same examples every time; `make test` on a developer's machine goes on looking.
# No example has a deadline: how long one takes says more of the machine than of the code.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# A shell that starts the tests in the background makes them ignore SIGINT, and with them every process whose interruption they test.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh", action="store_true", help="rewrite the expected parts of golden cases from what the code answers now")


@pytest.fixture
def refresh(request: pytest.FixtureRequest) -> bool:
    """Whether golden cases are to be rewritten."""
    return bool(request.config.getoption("--refresh"))
