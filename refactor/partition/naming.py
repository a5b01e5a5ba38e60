"""Name parts after what is special about them: words of their classes, packages and tables."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

RESERVED = frozenset({"driver", "k8s", "monolith", "runtime", "target"})
"""Folders that an emitted tree has beside its parts: no part can have their names."""

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
# Words of the trade, not of the subject: they say what kind of class it is, not what it is about.
_TRADE = frozenset(
    re.findall(
        r"\w+",
        """
        abstract action adapter api app application assembler base bean class com common component config configuration consumer
        context controller converter core dao data default delegate domain dto edu ejb entity event exception external extractor
        factory filter formatter handler helper hibernate impl infrastructure info initialization initializer interface internal
        item java javax jdbc jms jpa jsf json jsp listener main manager mapper mdb message model mvc mybatis net object org page
        persistence pojo producer provider proxy publisher repository request resource response rest row service servlet session
        singleton slsb spring springdata springdatajpa sql stub subscriber support system table test type util value view web
        xml
        """,
    )
)
_NEAR = 0.7  # a word of the package counts less than one of the class's own name
_THIN = 1 / 3  # a word that fewer of the part's classes have does not say alone what the part is about
_LAYER = 0.6  # a word of the trade that so many have says what the part is
_OWN = 0.15  # of a word's uses in the program, at least so many are in the part that it names
_EVERYBODYS = 0.5  # a word in the packages of more classes than that is the program's, not a part's


@dataclass(slots=True)
class _Words:
    """What the classes and tables of one part say: word -> weight. `trade`: words that name no subject within this program.

    `packages`: the words of the packages that its classes are in.
    """

    first: str
    size: int = 0
    subject: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    trade: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    packages: set[str] = field(default_factory=set)

    def cover(self, word: str) -> float:
        """The share of the part's classes that have the word."""
        return (self.subject.get(word) or self.trade.get(word, 0.0)) / max(1, self.size)

    def main_subject(self) -> str:
        """The word that most of the part is about, empty where its classes have no word of their own."""
        return min(self.subject, key=lambda w: (-round(self.subject[w], 6), w), default="")


