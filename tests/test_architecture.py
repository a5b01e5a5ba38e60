"""The architecture is a test: layers, file sizes, and what may not exist."""

from __future__ import annotations

import ast
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


# Names of nodes, where a method has no body: neither looks for what overrides it.
KEYS_OF_OTHERS = (  # of declarations, of test methods, of what libraries declare
    "refactor/ir/symbols", "refactor/frontend/", "refactor/verify/", "refactor/pointsto/world", "refactor/isolate/knowledge",
)  # fmt: skip
NAMES_OF_NODES = {"refactor/sdg/tables/springdata.py": 2, "refactor/sdg/calls.py": 1}


def test_only_dispatch_forms_the_key_of_an_override() -> None:
    """A class's name before another one's `name(parameters)` is no method's key where type arguments stand between them."""
    found: dict[str, int] = {}
    for path in SOURCES:
        name = str(path.relative_to(ROOT))
        if name.startswith(KEYS_OF_OTHERS):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = node.values if isinstance(node, ast.JoinedStr) else []
            texts = [p.value if isinstance(p, ast.Constant) else None for p in parts]
            if any(texts[i : i + 3] == [None, "#", None] for i in range(len(texts))):
                found[name] = found.get(name, 0) + 1
            joins = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
            if joins and "#" in (getattr(s, "value", "") for s in (node.left, node.right)):
                found[name] = found.get(name, 0) + 1
    found.pop("refactor/frameworks/plugins/springxml.py", None)  # the name of a bean
    assert found == NAMES_OF_NODES


def test_a_method_reference_is_seen_as_the_lambda_that_it_is() -> None:
    """Its body has the call; what the reference itself says is for who works on source text, or has code of its own for it."""
    own = ("refactor/ir/", "refactor/frontend/java/lower_references.py", "refactor/pointsto/", "refactor/motion/uses.py")
    assert [str(p.relative_to(ROOT)) for p in SOURCES if "MethodHandle" in _names(p) and not str(p.relative_to(ROOT)).startswith(own)] == []


def _names(path: Path) -> set[str]:
    return {n.id for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Name)}
