"""Tables from MyBatis: mapper XML, annotations of mapper interfaces, SQL providers, statements by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from refactor.ir.statements import Invoke
from refactor.ir.symbols import Annotation, MethodSymbol
from refactor.ir.types import ClassType
from refactor.sdg.model import Found
from refactor.sdg.resources import Element
from refactor.sdg.strings import without_parameters
from refactor.sdg.tables.sql import HOLE
from refactor.sdg.world import Collector, World, shortened
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.source import Span

_STATEMENTS = ("select", "insert", "update", "delete", "procedure", "statement")
_VALUE = re.compile(r"#\{[^}]*\}|#\w+#")
_TEXT = re.compile(r"\$\{[^}]*\}")
_OPENERS = {"where": " where ", "set": " set ", "foreach": " ", "trim": " "}


def mybatis_tables(world: World) -> Found:
    """before: <select id="find">select * from item where id = #{id}</select>   after: the mapper's method find: item R

    Dynamic elements count with all their branches; a value counts as a parameter, `${...}` as unknown text.
    """
    found = Collector("mybatis")
    statements: dict[str, tuple[Element, Callable[[str], Element | None]]] = {}
    for _, root in world.resources.roots("mapper", "sqlMap"):
        namespace = root.attributes.get("namespace", "")
        fragments = {f"{namespace}.{e.attributes.get('id', '')}": e for e in root.children("sql")}

        def fragment(name: str, fragments: dict[str, Element] = fragments, namespace: str = namespace) -> Element | None:
            return fragments.get(name) or fragments.get(f"{namespace}.{name}")

        for element in root.children(*_STATEMENTS):
            statements[f"{namespace}.{element.attributes.get('id', '')}"] = (element, fragment)
        for map_ in root.children("resultMap"):
            statements[f"{namespace}.{map_.attributes.get('id', '')}"] = (map_, fragment)
    for name, (element, _) in statements.items():
        if element.tag == "resultMap":
            continue
        method = _mapper_method(world, name)
        if method is not None:
            _statement(found, statements, name, method, method_span(world, method) or element.span)
        elif world.facts.program.classes.get(name.rpartition(".")[0]) is not None:
            message = f"the statement {name} belongs to no method of its mapper"
            found.diagnostics.append(Diagnostic("sdg/unused-statement", Severity.NOTE, message, element.span))
    _by_session(world, found, statements)
    _annotated(world, found)
    return found.found()


def _mapper_method(world: World, name: str) -> str | None:
    """The key of the interface's method that a statement implements (MyBatis forbids overloads)."""
    owner, _, id_ = name.rpartition(".")
    cls = world.facts.program.classes.get(owner)
    return next((m.key for m in cls.methods if m.name == id_), None) if cls else None


def method_span(world: World, key: str) -> Span | None:
    method = world.facts.program.method(key)
    return method.name_span if method else None


def _statement(
    found: Collector,
    statements: dict[str, tuple[Element, Callable[[str], Element | None]]],
    name: str,
    method: str,
    span: Span,
) -> None:
    """The statement's own text, its key selects, and the statements that its result map runs for nested objects."""
    seen: set[str] = set()
    todo = [name]
    while todo:
        at = todo.pop(0)
        if at in seen or at not in statements:
            continue
        seen.add(at)
        element, fragment = statements[at]
        namespace = at.rpartition(".")[0]
        if element.tag != "resultMap":
            for text, where in _texts(element, fragment):
                found.sql(method, text, span, where)
        for inner in element.walk():
            for attribute in ("select", "resultMap", "extends"):
                if attribute in inner.attributes:
                    for target in inner.attributes[attribute].split(","):
                        named = target.strip()
                        todo.append(named if named in statements else f"{namespace}.{named}")


def _texts(element: Element, fragment: Callable[[str], Element | None]) -> Iterator[tuple[str, Span]]:
    """The SQL of a statement, then that of each `selectKey` in it."""
    keys = [e for e in element.walk() if e.tag == "selectKey"]
    yield _flat(element, fragment, frozenset()), element.span
    for key in keys:
        yield _flat(key, fragment, frozenset()), key.span


