from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.partition.partsfile import assign, parse_parts, read_parts
from refactor.partition.partswriter import format_parts
from refactor.support.diagnostics import RefactorError

TEXT = """\
# the shop
[parts.orders]
classes = ["shop.order.*", "shop.pricing.**",   # two
           "shop.Clerk"]
tables  = ["orders"]

[parts.stock]
classes = ['shop.stock.**', "shop.pricing.legacy.Old"]

[build]
args = ["-Dsome.version=1.2.3"]
exclude_tests = ["**/BrowserIT.java"]

[options]
rest = "propose"
"""
CLASSES = ["shop.order.Order", "shop.order.deep.Line", "shop.pricing.Price", "shop.pricing.legacy.Old", "shop.pricing.legacy.Old$Row"]
CLASSES += ["shop.Clerk", "shop.Clerk$Desk", "shop.stock.Shelf", "shop.Main"]


def test_patterns_place_classes_and_the_closest_wins() -> None:
    found = assign(parse_parts(TEXT), CLASSES, ["orders", "stock"])
    assert found.diagnostics == ()
    assert found.assigned == {
        "shop.order.Order": "orders",
        "shop.pricing.Price": "orders",
        "shop.pricing.legacy.Old": "stock",
        "shop.pricing.legacy.Old$Row": "stock",
        "shop.Clerk": "orders",
        "shop.Clerk$Desk": "orders",
        "shop.stock.Shelf": "stock",
    }
    assert found.unassigned == ("shop.Main", "shop.order.deep.Line")
    assert found.tables == {"orders": "orders"}
    assert found.reasons["shop.Clerk"] == "shop.Clerk (parts.toml:4:12)"


def test_build_and_options_are_read() -> None:
    parts = parse_parts(TEXT)
    assert parts.build_args == ("-Dsome.version=1.2.3",)
    assert parts.exclude_tests == ("**/BrowserIT.java",)
    assert parts.rest == "propose"


def test_rest_may_name_a_part() -> None:
    found = assign(parse_parts(TEXT.replace('"propose"', '"stock"')), CLASSES)
    assert found.assigned["shop.Main"] == "stock"
    assert found.unassigned == ()
    assert found.reasons["shop.Main"] == 'rest = "stock"'


@pytest.mark.parametrize(
    ("old", "new", "id", "place"),
    [
        ('"shop.Clerk"', '"shop.Clark"', "parts/unknown-class", "parts.toml:4:12"),
        ('"shop.order.*"', '"shop.orders.*"', "parts/unknown-class", "parts.toml:3:12"),
        ("'shop.stock.**', \"shop.pricing.legacy.Old\"", "'shop.order.*'", "parts/twice", "parts.toml:8:12"),
        ("['shop.stock.**', \"shop.pricing.legacy.Old\"]", "[]", "parts/empty-part", "parts.toml:7:1"),
        ('tables  = ["orders"]', 'tables  = ["order"]', "parts/unknown-table", "parts.toml:5:12"),
        ('["-Dsome.version=1.2.3"]', '"-D"', "parts/wrong", "parts.toml:11:1"),
        ('rest = "propose"', 'rest = "stok"', "parts/wrong", "parts.toml:15:1"),
        ("[build]", "[biuld]", "parts/wrong", "parts.toml:10:1"),
        ("exclude_tests", "exclude_test", "parts/wrong", "parts.toml:12:1"),
        ("[parts.stock]", '[parts."9 lives"]', "parts/wrong", "parts.toml:7:1"),
        ("'shop.stock.**'", "'shop.*.stock'", "parts/wrong", "parts.toml:8:12"),
        ('"shop.Clerk"]', '"shop.Clerk",, ]', "parts/syntax", "parts.toml:4:25"),
    ],
)
def test_every_mistake_has_its_place(old: str, new: str, id: str, place: str) -> None:
    text = TEXT.replace(old, new)
    assert text != TEXT
    try:
        diagnostics = assign(parse_parts(text), CLASSES, ["orders"]).diagnostics
    except RefactorError as error:
        diagnostics = error.diagnostics
    assert [(d.id, str(d.span)) for d in diagnostics] == [(id, place)]


