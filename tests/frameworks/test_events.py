"""Events in every form in which a listener can be reached: who publishes and who listens stay together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.ir.program import Program
from refactor.isolate.legalise import LegaliseOptions, legalise
from refactor.isolate.plan import Plan

Spring = Callable[..., Program]

APP = {
    "a.App": "@SpringBootApplication public class App {}",
    "a.Keep": "@Component public class Keep { int n; public int keep() { return n++; } }",
    "b.Other": "@Component public class Other { int n; public int f() { return n++; } }",
    "a.Placed": "public record Placed(String item) {}",
    "a.Dropped": "public record Dropped(String item) {}",
    "a.Event": "public interface Event {}",
    "a.Mark": "public interface Mark {}",
    "a.Both": "public record Both(int n) implements Event, Mark {}",
    "a.Send": "@Component public class Send { int n; @Autowired ApplicationEventPublisher bus;\n"
    "    void go(String item) { n++; bus.publishEvent(new Placed(item)); } }",
}
PLAIN = "public void on(a.Placed p) { n++; }"
LISTENERS = {
    "plain": "@Component public class Hear { int n; @EventListener " + PLAIN + " }",
    "one of a list": "@Component public class Hear { int n; @EventListener({a.Dropped.class, a.Placed.class}) public void on() { n++; } }",
    "by attribute": "@Component public class Hear { int n; @EventListener(classes = a.Placed.class) public void on() { n++; } }",
    "inherited": "@Component public class Hear extends b.Base<a.Placed> { int n; void take(a.Placed p) { n++; } }",
    "inherited raw": "@Component public class Hear extends b.Base { int n; void take(Object p) { n++; } }",
    "default method": "@Component public class Hear implements b.Hears { int n; public void took() { n++; } }",
    "composed annotation": "@Component public class Hear { int n; @b.Told " + PLAIN + " }",
    "any object": "@Component public class Hear { int n; @EventListener public void on(Object p) { n++; } }",
    "payload": "@Component public class Hear { int n; @EventListener public void on(PayloadApplicationEvent<a.Placed> p) { n++; } }",
    "listener object": "@Component public class Hear implements ApplicationListener<PayloadApplicationEvent<a.Placed>> { int n;\n"
    "    public void onApplicationEvent(PayloadApplicationEvent<a.Placed> p) { n++; } }",
    "inherited listener object": "@Component public class Hear extends b.Abstract<a.Placed> { int n; }",
    "lambda": "@Configuration public class Hear { int n;\n"
    "    @Bean ApplicationListener<PayloadApplicationEvent<a.Placed>> l() { return e -> n++; } }",
    "method reference": "@Configuration public class Hear { int n; void took(Object o) { n++; }\n"
    "    @Bean ApplicationListener<PayloadApplicationEvent<a.Placed>> l() { return this::took; } }",
    "anonymous": "@Configuration public class Hear { int n; @Bean ApplicationListener<?> l() {\n"
    "    return new ApplicationListener<PayloadApplicationEvent<a.Placed>>() {\n"
    "        public void onApplicationEvent(PayloadApplicationEvent<a.Placed> p) { n++; } }; } }",
}
ABOVE = {
    "b.Base": "public abstract class Base<E> { @EventListener public void receive(E e) { take(e); } abstract void take(E e); }",
    "b.Hears": "public interface Hears { void took(); @EventListener default void on(a.Placed p) { took(); } }",
    "b.Told": "@EventListener public @interface Told {}",
    "b.Abstract": "public abstract class Abstract<T> implements ApplicationListener<PayloadApplicationEvent<T>> {\n"
    "    public void onApplicationEvent(PayloadApplicationEvent<T> p) {} }",
}
SEND = "@Component public class Send { int n; @Autowired ApplicationEventPublisher bus; "
HEAR = "@Component public class Hear { int n; @EventListener public void on(a.Placed p) { n++; } }"
ANSWER = "@Component public class Send { int n; @EventListener public %s on(a.Dropped d) { n++; return null; } }"
SENDERS = {
    "method reference": SEND + "void go(List<Placed> all) { n++; all.forEach(bus::publishEvent); } }",
    "through Object": SEND + "void go(Object o) { n++; bus.publishEvent(o); } }",
    "lambda": SEND + "void go(List<Placed> all) { n++; all.forEach(each -> bus.publishEvent(each)); } }",
    "element of a raw collection": SEND + "void go(List all) { n++; bus.publishEvent(all.get(0)); } }",
    "generic": SEND + "<T> void go(T o) { n++; bus.publishEvent(o); } }",
    "by the context": "@Component public class Send { int n; @Autowired ApplicationContext c;\n"
    "    void go(Placed p) { n++; c.publishEvent(p); } }",
    "returned": ANSWER % "Placed",
    "returned in an array": ANSWER % "Placed[]",
    "returned in a collection": ANSWER % "List<? extends Placed>",
    "returned later": ANSWER % "java.util.concurrent.CompletableFuture<List<Placed>>",
    "returned as any object": ANSWER % "Object",
    "returned in a raw collection": ANSWER % "Collection",
    "answer of an inherited listener": "@Component public class Send extends Forward<Placed> { int n; public int f() { return n++; } }",
}


def refused(program: Program) -> Plan:
    given = {n: n[0] for n, c in program.classes.items() if c.outer is None and not n.endswith("Test")}
    return legalise(program, given, LegaliseOptions(pins=frozenset(given)))


def ties(plan: Plan) -> set[tuple[str, ...]]:
    return {r.merge for r in plan.refusals if r.rule == "container"}


@pytest.mark.parametrize("form", LISTENERS)
def test_a_listener_stays_with_who_publishes(spring: Spring, form: str) -> None:
    plan = refused(spring({**APP, **ABOVE, "b.Hear": LISTENERS[form]}))
    assert ("a.Send", "b.Hear") in ties(plan), plan.refusals
    assert "publishes Placed at a/Send.java" in plan.refusals[0].message


@pytest.mark.parametrize("form", SENDERS)
def test_who_publishes_stays_with_the_listener(spring: Spring, form: str) -> None:
    forward = {"a.Forward": "public abstract class Forward<E> { @EventListener public E on(Dropped d) { return null; } }"}
    plan = refused(spring({**APP, **forward, "b.Hear": HEAR, "a.Send": SENDERS[form]}))
    assert ("a.Send", "b.Hear") in ties(plan), plan.refusals


def test_an_object_may_be_of_both_types(spring: Spring) -> None:
    send = SEND + "void go(Event e) { n++; bus.publishEvent(e); } }"
    hear = "@Component public class Hear { int n; @EventListener public void on(a.Mark m) { n++; } }"
    assert ("a.Send", "b.Hear") in ties(refused(spring({**APP, "a.Send": send, "b.Hear": hear})))


def test_what_an_entity_registers_is_published_by_its_repository(spring: Spring) -> None:
    entity = "public class Order extends AbstractAggregateRoot<Order> { int n; void place() { n++; registerEvent(new a.Placed(\"\")); } }"
    program = spring({**APP, "a.Send": "public class Send {}", "a.Order": entity, "b.Hear": HEAR,
                      "a.Orders": "public interface Orders extends Repository<Order, Integer> {}"})  # fmt: skip
    assert ("a.Orders", "b.Hear") in ties(refused(program))


def test_other_events_may_be_heard_elsewhere(spring: Spring) -> None:
    hear = "@Component public class Hear { int n; @EventListener public void on(b.Own o) { n++; }\n" \
        "    @Autowired ApplicationEventPublisher bus; void f() { bus.publishEvent(new b.Own(1)); } }"  # fmt: skip
    program = spring({**APP, "b.Own": "public record Own(int n) {}", "b.Hear": hear})
    assert refused(program).refusals == ()


def test_tests_hear_and_publish_where_their_partners_are(spring: Spring) -> None:
    program = spring(
        {
            **APP,
            "b.Hear": HEAR,
            "a.Send": "public class Send {}",
            "a.SayTest": "@SpringBootTest public class SayTest { @Autowired ApplicationEventPublisher bus;\n"
            '    @Test void t() { bus.publishEvent(new Placed("")); } }',
        }
    )
    plan = refused(program)
    assert plan.refusals == ()
    assert [t.placements for t in plan.tests] == [("b",)]


BUILDER = {
    "org.springframework.context.ApplicationListener": "public interface ApplicationListener<E> { void onApplicationEvent(E event); }",
    "org.springframework.boot.context.event.ApplicationPreparedEvent": "public class ApplicationPreparedEvent {}",
    "org.springframework.boot.builder.SpringApplicationBuilder":
        "public class SpringApplicationBuilder {\n"
        "    public SpringApplicationBuilder listeners(org.springframework.context.ApplicationListener<?>... l) { return this; } }",
}


@pytest.mark.parametrize(("event", "together"), [("ApplicationPreparedEvent", False), ("Object", True)])
def test_a_listener_that_is_handed_over_hears_what_its_own_class_says(spring: Spring, event: str, together: bool) -> None:
    web = "@Controller public class Web { int hits; public void show() { hits++; } }"
    log = f"static class Log implements ApplicationListener<{event}> {{ public void onApplicationEvent({event} e) {{ hashCode(); }} }}"
    hear = f"public class Hear {{ int n; void go() {{ n++; new SpringApplicationBuilder().listeners(new Log()); }} {log} }}"
    program = spring({**APP, "a.Send": "public class Send {}", "a.Web": web, "b.Hear": hear}, BUILDER)
    assert (("a.Web", "b.Hear") in ties(refused(program))) is together
