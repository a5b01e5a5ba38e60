"""What the stateful test of leases says of a runtime with a defect."""

from __future__ import annotations

from refactor.pipeline.fuzz.harness import Toolchain
from tests.mutants.bench import Bench, Caught
from tests.mutants.defects import Defect
from tests.mutants.patch import broken_runtime
from tests.properties.lease.lab import Lab, compiled
from tests.properties.lease.protocol import Protocol, runs

_HISTORIES = 150


def caught_by_protocol(bench: Bench, defect: Defect | None) -> Caught | None:
    """What notices the defect: many threads at the table of ids, or the histories of the state machine. None: nothing does."""
    folder = bench.scratch / "lab"
    if not folder.exists():
        compiled(bench.tools, bench.compiler, folder)
    tools: Toolchain = bench.tools
    if defect is not None:
        tools = broken_runtime(
            defect, tools, bench.compiler, bench.scratch / "defects" / "".join(c if c.isalnum() else "-" for c in defect.name)
        )
    with Lab(tools, folder) as lab:
        lab.say("reset")
        lost = lab.say("hammer")
        if lost != "0":
            return Caught("many threads", 1, f"{lost} exported objects are unknown")
        before = Protocol.histories
        try:
            runs(lab, _HISTORIES, shrink=False)
        except AssertionError as error:
            kind = "stateful: liveness" if "garbage is kept" in str(error) else "stateful: safety"
            return Caught(kind, Protocol.histories - before, str(error))
    return None
