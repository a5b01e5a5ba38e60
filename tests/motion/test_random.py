"""Random classes with several groups: whatever is extracted compiles and prints the same trace as before."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refactor.frontend.java.library import JavaLibrary
from refactor.isolate.legalise import analyse
from refactor.isolate.pieces import groups_of
from refactor.motion.extract import extract
from refactor.motion.tree import rewritten
from tests.motion.conftest import Jvm, program_of

GROUPS = "xyz"


class Maker:
    """A class `God` whose members belong to groups, by their first letter; what they share is constants, references and calls."""

    def __init__(self, seed: int) -> None:
        self.r = Random(seed)
        self.generic = self.r.random() < 0.3
        self.calls: list[str] = []
        self.static: set[str] = set()

    def text(self) -> dict[str, str]:
        members = [m for g in GROUPS for m in self._group(g)]
        self.r.shuffle(members)
        order = [self._shared(), *members, *self._constructors()]
        params = "<T extends Comparable<T>>" if self.generic else ""
        god = f"public class God{params} implements Named {{\n" + "\n\n".join(order) + "\n}\n"
        args = "<String>" if self.generic else ""
        self.r.shuffle(self.calls)
        lines = "\n".join(f'        log("{i}", () -> {c});' for i, c in enumerate(self.calls * 2))
        main = f"""public class Main {{
    interface Code {{ Object run() throws Exception; }}
    static void log(String at, Code code) {{
        try {{
            System.out.println(at + " " + code.run());
        }} catch (Exception e) {{
            System.out.println(at + " " + e);
        }}
    }}
    public static void main(String[] args) {{
        God{args} g = new God{args}(3);
        God{args} h = new God{args}();
        Named n = g;
{lines}
        log("same", () -> g.name() + h.name() + n.name());
    }}
}}
"""
        box = "public class Box {\n    int v;\n    Box(int v) { this.v = v; }\n    int next() { return ++v; }\n}\n"
        sub = f"public class Sub{params} extends God{'<T>' if self.generic else ''} {{\n    {self._override()}\n}}\n"
        files = {"God": god, "Main": main, "Box": box, "Named": "interface Named { String name(); }\n", "Sub": sub}
        head = "package shop;\n\nimport java.util.*;\nimport java.util.function.*;\n\n"
        return {f"src/shop/{name}.java": head + text for name, text in files.items()}

    def _override(self) -> str:
        found = [g for g in GROUPS if g not in self.static]
        return f"@Override int {self.r.choice(found)}Size() {{ return 40; }}" if found else ""

    def _shared(self) -> str:
        lines = ["    private static final int MAX = 7;", '    static final String TAG = "t" + MAX;', "    private final Box box;"]
        lines.append("    private final String name = \"god\" + MAX; // of this one")
        lines.append("    private static int clamp(int n) { return Math.floorMod(n, MAX); }")
        lines.append("    public String name() { return name + box.v; }")
        lines.append("    @Override public String toString() { return name() + " + " + ".join(f"{g}Count" for g in GROUPS) + "; }")
        return "\n".join(lines)

    def _group(self, g: str) -> list[str]:
        r = self.r
        static = r.random() < 0.3
        self.static |= {g} if static else set()
        s, lock = ("static " if static else ""), ("synchronized " if r.random() < 0.3 else "")
        initial = r.choice(["", " = 2", " = MAX", f' = started("{g}")'])
        found = [f"    private static int {g}Made;\n    private {s}int {g}Count{initial}; // how many"]
        found.append(f"    private {s}{r.choice(['', 'final '])}List<Integer> {g}List = new ArrayList<>();")
        other = r.choice(GROUPS)
        bump = r.choice([f"{g}Count++;", f"{g}Count += 2;", f"God.{g}Made--; {g}Count = {g}Count + 1;", f"++{g}Count;"])
        this = "" if static else r.choice(["", "this.", "God.this."])
        more = r.choice(["", f"{this}{g}Count = clamp({g}Count + n);", f"{g}List.add(clamp(n) + MAX);", f"{g}Step();"])
        if not static:
            reference = f" Supplier<Integer> f = this::{g}Size; n += f.get();"
            more += r.choice(["", " box.next();", " keep(this);", f" n += {other}Size();", reference])
        code = f"{bump} {more} {g}Made += n; return {this}{g}Count + n + TAG.length();"
        found.append(f"    /** Adds to {g}. */\n    {lock}{s}int {g}Add(int n) {{ {code} }}")
        found.append(f"    private {s}void {g}Step() {{ {g}List.add({g}Count); }}")
        anonymous = f"new Object() {{ int at() {{ return {g}Count + clamp(9); }} }}.at()"
        size = r.choice([f"{g}List.size()", f"{g}Count * 2", anonymous, f"((Supplier<Integer>) () -> {g}Count).get()"])
        found.append(f"    {s}int {g}Size() {{ {g}Made++; return {size} + {g}List.size(); }}")
        thrown = f'if ({g}Count > {r.randint(0, 9)}) throw new Exception("{g}" + {g}List); '
        thrown = thrown if r.random() < 0.7 else ""
        found.append(f"    {s}<E> List<E> {g}Of(E... es) throws Exception {{ {thrown}{g}Step(); return List.of(es); }}")
        at = "God" if static else r.choice("gh")
        self.calls += [f"{at}.{g}Add({r.randint(-3, 9)})", f"{at}.{g}Size()", f'{at}.{g}Of("a", {r.randint(0, 5)})', 'g + " " + h']
        if not static and r.random() < 0.5:
            found.append(f"    boolean {g}Same(God{'<?>' if self.generic else ''} o) {{ return o == this || o.{g}Count == {g}Count; }}")
            self.calls += [f"g.{g}Same(h)", f"h.{g}Same(h)", f"new Sub{'<String>' if self.generic else ''}().{g}Add(1)"]
        return found

    def _constructors(self) -> list[str]:
        r = self.r
        uses = " ".join(r.sample([f"{g}{what}" for g in GROUPS for what in ("Count += n;", "Add(1);", "Step();")], 3))
        return [
            "    static final List<Object> KEPT = new ArrayList<>();\n    static void keep(Object o) { KEPT.add(o); }",
            '    static int started(String what) { System.out.println("started " + what); return 1; }',
            f"    God(int n) {{ this.box = new Box(n); {uses} }}\n\n    God() {{ this(5); }}",
        ]


def check(seed: int, folder: Path, platform: JavaLibrary, jvm: Jvm) -> set[str]:
    """Extracts every group of a random class that may move, in one to three new classes; the rules of those that may not."""
    files = Maker(seed).text()
    program = program_of(folder / "src", files, platform)
    analyses = analyse(program)
    groups = [p for p in groups_of(analyses, program.classes["shop.God"]) if not p.copied]
    moving = [p for p in groups if p.hindrance is None]
    r = Random(seed)
    wanted: dict[str, list[object]] = {}
    for piece in moving:
        if r.random() < 0.8:
            wanted.setdefault(r.choice("pqr"), []).append(piece)
    motion = extract(analyses, {"shop.God": wanted} if wanted else {})  # type: ignore[dict-item]
    after = dict(files)
    if not motion.refusals:
        for path, data in rewritten(program, motion.moved).items():
            after[path] = data.decode()
    before = jvm.trace(folder / "before", files)
    assert before == jvm.trace(folder / "after", after), "\n".join(f"--- {p}\n{c}" for p, c in after.items())
    return {r.rule for r in motion.refusals} | {"moved" for _ in motion.moved}


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 1 << 30))
def test_a_random_class_divided_prints_the_same(tmp_path: Path, platform: JavaLibrary, jvm: Jvm, seed: int) -> None:
    check(seed, tmp_path, platform, jvm)


@pytest.mark.slow
def test_many_random_classes(tmp_path: Path, platform: JavaLibrary, jvm: Jvm) -> None:
    found = [check(seed, tmp_path, platform, jvm) for seed in range(300)]
    assert sum("moved" in f for f in found) > 250
