"""MyBatis: which interfaces are mappers because an XML file holds their statements."""

from __future__ import annotations

import os
import re
from pathlib import Path

from refactor.ir.program import Program

_SKIPPED = frozenset({"target", "build", "out", "bin", "node_modules"})
_NAMESPACE = re.compile(r'<mapper\s[^>]*namespace\s*=\s*["\']([\w.$]+)["\']')
_LARGEST = 1 << 22


def mappers(program: Program) -> frozenset[str]:
    """before: a Program   after: the interfaces of the application that some mapper file below its root names as its namespace"""
    found: set[str] = set()
    for folder, folders, files in os.walk(program.root):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED and not f.startswith("."))
        for file in sorted(files):
            path = Path(folder, file)
            if file.endswith(".xml") and path.stat().st_size <= _LARGEST:
                found.update(_NAMESPACE.findall(path.read_text(encoding="utf-8", errors="replace")))
    return frozenset(n for n in found if n in program.classes and program.classes[n].is_interface)
