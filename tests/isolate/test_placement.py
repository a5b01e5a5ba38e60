"""Where tests run, from Java text."""

# ruff: noqa: E501  (Java programs, one a line)

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from refactor.ir.program import Program
from refactor.ir.symbols import Origin
from refactor.isolate.legalise import LegaliseOptions, analyse, legalise
from refactor.isolate.plan import Plan, TestPlan

APP = """
class A { int s; int[] kept = new int[1]; static final A ONE = new A(); static final int MAX = 3; void f() { s++; } int[] kept() { kept[0]++; return kept; } void fill(int[] x) { x[0] = s; } void say() { System.out.println(s); } void save(java.sql.Connection c) { } Object load(String n) { try { return Class.forName(n); } catch (Exception e) { return null; } } String text() { return java.text.NumberFormat.getInstance().format(s); } }
class Impl implements I { int s; public int f() { return s++; } }
class B { int s; void f() { s++; } String home() { return System.getProperty("home"); } }
class Job extends Thread { int s; }
record V(int n) { }
interface I { int f(); }
@Service class Bean { int s; void f() { s++; } }
@SpringBootApplication class Application { int s; }
"""
PARTS = {"p": "A Impl Job Bean", "q": "B Application"}


def placed(plan: Plan, name: str) -> TestPlan:
    return next(t for t in plan.tests if t.name == f"a.{name}")


DRIVER = [
    "new A().f(); new B().f();",
    "A x = A.ONE; int y = A.MAX;",
    "int[] mine = new int[1]; new A().fill(mine); mine[0]++;",
    "I i = Mockito.mock(I.class); I j = () -> 3; V v = new V(2); int n = v.n();",
    "Class<?> c = A.class; c.getName(); Assertions.assertSame(new A(), new A());",
    "System.setProperty(\"other\", \"\"); new B().home();",
]


@pytest.mark.parametrize("code", DRIVER)
def test_what_proxies_can_do_runs_in_the_driver(legal: Callable[..., Plan], code: str) -> None:
    plan = legal(f"{APP}\nclass XTest {{ @Test void t() {{ {code} }} }}", **PARTS)
    assert placed(plan, "XTest") == TestPlan("a.XTest", ("driver",), True, "works with proxies alone")


LOCAL = [
    ("new A() { void f() { } }.f();", "extends a.A"),
    ("class L extends A { }", "L extends a.A"),
    ("int x = new A().s;", "reads the field A.s"),
    ("new A().s = 2;", "writes the field A.s"),
    ("Mockito.mock(A.class);", "mocks a.A"),
    ("try { A.class.getDeclaredField(\"s\"); } catch (Exception e) { }", "reflects on a.A"),
    ("try { Object o = new A(); o.getClass().getDeclaredFields(); new A().getClass().getMethods(); } catch (Exception e) { }", "reflects on a.A"),
    ("try { Class.forName(\"a.A\"); } catch (Exception e) { }", "reflects on a.A"),
    ("A x = new A(); synchronized (x) { x.f(); }", "locks a.A"),
    ("Object o = null; A[] all = (A[]) o;", "casts to an array of a.A"),
    ("try { new ObjectOutputStream(null).writeObject(new A()); } catch (IOException e) { }", "reads the fields of a.A"),
    ("I i = null; try { new ObjectOutputStream(null).writeObject(i); } catch (IOException e) { }", "reads the fields of a.Impl"),
    ("new A().load(\"a.XTest\");", "runs a.A, which loads a.XTest by the name in"),
    ("new A().load(XTest.class.getName());", "runs a.A, which loads a.XTest by the name in"),
    ("} @DefaultLocale @Test void u() { new A().text();", "sets the default locale that a.A reads"),
    ("new A().kept()[0] = 4;", "gets an array from a.A"),
    ("new Job().start();", "cannot have a proxy"),
    ("System.setOut(null); new A().say();", "sets the standard output that a.A reads"),
    ("java.sql.Connection c = null; new A().save(c);", "hands java.sql.Connection"),
]


@pytest.mark.parametrize(("code", "reason"), LOCAL, ids=[reason for _, reason in LOCAL])
def test_what_needs_the_real_class_runs_in_its_part(legal: Callable[..., Plan], code: str, reason: str) -> None:
    plan = legal(f"{APP}\nclass XTest {{ @Test void t() {{ {code} }} }}", **PARTS)
    found = placed(plan, "XTest")
    assert found.placements == ("p",)
    assert reason in found.reason
    assert found.is_test


