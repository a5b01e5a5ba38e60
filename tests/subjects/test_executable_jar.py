"""`mvn package` of an emitted service gives a jar that `java -jar` runs, as the service's README says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from refactor.support.process import start
from refactor.verify.fleet import free_ports

REFACTOR = Path(sys.executable).parent / "refactor"
APPS = Path(__file__).parents[2] / "fixtures" / "apps"


@pytest.mark.slow
@pytest.mark.parametrize(("app", "part"), [("bank-spring", "accounts"), ("shop", "payments")])
def test_a_service_runs_from_its_jar(app: str, part: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    subprocess.run([REFACTOR, "split", APPS / app, "--parts", APPS / app / "parts.toml", "-o", out, "-q"], check=True, capture_output=True)
    said = (out / part / "README.md").read_text(encoding="utf-8")
    build, run = re.findall(r"^\| (?:build|start) \| `([^`]+)`", said, re.M)
    built = subprocess.run(build.split(), cwd=out, capture_output=True, text=True, timeout=900, check=False)
    assert built.returncode == 0, built.stdout[-3000:]

    ports = free_ports((part, "elsewhere"))
    address = f"http://127.0.0.1:{ports[part]}"
    peers = f"{part}={address},elsewhere=http://127.0.0.1:{ports['elsewhere']}"
    env = {**os.environ, "REFACTOR_TOKEN": "0" * 32, "REFACTOR_PEERS": peers, "REFACTOR_PART": part, "SERVER_PORT": str(ports[part])}
    env["SERVER_TOMCAT_BASEDIR"] = str(tmp_path / "tomcat")
    with start(run.split(), output=tmp_path / "service.log", cwd=out / part, env=env) as service:
        assert _health(address, service.exit_code) == {"status": "up", "part": part}, (tmp_path / "service.log").read_text()[-3000:]


def _health(address: str, exit_code: Callable[[], int | None]) -> object:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and exit_code() is None:
        try:
            with urllib.request.urlopen(f"{address}/refactor/health", timeout=10) as answer:
                return json.loads(answer.read())
        except OSError:
            time.sleep(0.2)
    return None
