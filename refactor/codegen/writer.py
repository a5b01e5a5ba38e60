"""A tree of files that appears whole or not at all."""

from __future__ import annotations

import os
import posixpath
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

MARKER = ".refactor-output"
"""Lists what a run wrote, one path a line: a folder without it is somebody else's and is never replaced."""
_WRONG_USE = 2


@dataclass(slots=True)
class Tree:
    """What will be written: POSIX path -> bytes, folders that another function fills, executable files."""

    files: dict[str, bytes] = field(default_factory=dict)

    def text(self, path: str, text: str) -> None:
        self.bytes(path, text.encode())

    def bytes(self, path: str, data: bytes) -> None:
        """Raises ValueError where two generators want the same file with different content, or leave the tree."""
        clean = posixpath.normpath(path)
        if clean.startswith("/") or ".." in path.split("/"):
            raise ValueError(f"not a path inside the output: {path}")
        known = self.files.setdefault(clean, data)
        if known != data:
            raise ValueError(f"two different contents for {path}")


def write_tree(tree: Tree, out: Path) -> tuple[str, ...]:
    """before: files in memory   after: exactly these files in `out`; the answer is what changed

    A run that would change nothing touches nothing. Files are staged in a sibling folder, so a failure leaves `out` as it
    was. Build output (`target/`) of an earlier run is kept where its folder still exists. Raises RefactorError (exit 2) where
    `out` was not written by this function.
    """
    check_out(out)
    old = _written_before(out)
    changed = tuple(sorted(p for p, data in tree.files.items() if p not in old or _differs(out / p, data)))
    gone = tuple(sorted(p for p in old if p not in tree.files and (out / p).exists()))
    if not changed and not gone:
        return ()
    listing = "".join(f"{path}\n" for path in sorted(tree.files)).encode()
    if out.exists():
        _update(tree, out, changed, gone, listing)
    else:
        _create(tree, out, listing)
    return (*changed, *gone)


def check_out(out: Path) -> None:
    """Refuse a folder that holds something and has no marker of ours."""
    if not out.exists() or (out / MARKER).is_file() or (out.is_dir() and not any(out.iterdir())):
        return
    message = f"{out} exists and is not an output of this program"
    help_ = "name a new folder, or remove it yourself"
    raise RefactorError([Diagnostic("codegen/foreign-output", Severity.ERROR, message, help=help_)], _WRONG_USE)


def _written_before(out: Path) -> frozenset[str]:
    marker = out / MARKER
    return frozenset(marker.read_text(encoding="utf-8").splitlines()) if marker.is_file() else frozenset()


def _differs(path: Path, data: bytes) -> bool:
    return not path.is_file() or path.stat().st_size != len(data) or path.read_bytes() != data


def _stage(tree: Tree, out: Path, paths: tuple[str, ...], listing: bytes) -> Path:
    """The given files and the marker in a fresh folder beside `out`."""
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        folders: set[str] = set()
        for path in paths:
            target = f"{staging}/{path}"
            folder = target.rpartition("/")[0]
            if folder not in folders:
                folders.add(folder)
                os.makedirs(folder, exist_ok=True)
            Path(target).write_bytes(tree.files[path])
        (staging / MARKER).write_bytes(listing)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return staging


def _create(tree: Tree, out: Path, listing: bytes) -> None:
    staging = _stage(tree, out, tuple(sorted(tree.files)), listing)
    staging.chmod(0o755)
    staging.rename(out)


def _update(tree: Tree, out: Path, changed: tuple[str, ...], gone: tuple[str, ...], listing: bytes) -> None:
    """Everything is written beside first; then only renames are left, and the marker comes last."""
    staging = _stage(tree, out, changed, listing)
    try:
        for path in changed:
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(staging / path, out / path)
        for path in gone:
            (out / path).unlink()
            _prune((out / path).parent, out)
        os.replace(staging / MARKER, out / MARKER)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _prune(folder: Path, out: Path) -> None:
    while folder != out and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
