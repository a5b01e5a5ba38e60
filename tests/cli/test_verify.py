"""`refactor verify` on real builds of emitted services: equal, different, and a service that dies."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import MAIN, PARTS, REFACTOR, STOCK, TILL

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>shop</groupId>
  <artifactId>till</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency>
      <groupId>org.junit.jupiter</groupId>
      <artifactId>junit-jupiter</artifactId>
      <version>5.11.4</version>
      <scope>test</scope>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <artifactId>maven-surefire-plugin</artifactId>
        <version>3.5.2</version>
      </plugin>
    </plugins>
  </build>
</project>
"""
TEST = """package shop.till;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Test;
import shop.stock.Stock;

class TillTest {
    @Test
    void sellsFromTheStockItWasGiven() {
        Stock stock = new Stock();
        stock.left++;
        assertEquals(8, new Till(stock).sell(8));
        assertEquals(3, stock.left);
        assertFalse(stock.low());
    }

    @Test
    void failsOnTheMonolithToo() {
        assertTrue(new Stock().low());
    }
}
"""


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Maven monolith with tests (one of them red) and a main, split into two services."""
    base = tmp_path_factory.mktemp("verify")
    root = base / "monolith"
    texts = {
        "main/java/shop/till/Till": TILL,
        "main/java/shop/stock/Stock": STOCK,
        "main/java/shop/app/Main": MAIN,
        "test/java/shop/till/TillTest": TEST,
    }
    for name, text in texts.items():
        path = root / "src" / f"{name}.java"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "pom.xml").write_text(POM)
    (base / "parts.toml").write_text(PARTS)
    out = base / "out"
    done = _refactor("split", root, "-o", out, "--parts", base / "parts.toml")
    assert done.returncode == 0, done.stderr
    return out


def _refactor(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(REFACTOR), *map(str, args)], capture_output=True, text=True, timeout=900, check=False)


def test_equal(emitted: Path, tmp_path: Path) -> None:
    report = tmp_path / "verdict.xml"
    done = _refactor("verify", emitted, "--format", "json", "--junit-xml", report)
    assert done.returncode == 0, done.stdout + done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["schema"] == "verify/1"
    assert verdict["verdict"] == "equal"
    assert verdict["tests"]["monolith"] == verdict["tests"]["split"] == {"run": 2, "passed": 1, "skipped": 0}
    assert verdict["mains"] == ["shop.app.Main"]
    assert verdict["remote"]["by_endpoint"]["shop.stock.Stock/set$left"] >= 2
    assert set(verdict["ids_left"].values()) == {0}
    assert ElementTree.parse(report).getroot().get("failures") == "0"


def test_a_seeded_defect_is_seen(emitted: Path) -> None:
    source = emitted / "stock" / "src" / "main" / "java" / "shop" / "stock" / "Stock.java"
    good = source.read_text()
    try:
        source.write_text(good.replace("left < 3", "left < 1"))
        done = _refactor("verify", emitted, "--format", "json")
    finally:
        source.write_text(good)
    assert done.returncode == 1, done.stdout + done.stderr
    found = {d["test"] for d in json.loads(done.stdout)["divergences"]}
    assert found == {"main shop.app.Main: output line 1"}


def test_a_service_that_dies_is_named(emitted: Path) -> None:
    source = emitted / "stock" / "src" / "main" / "java" / "shop" / "stock" / "Stock.java"
    good = source.read_text()
    try:
        source.write_text(good.replace("return left < 3;", "Runtime.getRuntime().halt(9); return true;"))
        done = _refactor("verify", emitted, "--format", "json")
    finally:
        source.write_text(good)
    assert done.returncode == 1, done.stdout + done.stderr
    dead = [d for d in json.loads(done.stdout)["divergences"] if d["test"] == "service stock"]
    assert dead
    assert all("exit code 9" in d["split"] for d in dead)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)], ids=lambda x: str(x))
def test_an_end_from_outside_leaves_nothing_running(emitted: Path, number: signal.Signals, code: int) -> None:
    running = subprocess.Popen(
        [str(REFACTOR), "verify", str(emitted)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stderr is not None
    for line in running.stderr:
        if "starting the services" in line:
            break
    time.sleep(2)
    os.killpg(running.pid, number)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == code, errors
    for _ in range(100):
        if not _mentioning(str(emitted)):
            break
        time.sleep(0.1)
    assert not _mentioning(str(emitted))


def _mentioning(text: str) -> list[str]:
    """The command lines of other processes that mention `text`."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if text in line and path.parent.name != str(os.getpid()):
                found.append(line)
    return found
