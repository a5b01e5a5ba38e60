"""The `refactor` command."""

from __future__ import annotations

import importlib

import click

from refactor import __version__

COMMANDS = ("demo", "doctor", "fuzz", "graph", "index", "metrics", "partition", "split", "verify")


class LazyGroup(click.Group):
    """Imports a command only when it is asked for: `refactor doctor` does not wait for the compiler."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"refactor.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="refactor")
def main() -> None:
    """Split a monolith into services that run and provably behave the same.

    \b
    refactor demo                       split and verify the bundled monolith
    refactor split PATH -o OUT          propose parts, or follow --parts, and emit services
    refactor verify OUT                 build, start, run the monolith's own tests, compare

    PATH is a folder, a git repository (--ref), or maven:GROUP:ARTIFACT:VERSION. It is never written to.

    Exit codes: 0 done, verdict equal; 1 the answer is no (refused, divergence); 2 wrong use; 3 something missing on this machine
    (refactor doctor); 4 the input cannot be read or is empty; 70 a defect of this program; 130 interrupted.

    Completion: eval "$(_REFACTOR_COMPLETE=bash_source refactor)"
    """

