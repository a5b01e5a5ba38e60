"""Options that every command has, and the one way from an outcome to an exit code."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import click

from refactor import __version__
from refactor.cli.console import Console
from refactor.pipeline.cache.answers import Recording
from refactor.support.diagnostics import RefactorError
from refactor.support.progress import heartbeat

F = TypeVar("F", bound=Callable[..., Any])

EXIT_NO = 1
EXIT_DEFECT = 70
EXIT_INTERRUPTED = 130


def common(command: F) -> F:
    """Adds --format, -q, -v, --no-color, and passes a Console as `console`; maps errors to the documented exit codes."""

    @click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Form of the answer on stdout.")
    @click.option("-q", "--quiet", is_flag=True, help="Only errors on stderr.")
    @click.option("-v", "--verbose", is_flag=True, help="Notes, too.")
    @click.option("--no-color", is_flag=True, help="No colours on stderr.")
    @functools.wraps(command)
    def wrapped(*args: Any, format_: str, quiet: bool, verbose: bool, no_color: bool, **kwargs: Any) -> None:
        color = not no_color and "NO_COLOR" not in os.environ
        console = Console(format_, -1 if quiet else int(verbose), color)
        sys.exit(_guard(lambda: command(*args, console=console, **kwargs), console))

    return wrapped  # type: ignore[return-value]


def jobs(command: F) -> F:
    """Adds --jobs."""
    text = "Processes that resolve the code of classes.  [default: 1; from about 100,000 lines on one a core, 4 at most]"
    return click.option("--jobs", type=click.IntRange(1), help=text)(command)


def cached(command: F) -> F:
    """Adds --no-cache. The answer is recorded where `refactor.cli.start` has found none to give; only exit code 0 is an answer."""

    @click.option("--no-cache", is_flag=True, help="Neither give nor keep an answer of an unchanged run (see README, Cache).")
    @functools.wraps(command)
    def wrapped(*args: Any, no_cache: bool, console: Console, **kwargs: Any) -> int | None:
        recording = click.get_current_context().find_object(Recording)
        code: int | None
        if recording is None or no_cache:
            code = command(*args, console=console, **kwargs)
            return code
        with recording:
            code = command(*args, console=replace(console, recording=recording), **kwargs)
            if not code:
                recording.keep()
        return code

    return wrapped  # type: ignore[return-value]


def _guard(action: Callable[[], int | None], console: Console) -> int:
    """Run a command: a finding is never reported as a crash, and a crash never as a finding."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # not where it is ignored: `nohup refactor verify OUT`
            signal.signal(number, _interrupt)
    try:
        with heartbeat() if console.verbosity >= 0 else contextlib.nullcontext():
            return action() or 0
    except RefactorError as error:
        console.diagnostics(error.diagnostics)
        return error.exit_code
    except KeyboardInterrupt:
        click.echo("interrupted; everything that was started has been stopped", err=True)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (click.ClickException, click.exceptions.Exit):
        raise
    except Exception as error:
        report = _report(error)
        click.echo(f"a defect of this program: {type(error).__name__}: {error}", err=True)
        click.echo(f"please send the report: {report}", err=True)
        return EXIT_DEFECT


def _interrupt(number: int, frame: FrameType | None) -> None:
    """A job that is cancelled ends as one that is interrupted at the keyboard."""
    raise KeyboardInterrupt


def _report(error: Exception) -> Path:
    """A file with the trace, the versions and the command line."""
    handle, name = tempfile.mkstemp(prefix="refactor-report-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"refactor {__version__}, Python {sys.version}\ncommand: {sys.argv}\n\n")
        traceback.print_exception(error, file=out)
    return Path(name)
