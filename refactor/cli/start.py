"""The program `refactor`: an answer that is kept and still holds is given before anything else is imported."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import NoReturn

from refactor.pipeline.cache.answers import COMMANDS, Recording, place_of, replay


def program() -> None:
    """What the shell calls.

    The commands that only read make millions of objects and keep nearly all of them to the end: a collection would only walk them, and
    taking them down one by one would take seconds on a large tree.
    """
    if sys.argv[1:2] and sys.argv[1] in COMMANDS:
        gc.disable()
        try:
            run()
        except SystemExit as end:
            if not isinstance(end.code, int | None):
                raise
            _leave(end.code or 0)
        _leave(0)
    run()


def run() -> None:
    """Give the kept answer to `sys.argv`, or do the work. Raises SystemExit after work."""
    place = place_of(sys.argv[1:], sys.stderr.isatty())
    try:
        if place is not None and replay(place):
            return
    except BrokenPipeError:
        _nobody_reads()
        return
    except OSError as error:  # a full disk
        print(f"the answer cannot be written: {error}", file=sys.stderr)
        raise SystemExit(70) from None
    from refactor.cli.main import main

    main(obj=Recording(place) if place is not None else None)


def _leave(code: int) -> NoReturn:
    """The end of the process, with what was registered for it and everything printed."""
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _nobody_reads()
    sys.stderr.flush()
    os._exit(code)


def _nobody_reads() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
