"""Strings that grow: many conditional pieces, long concatenations, recursion; answers stay small and quick to get."""

from __future__ import annotations

from refactor.flow.facts import index
from refactor.ir.statements import Invoke
from refactor.sdg.strings import MOST, Strings
from refactor.sdg.tables.sql import HOLE
from tests.sdg.conftest import Load

_HEAD = "package shop; class A { static void use(String s) {} "


def _texts(loaded: Load, method: str) -> tuple[str, ...]:
    program = loaded({"shop/A.java": f"{_HEAD}{method} }}"})
    facts = index(program)
    site = next(s for s in facts.sites(Invoke) if isinstance(s.statement, Invoke) and "#use(" in (s.statement.method or ""))
    assert isinstance(site.statement, Invoke)
    return Strings(facts).of(site.body, site.statement.args[0], site.statement)


def test_conditional_pieces_do_not_multiply(loaded: Load) -> None:
    pieces = "".join(f'if (n > {i}) {{ s += " and a{i} = 1"; }} ' for i in range(40))
    found = _texts(loaded, f'void m(int n) {{ String s = "select * from t where 1 = 1"; {pieces} use(s); }}')
    assert len(found) <= MOST
    assert "select * from t where 1 = 1" in found[0]


def test_long_concatenations_end_in_a_gap(loaded: Load) -> None:
    pieces = "".join(f's = s + " x{i}" + n; ' for i in range(400))
    found = _texts(loaded, f'void m(int n) {{ String s = "a"; {pieces} use(s); }}')
    assert len(found) == 1
    assert HOLE in found[0]
    assert found[0].endswith("x399\ue0000\ue001")


def test_recursive_methods_end(loaded: Load) -> None:
    found = _texts(loaded, 'String r(int n) { return n == 0 ? "end" : "x" + r(n - 1); } void m() { use(r(3)); }')
    assert "end" in found
    assert any(HOLE in t for t in found)


def test_a_choice_by_the_conditional_operator_is_both(loaded: Load) -> None:
    assert set(_texts(loaded, 'void m(boolean b) { use("select * from " + (b ? "x" : "y")); }')) == {"select * from x", "select * from y"}
