"""Puts a defect into copies of the product: in memory for the generator of code, in a folder of classes for the runtime."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from refactor.pipeline.fuzz.harness import Harness, Toolchain
from tests.mutants.defects import Defect

ROOT = Path(__file__).parents[2]


def changed_text(file: str, defect: Defect) -> str:
    """The text of a source with the defect in it."""
    text = (ROOT / file).read_text(encoding="utf-8")
    for changed, old, new in defect.changes:
        if changed == file:
            assert text.count(old) == 1, f"{file}: {old}"
            text = text.replace(old, new)
    return text


@contextmanager
def broken_codegen(defect: Defect) -> Iterator[None]:
    """While it lasts, every module of the product uses the changed functions and classes."""
    undo: list[tuple[ModuleType, str, Any]] = []
    for file in dict.fromkeys(file for file, _, _ in defect.changes):
        module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
        fresh: dict[str, Any] = {"__name__": module.__name__, "__file__": file}
        exec(compile(changed_text(file, defect), file, "exec"), fresh)
        for name, new in fresh.items():
            old = vars(module).get(name)
            if name.startswith("__") or isinstance(old, ModuleType) or getattr(old, "__module__", module.__name__) != module.__name__:
                continue
            for user in [m for n, m in sys.modules.items() if n.startswith("refactor.") and m is not None]:
                for alias, value in list(vars(user).items()):
                    if value is old and (user is module or callable(old)):
                        undo.append((user, alias, old))
                        setattr(user, alias, new)
    try:
        yield
    finally:
        for user, alias, old in undo:
            setattr(user, alias, old)


def broken_runtime(defect: Defect, tools: Toolchain, compiler: Harness, folder: Path) -> Toolchain:
    """The same tools, with the changed classes of the runtime before the right ones."""
    files = []
    for file in dict.fromkeys(file for file, _, _ in defect.changes):
        path = folder / "src" / Path(file).name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed_text(file, defect), encoding="utf-8")
        files.append(path)
    out = folder / "classes"
    answer = compiler.compile(files, out, tools.class_path)
    if answer.status != "ok":
        raise RuntimeError(f"{defect.name} does not compile:\n{answer.text[:2000]}")
    return replace(tools, runtime=Path(f"{out}{os.pathsep}{tools.runtime}"))
