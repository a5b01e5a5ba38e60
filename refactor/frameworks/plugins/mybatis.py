"""MyBatis: mapper interfaces are implemented at run time."""

from __future__ import annotations

from refactor.frameworks.mybatis import mappers
from refactor.ir.statements import Const, Invoke
from refactor.ir.symbols import ClassSymbol
from refactor.ir.types import ClassType
from refactor.pointsto.plugin import Feed, Plugin, Ref

_MAPPER = "org.apache.ibatis.annotations.Mapper"
_STATEMENTS = ("Select", "Insert", "Update", "Delete", "SelectProvider", "InsertProvider", "UpdateProvider", "DeleteProvider")
_PACKAGE = "org.apache.ibatis.annotations."


def mapper_interfaces(feed: Feed) -> list[str]:
    """Interfaces that an XML file or an annotation makes mappers."""
    named = mappers(feed.program)
    return [c.name for c in feed.classes() if c.is_interface and (c.name in named or _is_marked(c))]


def _is_marked(cls: ClassSymbol) -> bool:
    if any(a.name == _MAPPER for a in cls.annotations):
        return True
    marks = {_PACKAGE + s for s in _STATEMENTS}
    return any(a.name in marks for m in cls.methods for a in m.annotations)


class MyBatis(Plugin):
    """before: mapper interfaces   after: `getMapper(X.class)` gives one that answers by its methods' types"""

    name = "mybatis"

    def answer(self, feed: Feed, call: Invoke) -> list[Ref] | None:
        owner, _, rest = (call.method or "").partition("#")
        if owner.startswith("org.apache.ibatis.") and rest.startswith("getMapper("):
            for value in call.args:
                if isinstance(value, Const) and isinstance(value.value, ClassType):
                    return [feed.object(value.value.name, "mapper", automatic=True, proxy=True)]
        return None
