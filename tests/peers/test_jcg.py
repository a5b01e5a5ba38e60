"""The peer's suite, where a folder with its cases is given: REFACTOR_JCG=.../jcg_testcases/src/main/resources/java."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.peers.jcg import cases, judge

FOLDER = os.environ.get("REFACTOR_JCG", "")
_POLYMORPHIC = "SPM"  # handles: what is looked up by a name means every method of that name


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER, reason="REFACTOR_JCG names no folder with the cases")
def test_every_expected_call_is_there_or_said(tmp_path: Path) -> None:
    found = [judge(case, tmp_path / str(at)) for at, case in enumerate(cases(Path(FOLDER)))]
    assert len(found) >= 109
    assert [v for v in found if not v.kept] == []
    assert [v for v in found if v.wrong and not v.case.startswith(_POLYMORPHIC)] == []
