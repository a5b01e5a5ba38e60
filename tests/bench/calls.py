"""A generated call over Spring MVC beside a raw keep-alive POST to the same server, in one JVM run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from refactor.support.resources import resource


def main(argv: Sequence[str] | None = None) -> int:
    """Builds the runtime in a scratch copy and runs its benchmark program; p50 and p99 in microseconds on stdout."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "runtime"
        shutil.copytree(resource("templates/spring/runtime"), folder, ignore=shutil.ignore_patterns("target"))
        mvn = [
            "mvn",
            "-q",
            "-B",
            "package",
            "-DskipTests",
            "dependency:build-classpath",
            "-Dmdep.outputFile=target/cp.txt",
            "-Dmdep.includeScope=test",
        ]
        subprocess.run(mvn, cwd=folder, check=True, timeout=900)
        spring = folder / "spring"
        recorded = (spring / "target" / "cp.txt").read_text().strip()
        path = os.pathsep.join([str(spring / "target" / "test-classes"), str(spring / "target" / "classes"), recorded])
        return subprocess.run(["java", "-cp", path, "refactor.runtime.spring.Benchmark"], cwd=spring, check=False, timeout=600).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
