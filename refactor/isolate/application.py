"""What an application class does besides starting: work that one part can do for all, and objects that its container gives it.

before: @SpringBootApplication class App implements CommandLineRunner { final Desk desk; App(Desk desk) {..} void run(..) { desk.open(); } }
after:  started in every part; `run` in one of them; `desk` is given, and is no state
"""

from __future__ import annotations

from refactor.flow.facts import annotated
from refactor.frameworks.knowledge import container
from refactor.ir.statements import Copy, Invoke, Local, Return, Statement, Store
from refactor.ir.symbols import ClassSymbol, FieldSymbol, Flags
from refactor.isolate.context import Analyses


def works(analyses: Analyses, cls: ClassSymbol) -> bool:
    """Whether its container calls it by itself, while it starts or later, or its constructor does more than keep what it is given."""
    facts, known = analyses.facts, container()
    above = facts.hierarchy.supertypes(cls.name)
    classes = (cls, *(facts.symbol(n) for n in sorted(above) if n in facts.top))
    marked = any(annotated(m, known.work_marks) for c in classes for m in c.methods)
    return bool(known.works & above) or marked or _constructor_works(analyses, cls)


def can_work_in_one_part(analyses: Analyses, cls: ClassSymbol) -> bool:
    """Whether all that makes it work can be taken from a part's copy: interfaces that it names itself, annotations of its own methods."""
    facts, known = analyses.facts, container()
    direct = {i.name for i in cls.interfaces}
    above = facts.hierarchy.supertypes(cls.name) - {cls.name}
    below = any(known.works & facts.hierarchy.supertypes(n) for n in above - known.works)
    if below or not known.works & above <= known.works_once & direct or _constructor_works(analyses, cls):
        return False
    inherited = [facts.symbol(n) for n in sorted(above) if n in facts.top]
    if any(annotated(m, known.work_marks) for c in inherited for m in c.methods):
        return False
    return all(annotated(m, known.work_marks - known.work_marks_once) is None for m in cls.methods)


def _constructor_works(analyses: Analyses, cls: ClassSymbol) -> bool:
    """Its own constructors and those of the program that they may call; what a library's superclass does it does in every application."""
    facts = analyses.facts
    line = [cls, *(facts.symbol(n) for n in sorted(facts.hierarchy.supertypes(cls.name)) if n in facts.top and n != cls.name)]
    makers = {m.key for c in line for m in c.methods if m.name == "<init>"}
    bodies = [b for top in sorted({facts.top[c.name] for c in line}) for b in facts.bodies.get(top, ()) if b.key in makers]
    return any(not _only_keeps(s) for b in bodies for s in b.statements)


def _only_keeps(statement: Statement) -> bool:
    """Keeps a value in a field, or calls another constructor for the same object."""
    if isinstance(statement, Invoke):
        return "#<init>(" in (statement.method or "")
    return isinstance(statement, Store | Copy | Return)


def is_injected(analyses: Analyses, cls: ClassSymbol, field: FieldSymbol) -> bool:
    """A final field that the only constructor fills with one of its parameters, as it is: a bean that the container gives.

    before: private final Desk desk; App(Desk desk) { this.desk = desk; }   after: true
    """
    makers = [m for m in cls.methods if m.name == "<init>"]
    stores = analyses.facts.stores_of(field.key)
    if len(makers) != 1 or field.flags & Flags.STATIC or not field.flags & Flags.FINAL or len(stores) != 1:
        return False
    given = {p.name for p in makers[0].params}
    return isinstance(stores[0].value, Local) and stores[0].value.name in given
