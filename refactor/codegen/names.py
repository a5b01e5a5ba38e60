"""Names that generated code gives to things: operations on the wire, identifiers in Java, all free of collisions."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from refactor.ir.symbols import Flags, MethodSymbol

_KEYWORDS = (
    "abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float "
    "for goto if implements import instanceof int interface long native new package private protected public return short static "
    "strictfp super switch synchronized this throw throws transient try void volatile while true false null _"
)
JAVA_KEYWORDS = frozenset(_KEYWORDS.split())
CONSTRUCTOR = "new"
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")


def operation_names(methods: Iterable[MethodSymbol]) -> dict[str, str]:
    """Member key -> operation, for the methods of one class that can be called from outside.

    before: total(), find(String), find(int)   after: total, find~8d3f0a, find~51c6e2
    """
    listed = [m for m in methods if not m.flags & Flags.PRIVATE]
    counts = Counter(m.name for m in listed)
    return {m.key: operation_name(m, overloaded=counts[m.name] > 1) for m in listed}


def operation_name(method: MethodSymbol, *, overloaded: bool) -> str:
    """`new` for constructors, else the method's name; `~` and six hex digits of its erased descriptor where overloaded."""
    name = CONSTRUCTOR if method.is_constructor else method.name
    return f"{name}~{descriptor_hash(method.descriptor)}" if overloaded else name


def descriptor_hash(descriptor: str) -> str:
    return hashlib.sha256(descriptor.encode()).hexdigest()[:6]


def getter(field: str) -> str:
    return f"get${field}"


def setter(field: str) -> str:
    return f"set${field}"


def cell(field: str) -> str:
    return f"cell${field}"


def host_names(names: Iterable[str]) -> dict[str, str]:
    """Name -> a name that networks, container registries and clusters take for a host; different names stay different.

    before: Orders, pay_ments, pay-ments   after: orders, pay-ments, pay-ments-2
    """
    found: dict[str, str] = {}
    for name in sorted(names, key=lambda n: (n != _host(n), n)):
        wanted, number = _host(name), 1
        while wanted in found.values():
            number += 1
            wanted = f"{_host(name)}-{number}"
        found[name] = wanted
    return found


def _host(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "x"


def fresh(wanted: str, taken: set[str]) -> str:
    """`wanted`, or `wanted_2`, `wanted_3`, ...; the answer is added to `taken`."""
    name, number = wanted, 1
    while name in taken or name in JAVA_KEYWORDS:
        number += 1
        name = f"{wanted}_{number}"
    taken.add(name)
    return name


def upper_snake(name: str) -> str:
    """before: "lineTotal"  after: "LINE_TOTAL"; characters that are not letters or digits separate words."""
    words = [w for piece in re.split(r"[^A-Za-z0-9]+", name) for w in _WORD.findall(piece)]
    text = "_".join(w.upper() for w in words) or "_".join(f"U{ord(c):X}" for c in name)
    return f"_{text}" if text[0].isdigit() else text


def lower_camel(name: str) -> str:
    """before: "order-lines"  after: "orderLines": a legal start of a Java identifier."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    text = "".join([w[:1].lower() + w[1:] if i == 0 else w[:1].upper() + w[1:] for i, w in enumerate(words)])
    return f"_{text}" if not text or text[0].isdigit() or text in JAVA_KEYWORDS else text


def package_segment(name: str) -> str:
    """A legal Java package segment for a part's name: before "order-desk", after "order_desk"."""
    text = re.sub(r"[^a-z0-9_]", "_", name.lower())
    return f"_{text}" if not text or text[0].isdigit() or text in JAVA_KEYWORDS else text
