"""The front end against javac on published libraries: at least 99.5 % of all references name the same member."""

from __future__ import annotations

import pytest

from refactor.frontend.project.discover import discover

LIBRARIES = (
    "maven:commons-cli:commons-cli:1.11.0",
    "maven:org.apache.commons:commons-csv:1.14.1",
    "maven:commons-validator:commons-validator:1.10.1",
)


@pytest.mark.slow
@pytest.mark.parametrize("coordinates", LIBRARIES)
def test_agreement_with_javac(coordinates: str) -> None:
    from tests.oracle.compare import compare_project

    result = compare_project(discover(coordinates))
    print(coordinates, result.summary())
    listed = "\n".join(map(str, result.disagreements[:20]))
    assert result.application_total > 5000
    assert result.application_share >= 99.5, f"{result.summary()}\n{listed}"
    assert result.share >= 99.5, f"{result.summary()}\n{listed}"
    assert sum(d.why == "extra" for d in result.disagreements) <= result.total // 200, f"{result.summary()}\n{listed}"
