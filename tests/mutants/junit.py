"""What the runtime's own tests say of a runtime with a defect."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from refactor.pipeline.fuzz.harness import Harness
from tests.mutants.bench import Caught
from tests.mutants.defects import Defect
from tests.mutants.patch import broken_runtime
from tests.runtime.junit import Suite


def caught_by_junit(suite: Suite, compiler: Harness, defect: Defect, scratch: Path) -> Caught | None:
    """What notices the defect: the first test of its classes that fails. Parts load the runtime from one folder: the right classes
    are copied there, the changed ones over them.
    """
    folder = scratch / "".join(c if c.isalnum() else "-" for c in defect.name)
    changed = Path(str(broken_runtime(defect, suite.tools, compiler, folder / "made").runtime).split(os.pathsep)[0])
    whole = folder / "runtime"
    shutil.copytree(suite.tools.runtime, whole)
    shutil.copytree(changed, whole, dirs_exist_ok=True)
    for ran, name in enumerate(defect.tests, 1):
        try:
            done = suite.run([name], whole, first=True)
        except subprocess.TimeoutExpired:
            return Caught("junit: hang", ran, name)
        failed = next((line for line in done.stdout.splitlines() if line.startswith("FAILED ")), "")
        if done.returncode != 0:
            return Caught(f"junit: {name}", ran, failed or done.stderr[-500:])
    return None
