"""Generated programs are what they promise to be: the same from the same decisions, and the same on every run."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from refactor.frontend.java.library import JavaLibrary
from refactor.isolate.links import Link, must_link
from refactor.pipeline.fuzz.campaign import CampaignOptions, seed_of
from refactor.pipeline.fuzz.choices import Seeded
from refactor.pipeline.fuzz.constructs import CONSTRUCTS, constructs
from refactor.pipeline.fuzz.cycles import may_cycle
from refactor.pipeline.fuzz.findings import Report
from refactor.pipeline.fuzz.form import (
    INT,
    STR,
    Anonymous,
    Assign,
    Call,
    Class,
    Convert,
    Do,
    Field,
    FieldOf,
    Let,
    Lit,
    Lock,
    Make,
    Method,
    Name,
    New,
    Program,
    Return,
    This,
    Type,
    list_of,
    map_of,
)  # fmt: skip
from refactor.pipeline.fuzz.generate import THREADS, generate, program_of
from refactor.pipeline.fuzz.java_classes import java_sources
from refactor.pipeline.fuzz.joined import joined, tied
from refactor.pipeline.fuzz.report import construct_table
from refactor.pipeline.fuzz.split import read

needs_java = pytest.mark.skipif(shutil.which("javac") is None, reason="javac is not installed")


def test_equal_seeds_make_equal_programs() -> None:
    seeds = [f"{i}{THREADS if i % 2 else ''}" for i in range(20)]
    for seed in seeds:
        assert program_of(seed) == program_of(seed)
    assert len({program_of(seed) for seed in seeds}) == 20


def test_a_share_of_the_programs_has_a_second_thread() -> None:
    options = CampaignOptions(seed=5, threads=25)
    seeds = [seed_of(options, n) for n in range(200)]
    assert sum(seed.endswith(THREADS) for seed in seeds) == 50
    assert [seed_of(CampaignOptions(threads=0), n) for n in range(3)] == ["0.0", "0.1", "0.2"]
    for seed in seeds[:40]:
        assert bool({"second thread", "threads at the same time"} & constructs(program_of(seed)).here) == seed.endswith(THREADS)


def test_a_static_that_its_own_initialiser_reads_is_let_go_of_without_a_failure() -> None:
    """Such a map is null: `clear_` failed in the monolith too, and what other classes hold then stayed."""
    type_ = map_of(STR)
    own = Field("all", type_, FieldOf(None, "C0", "all", type_), static=True, final=True)
    text = java_sources(Program((Class("C0", "class", fields=(own,)),), ()), "p")["p/C0.java"]
    assert "if (all != null) all.clear();" in text


def test_programs_use_every_construct() -> None:
    """What only a run shows (aliasing, cycles, exceptions that cross calls) is counted by the campaign."""
    used: set[str] = set()
    for i in range(160):
        used |= constructs(program_of(f"all{i}{THREADS if i % 4 == 3 else ''}")).here
    assert used <= set(CONSTRUCTS)
    assert set(CONSTRUCTS) - used == {"aliasing", "object cycle", "exception through a call"}


def test_the_trace_tells_of_aliasing_cycles_and_exceptions_across_a_cut() -> None:
    heap = [" rootC0=#0 rootC1=#1", "#0: is=C0 c0f0=#1", "#1: is=C1 c1f0=#0 c1f1=#2 c1f2=#2", "#2: is=C0 c0f0=#2"]
    trace = "\n".join([*heap, "  at C1.m0 Main.run"])
    uses = constructs(Program((), ()), trace)
    assert {"aliasing", "object cycle", "exception through a call"} == uses.here
    assert uses.across({"C0": "a", "C1": "b", "Main": "a"}) == uses.here
    assert uses.across({"C0": "a", "C1": "a", "Main": "a"}) == set()


def call(receiver: str, owner: str, name: str, *, to_super: bool = False) -> Do:
    return Do(Call(Name("o", Type(receiver)), owner, name, (), INT, to_super=to_super))


def test_what_happens_inside_another_part_counts_where_a_call_reaches_it() -> None:
    """A super call and a default method run in the object's own process: what can be cut is the way to them."""
    interface = Class("I", "interface", methods=(Method("b", (), INT, (Return(Lit(INT, 1)),)),))
    above = Class("A", "class", interfaces=("I",), methods=(Method("m", (), INT, ()),))
    below = Class("B", "class", parent="A", methods=(Method("m", (), INT, (call("B", "A", "m", to_super=True),)),))
    inside = (call("D", "D", "m"),)
    user = Class("U", "class", methods=(Method("u", (), INT, (call("A", "A", "m"), call("A", "I", "b"), Lock(This(Type("U")), inside))),))
    other = Class("D", "class", methods=(Method("m", (), INT, ()),))
    uses = constructs(Program((interface, above, below, user, other), ()))
    part = {"A": "a", "B": "a", "U": "b", "D": "b"}
    assert {"super call reached by a call", "default method"} <= uses.across(part)
    assert not {"super call", "monitor", "re-entrant monitor"} & uses.across(part)
    assert "re-entrant monitor" in uses.across({**part, "D": "a"})
    assert not {"super call reached by a call", "default method"} & uses.across({**part, "U": "a", "D": "a"})


