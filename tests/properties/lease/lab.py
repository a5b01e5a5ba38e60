"""The lab's process: compiled once, driven line by line."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import TracebackType

from refactor.pipeline.fuzz.harness import Harness, Toolchain

JAVA = Path(__file__).with_name("java")
_FLAGS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx128m", "-Xmn4m")


def compiled(tools: Toolchain, compiler: Harness, out: Path) -> Path:
    """The classes of the lab, with a manifest for each of its three processes."""
    answer = compiler.compile(sorted(JAVA.rglob("*.java")), out / "classes", tools.class_path)
    assert answer.status == "ok", answer.text
    for part in "abc":
        (out / part).mkdir(parents=True, exist_ok=True)
        (out / part / "refactor-manifest.json").write_text(f'{{"part": "{part}"}}', encoding="utf-8")
    return out


class Lab:
    """Three processes and their network; a context manager."""

    def __init__(self, tools: Toolchain, folder: Path) -> None:
        side = os.pathsep.join((str(folder / "classes"), tools.class_path))
        command = ["java", *_FLAGS, "-cp", str(folder / "classes"), "lease.Lab", str(folder), side]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def __enter__(self) -> Lab:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()

    def say(self, *words: object) -> str:
        """The answer to a command, without its `ok`. Raises AssertionError where the command failed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline().strip()
        assert line.startswith("ok") or line.isdigit(), f"{' '.join(map(str, words))}: {line or 'the lab has ended'}"
        return line.removeprefix("ok").strip()
