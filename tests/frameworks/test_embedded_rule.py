"""One embedded database has one part; a server's tables may have several users."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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


def test_users_of_an_embedded_database_stay_together(spring: Spring) -> None:
    assert refused(spring(SHOP, EMBEDDED)) == {"embedded-database": ("a.Orders", "b.Bills")}


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
