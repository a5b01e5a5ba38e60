"""Folders without a build file."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.frontend.project.discover import discover
from refactor.frontend.project.plain import declared_package, source_root
from tests.frontend.project.conftest import Write, tree


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("package a.b;\nclass C {}", "a.b"),
        ("/* package x; */ // package y;\n@Deprecated\npackage a . b ;", "a.b"),
        ("\ufeffpackage a;", "a"),
        ("import java.util.*; class C {}", ""),
        ("hello", None),
    ],
)
def test_declared_package(source: str, package: str | None) -> None:
    assert declared_package(source.encode()) == package


def test_source_root(tmp_path: Path) -> None:
    assert source_root(tmp_path / "code/a/b/C.java", "a.b") == tmp_path / "code"
    assert source_root(tmp_path / "C.java", "") == tmp_path
    assert source_root(tmp_path / "code/a/C.java", "a.b") is None


def test_roots_tests_and_jars(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("code/shop/Order.java", "package shop; /*\nimport org.junit.Test; */ class Order {}")
    write("code/shop/build/Builder.java", "package shop.build; class Builder {}")
    write("code/shop/OrderTest.java", "package shop; import org.junit.Test; class OrderTest {}")
    write("test/shop/Helper.java", "package shop; class Helper {}")
    write("out/shop/Copy.java", "package shop; class Copy {}")
    write("lib/junit-4.13.2.jar", "")
    before = tree(shop)
    (module,) = discover(str(shop), cache=cache).modules
    assert module.main.files == ("code/shop/Order.java", "code/shop/build/Builder.java")
    assert module.main.java == (shop / "code",)
    assert module.test.files == ("code/shop/OrderTest.java", "test/shop/Helper.java")
    assert module.test.java == (shop / "code", shop / "test")
    assert module.jars == (shop / "lib/junit-4.13.2.jar",)
    assert module.dependencies == ()
    assert tree(shop) == before


def test_a_test_library_is_assumed_and_said(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("OrderTest.java", "import org.junit.jupiter.api.Test;\nclass OrderTest {}")
    project = discover(str(shop), cache=cache)
    assert [d.artifact for d in project.modules[0].dependencies] == ["junit-jupiter"]
    assert "project/test-library-assumed" in [d.id for d in project.diagnostics]


def test_a_file_outside_its_package_folder_is_said(shop: Path, write: Write, cache: Path, no_maven: Path) -> None:
    write("x/Order.java", "package shop; class Order {}")
    project = discover(str(shop), cache=cache)
    assert project.modules[0].main.files == ("x/Order.java",)
    assert "project/misplaced-file" in [d.id for d in project.diagnostics]
