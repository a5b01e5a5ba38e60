"""What a container does besides injecting keeps classes together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.ir.program import Program
from refactor.isolate.legalise import LegaliseOptions, legalise

Spring = Callable[..., Program]

APP = {
    "a.App": "@SpringBootApplication public class App {}",
    "a.Web": "@Controller public class Web { private int hits; public void show(Size s) { hits++; } }",
    "a.Size": "public class Size { int n; public int grow() { return n++; } }",
    "a.Keep": "@Component public class Keep { private int kept; public int keep() { return kept++; } }",
}
CASES = {
    "interceptor": (
        {"b.Look": "@Component public class Look implements HandlerInterceptor { int n; void f() { n++; } }"},
        ("a.Web", "b.Look"),
    ),
    "converter of a type that the handler speaks of": (
        {"b.Sizes": "@Component public class Sizes implements Formatter<a.Size> { int n; void f() { n++; } }"},
        ("a.Web", "b.Sizes"),
    ),
    "bean made by a method": (
        {
            "b.Wire": "@Configuration public class Wire { int n; @Bean public a.Made made() { n++; return new a.Made(); } }",
            "a.Made": "public class Made { int n; @Autowired a.Keep keep; public void f() { n++; } }",
        },
        ("a.Made", "b.Wire"),
    ),
    "event": (
        {
            "a.Done": "public class Done { int n; void f() { n++; } }",
            "a.Send": "@Component public class Send { ApplicationContext c; void go() { c.publishEvent(new Done()); } }",
            "b.Hear": "@Component public class Hear { int n; @EventListener public void on(a.Done d) { n++; } }",
        },
        ("a.Send", "b.Hear"),
    ),
    "aspect": ({"b.Watch": "@Aspect @Component public class Watch { int n; void f() { n++; } }"}, ("a.Keep", "b.Watch")),
    "library class that cannot cross": (
        {
            "a.Use": "@Component public class Use { int n; @Autowired lib.Pool pool; void f() { n++; } }",
            "b.Make": "@Configuration public class Make { int n; @Bean public lib.Pool pool() { n++; return null; } }",
        },
        ("a.Use", "b.Make"),
    ),
    "scope of a request": (
        {
            "a.Use": "@Component public class Use { int n; @Autowired b.Basket basket; void f() { n++; } }",
            "b.Basket": '@Component @Scope("session") public class Basket { int n; void f() { n++; } }',
        },
        ("a.Use", "b.Basket"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_kept_together(spring: Spring, case: str) -> None:
    more, together = CASES[case]
    program = spring({**APP, **more})
    given = {n: n[0] for n, c in program.classes.items() if c.outer is None}
    plan = legalise(program, given, LegaliseOptions(pins=frozenset(given)))
    assert any(r.rule == "container" and set(together) <= set(r.merge) for r in plan.refusals)


def test_beans_alone_may_be_apart(spring: Spring) -> None:
    more = {
        "b.Sum": "@Component public class Sum { int n; @Autowired a.Keep keep; public int f() { return n++ + keep.keep(); } }",
        "b.Dates": "@Component public class Dates implements Formatter<b.Sum> { int n; void f() { n++; } }",
    }
    program = spring({**APP, **more})
    given = {n: n[0] for n, c in program.classes.items() if c.outer is None}
    plan = legalise(program, given, LegaliseOptions(pins=frozenset(given)))
    assert plan.refusals == ()


def test_what_a_library_calls_back_with_its_own_objects_is_no_proxy(spring: Spring) -> None:
    marks = {
        "org.springframework.validation.Errors": "public interface Errors {}",
        "org.springframework.validation.Validator": "public interface Validator { void validate(Object target, Errors errors); }",
        "org.springframework.validation.DataBinder": "public class DataBinder { public void setValidator(Validator v) {} }",
    }
    program = spring(
        {
            "a.Check": "public class Check implements Validator { int n; public void validate(Object target, Errors errors) { n++; } }",
            "b.Desk": "public class Desk { int n; public void open(DataBinder binder) { n++; binder.setValidator(new a.Check()); } }",
            "a.Stay": "public class Stay { int n; public int f() { return n++; } }",
        },
        marks,
    )
    plan = legalise(program, {n: n[0] for n in program.classes}, LegaliseOptions(pins=frozenset(program.classes)))
    assert [r.rule for r in plan.refusals] == ["pinned-callback"]
    assert "which calls it with org.springframework.validation.Errors" in plan.refusals[0].message
