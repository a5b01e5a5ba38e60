"""`refactor doctor`: what is missing on this machine, and the command that installs it."""

from __future__ import annotations

import click

from refactor.cli.console import Console, table
from refactor.cli.options import common
from refactor.frontend.project.doctor import checks


@click.command()
@common
def doctor(console: Console) -> int:
    """Say what is missing on this machine, with the command that installs it.

    \b
    Example:  refactor doctor --format json
    """
    found = checks()
    rows = [(c.name, "yes" if c.found else "NO", c.version or "-", c.needed, "" if c.found else c.fix) for c in found]
    data = {"checks": [{"name": c.name, "found": c.found, "version": c.version, "needed": c.needed, "fix": c.fix} for c in found]}
    console.result("doctor/1", data, table(("what", "found", "version", "needed", "install with"), rows))
    return 3 if any(not c.found and c.required for c in found) else 0
