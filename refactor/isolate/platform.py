"""Settings of the process whose reader nobody knows, and what runs when a process ends: both are of one part only, which is said."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.ir.statements import Const
from refactor.isolate.context import Context
from refactor.isolate.processstate import members
from refactor.support.diagnostics import Diagnostic, Severity


def settings_of_one_part(ctx: Context) -> Iterator[Diagnostic]:
    """before: System.setProperty(name, value) in one part   after: a warning there, unless a rule knows who reads it"""
    known = ctx.known
    for member, args, top, _, span in members(ctx.facts):
        if top not in ctx.roles:
            continue
        if known.shutdown_hooks.matches(member):
            message = "a hook runs when the process of its part ends; the other parts, and the program, may have ended before"
            yield Diagnostic("isolate/shutdown-hook", Severity.WARNING, message, span, help="do it where the program's end is known")
        elif known.platform_setters.matches(member):
            first = args[0] if args else None
            key = first.value if isinstance(first, Const) and isinstance(first.value, str) else None
            covered = key is not None and any(key.startswith(s.keys) for s in known.process_state if s.keys)
            if key is None or (key.startswith(known.platform_properties) and not covered):
                what = f"the system property {key}" if key else "system properties whose names are not known here"
                message = f"{top} sets {what} for its own process; what the platform or libraries read in other parts does not change"
                help_ = "set it on the command line of every service"
                yield Diagnostic("isolate/platform-property", Severity.WARNING, message, span, help=help_)
