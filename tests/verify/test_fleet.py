"""Services are started, asked, and stopped, whatever happens."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

import pytest

from refactor.support.diagnostics import RefactorError
from refactor.verify.drive import settle
from refactor.verify.fleet import Fleet, Service

SERVICE = """
import json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
ids = 2
class Handler(BaseHTTPRequestHandler):
    def answer(self, body):
        if self.headers["Authorization"] != "Bearer " + os.environ["REFACTOR_TOKEN"]:
            self.send_response(401); self.end_headers(); return
        data = json.dumps(body).encode()
        self.send_response(200); self.send_header("Content-Length", str(len(data))); self.end_headers(); self.wfile.write(data)
    def do_GET(self):
        self.answer({"ids": ids, "calls": {"a.B/m": 3}})
    def do_POST(self):
        global ids
        ids = max(0, ids - 1); self.answer({})
    def log_message(self, *args): pass
open("pid", "w").write(str(os.getpid()))
HTTPServer(("127.0.0.1", int(os.environ["REFACTOR_PORT"])), Handler).serve_forever()
"""


def service(folder: Path, name: str = "orders", code: str = SERVICE) -> Service:
    folder.mkdir(exist_ok=True)
    (folder / "s.py").write_text(code)
    return Service(name, folder, (sys.executable, "s.py"))


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_started_asked_settled_and_stopped(tmp_path: Path) -> None:
    with Fleet([service(tmp_path / "orders")], "driver", tmp_path / "logs") as fleet:
        calls, left = settle(fleet)
        assert dict(calls) == {"a.B/m": 3}
        assert left == {"orders": 0}
        assert f"driver=http://127.0.0.1:{fleet.ports['driver']}" in fleet.environment("orders")["REFACTOR_PEERS"]
        pid = int((tmp_path / "orders" / "pid").read_text())
    assert not running(pid)


def test_an_interrupt_stops_them(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Fleet([service(tmp_path / "orders")], "driver", tmp_path / "logs"):
        raise KeyboardInterrupt
    assert not running(int((tmp_path / "orders" / "pid").read_text()))


def test_a_service_that_dies_is_noticed(tmp_path: Path) -> None:
    with Fleet([service(tmp_path / "orders")], "driver", tmp_path / "logs") as fleet:
        os.kill(int((tmp_path / "orders" / "pid").read_text()), 9)
        deadline = time.monotonic() + 10
        while not fleet.dead() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert fleet.dead() == (("orders", -9),)


def test_a_service_that_does_not_start_says_why(tmp_path: Path) -> None:
    broken = service(tmp_path / "orders", code="raise SystemExit('no database')")
    with pytest.raises(RefactorError, match="no database") as caught, Fleet([broken], "driver", tmp_path / "logs"):
        pass
    assert caught.value.exit_code == 1


def test_a_taken_port_is_reported(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        fleet = Fleet([service(tmp_path / "orders")], "driver", tmp_path / "logs", base_port=port)
        with pytest.raises(RefactorError, match=f"port {port} .* is taken") as caught, fleet:
            pass
    assert caught.value.exit_code == 3
