"""Tasks in processes: what they tell arrives at once, a death is no end, and nothing is left of a run that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from refactor.pipeline.fuzz.pool import Lost, in_pool
from tests.support.test_process import alive, ends

ROOT = Path(__file__).parents[2]
Tell = Callable[[Any], None]


def squared(task: int, tell: Tell) -> int:
    tell(task)
    return task * task


def dies_once(task: Path, tell: Tell) -> str:
    if not task.exists():
        task.write_text("died", encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def dies_always(task: int, tell: Tell) -> int:
    if task == 2:
        os._exit(9)
    return task


def raises(task: int, tell: Tell) -> int:
    raise ValueError(f"task {task}")


def waits(task: Path, tell: Tell) -> None:
    """A process that starts another one, in the same group, and says so; none of the two would end soon."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    tell((os.getpid(), child.pid))
    time.sleep(60)


def test_results_and_notices() -> None:
    told: list[int] = []
    assert sorted(r for r in in_pool(range(5), 2, squared, told.append) if isinstance(r, int)) == [0, 1, 4, 9, 16]
    assert sorted(told) == [0, 1, 2, 3, 4]


def test_a_task_whose_process_dies_is_tried_again(tmp_path: Path) -> None:
    assert list(in_pool([tmp_path / "mark"], 2, dies_once, lambda _: None)) == ["done"]


def test_a_task_whose_process_dies_twice_is_named_with_the_cause() -> None:
    found = list(in_pool([1, 2, 3], 2, dies_always, lambda _: None))
    assert sorted(r for r in found if isinstance(r, int)) == [1, 3]
    assert [r for r in found if isinstance(r, Lost)] == [Lost(2, "its process ended with exit code 9, 2 times")]


def test_a_failure_is_raised_with_its_text() -> None:
    with pytest.raises(RuntimeError, match="ValueError: task 7"):
        list(in_pool([7], 2, raises, lambda _: None))


def test_leaving_early_ends_the_processes() -> None:
    class Enough(Exception):
        pass

    told: list[tuple[int, int]] = []

    def hear(pids: tuple[int, int]) -> None:
        told.append(pids)
        raise Enough

    with pytest.raises(Enough):
        list(in_pool([Path("a")], 2, waits, hear))
    assert all(ends(pid) for pid in told[0])


KILLED = """
import sys
from pathlib import Path
from refactor.pipeline.fuzz.pool import in_pool
from refactor.support.guard import scratch
from tests.properties.test_pool import waits
if __name__ == "__main__":
    with scratch("fuzz-") as folder:
        (folder / "sub").mkdir()
        print(folder, flush=True)
        list(in_pool([Path("a"), Path("b")], 2, waits, lambda pids: print(*pids, flush=True)))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_a_run_that_is_killed(number: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(KILLED, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    run = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True)
    assert run.stdout is not None
    folder = Path(run.stdout.readline().strip())
    started = [int(pid) for _ in range(2) for pid in run.stdout.readline().split()]
    assert folder.is_dir()
    assert len(started) == 4
    assert all(alive(pid) for pid in started)
    run.send_signal(number)
    run.wait(30)
    assert all(ends(pid) for pid in started)
    for _ in range(100):
        if not folder.exists():
            break
        time.sleep(0.05)
    assert not folder.exists()
