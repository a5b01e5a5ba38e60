"""The Plan as text: JSON that a person can review and a diff can show, one class a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn

from refactor.isolate.plan import (
    ClassPlan,
    EndpointKind,
    EndpointPlan,
    Move,
    MovedPiece,
    PartEdit,
    PartPlan,
    Passing,
    Plan,
    ProgramPlan,
    Refusal,
    Role,
    TestPlan,
)
from refactor.support.diagnostics import Diagnostic, Note, RefactorError, Severity
from refactor.support.source import Edit, Span

SCHEMA = "plan/1"


def dump_plan(plan: Plan) -> str:
    """before: a Plan   after: its JSON text; every record stands on one line, long name lists one name a line"""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "project": plan.project,
        "language": plan.language,
        "options": dict(plan.options),
        "parts": [_part(p) for p in plan.parts],
        "mains": dict(plan.mains),
        "programs": [_program(p) for p in plan.programs],
        **({"pieces": [_piece(p) for p in plan.pieces]} if plan.pieces else {}),  # most plans have none
        "classes": [_class(c) for c in plan.classes],
        "tests": [_test(t) for t in plan.tests],
        "moves": [_move(m) for m in plan.moves],
        "refusals": [_refusal(r) for r in plan.refusals],
        "warnings": [_diagnostic(w) for w in plan.warnings],
        "endpoints": [_endpoint(e) for e in plan.endpoints],
        "edits": [_edit(e) for e in plan.edits],
        "inputs": dict(plan.inputs),
    }
    return "{\n" + ",\n".join(f" {_text(key)}: {_top(value)}" for key, value in data.items()) + "\n}\n"


def load_plan(text: str, name: str = "plan.json") -> Plan:
    """before: the text of a plan file   after: the Plan; RefactorError (exit code 4) with the line of what is wrong"""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        _bad(name, error.msg, error.lineno, error.colno)
    reader = _Reader(name, text)
    if not isinstance(data, dict):
        reader.fail("the plan is not an object", None)
    if data.get("schema") != SCHEMA:
        reader.fail(f'"schema" is {json.dumps(data.get("schema"))}, not "{SCHEMA}"', '"schema"')
    data.setdefault("pieces", [])
    reader.only(data, _KEYS, "the plan")
    return Plan(
        project=reader.string(data, "project"),
        language=reader.string(data, "language"),
        options=reader.pairs(data, "options"),
        parts=reader.records(data, "parts", _read_part),
        mains=tuple((n, p) for n, p in reader.mapping(data, "mains", (str, type(None)))),
        programs=reader.records(data, "programs", _read_program),
        pieces=reader.records(data, "pieces", _read_piece),
        classes=reader.records(data, "classes", _read_class),
        tests=reader.records(data, "tests", _read_test),
        moves=reader.records(data, "moves", _read_move),
        refusals=reader.records(data, "refusals", _read_refusal),
        warnings=reader.records(data, "warnings", _read_diagnostic),
        endpoints=reader.records(data, "endpoints", _read_endpoint),
        edits=reader.records(data, "edits", _read_edit),
        inputs=reader.pairs(data, "inputs"),
    )


_LISTS = ["parts", "programs", "pieces", "classes", "tests", "moves", "refusals", "warnings", "endpoints", "edits"]
_KEYS = ["schema", "project", "language", "options", "mains", "inputs", *_LISTS]


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _top(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"  {_record(item)}" for item in value) + "\n ]"
    if isinstance(value, dict) and value:
        return "{\n" + ",\n".join(f"  {_text(k)}: {_text(v)}" for k, v in value.items()) + "\n }"
    return _text(value)


def _record(item: dict[str, Any]) -> str:
    """A record on one line, but the name lists of a part one name a line."""
    if "owned" not in item:
        return _text(item)
    lines = []
    for key, value in item.items():
        if isinstance(value, list) and value:
            lines.append(f"   {_text(key)}: [\n" + ",\n".join(f"    {_text(v)}" for v in value) + "\n   ]")
        else:
            lines.append(f"   {_text(key)}: {_text(value)}")
    return "{\n" + ",\n".join(lines) + "\n  }"


def _part(p: PartPlan) -> dict[str, Any]:
    return {
        "name": p.name,
        "port": p.port,
        "owned": list(p.owned),
        "replicas": list(p.replicas),
        "proxies": list(p.proxies),
        "tables": list(p.tables),
    }


def _read_part(r: _Reader, d: dict[str, Any]) -> PartPlan:
    port = r.integer(d, "port")
    return PartPlan(r.string(d, "name"), port, r.names(d, "owned"), r.names(d, "replicas"), r.names(d, "proxies"), r.names(d, "tables"))


def _class(c: ClassPlan) -> dict[str, Any]:
    return {"name": c.name, "role": c.role.value, "part": c.part, "passing": {n: p.value for n, p in c.passing}, "reason": c.reason}


def _read_class(r: _Reader, d: dict[str, Any]) -> ClassPlan:
    passing = tuple((n, r.member(Passing, p, f'"{p}"')) for n, p in r.pairs(d, "passing"))
    role = r.member(Role, r.string(d, "role"), f'"{d["role"]}"')
    return ClassPlan(r.string(d, "name"), role, r.optional(d, "part"), passing, r.string(d, "reason"))


def _program(p: ProgramPlan) -> dict[str, Any]:
    return {"main": p.main, "part": p.part, "module": p.module, "args": list(p.args), "stdin": p.stdin}


def _read_program(r: _Reader, d: dict[str, Any]) -> ProgramPlan:
    return ProgramPlan(r.string(d, "main"), r.string(d, "part"), r.string(d, "module"), r.names(d, "args"), r.string(d, "stdin"))


def _piece(p: MovedPiece) -> dict[str, Any]:
    return {
        "name": p.name,
        "class": p.cls,
        "pieces": list(p.pieces),
        "members": list(p.members),
        "file": p.file,
        "source": p.source,
        "sha256": p.sha256,
        "encoding": p.encoding,
        "edits": [_plain_edit(e) for e in p.edits],
        "copied": [_plain_edit(e) for e in p.copied],
        "text": p.text,
    }


def _read_piece(r: _Reader, d: dict[str, Any]) -> MovedPiece:
    strings = ("text", "encoding", "source", "sha256")
    text, encoding, source, digest = (r.string(d, k) for k in strings)
    members, edits, copied = r.names(d, "members"), r.records(d, "edits", _read_plain), r.records(d, "copied", _read_plain)
    name, cls, file = (r.string(d, k) for k in ("name", "class", "file"))
    if encoding not in ("utf-8", "iso-8859-1"):
        r.fail(f"{encoding!r} is not one of utf-8, iso-8859-1", '"encoding"')
    return MovedPiece(name, cls, r.names(d, "pieces"), members, file, text, encoding, source, digest, edits, copied)


def _test(t: TestPlan) -> dict[str, Any]:
    return {"name": t.name, "placements": list(t.placements), "is_test": t.is_test, "reason": t.reason}


def _read_test(r: _Reader, d: dict[str, Any]) -> TestPlan:
    return TestPlan(r.string(d, "name"), r.names(d, "placements"), r.boolean(d, "is_test"), r.string(d, "reason"))


def _move(m: Move) -> dict[str, Any]:
    return {"name": m.name, "source": m.source, "target": m.target, "rule": m.rule, "reason": m.reason}


def _read_move(r: _Reader, d: dict[str, Any]) -> Move:
    return Move(*(r.string(d, k) for k in ("name", "source", "target", "rule", "reason")))


def _refusal(f: Refusal) -> dict[str, Any]:
    return {"rule": f.rule, "span": _span(f.span), "message": f.message, "merge": list(f.merge), "help": f.help}


def _read_refusal(r: _Reader, d: dict[str, Any]) -> Refusal:
    return Refusal(r.string(d, "rule"), r.span(d, "span"), r.string(d, "message"), r.names(d, "merge"), r.string(d, "help"))


def _diagnostic(w: Diagnostic) -> dict[str, Any]:
    notes = [{"message": n.message, "span": _span(n.span)} for n in w.notes]
    return {"id": w.id, "severity": w.severity.value, "message": w.message, "span": _span(w.span), "notes": notes, "help": w.help}


def _read_diagnostic(r: _Reader, d: dict[str, Any]) -> Diagnostic:
    severity = r.member(Severity, r.string(d, "severity"), f'"{d["severity"]}"')
    notes = r.records(d, "notes", lambda q, n: Note(q.string(n, "message"), q.span(n, "span")))
    return Diagnostic(r.string(d, "id"), severity, r.string(d, "message"), r.span(d, "span"), notes, r.string(d, "help"))


def _endpoint(e: EndpointPlan) -> dict[str, Any]:
    return {
        "part": e.part,
        "cls": e.cls,
        "operation": e.operation,
        "kind": e.kind.value,
        "member": e.member,
        "modes": list(e.modes),
        "result": e.result,
        "read_only_arrays": e.read_only_arrays,
        "used_by": list(e.used_by),
    }


def _read_endpoint(r: _Reader, d: dict[str, Any]) -> EndpointPlan:
    return EndpointPlan(
        r.string(d, "part"),
        r.string(d, "cls"),
        r.string(d, "operation"),
        r.member(EndpointKind, r.string(d, "kind"), f'"{d["kind"]}"'),
        r.string(d, "member"),
        r.names(d, "modes"),
        r.string(d, "result"),
        r.boolean(d, "read_only_arrays"),
        r.names(d, "used_by"),
    )


def _edit(p: PartEdit) -> dict[str, Any]:
    return {"part": p.part, **_plain_edit(p.edit)}


def _plain_edit(e: Edit) -> dict[str, Any]:
    return {"file": e.file, "start": e.start, "end": e.end, "text": e.text, "reason": e.reason}


def _read_edit(r: _Reader, d: dict[str, Any]) -> PartEdit:
    return PartEdit(r.string(d, "part"), _read_plain(r, d))


def _read_plain(r: _Reader, d: dict[str, Any]) -> Edit:
    return Edit(r.string(d, "file"), r.integer(d, "start"), r.integer(d, "end"), r.string(d, "text"), r.string(d, "reason"))


def _span(s: Span | None) -> list[Any] | None:
    return None if s is None else [s.file, s.start, s.end, s.line, s.column]


class _Reader:
    """Typed access to parsed JSON; what is wrong is reported with the line of the text that holds it."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._at = 0  # where the record being read starts in the text, as far as it could be found

    def fail(self, message: str, near: str | None) -> NoReturn:
        at = self._text.find(near, self._at) if near else self._at
        at = self._at if at < 0 else at
        line = self._text.count("\n", 0, at) + 1
        _bad(self._name, message, line, at - self._text.rfind("\n", 0, at))

    def only(self, data: dict[str, Any], keys: list[str], what: str) -> None:
        for key in data:
            if key not in keys:
                self.fail(f"{what} has an unknown field {key!r}", json.dumps(key))
        for key in keys:
            if key not in data:
                self.fail(f"{what} has no field {key!r}", None)

    def get(self, data: dict[str, Any], key: str, kinds: tuple[type, ...], what: str) -> Any:
        if key not in data:
            self.fail(f"the field {key!r} is missing", None)
        value = data[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            self.fail(f"{key!r} is not {what}: {json.dumps(value)}", json.dumps(key))
        return value

    def string(self, data: dict[str, Any], key: str) -> str:
        return str(self.get(data, key, (str,), "a string"))

    def optional(self, data: dict[str, Any], key: str) -> str | None:
        value = self.get(data, key, (str, type(None)), "a string or null")
        return None if value is None else str(value)

    def integer(self, data: dict[str, Any], key: str) -> int:
        return int(self.get(data, key, (int,), "a whole number"))

    def boolean(self, data: dict[str, Any], key: str) -> bool:
        return bool(self.get(data, key, (bool,), "true or false"))

    def names(self, data: dict[str, Any], key: str) -> tuple[str, ...]:
        found = self.get(data, key, (list,), "a list of strings")
        if not all(isinstance(item, str) for item in found):
            self.fail(f"{key!r} is not a list of strings", json.dumps(key))
        return tuple(found)

    def mapping(self, data: dict[str, Any], key: str, kinds: tuple[type, ...]) -> tuple[tuple[str, Any], ...]:
        found = self.get(data, key, (dict,), "an object")
        for name in found:
            self.get(found, name, kinds, "a string" if type(None) not in kinds else "a string or null")
        return tuple(found.items())

    def pairs(self, data: dict[str, Any], key: str) -> tuple[tuple[str, str], ...]:
        return self.mapping(data, key, (str,))

    def span(self, data: dict[str, Any], key: str) -> Span | None:
        found = self.get(data, key, (list, type(None)), "a span or null")
        if found is None:
            return None
        if len(found) != 5 or not isinstance(found[0], str) or not all(type(n) is int for n in found[1:]):
            self.fail(f"{key!r} is not [file, start, end, line, column]", json.dumps(key))
        return Span(*found)

    def member(self, enum: Any, value: str, near: str) -> Any:
        try:
            return enum(value)
        except ValueError:
            known = ", ".join(m.value for m in enum)
            self.fail(f"{value!r} is not one of {known}", near)

    def records(self, data: dict[str, Any], key: str, read: Callable[[_Reader, dict[str, Any]], Any]) -> tuple[Any, ...]:
        outer = self._at
        start = self._text.find(json.dumps(key) + ":", outer)
        self._at = max(start, outer)
        found = []
        for item in self.get(data, key, (list,), "a list"):
            if not isinstance(item, dict):
                self.fail(f"an entry of {key!r} is not an object", None)
            self._enter(item)
            found.append(read(self, item))
        self._at = outer
        return tuple(found)

    def _enter(self, item: dict[str, Any]) -> None:
        """Move on to the place of this record: the next place where its first field is written with its value."""
        for key, value in item.items():
            for spelling in (json.dumps(value, ensure_ascii=False), json.dumps(value)):
                at = self._text.find(f"{json.dumps(key)}: {spelling}", self._at + 1)
                if at >= 0:
                    self._at = at
                    return
            return


def _bad(name: str, message: str, line: int, column: int) -> NoReturn:
    found = Diagnostic(
        "isolate/bad-plan", Severity.ERROR, message, Span(name, 0, 0, line, column), help="run `refactor split --dry-run` for a fresh plan"
    )
    raise RefactorError([found], exit_code=4)
