"""Which beans an aspect may concern, as far as its expressions are plain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from refactor.flow.facts import Facts
from refactor.frameworks.knowledge import container
from refactor.frameworks.model import Bean, BeanKind
from refactor.ir.symbols import ClassSymbol

_PACKAGE = "org.aspectj.lang.annotation."
_WITHIN_MARK = re.compile(r"(?:@within|@target)\(([\w.$]+)\)|within\(@([\w.$]+) \*\)")
_WITHIN = re.compile(r"within\(([\w$]+(?:\.[\w$]+)*)(\.\.\*|\.\*|)\)")
_EXECUTION = re.compile(r"execution\(\s*(?:[a-z]+\s+)*[\w.$*\[\]<>?]+\s+([\w.$*]+)\.[\w*]+\s*\([^()]*\)[^()]*\)")
_MARK = re.compile(r"@annotation\(([\w.$]+)\)")
_BEAN = re.compile(r"bean\(([\w*]+)\)")
_NAMED = re.compile(r"(\w+)\(\s*\)")
_DEEPEST = 8


def may_concern(facts: Facts, aspect: ClassSymbol, bean: Bean) -> bool:
    """before: an aspect with @Around("within(@shop.Audited *)")   after: whether the bean's class, or one above it, is @Audited

    Understood: within(@A *), @within(A), within(pkg.*), within(pkg..*), within(pkg.Class), execution(.. pkg.Class.method(..)) with
    wildcards, @annotation(A), bean(name), the aspect's own named expressions, &&, || and brackets. True for any other expression.
    """
    marks = [m for method in aspect.methods for m in method.annotations if m.name.startswith(_PACKAGE)]
    if any(m.name.endswith("DeclareParents") for f in aspect.fields for m in f.annotations):
        return True
    advice = [m for m in marks if not m.name.endswith(".Pointcut")]
    named = {
        method.name: text
        for method in aspect.methods
        for m in method.annotations
        if m.name == f"{_PACKAGE}Pointcut" and isinstance(text := m.value(), str)
    }
    texts = [text if isinstance(text := m.value() or m.value("pointcut"), str) else "" for m in advice]
    return not texts or any(_may_mean(facts, text, bean, named, 0) for text in texts)


def _may_mean(facts: Facts, text: str, bean: Bean, named: dict[str, str], depth: int) -> bool:
    text = " ".join(text.split())
    while text.startswith("(") and _closes(text) == len(text) - 1:
        text = text[1:-1].strip()
    for operator, of in (("||", any), ("&&", all)):
        terms = list(_split(text, operator))
        if len(terms) > 1:
            return of(_may_mean(facts, t, bean, named, depth) for t in terms)
    name = _NAMED.fullmatch(text)
    if name and name[1] in named and depth < _DEEPEST:
        return _may_mean(facts, named[name[1]], bean, named, depth + 1)
    return _one(facts, text, bean)


def _one(facts: Facts, text: str, bean: Bean) -> bool:
    family = {bean.type, bean.declared_in, *facts.hierarchy.supertypes(bean.type), *facts.hierarchy.subtypes(bean.type)}
    if marked := _WITHIN_MARK.fullmatch(text):
        found = (c for n in family if (c := facts.program.find(n)) is not None)
        return _is_named(marked[1] or marked[2], {a.name for c in found for a in c.annotations})
    if inside := _WITHIN.fullmatch(text):
        if inside[2] == "..*":
            return any(n.startswith(f"{inside[1]}.") for n in family)
        return any(n.rpartition(".")[0] == inside[1] if inside[2] else n == inside[1] for n in family)
    if called := _BEAN.fullmatch(text):
        pattern = re.compile(re.escape(called[1]).replace(r"\*", ".*"))
        return any(pattern.fullmatch(n) for n in (bean.name, *bean.aliases))
    if bean.type not in facts.top:
        return True  # what class of the library it is of is not known
    if run := _EXECUTION.fullmatch(text):
        if bean.kind is BeanKind.REPOSITORY:
            family |= container().implementations
        return any(_is_type(run[1], n) for n in family)
    if (mark := _MARK.fullmatch(text)) and _is_own(facts, mark[1]):
        own = (facts.symbol(n) for n in family if n in facts.top)
        return _is_named(mark[1], {a.name for c in own for m in c.methods for a in m.annotations})
    return True


def _is_type(pattern: str, name: str) -> bool:
    """before: com.shop..*Service   after: whether a binary name is one of these; without a package it is imported somewhere"""
    if "." not in pattern:
        name = name.rpartition(".")[2]
    text = re.escape(pattern).replace(r"\.\.", r"\.(?:.*\.)?").replace(r"\*", "[^.]*")
    return re.fullmatch(text, name.replace("$", ".")) is not None or re.fullmatch(text, name) is not None


def _is_named(name: str, names: set[str]) -> bool:
    """Whether an annotation is among some; without a package it is imported somewhere: any of that name."""
    return name in names or ("." not in name and any(n.endswith(f".{name}") for n in names))


def _is_own(facts: Facts, mark: str) -> bool:
    """Whether an annotation is the program's own: no class of a library has it."""
    return mark in facts.top or ("." not in mark and any(n.endswith(f".{mark}") for n in facts.top))


def _split(text: str, operator: str) -> Iterator[str]:
    depth = start = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0 and text.startswith(operator, at):
            yield text[start:at].strip()
            start = at + len(operator)
    yield text[start:].strip()


def _closes(text: str) -> int:
    """Where the bracket that the text begins with is closed; -1 if nowhere."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return at
    return -1
