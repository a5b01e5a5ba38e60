"""SQL text -> tables and what is done with them. Parsed with sqlglot; what it cannot parse is read word by word."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from refactor.sdg.model import Crud, table_name

if TYPE_CHECKING:
    from sqlglot import exp

HOLE = "\ufffc"
"""Stands in a text for what is not known before the program runs."""

_UNKNOWN = "unknown__"
_HOLES = re.compile(f"[\\w.]*{HOLE}[\\w.{HOLE}]*")
_CALL = re.compile(r"\{\s*(\?\s*=\s*)?call\s+([\w.]+)", re.IGNORECASE)
_ESCAPE = re.compile(r"\{\s*(?:fn|d|ts|t|oj)\s+([^{}]*)\}", re.IGNORECASE)
_WORDS = (
    (re.compile(r"\binsert\s+(?:ignore\s+)?into\s+([\w.\"`\[\]]+)", re.I), Crud.CREATE),
    (re.compile(r"^\s*replace\s+into\s+([\w.\"`\[\]]+)", re.I), Crud.UPDATE),
    (re.compile(r"\bmerge\s+into\s+([\w.\"`\[\]]+)", re.I), Crud.UPDATE),
    (re.compile(r"^\s*update\s+([\w.\"`\[\]]+)", re.I), Crud.UPDATE),
    (re.compile(r"\bdelete\s+from\s+([\w.\"`\[\]]+)", re.I), Crud.DELETE),
    (re.compile(r"\btruncate\s+table\s+([\w.\"`\[\]]+)", re.I), Crud.DELETE),
    (re.compile(r"(?<!delete )\b(?:from|join)\s+([\w.\"`\[\]]+)", re.I), Crud.READ),
)


@dataclass(frozen=True, slots=True)
class SqlFacts:
    """`unknown`: a table's name, or the whole statement, is not known before the program runs. `parsed`: by the SQL parser."""

    uses: tuple[tuple[str, Crud], ...]
    unknown: bool = False
    parsed: bool = True
    procedures: tuple[str, ...] = ()
    defines: tuple[tuple[str, tuple[str, ...]], ...] = ()


@lru_cache(maxsize=4096)
def read_sql(text: str) -> SqlFacts:
    """before: "insert into a select * from b where x = ?"   after: (a, C), (b, R)

    Several statements may be given. DDL defines tables; only DROP counts as a use of their rows (D).
    """
    if not text.replace(HOLE, "").strip():
        return SqlFacts((), unknown=True)
    called = _CALL.search(text)
    if called:
        return SqlFacts((), procedures=(called[2],))
    cleaned = _HOLES.sub(f" {_UNKNOWN} ", _ESCAPE.sub(r"\1", text))
    try:
        trees = _parse(cleaned)
    except Exception:  # sqlglot raises several kinds for one cause: text that is no SQL of its dialect
        return _by_words(cleaned)
    uses: dict[tuple[str, Crud], None] = {}
    defines: list[tuple[str, tuple[str, ...]]] = []
    procedures: list[str] = []
    parsed = True
    for tree in trees:
        found, defined, procedure, known = _statement(tree)
        parsed = parsed and known
        uses.update(dict.fromkeys(found))
        defines += defined
        procedures += procedure
    if not parsed:
        uses.update(dict.fromkeys(_by_words(cleaned).uses))
    named = tuple(u for u in uses if u[0] != _UNKNOWN)
    return SqlFacts(named, len(named) < len(uses), parsed, tuple(procedures), tuple(defines))


@lru_cache(maxsize=4096)
def is_open(text: str) -> bool:
    """Whether what is not known of a text may name tables: it stands where more than a quoted value can stand."""
    return HOLE in re.sub(r"'(?:[^']|'')*'", "''", text)


def _parse(text: str) -> list[exp.Expr]:
    import sqlglot  # costs 0.2 s: only programs with SQL pay

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    return [tree for tree in sqlglot.parse(text) if tree is not None]