def test_circles_through_functions_and_lists_are_foreseen() -> None:
    """Seed 2026.601: a class kept an anonymous object of the main program, which had captured an object of that class."""
    kept = Type("I")
    interface = Class("I", "interface", methods=(Method("a", (), INT, None),))
    captures = Anonymous("I", (), (Method("a", (), INT, (Return(FieldOf(Name("root", Type("C")), "C", "n", INT)),)),))
    holder = Class("C", "class", fields=(Field("kept", kept), Field("n", INT)))
    main = (Let("root", New("C", ()), Type("C")), Assign(FieldOf(Name("root", Type("C")), "C", "kept", kept), captures))
    assert may_cycle(Program((interface, holder), main), {"C": "a", "Main": "b"})
    assert not may_cycle(Program((interface, holder), main), {"C": "a", "Main": "a"})
    assert not may_cycle(Program((interface, holder), main[:1]), {"C": "a", "Main": "b"})
    objects = list_of(Type("C"))
    listing = Class("C", "class", fields=(Field("all", objects),))
    made = (Assign(FieldOf(Name("root", Type("C")), "C", "all", objects), Make(objects, (Name("root", Type("C")),))),)
    assert may_cycle(Program((listing,), made), {"C": "a", "Main": "b"})  # the list lives where it was made
    assert not may_cycle(Program((listing,), made), {"C": "a", "Main": "a"})


def test_a_cast_is_to_a_class_and_a_conversion_to_a_number() -> None:
    cast, number = (Do(Convert(to, Lit(to, None))) for to in (Type("A"), INT))
    uses = constructs(Program((Class("A", "class"),), (cast, number)))
    assert ("Main", "checked cast", "A") in uses.places
    assert ("Main", "conversion", None) in uses.places


def test_what_no_partition_can_cut_is_explained_by_its_rule(tmp_path: Path) -> None:
    program = next(p for p in (generate(Seeded(f"rules{i}")) for i in range(200)) if {"super call", "monitor"} <= constructs(p).here)
    found = read(tmp_path, java_sources(program, "fuzz.j"), JavaLibrary((), 17))
    together = joined(found.analyses, must_link(found.analyses), constructs(program))
    assert ("super call", "stateful-superclass") in together.by_rule
    assert ("monitor", "remote-monitor") in together.by_rule or "monitor" not in together.two_sided
    assert "call" in together.two_sided
    chain = [Link(rule, (f"p.{one}", f"p.{other}"), None, "") for rule, one, other in ("rBA", "rDC", "sXY", "rCB")]
    assert tied(chain) == {"r": [frozenset("ABCD")], "s": [frozenset("XY")]}
    assert not any(use == "conversion" for use in together.two_sided)
    report = Report(constructs=Counter({"super call": 2, "call": 2, "conversion": 2}), across=Counter({"call": 2}))
    report.two_sided.update({"super call": 2, "call": 2})
    report.joined.update({"super call: stateful-superclass": 2, "super call: shared-array": 1})
    lines = {line[:30].strip(): line[54:].strip() for line in construct_table(report)}
    assert lines["super call"] == "stateful-superclass in 2 of 2"
    assert lines["call"] == ""
    assert lines["conversion"] == "it has no second class that a part could own"


@needs_java
def test_programs_compile_and_say_the_same_twice(tmp_path: Path) -> None:
    files = []
    for i in range(3):
        for name, text in java_sources(program_of(f"jvm{i}{THREADS if i else ''}"), f"fuzz.p{i}").items():
            path = tmp_path / "src" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            files.append(str(path))
    out = tmp_path / "out"
    subprocess.run(["javac", "-nowarn", "-d", str(out), *files], check=True, timeout=120)
    for i in range(3):
        command = ["java", "-XX:TieredStopAtLevel=1", "-cp", str(out), f"fuzz.p{i}.Main"]
        first, second = (subprocess.run(command, capture_output=True, check=True, timeout=60).stdout for _ in range(2))
        assert first == second
        assert first.endswith(b"\n")
