"""Generated applications of Spring Boot: what they are made of, and (slow) that they say the same in parts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from refactor.pipeline.fuzz.boot import BootReport, boot_json, boot_text, run_boot, write_monolith
from refactor.pipeline.fuzz.bootform import BOOT_CONSTRUCTS, scenario
from refactor.pipeline.fuzz.choices import Seeded


def test_equal_seeds_make_equal_applications() -> None:
    made = [scenario(Seeded(f"{n} boot"), n) for n in range(20)]
    assert made == [scenario(Seeded(f"{n} boot"), n) for n in range(20)]
    assert {use for each in made for use, _, _ in each.uses} == set(BOOT_CONSTRUCTS)
    for each in made:
        assert all(name in each.classes for _, *sides in each.uses for name in sides)


def test_applications_share_no_name_of_a_class_so_that_bean_names_differ(tmp_path: Path) -> None:
    made = [scenario(Seeded(f"{n} boot"), n) for n in range(6)]
    write_monolith(made, tmp_path)
    names = [path.stem for path in tmp_path.rglob("*.java")]
    assert len(names) == len(set(names))
    assert "boot/App.java" in {path.relative_to(tmp_path / "src/main/java").as_posix() for path in tmp_path.rglob("App.java")}


def test_the_table_names_the_rule_where_nothing_was_cut() -> None:
    report = BootReport(3, 2, 3, 40, Counter({"cache read and emptied": 2}), joined=Counter({"cache read and emptied: container": 2}))
    line = next(row for row in boot_text(report).splitlines() if row.startswith("cache read and emptied"))
    assert line.split() == ["cache", "read", "and", "emptied", "2", "0", "container", "in", "2"]
    assert boot_json(report)["divergences"] == []


@pytest.mark.slow
def test_applications_say_the_same_in_parts(tmp_path: Path) -> None:
    report = run_boot(8, 1, tmp_path, lambda _: None)
    assert not report.differences
    assert report.tests == 8
    assert report.across["bean by its class"] > 0
