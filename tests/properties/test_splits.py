"""Generated programs say the same split as whole; what was fixed stays fixed; a broken compiler is noticed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from refactor.frontend.java.library import JavaLibrary
from refactor.pipeline.fuzz.campaign import CampaignOptions, run_campaign
from refactor.pipeline.fuzz.cases import dump_case, load_case, read_cases, renamed
from refactor.pipeline.fuzz.findings import Report
from refactor.pipeline.fuzz.harness import Harness, Toolchain
from refactor.pipeline.fuzz.judge import Item, judge
from refactor.pipeline.fuzz.rounds import Subject, run_round
from refactor.pipeline.fuzz.small import Scope, items_of, run_scopes, scopes
from refactor.pipeline.fuzz.split import Split, read, split


def campaign(tools: Toolchain, scratch: Path, **options: int) -> Report:
    return run_campaign(CampaignOptions(**options), tools, scratch, lambda _: None, lambda _: None)


def shown(report: Report) -> str:
    return "\n".join(f"{d.kind} seed {d.seed}: {d.detail}" for d in (*report.divergences, *report.infrastructure))


def test_splits_of_generated_programs_say_the_same(tools: Toolchain, tmp_path: Path) -> None:
    report = campaign(tools, tmp_path, programs=5, seed=9, batch=5, partitions=1, over_http=0, unchecked=False)
    assert not shown(report)
    assert report.splits >= 3
    assert report.calls > 100


@pytest.mark.slow
def test_many_splits_and_real_processes_say_the_same(tools: Toolchain, tmp_path: Path) -> None:
    report = campaign(tools, tmp_path, programs=100, seed=10)
    assert not shown(report)
    assert report.over_http >= 0.05 * report.splits


def test_fixed_cases_stay_fixed(harness: Harness, case_folder: Path, tmp_path: Path) -> None:
    cases = {name: renamed(case, f"fuzz.c{i}") for i, (name, case) in enumerate(read_cases(case_folder).items())}
    assert cases
    items = [Item(c.package, c.sources, c.parts) for c in cases.values()]
    verdicts = judge(items, harness, JavaLibrary((), 17), tmp_path)
    wrong = {name: f"{v.kind}: {v.detail}" for name, v in zip(cases, verdicts, strict=True) if v.kind not in ("", "refused")}
    assert not wrong


def test_a_small_scope_under_all_partitions(harness: Harness, tmp_path: Path) -> None:
    found = list(run_scopes({0: Scope(2, "update", "call")}, harness, JavaLibrary((), 17), tmp_path))
    assert len(found) == 5
    assert {v.kind for _, v in found} == {""}
    assert [v.calls > 0 for i, v in found] == [len(set(i.parts.values())) > 1 for i, _ in found]


@pytest.mark.slow
def test_all_small_scopes_under_all_partitions(harness: Harness, tmp_path: Path) -> None:
    chosen = dict(enumerate(scopes()))
    wrong = [f"{chosen[int(i.package[6:].partition('_')[0])]} {dict(i.parts)}: {v.kind} {v.detail}"
             for i, v in run_scopes(chosen, harness, JavaLibrary((), 17), tmp_path) if v.kind not in ("", "refused")]  # fmt: skip
    assert not wrong


def test_a_defect_in_generated_code_is_noticed(harness: Harness, tmp_path: Path) -> None:
    """The setter of a proxy that forgets to call its owner: the trace or the final heap must differ."""
    item = next(i for i in items_of(Scope(2, "write", "call"), 0) if len(set(i.parts.values())) == 3)
    made = split(read(tmp_path / "src", item.sources, JavaLibrary((), 17)), item.parts, f"{item.package}.Main")
    assert isinstance(made, Split)
    right = judge([item], harness, JavaLibrary((), 17), tmp_path / "right")[0]
    assert right.kind == ""

    def broken(text: str) -> str:
        return text.replace("Remote.call(Endpoints$.SET_COUNT_B, this, value);", "")

    parts = {part: {name: broken(text) for name, text in files.items()} for part, files in made.parts.items()}
    assert parts != made.parts
    subject = Subject(item.package, right.expected, replace(made, parts=parts), False)
    outcome = run_round(harness, [subject], tmp_path / "wrong").outcomes[item.package]
    assert outcome.kind == "trace"
    assert "monolith:" in outcome.detail


def test_case_files_read_back_as_written(case_folder: Path) -> None:
    for case in read_cases(case_folder).values():
        assert load_case(dump_case(case)) == case
