"""One commit of a git repository as a folder, without touching the repository or its work tree.

before: shop/ (a repository), ref "v2"
after:  <cache>/git/<commit>/ with the files of that commit, as `git checkout` would write them
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from refactor.frontend.project.mvn import MACHINE_LACKS, digest
from refactor.frontend.project.pomxml import INPUT_UNREADABLE
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.process import NOT_FOUND, Finished, run

_TIMEOUT = 300.0


def is_bare(folder: Path) -> bool:
    """Whether the folder is a git directory without a work tree."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def is_repository(folder: Path) -> bool:
    """Whether the folder is a git directory, or lies in a work tree."""
    return is_bare(folder) or any((above / ".git").exists() for above in (folder, *folder.parents))


def checkout(folder: Path, ref: str, cache: Path, diagnostics: list[Diagnostic]) -> tuple[Path, str]:
    """The files of `ref` below `folder`, in the cache, and the commit's id.

    A file whose content the repository does not have becomes a warning. Raises RefactorError: 3 without git, 4 for an
    unknown ref or a folder that the commit does not have.
    """
    area = cache / "git"
    area.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=area) as scratch:
        log = Path(scratch) / "log"
        base = ["git", f"--git-dir={folder}"] if is_bare(folder) else ["git", "-C", str(folder)]
        # A repository of another user is only read here, never run hooks from: git's ownership check would refuse it.
        base[1:1] = ["-c", f"safe.directory={folder}", "-c", "core.hooksPath=/dev/null"]
        commit = _output(run([*base, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"], output=log, timeout=_TIMEOUT), ref, folder)
        git_dir = _output(run([*base, "rev-parse", "--absolute-git-dir"], output=log, timeout=_TIMEOUT), ref, folder)
        prefix = "" if is_bare(folder) else _output(run([*base, "rev-parse", "--show-prefix"], output=log, timeout=_TIMEOUT), ref, folder)
        target = area / digest([git_dir, commit])
        missing = target.with_suffix(".missing")
        if not target.is_dir():
            fresh = Path(scratch) / "tree"
            fresh.mkdir()
            # A private index: the repository's own one is never read or written.
            environment = os.environ | {"GIT_INDEX_FILE": str(Path(scratch) / "index"), "GIT_OPTIONAL_LOCKS": "0"}
            place = ["git", *base[1:5], f"--git-dir={git_dir}", f"--work-tree={fresh}"]
            read = run([*place, "read-tree", commit], output=log, timeout=_TIMEOUT, env=environment)
            _output(read, ref, folder)
            written = run([*place, "checkout-index", "--all", "--quiet"], output=log, timeout=_TIMEOUT, env=environment, cwd=fresh)
            missing.write_text("" if written.ok else written.text(), encoding="utf-8")
            if not target.is_dir():
                fresh.rename(target)
        told = missing.read_text(encoding="utf-8") if missing.is_file() else ""
        for name in re.findall(r"unable to read sha1 file of (\S+)", told):
            message = f"{name}: the repository does not have the content of this file; it is left out"
            diagnostics.append(Diagnostic("project/missing-object", Severity.WARNING, message, help="fetch the repository completely"))
    root = target / prefix.rstrip("/") if prefix else target
    if not root.is_dir():
        raise _unknown(f"the commit {commit[:12]} has no folder {prefix}")
    return root, commit


def _output(finished: Finished, ref: str, folder: Path) -> str:
    if finished.exit_code == NOT_FOUND:
        message = "git is needed to read a ref, and there is none on the PATH"
        raise RefactorError([Diagnostic("project/git-missing", Severity.ERROR, message, help="apt-get install git")], MACHINE_LACKS)
    if not finished.ok:
        raise _unknown(f"{folder} has no commit {ref!r}" + (f": {finished.tail(3)}" if finished.tail(3) else ""))
    return finished.text().strip()


def _unknown(message: str) -> RefactorError:
    return RefactorError(
        [Diagnostic("project/unknown-ref", Severity.ERROR, message, help="name a branch, a tag or a commit of the repository")],
        INPUT_UNREADABLE,
    )
