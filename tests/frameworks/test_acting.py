"""What acts on other beans of its container stays with them, or is in every part."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.ir.program import Program
from refactor.isolate.plan import Role
from tests.frameworks.test_events import refused, ties

Spring = Callable[..., Program]

APP = {
    "a.App": '@SpringBootApplication(scanBasePackages = {"a", "b"}) public class App {}',
    "a.Web": "@Controller public class Web { int hits; public void show() { hits++; } }",
    "a.Keep": "@Component public class Keep implements b.Stamped { int n; @Async public void keep() { n++; } }",
    "b.Stamped": "public interface Stamped { void keep(); }",
    "b.Other": "@Component public class Other { int n; public int f() { return n++; } }",
}
PROCESS = "@Component public class Act implements BeanPostProcessor {{ int n;\n" \
    "    public Object postProcessAfterInitialization(Object bean, String name) {{ {} }} }}"  # fmt: skip
TOGETHER = {
    "any bean": ("a.Keep", PROCESS.format("n++; return bean;")),
    "beans of a type": ("a.Keep", PROCESS.format("if (bean instanceof Stamped s) { n++; s.keep(); } return bean;")),
    "beans of a type, by a guard": ("a.Keep", PROCESS.format("if (!(bean instanceof Stamped)) return bean; n++; return bean;")),
    "made by a method": (
        "a.Keep", "@Configuration public class Act { int n; @Bean BeanPostProcessor p() { n++; return new BeanPostProcessor() {}; } }"
    ),
    "advice with state": (
        "a.Web", "@ControllerAdvice public class Act { final List<String> l = new ArrayList<>(); void f() { l.clear(); } }"
    ),
    "JSON by a library's stereotype": ("a.Web", "@JsonComponent public class Act { int n; public int write() { return n++; } }"),
    "a switch with beans": (
        "a.Keep", "@Configuration @EnableAsync public class Act { int n; @Bean Other2 o() { n++; return null; } static class Other2 {} }"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TOGETHER)
def test_who_acts_on_beans_stays_with_them(spring: Spring, case: str) -> None:
    bean, act = TOGETHER[case]
    assert tuple(sorted((bean, "b.Act"))) in ties(refused(spring({**APP, "b.Act": act})))


def test_beans_that_a_post_processor_never_looks_at_may_be_elsewhere(spring: Spring) -> None:
    act = PROCESS.format("if (bean instanceof Other o) { n++; o.f(); } return bean;")
    assert refused(spring({**APP, "b.Act": act})).refusals == ()


def test_what_acts_without_state_is_in_every_part(spring: Spring) -> None:
    act = PROCESS.format("return bean;").replace("int n;", "")
    plan = refused(spring({**APP, "b.Act": act}))
    assert plan.refusals == ()
    assert {c.name: c.role for c in plan.classes}["b.Act"] is Role.REPLICATED


SHAPES = {
    "configures": "@SpringBootApplication public class App implements WebMvcConfigurer {\n"
    "    public void add(List<Object> all) { all.add(new Log()); } }",
    "without the annotation": '@Configuration @EnableAutoConfiguration @ComponentScan({"a", "b"}) public class App {}',
    "extends": "@SpringBootApplication public class App extends Base {}",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_application_class_starts_every_part(spring: Spring, shape: str) -> None:
    more = {"a.Log": "public class Log { public void log(Object o) {} }", "a.Base": "public abstract class Base { public void f() {} }"}
    plan = refused(spring({**APP, **more, "a.App": SHAPES[shape]}))
    assert plan.refusals == ()
    assert {c.name: c.role for c in plan.classes}["a.App"] is Role.REPLICATED


def test_settings_that_are_scanned_are_beans(spring: Spring) -> None:
    settings = {
        "a.App": "@SpringBootApplication @ConfigurationPropertiesScan public class App {}",
        "a.Lamp": '@ConfigurationProperties("lamp") public class Lamp { int n; public int watts() { return n++; } }',
        "b.Room": "@Component public class Room { int n; Room(a.Lamp lamp) { n = lamp.watts(); } }",
    }
    assert refused(spring({**APP, **settings})).refusals == ()

LISTENER = "@WebListener public class Act implements javax.servlet.ServletContextListener {{ int n;\n" \
    "    public void contextInitialized(javax.servlet.ServletContextEvent e) {{ n++; {} }} }}"  # fmt: skip


SERVLETS = {
    "javax.servlet.annotation.WebListener": "public @interface WebListener {}",
    "javax.servlet.ServletContextEvent": "public class ServletContextEvent { public Object getServletContext() { return null; } }",
    "javax.servlet.ServletContextListener": "public interface ServletContextListener { void contextInitialized(ServletContextEvent e); }",
}


def test_a_listener_of_the_web_application_acts_through_its_event(spring: Spring) -> None:
    assert refused(spring({**APP, "b.Act": LISTENER.format("")}, SERVLETS)).refusals == ()
    for used in ("e.getServletContext();", "Object o = e;", "use(e); } void use(javax.servlet.ServletContextEvent f) {"):
        assert ("a.Web", "b.Act") in ties(refused(spring({**APP, "b.Act": LISTENER.format(used)}, SERVLETS))), used


def test_library_objects_that_no_container_uses_by_itself(spring: Spring) -> None:
    bean = "@Configuration public class Act {{ int n; @Bean {0} made() {{ n++; return null; }} }}"
    assert refused(spring({**APP, "b.Act": bean.format("java.time.Clock")})).refusals == ()
    assert refused(spring({**APP, "b.Act": bean.format("java.util.Map<String, String>")})).refusals != ()
