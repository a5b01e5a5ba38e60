"""From source alone: tables and accesses of real monoliths, against published facts and what their DDL and mappers say.

Published: method, table, CRUD of DayTrader 7 (Monolith-to-Microservices, IJCAI'22, Apache-2.0), in fixtures/sdg/daytrader7.json,
without the package com.ibm.websphere.samples.daytrader. The monoliths themselves are no part of this
project: set SUBJECTS to a folder that has them (sample.daytrader7, jpetstore-6, ...), or the tests are skipped.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from refactor.flow.facts import index
from refactor.pipeline.cut import CutRequest, propose_cut
from refactor.pipeline.load import load_program
from refactor.sdg.tables.collect import table_facts

FACTS = Path(__file__).parents[2] / "fixtures" / "sdg" / "daytrader7.json"
PACKAGE = "com.ibm.websphere.samples.daytrader."


def subject(name: str) -> str:
    found = Path(os.environ.get("SUBJECTS", "/nonexistent")) / name
    if not found.is_dir():
        pytest.skip(f"no {name}: set SUBJECTS")
    return str(found)


@pytest.mark.slow
def test_daytrader_has_the_published_tables_and_every_difference_is_explained() -> None:
    known = json.loads(FACTS.read_text(encoding="utf-8"))
    program = load_program(subject("sample.daytrader7"), progress=lambda _: None).program
    facts = table_facts(index(program))
    assert [t.name for t in facts.tables] == known["tables"]
    assert all(t.columns for t in facts.tables)
    published = {tuple(f.split()) for f in known["published"]}
    found = {(a.method.partition("(")[0].replace("#", ".").removeprefix(PACKAGE), a.table, a.crud.value) for a in facts.accesses}
    missing = {" ".join(f) for f in published - found}
    more = {" ".join(f) for f in found - published}
    print(f"published {len(published)}, found {len(published & found)} ({len(published & found) / len(published):.1%})")
    for line in sorted(missing):
        print("  not found:", line, "-", known["not_found"].get(line, "UNEXPLAINED"))
    for line in sorted(more):
        print("  more:", line, "-", known["more"].get(line, "UNEXPLAINED"))
    assert missing == set(known["not_found"])
    assert more == set(known["more"])


@pytest.mark.slow
def test_daytrader_every_class_is_placed_with_a_reason() -> None:
    program = load_program(subject("sample.daytrader7"), progress=lambda _: None).program
    cut = propose_cut(program, CutRequest())
    classes = {c.name for c in program.top_level()}
    assert set(cut.labels) == classes
    assert {c for c in classes if not cut.reasons.get(c)} == set()
    print(f"classes {len(classes)}, with a reason {len(cut.reasons)}; tables with an owner: {dict(cut.table_owners)}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "tables"),
    [
        (
            "jpetstore-6",
            "account bannerdata category inventory item lineitem orders orderstatus product profile sequence signon supplier",
        ),
        ("spring-petclinic", "owners pets specialties types vet_specialties vets visits"),
        ("spring-framework-petclinic", "owners pets specialties types vet_specialties vets visits"),
        ("dddsample-core", "cargo carrier_movement handling_event leg location voyage"),
    ],
)
def test_tables_of_other_monoliths(name: str, tables: str) -> None:
    program = load_program(subject(name), progress=lambda _: None).program
    facts = table_facts(index(program))
    assert [t.name for t in facts.tables] == tables.split()
    assert not [d.render() for d in facts.diagnostics]
