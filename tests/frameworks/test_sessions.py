"""A persistence context that is open during a web request is open in the parts that it calls: who asks repositories may be apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from refactor.ir.program import Program
from tests.frameworks.test_readers import MARKS, MODEL, door, split

Spring = Callable[..., Program]

TRAVELS = {
    **MARKS,
    "org.springframework.orm.jpa.EntityManagerHolder": "public class EntityManagerHolder {}",
    "org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean": "public class LocalContainerEntityManagerFactoryBean {}",
    "org.springframework.transaction.support.TransactionSynchronizationManager":
        "public class TransactionSynchronizationManager { public static void bindResource(Object key, Object value) {} }",
}  # fmt: skip
SERVER = {name: text for name, text in TRAVELS.items() if name != "org.h2.Driver"}
LAZY = "@Entity public class Pet { @OneToMany private List<Pet> young; public List<Pet> getYoung() { return young; } }"


@pytest.mark.parametrize(
    "body",
    [
        "all(); all();",
        "for (int i = 0; i < 3; i++) pets.findAll();",
        'all().get(0).setName("x"); pets.save(all().get(0));',
        "pets.save(new m.Pet());",
        "new Thread(() -> pets.findAll());",
    ],
)
def test_who_asks_a_repository_may_be_in_another_part(spring: Spring, body: str) -> None:
    plan = split(spring({**MODEL, "w.Door": door(body)}, TRAVELS))
    assert not plan.refusals, plan.refusals


def test_who_follows_a_lazy_relation_may_be_in_another_part(spring: Spring) -> None:
    plan = split(spring({**MODEL, "m.Pet": LAZY, "w.Door": door("all().get(0).getYoung().size();")}, TRAVELS))
    assert not plan.refusals, plan.refusals


def test_a_transaction_stays_with_the_repository_that_it_asks(spring: Spring) -> None:
    plan = split(spring({**MODEL, "w.Door": door("all();", "@Controller @Transactional")}, TRAVELS))
    assert {(r.rule, r.merge) for r in plan.refusals} == {("transaction", ("m.Pets", "w.Door"))}


def test_so_does_one_that_asks_it_as_an_interface_above_it(spring: Spring) -> None:
    classes = {
        **MODEL, "m.Found": "public interface Found { List<Pet> findAll(); }",
        "m.Pets": "public interface Pets extends Repository<Pet, Integer>, Found {}",
        "w.Desk": "@Component public class Desk { private final m.Found pets; private int n; Desk(m.Found pets) { this.pets = pets; } "
        "@Transactional public int count() { return pets.findAll().size() + n++; } }",
    }  # fmt: skip
    assert ("transaction", ("m.Pets", "w.Desk")) in {(r.rule, r.merge) for r in split(spring(classes, TRAVELS)).refusals}


BOTH = (
    "@Controller public class Both {{ private final m.Pets pets; private final v.Vets vets; "
    "Both(m.Pets pets, v.Vets vets) {{ this.pets = pets; this.vets = vets; }} {} }}"
)


@pytest.mark.parametrize(
    ("methods", "together"),
    [
        ('@GetMapping("/b") public void go() { pets.findAll().get(0).setName("x"); vets.save(null); }', True),
        ('@ModelAttribute public void a() { pets.findAll().get(0).setName("x"); } @GetMapping void b() { vets.save(null); }', True),
        ('@GetMapping("/a") public void a(m.Pet form) { } @GetMapping("/b") public void go() { vets.save(null); }', False),
        ('@GetMapping("/b") public void go(m.Pet form) { vets.save(null); }', True),
    ],
)
def test_a_request_that_changes_one_and_commits_another_keeps_them_together(spring: Spring, methods: str, together: bool) -> None:
    vet = {
        "v.Vet": "@Entity public class Vet { private String name; public void setName(String n) { name = n; } }",
        "v.Vets": "public interface Vets extends Repository<Vet, Integer> { Vet save(Vet vet); }",
        "v.Stay": "@Component public class Stay { int n; public int f() { return n++; } }",
    }
    plan = split(spring({**MODEL, **vet, "w.Both": BOTH.format(methods)}, SERVER))
    assert (("open-session", ("m.Pet", "v.Vets")) in {(r.rule, r.merge) for r in plan.refusals}) == together


BY_HAND = "@Component public class Hand { int n; void open() { n++; TransactionSynchronizationManager.bindResource(this, this); } }"
OWN = "@Configuration public class Own { int n; @Bean LocalContainerEntityManagerFactoryBean made() { n++; return null; } }"


@pytest.mark.parametrize("more", [{"m.Hand": BY_HAND}, {"m.Own": OWN}])
def test_contexts_of_the_programs_own_making_do_not_travel(spring: Spring, more: dict[str, str]) -> None:
    plan = split(spring({**MODEL, **more, "w.Door": door("all(); all();")}, TRAVELS))
    assert "persistence-context" in {r.rule for r in plan.refusals}


def test_nor_do_they_without_a_container_of_beans_by_annotations_alone(spring: Spring, tmp_path: Path) -> None:
    program = spring({**MODEL, "w.Door": door("all(); all();")}, TRAVELS)
    (tmp_path / "beans.xml").write_text('<beans xmlns="http://www.springframework.org/schema/beans"/>', encoding="utf-8")
    assert "persistence-context" in {r.rule for r in split(program).refusals}
