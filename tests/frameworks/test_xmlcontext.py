"""Contexts from XML files: what tests with such contexts need, and which proxies their containers can make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from refactor.codegen.spring.proxy import proxy_source
from refactor.codegen.spring.world import world
from refactor.flow.facts import index
from refactor.frameworks.pointcuts import may_concern
from refactor.frameworks.spring import spring_beans
from refactor.frameworks.xmlcontext import loaded, xml_contexts
from refactor.ir.program import Program
from refactor.isolate.legalise import legalise

Spring = Callable[..., Program]

MARKS = {
    "org.springframework.test.context.ContextConfiguration": "public @interface ContextConfiguration { String[] locations() default {}; }",
    "org.aspectj.lang.annotation.Around": "public @interface Around { String value(); }",
    "org.aspectj.lang.annotation.Pointcut": "public @interface Pointcut { String value(); }",
}
BEANS = """<beans xmlns="http://www.springframework.org/schema/beans" xmlns:context="http://www.springframework.org/schema/context">
{}</beans>
"""
CLASSES = {
    "a.Keep": "public interface Keep { int next(); }",
    "a.KeepImpl": "@Service public class KeepImpl implements Keep { int n; final a.Log log; KeepImpl(Log log) { this.log = log; } "
    "public int next() { return log.add(n++); } }",
    "a.Log": "@Service public class Log { int n; public int add(int m) { return n += m; } }",
    "b.Clock": "public class Clock { int n; final a.Keep keep; public Clock(a.Keep keep) { this.keep = keep; } "
    "public int tick() { return n++; } }",
    "a.BaseTest": "public abstract class BaseTest { @Autowired Keep keep; }",
    "a.KeepTest": '@ContextConfiguration(locations = "classpath:ctx/app.xml") public class KeepTest extends BaseTest { @Test void t() {} }',
}


@pytest.fixture
def files(tmp_path: Path) -> None:
    (tmp_path / "res/ctx").mkdir(parents=True)
    (tmp_path / "res/ctx/app.xml").write_text(
        BEANS.format('<import resource="more.xml"/><context:component-scan base-package="a"/>'), encoding="utf-8"
    )
    (tmp_path / "res/ctx/more.xml").write_text(BEANS.format('<bean class="b.Clock"/>'), encoding="utf-8")
    (tmp_path / "res/ctx/broken.xml").write_text(BEANS.format("<bean>"), encoding="utf-8")


@pytest.mark.usefixtures("files")
def test_imports_scans_and_names_are_read(spring: Spring) -> None:
    found = xml_contexts(spring(CLASSES, MARKS))
    assert sorted(found) == ["res/ctx/app.xml", "res/ctx/more.xml"]
    assert [(c.named, c.scanned) for c in loaded(found, ["classpath:ctx/app.xml"])] == [((), ("a",)), (("b.Clock",), ())]
    assert [c.path for c in loaded(found, ["classpath*:ctx/m*.xml"])] == ["res/ctx/more.xml"]
    assert loaded(found, ["app.xml.bak"]) == ()


@pytest.mark.usefixtures("files")
def test_a_test_runs_where_the_beans_are_that_its_files_scan(spring: Spring) -> None:
    program = spring(CLASSES, MARKS)
    plan = legalise(program, {n: n[0] for n, c in program.classes.items() if c.outer is None and not n.endswith("Test")})
    assert not plan.refusals, plan.refusals
    assert {t.name: t.placements for t in plan.tests} == {"a.BaseTest": ("a",), "a.KeepTest": ("a",)}
    assert "b.Clock" in next(p.proxies for p in plan.parts if p.name == "a")
    clock = proxy_source(world(program, plan), "b.Clock", "a")
    assert "@org.springframework.beans.factory.annotation.Autowired\n    public Clock(" in clock


@pytest.mark.parametrize(
    ("expression", "concerned"),
    [
        ("within(@org.springframework.stereotype.Service *)", True),
        ("@within(Service)", True),
        ("within(@org.springframework.stereotype.Controller *)", False),
        ("within(a..*)", True),
        ("within(b.*)", False),
        ("execution(* b.*.*(..))", False),
        ("execution(* a.*.*(..))", True),
        ("execution(public * a..*Log.f*(..))", True),
        ("execution(* a.*Book.*(..))", False),
        ("execution(* Log.*(..))", True),
        ("execution(* *(..))", True),
        ("execution(@a.Mark * b.*.*(..))", True),  # not understood
        ("execution(* b.*.*(..)) || execution(* a..*.*(int, ..))", True),
        ("execution(* a.*.*(..)) && (within(b.*) || bean(other))", False),
        ("!within(b.*)", True),
        ("bean(lo*)", True),
        ("bean(other)", False),
        ("@annotation(org.springframework.context.annotation.Bean)", True),  # a library's method may have it
        ("@annotation(a.Mark)", False),
        ("known()", False),
        ("within(b.*) || within(a.*)", True),
    ],
)
def test_an_aspect_concerns_what_its_expression_may_mean(spring: Spring, expression: str, concerned: bool) -> None:
    aspect = (
        '@Aspect @Component public class Watch { int n; @Pointcut("within(b.*)") public void known() { } '
        f'@Around("{expression}") public Object around() {{ n++; return null; }} }}'
    )
    facts = index(spring({**CLASSES, "b.Watch": aspect, "a.Mark": "public @interface Mark {}"}, MARKS))
    log = next(b for b in spring_beans(facts).beans if b.name == "log")
    assert may_concern(facts, facts.symbol("b.Watch"), log) is concerned
