"""The class graph of small programs."""

from __future__ import annotations

from refactor.ir.symbols import Origin
from refactor.ir.types import ClassType
from refactor.partition.classgraph import class_graph
from tests.isolate.builders import call, cls, field, load, local, method, new, program


def test_every_kind_of_use_has_its_edge_and_weight() -> None:
    b = local("b", "a.B")
    made = program(
        cls("a.A", method("m", body=(new("a.B", into=b), call("a.B#go()V", on=b), call("a.B#go()V", on=b), load("a.B#n:I", b)))),
        cls("a.B", field("n"), method("go"), field("c", ClassType("a.C")), extends="a.C"),
        cls("a.C", method("make", result=ClassType("java.util.List", (ClassType("a.A"),)))),
        cls("a.C$In", method("m", body=(call("a.A#m()V", on=local("x", "a.A")),)), outer="a.C"),
        cls("a.ATest", method("t", body=(new("a.A"),)), origin=Origin.TEST),
    )
    graph = class_graph(made)
    graph.check()
    assert graph.nodes == ("a.A", "a.B", "a.C")
    assert [(e.source, e.target, e.kind, e.weight) for e in graph.edges] == [
        ("a.A", "a.B", "call", 3.0),
        ("a.A", "a.B", "field", 1.0),
        ("a.B", "a.C", "inherit", 1.0),
        ("a.B", "a.C", "type", 1.0),
        ("a.C", "a.A", "call", 1.0),
        ("a.C", "a.A", "type", 1.0),
    ]
