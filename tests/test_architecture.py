"""The architecture is a test: layers, file sizes, and what may not exist."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "refactor").rglob("*.py"))


def test_imports_go_downward_only() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports")]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert finished.returncode == 0, finished.stdout[-3000:]


def test_files_stay_small() -> None:
    too_long = {str(p.relative_to(ROOT)): n for p in SOURCES if (n := len(p.read_text(encoding="utf-8").splitlines())) > 500}
    assert not too_long


def test_no_file_is_called_utils() -> None:
    assert not [p for p in SOURCES if p.stem in {"utils", "util", "helpers", "misc", "common"}]


def test_language_neutral_layers_know_no_syntax() -> None:
    for layer in ("ir", "partition", "isolate"):
        for path in (ROOT / "refactor" / layer).rglob("*.py"):
            assert "tree_sitter" not in path.read_text(encoding="utf-8"), path
