"""What the front end promises beyond single constructs: errors said, depth survived, order fixed, encodings read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from refactor.frontend.java.build_statements import StatementBuilder
from refactor.frontend.java.index import index
from refactor.ir.printer import print_body
from refactor.ir.program import Program
from refactor.ir.statements import Binary, Unsupported
from tests.frontend.java.sources import load_text, targets

GAPS = {
    "import module": "import module java.base; class A {}",
    "statements before super()": "class A { A() { System.gc(); super(); } }",
}
REPAIRED = {
    "annotated varargs": "class A { void f(String @B ... x) {} } @interface B {}",
    "unicode escape in an identifier": "class A { int \\u0061 = 1; }",
}


@pytest.mark.parametrize("gap", REPAIRED)
def test_gaps_of_the_grammar_that_are_repaired_before_parsing(gap: str, tmp_path: Path) -> None:
    program = load_text(tmp_path, {"A.java": REPAIRED[gap]})
    assert "A" in program.classes
    assert program.diagnostics == ()


@pytest.mark.parametrize("gap", GAPS)
def test_valid_java_that_the_grammar_does_not_know_is_reported(gap: str, tmp_path: Path) -> None:
    program = load_text(tmp_path, {"A.java": GAPS[gap]})
    assert program.files == {}
    assert program.classes == {}
    assert {d.id for d in program.diagnostics} == {"java/syntax-error"}


def test_a_syntax_error_names_line_and_column_and_leaves_only_its_file_out(tmp_path: Path) -> None:
    program = load_text(tmp_path, {"Bad.java": "class Bad {\n  void f() { int = 3; }\n}", "Good.java": "class Good {}"})
    assert list(program.files) == ["Good.java"]
    (error,) = {str(d.span) for d in program.diagnostics}
    assert error.startswith("Bad.java:2:")


@pytest.mark.parametrize("broken", ["class A { void f() { g(; } }", "class A {", "class A { int x = 'ab; }", "@ class A {}"])
def test_other_syntax_errors(broken: str, tmp_path: Path) -> None:
    program = load_text(tmp_path, {"A.java": broken})
    assert program.files == {}
    assert program.diagnostics


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    from refactor.frontend.java.files import JavaFile
    from refactor.frontend.java.program import load
    from tests.frontend.java.sources import platform

    program = load(tmp_path, [JavaFile("A.java", tmp_path / "A.java")], platform())
    assert [d.id for d in program.diagnostics] == ["java/unreadable"]


def test_a_file_in_another_encoding_has_spans_of_its_own_bytes(tmp_path: Path) -> None:
    text = 'class A { String s = "\xe4\xf6\xfc"; int f() { return s.length(); } }'
    program = load_text(tmp_path, {"A.java": text.encode("iso-8859-1")}, encoding="ISO-8859-1")
    method = program.classes["A"].methods[0]
    assert method.name_span is not None
    assert program.source("A.java")[method.name_span.start : method.name_span.end] == b"f"
    assert [d.id for d in program.diagnostics] == ["java/encoding"]


def test_zero_bytes_in_literals_and_comments_are_characters(tmp_path: Path) -> None:
    """javac takes them; the parser takes a zero for the end of its input."""
    program = load_text(tmp_path, {"A.java": b'class A { /* \0 */ String f() { return "a\0b"; } }'})
    assert program.diagnostics == ()
    assert r"return 'a\x00b'" in print_body(program.bodies["A#f()Ljava/lang/String;"])


def test_columns_count_characters(tmp_path: Path) -> None:
    program = load_text(tmp_path, {"A.java": 'class A { String s = "\xe4\xf6\xfc"; int f() { return s.length(); } }'})
    assert targets(program)["1:48"] == "java.lang.String#length()I"


DEEP = {
    "concatenation": "class A { String f(int x) { return x + " + " + ".join(f'"{i}" + x' for i in range(2500)) + "; } }",
    "constants": "class A { static final String S = " + " + ".join(f'"{i}"' for i in range(5000)) + "; }",
    "else if": "class A { int f(int x) { "
    + " else ".join(f"if (x == {i}) return {i};" for i in range(3000))
    + " return -1; } }",
    "chain": "class A { A g() { return this; } A f() { return this" + ".g()" * 3000 + "; } }",
    "parentheses": "class A { int f(int x) { return " + "(" * 1000 + "x" + ")" * 1000 + "; } }",
    "and": "class A { boolean f(boolean x) { return " + " && ".join(["x"] * 3000) + "; } }",
    "nested calls": "class A { static int g(int x) { return x; } int f(int x) { return " + "g(" * 800 + "x" + ")" * 800 + "; } }",
    "nested blocks": "class A { void f() " + "{" * 1000 + "}" * 1000 + " }",
    "lambdas": "class A { Object f() { java.util.function.Supplier<Object> s = "
    + "".join("() -> (java.util.function.Supplier<Object>) " for _ in range(100))
    + "() -> null; return s; } }",
}


@pytest.mark.parametrize("shape", DEEP)
def test_deep_nesting_is_read(shape: str, tmp_path: Path) -> None:
    program = load_text(tmp_path, {"A.java": DEEP[shape]})
    assert program.diagnostics == ()
    assert not any(isinstance(s, Unsupported) for _, s in program.statements())


def test_all_operands_of_a_long_concatenation_are_lowered(tmp_path: Path) -> None:
    program = load_text(tmp_path, {"A.java": DEEP["concatenation"]})
    assert sum(isinstance(s, Binary) for _, s in program.statements()) == 5000


def test_two_runs_and_any_order_of_files_give_the_same_program(tmp_path: Path) -> None:
    files = {
        "a/A.java": "package a; class A { Object o = new Object() {}; Runnable r = () -> new b.B().f(o); }",
        "b/B.java": "package b; public class B { public <T> T f(T t) { return t; } }",
    }
    one = load_text(tmp_path / "one", files)
    two = load_text(tmp_path / "one", dict(reversed(files.items())))
    assert _text(one) == _text(two)
    assert one.classes == two.classes
    assert one.bodies == two.bodies


def _text(program: Program) -> str:
    return "".join(print_body(program.bodies[k]) for k in program.bodies) + "".join(map(str, index(program)))


def test_index_lines(tmp_path: Path) -> None:
    program = load_text(tmp_path, {"A.java": "class A {\n  int x;\n  int f() { return g(x) + nope(); }\n  int g(int y) { return y; }\n}"})
    lines = list(index(program))
    assert [(x["kind"], x["line"], x["column"], x["symbol"], x["target"]) for x in lines] == [
        ("decl", 1, 7, "A", None),
        ("decl", 2, 7, "A#x:I", None),
        ("decl", 3, 7, "A#f()I", None),
        ("ref", 3, 20, None, "A#g(I)I"),
        ("ref", 3, 22, None, "A#x:I"),
        ("ref", 3, 27, None, None),
        ("decl", 4, 7, "A#g(I)I", None),
    ]
    assert lines[5]["reason"] == "no method nope in scope"


def test_a_defect_of_one_member_costs_that_member_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from refactor.frontend.java.attribute import Attribute

    whole = Attribute._method

    def fail(self: Attribute, cls: object, decl: object) -> None:
        if getattr(decl, "name", "") == "bad":
            raise RuntimeError("seeded")
        whole(self, cls, decl)  # type: ignore[arg-type]

    monkeypatch.setattr(Attribute, "_method", fail)
    program = load_text(tmp_path, {"A.java": "class A { int bad(int x) { return good(x); } int good(int x) { return good(x); } }"})
    assert ["seeded" in d.message for d in program.diagnostics] == [True, False]
    assert list(targets(program).values()) == [None, "A#good(I)I"]


def test_references_do_not_need_bodies() -> None:
    """`refactor index` lowers nothing and says the same."""
    from refactor.frontend.java.files import JavaFile
    from refactor.frontend.java.program import load
    from tests.frontend.java.sources import platform

    root = Path(__file__).parents[2] / "oracle" / "programs"
    files = [JavaFile(p.relative_to(root).as_posix(), p) for p in sorted(root.rglob("*.java"))]
    whole, names = load(root, files, platform()), load(root, files, platform(), bodies=False)
    assert len(whole.bodies) > len(files) > 0
    assert names.bodies == {}
    assert names.references == whole.references
    assert names.classes == whole.classes
    assert names.diagnostics == whole.diagnostics


def test_a_body_that_the_builder_cannot_read_may_do_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs itself only: what stands around it is numbered, resolved and lowered as ever."""
    real = StatementBuilder.body

    def body(self: StatementBuilder, nodes: list[Any]) -> list[Any]:
        if any(b"strange(" in self.data[n.start_byte : n.end_byte] for n in nodes):
            raise ValueError("no such shape")
        return real(self, nodes)

    monkeypatch.setattr(StatementBuilder, "body", body)
    source = "class A { void f() { strange(new Object() {}); } void strange (Object o) { } Object g() { return new Object() {}; } }"
    program = load_text(tmp_path, {"A.java": source})
    said = [d.message for d in program.diagnostics]
    assert "a body cannot be read (ValueError: no such shape); it is taken to do anything" in said
    assert program.classes.keys() == {"A", "A$1"}
    assert isinstance(program.bodies["A#f()V"].statements[0], Unsupported)
    assert not isinstance(program.bodies["A#g()Ljava/lang/Object;"].statements[0], Unsupported)
