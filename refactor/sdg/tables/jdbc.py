"""Tables from SQL that is given to JDBC and to what is built on it: templates, query objects, insert builders."""

from __future__ import annotations

import re

from refactor.ir.program import Body
from refactor.ir.statements import Copy, Invoke, Load, Local, New, Statement, Store, Value, walk
from refactor.ir.symbols import parse_key
from refactor.sdg.model import Crud, Found, table_name
from refactor.sdg.tables.sql import HOLE, is_open, read_sql
from refactor.sdg.world import Collector, World

_PARAMETERS = re.compile(r"\[*(?:L[^;]+;|[ZBCSIJFD])")
_STRING, _STRINGS = "Ljava/lang/String;", "[Ljava/lang/String;"


def jdbc_tables(world: World) -> Found:
    """before: conn.prepareStatement("select * from quote where symbol = ?")   after: (the method, quote, R)

    The access belongs to the method that decides the text: a helper that only passes its parameter on has none.
    """
    found = Collector("jdbc")
    known = world.known
    for site in world.facts.sites(Invoke):
        call = site.statement
        if not isinstance(call, Invoke) or call.method is None:
            continue
        owner, _, rest = call.method.partition("#")
        name = rest.partition("(")[0]
        methods = known.jdbc.get(owner)
        if (methods is not None and ("*" in methods or name in methods)) or (name == "<init>" and owner in known.jdbc_constructors):
            _text_argument(world, found, site.body, call, call.method, call.args)
        elif known.inserts.get(owner) == name and call.args:
            _insert(world, found, site.body, call)
    for site in world.facts.sites(New):
        new = site.statement
        if isinstance(new, New) and new.constructor and new.constructor.partition("#")[0] in known.jdbc_constructors:
            _text_argument(world, found, site.body, new, new.constructor, new.args)
    return found.found()


def _text_argument(world: World, found: Collector, body: Body, call: Statement, key: str, args: tuple[Value, ...]) -> None:
    """The first argument that is a text, or a list of them."""
    parameters = _PARAMETERS.findall(parse_key(key).descriptor.partition(")")[0][1:])
    for argument, type_ in zip(args, parameters, strict=False):
        if type_ == _STRING:
            for at, statement, text in world.followed(body, argument, call, _enough):
                found.sql(world.method_of(at), text, statement.span)
                found.open(world.method_of(at), text)
            return
        if type_ == _STRINGS:
            for text in world.strings.elements(body, argument, call):
                found.sql(world.method_of(body), text, call.span)
                found.open(world.method_of(body), text)
            return


def _enough(text: str) -> bool:
    """Whether a text with gaps already says which tables it means."""
    return not read_sql(text).unknown and not is_open(text)


def _insert(world: World, found: Collector, body: Body, call: Invoke) -> None:
    """`new SimpleJdbcInsert(ds).withTableName("owners")`: the access is where it is executed, if it is kept in a field."""
    names = {table_name(text) for _, _, text in world.followed(body, call.args[0], call, lambda t: HOLE not in t)}
    if any(HOLE in n for n in names):
        found.unknown(world.method_of(body), HOLE, read_sql(HOLE), call.span)
    kept = _kept_in(body, call)
    runs = [s for key in kept for s in _runs(world, key)] or [(body, call)]
    for table in sorted(n for n in names if HOLE not in n):
        for around, run in runs:
            found.access(world.method_of(around), table, Crud.CREATE, run.span, f"{call.method} {table}".rpartition("#")[2])


def _kept_in(body: Body, call: Invoke) -> list[str]:
    """The fields that a builder ends up in, through its own chained calls."""
    names = {call.target.name} if call.target else set()
    fields = []
    for statement in walk(body.statements):
        match statement:
            case Invoke(receiver=Local(name=name), target=Local(name=made)) if name in names:
                names.add(made)
            case Copy(value=Local(name=name), target=Local(name=made)) if name in names:
                names.add(made)
            case Store(value=Local(name=name), field=field) if name in names:
                fields.append(field)
            case _:
                pass
    return fields


def _runs(world: World, field: str) -> list[tuple[Body, Invoke]]:
    found = []
    for load in world.facts.loads_of(field):
        if not isinstance(load.statement, Load):
            continue
        for use in world.facts.uses(load.body).get(load.statement.target.name, ()):
            if isinstance(use, Invoke) and use.method and parse_key(use.method).name in world.known.inserts_run:
                found.append((load.body, use))
    return found
