"""`make bench`: every benchmark of this folder, one after the other."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path


def main() -> int:
    """Runs `main([])` of each module here; the exit code is the largest of theirs."""
    worst = 0
    for module in sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])):
        if module != "__main__":
            print(f"== {module}", flush=True)
            worst = max(worst, importlib.import_module(f"tests.bench.{module}").main([]))
    return worst


if __name__ == "__main__":
    sys.exit(main())
