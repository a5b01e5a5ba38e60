"""Who writes a table of an embedded database has one part with its other users; a server's tables may have several."""

# ruff: noqa: E501  (Java programs, one a line)

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from refactor.frameworks.mybatis import mappers
from refactor.ir.program import Program
from refactor.isolate.legalise import LegaliseOptions, legalise
from tests.frameworks.conftest import EMBEDDED

Spring = Callable[..., Program]
USER = '@Component public class {name} {{ int n; JdbcTemplate t; void add() {{ n++; t.update("insert into {table} values (1)"); }} }}'
SHOP = {
    "a.App": "@SpringBootApplication public class App {}",
    "a.Orders": USER.format(name="Orders", table="orders"),
    "b.Bills": USER.format(name="Bills", table="bills"),
    "c.Sum": "@Component public class Sum { int n; public int f() { return n++; } }",
}


def refused(program: Program) -> dict[str, tuple[str, ...]]:
    given = {n: n[0] for n, c in program.classes.items() if c.outer is None}
    return {r.rule: r.merge for r in legalise(program, given, LegaliseOptions(pins=frozenset(given))).refusals}


def using(one: str, other: str) -> dict[str, str]:
    user = "@Component public class {} {{ int n; JdbcTemplate t; void go(String x) {{ n++; t.update({}); }} }}"
    return {**SHOP, "a.Orders": user.format("Orders", one), "b.Bills": user.format("Bills", other)}


ORDERS, BILLS = '"insert into orders values (1)"', '"insert into bills values (1)"'
SCHEMA = "create table orders (id int primary key);\ncreate table bills (id int, o int references orders (id));\n"


def test_users_of_one_table_of_an_embedded_database_stay_together(spring: Spring) -> None:
    assert refused(spring(using(ORDERS, '"select n from orders"'), EMBEDDED)) == {"embedded-database": ("a.Orders", "b.Bills")}


def test_users_of_different_tables_have_a_database_each_and_it_is_said(spring: Spring) -> None:
    program = spring(SHOP, EMBEDDED)
    given = {n: n[0] for n, c in program.classes.items() if c.outer is None}
    plan = legalise(program, given, LegaliseOptions(pins=frozenset(given)))
    assert not plan.refusals
    (said,) = [w for w in plan.warnings if w.id == "isolate/database-per-part"]
    assert "a and b have an embedded H2 each" in said.message


def test_what_nobody_writes_may_be_read_in_every_part(spring: Spring) -> None:
    reads = '"select name from country"'
    assert refused(spring({**using(reads, reads)}, EMBEDDED)) == {}


