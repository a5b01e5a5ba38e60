"""Name parts after what is special about them: words of their classes, packages and tables."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
# Words of the trade, not of the subject: they say what kind of class it is, not what it is about.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """
        abstract action adapter api app application base bean class com common component config configuration context controller
        core dao data default delegate domain dto ejb entity event exception factory filter handler helper impl info interface item
        java javax jpa jsf jsp listener main manager mapper mdb message model net object org page persistence pojo producer provider
        proxy repository request resource response rest service servlet session singleton slsb spring support system table test type
        util value view web
        """,
    )
)


def name_parts(
    numbers: Mapping[str, int], owners: Mapping[str, int], pinned: list[str], table_pins: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """before: class -> number, table -> number; the names of the first parts where pins gave them

    after: class -> name, table -> name; names are distinct, lower case, and the same for any order of the input
    """
    words: dict[int, dict[str, float]] = {}
    sizes: dict[int, int] = {}
    for cls, part in sorted(numbers.items()):
        sizes[part] = sizes.get(part, 0) + 1
        package, _, name = cls.rpartition(".")
        own = set(_words(name))
        near = set(_words(package.rpartition(".")[2])) - own
        row = words.setdefault(part, {})
        for word in own:
            row[word] = row.get(word, 0.0) + 1.0
        for word in near:
            row[word] = row.get(word, 0.0) + 0.7
    for table, part in sorted(owners.items()):
        row = words.setdefault(part, {})
        for word in set(_words(table)):
            row[word] = row.get(word, 0.0) + 1.0
    total: dict[str, float] = {}
    for row in words.values():
        for word, weight in row.items():
            total[word] = total.get(word, 0.0) + weight
    scored = []
    for part, row in words.items():
        if part < len(pinned):
            continue
        for word, weight in row.items():
            if weight >= min(2.0, sizes.get(part, 1)):
                # Share of the part that has the word, times the share of the word that is here.
                score = weight / max(1, sizes.get(part, 1)) * weight / total[word] * math.log1p(weight)
                scored.append((-round(score, 9), word, part))
    names = dict(enumerate(pinned))
    taken = set(pinned)
    for _, word, part in sorted(scored):
        if part not in names and word not in taken:
            names[part] = word
            taken.add(word)
    for part in sorted(words):
        if part not in names:
            number = next(n for n in range(1, len(words) + len(taken) + 2) if f"part-{n}" not in taken)
            names[part] = f"part-{number}"
            taken.add(names[part])
    tables = {t: table_pins.get(t, names[p]) for t, p in owners.items()}
    return {c: names[p] for c, p in numbers.items()}, tables


def _words(name: str) -> list[str]:
    """`AccountDataJSF$Row` -> account, row; plural and single are one word."""
    found = []
    for piece in re.split(r"[^A-Za-z0-9]+", name):
        for match in _WORD.findall(piece):
            word = match.lower()
            if len(word) > 4 and word.endswith("ies"):
                word = word[:-3] + "y"
            elif len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
                word = word[:-1]
            if len(word) > 2 and not word.isdigit() and word not in _EMPTY:
                found.append(word)
    return found
