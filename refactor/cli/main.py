"""The `refactor` command."""

from __future__ import annotations

import click

from refactor import __version__
from refactor.cli.demo import demo
from refactor.cli.doctor import doctor
from refactor.cli.index import index
from refactor.cli.metrics import metrics
from refactor.cli.partition import partition
from refactor.cli.split import split
from refactor.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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


for _command in (demo, doctor, index, metrics, partition, split, verify):
    main.add_command(_command)
