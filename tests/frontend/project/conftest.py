"""A machine whose programs the test chooses: a PATH of its own, a home without a local repository, a cache of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[[str, str], Path]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("MAVEN_OPTS", f"-Duser.home={folder}")  # HOME alone does not move Java's
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    return folder


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of the PATH, with nothing but what a POSIX script needs: no mvn, no git, no JDK."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "cat", "env"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def no_maven(home: Path, programs: Path) -> Path:
    """A machine without Maven; the value is its home, where a local repository may be laid out."""
    return home


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


@pytest.fixture
def write(shop: Path) -> Write:
    def write_file(name: str, content: str) -> Path:
        path = shop / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return write_file


def fake_maven(programs: Path, body: str) -> Path:
    """A `mvn` that runs `body`; `$OUT` is what -Doutput= or -DoutputDirectory= names, `$ARGS` all arguments."""
    script = programs / "mvn"
    script.write_text(
        '#!/bin/sh\nARGS="$*"\nfor a in "$@"; do case "$a" in -Doutput=*) OUT="${a#*=}";; esac; done\n'
        f"echo \"$ARGS\" >> '{programs}/mvn.log'\n{body}\n",
        encoding="utf-8",
    )
    script.chmod(0o755)
    return programs / "mvn.log"


def repository_pom(home: Path, group: str, artifact: str, version: str, body: str) -> None:
    """Put a pom into the local repository of `home`."""
    folder = home / ".m2" / "repository" / Path(*group.split(".")) / artifact / version
    folder.mkdir(parents=True)
    coordinates = f"<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>"
    (folder / f"{artifact}-{version}.pom").write_text(f"<project>{coordinates}{body}</project>", encoding="utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` with its content: two equal trees have equal values."""
    return {
        os.path.relpath(Path(current) / name, folder): (Path(current) / name).read_bytes()
        for current, _, names in os.walk(folder)
        for name in names
    }
