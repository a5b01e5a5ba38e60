"""The graph as a value, its views, and its files: deterministic, complete, checked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from refactor.flow.facts import index
from refactor.partition.classgraph import class_graph, record_graph
from refactor.partition.graphfile import load_graph
from refactor.partition.partsfile import assign, parse_parts
from refactor.pipeline.graph import graph_of
from refactor.sdg.build import build_sdg
from refactor.sdg.calls import Call, Calls
from refactor.sdg.codec import decode, encode
from refactor.sdg.export import dot, graphml, sdg_json
from refactor.sdg.graph import EdgeKind, NodeKind, Sdg
from refactor.sdg.scopes import within
from refactor.sdg.views import class_view, table_view
from tests.sdg.conftest import Load

SOURCES = {
    "shop/Dao.java": """package shop; import java.sql.*;
        class Dao { int last;
          void order(Connection c) throws SQLException { c.prepareStatement("insert into orders select * from stock");
            last = 1; c.commit(); }
          void audit(Connection c) throws SQLException { c.prepareStatement("insert into audit values (1)"); } }""",
    "shop/Shop.java": """package shop; import java.sql.*;
        class Shop { Dao dao = new Dao(); int seen;
          void run(Connection c) throws SQLException { dao.order(c); dao.audit(c); seen = dao.last; }
          class Inner { void again(Connection c) throws SQLException { dao.order(c); } } }""",
    "shop/Alone.java": "package shop; class Alone {}",
    "shop/ShopTest.java": "package shop; class ShopTest { Shop shop = new Shop(); }",
}


@pytest.fixture
def sdg(loaded: Load) -> Sdg:
    made = build_sdg(loaded(SOURCES))
    made.check()
    return made


def test_every_method_field_and_table_is_a_node_and_tests_are_not(sdg: Sdg) -> None:
    names = {n.name.rpartition(".")[2].partition("(")[0] for n in sdg.nodes if n.kind is NodeKind.METHOD}
    assert {"Dao#order", "Dao#audit", "Shop#run", "Shop$Inner#again"} <= names
    assert not [n for n in names if "ShopTest" in n]
    assert [n.name for n in sdg.nodes if n.kind is NodeKind.TABLE] == ["audit", "orders", "stock"]
    assert all(n.span for n in sdg.nodes if n.kind is not NodeKind.TABLE)
    assert all(e.span for e in sdg.edges)


def test_class_view_sums_records_and_keeps_lonely_classes(loaded: Load) -> None:
    program = loaded(SOURCES)
    facts = index(program)
    view = class_view(build_sdg(program, facts), facts.top, dict.fromkeys(("shop.Alone", "shop.Dao", "shop.Shop")))
    view.check()
    assert [n.name for n in view.nodes] == ["shop.Alone", "shop.Dao", "shop.Shop", "audit", "orders", "stock"]
    calls = {(view.nodes[e.source].name, view.nodes[e.target].name): e.weight for e in view.edges if e.kind is EdgeKind.CALL}
    # run -> order, run -> audit, Inner.again -> order, and the constructor of Shop.
    assert calls == {("shop.Shop", "shop.Dao"): 4}


def test_table_view_joins_what_one_transaction_touches(sdg: Sdg) -> None:
    view = table_view(sdg)
    view.check()
    joined = [(view.nodes[e.source].name, view.nodes[e.target].name, e.label, e.weight) for e in view.edges]
    assert joined == [("orders", "stock", "together", 1)]


def test_class_graphs_have_tables_with_their_transactions(loaded: Load) -> None:
    program = loaded(SOURCES)
    facts = index(program)
    for graph in (class_graph(program, facts), record_graph(build_sdg(program, facts), facts)):
        graph.check()
        assert graph.tables == ("audit", "orders", "stock")
        found = [(e.cls, e.table, e.kind, (e.transaction or "-").partition("(")[0]) for e in graph.table_edges]
        assert found == [
            ("shop.Dao", "audit", "WRITE", "-"),
            ("shop.Dao", "orders", "WRITE", "shop.Dao#order"),
            ("shop.Dao", "stock", "READ", "shop.Dao#order"),
        ]


def test_contexts_of_the_call_graph_reach_the_edges_and_the_class_graph(loaded: Load) -> None:
    program = loaded(SOURCES)
    facts = index(program)
    key = "(Ljava/sql/Connection;)V"
    span = program.bodies[f"shop.Shop#run{key}"].span
    given = Calls("test", (Call(f"shop.Shop#run{key}", f"shop.Dao#order{key}", span, "one", "two", arguments=True),))
    sdg = build_sdg(program, facts, calls=given)
    assert sdg.contexts == ("one", "two")
    edges = {(e.kind, e.source_context, e.target_context) for e in record_graph(sdg, facts).edges if e.source_context}
    assert edges == {("call", "one", "two"), ("data", "one", "two")}


def test_files_are_well_formed_and_the_same_every_time(loaded: Load) -> None:
    program = loaded(SOURCES)
    first, second = build_sdg(program), build_sdg(program)
    for write in (graphml, dot, sdg_json):
        assert write(first) == write(second)
    root = ElementTree.fromstring(graphml(first))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert len(list(root.iter(space + "node"))) == len(first.nodes)
    assert len(list(root.iter(space + "edge"))) == len(first.edges)
    data = json.loads(sdg_json(first))
    assert data["schema"] == "sdg/1"
    assert sum(len(e) for e in data["edges"].values()) == len(first.edges)
    assert dot(first).count("[label=") >= len(first.nodes)


def test_the_class_view_in_json_is_the_class_graph_again(loaded: Load, tmp_path: Path) -> None:
    program = loaded(SOURCES)
    facts = index(program)
    sdg = build_sdg(program, facts)
    spans = {n: facts.symbol(n).name_span for n in ("shop.Alone", "shop.Dao", "shop.Shop")}
    file = tmp_path / "classes.json"
    file.write_text(sdg_json(class_view(sdg, facts.top, spans)), encoding="utf-8")
    assert load_graph(file).canonical() == record_graph(sdg, facts).canonical()


def test_names_of_tables_in_parts_files_may_have_any_case() -> None:
    text = '[parts.a]\nclasses = ["shop.Dao"]\ntables = ["ORDERS", "nowhere"]\n[parts.b]\nclasses = ["shop.Shop"]\n'
    parts = parse_parts(text)
    given = assign(parts, ["shop.Dao", "shop.Shop"], ["orders", "stock"])
    assert given.tables == {"orders": "a", "nowhere": "a"}
    assert [d.id for d in given.diagnostics] == ["parts/unknown-table"]


def test_compact_bytes_give_the_same_graph_back(sdg: Sdg) -> None:
    data = encode(sdg)
    assert replace(decode(data), diagnostics=sdg.diagnostics) == sdg
    assert encode(decode(data)) == data
    assert len(data) < len(sdg_json(sdg)) / 4
    with pytest.raises(ValueError, match="not a system dependency graph"):
        decode(b"something else")


def test_a_program_without_entry_points_has_its_calls_by_hierarchy_and_says_so(loaded: Load) -> None:
    program = loaded(SOURCES)
    facts = index(program)
    found = graph_of(program, facts)
    assert "sdg/no-entry-point" in [d.id for d in found.diagnostics]
    assert replace(found, diagnostics=()) == replace(graph_of(program, facts, precise=False), diagnostics=())
    main = "package shop; class Main { public static void main(String[] a) { new Shop().run(null); } }"
    started = loaded({**SOURCES, "shop/Main.java": main})
    assert graph_of(started, index(started)).policy.startswith("points-to")


def test_transactions_of_all_entries_at_once_are_those_of_each_alone() -> None:
    calls = {"A#a": {"B#b", "C#c"}, "B#b": {"C#c"}, "C#c": {"B#b", "D#own"}, "D#own": {"E#e"}, "F#f": {"F#own"}, "F#own": {"G#g"}}
    entries = ["A#a", "D#own", "F#f", "F#own"]
    found = within(calls, entries, frozenset({"D#own", "F#own"}))
    inside = {entry: {m for m, bits in found.items() if bits >> n & 1} for n, entry in enumerate(entries)}
    assert inside["A#a"] == {"A#a", "B#b", "C#c"}  # D#own opens its own
    assert inside["D#own"] == {"D#own", "E#e"}
    assert inside["F#f"] == {"F#f", "F#own", "G#g"}  # a call within the class goes past the container
