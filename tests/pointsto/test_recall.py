"""Every call that a traced run really makes is in the call graph: the bundled monolith and two real programs.

As a program: `python -m tests.pointsto.test_recall PATH...` prints the report of each.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from refactor.frameworks.plugins.all import plugins
from refactor.frontend.java.program import load_project
from refactor.frontend.project.discover import discover
from refactor.frontend.project.pom import oracle_files
from refactor.pointsto.policies import KObject
from refactor.pointsto.solve import solve
from tests.pointsto.tracing import Recall, recall, run_traced, traced_environment

SHOP = str(Path(__file__).parents[2] / "fixtures" / "apps" / "shop")
DDD = os.environ.get("REFACTOR_SUBJECTS", "") and str(Path(os.environ["REFACTOR_SUBJECTS"]) / "dddsample-core")
CLI = "maven:commons-cli:commons-cli:1.11.0"


def measure(subject: str, folder: Path) -> Recall:
    """Run the subject's own tests under the agent, in an unchanged copy with the oracle's build, and compare with the graph.

    AssertionError where the build or a test fails: a run that stops early makes fewer calls than the program has.
    """
    project = discover(subject)
    program = load_project(project)
    run = folder / "run"
    for path, data in oracle_files(project).items():
        (run / path).parent.mkdir(parents=True, exist_ok=True)
        (run / path).write_bytes(data)
    environment, out = traced_environment(program, folder)
    finished = run_traced(["mvn", "-q", "-B", "-ntp", "test"], run, environment)
    assert finished.returncode == 0, finished.stdout[-3000:] + finished.stderr[-1000:]
    return recall(program, solve(program, KObject(), plugins()), out)


@pytest.mark.slow
@pytest.mark.parametrize("subject", [pytest.param(SHOP, id="shop"), pytest.param(CLI, id="commons-cli"), pytest.param(DDD, id="dddsample")])
def test_the_graph_has_every_call_that_is_made(subject: str, tmp_path: Path) -> None:
    if not subject:
        pytest.skip("REFACTOR_SUBJECTS does not name a folder with the subject")
    found = measure(subject, tmp_path)
    print(f"\n{subject}\n{found.report()}")
    assert found.seen > 100
    assert not found.missed, found.report()
    assert not found.closed, found.report()


def main(subjects: list[str]) -> int:
    worst = 0
    for subject in subjects:
        with tempfile.TemporaryDirectory() as scratch:
            found = measure(subject, Path(scratch))
        print(f"{subject}\n{found.report()}", flush=True)
        worst = max(worst, int(bool(found.missed or found.closed)))
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
