"""Groups that no partition may split."""

from __future__ import annotations

from refactor.isolate.legalise import analyse
from refactor.isolate.links import must_link
from tests.isolate.builders import cls, field, method, new, program


def test_superclasses_with_state_and_files_link_and_stateless_ones_do_not() -> None:
    made = program(
        cls("a.Base", field("s"), method("copy", body=(new("a.Base"),))),
        cls("a.Sub", extends="a.Base"),
        cls("a.Plain"),
        cls("a.Rich", field("s"), extends="a.Plain"),
        cls("a.Other", field("s"), file="src/a/Rich.java"),
    )
    found = must_link(analyse(made))
    assert [(link.rule, link.classes) for link in found] == [
        ("same-file", ("a.Other", "a.Rich")),
        ("stateful-superclass", ("a.Base", "a.Sub")),
    ]
    assert all(link.span is not None and link.reason for link in found)
