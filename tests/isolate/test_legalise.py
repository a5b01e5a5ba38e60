"""Roles, moves, refusals and the parts' closures on small programs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from refactor.ir.program import Body, Program
from refactor.ir.symbols import ClassKind, ClassSymbol, Flags, Origin
from refactor.ir.types import STRING, ArrayType, ClassType
from refactor.isolate.legalise import LegaliseOptions, legalise
from refactor.isolate.plan import ClassPlan, PartPlan, Passing, Plan, Role
from refactor.support.diagnostics import RefactorError
from tests.isolate.builders import ONE, back, call, cls, field, load, local, mark, method, new, program, store, this


def base(name: str = "a.Base") -> tuple[ClassSymbol, dict[str, Body]]:
    """A class with state and instances of its own: never replicated."""
    return cls(name, field("s"), method("copy", body=(new(name),)))


ANY = LegaliseOptions(max_moved=Fraction(1))


def role(plan: Plan, name: str) -> ClassPlan:
    return next(c for c in plan.classes if c.name == name)


def part(plan: Plan, name: str) -> PartPlan:
    return next(p for p in plan.parts if p.name == name)


def shop() -> Program:
    """Order (state) uses Money (value), Id (interface), Rates (stateless) and Customer (state, other part)."""
    return program(
        cls(
            "shop.Money",
            field("cents", flags=Flags.PRIVATE | Flags.FINAL),
            kind=ClassKind.RECORD,
            extends="java.lang.Record",
        ),
        cls("shop.Id", kind=ClassKind.INTERFACE),
        cls("shop.NotFound", extends="java.lang.RuntimeException"),
        cls("shop.Rates", method("rate", flags=Flags.PUBLIC | Flags.STATIC)),
        cls(
            "shop.Order",
            field("total", ClassType("shop.Money"), Flags.PRIVATE),
            field("open", flags=Flags.PRIVATE),
            method(
                "close",
                body=(
                    store("shop.Order#open:I", ONE, this("shop.Order")),
                    call("shop.Rates#rate()V"),
                    call("shop.Customer#notice()V", on=local("c", "shop.Customer")),
                ),
            ),
            implements=("shop.Id",),
        ),
        cls(
            "shop.Customer",
            field("name", flags=Flags.PRIVATE),
            method("notice", body=(store("shop.Customer#name:I", ONE, this("shop.Customer")), call("shop.Rates#rate()V"))),
            method("worth", result=ClassType("shop.Money")),
            implements=("shop.Id",),
        ),
    )


SPLIT = {
    "shop.Money": "orders",
    "shop.Id": "orders",
    "shop.NotFound": "orders",
    "shop.Rates": "orders",
    "shop.Order": "orders",
    "shop.Customer": "customers",
}


def test_values_interfaces_and_shared_stateless_classes_are_replicated() -> None:
    plan = legalise(shop(), SPLIT)
    assert not plan.refusals
    assert not plan.moves
    roles = {c.name.partition(".")[2]: (c.role, c.part) for c in plan.classes}
    assert roles == {
        "Money": (Role.REPLICATED, None),
        "Id": (Role.REPLICATED, None),
        "NotFound": (Role.REPLICATED, None),
        "Rates": (Role.REPLICATED, None),
        "Order": (Role.OWNED, "orders"),
        "Customer": (Role.OWNED, "customers"),
    }
    assert dict(role(plan, "shop.Money").passing) == {"shop.Money": Passing.VALUE}
    assert dict(role(plan, "shop.Order").passing) == {"shop.Order": Passing.REFERENCE}
    assert dict(role(plan, "shop.NotFound").passing) == {"shop.NotFound": Passing.EXCEPTION}


def test_parts_hold_the_closure_of_what_their_sources_mention() -> None:
    plan = legalise(shop(), SPLIT)
    assert part(plan, "orders") == PartPlan(
        "orders", 8082, ("shop.Order",), ("shop.Id", "shop.Money", "shop.NotFound", "shop.Rates"), ("shop.Customer",)
    )
    assert part(plan, "customers").owned == ("shop.Customer",)
    assert part(plan, "customers").replicas == part(plan, "orders").replicas
    # Exceptions and values go everywhere: they arrive inside objects of wider types, or through callers that do not name them.
    assert part(plan, "driver") == PartPlan("driver", 0, (), ("shop.Money", "shop.NotFound"), ())


def test_a_stateless_class_with_users_in_one_part_stays_owned_there() -> None:
    plan = legalise(shop(), {**SPLIT, "shop.Customer": "orders", "shop.NotFound": "customers"})
    assert role(plan, "shop.Rates").role is Role.OWNED
    assert "shop.Rates" in part(plan, "orders").owned


@pytest.mark.parametrize(
    ("member", "why"),
    [
        (field("count", flags=Flags.STATIC | Flags.PRIVATE), "changes"),
        (field("list", ClassType("java.util.List"), Flags.STATIC | Flags.FINAL), "not known to be immutable"),
        (field("state", flags=Flags.PRIVATE), "it has state"),
    ],
)
def test_state_makes_a_class_owned(member: object, why: str) -> None:
    touched = store("a.Util#count:I", ONE)
    util = cls("a.Util", member, method("go", flags=Flags.STATIC | Flags.PUBLIC, body=(touched,) if member.name == "count" else ()))  # type: ignore[arg-type, attr-defined]
    users = [cls(f"a.{n}", field("s"), method("m", body=(call("a.Util#go()V"),))) for n in "BC"]
    plan = legalise(program(util, *users), {"a.Util": "p", "a.B": "p", "a.C": "q"})
    assert role(plan, "a.Util").role is Role.OWNED
    assert why in role(plan, "a.Util").reason
    assert part(plan, "q").proxies == ("a.Util",)


def test_a_subclass_of_a_class_with_state_moves_to_the_larger_side() -> None:
    made = program(
        base(),
        cls("a.Sub", extends="a.Base"),
        cls("a.Other", field("s")),
        cls("a.Mate", extends="a.Base"),
    )
    plan = legalise(made, {"a.Base": "p", "a.Mate": "p", "a.Sub": "q", "a.Other": "q"}, ANY)
    assert not plan.refusals
    assert [(m.name, m.source, m.target, m.rule) for m in plan.moves] == [("a.Sub", "q", "p", "stateful-superclass")]


def test_pins_hold_and_pull_the_rest() -> None:
    made = program(base(), cls("a.Sub", extends="a.Base"), cls("a.X", field("s")), cls("a.Mate", extends="a.Base"))
    given = {"a.Base": "p", "a.Mate": "p", "a.Sub": "q", "a.X": "p"}
    plan = legalise(made, given, LegaliseOptions(pins=frozenset({"a.Sub"}), max_moved=Fraction(1)))
    assert {m.name for m in plan.moves} == {"a.Base", "a.Mate"}
    refused = legalise(made, given, LegaliseOptions(pins=frozenset({"a.Sub", "a.Base"})))
    assert refused.refusals[0].rule == "stateful-superclass"
    assert set(refused.refusals[0].merge) >= {"a.Base", "a.Sub"}
    assert refused.refusals[0].span is not None


def test_a_repair_that_empties_a_part_is_refused() -> None:
    made = program(base(), cls("a.Sub", extends="a.Base"), cls("a.Mate", extends="a.Base"))
    plan = legalise(made, {"a.Base": "p", "a.Mate": "p", "a.Sub": "q"}, ANY)
    assert [r.merge for r in plan.refusals] == [("a.Base", "a.Sub")]
    assert "no class with state in the part q" in plan.refusals[0].message


def test_a_repair_that_moves_more_than_a_third_is_refused() -> None:
    made = program(*(base(f"a.B{i}") for i in range(3)), *(cls(f"a.S{i}", extends=f"a.B{i}") for i in range(3)))
    given = {**{f"a.B{i}": "p" for i in range(3)}, **{f"a.S{i}": "q" for i in range(3)}}
    assert legalise(made, given).refusals


def test_classes_of_one_file_stay_together() -> None:
    made = program(
        cls("a.A", field("s"), file="a/A.java"), cls("a.Helper", field("s"), file="a/A.java"), *(cls(f"a.{n}", field("s")) for n in "XYZ")
    )
    plan = legalise(made, {"a.A": "p", "a.Helper": "q", "a.X": "q", "a.Y": "q", "a.Z": "p"})
    assert len({plan.part_of("a.A"), plan.part_of("a.Helper")}) == 1
    assert [m.rule for m in plan.moves] == ["same-file"]


def test_every_class_needs_a_part() -> None:
    with pytest.raises(RefactorError) as caught:
        legalise(shop(), {"shop.Money": "orders", "shop.Nope": "driver"})
    assert {d.id for d in caught.value.diagnostics} == {"isolate/unassigned-class", "isolate/unknown-class", "isolate/part-name"}


def test_a_main_is_noted_with_its_part_and_proxied_in_the_driver() -> None:
    main = method("main", (ArrayType(STRING),), flags=Flags.PUBLIC | Flags.STATIC, body=(new("a.Y"), back()))
    made = program(cls("a.App", field("s"), main), cls("a.Y", field("s"), method("m", body=(load("a.App#s:I", local("x", "a.App")),))))
    plan = legalise(made, {"a.App": "p", "a.Y": "q"})
    assert plan.mains == (("a.App", "p"),)
    assert part(plan, "driver").proxies == ("a.App",)


def test_tests_without_needs_run_in_the_driver_and_bring_proxies() -> None:
    test = cls(
        "shop.OrderTest",
        method("t", annotations=(mark("org.junit.jupiter.api.Test"),), body=(new("shop.Order"),)),
        origin=Origin.TEST,
    )
    parts = shop()
    made = program(*(_ for _ in ()), test)
    both = Program(
        parts.root,
        "java",
        {**parts.files, **made.files},
        {**parts.classes, **made.classes},
        {**parts.bodies, **made.bodies},
        {},
        parts.library,
    )
    plan = legalise(both, SPLIT)
    assert [(t.name, t.placements, t.is_test) for t in plan.tests] == [("shop.OrderTest", ("driver",), True)]
    assert part(plan, "driver").proxies == ("shop.Order",)
    assert part(plan, "driver").replicas == ("shop.Id", "shop.Money", "shop.NotFound")
