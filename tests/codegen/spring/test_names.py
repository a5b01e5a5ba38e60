# ruff: noqa: E501 (Java, a class a line)
"""Every way to name a class or to import one: each part of the emitted tree compiles, with the tests that run in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from refactor.codegen.spring.edits import plan_edits
from refactor.codegen.spring.emit import emit
from refactor.frontend.java.files import JavaFile
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.program import load
from refactor.frontend.project.model import Module, Project, SourceSet
from refactor.ir.symbols import Origin
from refactor.isolate.legalise import LegaliseOptions, legalise
from refactor.isolate.plan import Plan
from tests.codegen.spring.toy import _javac

_STATE = "private int n; public int next() { return ++n; }"
_SHAPE = {
    "Look": "public interface Look { enum Kind { ROUND, FLAT } interface Seen<T> { T seen(); } int LIMIT = 3; class Bad extends Exception { } Kind kind(); }",
    "SimpleLook": "public class SimpleLook extends Base implements Look { private Kind kind = Kind.FLAT; public Kind kind() { return kind; }"
    " public void turn(Kind k) { kind = k; } }",
    "Base": f"public class Base {{ {_STATE} public static int count; protected static String made = new String(\"m\"); public static int top() {{ return 4; }}"
    " public static class Leaf { int leaf; public int leaf() { return leaf++; } } public class Inner { int k; public int k() { return ++k + n; } } }",
    "Edge": f"public class Edge {{ {_STATE} public static int limit; public static final Object TOKEN = new Object(); public static final int SIZE = 3;"
    " public static int size() { return SIZE; } public static class Tip { public int tip; } }",
    "Quotes": f"public class Quotes \\u007b {_STATE} public boolean \\u0061sk(String s) {{ return s.startsWith(\"\\u005c\"\") && (n) != 0; }} "
    "public int m\\u0061de() { (n) = 3; return (this.n) = n\\u003b } public void some(String... all) { n = 0_17; } }",
    "Line": f"public class Line {{ {_STATE} public int draw() {{ return next() + new Quotes().made(); }} }}",
}
# What names Kind, Seen, Bad, Leaf, Inner, top(), count through the class that only inherits them: one class each, with a proxy elsewhere.
_THROUGH_HEIR = {
    "parameter": ("", "public int use(SimpleLook.Kind kind) { return kind == SimpleLook.Kind.ROUND ? ++n : n; }"),
    "result": ("", "public SimpleLook.Kind use() { n++; return null; }"),
    "generic": ("", "public int use(java.util.List<? extends SimpleLook.Seen<SimpleLook.Kind>> all) { return ++n; }"),
    "array": ("", "public int use(SimpleLook.Kind... all) { return ++n; }"),
    "thrown": ("", "public int use() throws SimpleLook.Bad { return ++n; }"),
    "field": ("", "public SimpleLook.Kind shown; public int use() { return ++n; }"),
    "bound": ("", "public <T extends SimpleLook.Seen<String>> int use(T t) { return ++n; }"),
    "nested": ("", "public int use() { return ++n; } public static class Of implements SimpleLook.Seen<String> { public String seen() { return \"\"; } int s; }"),
    "qualified": ("", "public int use(demo.shape.SimpleLook.Leaf leaf) { return leaf.leaf() + ++n; }"),
    "inner": ("", "public int use(SimpleLook.Inner inner) { return inner.k() + ++n; }"),
    "imported": ("import static demo.shape.SimpleLook.Kind;", "public int use(Kind kind) { return ++n; }"),
    "static_on_demand": ("import static demo.shape.SimpleLook.*;", "public int use(Kind kind) { return ++n + top() + count; }"),
    "static_method": ("import static demo.shape.SimpleLook.top;", "public int use() { return ++n + top(); }"),
    "static_field": ("import static demo.shape.SimpleLook.count;", "public int use() { return ++n + (count = count++); }"),
    "code": ("", "public int use() { return n + SimpleLook.top() + SimpleLook.LIMIT + SimpleLook.count++; }"),
    "reference": ("", "public int use() { java.util.function.Supplier<Integer> s = SimpleLook::top; return s.get() + ++n; }"),
    "unused": ("import demo.shape.Edge.Tip; import demo.shape.*; import static demo.shape.Edge.limit;", "public int use() { return ++n; }"),
}
_TESTS = {
    "Class": "import demo.shape.Edge;",
    "Nested": "import demo.shape.Edge.Tip;",
    "Package": "import demo.shape.*;",
    "Members": "import static demo.shape.Edge.*;",
    "Types": "import demo.shape.Edge.*;",
    "Method": "import static demo.shape.Edge.size;",
    "Field": "import static demo.shape.Edge.limit;",
    "Final": "import static demo.shape.Edge.TOKEN;",
    "Constant": "import static demo.shape.Edge.SIZE;",
    "Heir": "import static demo.shape.SimpleLook.count; import static demo.shape.SimpleLook.Kind; import static demo.shape.SimpleLook.top;",
    "Helper": "import demo.help.Helper; import demo.more.*;",
}


def _sources() -> Iterator[tuple[str, str]]:
    for name, text in _SHAPE.items():
        yield f"src/main/java/demo/shape/{name}.java", f"package demo.shape;\n{text}\n"
    for name, (imports, text) in _THROUGH_HEIR.items():
        cls = f"Use_{name}"
        # In the package of what they name, and in another one; a caller in the third part has a proxy of each.
        for package, more in (("demo.shape", ""), ("demo.user", "import demo.shape.SimpleLook;")):
            head = f"package {package};\n{more}\n{imports}\n"
            yield f"src/main/java/{package.replace('.', '/')}/{cls}.java", f"{head}public class {cls} {{ {_STATE} {text} }}\n"
            caller = f"package demo.paint;\npublic class {package[5:]}_{name} {{ private int c; public int go({package}.{cls} u) {{ return c++ + u.next() + new demo.shape.Quotes().m\\u0061de(); }} }}\n"
            yield f"src/main/java/demo/paint/{package[5:]}_{name}.java", caller
    yield "src/main/java/demo/paint/Brush.java", f"package demo.paint;\npublic class Brush {{ {_STATE} protected int width() {{ return 1; }} }}\n"
    for name, imports in _TESTS.items():
        body = f"class {name}Test {{ @org.junit.Test public void wide() {{ of(); }} int of() {{ return new Brush() {{ @Override protected int width() {{ return 3; }} }}.next(); }} }}"
        yield f"src/test/java/demo/paint/{name}Test.java", f"package demo.paint;\n{imports}\n{body}\n"
        yield f"src/test/java/demo/{name}DriverTest.java", f"package demo;\n{imports}\nclass {name}DriverTest {{ @org.junit.Test public void of() {{ }} }}\n"
    yield "src/test/java/demo/help/Helper.java", "package demo.help;\npublic class Helper { }\n"
    yield "src/test/java/org/junit/Test.java", "package org.junit;\npublic @interface Test { }\n"
    yield "src/test/java/demo/more/More.java", "package demo.more;\npublic class More { }\n"


def _split(root: Path, out: Path) -> Plan:
    files = dict(_sources())
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    main = SourceSet((root / "src/main/java",), (), tuple(sorted(f for f in files if f.startswith("src/main"))))
    test = SourceSet((root / "src/test/java",), (), tuple(sorted(f for f in files if f.startswith("src/test"))))
    module = Module("demo", ".", "g", "demo", "1.0", "jar", 17, 17, "UTF-8", main, test)
    project = Project("demo", root, str(root), "maven", (module,))
    loaded = [JavaFile(f, root / f, ".", Origin.TEST if t else Origin.MAIN) for _, t, f in project.java_files()]
    program = load(root, loaded, JavaLibrary((), 17))
    assert not program.diagnostics, [d.render() for d in program.diagnostics]
    given = {c.name: c.package[5:] for c in program.top_level()}
    plan = plan_edits(program, legalise(program, given, LegaliseOptions()))
    assert not plan.refusals
    emit(project, program, plan, out)
    return plan


def test_whatever_names_a_class_compiles(tmp_path: Path, runtime: str) -> None:
    plan = _split(tmp_path / "monolith", tmp_path / "out")
    owned = {part.name: set(part.owned) for part in plan.parts}
    assert {"demo.shape.Edge", "demo.shape.SimpleLook"} <= owned["shape"]
    assert {p for t in plan.tests if t.name == "demo.paint.ClassTest" for p in t.placements} == {"paint"}
    wrong = []
    for part in plan.parts:
        sources = sorted(str(p) for p in (tmp_path / "out" / part.name).rglob("*.java") if "services" not in p.parts)
        try:
            _javac(sources, tmp_path / "classes" / part.name, [runtime])
        except AssertionError as error:
            wrong.append(f"{part.name}: {error}")
    assert not wrong, "\n".join(wrong)
