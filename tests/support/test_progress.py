"""Who waits is told what is going on, also in the middle of a computation and while a child runs."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from refactor.frontend.project.mvn_progress import MavenProgress
from refactor.support import progress

SILENT = """
import sys, time
from refactor.support import progress
from refactor.support.process import run
from pathlib import Path
progress._SILENCE_SECONDS = 0.3
progress._TICK_SECONDS = 0.05
with progress.heartbeat():
    progress.spoken("computing")
    end = time.monotonic() + 1
    while time.monotonic() < end:
        sum(range(1000))
    progress.spoken("running a child")
    with progress.doing(lambda: "3 of 7"), progress.doing(lambda: 1 / 0):
        assert run([sys.executable, "-c", "import time; time.sleep(1)"], output=Path(sys.argv[1]), timeout=60).ok
print("done")
"""


def test_a_silence_is_filled(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SILENT, str(tmp_path / "log")], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "done\n", done.stderr
    lines = done.stderr.splitlines()
    assert any(line.startswith("> computing (") for line in lines)
    assert any(line.startswith("> running a child: 3 of 7 (") for line in lines)


def test_the_timer_of_somebody_else_is_left_alone() -> None:
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    try:
        with progress.heartbeat():
            assert signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL
    finally:
        signal.signal(signal.SIGALRM, before)
    with progress.heartbeat():
        assert signal.getitimer(signal.ITIMER_REAL)[1] > 0
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_how_far_maven_is(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("Downloading from central: https://a\nDownloaded from central: https://a (1 kB)\n[INFO] Building shop 1")
    status = MavenProgress(log, 57)
    assert status() == "1 artefacts fetched"
    with log.open("a") as more:
        more.write("   [2/7]\n\x1b[0m[INFO] --- maven-compiler-plugin:3.13.0:compile (default-compile) @ shop ---\n")
    assert status() == "1 artefacts fetched, module 2 of 7 (shop 1), maven-compiler-plugin:compile"
    with log.open("a") as more:
        more.write("[INFO] Running shop.A\n[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s - in shop.A\n")
        more.write("[INFO] Running shop.B\n")
    assert status().endswith("2 of 57 test classes, 4 tests")
    log.write_text("[INFO] Building alone 1\n")  # the run with the network
    assert status() == "alone 1"