def _statement(
    tree: exp.Expr,
) -> tuple[list[tuple[str, Crud]], list[tuple[str, tuple[str, ...]]], list[str], bool]:
    """Uses, definitions and procedures of one statement, and whether the parser understood it."""
    from sqlglot import exp

    if isinstance(tree, exp.Create):
        return _create(tree)
    if isinstance(tree, exp.Command):
        word = str(tree.this).upper()
        name = str(tree.expression).strip().partition("(")[0].strip()
        if word in ("CALL", "EXEC", "EXECUTE"):
            return [], [], [name], True
        return [], [], [], word in ("SET", "GRANT", "REVOKE", "COMMENT", "SHUTDOWN", "CHECKPOINT", "CONNECT", "ALTER")
    targets: dict[int, tuple[Crud, ...]] = {}
    if isinstance(tree, exp.Insert):
        conflict = tree.args.get("conflict")
        kinds = (Crud.CREATE, Crud.UPDATE) if conflict is not None or tree.args.get("overwrite") else (Crud.CREATE,)
        _target(tree.this, kinds, targets)
    elif isinstance(tree, exp.Update):
        _target(tree.this, (Crud.UPDATE,), targets)
    elif isinstance(tree, exp.Delete):
        for target in tree.args.get("tables") or [tree.this]:
            _target(target, (Crud.DELETE,), targets)
    elif isinstance(tree, exp.Merge):
        done = {exp.Insert: Crud.CREATE, exp.Update: Crud.UPDATE}
        merged = tuple(kind for type_, kind in done.items() if any(isinstance(n, type_) for n in tree.walk()))
        deletes = any(isinstance(w, exp.When) and "DELETE" in str(w.args.get("then") or "").upper().split() for w in tree.walk())
        _target(tree.this, (*merged, Crud.DELETE) if deletes else merged or (Crud.UPDATE,), targets)
    elif isinstance(tree, exp.TruncateTable):
        for target in tree.expressions:
            _target(target, (Crud.DELETE,), targets)
    elif isinstance(tree, exp.Drop):
        if str(tree.args.get("kind") or "").upper() != "TABLE":
            return [], [], [], True
        for target in tree.args.get("tables") or [tree.this]:
            _target(target, (Crud.DELETE,), targets)
    elif isinstance(tree, exp.Alter):
        return [], [], [], True
    elif not isinstance(tree, exp.Query | exp.Use | exp.Set | exp.Commit | exp.Rollback | exp.Transaction | exp.Pragma | exp.Describe):
        return [], [], [], False
    return list(_uses(tree, targets)), [], [], True


def _target(node: object, kinds: tuple[Crud, ...], targets: dict[int, tuple[Crud, ...]]) -> None:
    from sqlglot import exp

    if isinstance(node, exp.Schema):
        node = node.this
    if isinstance(node, exp.Table):
        targets[id(node)] = kinds


def _uses(tree: exp.Expr, targets: dict[int, tuple[Crud, ...]]) -> Iterator[tuple[str, Crud]]:
    from sqlglot import exp

    local = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    deleted = isinstance(tree, exp.Delete) and bool(tree.args.get("tables"))
    # `delete a from accounts a`: the target is named by its alias.
    aliases = {t.alias.lower(): table_name(t.name) for t in tree.find_all(exp.Table) if t.alias}
    for table in tree.find_all(exp.Table, bfs=False):
        name = table_name(table.name)
        if id(table) in targets:
            name = aliases.get(name, name)
        kinds = targets.get(id(table))
        if kinds is not None:
            for kind in kinds:
                yield name, kind
        elif name and name not in local and not (deleted and table is tree.this):
            yield name, Crud.READ


def _create(tree: exp.Create) -> tuple[list[tuple[str, Crud]], list[tuple[str, tuple[str, ...]]], list[str], bool]:
    from sqlglot import exp

    if str(tree.args.get("kind") or "").upper() not in ("TABLE", "VIEW"):
        return [], [], [], True
    schema = tree.this
    table = schema.this if isinstance(schema, exp.Schema) else schema
    if not isinstance(table, exp.Table):
        return [], [], [], False
    columns = tuple(c.name.lower() for c in schema.expressions if isinstance(c, exp.ColumnDef)) if isinstance(schema, exp.Schema) else ()
    uses = list(_uses(tree.expression, {})) if isinstance(tree.expression, exp.Query) else []
    return uses, [(table_name(table.name), columns)], [], True


def _by_words(text: str) -> SqlFacts:
    """FROM x, JOIN x, INSERT INTO x ...: what is left where a vendor's dialect is not understood."""
    uses: dict[tuple[str, Crud], None] = {}
    for pattern, kind in _WORDS:
        for match in pattern.finditer(text):
            uses[table_name(match[1]), kind] = None
    named = tuple(u for u in uses if u[0] and u[0] != _UNKNOWN)
    return SqlFacts(named, len(named) < len(uses) or not uses, parsed=False)
