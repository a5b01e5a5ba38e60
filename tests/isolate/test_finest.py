"""What a partitioner is told: copies with what a call of them runs, and links that no copy can undo."""

from __future__ import annotations

from refactor.ir.symbols import ClassKind
from refactor.isolate.finest import finest_cut
from refactor.isolate.legalise import analyse
from tests.isolate.builders import call, cls, field, local, method, new, program


def test_copies_and_links_of_a_small_program() -> None:
    user = method("m", body=(call("a.I#go()V", on=local("i", "a.I")),))
    made = program(
        cls("a.A", field("n"), user),
        cls("a.B", field("n"), user),
        cls("a.I", method("go"), kind=ClassKind.INTERFACE),
        cls("a.One", field("n"), method("go"), implements=("a.I",)),
        cls("a.Base", field("n"), method("copy", body=(new("a.Base"),))),
        cls("a.Sub", field("k"), extends="a.Base"),
    )
    found = finest_cut(analyse(made))
    assert "a.I" in found.copied
    assert found.runs["a.I"] == ("a.One",)
    assert "a.A" not in found.copied
    together = [set(link.classes) for link in found.links]
    assert {"a.Base", "a.Sub"} in together
    assert all(not set(link.classes) & found.copied.keys() for link in found.links)
    assert all(link.reason for link in found.links)