def test_equally_close_patterns_from_two_parts_are_an_error_not_a_choice() -> None:
    text = '[parts.a]\nclasses = ["x.A$B"]\n[parts.b]\nclasses = ["x.A$B"]\n'
    with pytest.raises(RefactorError, match="in part 'a' and in part 'b'"):
        parse_parts(text)


def test_a_class_cannot_be_placed_by_an_overridden_pattern_alone() -> None:
    text = '[parts.a]\nclasses = ["x.*"]\n[parts.b]\nclasses = ["x.A"]\n'
    found = assign(parse_parts(text), ["x.A"])
    assert [d.id for d in found.diagnostics] == ["parts/empty-part"]


def test_suggestion_for_a_typing_slip() -> None:
    found = assign(parse_parts(TEXT.replace("shop.Clerk", "shop.Clark")), CLASSES)
    assert found.diagnostics[0].help == "did you mean 'shop.Clerk'?"


def test_dotted_keys_and_inline_tables_are_found_too() -> None:
    found = assign(parse_parts('parts.a.classes = ["x.No"]\nparts.b = {classes = ["x.B"]}\n'), ["x.B"])
    assert [(d.id, str(d.span)) for d in found.diagnostics] == [
        ("parts/unknown-class", "parts.toml:1:20"),
        ("parts/empty-part", "parts.toml:1:1"),
    ]


@pytest.mark.parametrize("name", ["driver", "runtime", "Monolith", "k8s", "target"])
def test_no_part_takes_a_folder_of_the_emitted_tree(name: str) -> None:
    with pytest.raises(RefactorError) as caught:
        parse_parts(f'[parts.{name}]\nclasses = ["a.*"]\n')
    assert f"no part can be called {name!r}" in caught.value.diagnostics[0].message
    assert str(caught.value.diagnostics[0].span) == "parts.toml:1:1"


def test_missing_file_is_an_input_error(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RefactorError) as caught:
        read_parts(tmp_path / "none.toml")
    assert caught.value.exit_code == 4


def test_runs_are_written_back() -> None:
    text = TEXT + '\n[[run]]\nmain = "shop.Main"\nargs = ["a", "b c"]\nstdin = "1\\n\\"2\\"\\n"\n\n[[run]]\nmain = "shop.Clerk"\n'
    parts = parse_parts(text)
    again = parse_parts(format_parts(assign(parts, CLASSES).assigned, runs=parts.runs))
    assert [(r.main, r.args, r.stdin) for r in again.runs] == [("shop.Main", ("a", "b c"), '1\n"2"\n'), ("shop.Clerk", (), "")]


NAMES = st.lists(st.sampled_from(["A", "B", "A$X", "A$X$Y", "B$1", "C"]), min_size=1, max_size=6, unique=True)


@given(st.dictionaries(st.sampled_from(["p", "p.q", "r", "p.q.s"]), NAMES, min_size=1), st.data())
def test_written_file_gives_the_partition_back(packages: dict[str, list[str]], data: st.DataObject) -> None:
    classes = [f"{package}.{name}" for package, names in packages.items() for name in names]
    labels = {c: data.draw(st.sampled_from(["one", "two", "three"]), label=c) for c in classes}
    copied = data.draw(st.sets(st.sampled_from(classes)), label="copied")
    text = format_parts(labels, {"t": labels[classes[0]]}, ["-q"], ["**/X.java"], comments={"one": ["a comment"]}, copied=copied)
    parts = parse_parts(text)
    found = assign(parts, classes, ["t"])
    assert found.diagnostics == ()
    assert found.assigned == labels
    assert found.tables == {"t": labels[classes[0]]}
    assert parts.build_args == ("-q",)


def test_a_package_is_its_owners_wherever_its_copies_are_listed() -> None:
    labels = {"shop.pay.Card": "other", "shop.pay.Money": "other", "shop.pay.Ledger": "pay", "shop.Main": "other"}
    text = format_parts(labels, copied={"shop.pay.Card", "shop.pay.Money"})
    assert assign(parse_parts(text), labels).assigned == labels
    assert text.startswith(
        """\
[parts.other]
classes = [
    "shop.*",
    # copied into every part that uses them
    "shop.pay.Card",
    "shop.pay.Money",
]

[parts.pay]
classes = ["shop.pay.*"]
"""
    )
