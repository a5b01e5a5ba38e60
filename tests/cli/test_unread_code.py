"""Main code that no rule can look at stops `refactor split`; who accepts it finds that in the plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.frontend.java.lower import Lower
from refactor.pipeline.split import SplitRequest, SplitResult, run_split
from refactor.support.diagnostics import RefactorError, Severity

MAIN = "src/main/java/shop"
PARTS = '[parts.a]\nclasses = ["shop.A"]\n[parts.b]\nclasses = ["shop.B"]\n'
OTHER = "package shop;\npublic class B { private int n; public int gone() { return n++; } }\n"


def split(tmp_path: Path, body: str, accept: bool = False) -> SplitResult:
    folder = tmp_path / "shop" / MAIN
    folder.mkdir(parents=True, exist_ok=True)
    head = "package shop;\npublic class A {\n  private int n;\n"
    (folder / "A.java").write_text(f"{head}  public void f(B b, Object o) {{ n++; {body} }}\n}}\n")
    (folder / "B.java").write_text(OTHER)
    (tmp_path / "parts.toml").write_text(PARTS)
    request = SplitRequest(str(tmp_path / "shop"), tmp_path / "out", parts_file=tmp_path / "parts.toml", dry_run=True, accept_unread=accept)
    return run_split(request, lambda _: None)


def test_a_call_that_may_be_one_of_the_program_is_an_error_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(RefactorError) as raised:
        split(tmp_path, "o.gone();")
    found = raised.value.diagnostics[0]
    assert raised.value.exit_code == 4
    assert found.id == "split/unread"
    assert found.span is not None
    assert found.span.line == 4
    assert "--accept-unread" in found.help


def test_who_accepts_it_reads_so_in_the_plan(tmp_path: Path) -> None:
    result = split(tmp_path, "o.gone();", accept=True)
    assert ("accept-unread", "true") in result.plan.options
    assert [d.severity for d in result.diagnostics if d.id == "split/unread"] == [Severity.WARNING]


def test_a_name_that_no_method_of_the_program_has_is_a_librarys(tmp_path: Path) -> None:
    result = split(tmp_path, "o.otherwise(b);")
    assert "isolate/unresolved-calls" in {d.id for d in result.diagnostics}
    assert "isolate/looked-into" in {d.id for d in result.diagnostics}


def test_a_body_that_cannot_be_lowered_is_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("defect")

    monkeypatch.setattr(Lower, "call", fail)
    with pytest.raises(RefactorError) as raised:
        split(tmp_path, "b.gone();")
    assert raised.value.diagnostics[0].id == "split/unread"
    assert "defect" in raised.value.diagnostics[0].notes[0].message
