"""Small Java programs that hold their own assertions, in comments of the method that they are about:

    // pt: x = {A@7, B}      exactly these objects: a class, and the line of the allocation where it matters; `f@7` a function
    // has: x = {A}          these among others        // not: x = {B}       none of these
    // ctx: A@7: x = {B@9}   exactly, where the method runs on the object A of line 7
    // calls: A.m, B.<init>  these callees             // never: B.m         none of these
    // only: A.m             exactly these callees     // entry: text        an entry point whose reason has the text
    // dead: text            unreachable for a reason with the text

Lines count from 1 within a program; `x` may be a local, `this`, `this.f` or `C.f` (static).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from refactor.frontend.java.files import JavaFile
from refactor.ir.program import Body, Library, Program
from refactor.ir.symbols import Origin
from refactor.pointsto.result import HeapObject, ObjectKind, PointsTo

HEADER = "package a; import java.util.*; import java.util.function.*; import java.util.stream.*; import java.util.concurrent.*; "
_ASSERTION = re.compile(r"//\s*(pt|has|not|ctx|calls|never|only|entry|dead):\s*(.+?)\s*$")


@dataclass(frozen=True, slots=True)
class Case:
    """One program: its Java text, and other files of its project."""

    name: str
    text: str
    files: tuple[tuple[str, str], ...] = ()


def cases(path: Path) -> list[Case]:
    """The programs of one file: `=== name`, then Java; `--- path` starts another file of the same program."""
    found = []
    for chunk in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, rest = chunk.partition("\n")
        text, *others = re.split(r"^--- ", rest, flags=re.MULTILINE)
        files = tuple((o.partition("\n")[0].strip(), o.partition("\n")[2]) for o in others)
        found.append(Case(name.strip(), text, files))
    return found


def program(case: Case, root: Path, library: Library) -> Program:
    from refactor.frontend.java.program import load

    path = root / "src" / "Main.java"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + case.text, encoding="utf-8")
    for name, text in case.files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return load(root, [JavaFile("src/Main.java", path, "app", Origin.MAIN)], library)


def failures(case: Case, made: Program, found: PointsTo) -> list[str]:
    """Every assertion of the program that does not hold, in words. A program without assertions fails."""
    said, count = [], 0
    for number, line in enumerate(case.text.splitlines(), 1):
        match = _ASSERTION.search(line)
        if match is None:
            continue
        count += 1
        body = _body_at(made, number)
        if body is None:
            said.append(f"line {number}: no body is here")
            continue
        problem = _Check(made, found, body).check(match[1], match[2])
        if problem:
            said.append(f"line {number}: {line.strip()}: {problem}")
    return said if count else ["the program asserts nothing"]


def _body_at(made: Program, line: int) -> Body | None:
    """The innermost body around a line."""
    best = None
    data = made.source("src/Main.java")
    for key in sorted(made.bodies):
        body = made.bodies[key]
        last = body.span.line + data.count(b"\n", body.span.start, body.span.end)
        implicit = key.endswith("<init>()V") and body.span.line == last
        shorter = best is None or body.span.end - body.span.start < best.span.end - best.span.start
        if body.span.line <= line <= last and not implicit and shorter:
            best = body
    return best


class _Check:
    def __init__(self, made: Program, found: PointsTo, body: Body) -> None:
        self._made, self._found, self._body = made, found, body

    def check(self, kind: str, text: str) -> str:
        """What is wrong, or ""."""
        if kind == "entry":
            reasons = [e.reason for e in self._found.entries if e.method == self._body.key]
            return "" if any(text in r for r in reasons) else f"entries: {reasons}"
        if kind == "dead":
            reasons = [u.reason for u in self._found.unreachable if u.method == self._body.key]
            return "" if any(text in r for r in reasons) else f"reasons: {reasons}"
        if kind in ("calls", "never", "only"):
            wanted = {w.strip() for w in text.split(",")} - {"none"}
            got = {self._short(k) for k in self._found.callees(self._body.key)}
            bad = wanted - got if kind == "calls" else wanted & got if kind == "never" else wanted ^ got
            return f"callees {sorted(got)}" if bad else ""
        context = None
        if kind == "ctx":
            under, _, text = text.partition(":")
            spec = under.strip()
            matching = [c for c in self._found.reached.get(self._body.key, ()) if self._is_under(c, spec)]
            if not matching:
                return f"contexts: {[self._found.contexts[c] for c in self._found.reached.get(self._body.key, ())]}"
            context = matching[0]
            kind = "pt"
        name, _, listed = text.partition("=")
        wanted = {w.strip() for w in listed.strip().strip("{}").split(",") if w.strip()}
        objects = [self._found.objects[o] for o in sorted(self._points(name.strip(), context))]
        unmet = [w for w in sorted(wanted) if not any(self._is(o, w) for o in objects)]
        extra = [o.label for o in objects if not any(self._is(o, w) for w in wanted)]
        if kind == "pt":
            return f"points to {[o.label for o in objects]}" if unmet or extra else ""
        if kind == "has":
            return f"points to {[o.label for o in objects]}" if unmet else ""
        return f"points to {[o.label for o in objects]}" if len(unmet) != len(wanted) else ""

    def _points(self, name: str, context: int | None) -> frozenset[int]:
        found, body = self._found, self._body
        if name.startswith("this."):
            cls = self._made.classes[body.owner]
            field = cls.field(name[5:])
            assert field is not None
            held = found.variable(body.key, "this", context)
            return frozenset().union(*(found.field_of(o, field.key) for o in held)) if held else frozenset()
        if "." in name:
            owner, _, member = name.partition(".")
            field = self._made.classes[f"a.{owner}"].field(member)
            assert field is not None
            return found.static_field(field.key)
        assert any(name == local for local in self._locals()), f"no local {name} in {body.key}"
        return found.variable(body.key, name, context)

    def _locals(self) -> Iterator[str]:
        from refactor.ir.statements import walk
        from refactor.pointsto.captures import declared_names, read_locals

        yield "this"
        yield from declared_names(self._body)
        for statement in walk(self._body.statements):
            yield from (local.name for local in read_locals(statement))

    def _is_under(self, context: int, spec: str) -> bool:
        elements = self._found.contexts[context]
        cls, _, line = spec.partition("@")
        return bool(elements) and self._named(elements[0], cls, line)

    @staticmethod
    def _named(label: str, cls: str, line: str) -> bool:
        name, _, place = label.partition("@")
        return name.rpartition(".")[2] == cls and (not line or place.split(":")[1:2] == [line])

    @staticmethod
    def _is(object_: HeapObject, spec: str) -> bool:
        cls, _, line = spec.partition("@")
        if line and (object_.span is None or object_.span.line != int(line)):
            return False
        if cls == "f":
            return object_.kind is ObjectKind.FUNCTION
        name = object_.cls.rpartition(".")[2]
        if cls == "class":
            return object_.label.endswith(".class")
        return name == cls or name.rpartition("$")[2] == cls

    @staticmethod
    def _short(key: str) -> str:
        owner, _, member = key.partition("#")
        return f"{owner.rpartition('.')[2].rpartition('$')[2]}.{member.partition('(')[0]}"
