"""What the legaliser expects of the platform's types is what the runtime does with them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from refactor.frontend.java.library import JavaLibrary
from refactor.ir.symbols import ClassKind, ClassSymbol, Flags
from refactor.isolate.knowledge import knowledge
from refactor.support.resources import resource

TABLE = resource("templates") / "spring/runtime/core/src/main/resources/refactor/runtime/library-types.txt"
PACKAGES = (
    "java.io", "java.lang", "java.lang.invoke", "java.lang.ref", "java.lang.reflect", "java.math", "java.net", "java.nio",
    "java.nio.channels", "java.nio.charset", "java.nio.file", "java.sql", "java.text", "java.time", "java.time.chrono",
    "java.time.format", "java.time.temporal", "java.time.zone", "java.util", "java.util.concurrent", "java.util.concurrent.atomic",
    "java.util.concurrent.locks", "java.util.function", "java.util.jar", "java.util.logging", "java.util.prefs", "java.util.regex",
    "java.util.stream", "java.util.zip",
)  # fmt: skip
# The wire has notations of its own for these, and nobody makes an object of Void or of Number itself.
OWN_NOTATION = frozenset(
    f"java.lang.{name}"
    for name in ("String", "Boolean", "Byte", "Short", "Character", "Integer", "Long", "Float", "Double", "Class", "Void", "Number")
)


@cache
def rows() -> dict[str, str]:
    lines = (line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    return {name: kind for kind, name, *_ in (line.split(" ", 2) for line in lines)}


@cache
def library() -> JavaLibrary:
    return JavaLibrary([], 17)


def public_classes() -> Iterator[ClassSymbol]:
    for package in PACKAGES:
        for simple in sorted(library().classes_in_package(package)):
            cls = library().find(f"{package}.{simple}")
            if cls is not None and cls.flags & Flags.PUBLIC:
                yield cls


def above(cls: ClassSymbol) -> Iterator[ClassSymbol]:
    """The class and its supertypes, superclasses before interfaces, as the runtime asks them."""
    yield cls
    for parent in (cls.superclass, *cls.interfaces):
        found = library().find(parent.name) if parent is not None and parent.name != "java.lang.Object" else None
        if found is not None:
            yield from above(found)


def at_run_time(cls: ClassSymbol) -> str:
    """How the runtime lets an object of this class travel (LibraryTypes.kind)."""
    kinds = [rows()[c.name] for c in above(cls) if c.name in rows()]
    if "pinned" in kinds:
        return "pinned"
    if cls.name in rows():
        return rows()[cls.name]
    if cls.kind is ClassKind.ENUM or any(c.name == "java.lang.Throwable" for c in above(cls)):
        return "value"
    # A final class has no subclass that could forward.
    final = bool(cls.flags & Flags.FINAL)
    return "reference" if not final and kinds and kinds[0] == "reference" else "opaque"


def test_what_the_rules_call_a_value_can_be_copied() -> None:
    known = knowledge()
    wrong = {
        c.name: at_run_time(c)
        for c in public_classes()
        if (c.name in known.value or c.name in known.value_of) and c.name not in OWN_NOTATION and at_run_time(c) != "value"
    }
    assert wrong == {}


def test_what_the_rules_let_pass_by_reference_can_be_forwarded() -> None:
    known = knowledge()
    wrong = {
        c.name: at_run_time(c)
        for c in public_classes()
        if c.name in known.reference and c.name not in known.value and c.name not in known.pinned and not c.is_interface
        # Exceptions are copied; the general ones stand for any of them.
        and not any(a.name == "java.lang.Throwable" for a in above(c))
        and at_run_time(c) != "reference"
    }  # fmt: skip
    assert wrong == {}


def test_what_is_copied_and_restored_is_the_same_on_both_sides() -> None:
    assert {name for name, kind in rows().items() if kind == "restored"} == knowledge().copy_restore.exact()


def test_what_the_runtime_refuses_the_rules_refuse() -> None:
    known = knowledge()
    named = {name for name, kind in rows().items() if kind == "pinned"}
    missing = {n for n in named if n not in known.pinned}
    # The pinned supertype of a class pins it; a class that has a row of its own goes by that.
    inherited = {
        c.name
        for c in public_classes()
        if at_run_time(c) == "pinned" and c.name not in OWN_NOTATION and not any(a.name in known.pinned for a in above(c))
    }
    assert missing | inherited == set()


@pytest.mark.parametrize("kind", ["value", "reference"])
def test_what_the_runtime_can_send_the_rules_know(kind: str) -> None:
    """Nothing is refused for want of a line."""
    known = knowledge()
    groups = (known.value, known.value_of, known.duplicable, known.reference, known.functional, known.pinned, known.copy_restore)
    named = {n for n, k in rows().items() if k == kind and not n.endswith(".*")}
    assert {n for n in named if not any(n in group for group in groups)} == set()
