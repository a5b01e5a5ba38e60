"""The one reader of packaged data: the checkout's own folders first, else those inside the wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource(relative: str) -> Path:
    """The path of `relative` (e.g. "templates/spring" or "grammars/java/stubs").

    Raises FileNotFoundError naming both places that were tried.
    """
    tried = (_PACKAGE.parent / relative, _PACKAGE / "_data" / relative)
    for path in tried:
        if path.exists():
            return path
    raise FileNotFoundError(f"missing packaged resource {relative!r}; tried {tried[0]} and {tried[1]}")