def name_parts(
    numbers: Mapping[str, int], owners: Mapping[str, int], pinned: list[str], table_pins: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """before: class -> number, table -> number; the names of the first parts where pins gave them

    after: class -> name, table -> name; names are distinct, lower case, and the same for any order of the input

    A part is called after the word that most of it has and few others have: one of its subject, else one of its layer.
    Where no word says what most of it is about, or where that word is another part's, two words stand together.
    """
    products = _products(numbers)
    rows = _collect(numbers, owners, _TRADE | products.keys())
    total: dict[str, float] = dict(products)
    for row in rows.values():
        for word, weight in (*row.subject.items(), *row.trade.items()):
            total[word] = total.get(word, 0.0) + weight
    names = dict(enumerate(pinned))
    taken = {*pinned, *RESERVED}
    free = {part: row for part, row in rows.items() if part not in names}
    words: dict[int, str] = {}
    _claim(free, words, taken, lambda row: _strong(row, total))
    _claim(free, words, taken, lambda row: _layers(row, total))
    for part, row in sorted(free.items(), key=lambda item: item[1].first):
        names[part] = next(name for name in _names(row, words.get(part, ""), total) if name not in taken or name == words.get(part))
        taken.add(names[part])
    tables = {t: table_pins.get(t, names[p]) for t, p in owners.items()}
    return {c: names[p] for c, p in numbers.items()}, tables


def _products(classes: Collection[str]) -> Counter[str]:
    """Words of the packages that most classes are below: the product's name says no more of a part than a word of the trade."""
    packages = Counter(word for cls in classes for word in set(_split(cls.rpartition(".")[0])))
    return Counter({word: n for word, n in packages.items() if n > max(1, _EVERYBODYS * len(classes))})


def _collect(numbers: Mapping[str, int], owners: Mapping[str, int], dull: Collection[str]) -> dict[int, _Words]:
    """The words of each part; `dull` ones count as words of the trade."""
    found: dict[int, _Words] = {}
    for cls, part in sorted(numbers.items()):
        row = found.setdefault(part, _Words(cls))
        row.size += 1
        package, _, name = cls.rpartition(".")
        own = set(_split(name))
        last = set(_split(package.rpartition(".")[2]))
        row.packages |= last
        # Of the packages above, only what tells them apart: everything is below the product's own.
        above = {word for word in _split(package) if word not in dull} | last
        for words, weight in ((own, 1.0), (above - own, _NEAR)):
            for word in words:
                (row.trade if word in dull else row.subject)[word] += weight
    for table, part in sorted(owners.items()):
        row = found.setdefault(part, _Words(table))
        for word in set(_split(table)):
            (row.trade if word in dull else row.subject)[word] += 1.0
    return found


def _claim(
    rows: Mapping[int, _Words], words: dict[int, str], taken: set[str], candidates: Callable[[_Words], Iterator[tuple[float, str]]]
) -> None:
    """Give each part without a word its best candidate; where two want one, it is that part's which it says more of."""
    wishes = [(-round(score, 9), word, row.first, part) for part, row in rows.items() for score, word in candidates(row)]
    for _, word, _, part in sorted(wishes):
        if part not in words and word not in taken:
            words[part] = word
            taken.add(word)


def _strong(row: _Words, total: Mapping[str, float]) -> Iterator[tuple[float, str]]:
    """Words of the subject that say what the part is about."""
    for word, weight in row.subject.items():
        if weight >= min(2.0, row.size or 1) and row.cover(word) >= _THIN:
            # Share of the part that has the word, times the share of the word that is here.
            yield row.cover(word) * weight / total[word] * math.log1p(weight), word


def _layers(row: _Words, total: Mapping[str, float]) -> Iterator[tuple[float, str]]:
    """Words of the trade that say what kind of classes the part has: those that the program's own packages are called by."""
    for word, weight in row.trade.items():
        if row.cover(word) >= _LAYER and word in row.packages and weight >= _OWN * total[word]:
            yield row.cover(word) * weight / total[word], word


def _names(row: _Words, word: str, total: Mapping[str, float]) -> Iterator[str]:
    """Names for a part, best first; `word` is the one that it claimed, if any."""
    subject = row.main_subject()
    if word and subject not in ("", word) and row.cover(subject) > (0.5 if word in row.trade else 2 * row.cover(word)):
        yield f"{subject}-{word}"  # most of it is about what another part is named after
    if word:
        yield word
    # Several subjects, none of which most of the part is about: the two that more of it is about than any other.
    known = sorted(row.subject, key=lambda w: (-round(row.cover(w), 6), total[w] <= row.subject[w], w))
    several = [w for w in known if row.subject[w] >= 2]
    yield from (f"{one}-{other}" for one, other in pairwise(several) if 2 * row.subject[other] >= row.subject[one])
    yield from several
    trade = sorted(row.trade, key=lambda w: (-round(row.cover(w) * row.trade[w] / total[w], 6), w))
    kind = next((w for w in trade if row.cover(w) >= _LAYER and w in row.packages), "")
    # A word of one class alone: rather one that the rest of the program uses too, and not as if all were about it.
    yield from (one for one in known if not kind or row.cover(one) > 0.5)
    yield from (f"{one}-{kind}" for one in known if kind)
    yield from trade
    yield from (f"{one}-{other}" for one in (*known, *trade) for other in (*known, *trade) if one != other)
    number = 1
    while True:
        yield f"{(known or trade or ['part'])[0]}-{number}"
        number += 1


def _split(name: str) -> list[str]:
    """`AccountDataJSF$Row` -> account, data, jsf, row; plural and single are one word."""
    found = []
    for piece in re.split(r"[^A-Za-z0-9]+", name):
        for match in _WORD.findall(piece):
            word = match.lower()
            if len(word) > 4 and word.endswith("ies"):
                word = word[:-3] + "y"
            elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ms", "ns")):
                word = word[:-1]
            if len(word) > 2 and not word.isdigit():
                found.append(word)
    return found
