"""Disconnected subgraphs of a class, and the pieces that it could be divided into."""

from __future__ import annotations

import pytest

from refactor.flow.facts import index
from refactor.ir.program import Program
from refactor.ir.statements import Statement
from refactor.ir.symbols import ClassKind, Flags
from refactor.ir.types import ClassType
from refactor.isolate.legalise import analyse
from refactor.isolate.pieces import Pieces, find_pieces
from refactor.isolate.subgraphs import relocatable, subgraphs
from refactor.partition.piecegraph import gather, piece_graph
from tests.isolate.builders import ONE, call, cls, field, load, local, mark, method, program, store, this

THIS = this("a.S")
HANDED_OUT = call("java.util.List#add(Ljava/lang/Object;)Z", THIS, on=local("l", "java.util.List"))


def on_this(key: str) -> Statement:
    return call(key, on=local("this", key.partition("#")[0]))


def divided(*classes: object) -> tuple[Program, Pieces]:
    made = program(*classes)  # type: ignore[arg-type]
    return made, find_pieces(analyse(made))


def user(*keys: str) -> object:
    return cls("a.User", method("m", body=tuple(call(key, on=local("s", "a.S")) for key in keys)))


def names(found: Pieces) -> list[tuple[str, ...]]:
    return [tuple(k.partition("#")[2].partition("(")[0] for k in p.methods) for p in found.pieces.get("a.S", ())]


def test_subgraphs_join_by_calls_and_fields_but_not_through_constructors() -> None:
    made = program(
        cls(
            "a.S",
            field("x"),
            field("y"),
            method("<init>", body=(store("a.S#x:I", ONE, THIS), store("a.S#y:I", ONE, THIS))),
            method("getX", body=(load("a.S#x:I", THIS),)),
            method("setX", body=(store("a.S#x:I", ONE, THIS),)),
            method("useY", body=(load("a.S#y:I", THIS),)),
            method("callY", body=(on_this("a.S#useY()V"),)),
            method("alone"),
        )
    )
    found = subgraphs(index(made))["a.S"]
    methods = [tuple(m.partition("#")[2].partition("(")[0] for m in s.methods) for s in found]
    assert methods == [("alone",), ("callY", "useY"), ("getX", "setX")]
    assert [len(s.fields) for s in found] == [0, 1, 1]


def test_what_one_other_part_alone_uses_is_relocatable() -> None:
    made = program(
        cls("a.S", method("one"), method("two"), method("idle")),
        user("a.S#one()V", "a.S#two()V"),
        cls("a.Other", method("m", body=(call("a.S#two()V", on=local("s", "a.S")),))),
    )
    facts = index(made)
    parts = {"a.S": "p", "a.User": "q", "a.Other": "r"}
    assert [(g.methods, part) for g, part in relocatable(facts, subgraphs(facts), parts)] == [(("a.S#one()V",), "q")]
    assert len(relocatable(facts, subgraphs(facts), {**parts, "a.Other": "q"})) == 2
    assert relocatable(facts, subgraphs(facts), dict.fromkeys(parts, "p")) == ()


def test_references_are_for_every_piece_and_public_calls_are_edges() -> None:
    made, found = divided(
        cls(
            "a.S",
            field("repo", ClassType("a.Repo")),
            method("one", body=(load("a.S#repo:La/Repo;", THIS), on_this("a.S#two()V"))),
            method("two", body=(load("a.S#repo:La/Repo;", THIS),)),
        ),
        cls("a.Repo", field("n"), method("go", body=(store("a.Repo#n:I", ONE, THIS),))),
        user("a.S#one()V", "a.S#two()V"),
    )
    assert names(found) == [("one",), ("two",)]
    graph = piece_graph(analyse(made).facts, found.node)
    assert graph.nodes == ("a.Repo", "a.S~one", "a.S~two", "a.User")
    assert ("a.S~one", "a.S~two") in {(e.source, e.target) for e in graph.edges}
    parts = {"a.Repo": "p", "a.S~one": "p", "a.S~two": "p", "a.User": "q"}
    placed, labels = gather(graph, parts, {p.name: "a.S" for p in found.pieces["a.S"]})
    assert sorted(labels) == ["a.Repo", "a.S@p", "a.User"]
    assert all(e.source != e.target for e in placed.edges)


