"""JPQL / HQL text -> entities, the relations that it walks, and from there tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from refactor.sdg.mapping import Entity, Mapping
from refactor.sdg.model import Crud

_TOKEN = re.compile(r"'(?:[^']|'')*'|[:?]?[\w$]+(?:\s*\.\s*[\w$]+)*|[(),=<>]")
_JOINS = frozenset({"join", "fetch"})
# fmt: off
_WORDS = frozenset({
    "as", "on", "where", "set", "join", "fetch", "inner", "left", "right",
    "outer", "full", "cross", "group", "order", "having", "with", "and", "or",
    "not", "in", "member", "of", "is", "null", "limit", "union",
})
# fmt: on


def read_jpql(mapping: Mapping, text: str) -> tuple[list[tuple[str, Crud, str]], bool]:
    """before: "select o from Order o join o.lines l where o.customer.name = ?1"

    after: [(orders, R, ...), (order_line, R, ...), (customer, R, ...)] and whether every entity in it is known

    A path that ends in a related object's identifier reads the column of the owner only.
    """
    tokens = [re.sub(r"\s+", "", t) if "." in t else t for t in _TOKEN.findall(text)]
    words = [t.lower() for t in tokens]
    uses: dict[tuple[str, Crud], str] = {}
    aliases: dict[str, Entity] = {}
    complete = True

    def use(entity: Entity, kind: Crud, why: str) -> None:
        for table in entity.tables:
            uses.setdefault((table, kind), why)

    for at, entity_name, kind, alias in _heads(tokens, words):
        entity = mapping.named(entity_name)
        if entity is None:
            # `from x.lines l` of a subquery, `in (o.lines)`: a path, met again below.
            complete = complete and "." in entity_name and entity_name.partition(".")[0].lower() not in ("", words[at])
            continue
        use(entity, kind, f"{kind.name.lower()} {entity.name}")
        if kind is Crud.READ:
            for table, why in mapping.loaded(entity).items():
                if why and at == _first_from(words):
                    uses.setdefault((table, Crud.READ), why)
        aliases[(alias or entity_name).lower()] = entity
        if alias is None:
            aliases[""] = entity
    for number, token in enumerate(tokens):
        head, *path = token.split(".")
        start = aliases.get(head.lower()) if path else None
        if start is None and number and words[number - 1] in ("where", "and", "or", "set", "by", "not") and "" in aliases and not path:
            continue
        if start is None:
            continue
        joined = number > 0 and (words[number - 1] in _JOINS or (words[number - 1] == "(" and number > 1 and words[number - 2] == "in"))
        end = _walk(mapping, start, path, uses, whole=joined)
        alias_at = number + 1 + (number + 1 < len(words) and words[number + 1] == "as")
        if joined and end is not None and alias_at < len(words) and words[alias_at] not in _WORDS and words[alias_at].isidentifier():
            aliases[words[alias_at]] = end
    return [(table, kind, why) for (table, kind), why in uses.items()], complete and bool(uses)


def _first_from(words: list[str]) -> int:
    return words.index("from") if "from" in words else -1


def _heads(tokens: list[str], words: list[str]) -> Iterator[tuple[int, str, Crud, str | None]]:
    """Where entities are named: FROM a, b; UPDATE a; DELETE [FROM] a; INSERT INTO a; and the alias that follows."""
    for at, word in enumerate(words):
        if word == "from":
            kind = Crud.DELETE if at and words[at - 1] == "delete" else Crud.READ
            number = at + 1
            while number < len(tokens):
                alias, after = _alias(tokens, words, number + 1)
                if "(" not in tokens[number]:
                    yield at, tokens[number], kind, alias
                if after < len(words) and words[after] == "," and after + 1 < len(words) and words[after + 1] != "in":
                    number = after + 1
                else:
                    break
        elif (word == "update" and at == 0 and len(tokens) > 1) or (word == "delete" and at == 0 and len(words) > 1 and words[1] != "from"):
            yield at, tokens[at + 1], Crud.UPDATE if word == "update" else Crud.DELETE, _alias(tokens, words, at + 2)[0]
        elif word == "into" and at and words[at - 1] == "insert" and at + 1 < len(tokens):
            yield at, tokens[at + 1], Crud.CREATE, None


def _alias(tokens: list[str], words: list[str], at: int) -> tuple[str | None, int]:
    if at < len(words) and words[at] == "as":
        at += 1
    if at < len(words) and words[at].isidentifier() and words[at] not in _WORDS:
        return tokens[at], at + 1
    return None, at


def _walk(mapping: Mapping, entity: Entity, path: list[str], uses: dict[tuple[str, Crud], str], whole: bool) -> Entity | None:
    """Follow a path of properties; every related table that has to be read is added."""
    at: Entity | None = entity
    for number, name in enumerate(path):
        relation = at.relations.get(name) if at else None
        if at is None or relation is None:
            return None
        rest = path[number + 1 :]
        target = mapping.entities.get(relation.target or "")
        why = f"path {at.name}.{name}"
        if relation.link:
            uses.setdefault((relation.link, Crud.READ), why)
        if target is not None and ((rest and rest[0] not in target.ids) or (not rest and whole)):
            for table in target.tables:
                uses.setdefault((table, Crud.READ), why)
        at = target
    return at
