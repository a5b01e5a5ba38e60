"""Commands with kept answers: the same bytes while nothing changes, a fresh answer when anything does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from refactor.cli.main import main
from refactor.pipeline.cache import answers, key
from tests.cache.conftest import Call

REFACTOR = Path(sys.executable).parent / "refactor"
SHOP = """package shop;
public class Shop {
    private final Stock stock = new Stock();
    private final Clerk clerk = new Clerk();
    public int sell(int n) { stock.left -= n; return clerk.note(stock.left); }
    void store(java.sql.Connection c) throws java.sql.SQLException { c.prepareStatement("update stock set left = 1").executeUpdate(); }
}
"""
STOCK = "package shop;\npublic class Stock { public int left = 10; Unknown broken; }\n"
CLERK = "package shop;\npublic class Clerk { private int sum; public int note(int n) { sum += n; return sum; } }\n"
PARTS = '[parts.a]\nclasses = ["shop.Shop", "shop.Clerk"]\n[parts.b]\nclasses = ["shop.Stock"]\n'
SQL = "create table stock (left_over int);\n"
MAPPER = '<hibernate-mapping package="shop"><class name="Stock" table="STOCKS"><id name="left"/></class></hibernate-mapping>'


@pytest.fixture
def tree(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A monolith with sources, DDL and a mapping file; its parts.toml lies outside. The current folder is the one above."""
    root = tmp_path / "tree"
    for name, content in {"shop/Shop.java": SHOP, "shop/Stock.java": STOCK, "shop/Clerk.java": CLERK, "schema.sql": SQL}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (tmp_path / "parts.toml").write_text(PARTS)
    monkeypatch.chdir(tmp_path)
    return root


COMMANDS = {
    "index": ("index", "tree"),
    "graph": ("graph", "tree", "--calls", "hierarchy", "--view", "method", "-o", "out.json"),
    "points-to": ("graph", "tree", "--format", "json"),
    "partition": ("partition", "tree", "-o", "out.toml", "--html", "out.html", "-v"),
    "pinned": ("partition", "tree", "--parts", "parts.toml", "--format", "json"),
    "metrics": ("metrics", "tree", "--parts", "parts.toml"),
}


def written(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.glob("out.*"))}


@pytest.mark.parametrize("name", COMMANDS)
def test_unchanged(name: str, tree: Path, call: Call) -> None:
    """The same bytes on both streams and in the files, also where the files are gone."""
    first = call(*COMMANDS[name])
    files = written(tree.parent)
    for path in tree.parent.glob("out.*"):
        path.unlink()
    second = call(*COMMANDS[name])
    assert first == (0, *second[1:3], True)
    assert second == (0, *first[1:3], False)
    assert written(tree.parent) == files
    assert len(files) == sum(a in ("-o", "--html") for a in COMMANDS[name])


def edit(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        file = root / path
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))

    return change


def quiet_edit(path: str, old: str, new: str) -> Callable[[Path], None]:
    """The same size and the same times."""

    def change(root: Path) -> None:
        before = (root / path).stat()
        edit(path, old, new)(root)
        os.utime(root / path, ns=(before.st_atime_ns, before.st_mtime_ns))

    return change


def added(path: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)

    return change


CHANGES: dict[str, Callable[[Path], None]] = {
    "a source": edit("shop/Clerk.java", "sum += n", "sum += n + new Stock().left"),
    "a source, same size and time": quiet_edit("shop/Shop.java", "left -= n", "left += n"),
    "a new source": added("shop/New.java", "package shop; class New { Stock s; }"),
    "a source in a new folder": added("shop/more/New.java", "package shop.more; class New { shop.Stock s; }"),
    "a source removed": lambda root: (root / "shop/Clerk.java").unlink(),
    "a source renamed": lambda root: (root / "shop/Clerk.java").rename(root / "shop/Clerks.java"),
    "DDL": edit("schema.sql", "left_over", "left_under"),
    "a table": added("more.sql", "create table other (x int);"),
    "a mapping file": added("Stock.hbm.xml", MAPPER),
    "a build file": added("build.gradle", "plugins { id 'java' }\nsourceSets { main { java { srcDirs = ['.'] } } }\n"),
    "a broken source": edit("shop/Stock.java", "class", "clas"),
    "the pins": edit("../parts.toml", '"shop.Shop", "shop.Clerk"', '"shop.Shop"'),
}


@pytest.mark.parametrize("name", ["graph", "pinned", "metrics"])
@pytest.mark.parametrize("change", CHANGES)
def test_changed(name: str, change: str, tree: Path, call: Call) -> None:
    """After any change the answer is that of a run without a cache, whatever was kept before; back again, it is the first one."""
    command = COMMANDS[name]
    first = call(*command)
    assert not call(*command)[3]
    CHANGES[change](tree)
    now = call(*command)
    fresh = call(*command, "--no-cache")
    again = call(*command)
    assert now[:3] == fresh[:3] == again[:3]
    assert fresh[3]
    if change not in ("a build file", "the pins"):
        assert now[3]
    if now[0] == 0:
        assert not again[3]
    assert first[0] == 0