def test_annotated_fields_and_containers_pull_a_test_into_a_part(legal: Callable[..., Plan]) -> None:
    plan = legal(
        APP
        + "class MockTest { @Mock A a; @Test void t() { } }\n"
        + "@SpringBootTest class BeanTest { @Autowired Bean bean; @Test void t() { } }\n"
        + "@SpringBootTest class StartTest { @Test void t() { } }\n"
        + "@SpringBootTest(classes = B.class) class NamedTest { @Test void t() { } }",
        **PARTS,
    )
    places = {t.name: (t.placements, t.reason) for t in plan.tests}
    assert places == {
        "a.MockTest": (("p",), "@Mock of a.A"),
        "a.BeanTest": (("p",), "@SpringBootTest injects a.Bean"),
        "a.StartTest": (("q",), "@SpringBootTest starts a.Application"),
        "a.NamedTest": (("q",), "@SpringBootTest configures a.B"),
    }


def test_helpers_go_with_their_users_and_bring_their_needs(legal: Callable[..., Plan]) -> None:
    plan = legal(
        APP
        + "class StubTest extends A { }\n"  # not a test in spite of its name
        + "class ToolTest { static void help() { } }\n"
        + "abstract class BaseTest { @Test void inherited() { } }\n"
        + "class OneTest { @Test void t() { new StubTest(); ToolTest.help(); } }\n"
        + "class TwoTest extends BaseTest { void t() { ToolTest.help(); } }\n"
        + "class ThreeTest { class Inner { @Test void t() { } } }\n"
        + "class LonelyTest { }",
        **PARTS,
    )
    places = {t.name.removeprefix("a."): (t.placements, t.is_test) for t in plan.tests}
    assert places == {
        "StubTest": (("p",), False),
        "ToolTest": (("driver", "p"), False),
        "BaseTest": (("driver",), False),
        "OneTest": (("p",), True),
        "TwoTest": (("driver",), True),
        "ThreeTest": (("driver",), True),
        "LonelyTest": (("driver",), False),
    }


def test_a_test_that_needs_two_parts_merges_or_is_refused(java: Callable[[str], Program]) -> None:
    started_by_nobody = APP.replace("@SpringBootApplication class Application { int s; }\n", "")
    program = java(f"{started_by_nobody}\nclass XTest {{ @Test void t() {{ new A().s++; new B() {{ }}; }} }}")
    given = {n: "q" if n == "a.B" else "p" for n, c in program.classes.items() if not c.outer and c.origin is Origin.MAIN}
    moved = legalise(program, given, LegaliseOptions(max_moved=Fraction(1)))
    assert [(m.name, m.rule) for m in moved.moves] == [("a.B", "test-needs-one-part")]
    refused = legalise(program, given, LegaliseOptions(pins=frozenset(given)))
    (refusal,) = refused.refusals
    assert refusal.merge == ("a.A", "a.B")
    assert refusal.span is not None
    assert refusal.span.file == "src/test/a/XTest.java"
    # A target whose proxies have fields that tests may touch needs no such merge.
    free = legalise(program, given, LegaliseOptions(pins=frozenset(given)), analyse(program, frozenset({"final", "any"})))
    assert not free.refusals
    assert placed(free, "XTest").placements == ("q",)


def test_what_no_test_runs_merges_nothing(legal: Callable[..., Plan]) -> None:
    """A benchmark with a main among the tests that looks into two parts."""
    text = f"{APP}\nclass SpeedTest {{ public static void main(String[] a) {{ new A() {{ }}; new B() {{ }}; }} }}"
    plan = legal(text, **PARTS)
    assert not plan.moves
    assert placed(plan, "SpeedTest").reason.endswith("; it needs p, q locally, but no test runs it")


def test_junit3_and_suites(java: Callable[[str], Program]) -> None:
    program = java(
        "class A { int s; }\n"
        "class ListTest { public static Object suite() { return new Object[] {OneTest.class, TwoTest.class}; } }\n"
        "class OneTest { @Test void t() { new A() { }; } }\n"
        "class TwoTest { @Test void t() { } }\n"
    )
    plan = legalise(program, {"a.A": "p"})
    assert placed(plan, "ListTest").placements == ()
    assert placed(plan, "OneTest").placements == ("p",)
    assert placed(plan, "TwoTest").placements == ("driver",)


STAND_INS = """
class Bank { int s; int rate() { return s; } }
class Shop { int s; Bank bank; int price() { return bank.rate() * s; } }
class Fair { int s; Shop shop; void to(Bank b) { s = b.rate(); } }
"""
MOCKS = [
    # The class of the stand-in is a proxy where the other class is real.
    ("@Mock Bank bank; @Spy Shop shop; @Test void t() { shop.price(); }", ("q",)),
    ("@Spy Shop shop; @Test void t() { shop.bank = Mockito.mock(Bank.class); }", ("q",)),
    ("@Mock Bank bank; @Mock Shop shop; @Test void t() { }", ("p",)),
    ("@Mock Bank bank; @Test void t() { new Fair().to(bank); }", ("p",)),
    # The same, where the test method or a method before it is given the mock, or the type that is asked for says the class.
    ("@Mock Bank bank; @Test void t(@Mock Shop shop) { }", ("p",)),
    ("@Test void t(@Mock Bank bank) { new Fair().to(bank); }", ("p",)),
    ("void before(@Mock Bank bank) { } @Test void t() { }", ("p",)),
    ('XTest(@Mock(name = "b") Bank bank) { } @Test void t() { }', ("p",)),
    ("@Test void t() { Bank bank = Mockito.mock(); new Fair().to(bank); }", ("p",)),
    ("Bank bank = Mockito.mock(); @Test void t() { new Fair().to(bank); }", ("p",)),
]


