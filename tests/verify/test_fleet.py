"""Services are started, asked, and stopped, whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

import pytest

from refactor.isolate.plan import Plan
from refactor.support.diagnostics import RefactorError
from refactor.verify.drive import Ids, services, settle
from refactor.verify.fleet import Fleet, Service
from refactor.verify.layout import Layout

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
        calls, found = settle(fleet)
        assert dict(calls) == {"a.B/m": 3}
        assert found == Ids({"orders": 0}, {"orders": 0})
        assert f"driver=http://127.0.0.1:{fleet.ports['driver']}" in fleet.environment("orders")["REFACTOR_PEERS"]
        pid = int((tmp_path / "orders" / "pid").read_text())
    assert not running(pid)


# Counting frees nothing here. A search for cycles explains `held` ids, and the owner drops all others but `stuck`.
TRACING = SERVICE.replace(
    """    def do_POST(self):
        global ids
        ids = max(0, ids - 1); self.answer({})""",
    """    def do_POST(self):
        global ids, traced
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if body.get("cycles"):
            traced = {"rooted": held, "garbage": stuck}; ids = held + stuck
        self.answer({"cycles": cycles} if body.get("cycles") else {})""",
).replace('"ids": ids,', '**traced, "ids": ids,')
assert TRACING.count("traced") == 3


@pytest.mark.parametrize(
    ("held", "stuck", "cycles", "expected"),
    [
        (0, 0, {"complete": True}, Ids({"orders": 0}, {"orders": 0})),
        (3, 0, {"complete": True, "untraced": {}}, Ids({"orders": 0}, {"orders": 3})),
        (3, 2, {"complete": True, "untraced": {}}, Ids({"orders": 2}, {"orders": 3})),
        (3, 0, {"complete": False, "why": "busy"}, Ids({"orders": 3}, {"orders": 0})),
        (3, 0, {"complete": True, "untraced": {"payments.0.x": "no heap"}}, Ids({"orders": 3}, {"orders": 0})),
    ],
)
def test_what_counting_leaves_is_traced(
    tmp_path: Path, held: int, stuck: int, cycles: dict[str, object], expected: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refactor.verify.drive._COLLECT_ROUNDS", 6)
    code = f"traced = {{}}; held = {held}; stuck = {stuck}; cycles = {cycles}\n" + TRACING.replace("ids = 2", "ids = 9")
    with Fleet([service(tmp_path / "orders", code=code)], "driver", tmp_path / "logs") as fleet:
        assert settle(fleet)[1] == expected


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


# Does not serve before the driving process does.
WAITING = """
import os, socket, sys, time
print("refactor: part early waits for part driver", flush=True)
peer = dict(p.split("=", 1) for p in os.environ["REFACTOR_PEERS"].split(","))["driver"].rpartition(":")[2]
for _ in range(600):
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", int(peer))) == 0: break
    time.sleep(0.1)
""" + SERVICE


def test_a_service_that_waits_for_the_driving_process_holds_nobody_up(tmp_path: Path) -> None:
    services = [service(tmp_path / "early", "early", WAITING), service(tmp_path / "orders")]
    with Fleet(services, "driver", tmp_path / "logs") as fleet:
        assert fleet.started() == ("orders",)
        assert fleet.dead() == ()
        with socket.socket() as driver:
            driver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            driver.bind(("127.0.0.1", fleet.ports["driver"]))
            driver.listen()
            deadline = time.monotonic() + 30
            while fleet.started() != ("early", "orders") and time.monotonic() < deadline:
                time.sleep(0.1)
        assert fleet.started() == ("early", "orders")


TOMCAT = """
import os, tempfile
os.makedirs(os.environ["SERVER_TOMCAT_BASEDIR"])
tempfile.mkdtemp(prefix=f"tomcat-docbase.{os.environ['SERVER_PORT']}.")
""" + SERVICE


def test_a_killed_service_leaves_no_folder_of_its_server(tmp_path: Path) -> None:
    with Fleet([service(tmp_path / "orders", "orders", TOMCAT)], "driver", tmp_path / "logs") as fleet:
        left = f"tomcat-docbase.{fleet.ports['orders']}.*"
        assert list(Path(tempfile.gettempdir()).glob(left))
        assert (tmp_path / "logs/tomcat/orders").is_dir()
        assert "SERVER_TOMCAT_BASEDIR" not in fleet.environment("driver")
        os.kill(int((tmp_path / "orders" / "pid").read_text()), signal.SIGKILL)
    assert not list(Path(tempfile.gettempdir()).glob(left))


def test_services_run_in_the_working_directory_of_the_driving_process(tmp_path: Path) -> None:
    """A relative file name that a test hands to a service means the same file there."""
    (tmp_path / "orders/target/classes/META-INF").mkdir(parents=True)
    (tmp_path / "orders/target/classes/META-INF/refactor-main-class").write_text("a.Main")
    (tmp_path / "orders/target/classpath.txt").write_text("")
    layout = Layout(tmp_path, Plan("shop", "java", (), ()), ("orders",), ("driver",))
    (found,) = services(layout, "driver")
    assert found.folder == tmp_path / "driver"


SLOW = "import time\nfor n in range(25):\n    print('still starting', n, flush=True)\n    time.sleep(0.1)\n" + SERVICE
BUSY = "import time\nend = time.process_time() + 1.5\nwhile time.process_time() < end: sum(range(1000))\n" + SERVICE


@pytest.mark.parametrize("code", [SLOW, BUSY], ids=["writes", "computes"])
def test_a_service_that_is_still_starting_is_not_dead(tmp_path: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refactor.verify.fleet._STALL_SECONDS", 1.0)
    with Fleet([service(tmp_path / "orders", code=code)], "driver", tmp_path / "logs") as fleet:
        assert fleet.started() == ("orders",)


def test_a_service_that_does_nothing_is_dead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refactor.verify.fleet._STALL_SECONDS", 1.0)
    stuck = service(tmp_path / "orders", code="import time; print('up', flush=True); time.sleep(600)")
    with pytest.raises(RefactorError, match="no service wrote or computed") as caught, Fleet([stuck], "driver", tmp_path / "logs"):
        pass
    assert caught.value.exit_code == 1


def test_the_time_limit_rules(tmp_path: Path) -> None:
    endless = service(tmp_path / "orders", code="import time\nwhile True: print('busy', flush=True); time.sleep(0.01)")
    fleet = Fleet([endless], "driver", tmp_path / "logs", timeout=1.0)
    assert fleet.environment("orders")["REFACTOR_START_WAIT_MS"] == "1000"
    with pytest.raises(RefactorError, match="did not answer within 1 s"), fleet:
        pass