def test_each_source_counts(tree: Path, call: Call) -> None:
    """One byte of any file that the answer was made from."""
    first = call("index", "tree")
    for path in sorted(tree.rglob("*.java")):
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        assert call("index", "tree") == (*first[:3], True)
        path.write_bytes(content)
        assert call("index", "tree") == (*first[:3], False)


def test_another_question(tree: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options, the current folder, the environment and the program itself are part of the question."""
    call("partition", "tree")
    assert not call("partition", "tree")[3]
    assert call("partition", "tree", "--k", "2")[3]
    assert call("partition", "tree", "-v")[3]
    assert call("partition", str(tree))[3]
    with monkeypatch.context() as patched:
        patched.chdir(tree)
        assert call("partition", "../tree")[3]
    with monkeypatch.context() as patched:
        patched.setenv("JAVA_HOME", "/nowhere")
        assert call("partition", "tree")[3]
    with monkeypatch.context() as patched:
        patched.setattr(key, "_program", lambda _: b"another version")
        assert call("partition", "tree")[3]
    assert not call("partition", "tree")[3]


def test_off(tree: Path, cache: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    call("partition", "tree", "--no-cache")
    monkeypatch.setenv(answers.OFF, "1")
    call("partition", "tree")
    monkeypatch.delenv(answers.OFF)
    monkeypatch.setenv(answers.LIMIT, "0")
    call("partition", "tree")
    assert not cache.exists()


def test_only_what_ends_well_is_kept(tree: Path, cache: Path, call: Call) -> None:
    for _ in range(2):
        code, _, said, worked = call("partition", "tree", "--parts", "schema.sql")
        assert worked
        assert code == 2
        assert said
    assert not list(cache.rglob("*"))


def test_damaged_entries_are_no_entries(tree: Path, cache: Path, call: Call) -> None:
    """Every byte counts, and so does the length; a damaged entry is replaced by a good one."""
    first = call("metrics", "tree", "--parts", "parts.toml")
    (entry,) = cache.glob("*/*")
    whole = entry.read_bytes()
    damages = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), max(1, len(whole) // 12))]
    damages += [whole[:-1], whole[: len(whole) // 2], whole[1:], whole + b"x", b"", whole[-50:], b"\0" * len(whole)]
    for damage in damages:
        entry.write_bytes(damage)
        assert call("metrics", "tree", "--parts", "parts.toml") == first
        assert entry.read_bytes() == whole


def test_no_place_to_write(tree: Path, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert call("partition", "tree")[0] == 0
    assert call("partition", "tree")[3]


def test_nothing_is_written_into_the_tree(tree: Path, call: Call) -> None:
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ctime_ns) for p in sorted([tree, *tree.rglob("*")])}
    call("partition", "tree")
    call("partition", "tree")
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ctime_ns) for p in sorted([tree, *tree.rglob("*")])} == before


def test_jobs_keep_what_the_other_process_read(tree: Path, call: Call) -> None:
    first = call("index", "tree", "--jobs", "2")
    assert call("index", "tree", "--jobs", "2")[1:] == (*first[1:3], False)
    assert first[1] == call("index", "tree")[1]


def test_from_a_shell_two_at_once(tree: Path, cache: Path) -> None:
    """As users and CI call it: four processes on an empty cache, then one more; all say the same."""
    command = [str(REFACTOR), "partition", "tree", "--format", "json"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    said = {process.communicate(timeout=300) for process in processes}
    after = subprocess.run(command, capture_output=True, timeout=300, check=True)
    assert said == {(after.stdout, after.stderr)}
    assert len(list(cache.glob("*/*"))) == 1
    assert not list(cache.glob(".draft-*"))


def test_an_unchanged_run_imports_no_compiler(tree: Path) -> None:
    command = [sys.executable, "-X", "importtime", str(REFACTOR), "metrics", "tree", "--parts", "parts.toml"]
    subprocess.run(command, capture_output=True, timeout=300, check=True)
    said = subprocess.run(command, capture_output=True, timeout=300, check=True, text=True).stderr
    imported = {line.rpartition("|")[2].strip() for line in said.splitlines() if line.startswith("import time:")}
    assert "refactor.pipeline.cache.answers" in imported
    assert not imported & {"click", "tree_sitter", "refactor.cli.main", "refactor.pipeline.load", "dataclasses", "tempfile", "pathlib"}


def test_only_commands_that_depend_on_files_alone_are_kept() -> None:
    with_option = {n for n, c in main.commands.items() if any(p.name == "no_cache" for p in c.params)} if main.commands else set()
    for name in main.list_commands(None):  # type: ignore[arg-type]
        command = main.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        if any("--no-cache" in p.opts for p in command.params):
            with_option.add(name)
    assert with_option == answers.COMMANDS
