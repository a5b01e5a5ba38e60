"""Running Maven: offline first, then online, never writing into the user's folder."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.process import Finished, run

MACHINE_LACKS = 3
HELP_PLUGIN = "org.apache.maven.plugins:maven-help-plugin:3.4.0"
DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
COMPILER_PLUGIN_VERSION = "3.13.0"
RESOURCES_PLUGIN_VERSION = "3.3.1"
SUREFIRE_PLUGIN_VERSION = "3.5.2"
TIMEOUT_SECONDS = 900.0
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_UNREACHABLE = (
    "Unknown host",
    "Connection refused",
    "Connect to ",
    "Network is unreachable",
    "timed out",
    "Connection reset",
    "Could not transfer",
)


def maven_executable() -> str | None:
    """The `mvn` of the PATH. A project's own wrapper is not used: it would download and run a Maven of its own."""
    return shutil.which("mvn")


def cache_folder(cache: Path | None) -> Path:
    """The given folder, else `~/.cache/refactor-compiler` (or below XDG_CACHE_HOME)."""
    if cache is not None:
        return cache.absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "refactor-compiler"


def local_repository() -> Path:
    """Maven's default local repository; read only by the fallback that works without Maven."""
    return Path.home() / ".m2" / "repository"


def digest(parts: Iterable[bytes | str]) -> str:
    """A content hash for the names of cache entries."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.hexdigest()[:32]


def run_maven(arguments: Sequence[str], *, cwd: Path, log: Path, properties: Mapping[str, str] | None = None) -> Finished:
    """Run `mvn`, offline first because a warm repository answers in a second, then online.

    Raises RefactorError (exit code 3) where there is no Maven on this machine; a failed build is returned, not raised.
    """
    executable = maven_executable()
    if executable is None:
        raise maven_missing()
    settings = [f"-D{name}={value}" for name, value in sorted((properties or {}).items())]
    command = [executable, "-B", "-q", "-Dstyle.color=never", *settings, *arguments]
    offline = run([*command, "-o"], output=log, timeout=TIMEOUT_SECONDS, cwd=cwd)
    if offline.ok:
        return offline
    # -U: Maven remembers for a day that an artefact was not there, also where the registry was only out of reach.
    return run([*command, "-U"], output=log, timeout=TIMEOUT_SECONDS, cwd=cwd)


def maven_missing() -> RefactorError:
    message = "Maven is needed here and there is no `mvn` on the PATH"
    return RefactorError(
        [Diagnostic("project/maven-missing", Severity.ERROR, message, help="apt-get install maven (see `refactor doctor`)")],
        MACHINE_LACKS,
    )


def errors_of(finished: Finished) -> str:
    """The lines of a failed Maven run that say why: its [ERROR] lines without the advice at the end."""
    if finished.timed_out:
        return f"no answer after {TIMEOUT_SECONDS:.0f} s"
    plain = _COLOUR.sub("", finished.text())
    lines = [line.removeprefix("[ERROR]").strip().removesuffix("-> [Help 1]") for line in plain.splitlines() if line.startswith("[ERROR]")]
    told = [line for line in lines if line and not line.startswith(("[Help", "To see the full", "Re-run Maven", "For more info"))]
    return "\n".join(told[:6]) or finished.tail(6)


def offline_failure(message: str) -> bool:
    """Whether Maven failed because the registry could not be reached, rather than because it does not have the artefact."""
    return any(sign in message for sign in _UNREACHABLE)


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside `path`, then rename: two runs over one cache never see half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as sink:
        sink.write(content)
    Path(name).replace(path)
