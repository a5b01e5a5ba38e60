"""The constructor that takes a reference does not compete with those that the program calls."""

from __future__ import annotations

from pathlib import Path

from tests.codegen.spring.toy import compile_parts, toy

FILES = {
    "shop/Tag.java": "package shop; public class Tag { String s; public Tag(String s) { this.s = s; } public String get() { return s; } }",
    "shop/Sub.java": "package shop; public class Sub extends Tag { int n; public Sub(int n) { super(null); this.n = n; } }",
    "desk/Desk.java": "package desk; public class Desk { int n; public Object none() { n++; return new shop.Tag(null); } }",
    "shop/Near.java": "package shop; public class Near { int n;"
    " public Object[] both() { n++; return new Object[] {new Tag(null), new Sub(n)}; } }",
}


def test_null_still_means_the_only_constructor_that_takes_an_object(tmp_path: Path, runtime: str) -> None:
    split = toy(tmp_path, FILES, {"desk": ["desk.Desk", "shop.Near"], "shop": ["shop.Tag", "shop.Sub"]})
    compile_parts(split, runtime)
    assert "Tag(Ref ref$, byte token$)" in split.source("desk", "shop.Tag")
    assert "Sub(Ref ref$) {\n        super(ref$, (byte) 0);" in split.source("desk", "shop.Sub")
