"""Names of parts: words of the subject that say what most of a part is about."""

from __future__ import annotations

from itertools import permutations

import pytest

from refactor.partition.naming import name_parts


def named(*parts: str, tables: tuple[str, ...] = ()) -> tuple[str, ...]:
    """before: each part's classes in one text   after: the parts' names; all tables belong to the first part"""
    numbers = {cls: at for at, text in enumerate(parts) for cls in text.split()}
    labels, _ = name_parts(numbers, dict.fromkeys(tables, 0), [], {})
    return tuple(labels[text.split()[0]] for text in parts)


CLINIC = "clinic.model.Pet clinic.model.PetType clinic.model.Owner clinic.store.PetStore clinic.store.PetRows clinic.store.OwnerStore"


def test_a_part_is_named_after_its_subject() -> None:
    assert named("s.orders.Order s.orders.OrderBook", "s.payments.Card s.payments.Payment s.payments.Ledger") == ("order", "payment")


def test_no_part_has_a_number_where_a_word_is_left() -> None:
    found = named(
        CLINIC,
        "clinic.web.VetController clinic.web.Vets",
        "clinic.system.CrashController clinic.system.WelcomeController",
        "clinic.ClinicInitializer",
    )
    assert found[1:] == ("vet", "system", "initializer")
    assert not any("part" in name for name in found)


def test_layers_and_techniques_are_no_subjects() -> None:
    (name,) = named(
        "a.store.jdbc.JdbcPetStore a.store.jdbc.JdbcVetStore a.store.jdbc.JdbcPet a.store.jpa.JpaPetStore a.store.jpa.JpaVetStore "
        "a.m.Pet a.m.Vet"
    )
    assert name.split("-")[0] == "pet"


def test_the_same_subject_in_another_layer_is_told_from_it() -> None:
    web = "clinic.web.PetController clinic.web.PetValidator clinic.web.PetFormatter clinic.web.VisitController clinic.web.CrashController"
    assert named(CLINIC, web, tables=("pets",)) == ("pet", "pet-web")


def test_a_part_without_one_subject_names_two() -> None:
    (name, _) = named(
        "b.m.Account b.m.AccountMapper b.m.Order b.m.OrderMapper b.m.Product b.m.Sequence b.m.Category b.m.Supplier b.m.Banner",
        "b.cart.Cart b.cart.CartItem",
    )
    assert name == "account-order"


def test_what_every_class_of_a_kind_is_called_names_no_part() -> None:
    pet = "clinic.web.PetController clinic.web.PetValidator clinic.web.PetFormatter"
    found = named(CLINIC, pet, "clinic.web.OwnerController clinic.web.PetTypeFormatter clinic.web.VisitController", tables=("pets",))
    assert found == ("pet", "pet-web", "web")


def test_strangers_of_one_kind_are_not_named_after_one_of_them_alone() -> None:
    routines = " ".join(f"a.validator.routines.{n}Validator" for n in ("Byte", "Short", "Long", "Card", "Url", "Time", "Date", "Day"))
    rules = "a.validator.Validator a.validator.ValidatorAction a.validator.ValidatorResult a.validator.Form a.validator.Field"
    (_, _, name) = named(routines, rules, "a.validator.CardValidator a.validator.UrlValidator a.validator.CodeValidator a.validator.Flags")
    assert name == "card-validator"


def test_a_tree_of_packages_is_a_subject_where_it_is_not_everybodys() -> None:
    (_, name) = named(
        "se.ship.cargo.Cargo se.ship.cargo.CargoBook se.ship.cargo.CargoLine se.ship.voyage.Voyage se.ship.voyage.Leg",
        "com.pathfinder.api.Edge com.pathfinder.internal.GraphStub com.pathfinder.internal.Walker",
    )
    assert name == "pathfinder"


def test_names_are_the_same_for_any_order_and_number_of_the_parts() -> None:
    parts = [CLINIC, "clinic.web.VetController clinic.web.Vets", "clinic.system.CrashController", "x.Ünü", "y.A y.B"]
    expected = dict(zip(parts, named(*parts), strict=True))
    for order in permutations(parts):
        assert dict(zip(order, named(*order), strict=True)) == expected
    assert len(set(expected.values())) == len(parts)


@pytest.mark.parametrize("text", ["x.Ünü", "A", "p.q.R", "x.y.日本", "a.driver.Driver", "a.runtime.Runtime a.runtime.RuntimeUser"])
def test_a_name_is_a_name_of_a_module(text: str) -> None:
    """Lower case, no name that the emitted tree has already."""
    (name,) = named(text)
    assert name.isascii()
    assert name.replace("-", "").isalnum()
    assert name == name.lower()
    assert name not in {"driver", "runtime", "monolith", "k8s", "target"}


def test_pinned_names_stay() -> None:
    labels, tables = name_parts({"a.Pet": 0, "a.Cart": 1, "a.CartLine": 1}, {"pets": 0, "carts": 1}, ["cart"], {"carts": "cart"})
    assert labels["a.Pet"] == "cart"
    assert labels["a.Cart"] != "cart"
    assert tables == {"pets": "cart", "carts": "cart"}
