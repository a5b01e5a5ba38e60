"""Handlers whose arguments are proxies: legal where the container sees public properties only; proxies show their annotations."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.codegen.spring.edits import plan_edits
from refactor.codegen.spring.proxy import proxy_source
from refactor.codegen.spring.skeleton import served_classes
from refactor.codegen.spring.world import World, world
from refactor.flow.facts import index
from refactor.frameworks.properties import moved, obstacle
from refactor.ir.program import Program
from refactor.isolate.legalise import LegaliseOptions, legalise
from refactor.isolate.plan import Plan
from refactor.support.source import apply_edits

Spring = Callable[..., Program]

MARKS = {
    "jakarta.validation.constraints.Size": "public @interface Size { int max() default 9; }",
    "jakarta.validation.Valid": "public @interface Valid {}",
    "lib.Secret": "public @interface Secret {}",
}
MODEL = {
    "m.Named": "public class Named { @Size(max = 7) private String name; public String getName() { return name; } "
    "public void setName(String n) { name = n; } }",
    "m.Form": "public class Form extends Named { @Size private String city; public String getCity() { return city; } "
    "public void setCity(String c) { city = c; } }",
    "m.Other": "public class Other extends Named { int n; public int next() { return n++; } }",
    "w.Door": '@Controller public class Door { int n; @GetMapping("/x") public String go(@Valid m.Form form) { '
    "n++; return form.getCity(); } }",
    "w.Local": "public class Local extends m.Named { int n; public int next() { return n++; } }",
}


def split(program: Program) -> tuple[Plan, World]:
    given = {n: n[0] for n, c in program.classes.items() if c.outer is None and not n.endswith("Test")}
    plan = legalise(program, given, LegaliseOptions(pins=frozenset(given)))
    return plan, world(program, plan)


def test_a_form_may_live_elsewhere_where_its_proxy_shows_its_constraints(spring: Spring) -> None:
    program = spring(MODEL, MARKS)
    plan, _ = split(program)
    assert not plan.refusals, plan.refusals
    indexed = world(program, plan_edits(program, plan))
    form = proxy_source(indexed, "m.Form", "w")
    assert "@Size\n    public String getCity() {" in form
    assert "@jakarta.validation.constraints.Size(max = 7)\n    public String getName() {" in form
    assert "city;" not in form


def test_a_base_class_keeps_constraints_where_proxies_override_them(spring: Spring) -> None:
    program = spring(MODEL, MARKS)
    plan = plan_edits(program, split(program)[0])
    edits = [e.edit for e in plan.edits if e.part == "w" and e.edit.file == "m/Named.java"]
    text = apply_edits(program.source("m/Named.java"), edits).decode()
    assert "{ private String name; @Size(max = 7) public String getName() { return name; }" in text


def test_copies_of_base_classes_are_served_for_the_classes_below(spring: Spring) -> None:
    _, indexed = split(spring(MODEL, MARKS))
    assert [c.name for c in served_classes(indexed, "m.Named", "m")] == ["m.Named"]


DOOR = '@Controller public class Door { int n; @GetMapping("/x") public String go(m.Form form) { n++; return ""; } }'


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("@Size String city;", "the annotated field Form.city has no getter that only returns it"),
        ("@Size String city; public String getCity() { return city.trim(); }", "has no getter that only returns it"),
        ("public String city;", "the field Form.city is public"),
        ("@Secret String city; public String getCity() { return city; }", "what @Secret at Form.city means"),
        ("final int n; public Form(int n) { this.n = n; }", "Form has no constructor without arguments"),
    ],
)
def test_what_a_container_must_see_itself_is_kept_together(spring: Spring, body: str, why: str) -> None:
    plan, _ = split(spring({"m.Form": f"public class Form {{ {body} }}", "w.Door": DOOR, "m.Stay": "public class Stay { int n; }"}, MARKS))
    assert [r.rule for r in plan.refusals] == ["handler-binding"]
    assert why in plan.refusals[0].message


def test_a_binder_that_looks_at_fields_needs_the_object(spring: Spring) -> None:
    binder = {"org.springframework.web.bind.WebDataBinder": "public class WebDataBinder { public void initDirectFieldAccess() {} }"}
    setting = "public class Setting { int n; public void set(WebDataBinder binder) { n++; binder.initDirectFieldAccess(); } }"
    plan, _ = split(spring({**MODEL, "w.Setting": setting}, {**MARKS, **binder}))
    assert {r.rule for r in plan.refusals} == {"handler-binding"}
    assert "WebDataBinder.initDirectFieldAccess lets it look at fields" in plan.refusals[0].message


def test_json_of_proxies_may_have_another_order(spring: Spring) -> None:
    marks = {
        **MARKS,
        "org.springframework.web.bind.annotation.ResponseBody": "public @interface ResponseBody {}",
        "com.fasterxml.jackson.databind.ObjectMapper": "public class ObjectMapper {}",
    }
    shown = '@Controller public class Show { int n; @ResponseBody @GetMapping("/y") public m.Form show() { n++; return new m.Form(); } }'
    plan, _ = split(spring({**MODEL, "w.Show": shown}, marks))
    said = [w.message.partition(",")[0] for w in plan.warnings if w.id == "isolate/property-order"]
    assert said == ["w.Show.show writes objects of m.Form"]


def test_an_overridden_getter_is_not_the_field(spring: Spring) -> None:
    below = "public class Loud extends Form { public String getCity() { return super.getCity().toUpperCase(); } }"
    facts = index(spring({**MODEL, "m.Loud": below}, MARKS))
    assert moved(facts, facts.symbol("m.Form")) == ()
    assert "getter" in obstacle(facts, "m.Form")
