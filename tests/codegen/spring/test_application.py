"""An application class that works when it starts, or keeps what its container gives it: started in every part, at work in one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.codegen.spring.edits import plan_edits
from refactor.ir.program import Program
from refactor.isolate.legalise import LegaliseOptions, legalise
from refactor.isolate.plan import DRIVER, Plan, Role
from refactor.support.source import apply_edits
from tests.frameworks.conftest import library, spring

__all__ = ["library", "spring"]
Spring = Callable[..., Program]

PARTS = {
    "shop.orders.Desk": "@Service public class Desk { private int open; public int open() { return open++; }\n"
    "    public static void all() { } }",
    "shop.bills.Books": "@Service public class Books { private int pages; public int add() { return pages++; } }",
    "shop.Look": "public interface Look { }",
    "shop.Loader": "public interface Loader extends CommandLineRunner { }",
    "shop.Plain": "public class Plain { }",
    "shop.Busy": "public class Busy { Busy() { shop.orders.Desk.all(); } }",
    "shop.Base": "public class Base { @PostConstruct void fill() { } }",
}
GIVEN = "private final shop.orders.Desk desk; private final shop.bills.Books books;\n"
GIVEN += "    Shop(shop.orders.Desk desk, shop.bills.Books books) { super(); this.desk = desk; this.books = books; }\n"
WORK = "{ desk.open(); books.add(); }"
MAIN = "public static void main(String[] a) {}"


def split(spring: Spring, head: str, body: str) -> tuple[Program, Plan]:
    program = spring({**PARTS, "shop.Shop": f"@SpringBootApplication\npublic class Shop {head} {{\n    {body}\n    {MAIN}\n}}"})
    given = {n: "bills" if ".bills." in n else "orders" for n, c in program.classes.items() if c.outer is None}
    return program, legalise(program, given, LegaliseOptions(project="shop"))


def texts(program: Program, plan: Plan) -> dict[str, str]:
    planned = plan_edits(program, plan)
    return {
        p.name: apply_edits(
            program.source("shop/Shop.java"), [e.edit for e in planned.edits if e.part == p.name and e.edit.file == "shop/Shop.java"]
        ).decode()
        for p in planned.parts
    }


RUN = f"{GIVEN} @Override public void run(String... args) {WORK}"
RUN_ANY = f"{GIVEN} @Override public void run(Object args) {WORK}"
FILLED = "@Autowired shop.orders.Desk desk; @Autowired shop.bills.Books books;"


@pytest.mark.parametrize(
    ("head", "body", "there", "not_elsewhere", "elsewhere"),
    [
        ("implements CommandLineRunner", RUN, "implements CommandLineRunner", "implements", "Shop "),
        (
            "implements shop.Look, ApplicationRunner",
            RUN_ANY,
            "shop.Look, ApplicationRunner",
            "ApplicationRunner {",
            "implements shop.Look {",
        ),
        ("", f"{GIVEN} @PostConstruct void fill() {WORK}", "@PostConstruct void", "@PostConstruct", "void fill()"),
        ("", f"{FILLED} @PostConstruct void fill() {WORK}", "@PostConstruct void", "@PostConstruct", "void fill()"),
        ("", f"{FILLED} @Bean CommandLineRunner fill() {{ return a -> {WORK}; }}", "@Bean", "@Bean", "fill()"),
    ],
)
def test_work_is_done_in_one_part(spring: Spring, head: str, body: str, there: str, not_elsewhere: str, elsewhere: str) -> None:
    program, plan = split(spring, head, body)
    assert not plan.refusals, plan.refusals
    assert dict(plan.options)["home:shop.Shop"] == "orders"
    seen = texts(program, plan)
    assert there in seen["orders"]
    for name in {"bills", DRIVER} & seen.keys():
        assert not_elsewhere not in seen[name]
        assert "@Override" not in seen[name]
        assert elsewhere in seen[name]


def test_what_the_container_gives_is_no_state(spring: Spring) -> None:
    program, plan = split(spring, "", f"{GIVEN} int work() {{ return desk.open() + books.add(); }}")
    assert not plan.refusals, plan.refusals
    assert {c.name: c.role for c in plan.classes}["shop.Shop"] is Role.REPLICATED
    assert texts(program, plan)["bills"] == texts(program, plan)["orders"]


@pytest.mark.parametrize("head", ["", "extends lib.Starter", "extends shop.Plain"])
def test_a_superclass_that_does_nothing_is_no_work(spring: Spring, head: str) -> None:
    _, plan = split(spring, head, GIVEN)
    assert not plan.refusals, plan.refusals


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("extends shop.Busy", "Shop() { }"),
        ("implements ApplicationListener<ApplicationEvent>", f"{GIVEN} public void onApplicationEvent(ApplicationEvent e) {WORK}"),
        ("implements shop.Loader", f"{GIVEN} public void run(String... args) {WORK}"),
        ("extends shop.Base", f"{GIVEN}"),
        ("", f"{GIVEN} @Scheduled void tick() {WORK}"),
        ("", "private final shop.orders.Desk desk; Shop(shop.orders.Desk desk) { this.desk = desk; desk.open(); }"),
        ("", "private final List<String> names; Shop(shop.orders.Desk desk) { this.names = new ArrayList<>(); }"),
        ("", "private shop.orders.Desk desk; Shop(shop.orders.Desk desk) { this.desk = desk; } void set(shop.orders.Desk d) { desk = d; }"),
    ],
)
def test_work_and_state_that_each_part_would_have(spring: Spring, head: str, body: str) -> None:
    _, plan = split(spring, head, body)
    assert [r.rule for r in plan.refusals] == ["application"]
