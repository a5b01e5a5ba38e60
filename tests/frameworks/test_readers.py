"""Controllers that only show what a repository finds may live apart from it; mocks of its interface are no reason against that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.ir.program import Program
from refactor.isolate.legalise import LegaliseOptions, legalise
from refactor.isolate.plan import Plan
from tests.frameworks.conftest import EMBEDDED

Spring = Callable[..., Program]

MARKS = {
    **EMBEDDED,
    "jakarta.persistence.Entity": "public @interface Entity {}",
    "jakarta.persistence.OneToMany": "public @interface OneToMany {}",
    "jakarta.transaction.Transactional": "public @interface Transactional {}",
    "org.springframework.web.bind.annotation.ModelAttribute": "public @interface ModelAttribute {}",
    "org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest": "public @interface WebMvcTest { Class<?>[] value() default {}; }",
    "org.springframework.test.context.bean.override.mockito.MockitoBean": "public @interface MockitoBean {}",
}
MODEL = {
    "m.App": "@SpringBootApplication public class App {}",
    "m.Pet": "@Entity public class Pet { private String name; public String getName() { return name; } "
    "public void setName(String n) { name = n; } }",
    "m.Pets": "public interface Pets extends Repository<Pet, Integer> { List<Pet> findAll(); Pet save(Pet pet); }",
    "m.Keeper": "@Component public class Keeper { int n; public int count() { return n++; } }",
    "w.Bag": "public class Bag { private List<m.Pet> pets = new ArrayList<>(); public List<m.Pet> getPets() { return pets; } }",
}


def door(body: str, mark: str = "@Controller") -> str:
    return (
        f"{mark} public class Door {{ private final m.Pets pets; Door(m.Pets pets) {{ this.pets = pets; }} "
        f'@GetMapping("/x") public String go() {{ {body} return ""; }} private List<m.Pet> all() {{ return pets.findAll(); }} }}'
    )


def split(program: Program) -> Plan:
    given = {n: n[0] for n, c in program.classes.items() if c.outer is None and not n.endswith("Test")}
    return legalise(program, given, LegaliseOptions(pins=frozenset(given)))


def test_who_only_shows_what_is_found_needs_no_session(spring: Spring) -> None:
    plan = split(spring({**MODEL, "w.Door": door("Bag bag = new Bag(); bag.getPets().addAll(all());")}, MARKS))
    assert not plan.refusals, plan.refusals


@pytest.mark.parametrize(
    "body",
    [
        "all(); all();",  # the same row twice is one object in one session
        "for (int i = 0; i < 3; i++) pets.findAll();",
        "while (all().isEmpty()) all();",
        "Runnable r = this::all; r.run(); all();",
        "if (all().isEmpty()) go();",
        "all().get(0).setName(\"x\");",  # saved with the session
        "pets.save(new m.Pet());",
        "new Thread(() -> pets.findAll());",
    ],
)
def test_who_could_notice_a_session_stays_with_the_repository(spring: Spring, body: str) -> None:
    plan = split(spring({**MODEL, "w.Door": door(body)}, MARKS))
    assert "persistence-context" in {r.rule for r in plan.refusals}


@pytest.mark.parametrize(
    "change",
    [
        {"w.Door": door("all();", "@Component")},  # no web handler: who calls it is not known
        {"w.Door": door("all();", "@Controller @Transactional")},
        {"m.Pet": "@Entity public class Pet { @OneToMany private List<Pet> young; public List<Pet> getYoung() { return young; } }"},
        {"w.Other": '@Controller public class Other { int n; @GetMapping("/y") public String go(Door door) { n++; return door.go(); } }'},
    ],
)
def test_transactions_lazy_relations_and_other_callers_keep_them_together(spring: Spring, change: dict[str, str]) -> None:
    plan = split(spring({**MODEL, "w.Door": door("all();"), **change}, MARKS))
    assert "persistence-context" in {r.rule for r in plan.refusals}


def test_a_mocked_interface_needs_those_who_get_the_bean(spring: Spring) -> None:
    test = "@WebMvcTest({}) public class DoorTest {{ @MockitoBean m.Pets pets; @Test void t() {{}} }}"
    classes = {**MODEL, "w.Door": door("all();"), "m.Desk": "@Component public class Desk { int n; @Autowired Pets pets; }"}
    listed = split(spring({**classes, "w.DoorTest": test.format("Door.class")}, MARKS))
    assert [(t.placements, t.reason) for t in listed.tests] == [(("w",), "@MockitoBean of m.Pets, which w.Door gets")]


def test_a_mock_in_a_whole_context_is_seen_by_all_who_get_the_bean(spring: Spring) -> None:
    test = "@SpringBootTest public class DoorTest { @MockitoBean m.Pets pets; @Test void t() {} }"
    classes = {**MODEL, "w.Door": door("all();"), "m.Desk": "@Component public class Desk { int n; @Autowired Pets pets; }"}
    plan = split(spring({**classes, "w.DoorTest": test}, MARKS))
    assert [r.rule for r in plan.refusals] == ["test-needs-one-part"]
