"""SQL texts, and what is said of those that are not known."""

from __future__ import annotations

import pytest

from refactor.sdg.tables.sql import HOLE, read_sql


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("select * from A a, s.B where a.x in (select y from c)", "a:R b:R c:R"),
        ("with recent as (select * from orders) select * from recent join lines on 1 = 1", "orders:R lines:R"),
        ("insert into t (a) values (?) on conflict (a) do update set a = 1", "t:C t:U"),
        ("update a set x = (select max(y) from b)", "a:U b:R"),
        ("delete a from accounts a join b on a.i = b.i", "accounts:D b:R"),
        ("merge into t using s on t.i = s.i when matched then update set x = 1", "t:U s:R"),
        ("drop table if exists a", "a:D"),
        ("truncate table a", "a:D"),
        ("select 'from nothing' from \"Quoted\"", "quoted:R"),
        ("replace into t values (1)", "t:U"),
        (f"select {HOLE} from a where {HOLE} order by {HOLE}", "a:R"),
        ("commit", ""),
    ],
)
def test_uses(text: str, uses: str) -> None:
    found = read_sql(text)
    assert {f"{table}:{kind.value}" for table, kind in found.uses} == set(uses.split())
    assert not found.unknown


@pytest.mark.parametrize("text", ["", HOLE, f"select * from {HOLE}", f"delete from prefix_{HOLE} where a = 1", "no sql at all"])
def test_unknown_is_said(text: str) -> None:
    assert read_sql(text).unknown


def test_definitions_and_procedures() -> None:
    assert read_sql("create table t (a int, b varchar(10), primary key (a))").defines == (("t", ("a", "b")),)
    assert read_sql("{? = call shop.close(?)}").procedures == ("shop.close",)
