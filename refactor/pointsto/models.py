"""What is known of library methods, read once from grammars/java/library-effects.toml.

An entry names a class and a method (`name`, or `name/arity`; `*`: all others) and lists effects, separated by `;`:

    this.[] = last            what goes into a collection
    ret = new                 a new object of the declared type, made at the call
    ret.[] = arg0(this.[])    a call-back: the functional method of an argument, its result
    this:run()                a call of a method of the receiver by name
    ret = identity            a function that gives back its argument
    ret = instance(this)      reflection: an instance of the class that a class literal names
    text(arg0)  same(arg0, this.[])  quiet     the library asks for toString / for equals, hashCode and compareTo / for neither
    properties(arg0)          the library gets and sets the bean properties of what is there, by name, and of what they hold

A place is `this`, `ret`, `argN` or `last`, then fields: `[]` elements, `key`, `value`, `fn` kept call-backs, `any` everything.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from refactor.support.resources import resource

FILE = "grammars/java/library-effects.toml"
_TOKEN = re.compile(r"\s*([\w\[\].]+(?::\w+)?|[=(),])")


@dataclass(frozen=True, slots=True)
class Place:
    root: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallBack:
    """`method` "": the functional method of the place's declared type."""

    on: Place
    method: str
    args: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """`what`: text, same, properties, instance, new, identity or quiet."""

    what: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """`target` None: nothing is assigned."""

    target: Place | None
    source: Place | CallBack | Asked


@dataclass(frozen=True, slots=True)
class Models:
    """`structured`: classes whose objects have elements, keys and values apart; others have one content."""

    structured: frozenset[str]
    classes: dict[str, dict[str, tuple[Effect, ...]]]

    def find(self, supertypes: tuple[str, ...], name: str, arity: int) -> tuple[Effect, ...] | None:
        """The effects of a method, from the first of the classes (nearest first) that says something; None: nothing is known."""
        known = [self.classes[s] for s in supertypes if s in self.classes]
        for entry in known:
            found = entry.get(f"{name}/{arity}", entry.get(name))
            if found is not None:
                return found
        for entry in known:
            if "*" in entry and name != "<init>":
                return entry["*"]
        return None


@lru_cache(maxsize=1)
def models() -> Models:
    """before: library-effects.toml   after: Models. Raises ValueError where an entry cannot be read."""
    data = tomllib.loads(resource(FILE).read_text(encoding="utf-8"))
    classes = {
        name: {method: parse_effects(text) for method, text in entry.items()} for name, entry in data.items() if isinstance(entry, dict)
    }
    for name in data["silent"]:
        classes.setdefault(name, {})["*"] = parse_effects("text(all)")
    return Models(frozenset(data["structured"]), classes)


def parse_effects(text: str) -> tuple[Effect, ...]:
    return tuple(_statement(part) for part in text.split(";") if part.strip())


def _statement(text: str) -> Effect:
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s", "", text):
        raise ValueError(f"{FILE}: cannot read {text!r}")
    target = None
    if len(tokens) > 1 and tokens[1] == "=":
        target, tokens = _place(tokens[0]), tokens[2:]
    head, rest = tokens[0], tokens[1:]
    if not rest:
        return Effect(target, Asked(head) if head in ("new", "quiet", "identity") else _place(head))
    args = tuple(_place(t) for t in rest[1:-1] if t != ",")
    if head in ("text", "same", "properties", "instance"):
        return Effect(target, Asked(head, args))
    on, _, method = head.partition(":")
    return Effect(target, CallBack(_place(on), method, args))


def _place(text: str) -> Place:
    root, *fields = text.split(".")
    if not re.fullmatch(r"this|ret|last|all|arg\d", root):
        raise ValueError(f"{FILE}: no such place: {text!r}")
    return Place(root, tuple(fields))