def _flat(element: Element, fragment: Callable[[str], Element | None], seen: frozenset[str]) -> str:
    pieces = []
    for part in element.parts:
        if isinstance(part, str):
            pieces.append(gaps(part))
        elif part.tag == "include":
            name = part.attributes.get("refid", "")
            included = fragment(name) if name not in seen else None
            pieces.append(_flat(included, fragment, seen | {name}) if included else HOLE)
        elif part.tag == "choose":
            # The branches exclude each other: one of them keeps the text a statement.
            first = next(part.children(), None)
            pieces.append(_flat(first, fragment, seen) if first else "")
        elif part.tag == "foreach":
            attributes = part.attributes
            pieces.append(f" {attributes.get('open', '')} {_flat(part, fragment, seen)} {attributes.get('close', '')} ")
        elif part.tag != "selectKey" and part.tag not in ("bind", "property"):
            inside = _flat(part, fragment, seen)
            if part.tag in ("where", "trim"):
                inside = re.sub(r"^\s*(?:and|or)\b", "", inside, flags=re.I)
            prefix = part.attributes.get("prefix") or _OPENERS.get(part.tag, " ").strip()
            pieces.append(f" {prefix} {inside.strip().rstrip(',')} {part.attributes.get('suffix', '')} " if inside.strip() else " ")
    return "".join(pieces)


def gaps(text: str) -> str:
    """before: where id = #{id} order by ${column}   after: where id = ? order by HOLE"""
    return _TEXT.sub(HOLE, _VALUE.sub("?", text))


def _by_session(world: World, found: Collector, statements: dict[str, tuple[Element, Callable[[str], Element | None]]]) -> None:
    """sqlSession.selectList("shop.ItemMapper.find"): the caller runs the statement itself."""
    for site in world.facts.sites(Invoke):
        call = site.statement
        if not isinstance(call, Invoke) or not call.method or call.method.partition("#")[0] not in world.known.mybatis_sessions:
            continue
        if call.method.partition("#")[2].partition("(")[0] in world.known.mybatis_session_methods and call.args:
            for at, statement, text in world.followed(site.body, call.args[0], call, lambda t: t in statements):
                if text in statements:
                    _statement(found, statements, text, world.method_of(at), statement.span)
                else:
                    message = f"{world.method_of(at).partition('(')[0]} runs a mapped statement that is not known: {shortened(text)}"
                    found.diagnostics.append(Diagnostic("sdg/unknown-query", Severity.WARNING, message, statement.span))


def _annotated(world: World, found: Collector) -> None:
    for name in sorted(world.facts.top):
        cls = world.facts.symbol(name)
        for method in cls.methods if cls.is_interface else ():
            span = method.name_span or method.span
            for mark in method.annotations:
                kind = world.known.mybatis_texts.get(mark.name)
                if kind is not None and span is not None:
                    value = mark.value("statement" if kind == "key" else "value")
                    text = " ".join(v for v in (value if isinstance(value, tuple) else (value,)) if isinstance(v, str))
                    found.sql(method.key, gaps(re.sub(r"</?\w[^>]*>", " ", text) if "<script>" in text else text), span, mark.span)
                elif mark.name in world.known.mybatis_providers and span is not None:
                    _provider(world, found, method, mark, span)


def _provider(world: World, found: Collector, method: MethodSymbol, mark: Annotation, span: Span) -> None:
    """@SelectProvider(type = X.class, method = "y"): what X.y may return."""
    type_, name = mark.value("type") or mark.value(), mark.value("method") or method.name
    cls = world.facts.program.classes.get(type_.name) if isinstance(type_, ClassType) else None
    known = world.facts.program.bodies
    bodies = [known[m.key] for m in cls.methods if m.name == name and m.key in known] if cls else []
    texts = [without_parameters(t) for b in bodies for t in world.strings.returned(b)] or [HOLE]
    for text in texts:
        found.sql(method.key, gaps(text), span, mark.span)
