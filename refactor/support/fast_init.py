"""Frozen dataclasses that are quick to make.

A frozen dataclass sets each field through object.__setattr__; the slot's own descriptor does the same in less than half the
time. The front end makes several such objects for every token of the source.
"""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

_C = TypeVar("_C", bound=type)


def fast_init(cls: _C) -> _C:
    """Replace `__init__` of a frozen, slotted dataclass whose fields have plain defaults.

    before: object.__setattr__(self, "start", start) for each field
    after:  Span.start.__set__(self, start), bound once; everything else, immutability included, stays
    """
    parameters, lines = ["self"], []
    scope: dict[str, Any] = {}
    for index, field in enumerate(dataclasses.fields(cls)):
        if field.default_factory is not dataclasses.MISSING or not field.init or field.kw_only:
            raise TypeError(f"{cls.__name__}.{field.name}: only plain fields are supported")
        scope[f"set{index}"] = getattr(cls, field.name).__set__
        default = ""
        if field.default is not dataclasses.MISSING:
            scope[f"default{index}"] = field.default
            default = f"=default{index}"
        parameters.append(f"{field.name}{default}")
        lines.append(f"    set{index}(self, {field.name})")
    source = f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines or ["    pass"])
    exec(source, scope)
    made = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = dict(vars(cls)["__init__"].__annotations__)
    cls.__init__ = made  # type: ignore[misc]
    return cls