@pytest.mark.parametrize(
    ("one", "other", "files"),
    [
        (ORDERS, "x", {}),  # any statement
        (ORDERS, BILLS, {"schema.sql": SCHEMA}),  # a key of one table in the other
        (ORDERS, BILLS, {"schema.sql": "create table orders (id int);\ncreate view sums as select * from orders;"}),
        (ORDERS, BILLS, {"data.sql": "insert into country values (random_uuid());"}),
        (ORDERS, BILLS, {"application.properties": "spring.datasource.url=jdbc:h2:file:./shop"}),
        (ORDERS, BILLS, {"application.yml": "spring:\n  datasource:\n    url: ${DATABASE}\n"}),
        ('"insert into orders values (next value for keys)"', BILLS, {}),
    ],
)
def test_they_stay_together_where_two_databases_could_show(
    spring: Spring, tmp_path: Path, one: str, other: str, files: dict[str, str]
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert refused(spring(using(one, other), EMBEDDED)) == {"embedded-database": ("a.Orders", "b.Bills")}


@pytest.mark.parametrize(
    "files",
    [
        {"application.properties": "spring.datasource.url=jdbc:h2:mem:shop"},
        {"application-live.properties": "spring.datasource.url=${DATABASE:jdbc:postgresql://db/shop}"},
        {"schema.sql": "create table orders (id int);\ncreate table sequence (id int);\ncreate table bills (c int references land (id));"},
    ],
)
def test_a_memory_of_its_own_is_as_good_in_each_part(spring: Spring, tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert refused(spring(using(ORDERS, BILLS), EMBEDDED)) == {}


ROWS = (
    "public class Rows {{ final String query; final JdbcTemplate t; {members} Rows(String query, JdbcTemplate t) {{ this(query, t, 1); }}"
    " Rows(String query, JdbcTemplate t, int n) {{ this.query = query; this.t = t; }} void all() {{ t.update({text}); }} }}"
)
THROUGH = [
    # A constructor that delegates, concatenation, builders, formats, joins, choices, results, records, constants of others, an interface.
    ("query.concat(\" order by 1\")", ""),
    ("\"insert into \" + query", ""),
    ("new StringBuilder(\"insert into \").append(query).append(\" values (\").append(n()).append(\")\").toString()", "int n() { return 1; }"),
    ("String.format(\"insert into %s values (%d)\", query, 3)", ""),
    ("String.join(\" \", \"insert into\", query, \"values (1)\")", ""),
    ("\"insert into @ values (1)\".replace(\"@\", \"bills\")", ""),
    ("kind().sql()", "interface Kind { String sql(); } static class Own implements Kind { public String sql() { return \"delete from bills\"; } } Kind kind() { return new Own(); }"),
    ("new Text(1, \"delete from bills\").sql()", "record Text(int n, String sql) { }"),
    ("\"delete from bills where id = \" + n(3)", "int n(int a) { return a; }"),
    ("\"delete from bills where name = '\" + System.getProperty(\"x\") + \"'\"", ""),
]
NOT_TO_THE_END = [
    ("\"delete from bills \" + System.getProperty(\"where\")", ""),
    ("System.getProperty(\"q\") + query", ""),
    ("text()", "String text() { StringBuilder b = new StringBuilder(\"delete from bills\"); more(b); return b.toString(); } void more(StringBuilder b) { b.append(\", orders\"); }"),
    ("\"insert into @ values (1)\".replace(\"@\", System.getProperty(\"table\"))", ""),
    ("kind().sql()", "interface Kind { String sql(); } static class Own implements Kind { public String sql() { return \"delete from bills\"; } }"
     " static class Odd implements Kind { public String sql() { return \"delete from orders\"; } } Kind kind() { return n() > 0 ? new Own() : new Odd(); } int n() { return 1; }"),
    ("new Text(1, \"delete from orders\").sql()", "record Text(int n, String sql) { }"),
    ("new Text(1, System.getenv(\"sql\")).sql()", "record Text(int n, String sql) { }"),
    ("String.format(System.getProperty(\"f\"), query)", ""),
]


def through(text: str, members: str, given: str) -> dict[str, str]:
    user = f"@Component public class Bills {{ int n; JdbcTemplate t; void add() {{ n++; new Rows({given}, t).all(); }} }}"
    return {**SHOP, "b.Bills": user, "b.Rows": ROWS.format(members=members, text=text)}


@pytest.mark.parametrize(("text", "members"), THROUGH)
def test_a_text_is_followed_through_every_caller(spring: Spring, text: str, members: str) -> None:
    given = '"select * from bills"' if "concat" in text else '"bills"'
    assert refused(spring(through(text, members, given), EMBEDDED)) == {}


@pytest.mark.parametrize(("text", "members"), NOT_TO_THE_END)
def test_a_text_that_is_not_known_to_its_end_may_touch_any_table(spring: Spring, text: str, members: str) -> None:
    (found,) = refused(spring(through(text, members, '"bills"'), EMBEDDED)).items()
    assert found[0] == "embedded-database"
    assert {"a.Orders", "b.Rows"} <= set(found[1])


@pytest.mark.parametrize("given", ['"select * from orders"', 'System.getProperty("q")', '"select * from bills " + System.getProperty("q")'])
def test_one_of_the_callers_is_enough(spring: Spring, given: str) -> None:
    program = spring(through('query.concat(" order by 1")', "", given), EMBEDDED)
    assert set(refused(program)) == {"embedded-database"}


def test_users_of_a_server_may_be_apart(spring: Spring) -> None:
    assert refused(spring(SHOP)) == {}


def test_mapper_files_make_mappers(spring: Spring, tmp_path: Path) -> None:
    program = spring({"m.Items": "public interface Items { int count(); }", "m.Other": "public interface Other {}"})
    text = '<?xml version="1.0"?>\n<mapper\n  namespace="m.Items"><select id="count"/></mapper>'
    (tmp_path / "Items.xml").write_text(text, encoding="utf-8")
    assert mappers(program) == {"m.Items": False}


def test_mappers_with_a_cache_that_copies(spring: Spring, tmp_path: Path) -> None:
    program = spring({f"m.{name}": f"public interface {name} {{ int count(); }}" for name in ("Plain", "Copied", "Shared", "Later")})
    caches = {"Plain": "<!-- <cache/> -->", "Copied": "<cache />", "Shared": '<cache readOnly="true"/>', "Later": "<cacheable/>"}
    for name, cache in caches.items():
        (tmp_path / f"{name}.xml").write_text(f'<mapper namespace="m.{name}">{cache}</mapper>', encoding="utf-8")
    assert mappers(program) == {"m.Copied": True, "m.Later": False, "m.Plain": False, "m.Shared": False}


def test_who_asks_a_mapper_works_with_the_tables(spring: Spring, tmp_path: Path) -> None:
    user = "@Component public class {name} {{ int n; a.Items items; public int f() {{ return items.count() + n++; }} }}"
    classes = {
        "a.App": "@SpringBootApplication public class App {}", "a.Items": "public interface Items { int count(); }",
        "a.Orders": user.format(name="Orders"), "b.Bills": user.format(name="Bills"),
    }  # fmt: skip
    program = spring(classes, EMBEDDED)
    (tmp_path / "Items.xml").write_text('<mapper namespace="a.Items"><select id="count"/></mapper>', encoding="utf-8")
    assert "b.Bills" in refused(program)["embedded-database"]
