"""Child processes end in time, with everything they started."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from refactor.support.process import NOT_FOUND, run, start

_FORK = """
import os, sys, time
child = os.fork()
if child == 0:
    time.sleep(60)
print(child, flush=True)
{then}
"""


def alive(pid: int) -> bool:
    """A killed orphan stays a zombie until its new parent reaps it; that is not alive."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def ends(pid: int) -> bool:
    for _ in range(100):
        if not alive(pid):
            return True
        time.sleep(0.02)
    return False


def test_output_and_exit_code(tmp_path: Path) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    finished = run([sys.executable, "-u", "-c", code], output=tmp_path / "log", timeout=20)
    assert (finished.exit_code, finished.ok, finished.timed_out) == (3, False, False)
    assert finished.text() == "out\nerr\n"


def test_missing_program(tmp_path: Path) -> None:
    finished = run(["no-such-program-here"], output=tmp_path / "log", timeout=5)
    assert finished.exit_code == NOT_FOUND
    assert "no-such-program-here" in finished.text()


def test_time_out_kills_the_whole_group(tmp_path: Path) -> None:
    began = time.monotonic()
    finished = run([sys.executable, "-c", _FORK.format(then="time.sleep(60)")], output=tmp_path / "log", timeout=1)
    assert finished.timed_out
    assert not finished.ok
    assert time.monotonic() - began < 10
    assert ends(int(finished.text().split()[0]))


def test_what_a_finished_child_left_behind_is_killed(tmp_path: Path) -> None:
    finished = run([sys.executable, "-c", _FORK.format(then="os._exit(0)")], output=tmp_path / "log", timeout=20)
    assert finished.ok
    assert ends(int(finished.text().split()[0]))


def test_a_child_that_ignores_the_request_to_end_is_killed(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    child = start([sys.executable, "-c", code], output=tmp_path / "log")
    for _ in range(200):
        if (tmp_path / "log").read_text(encoding="utf-8"):
            break
        time.sleep(0.02)
    assert child.stop(grace=0.2) == -9


def test_leaving_the_context_stops_the_child(tmp_path: Path) -> None:
    with start([sys.executable, "-c", "import time; time.sleep(60)"], output=tmp_path / "log") as child:
        assert child.exit_code() is None
    assert not alive(child.pid)


def test_the_environment_is_replaced(tmp_path: Path) -> None:
    finished = run(
        [sys.executable, "-c", "import os; print(os.environ.get('A'), 'HOME' in os.environ)"],
        output=tmp_path / "log",
        timeout=20,
        env={"A": "1", "PATH": os.environ["PATH"]},
        cwd=tmp_path,
    )
    assert finished.text() == "1 False\n"


_PARENT = """
import os, signal, sys
from pathlib import Path
from refactor.support.process import start
started = start([sys.executable, "-c", "import time; time.sleep(60)"], output=Path(sys.argv[1]))
print(started.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_parent_leaves_nothing_running(tmp_path: Path) -> None:
    log = tmp_path / "log"
    finished = run([sys.executable, "-c", _PARENT, str(tmp_path / "child")], output=log, timeout=60)
    assert finished.exit_code == -9
    assert ends(int(log.read_text()))
