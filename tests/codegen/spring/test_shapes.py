"""Whatever classes look like: what is generated for them compiles, twice to the same bytes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.codegen.spring.shapes import Shape, shapes, sources
from tests.codegen.spring.toy import compile_parts, toy

# No shrinking: every attempt is two runs of javac, and the compiler's message names the member that is wrong.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
_FEW = settings(max_examples=4, deadline=None, derandomize=True, phases=_PHASES, suppress_health_check=list(HealthCheck))
_MANY = settings(max_examples=60, deadline=None, phases=_PHASES, suppress_health_check=list(HealthCheck))


def _check(all_shapes: list[Shape], runtime: str) -> None:
    files = sources(all_shapes)
    owned = [f"shop.C{i}" for i in range(len(all_shapes))]
    with tempfile.TemporaryDirectory() as folder:
        split = toy(Path(folder), files, {"shop": owned, "desk": ["shop.Desk"]})
        compile_parts(split, runtime)


@_FEW
@given(shapes)
def test_generated_classes_compile(runtime: str, all_shapes: list[Shape]) -> None:
    _check(all_shapes, runtime)


@pytest.mark.slow
@_MANY
@given(shapes)
def test_many_generated_classes_compile(runtime: str, all_shapes: list[Shape]) -> None:
    _check(all_shapes, runtime)
