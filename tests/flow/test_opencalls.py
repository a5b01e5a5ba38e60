# ruff: noqa: E501 (Java, one program a line)
"""Calls that no name in a call says: each is in both call graphs, or told at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.flow.callgraph import call_graph
from refactor.flow.facts import index
from refactor.frontend.java.files import JavaFile
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.program import load
from refactor.ir.program import Program
from refactor.pipeline.graph import graph_of

_HEAD = (
    "package a; import java.io.*; import java.lang.invoke.*; import java.lang.reflect.*; import java.util.*;\n"
    "class Bell { static int rung; public void ring() { rung++; } static void buzz() { rung--; } Bell() { rung = 5; }\n"
    "  public String toString() { return \"bell\" + rung; } }\n"
)
# What runs from main; the members that have to be reached from it.
CASES = [
    ("method by name", 'Bell.class.getMethod("ring").invoke(new Bell());', "Bell#ring"),
    ("declared method", 'Bell.class.getDeclaredMethod("buzz").invoke(null);', "Bell#buzz"),
    ("of an object", 'Object o = new Bell(); o.getClass().getMethod("ring").invoke(o);', "Bell#ring"),
    ("class by name", 'Class.forName("a.Bell").getMethod("ring").invoke(new Bell());', "Bell#ring"),
    ("all methods", "for (Method m : Bell.class.getDeclaredMethods()) m.invoke(new Bell());", "Bell#ring"),
    ("name in a field", "NAMED.invoke(new Bell());", "Bell#ring"),
    ("constructor", "Bell.class.getDeclaredConstructor().newInstance();", "Bell#<init>"),
    ("constructor by name", 'Class.forName("a.Bell").getDeclaredConstructor().newInstance();', "Bell#<init>"),
    ("name in two pieces", 'Class.forName("a." + (rest.length == 0 ? "Gong" : "Bell"));', "Gong#<clinit>"),
    ("beginning of a name", 'StringBuilder b = new StringBuilder("a.Go"); b.append("ng"); Class.forName(b.toString());', "Gong#<clinit>"),
    ("any name", "Class.forName(rest[0]);", "Gong#<clinit>"),
    ("virtual handle", 'MethodHandles.lookup().findVirtual(Bell.class, "ring", MethodType.methodType(void.class)).invoke(new Bell());', "Bell#ring"),
    ("static handle", 'MethodHandles.lookup().findStatic(Bell.class, "buzz", MethodType.methodType(void.class)).invokeExact();', "Bell#buzz"),
    ("constructor handle", "MethodHandles.lookup().findConstructor(Bell.class, MethodType.methodType(void.class)).invoke();", "Bell#<init>"),
    ("written", "new ObjectOutputStream(System.out).writeObject(new Kept());", "Kept#writeObject"),
    ("replaced", "new ObjectOutputStream(System.out).writeObject(new Kept());", "Kept#writeReplace"),
    ("read", "new ObjectInputStream(System.in).readObject();", "Kept#readObject"),
    ("resolved", "new ObjectInputStream(System.in).readObject();", "Kept#readResolve"),
    ("base of what is read", "new ObjectInputStream(System.in).readObject();", "Plain#<init>"),
    ("external", "new ObjectInputStream(System.in).readUnshared();", "Outside#readExternal"),
    ("generated proxy", "((Told) Proxy.newProxyInstance(null, new Class<?>[] {Told.class}, new Ear())).tell();", "Ear#invoke"),
    ("finalizer", "new Last(); System.gc();", "Last#finalize"),
    ("initialiser above", "new Under();", "Above#<clinit>"),
]  # fmt: skip
_CLASSES = """class Gong { static { Bell.buzz(); } }
class Plain { Plain() { Bell.buzz(); } }
class Kept extends Plain implements Serializable { private void writeObject(ObjectOutputStream o) { } private Object writeReplace() { return this; }
  private void readObject(ObjectInputStream o) { } private Object readResolve() { return this; } }
class Outside implements Externalizable { public void writeExternal(ObjectOutput o) { } public void readExternal(ObjectInput o) { } public Outside() { } }
interface Told { void tell(); }
class Ear implements InvocationHandler { public Object invoke(Object p, Method m, Object[] all) { return null; } }
class Last { protected void finalize() { Bell.buzz(); } }
interface Above { Object MADE = new Bell(); default void sound() { } }
class Under implements Above { }
"""


def _program(folder: Path, code: str) -> Program:
    main = f"public class Main {{ static Method NAMED; static void look() throws Throwable {{ NAMED = Bell.class.getMethod(\"ring\"); }}\n" \
        f"  public static void main(String[] rest) throws Throwable {{\n{code}\n}} }}\n"
    (folder / "Main.java").write_text(_HEAD + _CLASSES + main, encoding="utf-8")
    program = load(folder, [JavaFile("Main.java", folder / "Main.java")], JavaLibrary((), 17), jobs=1)
    assert not program.diagnostics, [d.render() for d in program.diagnostics]
    return program


@pytest.mark.parametrize(("code", "wanted"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_both_call_graphs_have_the_call(tmp_path: Path, code: str, wanted: str) -> None:
    facts = index(_program(tmp_path, code))
    reached = call_graph(facts).reach(["a.Main#main([Ljava/lang/String;)V"])
    assert any(key.startswith(f"a.{wanted}") for key in reached)
    graph = graph_of(facts.program, facts)
    found = {graph.nodes[e.target].name for e in graph.edges if graph.nodes[e.source].name.startswith("a.Main#main")}
    assert any(name.startswith(f"a.{wanted}") for name in found) or "clinit" in wanted


@pytest.mark.parametrize(
    ("code", "line"),
    [("Class.forName(rest[0]);", 1), ("Bell.class.getMethod(rest[0]).invoke(new Bell());", 1),
     ("\n\nMethodHandles.lookup().findStatic(Bell.class, rest[0], MethodType.methodType(void.class)).invoke();", 3)],
)  # fmt: skip
def test_a_name_that_no_constant_says_is_told(tmp_path: Path, code: str, line: int) -> None:
    program = _program(tmp_path, code)
    graph = graph_of(program, index(program))
    said = [d for d in graph.diagnostics if d.id == "sdg/open-call"]
    first = (_HEAD + _CLASSES).count("\n") + 2
    assert [d.span.line - first for d in said if d.span is not None] == [line]


def test_a_program_without_reflection_has_none(tmp_path: Path) -> None:
    program = _program(tmp_path, "new Bell().ring();")
    graph = graph_of(program, index(program))
    assert [d for d in graph.diagnostics if d.id == "sdg/open-call"] == []
    reached = {graph.nodes[e.target].name for e in graph.edges}
    assert not any(name.startswith(("a.Ear#", "a.Kept#read")) for name in reached)
