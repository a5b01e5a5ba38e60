"""Which beans an aspect may concern, as far as its expressions are plain."""

from __future__ import annotations

import re

from refactor.flow.facts import Facts
from refactor.frameworks.model import Bean
from refactor.ir.symbols import ClassSymbol

_PACKAGE = "org.aspectj.lang.annotation."
_WITHIN_MARK = re.compile(r"(?:@within|@target)\(([\w.$]+)\)|within\(@([\w.$]+) \*\)")
_WITHIN = re.compile(r"within\(([\w$]+(?:\.[\w$]+)*)(\.\.\*|\.\*|)\)")


def may_concern(facts: Facts, aspect: ClassSymbol, bean: Bean) -> bool:
    """before: an aspect with @Around("within(@shop.Audited *)")   after: whether the bean's class, or one above it, is @Audited

    True for every expression that is not one of: within(@A *), @within(A), within(pkg.*), within(pkg..*), within(pkg.Class).
    """
    marks = [m for method in aspect.methods for m in method.annotations if m.name.startswith(_PACKAGE)]
    if any(m.name.endswith("DeclareParents") for f in aspect.fields for m in f.annotations):
        return True
    advice = [m for m in marks if not m.name.endswith(".Pointcut")]
    texts = [text if isinstance(text := m.value() or m.value("pointcut"), str) else "" for m in advice]
    return not texts or any(_may_mean(facts, text.strip(), bean) for text in texts)


def _may_mean(facts: Facts, text: str, bean: Bean) -> bool:
    family = {bean.type, bean.declared_in, *facts.hierarchy.supertypes(bean.type), *facts.hierarchy.subtypes(bean.type)}
    marked = _WITHIN_MARK.fullmatch(text)
    if marked:
        name = marked[1] or marked[2]
        # Without a package it is imported somewhere: any annotation of that name.
        names = {a.name for n in family if (c := facts.program.find(n)) is not None for a in c.annotations}
        return name in names or ("." not in name and any(n.endswith(f".{name}") for n in names))
    inside = _WITHIN.fullmatch(text)
    if not inside:
        return True
    if inside[2] == "..*":
        return any(n.startswith(f"{inside[1]}.") for n in family)
    return any(n.rpartition(".")[0] == inside[1] if inside[2] else n == inside[1] for n in family)
