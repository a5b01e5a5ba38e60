"""Frozen dataclasses that are quick to make.

A frozen dataclass sets each field through object.__setattr__, which takes several times as long as a plain assignment to a slot.
The front end makes several such objects for every token of the source. So the guard against assignments is the type checker's, and
the tests': where REFACTOR_FROZEN is set (tests/conftest.py does), an assignment fails at run time as well.
"""

from __future__ import annotations

import dataclasses
import os
from typing import Any, TypeVar

GUARDED = "REFACTOR_FROZEN"
_C = TypeVar("_C", bound=type)


def fast_init(cls: _C) -> _C:
    """Replace `__init__` of a frozen, slotted dataclass whose fields have plain defaults.

    before: object.__setattr__(self, "start", start) for each field; pickled as a state that is set field by field
    after:  self.start = start; pickled as a call of the class. Comparison, hash, copying and text stay
    """
    guarded = GUARDED in os.environ
    if not guarded:
        del cls.__setattr__
        del cls.__delattr__
    parameters, lines = ["self"], []
    scope: dict[str, Any] = {}
    for index, field in enumerate(dataclasses.fields(cls)):
        if field.default_factory is not dataclasses.MISSING or not field.init or field.kw_only:
            raise TypeError(f"{cls.__name__}.{field.name}: only plain fields are supported")
        if guarded:
            scope[f"set{index}"] = getattr(cls, field.name).__set__
        default = ""
        if field.default is not dataclasses.MISSING:
            scope[f"default{index}"] = field.default
            default = f"=default{index}"
        parameters.append(f"{field.name}{default}")
        lines.append(f"    set{index}(self, {field.name})" if guarded else f"    self.{field.name} = {field.name}")
    source = f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines or ["    pass"])
    values = "".join(f"self.{field.name}, " for field in dataclasses.fields(cls))
    source += f"\ndef __reduce__(self):\n    return self.__class__, ({values})\n"
    exec(source, scope)
    made = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = dict(vars(cls)["__init__"].__annotations__)
    cls.__init__ = made  # type: ignore[misc]
    cls.__reduce__ = scope["__reduce__"]  # type: ignore[method-assign]
    return cls
