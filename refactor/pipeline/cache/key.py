"""The name of an answer: what was asked, where, by which program, in which environment.

before: ["partition", "."], in /home/ann/shop
after:  "5f3a..": the digest of the arguments, the current folder, the environment, this program's own files, Python and its packages
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Sequence

LAYOUT = b"answers-1"
_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_KNOWLEDGE = tuple(os.path.join(folder, "grammars") for folder in (os.path.dirname(_PACKAGE), os.path.join(_PACKAGE, "_data")))
_SESSION = {
    *("PWD", "OLDPWD", "SHLVL", "_", "TERM", "COLORTERM", "COLUMNS", "LINES", "LS_COLORS", "WINDOWID", "DISPLAY", "WAYLAND_DISPLAY"),
    *("TMUX", "TMUX_PANE", "STY", "PS1", "PROMPT_COMMAND", "HISTFILE", "SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "SSH_AUTH_SOCK"),
    *("GPG_TTY", "DBUS_SESSION_BUS_ADDRESS", "XDG_SESSION_ID", "TERM_SESSION_ID"),
}
"""Variables of the terminal and the session, which nothing reads; a pom may name any: see `Trace.environment`."""


def own_folders() -> tuple[str, ...]:
    """Folders of the program itself: their files are part of the key, not of what an answer was made from."""
    return (_PACKAGE, *_KNOWLEDGE, os.path.dirname(os.__file__), *(folder for folder in sys.path if folder.endswith("-packages")))


def key(arguments: Sequence[str], terminal: bool, cache: str) -> str:
    """The name of the answer to a command line. `terminal`: whether messages go to one (they are coloured)."""
    parts = [LAYOUT, sys.version.encode(), _program(cache), os.fsencode(os.getcwd()), b"terminal" if terminal else b""]
    parts += [os.fsencode(argument) for argument in arguments]
    parts.append(b"\0environment")
    parts += [os.fsencode(f"{name}={value}") for name, value in sorted(os.environ.items()) if name not in _SESSION]
    return _digest(parts).hex()


def _program(cache: str) -> bytes:
    """The digest of the contents of this program's files; kept by their stamps, since 2 MB are read for it."""
    paths = list(_files((_PACKAGE, *_KNOWLEDGE)))
    stamps = []
    for path in paths:
        found = os.stat(path)
        stamps.append(f"{path}\0{found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}".encode())
    names = [os.fsencode(name) for folder in sys.path if folder.endswith("-packages") for name in _distributions(folder)]
    kept = os.path.join(cache, "program", _digest(stamps).hex()[:32])
    try:
        with open(kept, "rb") as stored:
            content = stored.read()
    except OSError:
        content = b""
    if len(content) != 32:
        content = _digest(_content(path) for path in paths)
        _keep(kept, content)
    return _digest([content, *names])


def _files(folders: Iterable[str]) -> Iterator[str]:
    todo = list(folders)
    while todo:
        try:
            with os.scandir(todo.pop()) as found:
                entries = sorted(found, key=lambda e: e.name)
        except OSError:
            continue  # a wheel has its data in one place, a checkout in another
        for entry in entries:
            if entry.is_dir():
                if entry.name not in ("__pycache__", "_data"):
                    todo.append(entry.path)
            elif not entry.name.endswith(".md"):
                yield entry.path


def _distributions(folder: str) -> list[str]:
    """`click-8.1.7.dist-info`: the names say the versions."""
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(".dist-info"))
    except OSError:
        return []


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _keep(path: str, content: bytes) -> None:
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        fresh = f"{path}.{os.getpid()}"
        with open(fresh, "wb") as file:
            file.write(content)
        os.replace(fresh, path)
    except OSError:
        return  # no folder to write to: it is computed again


def _digest(parts: Iterable[bytes]) -> bytes:
    state = hashlib.sha256()
    for part in parts:
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.digest()
