"""What a run reads of the file system: files opened, folders listed, paths looked at. The cache of answers stands on it.

`open`, `os.listdir` and `os.scandir` are heard through Python's audit events (PEP 578), so that no reader can be forgotten. Looking at a
path has no event: `os.stat`, `os.lstat`, `os.access` and `os.readlink` are replaced while a trace is taken, which is what pathlib, os.path
and shutil call. What a program that is started reads is not known, only that one was started.

before: with Trace() as trace: Path("a/pom.xml").is_file(); open("a/A.java").read()
after:  trace.looked == {"/w/a/pom.xml"}, trace.opened == {"/w/a/A.java": Opened(..)}
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

Stamp = tuple[int, int, int, int, int]
"""Device, inode, size, time of the last change of the content and of the inode (ns): equal only while nothing was written."""
_PROGRAMS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"})
_NOT_FILES = ("/proc/", "/sys/", "/dev/")
_real_stat, _real_lstat, _real_access, _real_readlink = os.stat, os.lstat, os.access, os.readlink
_current: Trace | None = None
_hooked = False


class Trace:
    """One trace at a time in a process. `own`: folders whose files count as part of the program, not of its input.

    `opened` and `listed`: path -> (stamp when it was first opened, None where there was nothing; when that was, ns).
    `looked`: paths that were asked for; `linked`: paths that may be symbolic links and were asked for as such.
    `programs`: whether a program was started. `environment`: whether every variable of the environment is an input; who reads them all
    says so.
    """

    __slots__ = ("_own", "environment", "linked", "listed", "looked", "opened", "programs")

    def __init__(self, own: tuple[str, ...] = ()) -> None:
        self._own = (*_NOT_FILES, *(f"{os.path.abspath(folder)}{os.sep}" for folder in own))
        self.opened: dict[str, tuple[Stamp | None, int]] = {}
        self.listed: dict[str, tuple[Stamp | None, int]] = {}
        self.looked: set[str] = set()
        self.linked: set[str] = set()
        self.programs = False
        self.environment = False

    def __enter__(self) -> Trace:
        global _current, _hooked
        if not _hooked:
            sys.addaudithook(_hear)
            _hooked = True
        _current = self
        os.stat, os.lstat, os.access, os.readlink = _stat, _lstat, _access, _readlink
        return self

    def __exit__(self, *_: object) -> None:
        global _current
        _current = None
        os.stat, os.lstat, os.access, os.readlink = _real_stat, _real_lstat, _real_access, _real_readlink

    def forget(self) -> None:
        """A forked process starts with what its parent had found, which its parent knows."""
        self.opened, self.listed, self.looked, self.linked = {}, {}, set(), set()

    def found(self) -> tuple[Any, ...]:
        """Everything found so far, as plain values: what a forked process sends home."""
        return self.opened, self.listed, tuple(self.looked), tuple(self.linked), self.programs, self.environment

    def join(self, found: tuple[Any, ...]) -> None:
        """Take over what a forked process found."""
        opened, listed, looked, linked, programs, environment = found
        for path, first in opened.items():
            self.opened.setdefault(path, first)
        for path, first in listed.items():
            self.listed.setdefault(path, first)
        self.looked.update(looked)
        self.linked.update(linked)
        self.programs = self.programs or programs
        self.environment = self.environment or environment

    def path(self, given: Any) -> str | None:
        """The absolute path as text, `..` left as it is for the sake of links; None for a descriptor and for what is no input."""
        if isinstance(given, int):
            return None
        path = os.fsdecode("." if given is None else given)
        if not path.startswith(os.sep):
            path = os.path.join(os.getcwd(), path)
        return None if path.startswith(self._own) else path


def current() -> Trace | None:
    """The trace that is being taken."""
    return _current


def read_environment() -> None:
    """The caller reads all variables: a trace that is being taken notes it."""
    if _current is not None:
        _current.environment = True


def stamp(path: str) -> Stamp | None:
    """The stamp of what `path` leads to now, links followed; None where there is nothing."""
    try:
        found = _real_stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _hear(event: str, args: tuple[Any, ...]) -> None:
    trace = _current
    if trace is None:
        return
    if event == "open":
        path, mode, flags = args
        if (mode is not None and "r" not in mode) or (isinstance(flags, int) and flags & os.O_WRONLY):
            return  # written, not read
        _note(trace, trace.opened, path)
    elif event in ("os.scandir", "os.listdir"):
        _note(trace, trace.listed, args[0])
    elif event in _PROGRAMS:
        trace.programs = True


def _note(trace: Trace, notes: dict[str, tuple[Stamp | None, int]], given: Any) -> None:
    path = trace.path(given)
    if path is not None and path not in notes:
        notes[path] = (stamp(path), time.time_ns())


def _stat(path: Any, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> os.stat_result:
    if _current is not None and dir_fd is None:
        _look(_current, path, follow_symlinks)
    return _real_stat(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)


def _lstat(path: Any, *, dir_fd: int | None = None) -> os.stat_result:
    if _current is not None and dir_fd is None:
        _look(_current, path, False)
    return _real_lstat(path, dir_fd=dir_fd)


def _access(path: Any, mode: int, *, dir_fd: int | None = None, effective_ids: bool = False, follow_symlinks: bool = True) -> bool:
    if _current is not None and dir_fd is None:
        _look(_current, path, follow_symlinks)
    return _real_access(path, mode, dir_fd=dir_fd, effective_ids=effective_ids, follow_symlinks=follow_symlinks)


def _readlink(path: Any, *, dir_fd: int | None = None) -> Any:
    if _current is not None and dir_fd is None:
        _look(_current, path, False)
    return _real_readlink(path, dir_fd=dir_fd)


def _look(trace: Trace, given: Any, follow: bool) -> None:
    path = trace.path(given)
    if path is not None:
        (trace.looked if follow else trace.linked).add(path)
