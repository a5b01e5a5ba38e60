"""Running Maven: offline first, then online, never writing into the user's folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shlex
import shutil
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from refactor.frontend.project.mvn_log import online_may_help
from refactor.frontend.project.mvn_progress import progress_of
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.process import Finished, run
from refactor.support.progress import doing

MACHINE_LACKS = 3
HELP_PLUGIN = "org.apache.maven.plugins:maven-help-plugin:3.4.0"
DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
COMPILER_PLUGIN_VERSION = "3.13.0"
RESOURCES_PLUGIN_VERSION = "3.3.1"
SUREFIRE_PLUGIN_VERSION = "3.5.2"
TIMEOUT_SECONDS = 1800.0


def maven_executable() -> str | None:
    """The `mvn` of the PATH. A project's own wrapper is not used: it would download and run a Maven of its own."""
    return shutil.which("mvn")


def cache_folder(cache: Path | None) -> Path:
    """The given folder, else `~/.cache/refactor-compiler` (or below XDG_CACHE_HOME)."""
    if cache is not None:
        return cache.absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "refactor-compiler"


def user_home() -> Path:
    """Java's `user.home`, below which Maven's own files lie: that of the account, whatever HOME says, unless an option names another."""
    told = _option("user.home")
    if told:
        return Path(told)
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:  # an account of a container without an entry
        return Path.home()


def local_repository() -> Path:
    """Maven's local repository: what the environment's options name, else what settings.xml names, else the default."""
    told = _option("maven.repo.local")
    if told:
        return Path(told)
    settings = user_home() / ".m2" / "settings.xml"
    with contextlib.suppress(OSError, ET.ParseError):
        for element in ET.parse(settings).getroot():
            if element.tag.rpartition("}")[2] == "localRepository" and element.text and "${" not in element.text:
                return Path(element.text.strip())
    return user_home() / ".m2" / "repository"


def _option(name: str) -> str:
    """The value of -Dname=value among the options that the environment hands to Maven and to its JVM; the last one counts."""
    found = ""
    for variable in ("JAVA_TOOL_OPTIONS", "MAVEN_OPTS", "MAVEN_ARGS"):
        with contextlib.suppress(ValueError):  # unbalanced quotes are Maven's to complain of
            for word in shlex.split(os.environ.get(variable, "")):
                found = word.partition("=")[2] if word.startswith(f"-D{name}=") else found
    return found


def digest(parts: Iterable[bytes | str]) -> str:
    """A content hash for the names of cache entries."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.hexdigest()[:32]


def run_maven(
    arguments: Sequence[str],
    *,
    cwd: Path,
    log: Path,
    properties: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT_SECONDS,
    env: Mapping[str, str] | None = None,
    test_classes: int = 0,
) -> Finished:
    """Run `mvn`, offline first because a warm repository answers in a second, then online for whatever the offline run lacked.

    `env` is added to the environment; `test_classes`: how many will run, for who waits. Raises RefactorError (exit code 3) where there is
    no Maven on this machine; a failed build is returned, not raised.
    """
    executable = maven_executable()
    if executable is None:
        raise maven_missing()
    settings = [f"-D{name}={value}" for name, value in sorted((properties or {}).items())]
    # -e: the classes of the exceptions say what kind of failure it was (`mvn_log`).
    command = [executable, "-B", "-e", "-Dstyle.color=never", *settings, *arguments]
    environment = {**os.environ, **(env or {})}
    started = time.monotonic()
    with doing(progress_of(log, test_classes)):
        offline = run([*command, "-o"], output=log, timeout=timeout, cwd=cwd, env=environment)
        if not online_may_help(offline):
            return offline
    # -U: Maven remembers for a day that an artefact was not there, also where the registry was only out of reach.
    left = max(1.0, timeout - (time.monotonic() - started))
    with doing(progress_of(log, test_classes)):
        return run([*command, "-U"], output=log, timeout=left, cwd=cwd, env=environment)


def maven_missing() -> RefactorError:
    message = "Maven is needed here and there is no `mvn` on the PATH"
    return RefactorError(
        [Diagnostic("project/maven-missing", Severity.ERROR, message, help="apt-get install maven (see `refactor doctor`)")],
        MACHINE_LACKS,
    )


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside `path`, then rename: two runs over one cache never see half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as sink:
        sink.write(content)
    Path(name).replace(path)
