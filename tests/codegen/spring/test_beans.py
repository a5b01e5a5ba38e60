"""The generated configuration of beans that live in other parts, and what a part's copies import."""

from __future__ import annotations

from collections.abc import Callable

from refactor.codegen.spring.beans import bean_world, configuration_source, starts_by_main
from refactor.codegen.spring.edits import plan_edits
from refactor.codegen.spring.manifest import manifest
from refactor.codegen.spring.proxy import proxy_source
from refactor.codegen.spring.world import World, world
from refactor.ir.program import Program
from refactor.isolate.legalise import LegaliseOptions, legalise
from refactor.isolate.plan import DRIVER, Plan, Role
from refactor.support.source import apply_edits
from tests.frameworks.conftest import library, spring

__all__ = ["library", "spring"]
Spring = Callable[..., Program]

SHOP = {
    "shop.Shop": "@SpringBootApplication @Import({shop.bills.Rules.class, shop.orders.Desk.class})\n"
    "public class Shop { public static void main(String[] a) {} }",
    "shop.Check": "public interface Check { boolean ok(int n); }",
    "shop.orders.Desk": "public class Desk { int open; public int open() { return open++; } }",
    "shop.orders.Orders": "@Service public class Orders {\n"
    "    private final List<shop.Check> checks; private int n; @Autowired shop.bills.Books books;\n"
    "    Orders(List<shop.Check> checks) { this.checks = checks; }\n"
    "    public int count() { return n++; }\n}",
    "shop.bills.Web": '@Component @Order(7) @Qualifier("w\\"eb") public class Web implements shop.Check {\n'
    "    private int asked; public boolean ok(int n) { return asked++ < n; }\n}",
    "shop.bills.Rules": "@Configuration public class Rules {\n    private int made;\n"
    '    @Bean({"strict", "hard"}) @Primary @Profile("live") public shop.Check strict() { made++; return n -> n > made; }\n}',
    "shop.bills.Book": "public class Book { int page; public int page() { return page++; } }",
    "shop.bills.Books": "public interface Books extends Repository<Book, Integer> { Book find(int id); }",
    "shop.Look": "@Configuration public class Look { @Bean LocaleResolver localeResolver() { return null; } }",
    "shop.Advice": "@ControllerAdvice public class Advice {}",
    "shop.ShopTest": "@SpringBootTest public class ShopTest { @Autowired shop.orders.Orders orders; @Autowired shop.bills.Web web;\n"
    "    @Test void counts() { orders.count(); } }",
}


def split(program: Program) -> tuple[Plan, World]:
    given = {n: "bills" if ".bills." in n else "orders" for n, c in program.classes.items() if c.outer is None and not n.endswith("Test")}
    plan = legalise(program, given, LegaliseOptions(project="shop"))
    assert not plan.refusals, plan.refusals
    plan = plan_edits(program, plan)
    return plan, world(program, plan)


def declared(indexed: World, part: str) -> list[str]:
    text = configuration_source(indexed, indexed.parts[part])
    return [line.strip() for line in text.splitlines() if line.strip().startswith("bean(")]


def test_beans_of_others_are_declared_with_their_traits(spring: Spring) -> None:
    _, indexed = split(spring(SHOP))
    assert declared(indexed, "orders") == [
        'bean("bills", "books", "shop.bills.Books").add();',
        'bean("bills", "strict", "shop.Check").primary().profile("live").alias("hard").add();',
        'bean("bills", "web", "shop.bills.Web").qualifier("w\\"eb").order(7).add();',
    ]
    assert declared(indexed, "bills") == []


def test_tests_get_the_beans_of_all_parts_in_the_driver(spring: Spring) -> None:
    plan, indexed = split(spring(SHOP))
    assert [t.placements for t in plan.tests] == [(DRIVER,)]
    assert declared(indexed, DRIVER) == [
        'bean("orders", "orders", "shop.orders.Orders").add();',
        'bean("bills", "web", "shop.bills.Web").qualifier("w\\"eb").order(7).add();',
    ]


def test_the_owner_shares_what_others_declare_and_nothing_else(spring: Spring) -> None:
    _, indexed = split(spring(SHOP))
    assert bean_world(indexed).shared("bills") == ("books", "strict", "web")
    assert '"beans": [\n  "orders"\n ]' in manifest(indexed, indexed.parts["orders"])


def test_the_application_and_the_containers_own_configuration_are_everywhere(spring: Spring) -> None:
    plan, indexed = split(spring(SHOP))
    roles = {c.name: c.role for c in plan.classes}
    assert {n for n, r in roles.items() if r is Role.REPLICATED} == {"shop.Shop", "shop.Check", "shop.Look", "shop.Advice"}
    for part in plan.parts:
        assert {"shop.Shop", "shop.Look", "shop.Advice"} <= set(part.replicas)
    assert starts_by_main(indexed, "shop.Shop")


def test_a_part_imports_only_what_it_has(spring: Spring) -> None:
    program = spring(SHOP)
    plan, _ = split(program)
    seen = {}
    for part in plan.parts:
        edits = [e.edit for e in plan.edits if e.part == part.name and e.edit.file == "shop/Shop.java"]
        text = apply_edits(program.source("shop/Shop.java"), edits).decode()
        seen[part.name] = next((line for line in text.splitlines() if "@SpringBootApplication" in line), "")
    assert seen == {
        "bills": "@SpringBootApplication @Import({shop.bills.Rules.class, shop.RemoteBeans.class})",
        "orders": "@SpringBootApplication @Import({shop.orders.Desk.class, shop.RemoteBeans.class})",
        DRIVER: "@SpringBootApplication @Import({shop.RemoteBeans.class})",
    }


def test_proxies_are_no_beans_of_their_own(spring: Spring) -> None:
    _, indexed = split(spring(SHOP))
    web = proxy_source(indexed, "shop.bills.Web", "orders")
    assert "@Component" not in web
    assert "@Qualifier" not in web
    books = proxy_source(indexed, "shop.bills.Books", "orders")
    assert "@org.springframework.data.repository.NoRepositoryBean\npublic interface Books" in books


APP_WITH_BEANS = {
    **SHOP,
    "shop.Shop": """@SpringBootApplication public class Shop {
    private static final String NAME = "shop";
    @Autowired shop.bills.Web web;
    @Bean @Order(9) public shop.Check open() { return n -> web.ok(n); }
    public static void main(String[] a) {}
}""",
}


def test_beans_of_the_application_class_are_made_once(spring: Spring) -> None:
    program = spring(APP_WITH_BEANS)
    plan, indexed = split(program)
    assert dict(plan.options)["home:shop.Shop"] == "orders"
    assert {c.name: c.role for c in plan.classes}["shop.Shop"] is Role.REPLICATED
    seen = {}
    for part in plan.parts:
        edits = [e.edit for e in plan.edits if e.part == part.name and e.edit.file == "shop/Shop.java"]
        seen[part.name] = "@Bean @Order(9) public" in apply_edits(program.source("shop/Shop.java"), edits).decode()
    assert seen == {"bills": False, "orders": True, DRIVER: False}
    assert bean_world(indexed).shared("orders") == ("orders",)


def test_an_application_that_works_by_itself_is_not_started_twice(spring: Spring) -> None:
    runner = "@SpringBootApplication public class Shop { @Scheduled void run() {} public static void main(String[] a) {} }"
    program = spring({**SHOP, "shop.Shop": runner})
    given = {n: "bills" if ".bills." in n else "orders" for n, c in program.classes.items() if c.outer is None and not n.endswith("Test")}
    plan = legalise(program, given)
    assert [r.rule for r in plan.refusals] == ["application"]
