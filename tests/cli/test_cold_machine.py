"""A machine that has never built anything: a repository folder and a cache of its own, both empty; then the same without a network."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import REFACTOR

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>a</groupId><artifactId>tiny</artifactId><version>1</version>
<properties><maven.compiler.release>17</maven.compiler.release><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
<dependencies><dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.10.2</version>
<scope>test</scope></dependency></dependencies>
<build><plugins><plugin><artifactId>maven-surefire-plugin</artifactId><version>3.2.5</version></plugin></plugins></build>
</project>
"""
SOURCES = {
    "main/java/a/Counter": "package a;\npublic class Counter { private int n; public int next() { return ++n; } }\n",
    "main/java/a/User": """package a;
public class User {
    private final Counter c;
    public User(Counter c) { this.c = c; }
    public int twice() { c.next(); return c.next(); }
}
""",
    "test/java/a/UserTest": """package a;
import static org.junit.jupiter.api.Assertions.*;
import org.junit.jupiter.api.Test;
class UserTest {
    @Test void t() { User u = new User(new Counter()); assertEquals(2, u.twice()); assertEquals(4, u.twice()); }
}
""",
}
PARTS = '[parts.one]\nclasses = ["a.Counter"]\n[parts.two]\nclasses = ["a.User"]\n'
NO_NETWORK = "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9 -Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=9"


class Machine:
    """One that is empty but for Maven and a JDK."""

    def __init__(self, base: Path) -> None:
        self.base = base
        for name, text in SOURCES.items():
            path = base / "tiny/src" / f"{name}.java"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (base / "tiny/pom.xml").write_text(POM)
        (base / "parts.toml").write_text(PARTS)

    def refactor(self, *args: object, options: str = "", repository: str = "") -> subprocess.CompletedProcess[str]:
        """`repository`: the local one that Maven is to use; that of the machine where none is named."""
        env = {**os.environ, "HOME": str(self.base / "home"), "XDG_CACHE_HOME": str(self.base / "cache")}
        if repository:
            env["MAVEN_OPTS"] = f"-Dmaven.repo.local={self.base / repository} {options}"
        return subprocess.run([str(REFACTOR), *map(str, args)], env=env, capture_output=True, text=True, timeout=900, check=False)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("cold"))


def test_without_a_network_it_is_the_machine_that_lacks_something(machine: Machine) -> None:
    split = machine.refactor("split", machine.base / "tiny", "-o", machine.base / "out", options=NO_NETWORK, repository="nothing")
    assert split.returncode == 3, split.stderr
    assert "project/registry-unreachable" in split.stderr
    assert "Connection refused" in split.stderr


def test_everything_is_fetched_and_the_verdict_is_equal(machine: Machine) -> None:
    out = machine.base / "out"
    split = machine.refactor("split", machine.base / "tiny", "-o", out, "--parts", machine.base / "parts.toml")
    if "registry-unreachable" in split.stderr:
        pytest.skip("no Maven registry can be reached from here")
    assert split.returncode == 0, split.stderr

    away = machine.refactor("verify", out, options=NO_NETWORK, repository="nothing")
    assert away.returncode == 3, away.stderr
    assert "machine/artefacts-missing" in away.stderr
    assert "Connection refused" in away.stderr
    assert "compile" not in away.stderr.partition("error[")[2].partition("\n")[0]

    verified = machine.refactor("verify", out, "--format", "json", repository="empty")
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["tests"]["split"] == {"run": 1, "passed": 1, "skipped": 0}
