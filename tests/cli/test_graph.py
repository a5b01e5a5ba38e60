"""`refactor graph`: the answer, the files, wrong use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from refactor.cli.main import main

SOURCE = """package shop; import java.sql.*;
public class Shop {
  public static void main(String[] args) throws SQLException { new Shop().order(DriverManager.getConnection("jdbc:x")); }
  void order(Connection c) throws SQLException { c.prepareStatement("insert into orders values (1)").executeUpdate(); }
  void never(Connection c, String table) throws SQLException { c.prepareStatement("drop table " + table); }
}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "src" / "shop").mkdir(parents=True)
    (tmp_path / "src" / "shop" / "Shop.java").write_text(SOURCE, encoding="utf-8")
    return tmp_path / "src"


@pytest.mark.parametrize("calls", ["points-to", "hierarchy"])
def test_json_answer(shop: Path, calls: str) -> None:
    done = CliRunner().invoke(main, ["graph", str(shop), "--view", "method", "--calls", calls, "--format", "json", "-q"])
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["schema"] == "graph/1"
    assert data["nodes"] == {"method": 4, "table": 1}
    assert data["edges"]["call"] >= 1
    assert [(a["method"], a["table"], a["crud"], a["place"]) for a in data["accesses"]] == [
        ("shop.Shop#order(Ljava/sql/Connection;)V", "orders", "C", "shop/Shop.java:4:50")
    ]
    reasons = {u["symbol"].partition("(")[0]: u["reason"] for u in data["unreachable"]}
    assert ("shop.Shop#never" in reasons) == (calls == "points-to")


def test_files_and_text(shop: Path, tmp_path: Path) -> None:
    for name in ("x.graphml", "x.dot", "x.json"):
        first, second = tmp_path / name, tmp_path / f"again-{name}"
        for out in (first, second):
            done = CliRunner().invoke(main, ["graph", str(shop), "-o", str(out)])
            assert done.exit_code == 0, done.output
        assert first.read_bytes() == second.read_bytes()
    assert "shop.Shop  C" in done.stdout
    assert "sdg/unknown-sql" in done.stderr
    (tmp_path / "parts.toml").write_text('[parts.a]\nclasses = ["shop.*"]\ntables = ["orders"]\n', encoding="utf-8")
    measured = CliRunner().invoke(main, ["metrics", "--graph", str(tmp_path / "x.json"), "--parts", str(tmp_path / "parts.toml")])
    assert measured.exit_code == 0, measured.output


def test_another_kind_of_file_is_wrong_use(shop: Path) -> None:
    done = CliRunner().invoke(main, ["graph", str(shop), "-o", "x.png"])
    assert done.exit_code == 2
    assert ".graphml, .dot, .json" in done.output
