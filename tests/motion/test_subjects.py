"""A real library with two of its classes divided over its parts: its own tests say the same of the services as of the monolith."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refactor.support.resources import resource
from tests.motion.test_desk import run


@pytest.mark.slow
def test_commons_cli_with_divided_classes_behaves_the_same(tmp_path: Path) -> None:
    parts = resource("fixtures/subjects/commons-cli-pieces/parts.toml")
    done = run("split", "maven:commons-cli:commons-cli:1.11.0", "--parts", parts, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    plan = json.loads((tmp_path / "out" / "plan.json").read_text())
    parts_of = {c["name"].rpartition(".")[2]: c["part"] for c in plan["classes"]}
    assert parts_of["TypeHandlerCreateNumber"] == "model"
    assert parts_of["TypeHandler"] == "parser"
    assert parts_of["AbstractHelpFormatterGetComparator"] == "parser"
    assert parts_of["AbstractHelpFormatter"] == "help"
    checked = run("verify", tmp_path / "out", "--format", "json")
    verdict = json.loads(checked.stdout)
    assert checked.returncode == 0, checked.stderr
    assert verdict["tests"]["monolith"]["run"] == 977
    assert verdict["tests"]["split"] == verdict["tests"]["monolith"]
