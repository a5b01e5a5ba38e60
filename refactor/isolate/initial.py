"""Initialisers of fields that give the same value whenever and however often they run, so that it does not matter where they stand."""

from __future__ import annotations

from refactor.flow.facts import flat
from refactor.ir.statements import (
    ArrayStore,
    Const,
    Copy,
    Invoke,
    Lambda,
    Load,
    Local,
    New,
    Statement,
    Store,
    Throw,
    Unsupported,
)
from refactor.ir.symbols import ClassSymbol, FieldSymbol, Flags
from refactor.ir.types import ClassType
from refactor.isolate.context import Analyses

# As a logger is named after its class.
_OWN_NAME = ("java.lang.Class#getName(", "java.lang.Class#getSimpleName(", "java.lang.Class#getCanonicalName(")


def repeatable_initial(analyses: Analyses, cls: ClassSymbol, field: FieldSymbol, alone: bool = True) -> bool:
    """before: `static final Logger LOG = LoggerFactory.getLogger(A.class)`   after: True: it can stand in another class as well

    Only the declarator's own expression counts; with `alone` it must be the only store to the field. It may make library objects and call
    library code that gives the same answer everywhere, with constants; it may not read anything else, nor name its own class
    other than by a class literal. No initialiser at all is one, too: the default value.
    """
    span = field.span
    if span is None:
        return False
    start = "#<clinit>" if field.flags & Flags.STATIC else "#<init>"
    bodies = [b for b in analyses.facts.bodies.get(cls.top or cls.name, ()) if b.owner == cls.name and f"{cls.name}{start}" in b.key]
    for body in bodies:
        for statement, _, _ in flat(body.statements):
            inside = statement.span.file == span.file and span.start <= statement.span.start and statement.span.end <= span.end
            if inside and not _harmless(analyses, statement, field):
                return False
            if alone and not inside and isinstance(statement, Store) and statement.field == field.key:
                return False
    return True


def _harmless(analyses: Analyses, statement: Statement, field: FieldSymbol) -> bool:
    known = analyses.known
    match statement:
        case Store(field=key):
            return key == field.key
        case Invoke(method=key, receiver=receiver, target=target):
            if key is None or (isinstance(receiver, Local) and receiver.name == "this"):
                return False
            made = target is not None and isinstance(target.type, ClassType) and target.type.name in known.duplicable
            return key.partition("#")[0] not in analyses.facts.top and (made or known.is_pure(key) or key.startswith(_OWN_NAME))
        case New(constructor=key):
            return key is not None and key.partition("#")[0] not in analyses.facts.top and known.is_pure(key)
        case Copy(value=value):
            return isinstance(value, Const) or value.name.startswith("$")
        case Load() | Lambda() | ArrayStore() | Throw() | Unsupported():
            return False
        case _:
            return True
