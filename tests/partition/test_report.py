from __future__ import annotations

import math
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings

from refactor.partition.comparison import compare, format_rows
from refactor.partition.constraints import Constraints
from refactor.partition.drawing import draw_parts
from refactor.partition.graph import ClassGraph, GraphEdge, TableEdge
from refactor.partition.partitioner import propose
from refactor.partition.report import partition_report
from tests.partition.graphs import class_graphs, shuffled, two_triangles

SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "circle", "!doctype"}


class Balance(HTMLParser):
    """Collects the text, and fails where a tag closes that is not the open one."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "img", "link", "iframe")
        assert not any(name in ("src", "href") or name.startswith("on") for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> str:
    parser = Balance()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return " ".join(parser.text)


def test_page_says_parts_reasons_metrics_and_loads_nothing() -> None:
    graph = two_triangles()
    found = propose(graph, Constraints(max_share=0.5, replicated=frozenset({"q.C"})))
    page = partition_report(found, "Two <triangles> & more", compare(graph, [("ours", found)], ks=(2,), seeds=(0, 1)))
    text = read(page)
    assert "Two <triangles> & more" in text
    assert "<triangles>" not in page
    assert all(cls in text for cls in graph.nodes)
    assert "Copied to every part" in text
    assert "writes ORDERS, owned here" in text
    assert "coupling" in text
    assert "one part" in text
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")


def test_names_from_the_program_cannot_break_the_page() -> None:
    hostile = 'x."><script>alert(1)</script>'
    table = "T'\"<b>"
    accesses = (TableEdge(hostile, table, "WRITE", "<i>"),)
    graph = ClassGraph((hostile, "x.B"), (GraphEdge(hostile, "x.B", "call"),), (table,), accesses)
    page = partition_report(propose(graph, Constraints(max_share=1.0)), "t")
    assert hostile in read(page)
    assert "<script" not in page
    assert "<b>" not in page


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=30)
@given(class_graphs(min_nodes=2))
def test_same_bytes_for_any_order(graph: ClassGraph) -> None:
    other = shuffled(graph, 4)
    assert partition_report(propose(other), "t") == partition_report(propose(graph), "t")


def test_discs_are_inside_the_picture_apart_and_sized_by_classes() -> None:
    for parts in range(1, 16):
        labels = {f"c{at}": f"part{at % parts if at < 40 else 0}" for at in range(60)}
        root = ElementTree.fromstring(draw_parts(ClassGraph(tuple(labels)), labels, {"T": "part0"}))
        width, height = (float(v) for v in root.get("viewBox", "").split()[2:])
        discs = [(float(c.get("cx", "")), float(c.get("cy", "")), float(c.get("r", ""))) for c in root.iter(f"{SVG}circle")]
        assert len(discs) == parts
        for at, (x, y, r) in enumerate(discs):
            assert r <= x <= width - r
            assert r <= y <= height - r
            assert all(math.dist((x, y), other[:2]) > r + other[2] for other in discs[:at])
        assert discs[0][2] == max(r for _, _, r in discs)
        assert all(0 < float(text.get("y", "")) < height for text in root.iter(f"{SVG}text"))


def test_lines_are_drawn_between_parts_only_and_say_their_weight() -> None:
    labels = {n: n[0] for n in two_triangles().nodes}
    root = ElementTree.fromstring(draw_parts(two_triangles(), labels, {}))
    (line,) = root.iter(f"{SVG}line")
    assert line.findtext(f"{SVG}title") == "p and q: edge weight 1"


def test_comparison_has_a_row_for_each_and_stability_only_for_several_runs() -> None:
    graph = two_triangles()
    rows = compare(graph, [("ours", propose(graph))], ks=(2, 3), seeds=(0, 1, 2))
    assert [(row.name, row.runs) for row in rows] == [
        ("ours", 1),
        ("CARGO, K 2..3", 6),
        ("CARGO, no K", 3),
        ("label propagation", 3),
        ("Louvain", 3),
        ("one part", 1),
    ]
    assert [row.name for row in rows if "stability" not in row.metrics] == ["ours", "one part"]
    lines = format_rows(rows).splitlines()
    assert len(lines) == 7
    assert re.match(r"one part +1 +1\.0 +6\.0 +1\.000 +0\.000", lines[-1])
