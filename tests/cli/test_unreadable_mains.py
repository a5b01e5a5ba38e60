"""`refactor split` writes nothing where main sources could not be read whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.pipeline.split import SplitRequest, run_split
from refactor.support.diagnostics import RefactorError

MAIN = "src/main/java/shop"


@pytest.mark.parametrize(
    ("text", "id", "line"),
    [
        ("package shop;\npublic class A implements made.Api { }\n", "java/unknown-types", 2),
        ("package shop;\npublic class A { made.Dto get() { return null; } }\n", "java/unknown-types", 2),
        ("package shop;\npublic class A {\n  int x = ;\n}\n", "java/syntax-error", 3),
        ("package shop;\nimport lombok.experimental.SuperBuilder;\n@SuperBuilder class A { }\n", "lombok/unread", 3),
    ],
)
def test_it_is_refused(tmp_path: Path, text: str, id: str, line: int) -> None:
    (tmp_path / "shop" / MAIN).mkdir(parents=True)
    (tmp_path / "shop" / MAIN / "A.java").write_text(text, encoding="utf-8")
    (tmp_path / "shop" / MAIN / "B.java").write_text("package shop;\npublic class B { A a; }\n", encoding="utf-8")
    with pytest.raises(RefactorError) as raised:
        run_split(SplitRequest(path=str(tmp_path / "shop"), out=tmp_path / "out", k=2), lambda _: None)
    assert raised.value.exit_code == 4
    first = raised.value.diagnostics[0]
    assert first.id == id
    assert first.span is not None
    assert first.span.line == line
    assert not (tmp_path / "out").exists()