@pytest.mark.parametrize(("code", "places"), MOCKS)
def test_a_stand_in_is_made_of_a_proxy_where_it_stays(legal: Callable[..., Plan], code: str, places: tuple[str, ...]) -> None:
    plan = legal(f"{STAND_INS}\nclass XTest {{ {code} }}", p="Bank", q="Shop", r="Fair")
    assert not plan.moves
    assert placed(plan, "XTest").placements == places


BOUND = [
    # Handed to a third part, which would get an object without an id.
    "@Mock Bank bank; @Spy Shop shop; @Test void t() { new Fair().to(bank); }",
    # The class's own code runs.
    "@Spy Bank bank; @Spy Shop shop; @Test void t() { }",
    "@Mock(answer = 1) Bank bank; @Spy Shop shop; @Test void t() { }",
    "@Spy Shop shop; @Test void t() { Mockito.mock(Bank.class, new Object()); }",
    "@Mock Bank bank; @Spy Shop shop; @Test void t() { Mockito.doCallRealMethod(); }",
    "@Test void t(@Spy Bank bank, @Spy Shop shop) { }",
    "@Test void t(@Mock Bank bank, @Spy Shop shop) { new Fair().to(bank); }",
]


@pytest.mark.parametrize("code", BOUND)
def test_a_stand_in_that_leaves_or_runs_its_class_needs_the_class(legal: Callable[..., Plan], code: str) -> None:
    plan = legal(f"{STAND_INS}\nclass XTest {{ {code} }}", p="Bank", q="Shop", r="Fair")
    assert [(m.name, m.rule) for m in plan.moves] == [("a.Bank", "test-needs-one-part")]


def test_a_class_says_what_is_mocked(legal: Callable[..., Plan]) -> None:
    mark = "@org.springframework.test.context.bean.override.mockito.MockitoBean(types = Bank.class)"
    plan = legal(f"{STAND_INS}\n{mark} class XTest {{ @Test void t() {{ }} }}", p="Bank", q="Shop", r="Fair")
    assert placed(plan, "XTest").placements == ("p",)


def test_a_captor_looks_into_nothing(legal: Callable[..., Plan]) -> None:
    plan = legal(f"{STAND_INS}\nclass XTest {{ @Captor ArgumentCaptor<Bank> c; @Test void t() {{ ArgumentCaptor.forClass(Shop.class); }} }}", p="Bank", q="Shop")
    assert placed(plan, "XTest").placements == ("driver",)


NAMES = """
class Bank { int s; String name; String name() { s++; return name; } }
class Shop { int s; String name; String name() { s++; return name; } }
"""


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("Assertions.assertSame(new Bank().name(), new String());", "p"),
        ("String n = new Bank().name(); Assertions.assertSame(n, Objects.requireNonNull(new Bank().name()));", "p"),
        ("Assertions.assertSame(new Bank(), new Bank());", "driver"),
    ],
)
def test_strings_compared_by_identity_stay_in_their_process_where_they_can(legal: Callable[..., Plan], code: str, place: str) -> None:
    plan = legal(f"{NAMES}\nclass XTest {{ @Test void t() {{ {code} }} }}", p="Bank", q="Shop")
    assert not plan.moves
    assert placed(plan, "XTest").placements == (place,)


def test_strings_of_two_parts_compared_by_identity_keep_them_together(legal: Callable[..., Plan]) -> None:
    code = "Assertions.assertSame(new Bank().name(), new Shop().name());"  # whichever part, one of them is a copy
    plan = legal(f"{NAMES}\nclass XTest {{ @Test void t() {{ {code} }} }}", p="Bank", q="Shop")
    assert [(m.name, m.rule) for m in plan.moves] == [("a.Shop", "test-needs-one-part")]
    assert placed(plan, "XTest").placements == ("p",)


def test_a_path_of_properties_is_followed(legal: Callable[..., Plan]) -> None:
    text = """
class Id { int s; String text; void f() { s++; } }
class Order { int s; Id id; Id getId() { s++; return id; } }
class XTest { @Test void t() throws Exception { Util.extracting(new Order(), "s", "id.text"); } }"""
    plan = legal(text.replace("Util.", "org.assertj.core.api.Util."), p="Id", q="Order")
    assert [(m.name, m.rule) for m in plan.moves] == [("a.Id", "test-needs-one-part")]
