"""A loader of classes by name names what its text can be: a known one, the value of a key, or anything that is written somewhere."""

# ruff: noqa: E501  (Java programs, one a line)

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from refactor.isolate.plan import Plan

Legal = Callable[..., Plan]

STAY = "\nclass StayP { int s; int f() { return s++; } }\nclass StayQ { int s; int f() { return s++; } }"
A = "class A { int s; int read() { return s++; } }\n"
LOADER = "class B {{ int n; int use(A a) {{ return a.read() + n++; }} Object go(Properties p, String x) throws Exception {{ return Class.forName({name}); }} {more} }}"
BY_KEY = [
    ('p.getProperty("driver")', ""),
    ('p.getProperty("driver", "java.util.List")', ""),
    ('ResourceBundle.getBundle("store").getString("driver")', ""),
    ('System.getProperty("driver")', ""),
]
KNOWN = [
    ('"java.util." + KIND', 'static final String KIND = "ArrayList";'),
    ('n > 0 ? "java.util.List" : "java.util.Set"', ""),
    ("kind(3)", 'String kind(int n) { return n > 2 ? "java.util.List" : "java.util.Map"; }'),
]
FILES = {
    "store.properties": "# driver of a.A\ndriver=java.util.ArrayList\nscreen=a.A\n",
    "screens.xml": '<screens><screen class="a.A"/></screens>',
}


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("name", "more"), [*BY_KEY, *KNOWN])
def test_a_loader_is_not_tied_to_what_its_name_cannot_be(legal: Legal, tmp_path: Path, name: str, more: str) -> None:
    _write(tmp_path, FILES)
    plan = legal(A + LOADER.format(name=name, more=more) + STAY, p="A StayP", q="B StayQ")
    assert (plan.moves, plan.refusals) == ((), ())


@pytest.mark.parametrize(
    "files",
    [
        {"store.properties": "driver = a.A\n"},
        {"store-live.properties": "driver:\\\n  a.A\n"},
        {"store.properties": "driver=${screen}\nscreen=a.A\n"},
        {"pom.xml": "<systemPropertyVariables><driver>a.A</driver></systemPropertyVariables>"},
        {"application.yml": "store:\n  driver: a.A\n"},
        {"store.xml": '<properties><entry key="driver">a.A</entry></properties>'},
    ],
)
@pytest.mark.parametrize(("name", "more"), BY_KEY[:1])
def test_the_value_of_its_key_ties_it_wherever_it_is_given(legal: Legal, tmp_path: Path, files: dict[str, str], name: str, more: str) -> None:
    _write(tmp_path, files)
    plan = legal(A + LOADER.format(name=name, more=more) + STAY, p="A StayP", q="B StayQ")
    assert {m.rule for m in plan.moves} == {"reflection"}


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("x", ""),
        ("p.getProperty(x)", ""),
        ('p.getProperty("driver")', 'void set(Properties p) { p.setProperty("driver", "a.A"); }'),
        ('p.getProperty("driver") + x', ""),
        ('"a." + KIND', 'static final String KIND = "A";'),
        ('n > 0 ? "java.util.List" : "a.A"', ""),
        ('p.getProperty("driver", "a.A")', ""),
    ],
)
def test_a_name_that_may_be_anything_or_the_class_ties_it(legal: Legal, tmp_path: Path, name: str, more: str) -> None:
    _write(tmp_path, FILES)
    plan = legal(A + LOADER.format(name=name, more=more) + STAY, p="A StayP", q="B StayQ")
    assert {m.rule for m in plan.moves} == {"reflection"}


def test_a_file_that_only_a_framework_reads_names_classes_for_that_framework(legal: Legal, tmp_path: Path) -> None:
    _write(tmp_path, {"web.xml": '<web-app xmlns="http://x"><servlet-class>a.A</servlet-class></web-app>'})
    plan = legal(A + LOADER.format(name="x", more="") + STAY, p="A StayP", q="B StayQ")
    assert (plan.moves, plan.refusals) == ((), ())


def test_but_for_the_program_where_it_reads_the_file(legal: Legal, tmp_path: Path) -> None:
    _write(tmp_path, {"web.xml": '<web-app xmlns="http://x"><servlet-class>a.A</servlet-class></web-app>'})
    more = 'Object in() { return B.class.getResourceAsStream("/WEB-INF/web.xml"); }'
    plan = legal(A + LOADER.format(name="x", more=more) + STAY, p="A StayP", q="B StayQ")
    assert {m.rule for m in plan.moves} == {"reflection"}
