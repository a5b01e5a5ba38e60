"""The bundled Spring Boot monolith, split into its three parts and driven by its own tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.pipeline.split import SplitRequest, run_split
from refactor.support.resources import resource
from refactor.verify.verify import verify


@pytest.mark.slow
def test_the_bank_behaves_the_same_in_three_services(tmp_path: Path) -> None:
    bank = resource("fixtures/apps/bank-spring")
    result = run_split(SplitRequest(str(bank), tmp_path / "out", parts_file=bank / "parts.toml"), lambda _: None)
    assert not result.plan.refusals
    assert result.emitted
    verdict = verify(tmp_path / "out", progress=lambda _: None)
    assert verdict.divergences == ()
    assert (verdict.monolith.run, verdict.split.run, verdict.split.passed) == (18, 18, 18)
    assert verdict.equal
    called = {path for path, _ in verdict.remote.called}
    # Beans are found by name, and tests reach the controllers of every part.
    assert "refactor.runtime.Beans/get" in called
    assert "refactor.runtime.Beans/routes" in called
    assert "bank.transfers.TransferService/transfer" in called
