"""Names: operations on the wire, identifiers in Java."""

from __future__ import annotations

import hashlib

import pytest

from refactor.codegen.names import fresh, host_names, lower_camel, operation_names, package_segment, upper_snake
from refactor.ir.symbols import Flags, MethodSymbol, Param
from refactor.ir.types import INT, STRING, VOID, Type


def _method(name: str, *types: Type, flags: Flags = Flags.PUBLIC) -> MethodSymbol:
    return MethodSymbol("shop.Order", name, tuple(Param("p", t) for t in types), VOID, flags=flags)


def test_hosts_are_lower_case_letters_digits_and_dashes() -> None:
    found = host_names(["pay_ments", "Orders", "pay-ments", "sample.shop"])
    assert found == {"Orders": "orders", "pay_ments": "pay-ments-2", "pay-ments": "pay-ments", "sample.shop": "sample-shop"}


def test_only_overloaded_operations_carry_a_hash() -> None:
    total, find, find_int, new = _method("total"), _method("find", STRING), _method("find", INT), _method("<init>")
    digest = hashlib.sha256(b"(I)V").hexdigest()[:6]
    names = operation_names([total, find, find_int, new])
    assert names[total.key] == "total"
    assert names[new.key] == "new"
    assert names[find_int.key] == f"find~{digest}"
    assert len(set(names.values())) == 4


def test_private_overloads_do_not_count() -> None:
    public, private = _method("find", STRING), _method("find", INT, flags=Flags.PRIVATE)
    assert operation_names([public, private]) == {public.key: "find"}


def test_fresh_avoids_what_is_taken_and_keywords() -> None:
    taken = {"a", "a_2"}
    assert fresh("a", taken) == "a_3"
    assert "a_3" in taken
    assert fresh("class", set()) == "class_2"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("lineTotal", "LINE_TOTAL"), ("toJSON", "TO_JSON"), ("get$count", "GET_COUNT"), ("x", "X"), ("2nd", "_2ND"), ("é", "UE9")],
)
def test_upper_snake(name: str, expected: str) -> None:
    assert upper_snake(name) == expected


@pytest.mark.parametrize(("name", "expected"), [("order-desk", "order_desk"), ("2go", "_2go"), ("new", "_new"), ("Ärger", "_rger")])
def test_package_segment(name: str, expected: str) -> None:
    assert package_segment(name) == expected


def test_lower_camel() -> None:
    assert lower_camel("order-lines") == "orderLines"
    assert lower_camel("class") == "_class"
