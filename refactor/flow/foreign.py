"""Whether a call of a library's functional interface may run code of a library that nobody has described."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from refactor.flow.facts import Facts
from refactor.ir.statements import Invoke, Load, New
from refactor.ir.types import ClassType, Type, erase


def runs_foreign_code(facts: Facts, is_functional: Callable[[str], bool], is_described: Callable[[str], bool]) -> bool:
    """before: `Consumer<byte[]> c = Ciphers.scrambler();` of an undescribed library   after: True

    Functions are otherwise those of the program, which are seen where they are written, and of described classes.
    """

    def foreign(key: str | None) -> bool:
        owner = (key or "").partition("#")[0]
        return owner not in facts.top and not is_described(owner)

    def function(type_: Type) -> bool:
        erased = erase(type_)
        return isinstance(erased, ClassType) and any(is_functional(n) for n in facts.hierarchy.supertypes(erased.name))

    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if call.target is not None and foreign(call.method) and function(call.target.type):
            return True
    for site in facts.sites(New):
        new = cast(New, site.statement)
        if foreign(new.cls) and function(new.type):
            return True
    for site in facts.sites(Load):
        load = cast(Load, site.statement)
        if foreign(load.field) and function(load.target.type):
            return True
    return False
