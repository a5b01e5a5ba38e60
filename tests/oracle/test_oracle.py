"""The oracle on one file whose every reference is known."""

from __future__ import annotations

import pytest

from tests.oracle.javac_oracle import OracleAnswer, ask

SOURCE = """package p;
import java.util.*;
import java.util.function.*;
class A {
  enum E { X(1); int v; E(int v) { this.v = v; } }
  class In { In(int x) { super(); } }
  static int count;
  <T> T id(T t) { return t; }
  void m(int[] a) {
    String é = "é𝄞" + this.<String>id("y").trim();
    count = a.length + A.count++; a.clone();
    Supplier<List<String>> g = ArrayList<String>::new; Runnable r = this::q; Function<Integer, int[]> f = int[]::new;
    new A().new In(3); new Thread("t") { public void run() { q(); } }; new Runnable() { public void run() {} };
    switch (E.X) { case X: break; default: }
  }
  void q() { super.toString(); System.out.println(); }
}
"""
EXPECTED = """
5:12 enum_constant p.A$E#<init>(I)V
5:41 field p.A$E#v:I
6:26 call java.lang.Object#<init>()V
10:36 call p.A#id(Ljava/lang/Object;)Ljava/lang/Object;
10:44 call java.lang.String#trim()Ljava/lang/String;
11:5 field p.A#count:I
11:26 field p.A#count:I
11:37 call java.lang.Object#clone()Ljava/lang/Object;
12:51 method_ref java.util.ArrayList#<init>()V
12:75 method_ref p.A#q()V
13:5 new p.A#<init>()V
13:13 new p.A$In#<init>(I)V
13:24 new java.lang.Thread#<init>(Ljava/lang/String;)V
13:62 call p.A#q()V
13:72 new java.lang.Object#<init>()V
14:15 field p.A$E#X:Lp/A$E;
14:25 field p.A$E#X:Lp/A$E;
16:20 call java.lang.Object#toString()Ljava/lang/String;
16:39 field java.lang.System#out:Ljava/io/PrintStream;
16:43 call java.io.PrintStream#println()V
"""


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> OracleAnswer:
    folder = tmp_path_factory.mktemp("oracle")
    (folder / "p").mkdir()
    (folder / "p" / "A.java").write_text(SOURCE, encoding="utf-8")
    (folder / "p" / "B.java").write_text("package p; class B { int b = nope(new A().count); }", encoding="utf-8")
    return ask(folder, [folder / "p" / "A.java", folder / "p" / "B.java"], ["--release", "17", "-encoding", "UTF-8"])


def test_every_reference_and_nothing_else(answer: OracleAnswer) -> None:
    references = sorted((r for r in answer.references if r.file == "p/A.java"), key=lambda r: (r.line, r.column))
    found = [f"{r.line}:{r.column} {r.kind} {r.target}" for r in references]
    assert found == EXPECTED.strip().splitlines()


def test_application_is_what_comes_from_source(answer: OracleAnswer) -> None:
    assert {(r.target or "").partition("#")[0] for r in answer.references if r.in_application} == {"p.A", "p.A$E", "p.A$In"}


def test_what_javac_rejects_has_no_target_and_is_said(answer: OracleAnswer) -> None:
    (unresolved,) = [r for r in answer.references if r.target is None]
    assert (unresolved.file, unresolved.column, unresolved.name) == ("p/B.java", 30, "nope")
    assert len(answer.errors) == 1
    assert "nope" in answer.errors[0]
