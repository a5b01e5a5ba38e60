"""Beans and injection points, from annotations and types alone."""

from __future__ import annotations

from collections.abc import Callable

from refactor.flow.facts import index
from refactor.frameworks.model import Bean, BeanFacts, BeanKind
from refactor.frameworks.spring import remote_beans, spring_beans
from refactor.ir.program import Program

Spring = Callable[..., Program]

SHOP = {
    "shop.Shop": "@SpringBootApplication public class Shop { public static void main(String[] a) {} }",
    "shop.Check": "public interface Check {}",
    "shop.orders.Orders": "@Service public class Orders { private final List<shop.Check> checks;\n"
    "    Orders(List<shop.Check> checks) { this.checks = checks; } }",
    "shop.orders.First": "@Component @Order(1) public class First implements shop.Check {}",
    "shop.bills.URLCheck": '@Component @Order(2) @Qualifier("web") @Profile({"live", "beta"})\n'
    "public class URLCheck implements shop.Check {}",
    "shop.bills.Bills": '@Service("bills") public class Bills { @Autowired shop.orders.Orders orders;\n'
    "    @Autowired void by(ObjectProvider<shop.Check> c) {} }",
    "shop.bills.Settings": """@Configuration public class Settings {
        @Bean @Primary public shop.Check strict(shop.orders.Orders orders) { return null; }
        @Bean({"lax", "easy"}) @Scope("prototype") shop.Check loose() { return null; }
    }""",
    "shop.bills.Book": "public class Book { public static class Page {} }",
    "shop.bills.Books": "public interface Books extends Repository<Book, Integer> {}",
    "shop.bills.Base": "@NoRepositoryBean public interface Base extends Repository<Book, Integer> {}",
}


def facts_of(program: Program) -> BeanFacts:
    return spring_beans(index(program))


def by_name(found: BeanFacts) -> dict[str, Bean]:
    assert len({b.name for b in found.beans}) == len(found.beans)
    return {b.name: b for b in found.beans}


def test_beans_have_the_names_that_the_container_gives_them(spring: Spring) -> None:
    found = by_name(facts_of(spring(SHOP)))
    assert set(found) == {"shop", "orders", "first", "URLCheck", "bills", "settings", "strict", "lax", "books"}
    assert found["bills"].type == "shop.bills.Bills"
    assert found["books"].kind is BeanKind.REPOSITORY


def test_beans_keep_what_tells_them_apart(spring: Spring) -> None:
    found = by_name(facts_of(spring(SHOP)))
    check = found["URLCheck"]
    assert (check.order, check.qualifiers, check.profiles) == (2, ("web",), (("live", "beta"),))
    assert found["strict"].primary
    assert (found["lax"].aliases, found["lax"].scope) == (("easy",), "prototype")
    assert {found[n].declared_in for n in ("strict", "lax")} == {"shop.bills.Settings"}


def test_injection_points(spring: Spring) -> None:
    found = facts_of(spring(SHOP))
    asked = {(i.user.rpartition(".")[2], i.type) for i in found.injections}
    assert asked == {
        ("Orders", "shop.Check"),
        ("Bills", "shop.orders.Orders"),
        ("Bills", "shop.Check"),
        ("Settings", "shop.orders.Orders"),
    }


def test_an_annotation_of_the_application_makes_beans_too(spring: Spring) -> None:
    program = spring({"a.UseCase": "@Component public @interface UseCase {}", "a.Open": "@UseCase public class Open {}"})
    assert [b.name for b in facts_of(program).beans] == ["open"]


def test_imported_classes_are_beans_under_their_whole_name(spring: Spring) -> None:
    program = spring(
        {
            "a.App": "@SpringBootApplication @Import({b.Rules.class, b.Marked.class}) public class App {}",
            "b.Rules": "public class Rules { @Bean b.Rule rule() { return null; } }",
            "b.Rule": "public interface Rule {}",
            "b.Marked": "@Configuration public class Marked {}",
        }
    )
    assert {b.name for b in facts_of(program).beans} == {"app", "b.Rules", "rule", "marked"}


def test_the_application_scans_what_it_says(spring: Spring) -> None:
    program = spring({"a.App": '@SpringBootApplication(scanBasePackages = {"b", "c"}) public class App {}'})
    assert [a.packages for a in facts_of(program).applications] == [("b", "c")]


def test_look_ups_by_class_ask_for_beans(spring: Spring) -> None:
    program = spring(
        {
            "a.Clock": "@Component public class Clock {}",
            "a.Late": "public class Late { Object of(ApplicationContext context) { return context.getBean(Clock.class); } }",
        }
    )
    assert [(i.user, i.type) for i in facts_of(program).injections] == [("a.Late", "a.Clock")]


def test_a_part_gets_the_beans_of_others_that_its_code_asks_for(spring: Spring) -> None:
    program = spring(SHOP)
    facts, found = index(program), facts_of(program)

    def owner(name: str) -> str | None:
        return None if name == "shop.Shop" else name.split(".")[1] if name.count(".") > 1 else None

    orders = {n for n in program.classes if n.startswith("shop.orders.")}
    wanted = remote_beans(found, facts, "orders", orders, owner)
    assert [(b.name, home) for b, home in wanted] == [("URLCheck", "bills"), ("lax", "bills"), ("strict", "bills")]
    bills = {n for n in program.classes if n.startswith("shop.bills.")}
    assert [b.name for b, _ in remote_beans(found, facts, "bills", bills, owner)] == ["first", "orders"]
    assert remote_beans(found, facts, "bills", {"shop.bills.Book"}, owner) == ()