def test_a_static_field_that_changes_keeps_its_users_together() -> None:
    _, found = divided(
        cls(
            "a.S",
            field("n", flags=Flags.STATIC | Flags.PRIVATE),
            method("get", flags=Flags.PUBLIC | Flags.STATIC, body=(load("a.S#n:I"),)),
            method("set", flags=Flags.PUBLIC | Flags.STATIC, body=(store("a.S#n:I", ONE),)),
            method("other", flags=Flags.PUBLIC | Flags.STATIC),
        ),
        user("a.S#get()V", "a.S#other()V"),
    )
    assert names(found) == [("get", "set"), ("other",)]
    assert "share n" in found.pieces["a.S"][0].reason


def test_private_code_without_state_is_copied_and_with_it_ties() -> None:
    helper = method("helper", flags=Flags.PRIVATE | Flags.STATIC)
    _, found = divided(
        cls("a.S", method("one", body=(on_this("a.S#helper()V"),)), method("two", body=(on_this("a.S#helper()V"),)), helper),
        user("a.S#one()V", "a.S#two()V"),
    )
    assert [(p.copied, len(p.methods)) for p in found.pieces["a.S"]] == [(False, 1), (False, 1), (True, 1)]
    changing = field("n", flags=Flags.STATIC | Flags.PRIVATE)
    tied = method("helper", flags=Flags.PRIVATE | Flags.STATIC, body=(store("a.S#n:I", ONE),))
    _, found = divided(
        cls("a.S", changing, method("one", body=(on_this("a.S#helper()V"),)), method("two", body=(on_this("a.S#helper()V"),)), tied),
        user("a.S#one()V", "a.S#two()V"),
    )
    assert found.pieces == {}


def test_fields_move_with_their_group_and_what_hands_itself_out_can_move() -> None:
    private = field("n", flags=Flags.PRIVATE)
    change = store("a.S#n:I", ONE, THIS)
    _, found = divided(cls("a.S", private, method("one", body=(change, HANDED_OUT)), method("two")), user("a.S#one()V"))
    assert [(p.methods, p.fields, p.static) for p in found.pieces["a.S"]] == [
        (("a.S#one()V",), ("a.S#n:I",), False),
        (("a.S#two()V",), (), False),
    ]


def test_constructors_and_what_the_platform_calls_do_not_join() -> None:
    one, two = field("x", flags=Flags.PRIVATE), field("y", flags=Flags.PRIVATE)
    both = (load("a.S#x:I", THIS), load("a.S#y:I", THIS))
    _, found = divided(
        cls(
            "a.S",
            one,
            two,
            method("<init>", body=(store("a.S#x:I", ONE, THIS), store("a.S#y:I", ONE, THIS))),
            method("getX", body=(store("a.S#x:I", ONE, THIS),)),
            method("getY", body=(store("a.S#y:I", ONE, THIS),)),
            method("toString", body=both),
        )
    )
    assert names(found) == [("getX",), ("getY",)]


@pytest.mark.parametrize(
    ("classes", "why"),
    [
        ((cls("a.S", method("one"), method("two"), extends="java.lang.Exception"),), "extends java.lang.Exception"),
        ((cls("a.S", method("one"), method("two"), kind=ClassKind.ENUM),), "is enum"),
        ((cls("a.S", method("one"), method("two"), implements=("java.io.Serializable",)),), "its form in a stream"),
        ((cls("a.S", method("one"), method("two"), implements=("java.lang.Cloneable",)),), "can be cloned"),
        ((cls("a.S", method("one"), method("two"), annotations=(mark("javax.persistence.Entity"),)),), "rows of a table"),
        ((cls("a.S", method("one"), method("two"), annotations=(mark("lombok.Data"),)),), "are generated"),
        ((cls("a.S", method("one", body=(on_this("a.S#two()V"),)), method("two", flags=Flags.PRIVATE | Flags.SYNCHRONIZED)),), "one group"),
    ],
)
def test_what_stays_whole_says_why(classes: tuple[object, ...], why: str) -> None:
    _, found = divided(*classes, user("a.S#one()V", "a.S#two()V"))
    assert found.pieces == {}
    assert why in found.whole["a.S"]


def test_a_field_that_others_can_name_keeps_its_group_and_no_other() -> None:
    _, found = divided(cls("a.S", field("n"), method("one", body=(store("a.S#n:I", ONE, THIS),)), method("two")))
    assert names(found) == [("two",)]
    (stays,) = found.staying["a.S"]
    assert stays.hindrance is not None
    assert stays.hindrance.rule == "extract/visible-field"
