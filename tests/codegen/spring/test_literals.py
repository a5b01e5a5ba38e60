"""Folded constants come back from javac as they were."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.codegen.spring.literals import literal, string
from refactor.ir.symbols import FieldSymbol
from refactor.ir.types import STRING, PrimitiveType, Type

CASES: list[tuple[Type, object, str]] = [
    (PrimitiveType("int"), -(2**31), "Integer.MIN_VALUE"),
    (PrimitiveType("int"), 7, "7"),
    (PrimitiveType("long"), -(2**63), "Long.MIN_VALUE"),
    (PrimitiveType("long"), 2**40, "1099511627776L"),
    (PrimitiveType("byte"), -3, "(byte) -3"),
    (PrimitiveType("char"), "'", "'\\''"),
    (PrimitiveType("char"), "\n", "'\\n'"),
    (PrimitiveType("boolean"), True, "true"),
    (PrimitiveType("double"), float("nan"), "Double.NaN"),
    (PrimitiveType("double"), -0.0, "-0.0"),
    (PrimitiveType("float"), float("-inf"), "Float.NEGATIVE_INFINITY"),
    (PrimitiveType("float"), 1.5, "1.5f"),
    (STRING, 'a"b\\c\té', '"a\\"b\\\\c\\t\\u00e9"'),
]


@pytest.mark.parametrize(("type_", "value", "expected"), CASES)
def test_literal(type_: Type, value: object, expected: str) -> None:
    assert literal(FieldSymbol("a.B", "f", type_, constant=value)) == expected


@given(st.text())
def test_strings_are_one_line_of_ascii(text: str) -> None:
    shown = string(text)
    assert shown.isascii()
    assert "\n" not in shown
    assert "\r" not in shown


def test_javac_reads_them_back(tmp_path: Path) -> None:
    texts = ["plain", "\u2028 \u000a \\u0041", "\U0001f600", "\x00\x7f", "tab\tquote\"back\\"]
    lines = "".join(f"        System.out.println(hex({string(t)}));\n" for t in texts)
    source = (
        "public class Out {\n    static String hex(String s) { StringBuilder b = new StringBuilder();\n"
        '        for (char c : s.toCharArray()) b.append(String.format("%04x", (int) c)); return b.toString(); }\n'
        f"    public static void main(String[] a) {{\n{lines}    }}\n}}\n"
    )
    (tmp_path / "Out.java").write_text(source, encoding="ascii")
    printed = subprocess.run(["java", str(tmp_path / "Out.java")], capture_output=True, text=True, timeout=120, check=True).stdout
    assert printed.split() == [t.encode("utf-16-be").hex() for t in texts]
