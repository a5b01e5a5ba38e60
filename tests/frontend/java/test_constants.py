"""Literals and constant folding agree with the JVM's arithmetic."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.frontend.java.sources import load_text

CASES: list[tuple[str, str, object]] = [
    ("int", "Integer.MAX_VALUE + 1", -(2**31)),
    ("int", "-2147483648", -(2**31)),
    ("int", "0x80000000", -(2**31)),
    ("int", "037", 31),
    ("int", "0b1010_1010", 170),
    ("long", "0xFFFFFFFFFFFFFFFFL", -1),
    ("long", "1L << 63", -(2**63)),
    ("int", "1 << 33", 2),
    ("int", "-8 >> 1", -4),
    ("int", "-8 >>> 28", 15),
    ("int", "-7 / 2", -3),
    ("int", "-7 % 2", -1),
    ("int", "7 / -2", -3),
    ("int", "'a' + 1", 98),
    ("char", "(char) 98", "b"),
    ("char", "'\\u0041'", "A"),
    ("char", "'\\377'", "\xff"),
    ("char", "'\\''", "'"),
    ("byte", "(byte) 200", -56),
    ("short", "(short) 0x12345", 0x2345),
    ("int", "(int) 3.99", 3),
    ("int", "(int) -1e30", -(2**31)),
    ("long", "(long) 1e30", 2**63 - 1),
    ("double", "1 / 2", 0.0),
    ("double", "1 / 2.0", 0.5),
    ("float", "0.1f", 0.10000000149011612),
    ("double", "0x1.8p1", 3.0),
    ("boolean", "1 < 2 && 'a' != 'b' ^ true", False),
    ("boolean", "true || false", True),
    ("String", '"a" + 1 + \'c\' + true + 2L + null_()', None),
    ("String", '"a" + 1 + \'c\' + true + 2L', "a1ctrue2"),
    ("String", '1 + 2 + "x" + 1 + 2', "3x12"),
    ("String", '"\\t\\"\\101\\u00e9"', '\t"A\xe9'),
    ("String", '"\\uD83D\\uDE00"', "\U0001f600"),
    ("int", "true ? 1 : 2", 1),
    ("int", "1 / 0", None),
    ("int", "~5 ^ 3 | 8 & 12", ~5 ^ 3 | 8 & 12),
    ("String", '"""\n    a\n      b\\\n    c \n    """', "a\n  bc\n"),
    ("String", '"""\n    a\\040\n    "q" \\"""x"""', 'a \n"q" """x'),
    ("Integer", "1", None),
    ("String", "(String) \"a\"", "a"),
    ("Object", "\"a\"", None),
]


@pytest.mark.parametrize(("type_", "text", "value"), CASES, ids=[f"{t} {e[:30]!r}" for t, e, _ in CASES])
def test_constant(type_: str, text: str, value: object, tmp_path: Path) -> None:
    source = f"class A {{ static final {type_} X = {text}; static String null_() {{ return null; }} }}"
    field = load_text(tmp_path, {"A.java": source}).classes["A"].field("X")
    assert field is not None
    assert field.constant == value
    assert type(field.constant) is type(value)


def test_constants_through_other_classes_and_cycles(tmp_path: Path) -> None:
    program = load_text(
        tmp_path,
        {
            "A.java": "class A { static final int X = B.Y + 1; static final int C = D.E; static final int LOOP = A.LOOP + 1; }",
            "B.java": "interface B { int Y = 2; }",
            "D.java": "class D extends A { static final int E = X * 2; int inherited() { return X; } }",
        },
    )
    assert {f.name: f.constant for c in ("A", "D") for f in program.classes[c].fields} == {"X": 3, "C": 6, "LOOP": None, "E": 6}
