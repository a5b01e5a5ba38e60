"""The runtime on older lines of Spring Boot: what its adapted sources call of each other is there."""

from __future__ import annotations

import re

import pytest

from refactor.codegen.spring.boot import Boot, adapted
from refactor.support.resources import resource

_FOLDER = "templates/spring/runtime/spring/src/main/java/refactor/runtime/spring"


@pytest.mark.parametrize("version", ["2.5.0", "2.5.7", "2.5.8", "2.6.1", "2.6.2", "2.7.18", "3.5.0"])
def test_what_is_called_is_declared(version: str) -> None:
    texts = {
        name: adapted(
            Boot(version, True),
            f"spring/src/main/java/refactor/runtime/spring/{name}.java",
            resource(f"{_FOLDER}/{name}.java").read_bytes(),
        ).decode()
        for name in ("Gateway", "Routes")
    }
    for called in set(re.findall(r"\bRoutes\.(\w+)\(", texts["Gateway"])):
        assert re.search(rf"\bstatic [\w.]+ {called}\(", texts["Routes"]), called
