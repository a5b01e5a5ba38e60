"""What the generators write, word for word. `pytest tests/codegen --refresh` rewrites the answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.codegen.spring.cases import cases, read_case
from tests.codegen.spring.toy import compile_parts, toy


@pytest.mark.parametrize("path", cases(), ids=lambda p: p.stem)
def test_generated_text(path: Path, tmp_path: Path, runtime: str, refresh: bool) -> None:
    case = read_case(path)
    assert case.expected, "a case without an expectation checks nothing"
    split = toy(tmp_path, case.files, case.parts)
    answers = {(part, cls): split.source(part, cls) for part, cls in case.expected}
    compile_parts(split, runtime)
    if refresh:
        case.rewrite(answers)
    else:
        assert answers == case.expected
